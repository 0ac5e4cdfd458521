"""Several processes on one PostgreSQL: each question once, whoever of them dies, sleeps, or loses the database."""

import asyncio
import logging
import signal
import time
from pathlib import Path

import pytest

from tests.faults.test_storm import KILLED
from tests.faults.weather import Sky, Weather, over, weather
from tests.support import postgres
from tests.support.forking import Program

log = logging.getLogger("beside.tests")
ASLEEP = 45.0  # longer than a lease
# Hang guards: on a quiet machine of two cores it is 10 s, and some minutes.
BACK_WITHIN = 100.0
ALL_WITHIN = 1500.0
BEGUN_WITHIN = 400.0


async def begun(sky: Weather, number: int) -> None:
    """So many were sent."""
    async with asyncio.timeout(BEGUN_WITHIN):
        while sky.sent().total() < number:  # noqa: ASYNC110 - a file raises no event
            await asyncio.sleep(0.05)


async def at_work(sky: Weather, *processes: Program) -> None:
    """Each of these has sent something, and so holds lanes."""
    async with asyncio.timeout(BEGUN_WITHIN):
        while not all(sky.file.with_name(f"at-work-{one.pid}").exists() for one in processes):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)


@pytest.mark.req("ONCE-5")
async def test_two_processes_ask_everybody_once(tmp_path: Path, postgres_server: postgres.Server) -> None:
    async with weather(tmp_path, postgres_server, lanes=12, each=10) as sky:
        both = [await sky.start() for _ in range(2)]
        assert [await over(one) for one in both] == [0, 0], sky.log.read_text()
        assert await sky.after() == Sky()


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.req("ONCE-5")
@pytest.mark.parametrize("replicas", [2, 4])
async def test_replicas_ask_ten_thousand_once(tmp_path: Path, postgres_server: postgres.Server, replicas: int) -> None:
    async with weather(tmp_path, postgres_server, lanes=100, each=100) as sky:
        all_ = [await sky.start() for _ in range(replicas)]
        assert [await over(one, ALL_WITHIN) for one in all_] == [0] * replicas, sky.log.read_text()
        assert await sky.after() == Sky()


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.req("ONCE-5", "KEEP-1")
async def test_one_is_killed_and_one_sleeps_beyond_its_lease(tmp_path: Path, postgres_server: postgres.Server) -> None:
    async with weather(tmp_path, postgres_server, lanes=40, each=40) as sky:
        killed, sleeper, *others = [await sky.start() for _ in range(4)]
        await at_work(sky, killed, sleeper)
        sleeper.send_signal(signal.SIGSTOP)
        killed.send_signal(signal.SIGKILL)
        await asyncio.sleep(ASLEEP)
        sleeper.send_signal(signal.SIGCONT)
        ended = [await over(one, ALL_WITHIN) for one in (killed, sleeper, *others)]
        assert ended == [KILLED, 0, 0, 0], sky.log.read_text()
        assert await sky.after() == Sky()
        # It comes back to lanes that are not its own any more, or to a transaction that the database has ended.
        assert any(words in sky.log.read_text("utf-8") for words in ("a lane was taken over", "lane stopped"))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.req("KEEP-3")
async def test_a_database_that_is_killed_on_the_way_is_waited_for(tmp_path: Path) -> None:
    with postgres.private_server() as server:
        async with weather(tmp_path, server, lanes=20, each=40) as sky:
            both = [await sky.start() for _ in range(2)]
            await begun(sky, 50)
            await asyncio.to_thread(server.restart)
            there, since = sky.sent().total(), time.monotonic()
            await begun(sky, there + 1)
            back = time.monotonic() - since
            log.info("sending again after %.1f s", back)
            assert [await over(one, ALL_WITHIN) for one in both] == [0, 0], sky.log.read_text()
            assert await sky.after() == Sky()
            assert back < BACK_WITHIN
