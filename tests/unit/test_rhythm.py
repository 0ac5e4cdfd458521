"""Weeks of somebody's rhythm on real parts: silence, replies, holidays, zones, clocks that jump, and downtime."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from bot import demo
from bot.cards import plain
from bot.clock import MovableClock, zone_rules
from bot.records import ClosedDay, HalfDay, Term
from bot.store import Store
from bot.store.tables import outbox, plan
from bot.timer import Timer
from bot.vault import Keyring
from tests.support.rhythm import GOODBYE, INVITATION, NUDGE, REMINDER, Weeks, wall

KEYRING = Keyring.of("k1")


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Weeks]:
    store = await Store.open(sqlite_url, KEYRING)
    yield await Weeks.open(store)
    await store.close()


# ── Silence, and coming back ──


async def test_nobody_answers_so_it_slows_down_says_goodbye_and_rests(stage: Weeks) -> None:
    await stage.play(wall(12, 31, 12))
    assert stage.days(NUDGE) == ["2026-10-15", "2026-10-22", "2026-11-05", "2026-11-19"]
    assert stage.days(REMINDER) == ["2026-10-16", "2026-10-23", "2026-11-06", "2026-11-20"]
    assert stage.days(GOODBYE) == ["2026-12-03"]
    assert await stage.planned() is None


@pytest.mark.parametrize("reply", ["[Tried it]", "hello", "/beside help", "start", "[Skip]"])
async def test_any_reply_brings_the_weekly_rhythm_back(stage: Weeks, reply: str) -> None:
    await stage.play(wall(12, 8, 12))
    await stage.does("ana", reply)
    await stage.play(wall(12, 18, 12))
    assert stage.days(NUDGE)[-2:] == ["2026-12-10", "2026-12-17"]


async def test_a_reply_between_two_slow_weeks_brings_the_next_week_back(stage: Weeks) -> None:
    await stage.play(wall(10, 26, 9))
    await stage.does("ana", "[Not now]")
    await stage.play(wall(11, 1, 12))
    assert stage.days(NUDGE) == ["2026-10-15", "2026-10-22", "2026-10-29"]


async def test_what_never_arrived_is_no_silence(stage: Weeks) -> None:
    await stage.play(wall(10, 15, 23))
    async with stage.store.engine.begin() as connection:
        lost = update(outbox).where(outbox.c.name == "opening").values(state="dead")
        assert (await connection.execute(lost)).rowcount == 1
    await stage.play(wall(10, 31, 12))
    assert stage.days(NUDGE) == ["2026-10-15", "2026-10-22", "2026-10-29"]


async def test_skipped_weeks_are_no_silences(stage: Weeks) -> None:
    for week in range(6):
        await stage.play(wall(10, 15, 18) + timedelta(weeks=week))
        await stage.does("ana", "[Skip]")
    assert len(stage.days(NUDGE)) == 6
    assert stage.days(REMINDER) == []


async def test_at_most_three_in_seven_days_and_the_fourth_waits_for_its_day(stage: Weeks) -> None:
    for n, when in enumerate(("wed 10:15", "fri 9:00", "mon 9:00", "tue 9:00")):
        await stage.does("sam", f"/coteach @ana {when} 45m launch")
        await stage.does("sam", "[Send to Ana]")
        assert len(stage.days(INVITATION)) == min(n + 1, 3)
    await stage.play(wall(10, 19, 18))
    # Neither the check-in nor the fourth invitation: the first three were sent on Tuesday the 13th.
    assert (stage.days(NUDGE), stage.days(REMINDER)) == ([], [])
    await stage.play(wall(10, 20, 7, 30))
    assert stage.days(INVITATION) == ["2026-10-13"] * 3 + ["2026-10-20"]
    await stage.play(wall(10, 31, 12))
    assert stage.days(NUDGE) == ["2026-10-22", "2026-10-29"]


# ── Holidays, terms and half days ──


async def test_a_closed_day_a_holiday_and_the_days_between_terms_have_no_check_in(stage: Weeks) -> None:
    terms = (Term(date(2026, 8, 31), date(2026, 11, 12)), Term(date(2026, 11, 23), date(2027, 1, 29)))
    await stage.school(country="US", terms=terms, closed=(ClosedDay(date(2026, 10, 22), "Staff day"),))
    for week in range(9):
        await stage.play(wall(10, 15, 18) + timedelta(weeks=week))
        if stage.days(NUDGE):
            await stage.does("ana", "[Skip]")
    # 22 October is closed, 19 November between terms, 26 November Thanksgiving.
    found = ["2026-10-15", "2026-10-29", "2026-11-05", "2026-11-12", "2026-12-03", "2026-12-10"]
    assert stage.days(NUDGE) == found


async def test_on_a_half_day_it_comes_as_long_after_school_as_ever(stage: Weeks) -> None:
    await stage.school(half_days=(HalfDay(date(2026, 10, 15), 12 * 60), HalfDay(date(2026, 10, 16), 11 * 60 + 30)))
    async with stage.store.begin(demo.ORGANIZATION) as tx:
        school = await tx.school(demo.SCHOOL.id)
        assert school is not None
        ana = await tx.person(stage.people["ana"].id)
        assert ana is not None
        # It was planned before the half day was known: a change of zone, or the week before, plans it anew.
        await tx.keep(replace(ana, zone="America/Chicago"))
        await tx.keep(ana)
    await stage.play(wall(10, 17, 12))
    nudge, reminder = (one.at.astimezone(ZoneInfo(demo.ZONE)) for one in stage.log)
    assert (nudge.day, nudge.hour, nudge.minute // 10) == (15, 12, 2)
    assert (reminder.day, reminder.hour, reminder.minute // 10) == (16, 11, 5)


# ── Zones ──


@pytest.mark.req("TIME-3")
async def test_a_person_on_the_move_keeps_the_hour_on_the_wall_and_is_asked_once(stage: Weeks) -> None:
    before = await stage.planned()
    assert before is not None
    await stage.change(zone="America/Los_Angeles")
    assert await stage.planned() == before + timedelta(hours=3)
    await stage.play(wall(10, 15, 23))
    assert stage.days(NUDGE) == ["2026-10-15"]


@pytest.mark.req("TIME-3")
async def test_moving_west_after_the_check_in_does_not_bring_it_twice_that_day(stage: Weeks) -> None:
    await stage.play(wall(10, 15, 15, 45))
    await stage.does("ana", "settings")
    await stage.does("ana", "[Change]")
    await stage.does("ana", "(form) zone=America/Los_Angeles")
    await stage.play(wall(10, 22, 23))
    assert stage.days(NUDGE) == ["2026-10-15", "2026-10-22"]
    assert (await stage.ana()).zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((), ()),
        (("settings", "[Change]", "(form) time=17:00"), ()),
        (("settings", "[Change]", "(form) time=17:00"), ("pause 1 week", "resume")),
        (("settings", "[Change]", "(form) time=17:00"), ("stop", "start", "skip", "[Skip]", "skip")),
        (("settings", "[Change]", "(form) time=17:00 zone=America/Los_Angeles"), ()),
    ],
)
async def test_a_day_that_was_asked_is_not_asked_again_at_a_later_hour_nor_said_to_be(
    stage: Weeks, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    await stage.play(wall(10, 15, 15, 45))
    for words in (*first, *then):
        await stage.does("ana", words)
        said = plain(stage.shown["ana"][-1])
        assert "next question comes" not in said or "22 October" in said, said
        assert (at := await stage.planned()) is None or at > wall(10, 21, 12), words
    await stage.play(wall(10, 23, 12))
    assert stage.days(NUDGE) == ["2026-10-15", "2026-10-22"]


@pytest.mark.req("TIME-3")
async def test_moving_east_past_the_hour_folds_it_into_the_next(stage: Weeks) -> None:
    await stage.play(wall(10, 15, 9))
    await stage.change(zone="Asia/Tokyo")
    await stage.play(wall(10, 16, 6))
    assert stage.log == []
    await stage.play(wall(10, 23, 6))
    first, *_ = stage.log
    assert (first.kind, first.at.astimezone(ZoneInfo("Asia/Tokyo")).date()) == (NUDGE, date(2026, 10, 22))


@pytest.mark.req("TIME-3")
async def test_new_rules_for_zones_move_what_was_planned_by_the_old_ones(database_url: str) -> None:
    store = await Store.open(database_url, KEYRING)
    stage = await Weeks.open(store)
    right = await stage.planned()
    assert right is not None
    await store.follow_zone_rules("2026a")
    async with store.engine.begin() as connection:
        c = plan.c
        old = update(plan).where(c.topic == "checkin").values(next_due_at=c.next_due_at - 3600)
        assert (await connection.execute(old)).rowcount == 3
    assert await store.follow_zone_rules("2026a") == 0
    assert await stage.planned() == right - timedelta(hours=1)
    assert await store.follow_zone_rules("2026b") == 3
    assert await stage.planned() == right
    assert zone_rules().endswith(f"tzdata {version('tzdata')}")
    await store.close()


# ── Clocks that jump, while it runs and while it is stopped ──

JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=3), timedelta(days=-1)]
BEFORE, AFTER, REMINDED = wall(10, 15, 15, 10), wall(10, 15, 15, 35), wall(10, 16, 15, 45)
HOW = ["running", "stopped", "between tick and sending"]


@pytest.mark.req("TIME-1")
@pytest.mark.parametrize("jump", JUMPS, ids=str)
@pytest.mark.parametrize("how", HOW)
async def test_a_clock_that_jumps_sends_nothing_twice_and_no_flood(sqlite_url: str, jump: timedelta, how: str) -> None:
    await jumps(sqlite_url, jump, how, BEFORE if jump > timedelta() else AFTER)


@pytest.mark.slow
@pytest.mark.req("TIME-1")
@pytest.mark.parametrize("jump", JUMPS, ids=str)
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("near", [BEFORE, AFTER, REMINDED], ids=["before", "after", "reminded"])
async def test_a_clock_may_jump_at_any_point_on_either_database(
    database_url: str, jump: timedelta, how: str, near: datetime
) -> None:
    await jumps(database_url, jump, how, near)


async def jumps(url: str, jump: timedelta, how: str, near: datetime) -> None:
    store = await Store.open(url, KEYRING)
    stage = await Weeks.open(store)
    await stage.play(near)
    so_far = list(stage.log)
    if how == "stopped":
        await store.close()
        store = await Store.open(url, KEYRING)
        stage = await Weeks.again(store, near + jump)
    elif how == "running":
        stage.clock.reset(near + jump)
    else:
        stage.clock.reset(max(near, wall(10, 15, 15, 30)))
        await stage.timer.tick()
        stage.clock.reset(stage.clock() + jump)
    await stage.settle()
    at_once = [one for one in stage.log if one not in so_far]
    assert len(at_once) <= 1, at_once
    await stage.play(wall(10, 30, 18))
    every = list(dict.fromkeys([*so_far, *stage.log]))
    nudged = [one.at.astimezone(ZoneInfo(demo.ZONE)).date() for one in every if one.kind == NUDGE]
    assert len(set(nudged)) == len(nudged), nudged
    # The weeks after the jump are as if there had been none, at the pace that silence sets.
    assert nudged[-1] in (date(2026, 10, 22), date(2026, 10, 29)), nudged
    assert sum(one.kind == REMINDER for one in every) <= len(nudged)
    await store.close()


class Fast(MovableClock):
    """Runs at `speed` times the speed of time."""

    speed = 1.0

    def __call__(self) -> datetime:
        return self._at + (super().__call__() - self._at) * self.speed


@pytest.mark.req("TIME-1")
async def test_the_real_timer_under_a_slow_a_fast_and_a_jumping_clock(stage: Weeks) -> None:
    clock = Fast(wall(10, 15, 15, 19))
    stage.outbox._clock = stage.engine._now = clock  # noqa: SLF001 - the clock of this test
    timer = Timer(stage.store, stage.outbox, clock)
    async with AsyncExitStack() as stack:
        sending = asyncio.create_task(stage.outbox.run())
        timer.start()
        stack.callback(timer.stop)
        for speed, jump in (
            (0.01, timedelta()),
            (600.0, timedelta()),
            (1.0, -timedelta(hours=1)),
            (900.0, timedelta()),
        ):
            clock.reset(clock() + jump)
            clock.speed = speed
            await asyncio.sleep(1.5)
        for _ in range(300):  # a hang guard
            if stage.shelf.new:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)
        await stage.outbox.stop()
        await sending
    await stage.sweep()
    assert [one.kind for one in stage.log] == [NUDGE]


@pytest.mark.req("TIME-4")
async def test_two_replicas_two_minutes_apart_send_one(postgres_url: str) -> None:
    one, two = await Store.open(postgres_url, KEYRING), await Store.open(postgres_url, KEYRING)
    early = await Weeks.open(one)
    late = await Weeks.again(two, early.clock())
    for minute in (20, 22, 24, 26, 27, 29, 33):
        early.clock.reset(wall(10, 15, 15, minute))
        late.clock.reset(wall(10, 15, 15, minute) - timedelta(minutes=2))
        await asyncio.gather(early.settle(), late.settle())
    assert sorted(sent.kind for sent in (*early.log, *late.log)) == [NUDGE]
    await one.close()
    await two.close()


# ── Downtime ──


async def at_noon(stage: Weeks) -> None:
    """Ana's hour is far from the evening, so that lateness alone decides."""
    await stage.does("ana", "settings")
    await stage.does("ana", "[Change]")
    await stage.does("ana", "(form) time=12:00")


