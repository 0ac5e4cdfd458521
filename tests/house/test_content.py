"""What the library and the words must hold, in every language there is."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from bot.content import ours
from bot.data import data_path, read_yaml
from bot.reflecting import SHORT
from bot.stems import Audience, Focus, LessonPart, Library, Moment, Phase, ReflectLine, Stem, Strength, read_library
from bot.words import Line, read_lines

PROMPTS = data_path("prompts")
LIBRARIES = {path.parent.name: read_library(path, path.parent.name) for path in sorted(PROMPTS.glob("*/stems.yaml"))}
STEMS = [stem for library in LIBRARIES.values() for stem in library.stems]
WORDS = sorted(PROMPTS.glob("*/words/*.yaml"))
# An entry longer than one message of ours is a text to read, such as a help page. None so far.
LONGEST = 45
SLOTS = re.compile(r"\{\w+\}")


def questions(stem: Stem) -> tuple[str, ...]:
    return (stem.text, *stem.follow_ups)


def faulty(found: list[tuple[str, str]]) -> str:
    return "\n".join(f"{where}: {text}" for where, text in found)


def all_lines() -> list[Line]:
    return [line for path in WORDS for line in read_lines(path)]


def our_words(template: str) -> int:
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


@pytest.mark.parametrize("language", LIBRARIES)
def test_every_stem_holds_every_rule_and_nothing_is_left_uncovered(language: str) -> None:
    assert ours(language) == []


@pytest.mark.parametrize("language", LIBRARIES)
def test_a_stem_is_the_same_question_in_every_language(language: str) -> None:
    def bare(library: Library) -> list[Stem]:
        return [replace(stem, text="", follow_ups=("", "")) for stem in library.stems]

    def lines(library: Library) -> list[ReflectLine]:
        return [replace(line, text="") for line in library.reflect_back]

    def blanks(library: Library) -> list[set[str]]:
        texts = [line.text for line in library.reflect_back] + [line.text for line in library.coach_noticing]
        return [set(SLOTS.findall(text)) for text in texts]

    here, english = LIBRARIES[language], LIBRARIES["en"]
    assert bare(here) == bare(english)
    assert lines(here) == lines(english)
    assert blanks(here) == blanks(english)
    assert [signals.family for signals in here.signals] == [signals.family for signals in english.signals]


@pytest.mark.parametrize("language", LIBRARIES)
def test_every_language_has_every_kind_of_content(language: str) -> None:
    def files(of: str) -> set[str]:
        return {str(path.relative_to(PROMPTS / of)) for path in (PROMPTS / of).rglob("*.yaml")}

    assert files(language) == files("en")


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
    assert faulty([(where, text) for where, text in texts if our_words(text) > LONGEST]) == ""


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
    books = {
        path.parts[-3]: {
            (line.key, line.kind): set(SLOTS.findall(line.template))
            for file in sorted(path.parent.glob("*.yaml"))
            for line in read_lines(file)
        }
        for path in WORDS
    }
    assert [language for language, book in books.items() if book != books["en"]] == []
