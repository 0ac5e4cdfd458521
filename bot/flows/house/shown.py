"""Where the house can stand, and how it answers."""

from __future__ import annotations

from msgspec import Struct

from bot.cards import Button, Card, OnlyYou
from bot.effects import Effect, Say
from bot.events import Commanded, Said
from bot.flow import Facts, Turn


class Shown(Struct, frozen=True, tag="shown"):
    """A card of the house stands there; `about` says which."""

    about: str


State = Shown


def reply(
    event: Said | Commanded, facts: Facts, card: Card, effects: tuple[Effect, ...] = (), about: str = "done"
) -> Turn:
    """A command is answered where it was typed, words in the chat."""
    if isinstance(event, Commanded):
        return Turn(Shown(about), effects, OnlyYou(card))
    return Turn(Shown(about), (*effects, Say(to=facts.me.id, card=card, name=about)))


def button(facts: Facts, verb: str, style: str = "answer") -> Button:
    return Button(verb, facts.say.button(f"house.{verb}"), style)  # type: ignore[arg-type]  # one of three
