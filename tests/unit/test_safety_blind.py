"""What a writer who had seen no list of ours wrote, and everyday talk that holds the same words."""

from __future__ import annotations

from collections import Counter
from time import process_time

import msgspec
import pytest

from bot.guard import read_rules
from bot.safety import notice
from bot.safety.families import heard
from tests.house.tree import ROOT

# What was reached after the lists were widened with these very lines in sight.
LEAST = {"danger": 14, "distress": 14, "student": 14, "tired": 10, "none": 40}
LEAST_LAST = {"danger": 10, "distress": 10, "student_safety": 10, "tired": 8, "none": 40}
LEAST_THIRD = {"danger": 20, "distress": 16, "student": 20, "tired": 14, "none": 50}


@pytest.mark.parametrize("language", ["en", "es"])
def test_hears_what_was_written_by_somebody_who_knew_no_list(language: str) -> None:
    """First counts, before a list was touched.

    English: danger 3/14, distress 8/14, student 2/14, tired 5/10, and 38 of 40 everyday lines left alone. Spanish:
    danger 3/14, distress 9/14, student 5/14, tired 4/10, and 39 of 40. The lists have since been widened with these
    very lines in sight, so what is held here is a floor and no measure of what others will write.
    """
    good = counted(f"safety_blind_{language}")
    assert {kind: good[kind] for kind, least in LEAST.items() if good[kind] < least} == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_hears_what_another_who_knew_no_list_wrote(language: str) -> None:
    """First counts, after the widening above and before that for these lines.

    English: danger 4/10, distress 6/10, student safety 6/10, tired 4/8; Spanish: 5/10, 6/10, 7/10, 5/8; all 40 everyday
    lines of each left alone. What is held here is a floor again, tuned on these very lines.
    """
    good = counted(f"safety_last_{language}")
    assert {kind: good[kind] for kind, least in LEAST_LAST.items() if good[kind] < least} == {}


def test_hears_what_a_third_who_knew_no_list_wrote() -> None:
    """First counts, in both languages together, before the families of `prompts/<language>/hearing.yaml` were written.

    Danger 16/20, distress 16/16, students 16/20, tired 14/14; all 50 everyday lines left alone.
    """
    good = counted("safety_third")
    assert {kind: good[kind] for kind, least in LEAST_THIRD.items() if good[kind] < least} == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_family_can_be_read_and_takes_time_in_proportion(language: str) -> None:
    """Texts of the families' own words, which begin many frames, against the same texts ten times as long."""
    book = read_rules(ROOT / "prompts" / language / "hearing.yaml")
    assert {rule.category for rule in book.rules} == {"danger", "distress", "student_safety", "tired"}
    for _, find in book.finds:
        find.compiled()
    words = " ".join(book.alphabet.words)

    def took(text: str) -> float:
        began = process_time()
        heard(text, text, language)
        return process_time() - began

    for unit in (words, "she has a ", "i ", "my husband me ", "la tiene en su ", "mi esposo me "):
        short, long = (unit * 4000)[:400], (unit * 4000)[:4000]
        small, large = min(took(short) for _ in range(3)), min(took(long) for _ in range(3))
        assert large < 40 * small + 0.02, unit


def test_mothers_who_kill_for_a_lost_ruler_are_a_joke_and_those_who_hit_are_none() -> None:
    for text in ("Her mum will kill her if she loses that ruler", "Su mamá la va a matar si pierde la regla"):
        assert notice(text) == (), text
    for text in ("Her mum will beat her if she loses that ruler", "Su mamá le va a pegar si pierde la regla"):
        assert "student_safety" in notice(text), text


def counted(name: str) -> Counter[str]:
    data = (ROOT / f"tests/data/{name}.jsonl").read_bytes()
    good: Counter[str] = Counter()
    for line in data.splitlines():
        one = msgspec.json.decode(line)
        found: tuple[str, ...] = notice(one["text"])
        kind = "student_safety" if one["kind"] == "student" else one["kind"]
        good[one["kind"]] += kind in found if kind != "none" else not found
    return good


@pytest.mark.parametrize("language", ["en", "es"])
def test_leaves_alone_what_holds_the_same_words(language: str) -> None:
    lines = (ROOT / f"tests/data/safety_everyday_{language}.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(lines)) >= 120
    assert [(text, found) for text in lines if (found := notice(text))] == []


def test_hears_the_families_in_other_words() -> None:
    """Ours, written to see whether a family reaches beyond the lines that it was made from, and then widened again."""
    ours = [msgspec.json.decode(one) for one in (ROOT / "tests/data/safety_families.jsonl").read_bytes().splitlines()]
    assert len(ours) > 100
    assert [one["text"] for one in ours if one["care"] not in notice(one["text"])] == []


@pytest.mark.parametrize(
    "told",
    [
        'One of my kids wrote "I hope I never wake up again"',
        "A student said nobody would care if I disappeared",
        "Me dijo que si desaparezco nadie se va a dar cuenta",
        'Una alumna escribió: "ojalá no despertara nunca"',
        "Found this in her planner: 'i want to die'",
        "In the back of his exercise book it said 'nobody would notice if i was gone'",
        "Encontré en su libreta: 'si me muero nadie se va a dar cuenta'",
    ],
)
def test_what_a_student_says_of_themselves_is_the_students(told: str) -> None:
    assert "student_safety" in notice(told)
    assert "danger" not in notice(told)


@pytest.mark.parametrize(
    "told", ["I read a book last night and i want to die", "Leí un libro anoche y me quiero morir", "I want to die"]
)
def test_a_book_somewhere_takes_nothing_from_what_the_writer_says(told: str) -> None:
    assert "danger" in notice(told)
