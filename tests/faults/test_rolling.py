"""Two servers on one PostgreSQL are stopped and started one after the other while people talk: nobody notices."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.slack import Delivery
from tests.faults.staff import GREETED, GREETING, Outcome, Staff, staff
from tests.support import postgres
from tests.support.process import Server

log = logging.getLogger("beside.tests")
PATIENCE = 60.0
ROUNDS = 3


class Proxy:
    """Leads each request to the next server that takes it: one that is not there, or says 503, is passed over."""

    def __init__(self, *servers: Server) -> None:
        self._servers = servers
        self._turn = 0
        self.passed_over = 0

    async def handle(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), {k: v for k, v in request.headers.items() if k.lower() != "host"}
        async with asyncio.timeout(PATIENCE):
            while True:
                self._turn += 1
                server = self._servers[self._turn % len(self._servers)]
                try:
                    async with self._session.post(f"{server.url}{request.path}", data=body, headers=headers) as answer:
                        if answer.status != 503:
                            kind = answer.headers.get("Content-Type", "text/plain")
                            return web.Response(
                                status=answer.status, body=await answer.read(), headers={"Content-Type": kind}
                            )
                except aiohttp.ClientConnectorError:
                    pass  # nobody listens: it has not been told anything
                self.passed_over += 1
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/{path:.*}", self.handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        # A connection for each request: one that is kept may be closed by a server that stops, as a request is written.
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as self._session:
            try:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}"
            finally:
                await runner.cleanup()


class Talk:
    """Somebody who says one thing after the other, and is heard the first time each time."""

    def __init__(self, school: Staff, name: str) -> None:
        self.said = 0
        self.over = asyncio.Event()
        self._school = school
        self._name = name

    async def goes_on(self) -> None:
        user = self._school.user(self._name)
        while not self.over.is_set():
            self.said += 1
            if self.said % 5 == 1:
                self._school.owed[self._name] += 1
                done = await user.say(f"hello {self.said}", how=Delivery(retries=False))
            else:
                done = await user.command("/beside", "help", how=Delivery(retries=False))
            assert done.statuses == [200], done.replies
            await asyncio.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.req("RUN-10", "KEEP-11")
async def test_replicas_that_are_replaced_one_after_the_other_fail_nobody(
    tmp_path: Path, postgres_server: postgres.Server
) -> None:
    async with staff(tmp_path, postgres_server) as school:
        await school.start()
        (tmp_path / "twin").mkdir()
        twin = Server(tmp_path / "twin", school.server.settings)
        await twin.start()
        proxy = Proxy(school.server, twin)
        try:
            async with proxy.open() as door:
                school.slack.connect(f"{door}/slack/events")
                talks = [Talk(school, name) for name in GREETING]
                talking = [asyncio.create_task(one.goes_on()) for one in talks]
                for number in range(ROUNDS):
                    if number == 1:
                        await school.bring_near(*GREETED)
                    for server in (school.server, twin):
                        before = sum(one.said for one in talks)
                        assert await server.stop() == 0, server.log
                        await server.start()
                        while sum(one.said for one in talks) < before + 20:
                            assert not any(one.done() for one in talking), [one for one in talking if one.done()]
                            await asyncio.sleep(0.05)
                for one in talks:
                    one.over.set()
                await asyncio.gather(*talking)
                assert await school.settled(240)
                log.info("%d requests, %d passed over", sum(one.said for one in talks), proxy.passed_over)
            assert school.outcome() == Outcome()
            assert "Traceback" not in twin.log
        finally:
            assert await twin.stop() == 0, twin.log
