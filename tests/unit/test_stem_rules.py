"""Every rule of the library, one by one: what it says, where, and how to mend it; and an organization's own file."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import demo
from bot.content import check, own, show, words
from bot.stems import Library, Stem, faults_of, gaps, near_copies, read_book, wrong_with
from bot.stems.own import new_id, question_of, stem_of, with_own
from bot.stems.showing import as_html

FINE = """language: en
stems:
  - id: x-lin-01
    text: "What are some moments from the hallway walk that might be worth telling?"
    audience: teacher
    focus: pedagogy
    phase: notice
    lesson_part: any
    depth: 1
    used_in: [weekly_reflection]
    follow_ups:
      - "What did you hear there?"
      - "Where might it lead?"
    strength: curious
    tags: [hallway]
    status: active
"""


def stem(**changed: object) -> Stem:
    return replace(Library.load().stem("wr-ped-11"), **changed)


@pytest.mark.parametrize(
    ("changed", "field", "rule"),
    [
        ({"text": "What might matter in some ways?"}, "text", "size"),
        ({"text": "What are some things " + "that might seem " * 8 + "new?"}, "text", "size"),
        ({"text": "What are some things that might matter here? And what else?"}, "text", "one"),
        ({"text": "What are some things that might matter here, you wonder."}, "text", "one"),
        ({"text": "Could some of these things matter to the students you teach?"}, "text", "open"),
        ({"text": "So, might there be some things that students noticed in math?"}, "text", "open"),
        ({"text": "Why might some of these things have happened in the lesson?"}, "text", "why"),
        ({"text": "What things happened in math on the days of this week?"}, "text", "tentative"),
        ({"text": "How might the lesson have felt to the child in front?"}, "text", "plural"),
        ({"text": "Which students might have had some ideas that nobody expected?"}, "text", "who"),
        ({"text": "What might some of these things mean for you this week?!"}, "text", "shouted"),
        ({"follow_ups": ("What happened?", "Did it help them?")}, "follow_ups.1", "open"),
        ({"follow_ups": ("What " + "more " * 15 + "happened?", "What then?")}, "follow_ups.0", "long"),
        ({"depth": 3}, "depth", "deep"),
        ({"used_in": ("coach_reflection",)}, "used_in", "moment"),
        ({"audience": "coach"}, "used_in", "moment"),
        ({"id": "x-abc-01"}, "id", "prefix"),
    ],
)
def test_each_rule_says_which_field_and_how_to_mend_it(changed: dict[str, object], field: str, rule: str) -> None:
    found = [wrong for wrong in wrong_with(stem(**changed), "en") if (wrong.field, wrong.rule) == (field, rule)]
    assert found
    assert found[0].mend.endswith(".")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("¿Hiciste algunas preguntas que quizá abrieron ideas en tus estudiantes?", "open"),
        ("¿Podrías contar algunas cosas que quizá notaste esta semana en clase?", "open"),
        ("¿Por qué podrían haber pasado esas cosas en la lección de hoy?", "why"),
        ("¿Qué cosas pasaron en las matemáticas de los días de esta semana?", "tentative"),
        ("¿Qué estudiantes podrían haber tenido ideas que nadie esperaba en la lección?", "who"),
    ],
)
def test_the_same_rules_hold_in_spanish(text: str, rule: str) -> None:
    assert rule in {wrong.rule for wrong in wrong_with(stem(text=text), "es")}


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        ("What might your lowest students do while some of the others share?", "en", "DEF-1"),
        ("What might lift some of your benchmark results before the spring?", "en", "NUM-2"),
    ],
)
def test_every_question_passes_the_guard_or_says_which_rule_it_meets(text: str, language: str, rule: str) -> None:
    told = [wrong for wrong in wrong_with(stem(text=text), language) if wrong.rule == "guard"]
    assert told[0].reason.startswith(rule)
    assert told[0].mend.endswith("?")


def test_two_questions_that_are_nearly_one_are_found() -> None:
    one = stem(id="aa-01", text="What are some surprises from math this week that may be worth a second look?")
    assert [two.id for _, two in near_copies((one,), Library.load().stems)] == ["wr-ped-11"]


def test_a_library_with_too_few_says_for_what() -> None:
    library = Library(language="en", stems=(stem(),))
    assert "focus data" in gaps(library)
    assert "weekly_reflection" in gaps(library)
    assert gaps(Library.load()) == ()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(text, "utf-8")
    return path


def test_an_organizations_own_file_is_held_to_the_same_rules(tmp_path: Path) -> None:
    library, faults = own(written(tmp_path, FINE))
    assert faults == ()
    assert library is not None
    assert [one.id for one in library.stems] == ["x-lin-01"]
    assert check(str(tmp_path / "ours.yaml"))[1] == 0


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("x-lin-01", "lin-01", "ours.yaml:3: lin-01: id has the wrong beginning. An organization's own ids begin"),
        ("x-lin-01", "wr-ped-01", "ours.yaml:3: wr-ped-01: is taken. An id of ours stays ours: choose another."),
        ("x-lin-01", "lin", "ours.yaml:3: lin: id: does not look like one. An id looks like wr-ped-01"),
        ("focus: pedagogy", "focus: talk", "ours.yaml:6: x-lin-01: focus: is none of those that there are. One of"),
        ("depth: 1", "depth: 4", "ours.yaml:9: x-lin-01: depth: Expected `int` <= 3. 1, 2 or 3."),
        ("might be worth", "are worth", "ours.yaml:4: x-lin-01: text is certain. Leave room with a word such as"),
        ("Where might it", "Did it", "ours.yaml:13: x-lin-01: follow_ups.1 can be answered by yes or no. Ask what"),
        ("    status: active\n", "    status: active\n    note: x\n", "x-lin-01: Object contains unknown field"),
        ("stems:", "stem:", "ours.yaml:2: unknown field stem. Known are"),
        ("language: en", "language: fr", "ours.yaml:1: there are no words in fr. One of en, es."),
        ("language: en", "language: [", "ours.yaml:"),
        ("hallway walk that might be worth telling", "lesson that might be worth a second look", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_way_to_mend_it(
    tmp_path: Path, was: str, now: str, told: str
) -> None:
    assert was in FINE
    _, faults = own(written(tmp_path, FINE.replace(was, now, 1)))
    assert told in "\n".join(map(str, faults))


def test_a_file_that_is_no_library_is_told_so(tmp_path: Path) -> None:
    for text in ("- a\n- b\n", "", "stems: 1\n"):
        library, faults = own(written(tmp_path, text))
        assert library is None or faults
    _, faults = own(tmp_path / "nowhere.yaml")
    assert "nowhere.yaml" in str(faults[0])


def test_an_id_twice_is_found_on_its_line(tmp_path: Path) -> None:
    twice = FINE + FINE.partition("stems:\n")[2]
    _, faults = own(written(tmp_path, twice))
    assert any(str(fault).startswith("ours.yaml:17: x-lin-01: is there twice") for fault in faults)


def test_own_questions_stand_beside_ours_and_the_retired_keep_their_words() -> None:
    mine = stem(id=new_id("org", "sam", "key"), text="What are some ways that might suit you in here?")
    kept = question_of(mine, organization="org", by="sam", language="en", at=demo.OPENS)
    assert stem_of(kept) == mine
    assert kept.stem.by == "org"
    library = with_own(Library.load(), (replace(kept, status="retired"),))
    assert library.stem(mine.id).text == mine.text
    assert library.stem(mine.id).status == "retired"
    assert wrong_with(mine, "en", ours=False) == ()


def test_the_page_shows_every_question_once_and_escapes_what_it_shows(tmp_path: Path) -> None:
    lines, code = show(None, language="en", html=None, organization=None)
    assert code == 0
    library = Library.load()
    assert [one.id for one in library.stems if lines[0].count(f"  {one.id}  ") != 1] == []
    page = as_html(replace(library, stems=(stem(text="What <b> might matter?"),)))
    assert "What &lt;b&gt; might matter?" in page
    assert show(None, language="es", html=str(tmp_path / "page.html"), organization=None)[1] == 0
    assert '<html lang="es">' in (tmp_path / "page.html").read_text("utf-8")


def test_every_sentence_is_listed_by_key_in_both_languages() -> None:
    english, spanish = ([line.partition("  [")[0] for line in words(language)] for language in ("en", "es"))
    assert sorted(english) == sorted(spanish)
    assert "care.danger" in english


def test_both_libraries_read_without_a_fault_and_their_faults_name_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, FINE)
    library, faults = read_book(path, "en")
    assert faults == ()
    assert library is not None
    assert [fault.line for fault in faults_of(path, library)] == [3]
