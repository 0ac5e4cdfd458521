"""SIGTERM while people talk: nothing more is taken, what was taken is finished, and nothing is lost."""

import asyncio
import random
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.listening import bound, knocking
from tests.faults.staff import GREETED, GREETING, Outcome, Staff, staff
from tests.support.process import Server, serving

A_STOP = 100.0  # hang guards: on a quiet machine it is 10 s, and half a second
SHUT = 5.0


async def under_load(school: Staff, seconds: float) -> None:
    """Five talk without a pause and five are greeted; after so many seconds the server is asked to stop."""
    await school.start()
    talking = [asyncio.create_task(_talks(school, name)) for name in GREETING]
    await school.bring_near(*GREETED)
    await asyncio.sleep(seconds)
    asked = time.monotonic()
    school.server.send(signal.SIGTERM)
    ending = asyncio.create_task(school.server.wait())
    await _shut(school.server)
    assert await ending == 0, school.server.log
    assert time.monotonic() - asked < A_STOP
    await asyncio.gather(*talking)


async def _talks(school: Staff, name: str) -> None:
    for n in range(8):
        await school.say(name, f"hello {n}")


async def _shut(server: Server) -> None:
    """Wait until it takes no new connections."""
    async with asyncio.timeout(SHUT):
        while server.running() and await _listens(server.url):  # noqa: ASYNC110 - a port raises no event
            await asyncio.sleep(0.05)


async def _listens(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/healthz"):
            return True
    except aiohttp.ClientError:
        return False


async def stopped_under_load(folder: Path, seed: int, way: str = "http") -> None:
    async with staff(folder, way=way) as school:
        await under_load(school, random.Random(seed).uniform(0.0, 1.2))  # noqa: S311 - a moment, not a secret
        await school.start()
        await school.tell_again()
        assert await school.settled()
        assert school.outcome() == Outcome()


@pytest.mark.req("KEEP-11")
@pytest.mark.parametrize("way", ["http", "socket"])
async def test_a_stop_under_load_loses_nothing(tmp_path: Path, way: str) -> None:
    await stopped_under_load(tmp_path, 0, way)


@pytest.mark.slow
@pytest.mark.req("KEEP-11")
@pytest.mark.parametrize("way", ["http", "socket"])
@pytest.mark.parametrize("seed", range(1, 20))
async def test_a_stop_at_any_moment_loses_nothing(tmp_path: Path, seed: int, way: str) -> None:
    await stopped_under_load(tmp_path, seed, way)


@pytest.mark.req("KEEP-11")
@pytest.mark.parametrize("twice", [False, True])
async def test_a_platform_that_hangs_holds_up_no_stop(tmp_path: Path, twice: bool) -> None:
    async with staff(tmp_path) as school:
        await school.start()
        hanging = school.slack.fail("hang", "chat.postMessage", seconds=60)
        await school.say("fay")
        async with asyncio.timeout(200):
            while hanging.times:  # noqa: ASYNC110 - the fake raises no event
                await asyncio.sleep(0.02)
        asked = time.monotonic()
        school.server.send(signal.SIGTERM)
        if twice:
            await _shut(school.server)
            assert school.server.running(), "it did not finish what it was sending"
            school.server.send(signal.SIGTERM)
            assert await school.server.wait(20) == 1, school.server.log
        else:
            assert await school.server.wait() == 0, school.server.log
            assert time.monotonic() - asked < A_STOP
        await school.start()
        assert await school.settled()
        assert school.outcome() == Outcome()


@pytest.mark.req("KEEP-11")
def test_who_knocks_is_let_in_before_the_door_closes() -> None:
    with bound("127.0.0.1", 0) as door, ExitStack() as stack:
        door.listen()
        door.setblocking(False)
        assert knocking(door) == []
        outside = [stack.enter_context(socket.create_connection(door.getsockname())) for _ in range(3)]
        inside = [stack.enter_context(one) for one in knocking(door)]
        door.close()
        for one in inside:
            one.sendall(b"in")
        assert [one.recv(2) for one in outside] == [b"in"] * 3


@pytest.mark.slow
@pytest.mark.req("KEEP-11", "RUN-10")
async def test_whoever_stood_in_the_door_as_it_closed_is_answered(tmp_path: Path) -> None:
    """The machine takes a connection before the program does, and would cut it off with the program's own door."""
    async with serving(tmp_path) as server:
        server.send(signal.SIGSTOP)
        lines = [await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2])) for _ in range(20)]
        for _, writer in lines:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        server.send(signal.SIGTERM)
        server.send(signal.SIGCONT)
        told = await asyncio.gather(*(reader.read() for reader, _ in lines), return_exceptions=True)
        assert [one for one in told if not isinstance(one, bytes) or b" 200 OK" not in one] == []
        assert await server.wait() == 0, server.log
        for _, writer in lines:
            writer.close()
