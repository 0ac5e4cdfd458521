"""The ask-don't-tell guard: what a sentence of the product or of a coach would do instead of asking.

`check(text, *, author="product", kind="bot", language="en") -> tuple[Hit, ...]` is all of it. It is pure and takes time
in proportion to the text, whatever stands in it. Rules are data, in `prompts/<language>/guard.yaml`; docs/guard.md
tells how to read and add them. For the product and for an organization's stems a hit is an error, for a coach a
suggestion, and what a teacher writes is never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

from msgspec import Struct

from bot.data import data_path, language_of
from bot.guard.rules import Find, Kind, Rule, Rules, read_rules
from bot.guard.symbols import BOUND, read, tidy

__all__ = ["Author", "Hit", "Kind", "Rule", "Rules", "check", "faults", "found", "read_rules", "rules"]

Author = Literal["product", "organization", "coach", "teacher"]


class Hit(Struct, frozen=True):
    """What was caught and why, and one question that could be asked instead."""

    rule: str
    category: str
    span: str
    reason: str
    instead: str


def check(text: str, *, author: Author = "product", kind: Kind = "bot", language: str = "en") -> tuple[Hit, ...]:
    """What the guard catches in it, each rule at most once. A text over 4,000 characters is read that far."""
    if author == "teacher":
        return ()
    if author == "coach":
        kind = "coach"
    book = rules(language)
    spans = found(book, text, kind)
    return tuple(
        Hit(rule.id, rule.category, spans[rule.id], rule.reason, rule.instead)
        for rule in book.rules
        if rule.id in spans
    )


def found(book: Rules, text: str, kind: Kind) -> dict[str, str]:
    """The rules that catch something in it, by id, and the words that each caught."""
    reading = read(tidy(text), book.alphabet)
    spans: dict[str, str] = {}
    for rule, symbol, least in book.counts:
        if rule.applies(kind) and (span := reading.repeated(symbol, least)):
            spans[rule.id] = span
    for rule, find in book.worth_looking(set(reading.codes)):
        if rule.id not in spans and rule.applies(kind):
            for start, end in _found(find, reading.codes):
                spans[rule.id] = reading.between(start, end)
                break
    return {rule: span for rule, span in spans.items() if span}


def faults(where: str, text: str, kind: Kind, language: str, *, author: Author = "organization") -> tuple[str, ...]:
    """What to mend before this may be said, one line for each hit: for the product's sentences and an organization's.

    A coach is never told so: for them it is a suggestion.
    """
    return tuple(
        f"{where}: {hit.rule} “{hit.span}”. {hit.reason} {hit.instead}"
        for hit in check(text, author=author, kind=kind, language=language)
    )


def rules(language: str = "en") -> Rules:
    """The rules of that language, of its main language, or the English ones."""
    return _load(language_of(language, "guard.yaml"))


@cache
def _load(language: str) -> Rules:
    return read_rules(data_path("prompts") / language / "guard.yaml")


def _found(find: Find, codes: str) -> Iterator[tuple[int, int]]:
    """The first match in each sentence that nothing excuses. A sentence is looked at once."""
    at = 0
    while match := find.pattern.search(codes, at):
        start, end = match.span()
        first = codes.rfind(BOUND, 0, start + 1)
        last = codes.find(BOUND, max(end, first + 1))
        if find.fits(codes, first, last, start):
            yield start, end
        at = max(last, at + 1)
