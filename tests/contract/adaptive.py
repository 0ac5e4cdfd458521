"""What Teams would refuse of an Adaptive Card, and what a person reads on it.

The schema is that of Adaptive Cards 1.5, which does not know Teams' own `msteams`; the limits are Teams' own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match

Json = dict[str, Any]

MOST = 80_000  # bytes; Teams takes a little more for all of a message
USUAL = 28_000  # bytes, what a card may weigh without being remarked on
ACTIONS = 6  # in one set, and so in the bar below a card
VERSION = "1.5"
SCHEMA = Path(__file__).parents[1] / "data" / "schemas" / "adaptive-card-1.5.json"
_MARKS = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")
_INPUTS = frozenset({"Input.Text", "Input.Date", "Input.Time", "Input.ChoiceSet", "Input.Number", "Input.Toggle"})
_ELEMENTS = frozenset({"TextBlock", "RichTextBlock", "Container", "ColumnSet", "ActionSet", "FactSet", "Table"})
# Read as Markdown or as speech: nothing in them may act. A TextRun is shown as it is.
_MARKDOWN = re.compile(
    r"(?<!\\)\[[^\]\n]*\]\([^)\n]*\)|(?<!\\)<[a-z!/@]|(?<![\\*])\*\*?(?=\S)[^*\n]+?(?<=[^\s\\])\*"
    r"|(?<![\\\w])_(?=\S)[^_\n]+?(?<=[^\s\\])_(?!\w)|^\s*(?:#+\s|[-+*]\s|\d+\.\s|>)",
    re.IGNORECASE | re.MULTILINE,
)
_DATES = re.compile(r"\{\{\s*(?:DATE|TIME)\s*\(", re.IGNORECASE)


@cache
def _validator() -> Draft6Validator:
    return Draft6Validator(json.loads(SCHEMA.read_text("utf-8")))


def size(card: Json) -> int:
    """As it goes over the wire."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def problems(card: Json, most: int = MOST) -> list[str]:
    """What Teams would refuse or draw wrongly; nothing when the card is good."""
    found = [f"it has {size(card)} bytes, and {most} are taken"] if size(card) > most else []
    fault = best_match(_validator().iter_errors(stripped(card)))
    if fault is not None:
        found.append(f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}")
    if card.get("version") != VERSION:
        found.append(f"version: {card.get('version')!r} is not {VERSION!r}")
    if not (card.get("speak") or card.get("fallbackText")):
        found.append("it says nothing where it cannot be drawn")
    return [*found, *(problem for node in nodes(card) for problem in _looked_at(node)), *_twice(card)]


def stripped(card: Json) -> Json:
    """Without what Teams adds to the schema."""
    return {name: value for name, value in card.items() if name != "msteams"}


def nodes(node: object) -> Iterator[Json]:
    """Every element and action, outermost first; what a button carries along is data and no part of the card."""
    match node:
        case dict():
            yield node
            for name, value in node.items():
                if name not in {"data", "fallback"}:
                    yield from nodes(value)
        case list():
            for value in node:
                yield from nodes(value)
        case _:
            return


def _twice(card: Json) -> Iterator[str]:
    ids = Counter(node["id"] for node in nodes(card) if "id" in node)
    yield from (f"the id {one!r} stands {times} times" for one, times in ids.items() if times > 1)


def _looked_at(node: Json) -> Iterator[str]:
    kind = str(node.get("type", ""))
    if len(node.get("actions", ())) > ACTIONS:
        yield f"{len(node['actions'])} actions in one row, and {ACTIONS} are shown"
    if kind in _INPUTS:
        if not node.get("id"):
            yield f"an {kind} without an id sends nothing"
        if not str(node.get("label", "")).strip():
            yield f"the {kind} {node.get('id')!r} has no accessible name"
        if node.get("isRequired") and not node.get("errorMessage"):
            yield f"the {kind} {node.get('id')!r} is required and does not say so"
    if kind == "Input.ChoiceSet":
        values = Counter(choice.get("value") for choice in node.get("choices", ()))
        yield from (f"the choice {one!r} stands {times} times" for one, times in values.items() if times > 1)
        if node.get("value") and node["value"] not in values:
            yield f"{node['value']!r} is chosen, and is no choice"
    if kind == "Input.Text" and len(node.get("value", "")) > node.get("maxLength", 10**6):
        yield f"the {kind} {node.get('id')!r} holds more than it takes"
    if kind.startswith("Action.") and not str(node.get("title", "")).strip():
        yield f"an {kind} without a title"
    if kind == "Action.OpenUrl" and not re.match(r"(?:https?|tel|mailto):", node.get("url", "")):
        yield f"a link that Teams does not open: {node.get('url')!r}"
    if kind == "TextBlock" and (alive := _MARKDOWN.search(node.get("text", ""))):
        yield f"read as Markdown, this comes alive: {alive[0]!r}"
    for name in ("text", "title", "label", "placeholder", "value", "fallbackText", "speak"):
        if isinstance(node.get(name), str) and _DATES.search(node[name]):
            yield f"{name} would be shown as a date: {node[name][:80]!r}"


def read(card: Json) -> list[str]:
    """What a person reads, in the pieces that the contract compares (`Driver.read`)."""
    return [piece for part in (card.get("body", []), card.get("actions", [])) for one in part for piece in _read(one)]


def _read(node: Json) -> Iterator[str]:
    match node:
        case {"type": "TextBlock", "text": str(text)}:
            yield _MARKS.sub(r"\1", text).replace("&lt;", "<").replace("&amp;", "&")
        case {"type": "RichTextBlock", "inlines": list(runs)}:
            for run in runs:
                text = run if isinstance(run, str) else run["text"]
                yield f"(was {text})" if isinstance(run, dict) and run.get("strikethrough") else text
        case {"type": str(kind)} if kind in _INPUTS:
            yield from (node.get("label", ""), node.get("placeholder", ""))
            choices = node.get("choices")
            yield "" if choices is not None else node.get("value", "")
            for choice in choices or ():
                yield choice["title"] + (" (chosen)" if choice["value"] == node.get("value") else "")
        case {"type": str(kind), "title": str(title)} if kind.startswith("Action."):
            yield f"[{title}]"
        case {"type": "FactSet", "facts": list(facts)}:
            yield from (fact[name] for fact in facts for name in ("title", "value"))
        case {"type": str(kind)} if kind in _ELEMENTS:
            for name in ("items", "columns", "actions", "rows", "cells"):
                for inner in node.get(name, ()):
                    yield from _read(inner)
        case {"items": list(inside)}:  # a column needs no type
            for inner in inside:
                yield from _read(inner)
        case _:
            raise AssertionError(f"nobody knows what is read of a {node.get('type')!r}")
