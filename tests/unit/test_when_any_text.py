"""Whatever is typed: a result, never in the past, never slowly, and the same in any order."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import when
from tests.unit.test_when import ZONE, world

NOW = datetime.fromisoformat("2026-10-31T23:50:00-04:00")
HERE = world()
PIECES = (
    "@ana @ben <@U0ANA> <at>May Lin</at> tue thu next this sun today tomorrow week 9am 10:15 at 1:30am - 2h 1h15 ½ h "
    "every other weekly until starting oct 31 22nd nov 9/22 13/13 2026-11-05 P3 2nd period in 2 weeks minutes launch "
    "main model half past noon or and / , PT for x4 &amp; <!date^1793509200^x|y> 10 45 3 focus: last not"
).split()
WHO = ["@ana", "<@U0BEN>", "<at>Carla Nguyen</at>", "@Sam Lee"]
DAY = ["tue", "nov 12", "12 nov", "the 12th", "in 2 weeks", "thu week", "next week wed", "tomorrow", "every thu x3"]
TIME = ["10:15", "at 9", "10-11", "half past one", "P3", "3rd period", "noon", "2-3pm", "10am PT"]
LONG = ["45m", "1h15", "an hour", "half an hour", "PT30M"]
MORE = ["launch", "take turns", "eyes &amp; ears", '"who is talking?"', "room 12"]


def read(text: str) -> when.Result:
    return when.parse(text, now=NOW, tz=ZONE, locale="en-US", world=HERE)


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
@settings(max_examples=500, deadline=None)
def test_any_text_gives_a_result_and_a_slot_never_lies_in_the_past(text: str) -> None:
    found = read(text)
    json.dumps(when.result_json(found, ZONE))
    if isinstance(found, when.Slot):
        start, end = found.start.astimezone(UTC), found.end.astimezone(UTC)
        assert start > NOW.astimezone(UTC)
        assert end - start == timedelta(minutes=found.duration_min)
    if isinstance(found, when.Ask):
        assert found.choices
    if isinstance(found, when.Form):
        assert found.missing or found.problems


@given(
    st.tuples(*(st.sampled_from(words) for words in (WHO, DAY, TIME, LONG, MORE))).flatmap(
        lambda spans: st.tuples(st.just(spans), st.permutations(spans))
    )
)
@settings(max_examples=200, deadline=None)
def test_the_order_of_what_is_said_changes_nothing(both: tuple[tuple[str, ...], list[str]]) -> None:
    said, shuffled = (when.result_json(read(", ".join(spans)), ZONE) for spans in both)
    assert {**said, "note": None} == {**shuffled, "note": None}


@given(st.sampled_from(DAY), st.sampled_from(TIME), st.sampled_from(["@robin", "@nobody", "<#C1|math>", ""]))
def test_nobody_is_invited_who_cannot_be(day: str, at: str, who: str) -> None:
    found = read(f"{who} {day} {at}")
    assert isinstance(found, when.Form)
    assert found.teacher is None
    assert "teacher" in found.missing


@pytest.mark.parametrize(
    "piece", ["45m ", "7", " ", "<@U0ANA> ", "tue 10:15 ", "9-", "a…!", "((((", "@a", "1 ", "tusday ", '"', "<at>", "½"]
)
def test_long_texts_do_not_hold_anybody_up(piece: str) -> None:
    def seconds(text: str) -> float:
        tries = []
        for _ in range(3):
            before = time.process_time()
            read(text)
            tries.append(time.process_time() - before)
        return min(tries)

    # A generous bound, so that a busy machine does not fail it; quadratic reading would be far beyond.
    assert seconds(piece * (30_000 // len(piece))) < 0.1
