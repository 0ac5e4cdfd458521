"""SQLite in one trip to its thread for each statement, where the driver makes four of them, or in none."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiosqlite import Connection
from aiosqlite.core import _STOP_RUNNING_SENTINEL

Found = tuple[Any, int, int | None, list[Any]]


class _Cursor:
    """What SQLAlchemy asks of a cursor. It reads every row at once anyway, so they are fetched with the statement."""

    arraysize = 1

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        await self._note(_executed, statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        await self._note(_executed_many, statement, parameters)

    async def _note(self, how: Callable[..., Found], *what: Any) -> None:
        self.description, self.rowcount, self.lastrowid, self._rows = await self._run(how, *what)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It was closed in its thread, as soon as it was read."""


class Swift(Connection):
    def cursor(self) -> Any:
        return _Cursor(self._there)

    def stop(self) -> None:
        """Ends the thread, and tells nobody: it is called where nobody waits, and the loop may be closed by then."""
        self._running = False
        self._tx.put_nowait((None, self._ended))

    def _ended(self) -> object:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return _STOP_RUNNING_SENTINEL

    def here(self, statement: str, parameters: Sequence[Any]) -> tuple[list[Any], int]:
        """Right now and without its thread: for what is short, while nothing else is under way on this connection."""
        cursor = self._conn.execute(statement, parameters)
        try:
            return (cursor.fetchall() if cursor.description else []), cursor.rowcount
        finally:
            cursor.close()

    async def there(self, statement: str, parameters: Sequence[Any]) -> tuple[list[Any], int]:
        """In its thread, and so not in the way of anybody."""
        _, count, _, rows = await self._there(_executed, statement, parameters)
        return rows, count

    async def _there(self, how: Callable[..., Found], *what: Any) -> Found:
        found: Found = await self._execute(how, self._conn, *what)  # type: ignore[no-untyped-call]  # as it is there
        return found


def connect(path: str, *, timeout: float, **more: Any) -> Swift:
    """For SQLAlchemy's `async_creator_fn`. `timeout` is for how many seconds another program is waited for."""
    made = Swift(lambda: _opened(path, timeout, more), iter_chunk_size=64)
    made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with those that it makes
    return made


def _opened(path: str, timeout: float, more: dict[str, Any]) -> sqlite3.Connection:
    # The driver must not begin for us: we say BEGIN IMMEDIATE, so that a writer waits and never deadlocks.
    connection: sqlite3.Connection = sqlite3.connect(
        path, timeout=timeout, isolation_level=None, **more | {"check_same_thread": False}
    )
    try:
        _to_wal(connection, timeout)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _to_wal(connection: sqlite3.Connection, patience: float) -> None:
    """SQLite does not wait where two turn a new file to WAL at once (it might be for ever): this does, with an end."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)  # in the connection's own thread
        else:
            return


def _executed(connection: sqlite3.Connection, statement: str, parameters: Sequence[Any]) -> Found:
    return _read(connection.execute(statement, parameters))


def _executed_many(connection: sqlite3.Connection, statement: str, parameters: Sequence[Any]) -> Found:
    return _read(connection.executemany(statement, parameters))


def _read(cursor: sqlite3.Cursor) -> Found:
    rows = cursor.fetchall() if cursor.description else []
    found = cursor.description, cursor.rowcount, cursor.lastrowid, rows
    cursor.close()
    return found
