"""Text between Slack and us: what it sends becomes plain words, and plain words never become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Control characters, direction overrides, and what has no width and joins nothing. The joiners U+200C and U+200D,
# and the marks U+200E and U+200F, stay: emoji families, Persian and mixed-direction lines need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_FORMATTING = re.compile(r"[*_~`]")
_QUOTING = re.compile(r"(?m)^([ \t]*)&gt;")
_TOKEN = re.compile(r"<([^<>]*)>")
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_POINTS = re.compile(r"(10|[1-9a-f])?[0-9a-f]{2,4}(-(10|[1-9a-f])?[0-9a-f]{2,4})*")
_GAP = "\u200b"


def clean(text: str) -> str:
    """The same words without what can't be seen or turns a line around."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def inert(text: str) -> str:
    """For fields that Slack reads as mrkdwn: nothing in it mentions, links or formats."""
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _QUOTING.sub(rf"\1{_GAP}&gt;", _FORMATTING.sub(lambda sign: f"{_GAP}{sign[0]}{_GAP}", escaped))


def pieces(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters, cut after a space where there is one; joined it is the same."""
    parts, start = [], 0
    while len(text) - start > limit:
        end = start + limit
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1
        parts.append(text[start : cut if cut > start else end])
        start += len(parts[-1])
    return [*parts, text[start:]] if text[start:] or not parts else parts


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
    for code, emoji in dict(_emoji(blocks)).items():
        plain = plain.replace(code, emoji)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


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
