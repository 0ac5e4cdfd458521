"""Ten teachers on a fake Slack: five whom Beside greets when it is time, five who greet it; and what became of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Executable, func, select, update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.store import mapped
from bot.store import tables as t
from bot.store.lanes import NOWHERE
from tests.fakes.slack import Delivery, Profile, Result, Slack, User
from tests.support import postgres
from tests.support.process import Server, beside
from tests.support.school import KEYS, SCHOOLS, doors, morning, reach

GREETED: Final = ("ana", "ben", "cam", "dan", "eva")  # with a coach: a first meeting is planned for them
GREETING: Final = ("fay", "gus", "hal", "ida", "joe")  # without one: they are met when they say something
TEACHERS: Final = GREETED + GREETING
SERVE: Final = ("-m", "bot", "serve")
FILE: Final = "beside.sqlite3"
HELLO: Final = "I'm Beside"
OTHERWISE: Final = "“help” lists it all."
KILLED: Final = -9
A_WORD: Final = 30.0  # a hang guard: Slack waits for three seconds
FAR: Final = int(timedelta(days=2).total_seconds())
_numbers = count(1)


class Rows:
    """A look into the database, and a hand in it, from beside the server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_async_engine(mapped(url), poolclass=NullPool)

    async def run(self, statement: Executable) -> list[tuple[Any, ...]]:
        async with self._engine.begin() as connection:
            done = await connection.execute(statement)
            return [tuple(row) for row in done.all()] if done.returns_rows else []

    async def one(self, statement: Executable) -> int:
        return int((await self.run(statement))[0][0])

    async def quiet(self) -> bool:
        """Nothing is due, and nothing is on its way: asked in the order in which one becomes the other."""
        now = int(datetime.now(UTC).timestamp())
        o, p = t.outbox.c, t.plan.c
        on_its_way = select(func.count()).where(o.state.in_(("ready", "sending")), o.lane_id != NOWHERE)
        due = select(func.count()).where(p.status == "active", p.next_due_at <= now)
        return not await self.one(due) and not await self.one(on_its_way)


async def quick(fact: Callable[[], bool], server: Server, seconds: float = 240) -> bool:
    """Wait until it is so; False where the server died before."""
    async with asyncio.timeout(seconds):
        while not fact():
            if not server.running():
                return False
            await asyncio.sleep(0.05)
    return server.running()


