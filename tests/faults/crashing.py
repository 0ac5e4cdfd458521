"""Beside as it is served, but killed at a named point: `python -m tests.faults.crashing POINT:PASS [MUTANT]`.

The parts are those of `bot.serve`; each knows when it passes a point. A mutant is a part that is wrong on purpose.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final

from adapters.slack import connection
from adapters.slack.socket import Frame, Line, Socket
from bot import outbox, serve
from bot.cards import NOTHING, Answer
from bot.engine import Engine
from bot.events import Due, FromPlatform
from bot.outbox.drainer import Drainer
from bot.platform import Adapter, File, Ground, Parcel, Platform, Receipt, Refused
from bot.settings import Settings, load
from bot.store import ClockTx, Held, Mark, Store, Taken, Tx

# In the order in which a word passes them; `writing` is before the request to the platform, `accepted` after its yes.
POINTS: Final = (
    "received", "deciding", "committed", "planning", "planned", "leased", "taken", "due deciding", "due committed",
    "writing", "accepted", "marking", "marked",
)  # fmt: skip
# Over Socket Mode; `acknowledged` is passed by no request over HTTP.
ON_A_LINE: Final = ("received", "deciding", "committed", "acknowledged", "writing", "accepted", "marking", "marked")
# Around a refusal that sends somebody's parcels to another lane.
MOVING: Final = ("moving", "moved")
MUTANTS: Final = {"answers first": "deciding", "two transactions": "between", "marks first": "writing"}

_inside: ContextVar[str] = ContextVar("inside", default="")
_left: dict[str, int] = {}
_mutant: list[str] = []


def _power_off() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_end: list[Callable[[], None]] = [_power_off]


def arm(point: str, number: int, mutant: str, end: Callable[[], None] = _power_off) -> None:
    """From now on, the process dies when it passes that point for the so-manieth time, in that way."""
    if point:
        _left[point] = number
    _mutant.append(mutant)
    _end[:] = [end]


def disarm() -> None:
    _left.clear()
    _mutant.clear()


def passes(point: str) -> None:
    """The machine loses its power here, if it is the time."""
    if point in _left:
        _left[point] -= 1
        if _left[point] == 0:
            _end[0]()


@contextmanager
def within(what: str) -> Iterator[None]:
    token = _inside.set(what)
    try:
        yield
    finally:
        _inside.reset(token)


class WatchedClock(ClockTx):
    """Notes what a transaction of the clock has come to."""

    def __init__(self, clock: ClockTx) -> None:
        super().__init__(clock._connection)  # noqa: SLF001 - a test build is made of the parts themselves
        self.before: list[str] = []
        self.after: list[str] = []

    async def due_plans(self, now: datetime, limit: int = 500) -> int:
        moved = await super().due_plans(now, limit)
        if moved:
            self.comes_to("planning", "planned")
        return moved

    async def lease(self, lanes: Collection[str], owner: str, until: datetime, now: datetime) -> dict[str, Held]:
        held = await super().lease(lanes, owner, until, now)
        if held:
            self.comes_to("leasing", "leased")
        return held

    async def take(
        self, held: Mapping[str, int], owner: str, now: datetime, until: datetime, **more: Any  # noqa: ANN401 - passed on
    ) -> dict[str, Taken | None]:  # fmt: skip
        taken = await super().take(held, owner, now, until, **more)
        if any(taken.values()):
            self.comes_to("taking", "taken")
        return taken

    async def mark(self, marks: Collection[Mark], now: datetime) -> None:
        await super().mark(marks, now)
        self.comes_to("marking", "marked")

    def comes_to(self, before: str, after: str) -> None:
        """One commit may be that of several: of marks, and of what is taken next."""
        self.before.append(before)
        self.after.append(after)


class TxInHalves(Tx):
    """What is posted waits for a second transaction."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._connection, tx.organization, tx._keyring)  # noqa: SLF001 - as above
        self.waiting: list[dict[str, Any]] = []

    async def post(self, **what: Any) -> None:  # noqa: ANN401 - the arguments of a post, whatever they are
        self.waiting.append(what)


