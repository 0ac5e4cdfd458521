"""What the frames of `prompts/<language>/hearing.yaml` hear, beside the lists, read as the guard reads its own."""

from __future__ import annotations

import re
from functools import cache

from bot.data import data_path
from bot.guard import Rules, found, read_rules

# Said in somebody's words is said all the same: these frames say themselves who is spoken of.
_QUOTES = re.compile(r"\"|(?<!\w)'|'(?!\w)")


def heard(own: str, text: str, language: str) -> frozenset[str]:
    """The kinds of care these words may ask for: the writer's own, and of a student whatever is told."""
    book = _book(language)
    mine = found(book, _QUOTES.sub(" ", own), "coach")
    told = mine if own == text else found(book, _QUOTES.sub(" ", text), "coach")
    kinds = {rule.id: rule.category for rule in book.rules}
    return frozenset(
        {kinds[rule] for rule in mine if kinds[rule] != "student_safety"}
        | {kinds[rule] for rule in told if kinds[rule] == "student_safety"}
    )


@cache
def _book(language: str) -> Rules:
    return read_rules(data_path("prompts") / language / "hearing.yaml")
