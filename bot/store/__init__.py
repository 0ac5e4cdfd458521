"""The keeping: one database, one transaction for one organization, and the clock's exception."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

import msgspec
from sqlalchemy import event, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import migrate as migrations
from bot import vault
from bot.cards import Card, Form
from bot.store import tables as t
from bot.store.asking import ANY_TEAM
from bot.store.calendars import hashed
from bot.store.clockwork import Backlog, ClockTx, Parked
from bot.store.conflict import Busy, CannotOpen, Conflict
from bot.store.connecting import is_busy, kind_of, leave_no_trace, mapped, open_engine, sqlstate, unusable
from bot.store.hands import AGAIN, Held, Left, Mark, Taken
from bot.store.lanes import platform_of, team_of
from bot.store.redrawing import Tx
from bot.store.sending import Planned
from bot.store.threads import Thread
from bot.store.turns import Turns
from bot.store.work import moment
from bot.vault import Keyring

__all__ = [
    "AGAIN", "Backlog", "Busy", "CannotOpen", "ClockTx", "Conflict", "Held", "Left", "Mark", "Parked", "Planned",
    "Store", "Taken", "Thread", "Tx", "mapped", "moment", "platform_of", "team_of",
]  # fmt: skip
_BUSY = 5.0
_KNOWN = 300.0  # another process may have erased it
_RACES = ("40001", "40P01", "23505", "23P01")


class Store:
    """An open database. Use `Store.open`."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring
        self._homes: dict[tuple[str, str], tuple[float, str]] = {}
        self._turns = Turns(engine) if engine.dialect.name == "sqlite" else None
        self._erased: Callable[[], None] = lambda: None
        self._shut: Callable[[], None] = lambda: None

    @classmethod
    async def open(cls, url: str, keyring: Keyring, *, migrate: bool = True, patience: float = _BUSY) -> Store:
        """Brought to head (unless told not to), with keys that fit; else `CannotOpen` with one line of what to do.

        `patience` is for how many seconds a statement waits for another program that writes.
        """
        try:
            store = cls(open_engine(url, patience), keyring)
        except (SQLAlchemyError, ValueError, OSError) as fault:
            raise CannotOpen(unusable(fault)) from None
        try:
            # What cannot be read is not written to either, so this comes before the migrations.
            async with store._reading() as connection:
                await migrations.refuse_newer(connection)
            await store._look()
            if migrate:
                await migrations.to_head(store.engine)
        except (CannotOpen, vault.NoKeys, vault.Tampered) as fault:
            await store.close()
            raise CannotOpen(str(fault)) from None
        except (SQLAlchemyError, OSError) as fault:
            await store.close()
            raise CannotOpen(unusable(fault)) from None
        return store

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    async def close(self) -> None:
        if self._turns:
            await self._turns.close()
        await self._engine.dispose()

    @contextlib.asynccontextmanager
    async def begin(self, organization: str) -> AsyncIterator[Tx]:
        """One transaction: commit at the end, nothing at all if it raises. A lost race is `Conflict`."""
        with _races(), self._opening():
            async with self._writing() as connection:
                tx = Tx(connection, organization, self._keyring)
                yield tx
            if tx.destroyed:
                self._erased()
                await leave_no_trace(self._engine)

    @contextlib.asynccontextmanager
    async def clock(self) -> AsyncIterator[ClockTx]:
        with _races():
            async with self._writing() as connection:
                yield ClockTx(connection)

    async def card(self, taken: Taken) -> Card | Form | None:
        """What a taken row says, opened by its organization's keys; where nobody's words are in it, by none."""
        if taken.sealed is None:
            return None
        said = msgspec.json.decode(taken.sealed)
        if not vault.authors(said):
            return msgspec.convert(said, Card | Form)
        async with self._reading() as connection:
            with self._opening():
                return await Tx(connection, taken.organization, self._keyring).card(taken.key)

    async def backlog(self, now: datetime) -> Backlog:
        async with self._reading() as connection:
            return await ClockTx(connection).backlog(now)

    def on_fault(self, told: Callable[[str], None]) -> None:
        """From now on, every fault of the database is told in one word."""
        event.listen(self._engine.sync_engine, "handle_error", lambda seen: told(kind_of(seen.original_exception)))

    def on_erasure(self, told: Callable[[], None]) -> None:
        """From now on, it is told whenever words were erased for good."""
        self._erased = told

    def on_shut(self, told: Callable[[], None]) -> None:
        """From now on, it is told whenever words do not open where they stand."""
        self._shut = told

    @contextlib.contextmanager
    def _opening(self) -> Iterator[None]:
        try:
            yield
        except vault.Tampered:
            self._shut()
            raise

    def _writing(self) -> contextlib.AbstractAsyncContextManager[AsyncConnection]:
        """On SQLite, one after the other; a database server has better ways."""
        return self._turns.one() if self._turns else self._engine.begin()

    @contextlib.asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only looks, and so waits for no writer."""
        async with self._engine.connect() as connection:
            yield await connection.execution_options(beside_reads=True)

    # ── the directory: which organization a request belongs to, ids only ──

    async def organization_of(self, platform: str, team: str) -> str | None:
        until, known = self._homes.get((platform, team), (0.0, None))
        if until > time.monotonic():
            return known
        i = t.installation.c
        async with self._reading() as connection:
            rows = await connection.execute(
                select(i.organization_id, i.team).where(i.platform == platform, i.team.in_((team, ANY_TEAM)))
            )
            homes = {row.team: str(row.organization_id) for row in rows}
        home = homes.get(team) or homes.get(ANY_TEAM)
        if home is not None:
            self._homes[platform, team] = (time.monotonic() + _KNOWN, home)
        return home

    def forget_homes(self) -> None:
        self._homes.clear()

    async def home_of(self, platform: str, team: str) -> str | None:
        """The organization of this very workspace: it let us in before, or people were heard from it."""
        async with self._reading() as connection:
            for table in (t.installation, t.account):
                c = table.c
                mine = (c.platform == platform, c.team == team)
                row = (await connection.execute(select(c.organization_id).where(*mine).limit(1))).first()
                if row is not None:
                    return str(row.organization_id)
        return None

    async def lodging(self, team: str) -> str | None:
        """The organization of the workspace with that id, on whatever platform."""
        i = t.installation.c
        async with self._reading() as connection:
            rows = await connection.execute(select(i.organization_id).where(i.team == team, i.team != ANY_TEAM))
            homes = {str(row.organization_id) for row in rows}
        return homes.pop() if len(homes) == 1 else None

    async def feed_of(self, secret: str) -> tuple[str, str] | None:
        """(organization, person) whose calendar feed has this secret."""
        c = t.calendar.c
        async with self._reading() as connection:
            mine = select(c.organization_id, c.person_id).where(c.secret_hash == hashed(secret), c.feed)
            row = (await connection.execute(mine)).first()
        return None if row is None else (row.organization_id, row.person_id)

    async def handed_out(self, secret: str, at: datetime) -> tuple[str, str] | None:
        """Whose everything a link with a secret of that hash gives, and in which organization."""
        h = t.handout.c
        async with self._reading() as connection:
            rows = await connection.execute(
                select(h.organization_id, h.person_id).where(h.secret == secret, h.expires_at >= int(at.timestamp()))
            )
            row = rows.first()
        return None if row is None else (str(row.organization_id), str(row.person_id))

    async def organizations(self) -> tuple[str, ...]:
        async with self._reading() as connection:
            rows = await connection.execute(select(t.organization.c.id).order_by(t.organization.c.id))
            return tuple(row.id for row in rows)

    async def create_organization(self, id: str, name: str) -> None:
        async with self.begin(id) as tx:
            await tx.found(name)

    async def install(
        self, organization: str, platform: str, team: str, name: str = "", token: str | None = None,
        *, at: datetime | None = None, by: str = "",
    ) -> None:  # fmt: skip
        """This team of this platform belongs to that organization. With `at` it has just let us in, `by` somebody."""
        async with self.begin(organization) as tx:
            await tx.install(platform, team, name, token, at=at, by=by)
        self.forget_homes()

    async def let_out(self, organization: str, platform: str, team: str) -> None:
        async with self.begin(organization) as tx:
            await tx.let_out(platform, team)
        self.forget_homes()

    async def token(self, organization: str, platform: str, team: str) -> str | None:
        async with self.begin(organization) as tx:
            return await tx.token(platform, team)

    async def erase(self, organization: str) -> None:
        """Every row of this organization, in every table."""
        async with self.begin(organization) as tx:
            await tx.erase_all()
        self.forget_homes()

    async def follow_zone_rules(self, rules: str) -> int:
        """Where plans were computed by other rules than these, they follow; how many moved."""
        moved = 0
        for organization in await self.organizations():
            async with self.begin(organization) as tx:
                moved += await tx.zone_rules(rules)
        return moved

    # ── how it is ──

    async def ready(self) -> bool:
        """Reachable, in a form that we can use, and its keys open."""
        try:
            async with self._reading() as connection:
                usable = await migrations.is_usable(connection)
            await self._look()
        except (SQLAlchemyError, OSError, vault.NoKeys, vault.Tampered):
            return False
        return usable

    async def has_exclusion(self) -> bool:
        """Whether the database itself refuses overlapping bookings; SQLite's one writer needs no such thing."""
        async with self._reading() as connection:
            return await _has_exclusion(connection)

    async def _look(self) -> None:
        """Every master key that was used here is at hand and the right one."""
        k, known = t.data_key.c, list[bytes]()
        async with self._reading() as connection:
            if not await migrations.has_tables(connection):
                return
            while True:
                others = [func.substr(k.wrapped, 1, len(head)) != head for head in known]
                one = select(t.data_key).where(k.wrapped.is_not(None), *others).limit(1)
                row = (await connection.execute(one)).first()
                if row is None:
                    return
                self._keyring.unwrap(row.wrapped, f"data_key|wrapped|{row.organization_id}|{row.owner_id}")
                known.append(vault.head(row.wrapped))


async def _has_exclusion(connection: AsyncConnection) -> bool:
    from sqlalchemy import text

    if connection.dialect.name == "sqlite":
        return True
    row = await connection.execute(text("SELECT 1 FROM pg_constraint WHERE conname = 'ex_booking_overlap'"))
    return row.first() is not None


@contextlib.contextmanager
def _races() -> Iterator[None]:
    """Losing a race is a fact and not a fault, and so is a database that somebody else holds."""
    try:
        yield
    except DBAPIError as fault:
        if sqlstate(fault) in _RACES:
            raise Conflict("another transaction was first") from None
        if is_busy(fault):
            raise Busy("Another program holds the database. Nothing was kept: try again.") from None
        raise
