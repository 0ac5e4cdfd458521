"""The sample school over weeks: time that is played or jumped, and everything that was sent meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from bot import demo
from bot.cards import plain
from bot.events import Account, FromPlatform
from bot.records import Person, School
from bot.store import Store
from bot.store.tables import contact
from tests.support.dialog import Stage

NUDGE, REMINDER, GOODBYE, INVITATION = "Hi ", "Still here", "I'll be quiet", "From Sam"
UNASKED = (NUDGE, REMINDER, GOODBYE, INVITATION)
HERE = ZoneInfo(demo.ZONE)


class Sent(Struct, frozen=True):
    at: datetime
    who: str
    words: str

    @property
    def kind(self) -> str:
        """What it begins with, or nothing where somebody had asked for it."""
        return next((kind for kind in UNASKED if self.words.startswith(kind)), "")


def wall(month: int, day: int, hour: int, minute: int = 0, zone: ZoneInfo = HERE) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


class Weeks(Stage):
    """Ana, whose coach is Sam; Ben and Devi have stopped. `log` is what was sent unasked, in order."""

    log: list[Sent]
    # They asked for the next opening themselves.
    snoozed = False

    @classmethod
    async def open(cls, store: Store) -> Self:
        stage = await super().open(store)
        await stage.given("ben and devi are away")
        stage.log = []
        return stage

    @classmethod
    async def again(cls, store: Store, at: datetime) -> Self:
        """A new process on what is kept, at that moment."""
        stage = cls(store)
        stage.log = []
        stage.clock.reset(at)
        return stage

    async def settle(self) -> list[tuple[str, str]]:
        await self.timer.tick()
        await self.sweep()
        return []

    async def sweep(self) -> None:
        await self.outbox.sweep()
        handles = {person.id: handle for handle, person in self.people.items()}
        for who, card in self.shelf.new:
            self.shown[handles[who]].append(card)
            one = Sent(self.clock(), handles[who], plain(card))
            if one.kind == NUDGE and self.snoozed and not await self._counted(one.at):
                self.snoozed = False
            elif one.kind:
                self.log.append(one)
        self.shelf.new.clear()

    async def _counted(self, at: datetime) -> bool:
        """Whether a check-in was sent just now, and not the one that they put off."""
        c, since = contact.c, int(at.timestamp()) - 5
        async with self.store.engine.connect() as connection:
            rows = await connection.execute(select(c.key).where(c.kind == "nudge", c.at > since))
            return rows.first() is not None

    async def play(self, until: datetime) -> None:
        """Every moment at which something is due, one after the other; then that moment."""
        await self.settle()
        while (due := await self._next()) is not None and due <= until:
            # What is still due after its moment became visible within it: a second later it is over.
            late = timedelta(seconds=1) if due <= self.clock() else timedelta()
            self.clock.reset(max(due, self.clock() + late))
            await self.settle()
        self.clock.reset(max(until, self.clock()))
        await self.settle()

    async def _next(self) -> datetime | None:
        async with self.store.clock() as clock:
            return await clock.next_moment()

    async def does(self, who: str, text: str) -> None:
        """A line of a dialog: words, `[a button]`, a command or a form."""
        event: FromPlatform = self.event(who, text, self.key())
        self.answered(who, await self.engine.handle(event))
        await self.settle()

    async def ana(self) -> Person:
        async with self.store.begin(demo.ORGANIZATION) as tx:
            found = await tx.person(self.people["ana"].id)
        assert found is not None
        return found

    async def change(self, **more: object) -> None:
        """Ana's record, as an import or an admin would write it."""
        ana = await self.ana()
        async with self.store.begin(demo.ORGANIZATION) as tx:
            await tx.keep(replace(ana, **more))

    async def school(self, **more: object) -> School:
        school = replace(demo.SCHOOL, **more)
        async with self.store.begin(demo.ORGANIZATION) as tx:
            await tx.save_school(school)
        return school

    async def planned(self) -> datetime | None:
        async with self.store.begin(demo.ORGANIZATION) as tx:
            return await tx.planned(self.people["ana"].id, "checkin")

    def days(self, kind: str, who: str = "ana") -> list[str]:
        """The local dates on which that was sent."""
        return [one.at.astimezone(HERE).date().isoformat() for one in self.log if (one.kind, one.who) == (kind, who)]

    @property
    def me(self) -> Account:
        return Account(platform="web", team=demo.TEAM, user=self.people["ana"].id)
