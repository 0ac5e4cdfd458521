"""One transaction of one organization: its connection, its keys, and how words are sealed in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Executable, Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import vault
from bot.records import Own
from bot.store import tables as t
from bot.vault import Keyring


class Keys:
    """Unwrapped data keys of this process, by owner; only what was committed comes in."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self.known: dict[str, bytes] = {}


class Work:
    """What every part of a transaction needs. `organization` filters every statement."""

    def __init__(self, connection: AsyncConnection, organization: str, keys: Keys) -> None:
        self.organization = organization
        self._connection = connection
        self._keys = keys
        self._made: dict[str, bytes] = {}
        self._destroyed: set[str] = set()

    def committed(self) -> None:
        """Keys made here may be used from now on, destroyed ones no longer."""
        self._keys.known.update(self._made)
        for owner in self._destroyed:
            self._keys.known.pop(owner, None)

    @property
    def _sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    async def _run(self, statement: Executable) -> int:
        return (await self._connection.execute(statement)).rowcount

    async def _rows(self, statement: Executable) -> list[Row[Any]]:
        return list((await self._connection.execute(statement)).all())

    async def _row(self, statement: Executable) -> Row[Any] | None:
        return (await self._connection.execute(statement)).first()

    async def _upsert(self, table: Any, values: dict[str, Any], *key: str) -> None:
        """Insert, or write over the row of that key."""
        kind = _insert_of(self._sqlite)
        rest = {name: value for name, value in values.items() if name not in key and name != "organization_id"}
        statement = kind(table).values(**values)
        mine = table.c.organization_id == self.organization
        await self._connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=rest, where=mine))

    async def _insert_new(self, table: Any, values: dict[str, Any]) -> bool:
        """Insert where there is none; whether it was new. On PostgreSQL this waits for whoever is inserting it."""
        statement = _insert_of(self._sqlite)(table).values(**values).on_conflict_do_nothing()
        return (await self._connection.execute(statement)).rowcount == 1

    # ── keys ──

    async def _data_keys(self, owners: Iterable[str], make: bool = False) -> dict[str, bytes]:
        """The data keys of these owners; a missing one is made where something is to be sealed."""
        wanted = set(owners) - self._destroyed
        found = {who: key for who in wanted if (key := self._made.get(who) or self._keys.known.get(who))}
        missing = wanted - set(found)
        if missing:
            rows = await self._rows(
                select(t.data_key.c.owner_id, t.data_key.c.wrapped).where(
                    t.data_key.c.owner_id.in_(sorted(missing)), t.data_key.c.organization_id == self.organization
                )
            )
            for owner, wrapped in rows:
                found[owner] = self._made[owner] = self._keys.keyring.unwrap(wrapped, self._about_key(owner))
        for owner in sorted(missing - set(found)) if make else ():
            key = vault.new_key()
            wrapped = self._keys.keyring.wrap(key, self._about_key(owner))
            values = {"owner_id": owner, "organization_id": self.organization, "wrapped": wrapped}
            if await self._insert_new(t.data_key, values):
                found[owner] = self._made[owner] = key
            else:
                found |= await self._data_keys((owner,))
        return found

    def _about_key(self, owner: str) -> str:
        return f"data_key|wrapped|{self.organization}|{owner}"

    def _about(self, table: str, column: str, row: str) -> str:
        return f"{table}|{column}|{self.organization}|{row}"

    async def _own_key(self) -> bytes:
        """The organization's own data key: platform tokens and look-ups."""
        return (await self._data_keys((self.organization,), make=True))[self.organization]

    async def _looked_up(self, text: str) -> str:
        return vault.look_up(await self._own_key(), text)

    # ── words ──

    async def _seal(self, value: Any, table: str, column: str, row: str) -> str:
        """A struct or builtins as JSON, everybody's words sealed under their own keys."""
        plain = msgspec.to_builtins(value)
        keys = await self._data_keys(vault.authors(plain), make=True)
        return msgspec.json.encode(vault.sealed_words(plain, keys, self._about(table, column, row))).decode()

    async def _open(self, text: str, table: str, column: str, row: str) -> Any:
        value = msgspec.json.decode(text)
        keys = await self._data_keys(vault.authors(value))
        return vault.opened_words(value, keys, self._about(table, column, row))

    async def _seal_own(self, own: Own | None, table: str, column: str, row: str) -> dict[str, Any]:
        if own is None:
            return {column: None, f"{column}_by": None}
        keys = await self._data_keys((own.by,), make=True)
        plain = own.text.encode("utf-8", "surrogatepass")
        return {column: vault.seal(keys[own.by], "d", plain, self._about(table, column, row)), f"{column}_by": own.by}

    async def _open_own(self, row: Row[Any], table: str, column: str) -> Own | None:
        sealed, by = getattr(row, column), getattr(row, f"{column}_by")
        if sealed is None or by is None:
            return None
        keys = await self._data_keys((by,))
        if by not in keys:
            return Own("", by)
        return Own(
            vault.unseal(keys[by], sealed, self._about(table, column, row.id)).decode("utf-8", "surrogatepass"), by
        )


def _insert_of(sqlite: bool) -> Any:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.dialects import sqlite as lite

    return lite.insert if sqlite else postgresql.insert


def seconds(moment: datetime) -> int:
    """UTC epoch seconds as an int: a float would cost PostgreSQL its index."""
    return int(moment.timestamp())


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def maybe(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


__all__ = ["Keys", "Work", "insert", "maybe", "moment", "seconds"]
