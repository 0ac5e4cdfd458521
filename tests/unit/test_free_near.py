"""Times near a wish that suit both, and whether intervals meet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import closes_on, instant, is_school_day, overlaps
from bot.calendars.free import free_near, meeting, meeting_itself
from bot.records import Busy, ClosedDay, School
from bot.ringing import BellDay, Bells, Period

ZONE = "America/New_York"
SCHOOL = School(id="s", organization="o", name="Lincoln", zone=ZONE, closed=(ClosedDay(date(2026, 10, 21), "Fair"),))
NOW = instant(date(2026, 10, 19), 9 * 60, ZONE)
WISH = instant(date(2026, 10, 20), 10 * 60 + 15, ZONE)
MINUTE = timedelta(minutes=1)


def held(at: datetime, minutes: int) -> Busy:
    return Busy(at, at + minutes * MINUTE)


def test_the_nearest_three_are_given_in_order_of_time() -> None:
    assert free_near(WISH, 45, school=SCHOOL, now=NOW, taken=[held(WISH, 45)]) == (
        WISH - 90 * MINUTE, WISH - 60 * MINUTE, WISH + 60 * MINUTE,
    )  # fmt: skip


def test_either_persons_time_counts_and_a_closed_day_is_none() -> None:
    day = instant(date(2026, 10, 20), 8 * 60, ZONE)
    found = free_near(WISH, 45, school=SCHOOL, now=NOW, taken=[held(day, 200), held(day + 200 * MINUTE, 300)])
    assert [at.astimezone(UTC).day for at in found] == [22, 23, 26]


def test_the_blocks_of_the_bell_are_among_them() -> None:
    bells = Bells(days=(BellDay("TU", (Period("3", "Block 3", 10 * 60 + 40, 11 * 60 + 30),)),))
    found = free_near(
        WISH, 45, school=School(id="s", organization="o", name="", zone=ZONE, bells=bells), now=NOW,
        taken=[held(WISH, 20)],
    )  # fmt: skip
    assert instant(date(2026, 10, 20), 10 * 60 + 40, ZONE) in found


intervals = st.builds(
    held, st.integers(0, 600).map(lambda n: WISH + (n - 300) * 5 * MINUTE), st.integers(1, 300)
)  # fmt: skip


@given(st.lists(intervals, max_size=8), st.integers(5, 240))
def test_what_is_offered_is_free_for_both_in_school_and_ahead(taken: list[Busy], minutes: int) -> None:
    for at in free_near(WISH, minutes, school=SCHOOL, now=NOW, taken=taken):
        end, day = at + minutes * MINUTE, at.astimezone(NOW.tzinfo).date()
        assert at > NOW
        assert not any(overlaps(at, end, one.start, one.end) for one in taken)
        assert is_school_day(SCHOOL, day)
        assert end <= instant(day, closes_on(SCHOOL, day), ZONE)


@given(st.lists(intervals, max_size=8), st.lists(intervals, max_size=8))
def test_intervals_meet_just_where_two_of_them_overlap(mine: list[Busy], others: list[Busy]) -> None:
    found = meeting(mine, others)
    assert list(found) == [
        one
        for one in sorted(mine, key=lambda one: one.start)
        if any(overlaps(one.start, one.end, other.start, other.end) for other in others)
    ]


@given(st.lists(intervals, max_size=6))
def test_a_row_meets_itself_where_any_two_overlap(mine: list[Busy]) -> None:
    pairs = ((one, other) for n, one in enumerate(mine) for other in mine[n + 1 :])
    assert meeting_itself(mine) == any(overlaps(a.start, a.end, b.start, b.end) for a, b in pairs)
