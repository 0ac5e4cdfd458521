"""What the library and the words must hold, in every language there is."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from bot.data import data_path, read_yaml
from bot.reflecting import SHORT
from bot.stems import Audience, Focus, LessonPart, Library, Moment, Phase, Stem, Strength, read_library
from bot.words import Line, read_lines

PROMPTS = data_path("prompts")
LIBRARIES = {path.parent.name: read_library(path, path.parent.name) for path in sorted(PROMPTS.glob("*/stems.yaml"))}
STEMS = [stem for library in LIBRARIES.values() for stem in library.stems]
WORDS = sorted(PROMPTS.glob("*/words/*.yaml"))
# An entry longer than one message of ours is a text to read, such as a help page. None so far.
LONGEST = 45

STARTS_YES_OR_NO = re.compile(
    r"^(?:(?:so|and|but),? )?(?:do|does|did|is|are|was|were|am|can|could|will|would|shall|should|have|has|had|may|might"
    r"|must|\w+n't)\b",
    re.IGNORECASE,
)
OPEN = re.compile(r"\b(?:what|how|which|where|when|who|whose)\b", re.IGNORECASE)
WHY = re.compile(r"\b(?:why|how come)\b", re.IGNORECASE)
TENTATIVE = re.compile(
    r"\b(?:might|may|could|seem|seems|seemed|tend|tends|hope|hopes|wonder|wondering|wish|beginning to)\b", re.IGNORECASE
)
PLURAL = re.compile(
    r"\b(?:(?:some|ways|parts|moments|which|many|what|different|several|other|whose) |(?!this|was|does|has|is)\w+s\b)",
    re.IGNORECASE,
)
# "students who are stuck" describes; "who was stuck" asks for a name.
ASKS_WHO = re.compile(
    r"(?<!students )(?<!those )(?<!people )\b(?:who|whose|whom|which (?:student|child|kid)s?(?! ideas))\b"
    r"(?! feel| get| are)",
    re.IGNORECASE,
)
ABOUT_STUDENTS = re.compile(r"\b(?:student|child|kid|learner|classmate)", re.IGNORECASE)


def questions(stem: Stem) -> tuple[str, ...]:
    return (stem.text, *stem.follow_ups)


def faulty(found: list[tuple[str, str]]) -> str:
    return "\n".join(f"{where}: {text}" for where, text in found)


def all_lines() -> list[Line]:
    return [line for path in WORDS for line in read_lines(path)]


def ours(template: str) -> int:
    """How many words are ours: a slot between quotation marks is somebody else's."""
    return len(re.sub(r"“\{\w+\}”", "", template).split())


def test_there_is_a_library_and_a_book_of_words() -> None:
    assert "en" in LIBRARIES
    assert PROMPTS / "en" / "words" / "care.yaml" in WORDS


@pytest.mark.parametrize("language", LIBRARIES)
def test_the_file_says_what_the_code_knows(language: str) -> None:
    written = read_yaml(PROMPTS / language / "stems.yaml")
    assert isinstance(written, dict)
    assert written["language"] == language
    assert written["taxonomy"] == {
        "audience": [*get_args(Audience)], "focus": [*get_args(Focus)], "phase": [*get_args(Phase)],
        "lesson_part": [*get_args(LessonPart)], "depth": [1, 2, 3], "used_in": [*get_args(Moment)],
        "strength": [*get_args(Strength)],
    }  # fmt: skip


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_the_library_covers_every_moment_focus_part_and_phase(library: Library) -> None:
    active = [stem for stem in library.stems if stem.status == "active"]
    moments = Counter(moment for stem in active for moment in stem.used_in)
    assert [m for m in get_args(Moment) if moments[m] < (4 if m == "advice" else 8)] == []
    for kind, least, counted in (
        (Focus, 10, Counter(stem.focus for stem in active)),
        (LessonPart, 4, Counter(stem.lesson_part for stem in active)),
        (Phase, 4, Counter(stem.phase for stem in active)),
    ):
        assert [value for value in get_args(kind) if counted[value] < least] == []
    weekly = Counter(stem.focus for stem in active if "weekly_reflection" in stem.used_in)
    assert weekly.total() >= 20
    assert [focus for focus in get_args(Focus) if weekly[focus] < 3] == []


def test_a_stem_has_the_size_of_one_breath() -> None:
    assert faulty([
        (s.id, s.text) for s in STEMS if not 8 <= len(s.text.split()) <= 26 or len(s.text) > 160
    ]) == ""  # fmt: skip
    assert faulty([(s.id, f) for s in STEMS for f in s.follow_ups if len(f.split()) > 15]) == ""


def test_every_question_is_one_question_and_ends_there() -> None:
    asked = [(s.id, q) for s in STEMS for q in questions(s)]
    assert faulty([(stem, q) for stem, q in asked if q.count("?") != 1 or not q.endswith("?")]) == ""


