"""Lanes full of teachers whom a question is due to, the processes that send it, and what became of it."""

import asyncio
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.events import Account
from bot.records import Person, School
from bot.store import Store
from bot.store import tables as t
from bot.vault import Keyring
from tests.faults.staff import Rows
from tests.faults.storming import TEAM
from tests.support import postgres
from tests.support.forking import Program
from tests.support.process import environment
from tests.support.school import morning

PATIENCE: Final = 240.0
_numbers = count(1)
_kept: dict[tuple[str, int, int], str] = {}


@dataclass
class Sky:
    """What a storm left: whose question never came, which came twice, and how many rest as ambiguous in each lane."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ambiguous: dict[str, int] = field(default_factory=dict)


class Weather:
    """One database with due questions, and one file with what was sent."""

    def __init__(self, url: str, folder: Path, lanes: int, each: int, *, looks_up: bool = True) -> None:
        self.rows = Rows(url)
        self.url = url
        self.file = folder / "sent"
        self.file.touch()
        self.log = folder / "storm.log"
        self.people = [name(lane, n) for lane in range(lanes) for n in range(each)]
        self._looks_up = looks_up
        self._started: list[Program] = []

    async def start(self, where: str = "", mutant: str = "") -> Program:
        """One process: it ends by itself when all is done, or at that point."""
        arguments = (self.url, str(self.file), where, mutant, "looks up" if self._looks_up else "in the dark")
        program = ("-m", "tests.faults.storming", *arguments)
        process = await Program.start(self.log.parent, environment({}), self.log, self.log, *program)
        self._started.append(process)
        return process

    async def calm(self) -> None:
        """Nobody is left behind by a test that failed on the way."""
        for process in self._started:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()

    async def blown(self, where: str = "", mutant: str = "") -> int:
        """Its exit code."""
        return await over(await self.start(where, mutant))

    async def a_minute_passes(self) -> None:
        """The leases of a killed process have run out, and so has PgQueuer's patience with its jobs."""
        c = t.lane.c
        await self.rows.run(update(t.lane).where(c.leased_until.is_not(None)).values(leased_until=0, ready_at=0))

    def sent(self) -> Counter[str]:
        return Counter(self.file.read_text("utf-8").split())

    async def after(self) -> Sky:
        keys = self.sent()
        whose = Counter(key.split(":")[1] for key in keys)
        o = t.outbox.c
        rest = dict(await self.rows.run(select(o.person_id, o.lane_id).where(o.state == "ambiguous")))
        return Sky(
            [who for who in self.people if not whose[who] and who not in rest],
            [*(key for key, times in keys.items() if times > 1), *(who for who, keys in whose.items() if keys > 1)],
            dict(Counter(rest.values())),
        )


def name(lane: int, n: int) -> str:
    return f"p{lane}x{n}"


async def over(program: Program, seconds: float = PATIENCE) -> int:
    try:
        return await asyncio.wait_for(program.wait(), seconds)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


@asynccontextmanager
async def weather(
    folder: Path, server: postgres.Server | None = None, *, lanes: int = 5, each: int = 4, looks_up: bool = True
) -> AsyncIterator[Weather]:
    """On SQLite, or with a database of its own on that server. Made once, then copied."""
    with _database(folder, server) as url:
        kind = (server.url() if server else "sqlite", lanes, each)
        if kind not in _kept:
            await fill(url, lanes, each)
            _kept[kind] = _keep(folder, url, server)
        else:
            _copy(kind, url, server)
        sky = Weather(url, folder, lanes, each, looks_up=looks_up)
        try:
            yield sky
        finally:
            await sky.calm()


@contextmanager
def _database(folder: Path, server: postgres.Server | None) -> Iterator[str]:
    if server is None:
        yield f"sqlite:///{folder / 'beside.sqlite3'}"
        return
    name = f"storm_{folder.parent.name}_{folder.name}_{next(_numbers)}".replace("-", "_")[-60:]
    url = server.make_database(name)
    yield url
    server.drop_database(name)


def _keep(folder: Path, url: str, server: postgres.Server | None) -> str:
    """A copy to copy from."""
    if server is not None:
        name = f"{url.rpartition('/')[2]}_all"[-60:]
        server.make_database(name, template=url.rpartition("/")[2])
        return name
    kept = folder.parent / f"storm-{next(_numbers)}.sqlite3"
    shutil.copy(url.removeprefix("sqlite:///"), kept)
    return str(kept)


def _copy(kind: tuple[str, int, int], url: str, server: postgres.Server | None) -> None:
    if server is None:
        shutil.copy(_kept[kind], url.removeprefix("sqlite:///"))
        return
    name = url.rpartition("/")[2]
    server.drop_database(name)
    server.make_database(name, template=_kept[kind])


async def fill(url: str, lanes: int, each: int) -> None:
    """So many workspaces with so many teachers, where it is nine in the morning, and everybody's question is due."""
    store, zone, now = await Store.open(url, Keyring.of("k1")), morning(), datetime.now(UTC)
    here = now.astimezone(ZoneInfo(zone))
    hour = here.hour * 60 + here.minute - 15
    # Due for a while already: what is due this very second has no lag yet, and a quick process would see nothing to do.
    due = now - timedelta(minutes=1)
    for lane in range(lanes):
        house = f"o{lane}"
        await store.create_organization(house, house)
        async with store.begin(house) as tx:
            await tx.save_school(
                School(id=f"s{lane}", organization=house, name=house, zone=zone, opens=0, closes=1439, weekend=())
            )
            for n in range(each):
                who = name(lane, n)
                await tx.keep(
                    Person(id=who, organization=house, handle=who, name=f"{who} Park", role="teacher",
                           school=f"s{lane}", zone=zone, chat="on", minute=hour)
                )  # fmt: skip
                await tx.add_account(who, Account(platform=TEAM, team=f"T{lane}", user=f"U{who}", channel=f"D{who}"))
                await tx.plan(key=f"{who}:checkin:", person=who, topic="checkin", at=due, day=here.date())
    await store.close()
