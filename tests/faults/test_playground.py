"""The same kills in the playground, spoken to over HTTP as its page does: nothing lost, and nothing twice."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from bot.demo import OPENS
from tests.faults.staff import KILLED, SERVE, quick
from tests.support.process import Server

ANA = "select id from person where handle = 'ana'"
ON_ITS_WAY = "select count(*) from outbox where state in ('ready', 'sending')"
DUE = "select count(*) from plan where status = 'active' and next_due_at <= ?"


class Page:
    """An open page: its cookie and token, and what it sends again when nobody answered."""

    def __init__(self, server: Server, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session
        self._token = ""

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.server.folder / "beside.sqlite3", timeout=60)) as file, file:
            return list(file.execute(sql, values))

    def count(self, sql: str, *values: object) -> int:
        return int(str(self.query(sql, *values)[0][0]))

    async def load(self) -> None:
        async with self._session.get(self.server.url) as answer:
            found = re.search(r'<meta name="csrf" content="([^"]+)">', await answer.text())
        assert found
        self._token = found[1]

    async def say(self, words: str, key: str) -> bool:
        """Whether it was taken."""
        headers = {"X-CSRF-Token": self._token, "Idempotency-Key": key}
        body = {"person": "ana", "text": words}
        try:
            async with self._session.post(f"{self.server.url}/playground/say", json=body, headers=headers) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def bring_near(self) -> None:
        """Ana's check-in is due as the playground opens."""
        at = int(OPENS.timestamp())
        self.query(f"update plan set next_due_at = ? where topic = 'checkin' and person_id = ({ANA})", at)  # noqa: S608

    def cards(self) -> int:
        return self.count(f"select count(*) from remark where kind = 'card' and person_id = ({ANA})")  # noqa: S608

    async def settled(self) -> bool:
        return await quick(
            lambda: not self.count(DUE, int(OPENS.timestamp())) and not self.count(ON_ITS_WAY), self.server
        )


@asynccontextmanager
async def playground(folder: Path) -> AsyncIterator[Page]:
    server = Server(folder, {})
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        try:
            yield Page(server, session)
            assert await server.stop() == 0, server.log
        finally:
            if server.running():
                await server.kill()
    assert "Traceback" not in server.log, server.log


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", ["committed", "planned", "writing", "accepted", "marking"])
async def test_a_kill_in_the_playground_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    async with playground(tmp_path) as page:
        page.server.arguments = ("-m", "tests.faults.crashing", f"{point}:1")
        await page.server.start()
        await page.load()
        before = page.cards()
        taken = await page.say("The fractions went well.", "one-and-the-same")
        page.bring_near()
        assert not await page.settled()
        assert await page.server.wait() == KILLED
        page.server.arguments = SERVE
        await page.server.start()
        if not taken:
            assert await page.say("The fractions went well.", "one-and-the-same")
        assert await page.settled()
        assert page.cards() == before + 2
        assert page.count("select count(*) from remark where kind = 'words' and key like '%one-and-the-same%'") == 1
