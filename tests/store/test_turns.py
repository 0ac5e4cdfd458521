"""SQLite's one writer: those who wait together share a commit, and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.store import Store, Tx
from tests.store.filled import AT


async def keep(store: Store, key: str, *, go: asyncio.Event | None = None) -> None:
    async with store.begin("a") as tx:
        assert await tx.first(key, AT) is None
        if go is not None:
            await go.wait()


async def kept(store: Store, *keys: str) -> list[bool]:
    """Which of them are there, as another connection sees it."""
    async with store.engine.connect() as connection:
        looking = await connection.execution_options(beside_reads=True)
        rows = await looking.execute(text("SELECT key FROM seen"))
        there = {row.key for row in rows}
    return [key in there for key in keys]


async def fails(store: Store, key: str) -> None:
    async with store.begin("a") as tx:
        assert await tx.first(key, AT) is None
        raise ZeroDivisionError


async def test_twenty_at_once_are_kept_by_a_few_commits(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    keys = [f"k{n}" for n in range(20)]
    with caplog.at_level("DEBUG", "aiosqlite"):
        await asyncio.gather(*(keep(sqlite_store, key) for key in keys))
    assert await kept(sqlite_store, *keys) == [True] * 20
    said = [one.getMessage() for one in caplog.records]
    commits = [one for one in said if one.startswith("executing") and "'COMMIT'" in one]
    assert 0 < len(commits) < 10, said


async def test_one_that_fails_is_taken_back_alone(sqlite_store: Store) -> None:
    each = (keep(sqlite_store, "before"), fails(sqlite_store, "wrong"), keep(sqlite_store, "after"))
    _, fault, _ = await asyncio.gather(*each, return_exceptions=True)
    assert isinstance(fault, ZeroDivisionError)
    assert await kept(sqlite_store, "before", "wrong", "after") == [True, False, True]


async def test_one_that_is_broken_off_is_taken_back_alone(sqlite_store: Store) -> None:
    never = asyncio.Event()
    tasks = [
        asyncio.create_task(keep(sqlite_store, "before")),
        asyncio.create_task(keep(sqlite_store, "broken off", go=never)),
        asyncio.create_task(keep(sqlite_store, "after")),
        asyncio.create_task(keep(sqlite_store, "gone while it waited")),
    ]
    await asyncio.sleep(0.05)
    assert await kept(sqlite_store, "before") == [False], "nobody goes on before the commit that all wait for"
    tasks[3].cancel()
    tasks[1].cancel()
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in told] == [False, True, False, True]
    names = ("before", "broken off", "after", "gone while it waited")
    assert await kept(sqlite_store, *names) == [True, False, True, False]


async def test_a_statement_that_was_under_way_when_it_was_broken_off_is_taken_back_too(sqlite_store: Store) -> None:
    begun = asyncio.Event()

    async def long(tx: Tx) -> None:
        begun.set()
        await tx.found("a long name" * 100_000)
        while True:
            await tx.everybody()

    async def one() -> None:
        async with sqlite_store.begin("a") as tx:
            await long(tx)

    task = asyncio.create_task(one())
    other = asyncio.create_task(keep(sqlite_store, "other"))
    await begun.wait()
    await asyncio.sleep(0.01)
    task.cancel()
    await other
    assert await kept(sqlite_store, "other") == [True]
    assert await sqlite_store.organizations() == ()


async def test_where_the_commit_fails_everybody_who_waits_for_it_is_told(sqlite_store: Store) -> None:
    async with sqlite_store.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE one (id INTEGER PRIMARY KEY)"))
        await connection.execute(
            text("CREATE TABLE two (one INTEGER REFERENCES one DEFERRABLE INITIALLY DEFERRED)")
        )  # fmt: skip

    async def spoils() -> None:
        async with sqlite_store.clock() as clock:
            await clock._connection.execute(text("INSERT INTO two VALUES (7)"))  # noqa: SLF001 - only the commit refuses it

    told = await asyncio.gather(
        keep(sqlite_store, "first"), spoils(), keep(sqlite_store, "last"), return_exceptions=True
    )
    assert [type(one) for one in told] == [IntegrityError] * 3
    assert await kept(sqlite_store, "first", "last") == [False, False]
    await keep(sqlite_store, "first")
    assert await kept(sqlite_store, "first") == [True]