def test_every_question_is_open() -> None:
    asked = [(s.id, q) for s in STEMS for q in questions(s)]
    assert faulty([(stem, q) for stem, q in asked if not OPEN.search(q) or STARTS_YES_OR_NO.match(q)]) == ""


def test_no_question_asks_why() -> None:
    assert faulty([(s.id, q) for s in STEMS for q in questions(s) if WHY.search(q)]) == ""


def test_every_stem_is_tentative() -> None:
    assert faulty([(s.id, s.text) for s in STEMS if not TENTATIVE.search(s.text)]) == ""


def test_every_stem_leaves_room_for_more_than_one_answer() -> None:
    assert faulty([(s.id, s.text) for s in STEMS if not PLURAL.search(s.text)]) == ""


def test_no_question_about_students_asks_who() -> None:
    # co-10 asks a coach whose ideas, teacher's or coach's, led on: adults.
    asked = [(s.id, q) for s in STEMS for q in questions(s) if s.id != "co-10"]
    assert faulty([(stem, q) for stem, q in asked if ASKS_WHO.search(q) and ABOUT_STUDENTS.search(q)]) == ""


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_no_stem_is_a_near_copy_of_another(library: Library) -> None:
    near = [
        (one.id, two.id)
        for one, two in combinations(library.stems, 2)
        if (match := SequenceMatcher(None, one.text.lower(), two.text.lower())).real_quick_ratio() >= 0.82
        and match.quick_ratio() >= 0.82
        and match.ratio() >= 0.82
    ]
    assert near == []


def test_a_deep_question_is_not_for_every_week_and_a_coach_has_moments_of_their_own() -> None:
    assert [s.id for s in STEMS if s.depth == 3 and "weekly_reflection" in s.used_in] == []
    assert [
        s.id for s in STEMS if s.audience == "coach" and not set(s.used_in) <= {"coach_reflection", "mindset"}
    ] == []
    assert [s.id for s in STEMS if s.audience != "coach" and "coach_reflection" in s.used_in] == []


def test_our_own_ids_leave_the_prefix_of_districts_free() -> None:
    assert [s.id for s in STEMS if s.id.startswith("x-")] == []


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_lines_that_hand_words_back_last_for_five_replies(library: Library) -> None:
    families = Counter(line.family for line in library.reflect_back)
    assert min(families["plain"], families["short"]) > SHORT
    assert [strength for strength in get_args(Strength) if families[strength] < 3] == []
    assert {signals.family for signals in library.signals} == set(get_args(Strength))
    assert library.signals[0].family == "honest"


def test_lines_that_hand_words_back_ask_nothing_and_quote_what_is_theirs() -> None:
    lines = [line for library in LIBRARIES.values() for line in library.reflect_back]
    assert faulty([(line.id, line.text) for line in lines if set(line.text) & set("?!\n")]) == ""
    assert faulty([
        (line.id, line.text) for line in lines
        if line.text.count("{echo") != len(re.findall(r"“\{echo(?:_[ab])?\}”", line.text))
        or ("{echo_a}" in line.text) != ("echo_a" in line.needs)
    ]) == ""  # fmt: skip
    assert faulty([
        (line.id, line.text) for line in lines if line.family != "close" and "{echo" not in line.text
    ]) == ""  # fmt: skip


@pytest.mark.parametrize("path", WORDS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_words_file_can_be_read(path: Path) -> None:
    assert read_lines(path)


def test_every_line_fits_into_one_message() -> None:
    texts = [(line.where + " " + line.key, line.template) for line in all_lines()]
    texts += [(line.id, line.text) for library in LIBRARIES.values() for line in library.reflect_back]
    assert faulty([(where, text) for where, text in texts if ours(text) > LONGEST]) == ""


def test_nothing_the_product_says_is_shouted() -> None:
    texts = [(line.where + " " + line.key, line.template) for line in all_lines()]
    texts += [(s.id, q) for s in STEMS for q in questions(s)]
    assert faulty([(where, text) for where, text in texts if "!" in text]) == ""


def test_every_line_of_the_product_asks_one_thing_at_most() -> None:
    asking = [line for line in all_lines() if line.kind == "bot"]
    assert (
        faulty([(line.where + " " + line.key, line.template) for line in asking if line.template.count("?") > 1]) == ""
    )


def test_words_of_other_languages_have_the_keys_and_slots_of_the_english() -> None:
    slots = re.compile(r"\{\w+\}")
    books = {
        path.parts[-3]: {
            (line.key, line.kind): set(slots.findall(line.template))
            for file in sorted(path.parent.glob("*.yaml"))
            for line in read_lines(file)
        }
        for path in WORDS
    }
    assert [language for language, book in books.items() if book != books["en"]] == []
