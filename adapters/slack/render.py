"""Our cards as Block Kit: pure, within Slack's limits, and nothing a person wrote is ever markup.

Every text of a card is a `rich_text` element, which Slack shows as it is: there is no mention, link or formatting to
escape from. Only `text`, the plain twin for notifications and screen readers, is read as mrkdwn, and is made inert.
Dates are words, in the zone their reader chose, and where two zones differ in both: Slack's own date tokens name no
weekday, and follow the clock of a device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import msgspec

from adapters.slack.payloads import About, written
from adapters.slack.words import inert, short
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Choices,
    Details,
    Exact,
    Fact,
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
from bot.visible import clean, isolated, pieces

Json = dict[str, Any]  # Block Kit, as it goes over the wire: a tree of strings, numbers, lists and objects

TEXT = 3000
IN_ALL = 12_000  # Slack does not say so, but refuses more as msg_blocks_too_long
LENGTHS = (IN_ALL, 8000, 5000, 3000, 2000, 1000, 500, 200, 100, 50)
TWIN = 39_000
TWIN_OF_UPDATE = 4000  # chat.update refuses a longer text, chat.postMessage only one of 40 000
BLOCKS = 50
ROW = 25
LABEL = 75
HEADER = 150
RADIOS, OPTIONS = 10, 100
END: Json = {"type": "text", "text": "\n"}


def message(card: Card, most: int = TWIN) -> Json:
    """The card as `blocks` and `text`, for any method or answer that shows a message.

    Words are split, not cut. Only where a card as a whole holds more than one message can, its longest paragraphs
    end early, with an ellipsis that says so.
    """
    blocks: list[Json] = []
    for longest in LENGTHS:
        blocks = fitted(_blocks(card, longest), BLOCKS)
        if _fits(blocks):
            break
    return {"text": twin(card, most), "blocks": blocks}


def _fits(blocks: list[Json]) -> bool:
    """What is short even as it goes over the wire is not counted piece by piece."""
    with suppress(UnicodeEncodeError):  # half of a character
        if len(msgspec.json.encode(blocks)) <= IN_ALL:
            return True
    return _in_all(blocks) <= IN_ALL


def _in_all(shown: object) -> int:
    """How many characters are shown, everything together."""
    if isinstance(shown, dict):
        own = shown.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(_in_all(value) for value in shown.values())
    return sum(_in_all(value) for value in shown) if isinstance(shown, list) else 0


def twin(card: Card, most: int = TWIN) -> str:
    """The same in plain words. A twin longer than Slack takes ends early, as the blocks hold the whole."""
    words, keep = clean(plain(card)).strip() or clean(card.title).strip() or "…", most
    while len(inert(short(words, keep))) > most:
        keep = keep * 4 // 5
    return inert(short(words, keep))


def fitted(blocks: Iterable[Json], limit: int) -> list[Json]:
    """At most `limit` blocks: neighbouring paragraphs move into one where there are too many."""
    all_blocks = list(blocks)
    while len(all_blocks) > limit:
        pairs = range(len(all_blocks) - 1)
        at = next((i for i in pairs if all_blocks[i]["type"] == all_blocks[i + 1]["type"] == "rich_text"), None)
        if at is None:
            break
        all_blocks[at : at + 2] = [_merged(all_blocks[at], all_blocks[at + 1])]
    return all_blocks


def _merged(upper: Json, lower: Json) -> Json:
    """One block of two; lines that meet become one section, as clients differ on what stands between sections."""
    *before, last = upper["elements"]
    first, *after = lower["elements"]
    if last["type"] == first["type"] == "rich_text_section":
        return rich([*before, last | {"elements": [*last["elements"], END, *first["elements"]]}, *after])
    return rich([*before, last, first, *after])


def _blocks(card: Card, longest: int) -> Iterator[Json]:
    """A label goes into the block of what it names, so that nothing comes between them."""
    label: Json | None = None
    numbers = count()
    confirmed = False
    for block in card.blocks:
        shown = list(_drawn(block, card, longest, numbers, confirmed))
        confirmed = confirmed or (isinstance(block, Buttons) and any(button.style == "confirm" for button in block.row))
        if label is not None and shown:
            if shown[0]["type"] == "rich_text":
                shown[0] = _merged(label, shown[0])
            else:
                yield label
            label = None
        if isinstance(block, Label) and shown:
            label = shown.pop()
        yield from shown
    if label is not None:
        yield label


def _drawn(block: Block, card: Card, longest: int, numbers: Iterator[int], confirmed: bool) -> Iterator[Json]:
    match block:
        case Text(parts):
            said = (part if isinstance(part, str) else within(part, longest) for part in parts)
            yield from paragraph(short("".join(said), longest))
        case Label(text):
            yield from _together([_line((text, "bold"))] if clean(text) else [])
        case Heading(text):
            yield from heading(text)
        case Quote(words):
            yield from _quotation(words, longest)
        case Exact(words, foot):
            for own in words:
                yield from _quotation(own, longest)
            yield from paragraph(foot)
        case Details(facts):
            yield from _together(_fact(fact, longest) for fact in facts)
        case People(contacts):
            yield from _together(_line((f"{one.label}: ", "bold"), (one.number, "")) for one in contacts)
        case Choices():
            yield from _choices(block, card.version)
        case Buttons(row):
            yield from _buttons(row, card, numbers, confirmed)
        case Seen(text):
            for part in pieces(clean(text), TEXT) if text else ():
                yield {"type": "context", "elements": [words_of(part)]}


# ── Words ──


def words_of(text: str) -> Json:
    """A text object that Slack shows as it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def quoted(words: Own, longest: int) -> str:
    return f"“{short(clean(words.text), longest)}”"


