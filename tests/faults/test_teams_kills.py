"""`kill -9` between a word and its answer on Teams, which cannot be asked: nothing lost, doubled at most once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from sqlalchemy import delete, insert, select, update

from bot.store import tables as t
from tests.fakes.teams import Delivery, Teams
from tests.faults.crashing import POINTS
from tests.faults.staff import KILLED, SERVE, Rows
from tests.support import postgres
from tests.support.process import Server
from tests.support.school import KEYS, morning
from tests.support.teams_school import TeamsSchool, fill, read

PROGRAM = ("-m", "tests.faults.crashing")
# Whoever died here had written to Teams, or was about to, and nobody can say which.
IN_DOUBT = ("writing", "accepted", "marking")
BY_A_WORD = tuple(point for point in POINTS if point not in ("planning", "planned", "due deciding", "due committed"))
# Around a nudge, with what is known of it afterwards and how often it came. The moment is the first that is taken, and
# the question that comes of it the second.
NUDGED = {
    "planning:1": ("sent", 1), "planned:1": ("sent", 1), "taken:1": ("sent", 1), "due deciding:1": ("sent", 1),
    "due committed:1": ("sent", 1), "taken:2": ("ambiguous", 0), "writing:1": ("ambiguous", 0),
    "accepted:1": ("ambiguous", 1), "marking:1": ("ambiguous", 1), "marked:1": ("sent", 1),
}  # fmt: skip
_numbers = count(1)
_templates: dict[tuple[Path, str], str] = {}


def often(points: Sequence[str], *every: str) -> list[ParameterSet]:
    """These in every run, the others in `make faults`."""
    return [pytest.param(point, marks=[] if point in every else [pytest.mark.slow]) for point in points]


class House:
    """The school on Teams, the server it talks to, and a hand in its database."""

    def __init__(self, school: TeamsSchool, rows: Rows) -> None:
        self.school = school
        self.rows = rows
        self.teams = school.teams
        self.server = school.server
        self.cleo = school.cleo

    async def start(self, *arguments: str) -> None:
        self.server.arguments = arguments or SERVE
        await self.server.start()
        self.school.connect()

    async def a_minute_passes(self) -> None:
        """The leases of a killed process have run out. On SQLite nobody waits for that."""
        await self.rows.run(update(t.lane).where(t.lane.c.leased_until.is_not(None)).values(leased_until=0, ready_at=0))

    async def settled(self) -> None:
        """What rests after a doubt is looked at now, until nothing is on its way; what is held is left alone."""
        o, c = t.outbox.c, t.lane.c
        async with asyncio.timeout(120):
            while not await self.rows.quiet():
                now = int(datetime.now(UTC).timestamp())
                resting = select(o.number).where(o.state.in_(("ready", "sending")), o.visible_at > now)
                lanes = select(c.id).where(c.ready_at > now, c.leased_until.is_(None))
                numbers, ids = (one.with_for_update(skip_locked=True) for one in (resting, lanes))
                await self.rows.run(update(t.outbox).where(o.number.in_(numbers)).values(visible_at=now))
                await self.rows.run(update(t.lane).where(c.id.in_(ids)).values(ready_at=0))
                await asyncio.sleep(0.2)

    async def states(self, topic: str) -> list[str]:
        o = t.outbox.c
        return [str(row[0]) for row in await self.rows.run(select(o.state).where(o.kind == "say", o.topic == topic))]


@asynccontextmanager
async def school_of(folder: Path, server: postgres.Server | None = None) -> AsyncIterator[House]:
    """Imported and not yet started. On SQLite, or with a database of its own on that server."""
    zone, url = morning(), f"sqlite:///{folder / 'beside.sqlite3'}"
    async with Teams() as teams:
        teams.pace.on = False
        settings = teams.settings | {
            "BESIDE_KEYS": KEYS,
        }
        if server is None:
            await fill(folder, teams, zone, **settings)
        else:
            url = await _database(folder, teams, zone, server, settings)
            settings |= {"BESIDE_DATABASE_URL": url}
        program = Server(folder, settings)
        try:
            yield House(TeamsSchool(teams, program, zone), Rows(url))
            assert await program.stop() == 0, program.log
        finally:
            if program.running():
                await program.kill()
            if server is not None:
                server.drop_database(url.rpartition("/")[2])
        assert "Traceback" not in program.log, program.log
    assert teams.state.complaints == []


async def _database(folder: Path, teams: Teams, zone: str, server: postgres.Server, settings: dict[str, str]) -> str:
    """Brought once on that server, then copied."""
    name = f"teams_{folder.parent.name}_{folder.name}_{next(_numbers)}".replace("-", "_")[-56:]
    if (server.home, zone) not in _templates:
        url = server.make_database(f"{name}_all")
        await fill(folder, teams, zone, **settings, BESIDE_DATABASE_URL=url)
        _templates[server.home, zone] = f"{name}_all"
    return server.make_database(name, template=_templates[server.home, zone])


async def a_word(house: House, point: str) -> None:
    await house.start(*PROGRAM, f"{point}:1")
    said = await house.cleo.say("hello", how=Delivery(retries=False))
    assert await house.server.wait() == KILLED, house.server.log
    await house.a_minute_passes()
    await house.start()
    if not said.ok:
        again = await house.teams.courier.again(said)
        assert again.ok, "what was not taken is told again"
    await house.settled()
    hello = [one for one in read(house.cleo) if "I'm Beside" in one]
    assert 1 <= len(hello) <= (2 if point in IN_DOUBT else 1), (point, hello)


async def a_nudge(house: House, where: str) -> None:
    """Nobody else is written to: the kill is to meet hers."""
    p, person = t.plan.c, t.person.c
    ((cleo, organization),) = await house.rows.run(
        select(person.id, person.organization_id).where(person.handle == "cleo")
    )
    await house.rows.run(delete(t.plan).where(p.topic == "meeting"))
    await house.rows.run(update(t.person).where(person.id == cleo).values(chat="on"))
    plan = {
        "id": "p", "organization_id": organization, "person_id": cleo, "topic": "checkin", "thread_id": "",
        "next_due_at": 99999999999, "local_date": house.school.iso(0), "status": "active",
    }  # fmt: skip
    await house.rows.run(insert(t.plan).values(plan))
    await house.start(*PROGRAM, where)
    # Met already, so that nothing is said to her now.
    assert all(one.ok for one in await house.cleo.install())
    now = int(datetime.now(UTC).timestamp())
    await house.rows.run(update(t.plan).where(p.id == "p").values(next_due_at=now))
    assert await house.server.wait() == KILLED, house.server.log
    await house.a_minute_passes()
    await house.start()
    await house.settled()
    asked = [one for one in read(house.cleo) if "One question about this week" in one]
    assert (await house.states("checkin"), len(asked)) == ([NUDGED[where][0]], NUDGED[where][1])


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", often(BY_A_WORD, "received", "committed", "accepted", "marked"))
async def test_a_kill_after_a_word_loses_nothing_and_doubles_at_most_what_is_in_doubt(
    tmp_path: Path, point: str
) -> None:
    async with school_of(tmp_path) as house:
        await a_word(house, point)


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("where", often([*NUDGED], "taken:2", "accepted:1"))
async def test_a_kill_around_a_nudge_never_doubles_it_and_leaves_it_in_sight(tmp_path: Path, where: str) -> None:
    async with school_of(tmp_path) as house:
        await a_nudge(house, where)


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", BY_A_WORD)
async def test_a_kill_after_a_word_loses_nothing_on_postgresql(
    tmp_path: Path, postgres_server: postgres.Server, point: str
) -> None:
    async with school_of(tmp_path, postgres_server) as house:
        await a_word(house, point)


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("where", NUDGED)
async def test_a_kill_around_a_nudge_never_doubles_it_on_postgresql(
    tmp_path: Path, postgres_server: postgres.Server, where: str
) -> None:
    async with school_of(tmp_path, postgres_server) as house:
        await a_nudge(house, where)
