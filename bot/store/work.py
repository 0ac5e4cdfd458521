"""One transaction of one organization: its connection, its keys, and how words are sealed in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Executable, Row, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import vault
from bot.records import Own
from bot.store import asking
from bot.store import tables as t
from bot.store.lanes import lower
from bot.store.made import Made, driver_of, insert_of, new, over
from bot.vault import DataKey, Keyring

# How JSON says that something is a person's own words; without it, there are none in it.
_OWN = '"own"'


class Work:
    """What every part of a transaction needs. `organization` filters every statement.

    Data keys are read once in each transaction and never kept longer: another process may have destroyed one.
    """

    def __init__(self, connection: AsyncConnection, organization: str, keyring: Keyring) -> None:
        self.organization = organization
        self.destroyed = False
        self.posted = False
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._driver = driver_of(connection) if self._sqlite else None
        self._keyring = keyring
        self._opened: dict[str, DataKey] = {}

    async def _run(self, statement: Executable | Made, **asked: Any) -> int:
        if isinstance(statement, Made):
            return (await self._told(statement, asked))[1]
        return (await self._connection.execute(statement)).rowcount

    async def _rows(self, statement: Executable | Made, **asked: Any) -> list[Any]:
        if isinstance(statement, Made):
            return (await self._told(statement, asked))[0]
        return list((await self._connection.execute(statement)).all())

    async def _row(self, statement: Executable | Made, **asked: Any) -> Any:
        """The first, or None."""
        if isinstance(statement, Made):
            rows, _ = await self._told(statement, asked)
            return rows[0] if rows else None
        return (await self._connection.execute(statement)).first()

    async def _told(self, statement: Made, asked: dict[str, Any]) -> tuple[list[Any], int]:
        asked = {**asked, "of": self.organization}
        if self._driver is not None and not statement.scans:
            return statement.here(self._connection, asked, self._driver)
        return await statement.run(self._connection, asked)

    async def _upsert(self, table: Any, values: dict[str, Any], *key: str) -> None:
        """Insert, or write over the row of that key; a row of another organization is not ours to write."""
        if (await self._told(over(table, tuple(values), key), values))[1] != 1:
            raise LookupError(f"this row of {table.name} is not ours")

    async def _insert_new(self, table: Any, values: dict[str, Any]) -> bool:
        """Insert where there is none; whether it was new. On PostgreSQL this waits for whoever is inserting it."""
        return (await self._told(new(table, tuple(values)), values))[1] == 1

    async def _lower(self, lanes: Iterable[str], at: int) -> None:
        """There is something in these lanes to send, at that time if not before."""
        self.posted = True
        await lower(self._connection, ((lane, self.organization) for lane in lanes), at)

    # ── keys ──

    async def _data_keys(self, owners: Iterable[str], make: bool = False) -> dict[str, DataKey]:
        """The data keys of these owners; a missing one is made where something is to be sealed."""
        wanted = set(owners)
        missing = sorted(wanted - set(self._opened))
        if missing:
            await self._read_keys(missing)
        for owner in sorted(wanted) if make else ():
            there = self._opened.get(owner)
            if there is None or there.key is None:
                await self._make_key(owner, there)
        return {owner: self._opened[owner] for owner in wanted if owner in self._opened}

    async def _read_keys(self, owners: list[str]) -> None:
        for row in await self._rows(asking.data_keys, owners=owners):
            key = None if row.wrapped is None else self._keyring.unwrap(row.wrapped, self._about_key(row.owner_id))
            self._opened[row.owner_id] = DataKey(row.generation, key)

    async def _make_key(self, owner: str, destroyed: DataKey | None) -> None:
        """A first key, or the one after a destroyed one; whoever makes it at the same moment shares it."""
        k, key = t.data_key.c, vault.new_key()
        wrapped = self._keyring.wrap(key, self._about_key(owner))
        generation = 1 if destroyed is None else destroyed.generation + 1
        if destroyed is None:
            values = {"owner_id": owner, "organization_id": self.organization, "generation": 1, "wrapped": wrapped}
            made = await self._insert_new(t.data_key, values)
        else:
            gone = (k.organization_id == self.organization, k.owner_id == owner, k.wrapped.is_(None))
            made = await self._run(update(t.data_key).where(*gone).values(generation=generation, wrapped=wrapped)) == 1
        if made:
            self._opened[owner] = DataKey(generation, key)
        else:
            await self._read_keys([owner])

    async def _destroy_key(self, owner: str) -> None:
        """What it sealed, wherever it stands, reads as nothing from now on. Its generation is remembered."""
        k = t.data_key.c
        mine = (k.organization_id == self.organization, k.owner_id == owner)
        await self._run(update(t.data_key).where(*mine).values(wrapped=None))
        self._opened.pop(owner, None)
        self.destroyed = True

    def _about_key(self, owner: str) -> str:
        return f"data_key|wrapped|{self.organization}|{owner}"

    def _about(self, table: str, column: str, row: str) -> str:
        return f"{table}|{column}|{self.organization}|{row}"

    async def _own_key(self) -> DataKey:
        """The organization's own data key: platform tokens and look-ups."""
        return (await self._data_keys((self.organization,), make=True))[self.organization]

    async def _looked_up(self, text: str) -> str:
        own = await self._own_key()
        return vault.look_up(own.key or b"", text)

    async def _command_print(self, text: str) -> str:
        """Under a key that stays in memory: where the one it comes from is gone, at worst nothing is recognized."""
        key = self._keyring.of_commands.get(self.organization)
        if key is None:
            there = self.organization in await self._data_keys((self.organization,))
            key = vault.derived((await self._own_key()).key or b"", "commands")
            if there:  # what was only just made may be taken back
                self._keyring.of_commands[self.organization] = key
        return vault.print_of(key, text)

    # ── words ──

    async def _seal(self, value: Any, table: str, column: str, row: str) -> str:
        """A struct or builtins as JSON, everybody's words sealed under their own keys."""
        if (whole := _without_words(value)) is not None:
            return whole
        plain = msgspec.to_builtins(value)
        keys = await self._data_keys(vault.authors(plain), make=True)
        return msgspec.json.encode(vault.sealed_words(plain, keys, self._about(table, column, row))).decode()

    async def _open(self, text: str, table: str, column: str, row: str) -> Any:
        value = msgspec.json.decode(text)
        if _OWN not in text:
            return value
        keys = await self._data_keys(vault.authors(value))
        return vault.opened_words(value, keys, self._about(table, column, row))

    async def _seal_own(self, own: Own | None, table: str, column: str, row: str) -> dict[str, Any]:
        if own is None:
            return {column: None, f"{column}_by": None}
        keys = await self._data_keys((own.by,), make=True)
        return {column: keys[own.by].seal(own.text, self._about(table, column, row)), f"{column}_by": own.by}

    async def _open_own(self, row: Row[Any], table: str, column: str) -> Own | None:
        sealed, by = getattr(row, column), getattr(row, f"{column}_by")
        if sealed is None or by is None:
            return None
        keys = await self._data_keys((by,))
        return Own(keys[by].unseal(sealed, self._about(table, column, row.id)) if by in keys else "", by)


def _without_words(value: Any) -> str | None:
    """As JSON, where nobody's own words are in it."""
    try:
        whole = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return None  # half of a character, which somebody typed
    return None if _OWN in whole else whole


def seconds(moment: datetime) -> int:
    """UTC epoch seconds as an int: a float would cost PostgreSQL its index."""
    return int(moment.timestamp())


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def maybe(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


__all__ = ["Work", "insert_of", "maybe", "moment", "seconds"]