@dataclass
class Outcome:
    """Whose words were taken and led to nothing, and who was told something twice."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


class Staff:
    """The teachers, the server they talk to, its database, and what was promised to whom."""

    def __init__(self, slack: Slack, server: Server, rows: Rows, way: str) -> None:
        self.slack = slack
        self.way = way
        self.server = server
        self.rows = rows
        self.owed: Counter[str] = Counter()
        self.untaken: list[Result] = []

    def user(self, name: str) -> User:
        return self.slack.team.user(name)

    async def start(self, *arguments: str) -> None:
        self.server.arguments = arguments or SERVE
        await self.server.start()
        await reach(self.slack, self.server, self.way)

    async def say(self, name: str, words: str = "hello") -> Result:
        """Each is answered with the card of the first meeting. What got no 200 is told again after the next start."""
        self.owed[name] += 1
        result = await self.user(name).say(words, how=Delivery(retries=False))
        if not result.ok:
            self.untaken.append(result)
        return result

    async def bring_near(self, *names: str) -> None:
        """What is planned for them is due now."""
        self.owed.update(names)
        now = int(datetime.now(UTC).timestamp())
        handles = select(t.person.c.id).where(t.person.c.handle.in_(names))
        p = t.plan.c
        await self.rows.run(update(t.plan).where(p.person_id.in_(handles)).values(next_due_at=now))

    async def tell_again(self) -> None:
        """As Slack does: three more times, and then not any more."""
        for number in (1, 2, 3):
            for result in self.untaken:
                await self.slack.courier.again(result, number)
            self.untaken = [one for one in self.untaken if not one.answer.ok]
        assert self.untaken == []

    async def settled(self, seconds: float = 240) -> bool:
        """Wait until nothing is left to do; False where the server died before."""
        async with asyncio.timeout(seconds):
            while not await self.rows.quiet():
                if not self.server.running():
                    return False
                await asyncio.sleep(0.05)
        return self.server.running()

    async def given_back(self, seconds: float = 240) -> bool:
        """Wait until nobody holds a lane, so that the next message has it leased anew; False where the server died."""
        held = select(func.count()).where(t.lane.c.leased_until.is_not(None))
        async with asyncio.timeout(seconds):
            while self.server.running() and await self.rows.one(held):  # noqa: ASYNC110 - a database raises no event
                await asyncio.sleep(0.05)
        return self.server.running()

    async def a_minute_passes(self) -> None:
        """The leases of a killed process have run out. On SQLite nobody waits for that."""
        await self.rows.run(update(t.lane).where(t.lane.c.leased_until.is_not(None)).values(leased_until=0, ready_at=0))

    def outcome(self) -> Outcome:
        """What Slack has, compared with what is owed; and no message twice under its key."""
        came = {name: sum(_ours(one.shown) for one in self.user(name).messages()) for name in TEACHERS}
        keys = self.slack.state.keys()
        return Outcome(
            lost=[name for name in TEACHERS if came[name] < self.owed[name]],
            doubled=[name for name in TEACHERS if came[name] > self.owed[name]]
            + [key for key, number in keys.items() if number > 1],
        )


def _ours(shown: str) -> bool:
    """The hello, or the line for further words of somebody who has not said yes."""
    return HELLO in shown or OTHERWISE in shown


@asynccontextmanager
async def staff(
    folder: Path, server: postgres.Server | None = None, way: str = "http", **settings: str
) -> AsyncIterator[Staff]:
    """Imported and not yet started. On SQLite, or with a database of its own on that server."""
    async with Slack() as slack:
        slack.pace.on = slack.echo = False
        slack.courier.deadline = A_WORD
        for name in ("sam", *TEACHERS):
            assert slack.team.user(name, Profile("", "", f"{name.capitalize()} Park")).channel.kind == "im"
        url = f"sqlite:///{folder / FILE}"
        if server is None:
            await _file(folder, slack)
        else:
            url = await _database(folder, slack, server)
        environment = {
            **doors(slack, way), "BESIDE_SLACK_BOT_TOKEN": slack.team.token,
            "BESIDE_SLACK_API_URL": slack.api_url, "BESIDE_DATABASE_URL": url, "BESIDE_KEYS": KEYS, **settings,
        }  # fmt: skip
        program = Server(folder, environment)
        try:
            yield Staff(slack, program, Rows(url), way)
            if program.running():
                assert await program.stop() == 0, program.log
        finally:
            if program.running():
                await program.kill()
            await slack.quiet()
            if server is not None:
                server.drop_database(url.rpartition("/")[2])
    assert slack.state.complaints == []
    assert "Traceback" not in program.log, program.log


_files: dict[str, bytes] = {}
_templates: dict[Path, str] = {}


async def _file(folder: Path, slack: Slack) -> None:
    """Brought once, then copied."""
    if not _files:
        await _bring(folder, slack, f"sqlite:///{folder / FILE}")
        _files[FILE] = (folder / FILE).read_bytes()
    for name, content in _files.items():
        (folder / name).write_bytes(content)


async def _database(folder: Path, slack: Slack, server: postgres.Server) -> str:
    name = f"staff_{folder.parent.name}_{folder.name}_{next(_numbers)}".replace("-", "_")[-60:]
    if server.home not in _templates:
        await _bring(folder, slack, server.make_database(f"{name}_all"))
        _templates[server.home] = f"{name}_all"
    return server.make_database(name, template=_templates[server.home])


async def _bring(folder: Path, slack: Slack, url: str) -> None:
    (folder / "schools.csv").write_text(SCHOOLS.format(zone=morning()), "utf-8")
    (folder / "people.csv").write_text("\n".join(_roster(slack)), "utf-8")
    for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
        ended = await beside(folder, kind, "import", file, "--yes", BESIDE_DATABASE_URL=url, BESIDE_KEYS=KEYS)
        assert ended.code == 0, ended.out + ended.err
    # Whom Beside greets, it greets when the test says so.
    await Rows(url).run(update(t.plan).values(next_due_at=t.plan.c.next_due_at + FAR))


def _roster(slack: Slack) -> Iterable[str]:
    yield "name,handle,role,school,platform,account,coach"
    yield f"Sam Park,sam,coach,Lincoln,slack,{slack.team.user('sam').id},"
    for name in TEACHERS:
        coach = "sam" if name in GREETED else ""
        yield f"{name.capitalize()} Park,{name},teacher,Lincoln,slack,{slack.team.user(name).id},{coach}"
