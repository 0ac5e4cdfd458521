"""Many commands at once, each committed before it is answered; and who has done much is as large as before."""

import asyncio
import gc
import logging
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import psutil
import pytest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select

from bot.outbox import Outbox
from bot.platform import Parcel, Receipt
from bot.store import Store
from bot.store import tables as t
from bot.timer import Timer
from bot.vault import Keyring
from tests.faults.staff import Staff, staff
from tests.support import postgres
from tests.support.dialog import Shelf, Stage

log = logging.getLogger("beside.tests")
AT_ONCE = 16
P99, MOST = 2.5, 25.0  # hang guards: on a quiet machine it is 250 ms and 2.5 s
GROWN = 10.0
MB = 2**20
_numbers = count()


class Load:
    """A coach who types so many commands at once, each of another minute or length; and what came of them."""

    def __init__(self, school: Staff, session: aiohttp.ClientSession) -> None:
        self._school = school
        self._session = session
        self.times: list[float] = []
        self.wrong: list[str] = []

    async def typed(self, many: int) -> None:
        left = iter(range(many))

        async def hand() -> None:
            for _ in left:
                await self._one()

        await asyncio.gather(*(hand() for _ in range(AT_ONCE)))

    async def _one(self) -> None:
        n, slack = next(_numbers), self._school.slack
        sam = self._school.user("sam").id
        text = f"@ana tue {8 + n % 6}:{n // 6 % 60:02d} {30 + n // 360 % 60}m launch"
        body = urlencode({
            "command": "/coteach", "text": text, "user_id": sam, "user_name": "sam", "team_id": slack.team.id,
            "team_domain": "t", "channel_id": "C1", "channel_name": "general", "api_app_id": "A1", "token": "t",
            "trigger_id": f"load.{n}", "response_url": f"{slack.url}/hooks/commands/T/1",
        })  # fmt: skip
        stamp = str(int(time.time()))
        signature = SignatureVerifier(slack.secret).generate_signature(timestamp=stamp, body=body)
        headers = {
            "X-Slack-Signature": signature or "", "X-Slack-Request-Timestamp": stamp,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        begun = time.perf_counter()
        async with self._session.post(f"{self._school.server.url}/slack/events", data=body, headers=headers) as answer:
            told = await answer.text()
        self.times.append(time.perf_counter() - begun)
        if answer.status != 200:
            self.wrong.append(f"{answer.status} {told[:200]}")


@asynccontextmanager
async def loaded(folder: Path, server: postgres.Server | None = None) -> AsyncIterator[tuple[Staff, Load]]:
    async with staff(folder, server) as school, aiohttp.ClientSession() as session:
        await school.start()
        yield school, Load(school, session)


async def threads(school: Staff) -> int:
    return await school.rows.one(select(func.count()).select_from(t.thread).where(t.thread.c.flow == "coteach"))


def size(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / MB


@pytest.mark.slow
@pytest.mark.req("RUN-8")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_two_thousand_commands_at_sixteen_at_once(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    async with loaded(tmp_path, server) as (school, load):
        await load.typed(50)
        load.times.clear()
        begun = time.perf_counter()
        await load.typed(2000)
        rate = 2000 / (time.perf_counter() - begun)
        p99, most = statistics.quantiles(load.times, n=100)[98], max(load.times)
        log.info("%s: %.0f a second, p99 %.0f ms, at most %.0f ms", kind, rate, p99 * 1e3, most * 1e3)
        assert load.wrong == []
        assert await threads(school) == 2050
        assert p99 < P99
        assert most < MOST


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.req("RUN-7")
async def test_a_server_that_was_asked_ten_thousand_times_is_as_large_as_before(tmp_path: Path) -> None:
    async with loaded(tmp_path) as (school, load):
        await load.typed(2000)
        before = size(school.server.pid)
        await load.typed(10_000)
        after = size(school.server.pid)
        log.info("%.1f MB after 2,000 and %.1f MB after 12,000", before, after)
        assert load.wrong == []
        assert after - before <= GROWN


class Sieve(Shelf):
    """A platform that remembers nothing."""

    async def deliver(self, parcel: Parcel) -> Receipt:
        return Receipt(parcel.person, parcel.key)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.req("RUN-7")
async def test_ten_thousand_words_and_an_idle_hour_leave_a_process_as_large_as_before(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    stage.platforms["web"] = Sieve("web")
    stage.outbox = Outbox(store, stage.engine, stage.platforms, stage.clock)
    stage.timer = Timer(store, stage.outbox, stage.clock)

    async def talk(many: int) -> None:
        for n in range(many):
            who, words = (("ana", "They argued about halves."), ("ben", "help"), ("sam", "/beside now"))[n % 3]
            await stage.engine.handle(stage.event(who, words, stage.key()))
            if n % 50 == 0:
                stage.clock.move(stage.clock() + timedelta(minutes=10))
                await stage.timer.tick()
                await stage.outbox.sweep()
        gc.collect()

    await talk(2000)
    before = size(psutil.Process().pid)
    await talk(10_000)
    then = size(psutil.Process().pid)
    for _ in range(3600):
        stage.clock.move(stage.clock() + timedelta(seconds=1))
        await stage.timer.tick()
        await stage.outbox.sweep()
    gc.collect()
    after = size(psutil.Process().pid)
    log.info("%.1f MB, %.1f MB after 10,000 events, %.1f MB after an idle hour", before, then, after)
    await store.close()
    assert then - before <= GROWN
    assert after - then <= GROWN
