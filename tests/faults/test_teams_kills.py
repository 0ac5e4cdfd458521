"""`kill -9` between a word and its answer on Teams, which cannot be asked: nothing lost, doubled at most once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.fakes.teams import Delivery, Teams
from tests.faults.crashing import POINTS
from tests.faults.staff import KILLED, SERVE, Rows
from tests.support.process import Server
from tests.support.school import morning
from tests.support.teams_school import TeamsSchool, fill, read, until

PROGRAM = ("-m", "tests.faults.crashing")
# Whoever died here had written to Teams, or was about to, and nobody can say which.
IN_DOUBT = ("writing", "accepted", "marking")
BY_A_WORD = tuple(point for point in POINTS if point not in ("planning", "planned", "due deciding", "due committed"))


def often(points: Sequence[str], *every: str) -> list[ParameterSet]:
    """These in every run, the others in `make faults`."""
    return [pytest.param(point, marks=[] if point in every else [pytest.mark.slow]) for point in points]


@asynccontextmanager
async def school_of(folder: Path) -> AsyncIterator[tuple[TeamsSchool, Rows]]:
    zone = morning()
    async with Teams() as teams:
        teams.pace.on = False
        await fill(folder, teams, zone, **teams.settings)
        server = Server(folder, teams.settings)
        school = TeamsSchool(teams, server, zone)
        try:
            yield school, Rows(f"sqlite:///{folder / 'beside.sqlite3'}")
            assert await server.stop() == 0, server.log
        finally:
            if server.running():
                await server.kill()
        assert "Traceback" not in server.log, server.log


async def start(school: TeamsSchool, *arguments: str) -> None:
    school.server.arguments = arguments or SERVE
    await school.server.start()
    school.connect()


async def settled(school: TeamsSchool, rows: Rows) -> None:
    for _ in range(2000):
        if await rows.quiet():
            return
        school.query("update outbox set visible_at = 0 where state in ('ready', 'sending')")
        school.query("update lane set ready_at = 0")
        await asyncio.sleep(0.05)
    raise AssertionError(school.query("select occurrence_key, state, last_error from outbox"))


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", often(BY_A_WORD, "received", "committed", "accepted", "marked"))
async def test_a_kill_after_a_word_loses_nothing_and_doubles_at_most_what_is_in_doubt(
    tmp_path: Path, point: str
) -> None:
    async with school_of(tmp_path) as (school, rows):
        await start(school, *PROGRAM, f"{point}:1")
        said = await school.cleo.say("hello", how=Delivery(retries=False))
        assert await school.server.wait() == KILLED, school.server.log
        await start(school)
        if not said.ok:
            again = await school.teams.courier.again(said)
            assert again.ok, "what was not taken is told again"
        await until(lambda: read(school.cleo), lambda: school.query("select state, last_error from outbox"))
        await settled(school, rows)
        hello = [one for one in read(school.cleo) if "I'm Beside" in one]
        assert 1 <= len(hello) <= (2 if point in IN_DOUBT else 1), (point, hello)


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", often((*IN_DOUBT, "marked"), "writing", "accepted"))
async def test_a_kill_around_a_nudge_never_doubles_it_and_leaves_it_in_sight(tmp_path: Path, point: str) -> None:
    async with school_of(tmp_path) as (school, rows):
        # Nobody else is written to: the kill is to meet hers.
        school.query("delete from plan where topic = 'meeting'")
        school.query("update person set chat = 'on' where handle = 'cleo'")
        school.query(
            "insert into plan (id, organization_id, person_id, topic, thread_id, next_due_at, local_date, status) "
            "select 'p', organization_id, id, 'checkin', '', 99999999999, ?, 'active' from person "
            "where handle = 'cleo'",
            school.iso(0),
        )
        await start(school)
        assert all(one.ok for one in await school.cleo.install())
        assert await school.server.stop() == 0
        await start(school, *PROGRAM, f"{point}:1")
        school.bring_near("cleo")
        assert await school.server.wait() == KILLED, school.server.log
        await start(school)
        await settled(school, rows)
        asked = [one for one in read(school.cleo) if "One question about this week" in one]
        states = [row[0] for row in school.query("select state from outbox where kind = 'say' and topic = 'checkin'")]
        assert len(asked) <= 1
        assert states == ["sent" if point == "marked" else "ambiguous"], (point, states)
        assert len(asked) == (point in ("accepted", "marking", "marked")), (point, asked)