class KilledStore(Store):
    def inside(self, tx: Tx, what: str) -> Tx:
        """The transaction as those see it who are in it."""
        return tx

    @asynccontextmanager
    async def begin(self, organization: str) -> AsyncIterator[Tx]:
        what = _inside.get()
        halves = "two transactions" in _mutant and what in ("deciding", "due deciding")
        async with super().begin(organization) as tx:
            first = TxInHalves(tx) if halves else self.inside(tx, what)
            yield first
            passes(what)
        if isinstance(first, TxInHalves):
            passes("between")
            async with super().begin(organization) as second:
                for waiting in first.waiting:
                    await second.post(**waiting)

    @asynccontextmanager
    async def clock(self) -> AsyncIterator[ClockTx]:
        async with super().clock() as clock:
            watched = WatchedClock(clock)
            yield watched
            for point in watched.before:
                passes(point)
        for point in watched.after:
            passes(point)


class KilledEngine(Engine):
    def __init__(self, store: Store, now: Callable[[], datetime], **more: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(store, now, **more)
        self._later: set[asyncio.Task[Answer]] = set()

    async def handle(self, event: FromPlatform) -> Answer:
        passes("received")
        if "answers first" in _mutant:
            self._later.add(asyncio.create_task(self._slowly(event)))
            return NOTHING
        return await self._handled(event)

    async def _slowly(self, event: FromPlatform) -> Answer:
        await asyncio.sleep(0.1)
        return await self._handled(event)

    async def _handled(self, event: FromPlatform) -> Answer:
        with within("deciding"):
            answer = await super().handle(event)
        passes("committed")
        return answer

    async def due(self, event: Due) -> None:
        with within("due deciding"):
            await super().due(event)
        passes("due committed")


class KilledDrainer(Drainer):
    async def _deliver(self, parcel: Parcel, platform: Platform) -> Receipt:
        if "marks first" in _mutant and self._taken is not None:
            await self._parts.ledger.settle(Mark(taken=self._taken, state="sent", receipt=Receipt("", "")))
        return await super()._deliver(parcel, platform)

    async def _send(self, taken: Taken, parcel: Parcel, platform: Platform) -> Mark | None:
        self._taken: Taken | None = taken
        return await super()._send(taken, parcel, platform)

    async def _refused(self, taken: Taken, parcel: Parcel, refused: Refused) -> Mark | None:
        with within("moving"):
            mark = await super()._refused(taken, parcel, refused)
        passes("moved")
        return mark


class KilledPlatform:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.name = platform.name
        self.pace = platform.pace
        self.looks_up = platform.looks_up

    async def deliver(self, parcel: Parcel) -> Receipt:
        passes("writing")
        receipt = await self._platform.deliver(parcel)
        passes("accepted")
        return receipt

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return await self._platform.find(parcel)

    async def close(self) -> None:
        await self._platform.close()


class KilledAdapter:
    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    def wanted(self, settings: Settings) -> bool:
        return self._adapter.wanted(settings)

    def team(self, settings: Settings) -> str:
        return self._adapter.team(settings)

    async def connect(self, ground: Ground) -> Platform:
        return KilledPlatform(await self._adapter.connect(ground))


class KilledSocket(Socket):
    async def _work(self, line: Line, frame: Frame, payload: dict[str, object]) -> None:
        await super()._work(line, frame, payload)
        passes("acknowledged")


def found(known: Callable[[], Iterator[tuple[str, Adapter]]] = serve.found) -> Iterator[tuple[str, Adapter]]:
    for name, adapter in known():
        yield name, KilledAdapter(adapter)


def main(where: str, mutant: str = "") -> int:
    point, _, number = where.partition(":")
    assert point in (*POINTS, *ON_A_LINE, *MOVING, *MUTANTS.values()), f"there is no point {point!r}"
    assert mutant in ("", *MUTANTS), f"there is no mutant {mutant!r}"
    arm(point, int(number), mutant)
    parts = {"Store": KilledStore, "Engine": KilledEngine, "found": found}
    others = ((connection, "Socket", KilledSocket), (outbox, "Drainer", KilledDrainer))
    for house, name, part in (*((serve, *one) for one in parts.items()), *others):
        assert hasattr(house, name), f"{house.__name__} has no {name} any more"
        setattr(house, name, part)
    return serve.run(load())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
