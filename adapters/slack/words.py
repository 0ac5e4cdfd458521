"""Text between Slack and us: what it sends becomes plain words, and plain words never become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.visible import clean

_FORMATTING = re.compile(r"[*_~`]")
_QUOTING = re.compile(r"(?m)^([ \t]*)&gt;")
_TOKEN = re.compile(r"<([^<>]*)>")
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_POINTS = re.compile(r"(10|[1-9a-f])?[0-9a-f]{2,4}(-(10|[1-9a-f])?[0-9a-f]{2,4}){0,9}")
_GAP = "\u200b"
NOTED = 300
EMOJI = 50  # kinds of them in one message; what more there is stands as it was typed


def inert(text: str) -> str:
    """For fields that Slack reads as mrkdwn: nothing in it mentions, links or formats."""
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _QUOTING.sub(rf"\1{_GAP}&gt;", _FORMATTING.sub(lambda sign: f"{_GAP}{sign[0]}{_GAP}", escaped))


def short(text: str, limit: int) -> str:
    """What fits of a label; an ellipsis says that there is more, which then has to stand somewhere else."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    space = text.rfind(" ", max(1, limit - 30), limit)
    return (kept[:space] if space > 0 else kept).rstrip() + "…"


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of the people a message mentions, each once."""
    return tuple(dict.fromkeys(_USER.findall(text)))


def said(text: str, names: Mapping[str, str], blocks: Sequence[object] = ()) -> str:
    """A message as it was typed: mentions by name, links as written, emoji as characters, entities undone."""
    plain = _TOKEN.sub(lambda token: _token(token[1], names), text)
    for code, emoji in _kinds(blocks).items():
        plain = plain.replace(code, emoji)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def noted(text: str, writer: str) -> str:
    """A message as a line that may name a time, with its writer in front: whom it mentions is no matter."""
    plain = said(_TOKEN.sub(" ", text), {})[:NOTED]
    return f"<@{writer}> {plain}".strip() if writer else plain.strip()


def _token(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return f"@{label or names.get(target[1:]) or target[1:]}"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or f"@{target[1:]}"
        case _ if not label or label in target:
            return label or target
        case _:
            return f"{label} ({target})"


def _kinds(blocks: Sequence[object]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for code, emoji in _emoji(blocks):
        kinds[code] = emoji
        if len(kinds) == EMOJI:
            break
    return kinds


def _emoji(node: object, depth: int = 8) -> Iterator[tuple[str, str]]:
    """Slack writes `:wave:` in the text and says in the blocks which character that is, five lists deep at most."""
    match node:
        case _ if not depth:
            return
        case {"type": "emoji", "name": str(name), "unicode": str(points), **rest} if _POINTS.fullmatch(points):
            tone = rest.get("skin_tone")
            code = f":{name}::skin-tone-{tone}:" if isinstance(tone, int) else f":{name}:"
            yield code, clean("".join(chr(int(point, 16)) for point in points.split("-")))
        case {"elements": list(inner)}:
            for one in inner:
                yield from _emoji(one, depth - 1)
        case list() | tuple():
            for one in node:
                yield from _emoji(one, depth - 1)
        case _:
            return
