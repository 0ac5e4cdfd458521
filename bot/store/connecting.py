"""How a database is reached, what its drivers call their troubles, and what may be told of them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.swift import connect

# A process that hangs or was stopped in the middle of something must not hold up the others (milliseconds), and none of
# our statements runs for so long that compiling it would pay.
LIMITS = {"jit": "off", "statement_timeout": "15000", "idle_in_transaction_session_timeout": "15000"}
_LOCKED = ("55P03", "database is locked", "database table is locked")


# What a driver calls it, and what a person can look at.
_PLAINLY = (
    ("Connect call failed", "nothing answers at its address: is PostgreSQL running?"),
    ("Connection refused", "nothing answers at its address: is PostgreSQL running?"),
    ("Name or service not known", "nobody knows a host of that name"),
    ("getaddrinfo failed", "nobody knows a host of that name"),
    ("password authentication failed", "it does not take this name and password"),
)


def mapped(url: str) -> str:
    """`sqlite://` and `postgresql://` as the asynchronous drivers want them."""
    scheme, _, rest = url.partition("://")
    family = scheme.partition("+")[0]
    if family == "sqlite":
        return f"sqlite+aiosqlite://{rest}"
    return f"postgresql+asyncpg://{rest.replace('sslmode=', 'ssl=')}"


def open_engine(url: str, patience: float) -> AsyncEngine:
    """Connects to nothing yet. Errors never quote the values of a statement, which may be somebody's words."""
    if not url.startswith("sqlite"):
        return create_async_engine(
            mapped(url), hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10, pool_timeout=2,
            connect_args={"timeout": 2, "server_settings": {**LIMITS, "lock_timeout": str(int(patience * 1000))}},
        )  # fmt: skip
    engine = create_async_engine(
        mapped(url), hide_parameters=True, connect_args={"timeout": patience, "async_creator_fn": connect}
    )
    if engine.url.database:
        _make_file(Path(engine.url.database))
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    """The database and its folder, where they are missing; only their owner may look into the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if not options.get("beside_turns"):  # who takes turns says when
        connection.exec_driver_sql("BEGIN" if options.get("beside_reads") else "BEGIN IMMEDIATE")


async def leave_no_trace(engine: AsyncEngine) -> None:
    """SQLite's write-ahead log still holds the pages as they were before a key was destroyed: it is emptied."""
    if engine.dialect.name != "sqlite":
        return
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
            await cursor.fetchall()


def sqlstate(fault: DBAPIError) -> str:
    cause = getattr(fault.orig, "__cause__", None)
    return str(getattr(fault.orig, "sqlstate", None) or getattr(cause, "sqlstate", None) or "")


def is_busy(fault: DBAPIError) -> bool:
    return sqlstate(fault) in _LOCKED or str(fault.orig) in _LOCKED


def kind_of(fault: BaseException | None) -> str:
    """A few words for a figure: what sort of trouble the database had."""
    said = DBAPIError("", None, fault) if isinstance(fault, Exception) else None
    state = sqlstate(said) if said is not None else ""
    if said is not None and is_busy(said):
        return "busy"
    if state[:2] in ("23", "40"):
        return "race"
    if state[:2] in ("08", "57") or "closed" in str(fault) or isinstance(fault, OSError):
        return "away"
    return "other"


def unusable(fault: BaseException) -> str:
    """One line: what went wrong in the driver's words, without the statement and its values, and where to look."""
    if isinstance(fault, DBAPIError) and is_busy(fault):
        return "The database is held by another program. Stop that one, or try again when it has finished."
    origin = getattr(fault, "orig", None) or fault
    told = str(origin).splitlines() if isinstance(fault, OperationalError | OSError) else []
    reason = told[0][:200] if told else type(origin).__name__
    for shape, plainly in _PLAINLY:
        if shape in reason:
            reason = plainly
    return f"The database cannot be used ({reason}). Look at BESIDE_DATABASE_URL."
