"""How fast a lane goes, and what becomes of a parcel after a try."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.outbox import fates
from bot.outbox.meter import Meter
from bot.platform import Pace
from bot.store import Taken

SLACK = Pace(start=1.0, most=5.0, conversation=1.0)
AT = datetime(2026, 10, 13, 13, 0, tzinfo=UTC)
FRESH = Taken(
    number=1, key="k", lane="o/slack:T", organization="o", kind="say", person="p", attempts=1, fate="fresh", topic="",
    day=date.min, thread="t", fence=1, sealed="{}", to=None, revises=None, since=None,
    expires_at=AT + timedelta(days=1),
)  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=200))
def test_no_second_has_more_than_the_rate_and_one(steps: list[tuple[float, bool]]) -> None:
    meter, now, sent = Meter.left(SLACK, 0, 0), 1000.0, list[float]()
    for pause, refused in steps:
        now += pause
        now += meter.wait(now)
        sent.append(now)
        meter = meter.sent(now, SLACK)
        if refused:
            meter = meter.refused(SLACK)
        assert 0.2 - 1e-9 <= meter.gap <= 2.0
    for begin in sent:
        assert sum(begin <= at < begin + 1 for at in sent) <= SLACK.most + 1


def test_a_lane_feels_its_way_up_to_the_most_and_halves_after_a_429() -> None:
    meter, now = Meter.left(SLACK, 0, 0), 0.0
    for _ in range(100):
        now += meter.wait(now)
        meter = meter.sent(now, SLACK)
    assert meter.gap == pytest.approx(0.2)
    assert 20 < now < 60
    assert meter.refused(SLACK).gap == pytest.approx(0.4)


def test_twenty_teachers_are_written_to_within_a_minute_whatever_another_workspace_has_to_send() -> None:
    """A lane has a pace of its own, so that the other one's five hundred cost it nothing."""
    meter, now = Meter.left(SLACK, 0, 0), 0.0
    for n in range(20):
        now += meter.wait(now)
        meter = meter.sent(now, SLACK)
        if n % 5 == 4:  # and with a 429 among them now and then
            meter = meter.refused(SLACK)
    assert now < 60


def test_the_pace_outlives_its_drainer_and_a_clock_set_back_stops_nobody() -> None:
    meter = Meter.left(SLACK, 400, 1_000_500)
    assert (meter.gap, meter.wait(1000.0)) == (0.4, 0.4)
    assert meter.wait(1000.4) == pytest.approx(0.1)
    assert meter.wait(0.0) == 0.4
    assert Meter.left(SLACK, 50, 0).gap == 0.2


def test_backoff_has_full_jitter_and_an_end() -> None:
    for attempts, most in ((1, 5), (2, 10), (3, 20), (4, 40), (5, 80)):
        taken = replace(FRESH, attempts=attempts)
        for chance in (0.0, 0.5, 1.0):
            mark = fates.again(taken, "away", AT, chance)
            assert mark.state == "ready"
            assert mark.at == AT + timedelta(seconds=max(0.5, most * chance))
    assert fates.again(replace(FRESH, attempts=fates.TRIES), "away", AT, 0.5).state == "dead"
    assert fates.again(replace(FRESH, attempts=20), "ratelimited", AT, 0.5, 30.0).at == AT + timedelta(seconds=30)


def test_nothing_is_sent_after_its_time_and_what_may_have_arrived_is_looked_up_all_the_same() -> None:
    nudge = replace(FRESH, expires_at=AT + timedelta(hours=2))
    assert fates.too_late(nudge, AT + timedelta(hours=2)) is None
    late = AT + timedelta(hours=2, seconds=1)
    mark = fates.too_late(nudge, late)
    assert mark is not None
    assert (mark.state, mark.reason) == ("late", "too late")
    assert fates.too_late(replace(nudge, fate="unsure"), late) is None
    assert fates.again(nudge, "away", AT + timedelta(hours=1, minutes=59), 0.5, 90.0).state == "late"


@pytest.mark.parametrize(
    ("topic", "again", "state"),
    [("checkin", False, "ambiguous"), ("reminder", False, "ambiguous"), ("", False, "sending"),
     ("held", False, "sending"), ("", True, "ambiguous")],
)  # fmt: skip
def test_where_nobody_can_look_a_nudge_rests_and_all_else_is_sent_once_more(
    topic: str, again: bool, state: str
) -> None:
    taken = replace(FRESH, topic=topic, again=again)
    assert fates.in_the_dark(taken, "cut", AT, 0.5).state == state
