"""The clock, the engine and the outbox of one process over many lanes, killed at a named point.

`python -m tests.faults.storming URL FILE POINT:PASS MUTANT LOOKS_UP`: what is sent is one line in FILE. It ends by
itself once nothing is due and nothing is on its way. The parts are the product's own; the product has no hooks.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot import outbox
from bot.cards import Card, Form
from bot.clock import real
from bot.outbox import Outbox
from bot.platform import File, Parcel, Platform, Receipt, Refused
from bot.store import Left, Store, Taken, Thread, Tx
from bot.timer import Timer
from bot.vault import Keyring
from tests.faults import crashing
from tests.faults.crashing import KilledDrainer, KilledEngine, KilledPlatform, KilledStore, passes

# In the order in which an occurrence passes them; before and after each commit, before and after each word to others.
POINTS: Final = (
    "planning", "planned", "leasing", "leased", "taking", "taken", "due begun", "due seen", "due thread", "due posted",
    "due deciding", "due committed", "asking", "opening", "opened", "writing", "accepted", "sent", "marking", "marked",
    "releasing", "released",
)  # fmt: skip
ONLY_POSTGRESQL: Final = ("enqueueing", "enqueued")
MUTANTS: Final = {"marks first": "writing", "two transactions": "between"}
TEAM: Final = "slack"


class StormyTx(Tx):
    """Knows what an occurrence's transaction has come to."""

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._connection, tx.organization, tx._keyring)  # noqa: SLF001 - a test build is made of the parts

    async def first(self, key: str, at: datetime) -> Any:  # noqa: ANN401 - an answer
        passes("due begun")
        answer = await super().first(key, at)
        passes("due seen")
        return answer

    async def put_thread(self, thread: Thread, expected: int, at: datetime) -> None:
        await super().put_thread(thread, expected, at)
        passes("due thread")

    async def post(self, **what: Any) -> None:  # noqa: ANN401 - the arguments of a post, whatever they are
        await super().post(**what)
        passes("due posted")


class StormyStore(KilledStore):
    def inside(self, tx: Tx, what: str) -> Tx:
        return StormyTx(tx) if what == "due deciding" else tx

    async def card(self, taken: Taken) -> Card | Form | None:
        passes("opening")
        card = await super().card(taken)
        passes("opened")
        return card


class StormyClock(crashing.WatchedClock):
    async def take(
        self, held: Mapping[str, int], owner: str, now: datetime, until: datetime, **more: Any  # noqa: ANN401 - as above
    ) -> dict[str, Taken | None]:  # fmt: skip
        passes("asking")
        return await super().take(held, owner, now, until, **more)

    async def release(self, lanes: Mapping[str, Left], owner: str, now: datetime) -> None:
        await super().release(lanes, owner, now)
        self.comes_to("releasing", "released")

    async def enqueue_ready(self, now: datetime) -> None:
        await super().enqueue_ready(now)
        self.comes_to("enqueueing", "enqueued")


class Tally:
    """A platform that takes everything at once and can be asked what it has; or, `looks_up` being no, cannot."""

    name = TEAM
    pace = None

    def __init__(self, file: Path, *, looks_up: bool) -> None:
        self._file = file
        self._at_work = file.with_name(f"at-work-{os.getpid()}")
        self._lines = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.looks_up = looks_up

    async def deliver(self, parcel: Parcel) -> Receipt:
        if not self._at_work.exists():
            self._at_work.touch()
        os.write(self._lines, f"{parcel.key}\n".encode())
        return Receipt(parcel.person, parcel.key)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        there = self.looks_up and parcel.key in self._file.read_text().splitlines()
        return Receipt(parcel.person, parcel.key) if there else None

    async def close(self) -> None:
        os.close(self._lines)


class StormyDrainer(KilledDrainer):
    async def _send(self, taken: Taken, parcel: Parcel, platform: Platform) -> Any:  # noqa: ANN401 - a mark
        mark = await super()._send(taken, parcel, platform)
        passes("sent")
        return mark


async def storm(url: str, file: Path, looks_up: bool) -> None:
    store = await StormyStore.open(url, Keyring.of("k1"))
    if url.startswith("sqlite"):
        async with Store.clock(store) as clock:
            await clock.release_all()
    engine = KilledEngine(store, real)
    sending = Outbox(store, engine, {TEAM: KilledPlatform(Tally(file, looks_up=looks_up))}, real)
    engine.wake = sending.wake
    timer = Timer(store, sending, real)
    running = asyncio.create_task(sending.run([TEAM]))
    timer.start()
    while await _busy(store):  # noqa: ASYNC110 - nobody raises an event when a row changes
        await asyncio.sleep(0.1)
    timer.stop()
    await sending.stop()
    await running
    await store.close()


async def _busy(store: Store) -> bool:
    """A database that is away is not a quiet one."""
    try:
        backlog = await store.backlog(real())
    except Exception:  # noqa: BLE001 - it is asked again
        return True
    return bool(backlog.due_lag or backlog.waiting)


def main(url: str, file: str, where: str, mutant: str, looks_up: str) -> None:
    point, _, number = where.partition(":")
    assert point in ("", *POINTS, *ONLY_POSTGRESQL, *MUTANTS.values()), f"there is no point {point!r}"
    crashing.arm(point, int(number or 1), mutant)
    crashing.WatchedClock = StormyClock  # type: ignore[misc]  # a subclass in its place
    setattr(outbox, "Drainer", StormyDrainer)  # noqa: B010 - the same
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(storm(url, Path(file), looks_up == "looks up"))


if __name__ == "__main__":
    main(*sys.argv[1:])
