"""The stage of the dialogs in a process that dies at any point and starts again on the same database, in one process.

What a kill takes away is taken away: after it nothing more is written or sent, every task is gone, and what comes next
knows the database alone. The platform is another machine, and remembers.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from bot.outbox import Outbox
from bot.platform import File, Later, Parcel, Platform, Receipt, Refused, Unsure
from bot.store import ClockTx, Store, Tx
from bot.timer import Timer
from bot.vault import Keyring
from tests.faults import crashing
from tests.faults.crashing import KilledEngine, KilledPlatform, KilledStore
from tests.support.dialog import Shelf, Stage

T = TypeVar("T")
Cut = Literal["before", "after", "later", "garbage"]
CUTS: Final[tuple[Cut, ...]] = ("before", "after", "later", "garbage")


class Died(BaseException):
    """The process is no more."""


class Life:
    """From one start to the next kill."""

    def __init__(self) -> None:
        self.over = asyncio.get_running_loop().create_future()

    def end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)
        raise Died

    def goes_on(self) -> None:
        if self.over.done():
            raise Died


class MortalStore(KilledStore):
    life: Life

    @asynccontextmanager
    async def begin(self, organization: str) -> AsyncIterator[Tx]:
        self.life.goes_on()
        async with super().begin(organization) as tx:
            yield tx
            self.life.goes_on()

    @asynccontextmanager
    async def clock(self) -> AsyncIterator[ClockTx]:
        self.life.goes_on()
        async with super().clock() as clock:
            yield clock
            self.life.goes_on()


class Line(Shelf):
    """What is sent over it arrives, unless the line is cut; the next `cuts` say where."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.cuts: list[Cut] = []
        self.came: Counter[str] = Counter()
        self.life: Life | None = None

    async def deliver(self, parcel: Parcel) -> Receipt:
        assert self.life is not None
        self.life.goes_on()
        cut = self.cuts.pop(0) if self.cuts else ""
        if cut == "before":
            raise Unsure("cut")
        if cut == "later":
            raise Later("ratelimited", 30)
        receipt = await super().deliver(parcel)
        self.came[parcel.key] += 1
        if cut == "after":
            raise Unsure("cut")
        if cut == "garbage":
            raise ValueError("not an answer")
        return receipt

    async def find(self, parcel: Parcel) -> Receipt | None:
        # A replaced card is found by what it was replaced with, as Slack's is by its metadata.
        there = self.came[parcel.key]
        place = parcel.revises.id if parcel.revises else parcel.key
        return Receipt(parcel.person, place) if there else None

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")


class Mortal(Stage):
    """One life on the stage; `after` is the one before it, of which only what others saw is left."""

    def __init__(self, store: MortalStore, after: Mortal | None = None) -> None:
        super().__init__(store)
        self.life = store.life
        self.line: Line = after.line if after else Line("web")
        self.line.life = self.life
        self.shelf = self.line
        if after is not None:
            self.clock, self.shown, self.opened = after.clock, after.shown, after.opened
            self.last, self.count = after.last, after.count
        self.engine = KilledEngine(store, self.clock)
        platform: Platform = KilledPlatform(self.line)
        self.platforms = {"web": platform, "slack": self.second}
        self.outbox = Outbox(store, self.engine, self.platforms, self.clock)
        self.timer = Timer(store, self.outbox, self.clock)

    @classmethod
    async def born(cls, file: Path, keys: Keyring, after: Mortal | None = None) -> Mortal:
        """As a start does it: the lanes of whoever was here before are free."""
        asyncio.get_running_loop().set_exception_handler(_quietly)
        store = await MortalStore.open(f"sqlite:///{file}", keys, migrate=False)
        assert isinstance(store, MortalStore)
        store.life = Life()
        async with Store.clock(store) as clock:
            await clock.release_all()
        return cls(store, after)

    def doomed(self, point: str, number: int, mutant: str = "") -> None:
        """It dies when it passes that point for the so-manieth time, if ever."""
        crashing.disarm()
        crashing.arm(point, number, mutant, self.life.end)

    async def lives(self, what: Coroutine[Any, Any, T]) -> T:
        """What came of it; `Died` where it was killed meanwhile, and then nothing of it is left."""
        task = asyncio.ensure_future(what)
        await asyncio.wait([task, self.life.over], return_when=asyncio.FIRST_COMPLETED)
        if not self.life.over.done():
            return task.result()
        await _buried()
        await self.store.close()
        raise Died


def _quietly(loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
    """That a task has died with its process is no news."""
    if not isinstance(told.get("exception"), Died):
        loop.default_exception_handler(told)


async def _buried() -> None:
    """Every task but this one is broken off, and so is what it would still like to do."""
    while left := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=0.1)
        for task in left:
            if task.done() and not task.cancelled():
                task.exception()
