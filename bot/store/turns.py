"""SQLite has one writer: here they queue in order, and those who wait together share one commit."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.made import at_once, in_its_thread

# So that nobody waits long for company.
TOGETHER = 32
PATIENCE = 5.0


class _Guest:
    """One who wants to write: gets the turn, leaves it, and learns that what it wrote was kept."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[AsyncConnection] = loop.create_future()
        self.left: asyncio.Future[bool] = loop.create_future()
        self.kept: asyncio.Future[None] = loop.create_future()

    def go_on(self) -> None:
        if not self.kept.done():
            self.kept.set_result(None)

    def told(self, fault: BaseException) -> None:
        """To one who waits; who has failed already waits for nothing more."""
        waits = self.kept if self.turn.done() else self.turn
        if not waits.done() and (not self.left.done() or self.left.result()):
            waits.set_exception(fault)


class Turns:
    """Each has a savepoint of its own: what fails is taken back alone, and the others are kept.

    Nobody goes on before the commit that keeps what they wrote, and what they have read of others.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: deque[_Guest] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._connection: AsyncConnection | None = None
        self._holder: asyncio.Task[Any] | None = None

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[AsyncConnection]:
        """A transaction. Whoever has the turn and asks for another would wait for itself; it is told so."""
        task = asyncio.current_task()
        if task is not None and task is self._holder:
            raise RuntimeError("a transaction was asked for inside another one")
        guest = _Guest()
        self._waiting.append(guest)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="writing")
        well = False
        try:
            connection = await guest.turn
            self._holder = task
            yield connection
            well = True
        finally:
            if self._holder is task:
                self._holder = None
            guest.left.set_result(well)
        await guest.kept

    async def close(self) -> None:
        """What was begun is kept or taken back first, also where nobody waits for it any more; what hangs is left."""
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=PATIENCE)
        await self._let_go()

    async def _opened(self) -> AsyncConnection:
        """The one connection that writes. It stays: a pool would look after it at every commit."""
        if self._connection is None:
            self._connection = await self._engine.connect()
            await self._connection.execution_options(beside_turns=True)
            await self._connection.begin()
        return self._connection

    async def _let_go(self) -> None:
        """With everything on it that was not committed."""
        held, self._connection = self._connection, None
        if held is not None:
            await held.close()

    async def _write(self) -> None:
        try:
            while self._waiting:
                await self._together()
        finally:
            self._writing = None

    async def _together(self) -> None:
        """One commit for those who wait now, and those who come while they write."""
        guests: list[_Guest] = []
        try:
            connection = await self._opened()
            await in_its_thread(connection, "BEGIN IMMEDIATE")
            while self._waiting and len(guests) < TOGETHER:
                guest = self._waiting.popleft()
                guests.append(guest)
                if not await _seated(connection, guest):
                    guests.remove(guest)
            await in_its_thread(connection, "COMMIT")
            for guest in guests:
                guest.go_on()
        except BaseException as fault:
            await self._let_go()
            if not guests:
                # Where nobody could begin, nobody who waits could: each has waited as long as the first.
                guests.extend(self._waiting)
                self._waiting.clear()
            for guest in guests:
                guest.told(fault)
            if not isinstance(fault, Exception):
                raise


async def _seated(connection: AsyncConnection, guest: _Guest) -> bool:
    """Let one write; whether it went well."""
    if guest.turn.done():
        return False
    at_once(connection, "SAVEPOINT event")
    guest.turn.set_result(connection)
    well = await guest.left
    if not well:
        # In the driver's thread, behind whatever was under way there when it was broken off.
        await in_its_thread(connection, "ROLLBACK TO event")
    at_once(connection, "RELEASE event")
    return well
