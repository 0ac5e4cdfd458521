"""Buttons are shortcuts, never gates: whoever types what a button says has pressed it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from bot.cards import NOTHING, Button, Buttons, Card, Choices, OnlyYou, Open, Replace
from bot.effects import Say
from bot.events import Pressed, Said
from bot.flow import Facts, Turn

_MARKS = str.maketrans({"’": "'", "“": '"', "”": '"'})


def as_pressed(event: Said, card: Card | None, facts: Facts) -> Pressed | None:
    """The press that these words mean on this card, if they are the label of one of its buttons."""
    for block in card.blocks if card else ():
        for button in block.row if isinstance(block, Buttons) else ():
            if not button.url and _same(button, event.text):
                chosen = {b.name: b.chosen for b in card.blocks if isinstance(b, Choices)} if card else {}
                return pressed(event, button.verb, facts, button.value, chosen)
    return None


def pressed(
    event: Said, verb: str, facts: Facts, value: str = "", inputs: dict[str, str] | None = None
) -> Pressed:  # fmt: skip
    return Pressed(
        key=event.key, by=event.by, thread=facts.thread, version=facts.version, verb=verb, value=value,
        inputs=inputs or {},
    )  # fmt: skip


def in_words(press: Pressed | None, step: Callable[[Pressed], Turn], facts: Facts) -> Turn | None:
    """The turn of that press, told as a message: there was no button to answer on. A form cannot open on words."""
    if press is None:
        return None
    turn = step(press)
    match turn.answer:
        case Replace(card) | OnlyYou(card):
            return replace(turn, effects=(Say(to=facts.me.id, card=card), *turn.effects), answer=NOTHING)
        case Open():
            return None
        case _:
            return turn


def _same(button: Button, text: str) -> bool:
    return _plain(button.label) == _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.translate(_MARKS).casefold().split()).strip(" .,\"'")
