"""The ask-don't-tell guard, on labelled sentences and on texts that mean it no good."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from time import process_time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from bot.guard import Hit, Kind, check, faults, rules
from tests.house.tree import ROOT

DATA = ROOT / "tests" / "data"
WORDS = [*rules("en").alphabet.words, *"{echo} “quoted” 'so' 25% https://a.example RTI ? ! … \ufdfa".split(" ")]


class Labelled(Struct, kw_only=True):
    """A sentence that should be caught, with its category, or one that should pass and what it comes near to."""

    id: str
    text: str
    label: str
    category: str | None = None
    near: str | None = None
    language: str = "en"
    kind: Kind = "bot"


def labelled(path: Path) -> list[Labelled]:
    return [msgspec.json.decode(line, type=Labelled) for line in path.read_bytes().splitlines()]


def caught(text: str, language: str = "en") -> set[str]:
    return {hit.rule for hit in check(text, language=language)}


def counted(sentences: list[Labelled], language: str) -> tuple[int, int]:
    """How many bad ones are caught in their own category, and how many good ones are caught at all."""
    found: Counter[str] = Counter()
    for one in sentences:
        hits = check(one.text, kind=one.kind, language=language)
        found[one.label] += bool(hits) if one.label == "good" else any(hit.category == one.category for hit in hits)
    return found["bad"], found["good"]


@pytest.mark.parametrize(
    ("name", "language", "least", "most"),
    [
        ("guard_dev", "en", 32, 0),
        ("guard_wide", "en", 1505, 8),
        ("guard_kept", "en", 59, 0),
        ("guard_kept2", "en", 51, 0),
        ("guard_kept3", "en", 64, 0),
        ("guard_kept4", "en", 25, 0),
        ("guard_kept5", "en", 56, 0),
        ("guard_kept6", "en", 58, 0),
        ("guard_kept7", "en", 60, 0),
        ("guard_kept8", "en", 60, 0),
        ("guard_dev_es", "es", 31, 0),
        ("guard_wide_es", "es", 428, 0),
        ("guard_kept_es", "es", 25, 0),
        ("guard_kept2_es", "es", 31, 0),
    ],
)
def test_catches_what_tells_and_lets_pass_what_asks(name: str, language: str, least: int, most: int) -> None:
    bad, good = counted(labelled(DATA / f"{name}.jsonl"), language)
    assert bad >= least
    assert good <= most


def test_a_hit_says_what_it_caught_why_and_what_could_be_asked() -> None:
    (hit,) = check("How does this fit your RTI plan?")
    assert hit == Hit(
        "JARG-1", "jargon", "RTI", "Not everyone reads those letters the same way.",
        "How would you say it to a student?",
    )  # fmt: skip


def test_the_words_of_a_teacher_are_never_checked() -> None:
    assert check("You should all use RTI. Great job!", author="teacher") == ()


def test_what_is_quoted_is_not_said() -> None:
    assert check("You wrote “we should have moved on”. What led to it?") == ()
    assert check("Kept the way you said it: “{echo}”") == ()
    assert caught("You should move on.") == {"TELL-1"}


def test_operational_lines_may_ask_yes_or_no_and_tell_where_to_press() -> None:
    for text in ("Did today's visit happen?", "Pick a day after today.", "Which one? And when?"):
        assert check(text, kind="operational") == ()
    assert caught("Did students follow?") == {"LEAD-1"}


def test_a_coach_may_ask_twice_and_ask_who() -> None:
    text = "What did you see? Which student surprised you?"
    assert {hit.rule for hit in check(text)} == {"STACK-1", "NAME-1"}
    assert check(text, author="coach") == ()


def test_a_students_name_is_asked_of_nobody() -> None:
    for text in (
        "What is the name of the girl with the tiles?",
        "Tell me the names of the three who were stuck.",
        "Was it Amir or Zoe who drew it?",
    ):
        assert "NAME-2" in {hit.rule for hit in check(text)}, text
        assert "NAME-2" in {hit.rule for hit in check(text, author="coach")}, text
    for text in ("What is the name of the game they play?", "Please leave students' names out."):
        assert "NAME-2" not in caught(text), text


def test_what_is_typed_in_haste_is_read_as_what_it_stands_for() -> None:
    assert caught("u need to slow down") == caught("You need to slow down") == {"TELL-1"}
    assert caught("They dont have the ability") == caught("They don't have the ability") == {"DEF-2"}


def test_capitals_are_letters_only_beside_small_ones() -> None:
    assert caught("Ask about PLC notes on {day}.") >= {"JARG-1"}
    assert "JARG-1" not in caught("PLC NOTES")


def test_a_message_is_read_for_its_first_4000_characters() -> None:
    filling = "What did you see there. " * 200
    assert check(filling[:3900] + " Great job!") != ()
    assert check(filling[:4000] + " Great job!") == ()


def test_an_honest_concern_is_never_softened() -> None:
    for text in (
        "I saw the same three hands called on. What did you notice?",
        "How might that have felt from the back table?",
        "I heard one student say “I can't do math.” How do you think others heard it?",
        "I am worried about how long two students waited for help. How did you see it?",
        "Two students sat with nothing to do for ten minutes. What did you see?",
    ):
        assert check(text, author="coach") == (), text


def test_what_may_be_said_in_one_language_is_looked_at_with_its_own_rules() -> None:
    assert caught("Deberías usar bloques.", "es") == {"TELL-1"}
    assert caught("Deberías usar bloques.", "es-MX") == {"TELL-1"}
    assert caught("You should use blocks.", "es") == set()
    assert rules("de").language == "en"


def test_an_address_is_one_however_it_is_typed() -> None:
    for text in ("See a.example.org/b and c-d.example.com.", "See www.a.example and https://b.example."):
        assert caught(text) >= {"LIST-1"}, text
    for text in ("See a.example.org for one.", "Esperaste.es así, nadie habló.no más.", "Timed at 3.5 and 4.2."):
        assert "LIST-1" not in caught(text), text


def test_faults_name_the_place_what_was_caught_and_what_to_ask() -> None:
    (line,) = faults("x.yaml: x-ab-01", "What rigor might help?", "stem", "en")
    assert line.startswith("x.yaml: x-ab-01: JARG-2 “rigor”. It is a word of offices")
    assert line.endswith("How would you say it to a student?")
    assert faults("x.yaml: x-ab-02", "What might help?", "stem", "en") == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=700), st.sampled_from(["", " ", ", ", ". ", "? ", "\n- "]))
def test_any_text_is_read_in_time_and_without_a_fault(words: list[str], between: str) -> None:
    text = between.join(words)
    begun = process_time()
    hits = check(text, author="coach")
    assert process_time() - begun < 0.5
    assert len({hit.rule for hit in hits}) == len(hits)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_characters_are_read(text: str) -> None:
    for language in ("en", "es"):
        for hit in check(text, language=language):
            assert hit.span
