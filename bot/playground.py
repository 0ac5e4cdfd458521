"""The playground's side of the house: its people, its remarks, and a clock that plays the time between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2s
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from bot.cadence import next_checkin
from bot.cards import Card, Exact, Quote
from bot.clock import MovableClock
from bot.flows import commands
from bot.outbox import Outbox
from bot.platform import Face, Remark
from bot.records import Own, Person
from bot.store import Store
from bot.timer import Timer
from bot.words import Lines

FARTHEST = timedelta(weeks=60)


class Playground:
    """`bot.platform.House`. Moving the clock stops at every due instant on the way and lets everything happen there."""

    def __init__(
        self, store: Store, organization: str, clock: MovableClock, outbox: Outbox, timer: Timer, zone: str
    ) -> None:
        self._store = store
        self._organization = organization
        self._clock = clock
        self._outbox = outbox
        self._timer = timer
        self._zone = zone
        self._moving = asyncio.Lock()

    def now(self) -> datetime:
        return self._clock()

    def zone(self) -> str:
        return self._zone

    async def faces(self) -> tuple[Face, ...]:
        """Teachers by name, then coaches by name; each teacher with their coach's handle."""
        async with self._store.begin(self._organization) as tx:
            people = await tx.on_platform("web")
            faces = []
            for person in sorted(people, key=lambda p: (p.role != "teacher", p.name)):
                partners = await tx.partners(person)
                faces.append(_face(person, partners[0].handle if partners else ""))
        return tuple(faces)

    async def remarks(self, person: str, after: int = 0) -> tuple[Remark, ...]:
        async with self._store.begin(self._organization) as tx:
            found = await tx.remarks(person, after)
            authors = await tx.people(
                sorted({who for one in found for own in _emptied(one) for who in (own.by, one.person)})
            )
        return tuple(_taken_back(one, authors) for one in found)

    async def remark(self, remark: Remark) -> Remark:
        async with self._store.begin(self._organization) as tx:
            return await tx.remark(remark)

    async def marks(self, threads: Collection[str]) -> Mapping[str, str]:
        """By its state, not its version: who only asks who sees this has moved nothing."""
        async with self._store.begin(self._organization) as tx:
            found = [thread for name in sorted(threads) if (thread := await tx.thread(name))]
        return {one.id: blake2s(msgspec.json.encode(one.state), digest_size=16).hexdigest() for one in found}

    async def move(self, by: str, person: str) -> AsyncIterator[datetime]:
        """Play the time until one hour, the next morning, this person's next check-in, or one week later."""
        async with self._moving:
            target = await self._target(by, person)
            while True:
                # What was committed at this moment happens at this moment.
                await self._timer.tick()
                await self._outbox.sweep()
                async with self._store.clock() as clock:
                    due = await clock.next_moment()
                if due is None or due > target:
                    break
                if due > self._clock():
                    self._clock.move(due)
                    yield self._clock()
                elif not await self._timer.tick() and not await self._outbox.sweep():
                    # Due, and yet nothing moves it: a lane that is being drained elsewhere, or a delayed row.
                    await asyncio.sleep(0.05)
                    async with self._store.clock() as clock:
                        if await clock.next_moment() == due:
                            break
            self._clock.move(target)
            await self._timer.tick()
            await self._outbox.sweep()
            await self._keep_clock()
            yield self._clock()

    async def _target(self, by: str, person: str) -> datetime:
        now = self._clock()
        match by:
            case "hour":
                return now + timedelta(hours=1)
            case "morning":
                day = now.astimezone(ZoneInfo(self._zone)).date() + timedelta(days=1)
                return datetime.combine(day, time(7, 30), ZoneInfo(self._zone)).astimezone(UTC)
            case "nudge":
                return min(await self._next_nudge(person, now), now + FARTHEST)
            case _:
                # The same time on the wall, also where the clocks change in between.
                wall = now.astimezone(ZoneInfo(self._zone))
                return (wall + timedelta(weeks=1)).replace(fold=0).astimezone(UTC)

    async def _next_nudge(self, person: str, now: datetime) -> datetime:
        async with self._store.begin(self._organization) as tx:
            planned = await tx.planned(person, "checkin")
            if planned is not None and planned > now:
                return planned
            someone = await tx.person(person)
            school = await tx.school(someone.school) if someone else None
        if someone is None or school is None:
            return now + timedelta(weeks=1)
        return next_checkin(someone, school, now)[0]

    async def _keep_clock(self) -> None:
        async with self._store.begin(self._organization) as tx:
            await tx.set_clock(self._clock())

    async def reset(self) -> None:
        """The sample school again, clock and all; a school of one's own keeps its people, only the page is cleared."""
        from bot import demo

        async with self._moving:
            if self._organization == demo.ORGANIZATION:
                await self._store.erase(self._organization)
                await demo.make(self._store)
            else:
                async with self._store.begin(self._organization) as tx:
                    await tx.clear_remarks()
            self._clock.reset(demo.OPENS)
            await self._keep_clock()

    def commands(self, role: str) -> tuple[tuple[str, str, str], ...]:
        partner = {"teacher": ("sam", "Sam"), "coach": ("ana", "Ana")}[role]
        rows = []
        for command in commands(role):
            example = command.example.format(partner=partner[0])
            name = f"/{command.name} {command.word}".strip()
            fill = example if command.word or role == "coach" else f"/{command.name} @{partner[0]} "
            rows.append((name, command.explained(Lines.load("en"), partner[1]), fill))
        return tuple(rows)


def _emptied(remark: Remark) -> tuple[Own, ...]:
    """Words of somebody else that stood on this card by themselves, and are gone for good."""
    blocks = remark.card.blocks if remark.card else ()
    own = [words for block in blocks if isinstance(block, Quote | Exact) for words in _words(block)]
    return tuple(own) if own and not any(words.text for words in own) and own[0].by != remark.person else ()


def _words(block: Quote | Exact) -> tuple[Own, ...]:
    return (block.words,) if isinstance(block, Quote) else block.words


def _taken_back(remark: Remark, authors: Mapping[str, Person]) -> Remark:
    """Where nothing is left of what was shared, the card says so; it is no empty shell."""
    emptied = _emptied(remark)
    author, reader = (authors.get(emptied[0].by), authors.get(remark.person)) if emptied else (None, None)
    if author is None or reader is None or remark.card is None:
        return remark
    gone = Card(blocks=(Lines.load(reader.language)("reflection.gone", first=author.first),), thread=remark.card.thread)
    return replace(remark, card=replace(gone, version=remark.card.version))


def _face(person: Person, partner: str) -> Face:
    return Face(
        id=person.id,
        handle=person.handle,
        first=person.first,
        name=person.name,
        role=person.role,
        partner=partner,
        language=person.language,
    )
