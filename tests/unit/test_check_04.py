"""Check 4 of a tester's list: no line in any conversation fails the guard, and none asks who a student is.

Every sentence in every language as it is written, and every card as the dialogs show it, with its slots filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.cards import Card, Form, Label, Text, plain, sentence
from bot.guard import Kind, check, rules
from bot.stems import Library
from bot.words import Lines
from tests.contract import gallery

LANGUAGES = ("en", "es")
NAMES = ("NAME-1", "NAME-2")
SLOT = re.compile(r"\\\{[a-z_0-9]+\\\}")


def written(language: str) -> Iterator[tuple[str, Kind]]:
    """All that can be said in that language, as it is written."""
    library = Library.load(language)
    for stem in library.stems:
        yield from ((text, "stem") for text in (stem.text, *stem.follow_ups))
    yield from ((line.text, "bot") for line in library.reflect_back)
    yield from ((line.text, "bot") for line in library.coach_noticing)
    for one in Lines.load(language).all():
        yield one.template, "bot" if one.kind == "bot" else "operational"


def shown() -> Iterator[str]:
    """Every paragraph and label that stood on a screen, a person's words in quotation marks.

    Buttons are looked at as they are written. The guard's own reasons name what they are about.
    """
    reasons = {rule.reason for language in LANGUAGES for rule in rules(language).rules}
    for card in gallery.whole().values():
        if isinstance(card, Form):
            yield from plain(card).splitlines()
            continue
        yield from (line for line in _of(card) if not any(reason in line for reason in reasons))


def _of(card: Card) -> Iterator[str]:
    for block in card.blocks:
        match block:
            case Text():
                yield sentence(block)
            case Label(text):
                yield text
            case _:
                continue


def _kinds() -> list[tuple[re.Pattern[str], Kind, str]]:
    """Which line a shown one was made of; the questions first, since they are held to more."""
    found: list[tuple[re.Pattern[str], Kind, str]] = []
    for language in LANGUAGES:
        for text, kind in written(language):
            pattern = SLOT.sub(".+", re.escape(text))
            found.append((re.compile(pattern, re.DOTALL), kind, language))
    return sorted(found, key=lambda one: one[1] == "operational")


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_04_no_line_that_can_be_said_fails_the_guard(language: str) -> None:
    lines = list(written(language))
    assert len(lines) > 800
    found = [(text, hit.rule) for text, kind in lines for hit in check(text, kind=kind, language=language)]
    assert not found


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_04_no_line_that_can_be_said_asks_who_a_student_is(language: str) -> None:
    """Buttons and operational lines too, whatever else those may do."""
    hits = ((text, hit) for text, _ in written(language) for hit in check(text, kind="bot", language=language))
    assert not [(text, hit.span) for text, hit in hits if hit.rule in NAMES]


def test_check_04_no_line_that_was_shown_fails_the_guard_or_asks_who_a_student_is() -> None:
    kinds, lines = _kinds(), sorted(set(shown()))
    assert len(lines) > 400
    found, known = [], 0
    for line in lines:
        made = next(((kind, language) for shape, kind, language in kinds if shape.fullmatch(line)), None)
        known += made is not None
        for kind, language in (made,) if made else (("operational", one) for one in LANGUAGES):
            found += [(line, hit.rule) for hit in check(line, kind=kind, language=language)]
            found += [(line, hit.rule) for hit in check(line, language=language) if hit.rule in NAMES]
    assert known > len(lines) / 2
    assert not found


def test_check_04_would_find_a_line_that_tells_and_one_that_asks_who() -> None:
    assert check("You should try this before {next_day}.")
    assert {hit.rule for hit in check("Which student drew this?")} & set(NAMES)
    assert check("Deberías probar esto.", language="es")
    assert {hit.rule for hit in check("¿Qué estudiante dibujó esto?", language="es")} & set(NAMES)
