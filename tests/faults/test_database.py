"""A database that is held, cut off or killed while people talk: nothing lost, nothing twice, and soon back."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.staff import GREETED, GREETING, KILLED, Outcome, Staff, staff
from tests.support import postgres

CUT = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{}' and pid <> pg_backend_pid()"
BACK_WITHIN = 200.0  # a hang guard: the figure is 5 s on a quiet machine


async def talk(school: Staff, times: int) -> None:
    async def talks(name: str) -> None:
        for n in range(times):
            await school.say(name, f"hello {n}")

    await asyncio.gather(*map(talks, GREETING))


async def back(school: Staff) -> float:
    """How long until it is ready again, and one more word is taken and answered."""
    begun = time.monotonic()
    async with asyncio.timeout(240):
        while not await school.server.ready():
            assert school.server.running(), school.server.log
            await asyncio.sleep(0.05)
        await school.tell_again()
        assert (await school.say("fay", "still there?")).ok
        assert await school.settled()
    return time.monotonic() - begun


@pytest.mark.req("KEEP-5")
async def test_a_sqlite_file_that_somebody_else_writes_to_loses_nothing(tmp_path: Path) -> None:
    async with staff(tmp_path) as school:
        await school.start()
        with closing(sqlite3.connect(tmp_path / "beside.sqlite3", isolation_level=None)) as other:
            talking = asyncio.create_task(talk(school, 4))
            await school.bring_near(*GREETED)
            await asyncio.sleep(0.3)
            other.execute("begin immediate")
            await asyncio.sleep(3)
            other.execute("rollback")
        await talking
        await school.tell_again()
        assert await school.settled()
        assert school.outcome() == Outcome()


@pytest.mark.req("KEEP-4")
async def test_connections_that_are_cut_lose_nothing(tmp_path: Path, postgres_server: postgres.Server) -> None:
    async with staff(tmp_path, postgres_server) as school:
        await school.start()
        name = school.rows.url.rpartition("/")[2]
        talking = asyncio.create_task(talk(school, 8))
        await school.bring_near(*GREETED)
        for _ in range(4):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(postgres_server.sql, CUT.format(name))
        await talking
        assert await back(school) < BACK_WITHIN
        assert school.outcome() == Outcome()


@pytest.mark.slow
@pytest.mark.req("KEEP-3", "KEEP-4")
async def test_a_postgresql_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    with postgres.private_server() as server:
        async with staff(tmp_path, server) as school:
            await school.start()
            await school.bring_near(*GREETED)
            for _ in range(5):
                talking = asyncio.create_task(talk(school, 3))
                await asyncio.sleep(0.4)
                await asyncio.to_thread(server.restart)
                await talking
                assert await back(school) < BACK_WITHIN
            assert school.outcome() == Outcome()


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
async def test_the_lane_of_a_killed_process_is_taken_over_within_a_minute(
    tmp_path: Path, postgres_server: postgres.Server
) -> None:
    async with staff(tmp_path, postgres_server) as school:
        await school.start("-m", "tests.faults.crashing", "accepted:1")
        await school.say("fay")
        assert await school.server.wait() == KILLED
        await school.start()
        await school.say("gus")
        assert await school.settled(75)
        assert school.outcome() == Outcome()