async def down(stage: Weeks, begins: datetime, ends: datetime) -> None:
    """Nothing runs between these moments."""
    await stage.play(begins)
    stage.log.clear()
    stage.clock.reset(ends)
    await stage.settle()


@pytest.mark.req("TIME-1")
async def test_after_one_hour_of_downtime_the_check_in_comes_late(stage: Weeks) -> None:
    await at_noon(stage)
    await down(stage, wall(10, 15, 11, 55), wall(10, 15, 12, 55))
    assert stage.days(NUDGE) == ["2026-10-15"]
    await stage.play(wall(10, 22, 18))
    assert (stage.days(NUDGE), stage.days(REMINDER)) == (["2026-10-15", "2026-10-22"], ["2026-10-16"])


@pytest.mark.req("TIME-1")
async def test_after_three_hours_it_is_folded_into_the_next_and_is_no_silence(stage: Weeks) -> None:
    await at_noon(stage)
    await down(stage, wall(10, 15, 11, 55), wall(10, 15, 14, 55))
    await stage.play(wall(11, 6, 18))
    # Two silences, so then every other week.
    assert stage.days(NUDGE) == ["2026-10-22", "2026-10-29"]
    assert stage.days(REMINDER) == ["2026-10-23", "2026-10-30"]


@pytest.mark.req("TIME-1")
async def test_a_reminder_that_is_late_is_left_out(stage: Weeks) -> None:
    await at_noon(stage)
    await down(stage, wall(10, 15, 18), wall(10, 16, 15))
    await stage.play(wall(10, 22, 18))
    assert (stage.days(NUDGE), stage.days(REMINDER)) == (["2026-10-22"], [])


@pytest.mark.req("TIME-1")
async def test_after_three_weeks_only_the_held_invitation_comes_and_the_rhythm_goes_on(stage: Weeks) -> None:
    await stage.play(wall(10, 14, 19))
    await stage.does("sam", "/coteach @ana 12 november 9:00 45m launch")
    await stage.does("sam", "[Send to Ana]")
    assert stage.log == []
    await down(stage, wall(10, 14, 19, 30), wall(11, 4, 9))
    assert [one.kind for one in stage.log] == [INVITATION]
    await stage.play(wall(11, 12, 18))
    assert (stage.days(NUDGE), stage.days(REMINDER)) == (["2026-11-05", "2026-11-12"], ["2026-11-06"])
