"""What is asked for, in whichever language it is written."""

from __future__ import annotations

from bot.safety import asks
from bot.safety.asks import Ask


def ask(text: str) -> Ask | None:
    """What these words ask for; nothing where they are simply an answer."""
    from bot.safety import spanish

    return asks.ask(text) or spanish.ask(text)


def labels(sentence: str) -> bool:
    """Whether this sentence sorts students by how able they are said to be."""
    from bot.safety import spanish

    return asks.labels(sentence) or spanish.labels(sentence)


__all__ = ["Ask", "ask", "labels"]
