"""PostgreSQL's driver is asked straight: a race is lost, and a connection given up, as when SQLAlchemy asks."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Executable, func, select
from sqlalchemy.exc import DBAPIError

from bot.records import Person
from bot.store import Conflict, Store
from bot.store.made import Made
from bot.vault import Keyring
from tests.store.filled import fill


@Made
def waits(_: bool) -> Executable:
    return select(func.pg_sleep(30))


@Made
def raced(_: bool) -> Executable:
    """What another transaction that was first makes of a statement."""
    return select(func.beside_race())


async def _open(url: str, keyring: Keyring) -> Store:
    store = await Store.open(url, keyring)
    await fill(store, "a")
    return store


async def test_a_race_that_is_lost_is_a_conflict(postgres_url: str, keyring: Keyring) -> None:
    store = await _open(postgres_url, keyring)
    body = "BEGIN RAISE EXCEPTION 'race' USING ERRCODE = '40001'; END"
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql(
            f"CREATE FUNCTION beside_race() RETURNS int LANGUAGE plpgsql AS $$ {body} $$"
        )  # fmt: skip

    async def lost() -> None:
        async with store.begin("a") as tx:
            await tx.people(["somebody"])
            await tx._rows(raced)  # noqa: SLF001 - what every part of a transaction asks by

    with pytest.raises(Conflict):
        await lost()
    assert await _known(store)
    await store.close()


async def test_who_is_broken_off_gives_the_connection_up_and_the_next_one_asks_well(
    postgres_url: str, keyring: Keyring
) -> None:
    store = await _open(postgres_url, keyring)

    async def long() -> None:
        async with store.begin("a") as tx:
            await tx.people(["somebody"])
            await tx._rows(waits)  # noqa: SLF001 - the same

    task = asyncio.create_task(long())
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _known(store)
    await store.close()


async def test_a_connection_that_breaks_is_a_fault_and_the_next_one_asks_well(
    postgres_url: str, keyring: Keyring
) -> None:
    store = await _open(postgres_url, keyring)
    kinds: list[str] = []
    store.on_fault(kinds.append)

    async def broken() -> None:
        async with store.begin("a") as tx:
            mine = (await tx._rows(select(func.pg_backend_pid())))[0][0]  # noqa: SLF001 - the same
            async with store.engine.begin() as other:
                await other.execute(select(func.pg_terminate_backend(mine)))
            await asyncio.sleep(0.2)
            await tx.people(["somebody"])

    with pytest.raises(DBAPIError) as told:
        await broken()
    assert told.value.connection_invalidated
    assert kinds == ["away"]
    assert await _known(store)
    await store.close()


async def _known(store: Store) -> dict[str, Person]:
    async with store.begin("a") as tx:
        return await tx.people(["a-teacher"])
