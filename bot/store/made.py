"""Statements that are made once: SQLAlchemy writes each a single time, and from then on only its values travel."""

from __future__ import annotations

import sqlite3
import time
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NoReturn, cast

import msgspec
from sqlalchemy import Dialect, Executable, Table, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.straight import straight
from bot.store.swift import Swift

# The organization: every transaction gives its own.
OF = bindparam("of", type_=Text)
QUICK, A_WHILE = 0.002, 60.0
# A busy machine makes anything slow now and then.
IN_A_ROW = 3
Found = tuple[list[Any], int]
_AS_JSON = msgspec.json.Encoder().encode


class Made:
    """A statement by the names of what it asks for, built for SQLite (`True`) or for PostgreSQL.

    It finds its rows by an index and is short: on SQLite it runs right in the event loop, as a trip to another thread
    and back takes longer. A list of values is one parameter (`bot.store.taking.among`).
    """

    def __init__(
        self, build: Callable[[bool], Executable], columns: Sequence[str] | None = None, *, scans: bool = False
    ) -> None:
        self._build = build
        self._columns = columns
        self._written: dict[str, Written] = {}
        self.scans = scans
        self._slow_until = 0.0
        self._slow = 0

    def written(self, dialect: Dialect) -> Written:
        known = self._written.get(dialect.name)
        if known is None:
            known = self._written[dialect.name] = Written(self._build, dialect, self._columns)
        return known

    async def run(self, connection: AsyncConnection, asked: Mapping[str, Any]) -> tuple[list[Any], int]:
        """Its rows, and how many were written."""
        written = self.written(connection.dialect)
        values = written.values(asked)
        if connection.dialect.name == "sqlite":
            found, count = (
                await self._timed(connection, written.text, values)
                if self.scans
                else at_once(connection, written.text, values)
            )
            return written.rows(found), count
        told = await straight(connection, written.text, values, rows=written.shows)
        if told is not None:
            return written.rows(told[0]), told[1]
        result = await connection.exec_driver_sql(written.text, values)
        return (written.rows(result.all()) if result.returns_rows else []), result.rowcount

    def here(self, connection: AsyncConnection, asked: Mapping[str, Any], driver: Swift) -> tuple[list[Any], int]:
        """The same for one that is short, where SQLite's driver is known: nothing is waited for."""
        written = self._written.get("sqlite") or self.written(connection.dialect)
        found, count = at_once(connection, written.text, written.values(asked), driver)
        return written.rows(found), count

    async def _timed(self, connection: AsyncConnection, text: str, values: tuple[Any, ...]) -> Found:
        begun = time.perf_counter()
        if begun < self._slow_until:
            return await in_its_thread(connection, text, values)
        found = at_once(connection, text, values)
        self._slow = self._slow + 1 if time.perf_counter() - begun > QUICK else 0
        if self._slow >= IN_A_ROW:
            self._slow, self._slow_until = 0, begun + A_WHILE
        return found


def scanning(build: Callable[[bool], Executable]) -> Made:
    """One that looks at every row of an organization: where that is not quick, the thread has it for a while."""
    return Made(build, scans=True)


def _row(names: tuple[str, ...]) -> Any:
    """What makes a row: its values by their names."""
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024 - only the statement knows which names
    return kind._make


class Written:
    """Its text in one database's own words, the order of its values, and how a row of it reads."""

    def __init__(self, build: Callable[[bool], Executable], dialect: Dialect, columns: Sequence[str] | None) -> None:
        self._sqlite = dialect.name == "sqlite"
        done: Any = build(self._sqlite).compile(dialect=dialect, column_keys=columns)  # type: ignore[attr-defined]
        self.text = str(done)
        if "POSTCOMPILE" in self.text:
            raise ValueError("a list of unknown length is no value of a statement that is made once: use `among`")
        self._names: tuple[str, ...] = tuple(done.positiontup)
        self._given = {name: done.binds[name].value for name in self._names if not done.binds[name].required}
        shown = done._result_columns  # noqa: SLF001 - what SQLAlchemy itself reads rows by
        self.shows = bool(shown)
        self._row = _row(tuple(one.keyname for one in shown))
        types = [(n, one.type.dialect_impl(dialect).result_processor(dialect, None)) for n, one in enumerate(shown)]
        self._read = [(n, read) for n, read in types if read is not None]

    def values(self, asked: Mapping[str, Any]) -> tuple[Any, ...]:
        given = self._given
        found = [asked[name] if name in asked else given[name] for name in self._names]
        if not self._sqlite:
            return tuple(found)
        return tuple([_AS_JSON(one).decode() if type(one) is list else one for one in found])

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        make = self._row
        if not self._read:
            return list(map(make, found))
        rows = []
        for one in found:
            values = list(one)
            for n, read in self._read:
                values[n] = read(values[n])
            rows.append(make(values))
        return rows


def at_once(
    connection: AsyncConnection, text: str, values: Sequence[Any] = (), driver: Swift | None = None
) -> Found:  # fmt: skip
    """On SQLite, without a trip to another thread."""
    try:
        return (driver or driver_of(connection)).here(text, values)
    except sqlite3.Error as fault:
        _told(connection, text, fault)


async def in_its_thread(connection: AsyncConnection, text: str, values: Sequence[Any] = ()) -> Found:
    """On SQLite, for what may take its time, and behind whatever is under way there."""
    try:
        return await driver_of(connection).there(text, values)
    except sqlite3.Error as fault:
        _told(connection, text, fault)


def driver_of(connection: AsyncConnection) -> Swift:
    inner = connection.sync_connection
    assert inner is not None  # noqa: S101 - a transaction has begun on it
    return cast("Swift", inner.connection.driver_connection)


def _told(connection: AsyncConnection, text: str, fault: sqlite3.Error) -> NoReturn:
    """A fault of the driver is counted and raised as that of any other statement."""
    inner: Any = connection.sync_connection
    inner._handle_dbapi_exception(fault, text, None, None, None)  # noqa: SLF001 - as SQLAlchemy's own statements do
    raise fault


def insert_of(sqlite: bool) -> Any:
    return lite.insert if sqlite else postgresql.insert


@cache
def new(table: Table, columns: tuple[str, ...]) -> Made:
    """A row, where there is none of its key."""
    return Made(lambda sqlite: insert_of(sqlite)(table).on_conflict_do_nothing(), columns)


@cache
def over(table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> Made:
    """A row, new or over the one of that key, if that is the organization's own."""

    def build(sqlite: bool) -> Executable:
        row = insert_of(sqlite)(table)
        rest = {name: row.excluded[name] for name in columns if name not in key and name != "organization_id"}
        written: Executable = row.on_conflict_do_update(
            index_elements=list(key), set_=rest, where=table.c.organization_id == OF
        )
        return written

    return Made(build, columns)
