"""Every card and form the product draws, as the dialogs show them, and the pieces of content each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from bot import demo
from bot.cards import Card, Form
from tests.support.dialog import Stage

Shown = Card | Form

DIALOGS = Path(__file__).parents[1] / "dialogs"
KEPT = Path(__file__).parent / "gallery"
THREAD = "0f4c2f7e-7a52-5b7e-9d3e-2f5f5f5f5f5f"
_DATES = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_CODE = re.compile(rb"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b")
_SECRET = re.compile(rb"/calendar/[A-Za-z0-9_-]{43}\.ics")
_NUMBERS = re.compile(r"\d+")
_NAMES = re.compile(rf"\b(?:{'|'.join(person.name.split()[0] for person in (demo.SAM, *demo.TEACHERS))})\b")


def shape(shown: Shown) -> str:
    """The same for two cards that say the same to other people, about other days, numbers and words."""
    text = msgspec.json.encode(_masked(msgspec.to_builtins(shown))).decode()
    return _NUMBERS.sub("0", _NAMES.sub("·", _DATES.sub("·", text)))


def _masked(node: object) -> object:
    match node:
        case {"type": "own"}:
            return "own"
        case dict():
            return {
                name: _masked(value)
                for name, value in node.items()
                if name not in {"thread", "version", "value", "chosen"} or not isinstance(value, str | int)
            }
        case list() if node and all(isinstance(one, dict) and one.keys() == {"value", "label"} for one in node):
            return "options"
        case list() | tuple():
            return [_masked(one) for one in node]
        case _:
            return node


def seen(stage: Stage) -> dict[str, Shown]:
    """One of each shape that stood on this stage; who was told first has no say in which one it is."""
    found: dict[str, Shown] = {}
    for handle in stage.people:
        everything: tuple[Shown, ...] = (*stage.shown[handle], *stage.opened[handle])
        for shown in everything:
            found.setdefault(shape(shown), _same_code(replace(shown, thread=THREAD)))
    return found


def _same_code(shown: Shown) -> Shown:
    """A code that joins two chats and a feed's address are new at each run; in the gallery they stay the same."""
    text = _CODE.sub(b"K7Q-M2P-XR4", msgspec.json.encode(shown))
    same: Shown = msgspec.json.decode(_SECRET.sub(b"/calendar/" + b"A" * 43 + b".ics", text), type=Shown)
    return same


def kept(dialog: str) -> tuple[Shown, ...]:
    """The part of the gallery that this dialog fills."""
    path = KEPT / f"{dialog}.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[Shown, ...]) if path.exists() else ()


def written(shown: Iterable[Shown]) -> bytes:
    """A line for each card, so that a change can be read."""
    return b"[\n" + b",\n".join(msgspec.json.encode(one) for one in shown) + b"\n]\n"


def dialogs() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in DIALOGS.glob("*.txt")))


@cache
def whole() -> dict[str, Shown]:
    """The gallery by shape."""
    return {shape(one): one for dialog in dialogs() for one in kept(dialog)}