def within(words: Own, longest: int) -> str:
    """The same in a line of ours."""
    return f"“{isolated(short(clean(words.text), longest))}”"


def rich(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}


def paragraph(text: str) -> Iterator[Json]:
    """One paragraph, in as many blocks as it needs; joined they are the whole text."""
    for part in pieces(clean(text), TEXT) if text else ():
        if part:
            yield rich([_line((part, ""))])


def heading(text: str) -> Iterator[Json]:
    shown = clean(text)
    if shown.strip() and len(shown) <= HEADER and "\n" not in shown:
        yield {"type": "header", "text": words_of(shown)}
    else:
        yield from (rich([_line((part, "bold"))]) for part in pieces(shown, TEXT) if part)


def chosen(label: str) -> Iterator[Json]:
    """What somebody pressed, where the buttons were."""
    yield from _together([_line((label, "bold"))] if clean(label) else [])


def _quotation(words: Own, longest: int) -> Iterator[Json]:
    for part in pieces(quoted(words, longest), TEXT):
        yield rich([{"type": "rich_text_quote", "elements": [{"type": "text", "text": part}]}])


def _line(*runs: tuple[str, str]) -> Json:
    """One line of runs, each plain or in one style."""
    elements: list[Json] = []
    for text, style in runs:
        for part in pieces(clean(text), TEXT):
            run: Json = {"type": "text", "text": part}
            elements += [run | {"style": {style: True}} if style else run] if part else []
    return {"type": "rich_text_section", "elements": elements}


def _together(lines: Iterable[Json]) -> Iterator[Json]:
    """Lines that belong together in one block, in more where they are long."""
    block: Json | None = None
    for line in lines:
        if block is not None and _length(block["elements"][0]) + _length(line) > TEXT:
            yield block
            block = None
        block = rich([line]) if block is None else _merged(block, rich([line]))
    if block is not None:
        yield block


def _length(line: Json) -> int:
    return sum(len(run["text"]) + 1 for run in line["elements"])


def _fact(fact: Fact, longest: int) -> Json:
    value = fact.value if isinstance(fact.value, str) else within(fact.value, longest)
    was = ((" (", ""), (fact.was, "strike"), (")", "")) if fact.was else ()
    return _line((f"{fact.label}: ", "bold"), (value, "italic" if fact.soft else ""), *was)


# ── What can be pressed or chosen ──


def _buttons(row: tuple[Button, ...], card: Card, numbers: Iterator[int], confirmed: bool) -> Iterator[Json]:
    elements: list[Json] = []
    for button in row:
        label = clean(button.label)
        if len(label) > LABEL:
            yield from paragraph(label)
        shown: Json = {"type": "button", "text": words_of(short(label, LABEL) or "…")}
        if button.url:
            shown |= {"action_id": f"link:{next(numbers)}", "url": button.url}
        else:
            value = written(About(card.thread, card.version, button.verb, button.value))
            shown |= {"action_id": f"{button.verb}:{next(numbers)}", "value": value}
        if button.style == "confirm" and not confirmed:  # Slack asks for one primary button, where there is any
            shown, confirmed = shown | {"style": "primary"}, True
        elements.append(shown)
    for start in range(0, len(elements), ROW):
        yield {"type": "actions", "elements": elements[start : start + ROW]}


def _choices(choices: Choices, version: int) -> Iterator[Json]:
    """The version is in the block's id: Slack keeps what was chosen in a block that stays, also when we changed it."""
    yield from _long_labels(choices.options)
    legend = pieces(clean(choices.legend) or "…", TEXT)
    for part in legend[:-1]:
        yield {"type": "section", "text": words_of(part)}
    yield {
        "type": "section",
        "block_id": f"{choices.name}:{version}",
        "text": words_of(legend[-1]),
        "accessory": picker(choices.name, choices.options, choices.chosen, as_list=False),
    }


def picker(name: str, options: tuple[Option, ...], chosen: str, *, as_list: bool) -> Json:
    """Radios for a few, a list to open for more; what stands at first is given only where it is one of them."""
    shown = [{"text": words_of(short(clean(option.label), LABEL) or "…"), "value": option.value} for option in options]
    first = next((option for option in shown if chosen and option["value"] == chosen), None)
    start: Json = {"initial_option": first} if first else {}
    if not as_list and len(shown) <= RADIOS:
        return {"type": "radio_buttons", "action_id": name, "options": shown} | start
    if len(shown) <= OPTIONS:
        return {"type": "static_select", "action_id": name, "options": shown} | start
    groups = [shown[i : i + OPTIONS] for i in range(0, len(shown), OPTIONS)]
    return {"type": "static_select", "action_id": name, "option_groups": [_group(group) for group in groups]} | start


def _group(options: list[Json]) -> Json:
    """A long list comes in parts, each named after its first and last."""
    first, last = (short(option["text"]["text"], LABEL // 2 - 2) for option in (options[0], options[-1]))
    return {"label": words_of(f"{first} – {last}"), "options": options}


def _long_labels(options: tuple[Option, ...]) -> Iterator[Json]:
    for option in options:
        if len(clean(option.label)) > LABEL:
            yield from paragraph(option.label)
