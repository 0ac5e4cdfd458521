"""Picking one question: the rules of the library, one by one, on a small library of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from bot.stems import Library, Stem, pick, pick_follow_up, read_library

OPEN = Stem(
    id="aa-01",
    text="What are some things that seemed to matter this week?",
    audience="teacher",
    focus="pedagogy",
    phase="notice",
    lesson_part="any",
    depth=1,
    used_in=("weekly_reflection",),
    follow_ups=("What happened then?", "What might come next?"),
    strength="asked",
    tags=("week",),
    status="active",
)


def stem(number: int, **different: Any) -> Stem:  # noqa: ANN401  # fields of several types
    return structs.replace(OPEN, id=f"aa-{number:02d}", **different)


def library(*stems: Stem) -> Library:
    return Library(language="en", stems=stems)


def ask(*stems: Stem, **different: Any) -> Stem:  # noqa: ANN401  # fields of several types
    usual: dict[str, Any] = {
        "moment": "weekly_reflection",
        "audience": "teacher",
        "person": "p1",
        "iso_week": "2026-W42",
        "asked": (),
        "answered": 9,
        "focus_counts": {},
    }
    return pick(library(*stems), **usual | different)


def test_the_same_facts_give_the_same_question() -> None:
    ten = [stem(n) for n in range(10)]
    assert ask(*ten) == ask(*reversed(ten))


def test_people_and_weeks_differ() -> None:
    ten = [stem(n) for n in range(10)]
    assert len({ask(*ten, person=f"p{n}").id for n in range(30)}) > 3
    assert len({ask(*ten, iso_week=f"2026-W{n}").id for n in range(10, 40)}) > 3


def test_only_active_stems_of_the_moment_and_audience_are_asked() -> None:
    good = stem(1)
    others = (stem(2, status="draft"), stem(3, status="retired"), stem(4, audience="team"), stem(5, used_in=("stuck",)))
    assert {ask(good, *others, person=f"p{n}") for n in range(20)} == {good}


def test_a_moment_without_stems_is_named() -> None:
    with pytest.raises(LookupError, match="no active stem for coach in stuck"):
        ask(stem(1), moment="stuck", audience="coach")


def test_a_preferred_phase_that_has_candidates_wins_and_none_of_them_comes_first() -> None:
    learn, notice, plan = stem(1, phase="learn"), stem(2, phase="notice"), stem(3, phase="plan")
    weeks = {ask(learn, notice, plan, phases=("learn", "notice"), iso_week=f"2026-W{n}").id for n in range(10, 40)}
    assert weeks == {learn.id, notice.id}
    assert ask(learn, notice, plan, phases=("learn", "notice"), asked=(learn.id,)) == notice
    assert ask(notice, plan, phases=("try", "plan")) == plan


def test_a_known_lesson_part_is_kept_or_any() -> None:
    launch, closure, any_part = stem(1, lesson_part="launch"), stem(2, lesson_part="closure"), stem(3)
    got = {ask(launch, closure, any_part, lesson_part="launch", person=f"p{n}") for n in range(20)}
    assert got == {launch, any_part}


def test_an_open_inquiry_keeps_its_focus() -> None:
    assert ask(stem(1, focus="data"), stem(2), focus="data", focus_counts={"data": 4}).focus == "data"


def test_depth_waits_for_three_answers() -> None:
    shallow, deep = stem(1), stem(2, depth=2, focus="data")
    assert ask(shallow, deep, answered=2, focus_counts={"pedagogy": 3}) == shallow
    assert ask(shallow, deep, answered=3, focus_counts={"pedagogy": 3}) == deep


def test_the_deepest_question_comes_only_where_it_is_allowed_and_never_first() -> None:
    shallow, deepest = stem(1), stem(2, depth=3, focus="data")
    seldom = {"pedagogy": 3}
    assert ask(shallow, deepest, focus_counts=seldom) == shallow
    assert ask(shallow, deepest, focus_counts=seldom, depth_max=3) == deepest
    assert ask(shallow, deepest, focus_counts=seldom, depth_max=3, answered=0) == shallow


def test_a_gentle_week_can_be_kept_shallow() -> None:
    assert ask(stem(1), stem(2, depth=2, focus="data"), focus_counts={"pedagogy": 3}, depth_max=1).depth == 1


def test_a_moment_with_only_deeper_stems_gives_its_shallowest() -> None:
    assert ask(stem(1, depth=2), stem(2, depth=3, focus="data"), answered=0, focus_counts={"pedagogy": 3}).depth == 2


def test_the_last_eight_are_not_asked_again() -> None:
    ten = [stem(n) for n in range(10)]
    seen = tuple(s.id for s in ten[:8])
    assert {ask(*ten, asked=seen, person=f"p{n}").id for n in range(20)} == {"aa-08", "aa-09"}
    nine_ago = ("xx-01", "xx-02", "xx-03", "xx-04", "xx-05", "xx-06", "xx-07", "xx-08", "aa-01")
    assert ask(stem(1), asked=nine_ago) == stem(1)


def test_where_all_were_asked_lately_the_oldest_comes_back() -> None:
    three = [stem(n) for n in range(3)]
    assert ask(*three, asked=("aa-01", "aa-00", "aa-02")) == three[2]


def test_memory_gives_way_before_the_phase_does_and_the_phase_before_silence() -> None:
    learn, plan = stem(1, phase="learn"), stem(2, phase="plan")
    assert ask(learn, plan, phases=("learn",), asked=(learn.id,)) == learn
    assert ask(plan, phases=("learn",), lesson_part="launch") == plan


def test_the_focus_asked_least_lately_is_preferred() -> None:
    pedagogy, data = stem(1), stem(2, focus="data")
    assert ask(pedagogy, data, focus_counts={"pedagogy": 2, "data": 1}) == data
    assert ask(pedagogy, data, focus_counts={"pedagogy": 1, "data": 2}) == pedagogy


def test_something_else_has_another_focus_or_lesson_part() -> None:
    first, same, part, focus = stem(1), stem(2), stem(3, lesson_part="menu"), stem(4, focus="data")
    got = {ask(first, same, part, focus, avoid=first, person=f"p{n}", focus_counts={"data": 0}) for n in range(20)}
    assert got == {part, focus}
    assert ask(first, same, avoid=first) == same


def test_colleagues_of_one_team_get_different_questions_where_the_pool_allows() -> None:
    one, two = stem(1), stem(2)
    assert ask(one, two, team_asked=frozenset({one.id})) == two
    assert ask(one, team_asked=frozenset({one.id})) == one


def test_the_first_follow_up_is_the_usual_one() -> None:
    assert pick_follow_up(OPEN) == "What happened then?"
    assert {pick_follow_up(OPEN, str(n)) for n in range(20)} == set(OPEN.follow_ups)
    assert pick_follow_up(OPEN, "p1") == pick_follow_up(OPEN, "p1")


def test_every_moment_of_the_library_has_a_first_question_for_its_people() -> None:
    ours = Library.load("en")
    for audience, moment in {(s.audience, used) for s in ours.stems for used in s.used_in}:
        got = pick(
            ours, moment=moment, audience=audience, person="p1", iso_week="2026-W42", asked=(), answered=0,
            focus_counts={},
        )  # fmt: skip
        assert moment in got.used_in


def test_a_year_of_weeks_repeats_nothing_within_eight() -> None:
    ours = Library.load("en")
    asked: tuple[str, ...] = ()
    for week in range(1, 53):
        got = pick(
            ours, moment="weekly_reflection", audience="teacher", person="p1", iso_week=f"2026-W{week:02d}",
            asked=asked, answered=week - 1, focus_counts={},
        )  # fmt: skip
        assert got.id not in asked[:8]
        assert got.depth < 3
        asked = (got.id, *asked)


def test_a_stem_is_found_by_its_id_also_when_retired() -> None:
    old = stem(7, status="retired")
    assert library(OPEN, old).stem("aa-07") == old
    with pytest.raises(KeyError, match="no stem zz-99"):
        library(OPEN).stem("zz-99")


GOOD = """
stems:
  - {id: aa-01, text: "What are some things you saw?", audience: teacher, focus: data, phase: notice, lesson_part: any,
     depth: 1, used_in: [stuck], follow_ups: ["What then?", "What next?"], strength: asked, tags: [a], status: active}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("depth: 1", "depth: 4", r"aa-01: .*depth"),
        ("depth: 1", "depth: 1, level: 2", r"aa-01: .*unknown field `level`"),
        ("focus: data", "focus: scores", r"aa-01: .*focus"),
        ("id: aa-01", "id: AA-1", r"AA-1: .*id"),
        ("used_in: [stuck]", "used_in: []", r"aa-01: .*used_in"),
        ('"What then?", ', "", r"aa-01: .*follow_ups"),
        ("stems:", "stem:", "unknown field stem"),
        ("status: active}", "status: active}\nsignals: 3", "signals is not a list"),
    ],
)
def test_a_faulty_library_names_the_file_and_the_stem(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "stems.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"stems\.yaml:\d+: {told}"):
        read_library(path, "en")


def test_an_id_is_never_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "stems.yaml"
    path.write_text(GOOD + GOOD.split("stems:\n")[1], encoding="utf-8")
    with pytest.raises(ValueError, match="aa-01: is there twice"):
        read_library(path, "en")
