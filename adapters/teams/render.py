"""Our cards as Adaptive Cards 1.5: pure, within Teams' limits, and nothing a person wrote is ever markup.

Text stands in text runs, which are shown as they are: there is no Markdown in them to escape from. Only a heading is a
text block, because that alone is announced as one; it and the fallback are read as Markdown, and are made inert.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.teams.payloads import About, carried
from adapters.teams.words import clean, inert, untagged
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Choices,
    Details,
    Exact,
    Fact,
    Form,
    Heading,
    Label,
    Option,
    People,
    Quote,
    Seen,
    Text,
    plain,
)
from bot.records import Own
from bot.visible import isolated, pieces

Json = dict[str, Any]  # Adaptive Card JSON, as it goes over the wire: a tree of strings, numbers, lists and objects

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
TYPE = "application/vnd.microsoft.card.adaptive"
ROW = 6  # Teams shows no more actions than that in one set
LABEL = 80
TEXT = 4000
WARN = 28_000
MOST = 80_000
CARRIED = 20_000  # a card travels in its own buttons as long as all of it together stays below that
LINK = re.compile(r"https?://[^\s\\<>\"]+")


def content(card: Card) -> Json:
    """One Adaptive Card. Each button carries the card it stands on, unless that would make it too large."""
    bare = _content(card, None)
    buttons = sum(not button.url for block in card.blocks if isinstance(block, Buttons) for button in block.row)
    if buttons and size(bare) + 2 * buttons * len(msgspec.json.encode(card)) <= CARRIED:
        return _content(card, card)
    return bare


def contents(card: Card, most: int = MOST) -> tuple[Json, ...]:
    """The card, in as many messages as it needs; what can be pressed stands in the last."""
    if size(drawn := content(card)) <= most:
        return (drawn,)
    *before, last = _split(card, most // 4)
    return (*(content(part) for part in before), content(last))


def size(shown: Json) -> int:
    return len(msgspec.json.encode(shown))


def envelope(card_or_form: Card | Form, shown: Json) -> Json:
    """The activity around a card. `summary` is the line of a notification."""
    return {
        "type": "message",
        "summary": untagged(plain(card_or_form))[:TEXT] or "…",
        "attachments": [{"contentType": TYPE, "content": shown}],
    }


def frame(body: list[Json], words: str, title: str = "") -> Json:
    """`speak` is read as speech markup, and `fallbackText` as Markdown, where a card cannot be drawn."""
    spoken = "\n".join(filter(None, (clean(title), clean(words)))).strip() or "…"
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": "1.5",
        "body": body,
        "fallbackText": inert(words).strip() or "…",
        "speak": spoken.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "msteams": {"width": "Full"},
    }


def _content(card: Card, shown: Card | None) -> Json:
    body = [one for block in card.blocks for one in _drawn(block, card, shown)]
    if card.grave:
        body = [{"type": "Container", "style": "emphasis", "bleed": True, "items": body}]
    return frame(body, plain(card), card.title)


def _drawn(block: Block, card: Card, shown: Card | None) -> Iterator[Json]:
    match block:
        case Text(parts):
            yield from paragraph("".join(part if isinstance(part, str) else within(part) for part in parts))
        case Label(text):
            yield from paragraph(text, weight="Bolder", size="Small", isSubtle=True)
        case Heading(text):
            yield heading(text)
        case Quote(words):
            yield from paragraph(quoted(words), italic=True)
        case Exact(words, foot):
            items = [line for own in words for line in paragraph(quoted(own), italic=True)]
            items += paragraph(foot, size="Small", isSubtle=True)
            yield {"type": "Container", "style": "emphasis", "items": items}
        case Details(facts):
            yield from _together(_fact(fact) for fact in facts)
        case People(contacts):
            runs = ([_run(f"{one.label}: ", weight="Bolder"), _run(one.number)] for one in contacts)
            yield from _together(runs)
        case Choices(name, legend, options, chosen):
            yield picker(name, legend, options, chosen, as_list=False)
        case Buttons(row):
            yield from _buttons(row, card, shown)
        case Seen(text):
            yield from paragraph(text, size="Small", isSubtle=True)


# ── Words ──


def quoted(words: Own) -> str:
    return f"“{words.text}”"


def within(words: Own) -> str:
    """The same in a line of ours."""
    return f"“{isolated(words.text)}”"


def heading(text: str) -> Json:
    return {"type": "TextBlock", "style": "heading", "size": "Medium", "weight": "Bolder", "wrap": True,
            "text": inert(text).strip() or "…"}  # fmt: skip


def paragraph(text: str, **look: object) -> Iterator[Json]:
    """One paragraph, a block for each line: Teams would run lines together. Joined they are the whole text."""
    near = False
    for line in clean(text).split("\n") if text else ():
        for part in pieces(line, TEXT):
            if part.strip():
                yield _rich([_run(part, **look)], near)
                near = True


def _run(text: str, **look: object) -> Json:
    return {"type": "TextRun", "text": clean(text).replace("\n", " ")} | look


def _rich(runs: list[Json], near: bool) -> Json:
    return {"type": "RichTextBlock", "inlines": runs} | ({"spacing": "None"} if near else {})


def _together(lines: Iterable[list[Json]]) -> Iterator[Json]:
    """Lines that belong together."""
    for n, line in enumerate(lines):
        yield _rich([run for run in line if run["text"]], near=n > 0)


def _fact(fact: Fact) -> list[Json]:
    value = fact.value if isinstance(fact.value, str) else within(fact.value)
    was = [_run(" ("), _run(fact.was, strikethrough=True), _run(")")] if fact.was else []
    soft = {"isSubtle": True} if fact.soft else {}
    own = {} if isinstance(fact.value, str) else {"italic": True}
    return [_run(f"{fact.label}: ", weight="Bolder"), _run(value, **soft, **own), *was]


# ── What can be pressed or chosen ──


def action(label: str, data: Json, *, confirm: bool = False, alone: bool = False) -> Json:
    """`Action.Execute`, and `Action.Submit` for a client that is too old for it. `alone` brings no inputs along."""
    shown: Json = {"title": clean(label)[:LABEL].replace("\n", " ") or "…"}
    shown |= {"style": "positive"} if confirm else {}
    shown |= {"associatedInputs": "none"} if alone else {}
    fallback = {"type": "Action.Submit"} | shown | {"data": data}
    return {"type": "Action.Execute", "verb": "beside"} | shown | {"data": data, "fallback": fallback}


def rows(actions: list[Json]) -> Iterator[Json]:
    for start in range(0, len(actions), ROW):
        yield {"type": "ActionSet", "actions": actions[start : start + ROW]}


def picker(name: str, label: str, options: tuple[Option, ...], chosen: str, *, as_list: bool) -> Json:
    known = chosen and any(option.value == chosen for option in options)
    return {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": clean(label) or "…",
        "style": "compact" if as_list or len(options) > 10 else "expanded",
        "wrap": True,
        "choices": [{"title": clean(option.label) or "…", "value": option.value} for option in options],
    } | ({"value": chosen} if known else {})


def _buttons(row: tuple[Button, ...], card: Card, shown: Card | None) -> Iterator[Json]:
    actions: list[Json] = []
    for button in row:
        if len(clean(button.label)) > LABEL:
            yield from paragraph(button.label)
        if button.url and not LINK.fullmatch(button.url):
            yield from paragraph(button.label)
        elif button.url:
            actions.append({"type": "Action.OpenUrl", "title": clean(button.label)[:LABEL] or "…", "url": button.url})
        else:
            about = About(card.thread, card.version, button.verb, button.value)
            data = carried(about, button.label, shown)
            actions.append(action(button.label, data, confirm=button.style == "confirm"))
    yield from rows(actions)


# ── Too much for one message ──


def _split(card: Card, most: int) -> list[Card]:
    """Cards whose words are at most that long together: a block goes on in the next where it must."""
    parts: list[list[Block]] = [[]]
    room = most
    for block in card.blocks:
        for piece in _pieces(block, most):
            length = len(plain(Card(blocks=(piece,))).encode())
            if length > room and parts[-1] and not isinstance(piece, Buttons):
                parts.append([])
                room = most
            parts[-1].append(piece)
            room -= length
    return [replace(card, blocks=tuple(blocks)) for blocks in parts]


def _pieces(block: Block, most: int) -> Iterator[Block]:
    each = max(1, most // 4)  # a character is at most four bytes
    match block:
        case Text(parts):
            words = "".join(part if isinstance(part, str) else quoted(part) for part in parts)
            yield from (block,) if len(words) <= each else (Text((part,)) for part in pieces(words, each))
        case Quote(words):
            yield from (Quote(Own(part, words.by)) for part in pieces(words.text, each))
        case Exact(words, foot):
            yield from (Exact((Own(part, own.by),)) for own in words for part in pieces(own.text, each))
            yield from (Exact((), foot),) if foot else ()
        case Details(facts):
            yield from (Details((one,)) for fact in facts for one in _facts(fact, each))
        case _:
            yield block


def _facts(fact: Fact, each: int) -> Iterator[Fact]:
    text = fact.value if isinstance(fact.value, str) else fact.value.text
    for n, part in enumerate(pieces(text, each)):
        value = part if isinstance(fact.value, str) else Own(part, fact.value.by)
        yield replace(fact, value=value, was=fact.was if n == 0 else "")
