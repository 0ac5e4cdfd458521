"""The keeping: one database, one transaction for one organization, and the clock's exception."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import migrate as migrations
from bot import vault
from bot.store import tables as t
from bot.store.clockwork import ClockTx, Taken
from bot.store.conflict import CannotOpen, Conflict
from bot.store.people import ANY_TEAM
from bot.store.sending import Tx
from bot.store.threads import Thread
from bot.vault import Keyring

__all__ = ["CannotOpen", "ClockTx", "Conflict", "Store", "Taken", "Thread", "Tx", "mapped"]
_BUSY = 5.0
_RACES = ("40001", "40P01", "23505", "23P01")


class Store:
    """An open database. Use `Store.open`."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring
        self._homes: dict[tuple[str, str], str] = {}
        self._queue = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @classmethod
    async def open(cls, url: str, keyring: Keyring, *, migrate: bool = True) -> Store:
        """Brought to head (unless told not to), with keys that fit; else `CannotOpen` with one line of what to do."""
        engine = create_async_engine(mapped(url), **_options(url))
        if url.startswith("sqlite"):
            event.listen(engine.sync_engine, "connect", _sqlite_connection)
            event.listen(engine.sync_engine, "begin", _begin_immediate)
        store = cls(engine, keyring)
        try:
            if migrate:
                await migrations.to_head(engine)
            await store._check_keys()
        except (CannotOpen, vault.NoKeys) as fault:
            await engine.dispose()
            raise CannotOpen(str(fault)) from None
        except (SQLAlchemyError, OSError) as fault:
            await engine.dispose()
            raise CannotOpen(f"The database cannot be used ({_reason(fault)}). Look at BESIDE_DATABASE_URL.") from None
        return store

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    async def close(self) -> None:
        await self._engine.dispose()

    @contextlib.asynccontextmanager
    async def begin(self, organization: str) -> AsyncIterator[Tx]:
        """One transaction: commit at the end, nothing at all if it raises. A lost race is `Conflict`."""
        with _races():
            async with self._turn(), self._engine.begin() as connection:
                yield Tx(connection, organization, self._keyring)

    @contextlib.asynccontextmanager
    async def clock(self) -> AsyncIterator[ClockTx]:
        with _races():
            async with self._turn(), self._engine.begin() as connection:
                yield ClockTx(connection)

    def _turn(self) -> contextlib.AbstractAsyncContextManager[None]:
        """SQLite has one writer: here they queue in order, where its own busy waiting would starve some of them."""
        return self._queue or contextlib.nullcontext()

    @contextlib.asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only looks, and so waits for no writer."""
        async with self._engine.connect() as connection:
            yield await connection.execution_options(beside_reads=True)

    # ── the directory: which organization a request belongs to, ids only ──

    async def organization_of(self, platform: str, team: str) -> str | None:
        known = self._homes.get((platform, team))
        if known is not None:
            return known
        i = t.installation.c
        async with self._reading() as connection:
            rows = await connection.execute(
                select(i.organization_id, i.team).where(i.platform == platform, i.team.in_((team, ANY_TEAM)))
            )
            homes = {row.team: str(row.organization_id) for row in rows}
        home = homes.get(team) or homes.get(ANY_TEAM)
        if home is not None:
            self._homes[platform, team] = home
        return home

    async def organizations(self) -> tuple[str, ...]:
        async with self._reading() as connection:
            rows = await connection.execute(select(t.organization.c.id).order_by(t.organization.c.id))
            return tuple(row.id for row in rows)

    async def create_organization(self, id: str, name: str) -> None:
        async with self.begin(id) as tx:
            await tx.found(name)

    async def install(
        self, organization: str, platform: str, team: str, name: str = "", token: str | None = None
    ) -> None:
        """This team of this platform belongs to that organization; its token is sealed under the organization's key."""
        async with self.begin(organization) as tx:
            await tx.install(platform, team, name, token)
        self._homes.clear()

    async def token(self, organization: str, platform: str, team: str) -> str | None:
        async with self.begin(organization) as tx:
            return await tx.token(platform, team)

    async def erase(self, organization: str) -> None:
        """Every row of this organization, in every table."""
        async with self.begin(organization) as tx:
            await tx.erase_all()
        self._homes.clear()

    # ── how it is ──

    async def ready(self) -> bool:
        """Reachable, at head, and its keys open."""
        try:
            async with self._reading() as connection:
                at_head = await migrations.is_at_head(connection)
            await self._check_keys()
        except (SQLAlchemyError, OSError, vault.NoKeys):
            return False
        return at_head

    async def has_exclusion(self) -> bool:
        """Whether the database itself refuses overlapping bookings; SQLite's one writer needs no such thing."""
        async with self._reading() as connection:
            return await _has_exclusion(connection)

    async def _check_keys(self) -> None:
        """The newest data key opens; nothing is written with a wrong master key."""
        async with self._reading() as connection:
            if not await migrations.has_tables(connection):
                return
            row = (
                await connection.execute(select(t.data_key).where(t.data_key.c.wrapped.is_not(None)).limit(1))
            ).first()
        if row is not None:
            self._keyring.unwrap(row.wrapped, f"data_key|wrapped|{row.organization_id}|{row.owner_id}")


async def _has_exclusion(connection: AsyncConnection) -> bool:
    from sqlalchemy import text

    if connection.dialect.name == "sqlite":
        return True
    row = await connection.execute(text("SELECT 1 FROM pg_constraint WHERE conname = 'ex_booking_overlap'"))
    return row.first() is not None


def mapped(url: str) -> str:
    """`sqlite://` and `postgresql://` as the asynchronous drivers want them."""
    scheme, _, rest = url.partition("://")
    family = scheme.partition("+")[0]
    return f"{'sqlite+aiosqlite' if family == 'sqlite' else 'postgresql+asyncpg'}://{rest}"


def _options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": _BUSY}}
    return {
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 2,
        "connect_args": {"timeout": 2},
    }


def _sqlite_connection(connection: Any, _: Any) -> None:
    # The driver must not begin for us: we say BEGIN IMMEDIATE, so that a writer waits and never deadlocks.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    reads = connection.get_execution_options().get("beside_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextlib.contextmanager
def _races() -> Iterator[None]:
    """Losing a race is a fact and not a fault."""
    try:
        yield
    except DBAPIError as fault:
        code = getattr(fault.orig, "sqlstate", None) or getattr(
            getattr(fault.orig, "__cause__", None), "sqlstate", None
        )
        if code in _RACES:
            raise Conflict("another transaction was first") from None
        raise


def _reason(fault: BaseException) -> str:
    """What went wrong, in the driver's words, without the statement and its values."""
    origin = getattr(fault, "orig", None) or fault
    return str(origin).splitlines()[0][:200] if isinstance(fault, OperationalError | OSError) else type(origin).__name__
