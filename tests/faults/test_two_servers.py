"""Two servers on one PostgreSQL behind one door: whoever of them is told, and how often, it happens once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.fakes.slack import Delivery
from tests.faults.staff import Outcome, staff
from tests.support import postgres
from tests.support.process import Server

AT_ONCE = Delivery(copies=20)


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def between(*servers: Server) -> AsyncIterator[str]:
    """An address whose connections go to each of these in turn."""
    turns = cycle(int(one.url.rpartition(":")[2]) for one in servers)

    async def led(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", next(turns))
        await asyncio.gather(_poured(reader, back), _poured(there, writer))

    door = await asyncio.start_server(led, "127.0.0.1", 0)
    async with door:
        yield f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}"


async def figures(server: Server, *names: str) -> list[float]:
    """What it has counted, over all labels."""
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/metrics") as answer:
        told = {family.name: family for family in text_string_to_metric_families(await answer.text())}
    return [sum(one.value for one in told[name].samples if one.name == f"{name}_total") for name in names]


@pytest.mark.slow
@pytest.mark.req("ONCE-2", "ONCE-4")
async def test_what_two_servers_are_told_twenty_times_at_once_happens_once(
    tmp_path: Path, postgres_server: postgres.Server
) -> None:
    async with staff(tmp_path, postgres_server) as school:
        await school.start()
        (tmp_path / "twin").mkdir()
        twin = Server(tmp_path / "twin", school.server.settings)
        await twin.start()
        try:
            async with between(school.server, twin) as door:
                school.slack.connect(f"{door}/slack/events")
                for name in ("fay", "gus"):
                    school.owed[name] += 1
                    said = await school.user(name).say("hello", how=AT_ONCE)
                    assert said.statuses == [200] * 20
                asked = await school.user("sam").command("/beside", "help", how=AT_ONCE)
                assert asked.statuses == [200] * 20
                assert len(set(asked.bodies)) == 1, "the same answer each time"
            assert await school.settled()
            assert school.outcome() == Outcome()
            counted = [
                await figures(one, "beside_inbound_requests", "beside_duplicates") for one in (school.server, twin)
            ]
            assert [came for came, _ in counted] == [30, 30]
            assert sum(again for _, again in counted) == 57
        finally:
            assert await twin.stop() == 0, twin.log
