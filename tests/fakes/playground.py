"""A house and a door for the playground, in memory: the port and nothing behind it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from adapters.web.connection import WebPlatform, connect
from bot.cards import NOTHING, Answer, Card
from bot.events import Account, FromPlatform
from bot.platform import Face, Parcel, Receipt, Remark
from bot.records import Own

BEGINNING = datetime(2026, 10, 15, 19, 20, tzinfo=UTC)
ANA = Face(id="p-ana", handle="ana", first="Ana", name="Ana Silva", role="teacher", partner="p-sam")
BEN = Face(id="p-ben", handle="ben", first="Ben", name="Ben Okoro", role="teacher", partner="p-sam")
SAM = Face(id="p-sam", handle="sam", first="Sam", name="Sam Lund", role="coach", partner="p-ana")


class MemoryHouse:
    """Remarks keep their place when they are replaced; the clock moves only by hand."""

    def __init__(self, *people: Face) -> None:
        self.people = people or (ANA, BEN, SAM)
        self.kept: list[Remark] = []
        self.clock = BEGINNING
        self.gone_on: Counter[str] = Counter()
        self.go_on = asyncio.Event()
        self.go_on.set()

    def now(self) -> datetime:
        return self.clock

    def zone(self) -> str:
        return "America/New_York"

    async def faces(self) -> tuple[Face, ...]:
        return self.people

    async def remarks(self, person: str, after: int = 0) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.kept if remark.person == person and remark.order > after)

    async def remark(self, remark: Remark) -> Remark:
        for place, had in enumerate(self.kept):
            if had.key == remark.key:
                self.kept[place] = replace(remark, order=had.order)
                return self.kept[place]
        self.kept.append(replace(remark, order=len(self.kept) + 1))
        return self.kept[-1]

    async def marks(self, threads: Collection[str]) -> Mapping[str, str]:
        return {thread: str(self.gone_on[thread]) for thread in threads}

    async def move(self, by: str, person: str) -> AsyncIterator[datetime]:
        hours = {"hour": 1, "morning": 16, "nudge": 48, "week": 168}[by]
        for _ in range(2):
            await self.go_on.wait()
            self.clock += timedelta(hours=hours) / 2
            yield self.clock

    async def reset(self) -> None:
        self.kept.clear()
        self.clock = BEGINNING

    def commands(self, role: str) -> tuple[tuple[str, str, str], ...]:
        if role == "coach":
            return (
                ("/coteach", "Offer a time: who, day, time, minutes, part", "/coteach @Ana thu 9:00 30m menu"),
                ("/notice", "I saw, then students", "/notice @Ana "),
                ("/help", "Everything I can do, and who sees what", "/help"),
            )
        return (
            ("/pause", "Quiet for a while", "/pause"),
            ("/help", "Everything I can do, and who sees what", "/help"),
        )

    def show(self, face: Face, key: str, card: Card) -> Remark:
        """A card that already stands in somebody's pane."""
        return self._put(Remark(key=key, person=face.id, at=self.clock, kind="card", card=card))

    def write(self, face: Face, key: str, words: str, kind: str = "words") -> Remark:
        """What somebody already said there."""
        return self._put(Remark(key=key, person=face.id, at=self.clock, kind=kind, words=Own(words, face.id)))

    def _put(self, remark: Remark) -> Remark:
        self.kept.append(replace(remark, order=len(self.kept) + 1))
        return self.kept[-1]


Reply = Callable[[FromPlatform], Answer]


class RecordingDoor:
    """Keeps every event; the same key gets the same answer again. `trouble` is raised as often as it stands there."""

    def __init__(self, reply: Reply = lambda _: NOTHING) -> None:
        self.reply = reply
        self.events: list[FromPlatform] = []
        self.answers: dict[str, Answer] = {}
        self.trouble: list[Exception] = []
        self.slow = 0.0
        self.asked = asyncio.Event()

    async def handle(self, event: FromPlatform) -> Answer:
        self.asked.set()
        await asyncio.sleep(self.slow)
        if self.trouble:
            raise self.trouble.pop(0)
        if event.key not in self.answers:
            self.events.append(event)
            self.answers[event.key] = self.reply(event)
        return self.answers[event.key]


class Playground:
    """One playground that is being served."""

    def __init__(self, house: MemoryHouse, door: RecordingDoor, platform: WebPlatform, server: TestServer) -> None:
        self.house, self.door, self.platform, self.server = house, door, platform, server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def deliver(self, face: Face, key: str, card: Card, revises: str = "") -> Receipt:
        """What the outbox does with a committed message."""
        return await self.platform.deliver(parcel(face, key, card, revises))


def parcel(face: Face, key: str, card: Card, revises: str = "") -> Parcel:
    return Parcel(
        key=key,
        organization="o",
        person=face.id,
        to=Account(platform="web", team="playground", user=face.id),
        card=card,
        revises=Receipt(channel=face.id, id=revises) if revises else None,
    )


@asynccontextmanager
async def playground(
    house: MemoryHouse | None = None, reply: Reply = lambda _: NOTHING, port: int | None = None
) -> AsyncIterator[Playground]:
    """A real server on loopback, over a house and a door in memory."""
    house, door, app = house or MemoryHouse(), RecordingDoor(reply), web.Application()
    platform = connect(app, door, house)
    server = TestServer(app, port=port)
    async with server:
        yield Playground(house, door, platform, server)


class Visitor:
    """A page's side of the wire."""

    def __init__(self, at: Playground, session: aiohttp.ClientSession) -> None:
        self.at, self.session, self.token = at, session, ""

    async def arrive(self) -> str:
        async with self.session.get(self.at.url + "/") as response:
            assert response.status == 200
            html = await response.text()
        self.token = html.split('name="csrf" content="')[1].split('"')[0]
        return html

    async def post(self, what: str, body: object, key: str = "key-0001", **headers: str) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "X-CSRF-Token": self.token, "Idempotency-Key": key, **headers}
        url = f"{self.at.url}/playground/{what}"
        async with self.session.post(url, data=data, headers=sent, allow_redirects=False) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            return response.status, json.loads(await response.read() or b"{}")

    async def events(self, people: str = "ana,sam", after: str = "0", last: str = "") -> AsyncIterator[dict[str, Any]]:
        """Server-sent events, each with its name and id."""
        headers = {"Last-Event-ID": last} if last else {}
        url = f"{self.at.url}/playground/stream?people={people}&after={after}"
        async with self.session.get(url, headers=headers) as response:
            assert response.status == 200
            one: dict[str, Any] = {"id": ""}
            async for raw in response.content:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                if name == "data":
                    one |= json.loads(value)
                elif name in {"event", "id"}:
                    one[name] = value
                elif not name and "event" in one:
                    yield one
                    one = {"id": ""}

    async def until_clock(self, **where: str) -> list[dict[str, Any]]:
        """What a stream brings before it says the time: all that was missed."""
        found = []
        events = self.events(**where)
        async for event in events:
            found.append(event)
            if event["event"] == "clock":
                break
        await events.aclose()  # type: ignore[attr-defined] # an async generator has it
        return found


@asynccontextmanager
async def visiting(at: Playground) -> AsyncIterator[Visitor]:
    """A page that has arrived."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        visitor = Visitor(at, session)
        await visitor.arrive()
        yield visitor
