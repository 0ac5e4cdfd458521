"""Where an answer is given: a command is answered where it was typed, words in the chat."""

from __future__ import annotations

from bot.cards import Card, OnlyYou
from bot.effects import Effect, Say
from bot.events import Commanded, Said
from bot.flow import Facts, Turn


def reply(
    event: Said | Commanded,
    facts: Facts,
    card: Card,
    state: object,
    effects: tuple[Effect, ...] = (),
    name: str = "card",
) -> Turn:
    if isinstance(event, Commanded):
        return Turn(state, effects, OnlyYou(card))
    return Turn(state, (Say(to=facts.me.id, card=card, name=name), *effects))
