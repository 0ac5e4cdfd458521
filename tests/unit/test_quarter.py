"""A quarter of somebody's life with Beside, in any order: whatever happens, the promises of the rhythm hold."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot import demo
from bot.cadence import is_school_day
from bot.records import ClosedDay, School
from bot.store import Store
from bot.vault import Keyring
from tests.support.rhythm import GOODBYE, NUDGE, REMINDER, Weeks, wall

T = TypeVar("T")
KEYRING = Keyring.of("k1")
ZONES = (demo.ZONE, "America/Los_Angeles", "Europe/London", "Asia/Tokyo")
WORDS = ("They argued about halves.", "skip", "help", "pause 1 week", "leave 2 weeks", "resume")
ENDS = wall(1, 15, 12).replace(year=2027)


@cache
def loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def run(work: Coroutine[Any, Any, T]) -> T:
    return loop().run_until_complete(work)


@cache
def school_file() -> Path:
    """The sample school, made once; every quarter begins with a copy of it."""

    async def make(path: Path) -> None:
        store = await Store.open(f"sqlite:///{path}", KEYRING)
        await Weeks.open(store)
        await store.close()

    path = Path(tempfile.mkdtemp(prefix="beside-quarter-")) / "school.sqlite3"
    run(make(path))
    return path


class Quarter(RuleBasedStateMachine):
    """Ana from October to January. `since` is where the log stood when she was last heard from."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="beside-quarter-"))
        shutil.copy(school_file(), self.folder / "school.sqlite3")
        self.store = run(Store.open(f"sqlite:///{self.folder / 'school.sqlite3'}", KEYRING))
        self.stage = run(Weeks.again(self.store, demo.OPENS))
        self.zone = demo.ZONE
        self.school: School = demo.SCHOOL
        self.stopped = False
        self.since = 0
        self.seen = 0
        self.invited = 0

    def teardown(self) -> None:
        run(self.store.close())
        shutil.rmtree(self.folder)

    # ── what happens ──

    @initialize(closed=st.sets(st.integers(1, 80), max_size=12))
    def the_year_is_known(self, closed: set[int]) -> None:
        days = tuple(ClosedDay(date(2026, 10, 13) + timedelta(days=n), "Closed") for n in sorted(closed))
        self.school = run(self.stage.school(closed=days, country="US"))

    @precondition(lambda self: self.stage.clock() < ENDS)
    @rule(hours=st.sampled_from([1, 5, 24, 24, 72, 24 * 7, 24 * 14, 24 * 14]))
    def time_passes(self, hours: int) -> None:
        run(self.stage.play(self.stage.clock() + timedelta(hours=hours)))

    @precondition(lambda self: self.stage.clock() < ENDS)
    @rule(hours=st.sampled_from([1, 3, 24 * 21]))
    def nothing_runs(self, hours: int) -> None:
        self.stage.clock.reset(self.stage.clock() + timedelta(hours=hours))
        run(self.stage.settle())

    @rule(
        words=st.sampled_from(["They argued about halves.", "skip", "help", "pause 1 week", "leave 2 weeks", "resume"])
    )
    def she_writes(self, words: str) -> None:
        self.heard(words)

    @precondition(lambda self: any("Not now" in card for card in self.cards()))
    @rule()
    def she_puts_it_off(self) -> None:
        self.heard("[Not now]")
        if "Next school day" in self.cards()[-1]:
            self.heard("[Next school day]")
            self.stage.snoozed = self.stage.snoozed or "I'll come back" in self.cards()[-1]

    @rule()
    def she_stops(self) -> None:
        self.heard("stop")
        self.stopped = True

    @rule()
    def she_starts(self) -> None:
        self.stopped = False
        self.heard("start")

    @rule(zone=st.sampled_from(ZONES))
    def she_moves(self, zone: str) -> None:
        run(self.stage.change(zone=zone))
        self.zone = zone

    @precondition(lambda self: self.invited < 12)
    @rule(days=st.integers(2, 20), hour=st.integers(8, 14))
    def sam_invites(self, days: int, hour: int) -> None:
        self.invited += 1
        day = (self.stage.clock() + timedelta(days=days)).astimezone(ZoneInfo(demo.ZONE)).date()
        run(self.stage.does("sam", f"/coteach @ana {day.isoformat()} {hour}:00 45m launch"))
        if "[Send to Ana]" in self.cards("sam")[-1]:
            run(self.stage.does("sam", "[Send to Ana]"))

    # ── and what holds ──

    @invariant()
    def only_when_people_may_be_written_to(self) -> None:
        for one in self.stage.log[self.seen :]:
            here = one.at.astimezone(ZoneInfo(self.zone))
            assert 7 <= here.hour < 18, one
            assert is_school_day(self.school, here.date()), one
            assert not self.stopped, one
            days = [other.at.astimezone(here.tzinfo).date() for other in self.stage.log if other.at <= one.at]
            assert sum(here.date() - timedelta(days=7) < day for day in days) <= 3, days
        self.seen = len(self.stage.log)

    @invariant()
    def once_a_week_one_reminder_and_rest_after_four(self) -> None:
        silent = self.stage.log[self.since :]
        kinds = [one.kind for one in silent]
        assert kinds.count(NUDGE) <= 4, silent
        if GOODBYE in kinds:
            assert kinds.count(NUDGE) == 4 or self.since, silent
            assert kinds[kinds.index(GOODBYE) + 1 :] == [], silent
        nudges = [one for one in self.stage.log if one.kind == NUDGE]
        assert len({one.at.astimezone(ZoneInfo(self.zone)).date() for one in nudges}) == len(nudges), nudges
        rhythm = "".join({NUDGE: "n", REMINDER: "r"}.get(one.kind, "") for one in self.stage.log)
        assert "rr" not in rhythm, rhythm
        assert not rhythm.startswith("r"), rhythm

    @invariant()
    def never_forgotten(self) -> None:
        """A check-in is planned, unless she stopped or we rest."""
        resting = any(one.kind == GOODBYE for one in self.stage.log[self.since :])
        assert (run(self.stage.planned()) is None) == (self.stopped or resting)

    # ── words for the above ──

    def heard(self, words: str) -> None:
        before = self.seen
        self.only_when_people_may_be_written_to()
        run(self.stage.does("ana", words))
        assert before <= self.seen
        self.since = self.seen

    def cards(self, who: str = "ana") -> list[str]:
        return [shown(card) for card in self.stage.shown[who]]


def shown(card: Any) -> str:  # noqa: ANN401 - a card
    from bot.cards import plain

    return plain(card)


# Shrinking a quarter takes longer than reading it.
QUICK = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.req("TIME-1", "TIME-3")
def test_a_quarter_keeps_every_promise() -> None:
    run_state_machine_as_test(Quarter, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1800)  # many quarters at half a second a week
@pytest.mark.req("TIME-1", "TIME-3")
def test_many_quarters_keep_every_promise() -> None:
    run_state_machine_as_test(Quarter, settings=settings(QUICK, max_examples=60, stateful_step_count=40))
