"""The few shapes most cards have."""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, Text


def message(
    *paragraphs: Text, answers: tuple[Button, ...] = (), quiet: tuple[Button, ...] = (), hint: str = ""
) -> Card:
    """A plain message: paragraphs, a row of answers, and a quiet row below."""
    return Card(blocks=(*paragraphs, *rows(answers, quiet)), hint=hint)


def rows(*groups: tuple[Button, ...]) -> tuple[Buttons, ...]:
    return tuple(Buttons(group) for group in groups if group)
