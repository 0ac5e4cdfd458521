"""Opening a database: what fits, what does not, and what is told of it in one line."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import migrate
from bot.store import Busy, CannotOpen, Store, mapped
from bot.store.tables import metadata
from bot.vault import Keyring
from tests.store.filled import bytes_of, fill, put, rows_of
from tests.support.postgres import Server


@pytest.fixture
def at_head() -> bool:
    """Here each database begins with nothing at all."""
    return False


async def refusal(url: str, keyring: Keyring, **more: Any) -> str:  # noqa: ANN401 - passed on
    """The one line of why it does not open."""
    with pytest.raises(CannotOpen) as told:
        await Store.open(url, keyring, **more)
    assert told.value.__suppress_context__
    line = str(told.value)
    assert "\n" not in line
    assert "[SQL" not in line
    assert line.endswith(".")
    return line


# ── migrations ──


def _differences(connection: Any) -> list[Any]:  # noqa: ANN401 - SQLAlchemy's own
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


async def run(engine: AsyncEngine, step: Any, target: str) -> None:  # noqa: ANN401 - a command of Alembic's
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: step(migrate.config(sync), target))


async def tables(store: Store) -> set[str]:
    async with store.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_the_migrations_make_what_the_tables_say_down_and_up_again(store: Store) -> None:
    for _ in range(2):
        async with store.engine.connect() as connection:
            assert await connection.run_sync(_differences) == []
        assert await store.ready()
        assert await store.has_exclusion()
        await fill(store, "a")
        await run(store.engine, command.downgrade, "base")
        assert await tables(store) == {"alembic_version"}
        assert not await store.ready()
        await run(store.engine, command.upgrade, "head")
        assert await tables(store) == {"alembic_version", *metadata.tables}


async def test_opening_again_changes_nothing(store: Store, database_url: str, keyring: Keyring) -> None:
    await fill(store, "a")
    before = await rows_of(store, "a")
    again = await Store.open(database_url, keyring)
    assert await rows_of(again, "a") == before
    await again.close()


async def test_several_that_open_an_empty_database_at_once_all_find_it_ready(
    database_url: str, keyring: Keyring
) -> None:
    stores = await asyncio.gather(*(Store.open(database_url, keyring) for _ in range(4)))
    assert [await one.ready() for one in stores] == [True] * 4
    for one in stores:
        await one.close()


async def test_many_that_meet_a_new_file_at_the_same_moment_all_open_it(tmp_path: Path, keyring: Keyring) -> None:
    async def opened(url: str) -> None:
        await (await Store.open(url, keyring, migrate=False)).close()

    for each in range(10):  # SQLite itself does not wait here
        await asyncio.gather(*(opened(f"sqlite:///{tmp_path}/{each}.sqlite3") for _ in range(8)))


@pytest.mark.parametrize("migrating", [True, False])
async def test_a_newer_database_is_refused_in_one_line(
    store: Store, database_url: str, keyring: Keyring, migrating: bool
) -> None:
    await _version(store, "9999")
    line = await refusal(database_url, keyring, migrate=migrating)
    assert line.startswith("The database is at 9999, which is newer than this Beside")


@pytest.mark.req("RUN-1")
async def test_a_database_that_is_not_at_head_is_not_ready(database_url: str, keyring: Keyring) -> None:
    empty = await Store.open(database_url, keyring, migrate=False)
    assert not await empty.ready()
    await migrate.to_head(empty.engine)
    assert await empty.ready()
    await _version(empty, "0000")
    assert not await empty.ready()
    await empty.close()


async def _version(store: Store, version: str) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


# ── keys ──


@pytest.mark.req("LOCK-4")
async def test_with_a_wrong_or_missing_master_key_nothing_is_opened_and_nothing_is_written(
    store: Store, database_url: str
) -> None:
    await fill(store, "a")
    before = await rows_of(store, "a")
    await store.close()
    disk = bytes_of(database_url) if database_url.startswith("sqlite") else b""
    assert "The master key 'k1' is missing" in await refusal(database_url, Keyring.of("k2"))
    assert "The master key 'k1' is not the one" in await refusal(database_url, Keyring.of("k1", "k2"))
    assert (bytes_of(database_url) if disk else b"") == disk
    assert await rows_of(store, "a") == before


@pytest.mark.req("LOCK-4")
async def test_every_master_key_that_was_used_is_looked_for(database_url: str) -> None:
    old = Keyring.of("old")
    store = await Store.open(database_url, old)
    await fill(store, "a")
    await store.close()
    both = Keyring({**Keyring.of("new")._masters, **old._masters})  # noqa: SLF001 - what BESIDE_KEYS would hold
    store = await Store.open(database_url, both)
    await fill(store, "b")
    assert await store.token("a", "slack", "a-team") == "canary token a"
    assert await store.ready()
    await store.close()
    assert "'new' is missing" in await refusal(database_url, old)
    assert "'old' is missing" in await refusal(database_url, Keyring({"new": both._masters["new"]}))  # noqa: SLF001


async def test_a_store_whose_keys_do_not_open_any_more_is_not_ready(store: Store) -> None:
    await fill(store, "a")
    assert await store.ready()
    await put(store, "data_key", "wrapped", b"\1\2k9 nothing", owner_id="a-coach")
    assert not await store.ready()


# ── places ──


async def test_a_missing_folder_is_made_and_the_file_is_its_owners_alone(tmp_path: Path, keyring: Keyring) -> None:
    file = tmp_path / "not" / "there" / "b.sqlite3"
    store = await Store.open(f"sqlite:///{file}", keyring)
    await fill(store, "a")
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}
    await store.close()


async def test_a_place_that_cannot_hold_a_database_is_told_in_one_line(tmp_path: Path, keyring: Keyring) -> None:
    (tmp_path / "file").write_text("not a database, but some other file of this person", "utf-8")
    (tmp_path / "folder").mkdir()
    for place in ("file/b.sqlite3", "file", "folder"):
        line = await refusal(f"sqlite:///{tmp_path / place}", keyring)
        assert "BESIDE_DATABASE_URL" in line
    assert (tmp_path / "file").read_text("utf-8").startswith("not a database")


async def test_a_server_that_is_away_or_has_no_such_database_is_told_in_one_line(
    postgres_server: Server, keyring: Keyring
) -> None:
    away = "postgresql://ana:canary@127.0.0.1:9/none"
    for url in (postgres_server.url("none"), away, "postgresql://ana:canary@127.0.0.1:no-port/none"):
        line = await refusal(url, keyring)
        assert "BESIDE_DATABASE_URL" in line
        assert "canary" not in line


@pytest.mark.req("RUN-1")
async def test_a_store_whose_database_went_away_is_not_ready(
    postgres_server: Server, postgres_url: str, keyring: Keyring
) -> None:
    store = await Store.open(postgres_url, keyring)
    assert await store.ready()
    postgres_server.drop_database(postgres_url.rpartition("/")[2])
    assert not await store.ready()
    await store.close()


def test_addresses_are_understood_as_they_are_usually_written() -> None:
    assert mapped("sqlite:////var/b.sqlite3") == "sqlite+aiosqlite:////var/b.sqlite3"
    assert mapped("postgresql://u@h:1/d") == "postgresql+asyncpg://u@h:1/d"
    assert mapped("postgres://u@h/d?sslmode=require") == "postgresql+asyncpg://u@h/d?ssl=require"
    assert mapped("postgresql+psycopg://u@h/d") == "postgresql+asyncpg://u@h/d"


# ── other programs ──


@asynccontextmanager
async def held(url: str, server: Server | None = None) -> AsyncIterator[None]:
    """Another program writes, and does not finish."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.partition("///")[2], isolation_level=None)) as theirs:
            theirs.execute("BEGIN IMMEDIATE")
            yield
            theirs.execute("ROLLBACK")
        return
    holder = await Store.open(url, Keyring.of("k1"), migrate=False)
    async with holder.engine.begin() as connection:
        await connection.execute(text("LOCK TABLE person, thread IN ACCESS EXCLUSIVE MODE"))
        yield
    await holder.close()


async def test_a_database_that_another_program_holds_is_told_within_the_time_and_without_anybodys_words(
    database_url: str, keyring: Keyring
) -> None:
    store = await Store.open(database_url, keyring, patience=0.3)

    async def write() -> None:
        async with store.begin("a") as tx:
            assert await tx.person("canary") is None

    async with held(database_url):
        began = time.monotonic()
        with pytest.raises(Busy) as told:
            await write()
        assert time.monotonic() - began < 20  # a hang guard
        assert str(told.value) == "Another program holds the database. Nothing was kept: try again."
        assert told.value.__suppress_context__
        assert await store.organizations() == ()  # who only looks waits for nobody
        assert await store.ready()
    await write()
    await store.close()


async def test_a_short_wait_for_another_program_is_no_trouble(database_url: str, keyring: Keyring) -> None:
    store = await Store.open(database_url, keyring, patience=5)
    async with held(database_url):
        writing = asyncio.create_task(fill(store, "a"))
        await asyncio.sleep(0.2)
    await writing
    assert all((await rows_of(store, "a")).values())
    await store.close()


async def test_a_held_database_that_is_to_be_opened_is_told_in_one_line(sqlite_url: str, keyring: Keyring) -> None:
    await (await Store.open(sqlite_url, keyring)).close()
    async with held(sqlite_url):
        assert "held by another program" in await refusal(sqlite_url, keyring, patience=0.2)


async def test_a_new_file_that_is_held_is_told_in_one_line(sqlite_url: str, keyring: Keyring) -> None:
    async with held(sqlite_url):
        assert "held by another program" in await refusal(sqlite_url, keyring, patience=0.2)


def test_a_thread_whose_database_did_not_open_ends_after_the_loop_without_a_word(
    sqlite_url: str, keyring: Keyring
) -> None:
    """A thread that told a closed loop of its end would fail with nobody to hear it, here and in a command's output."""
    file = sqlite_url.partition("///")[2]
    with closing(sqlite3.connect(file, isolation_level=None)) as theirs:
        theirs.execute("BEGIN EXCLUSIVE")
        for _ in range(20):
            with pytest.raises(CannotOpen):
                asyncio.run(Store.open(sqlite_url, keyring, migrate=False, patience=0))
    deadline = time.monotonic() + 20  # a hang guard
    while any("_connection_worker_thread" in one.name for one in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def test_an_error_of_the_database_quotes_no_values(store: Store) -> None:
    with pytest.raises(DBAPIError) as told:
        await _wrong(store)
    assert "canary" not in str(told.value)


async def _wrong(store: Store) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "canary words"})


async def test_a_transaction_inside_another_is_a_fault_and_not_a_wait_for_ever(sqlite_store: Store) -> None:
    async def nested() -> None:
        async with sqlite_store.begin("a"):
            await sqlite_store.create_organization("b", "B")

    with pytest.raises(RuntimeError, match="inside another"):
        await nested()
    await sqlite_store.create_organization("b", "B")


async def test_what_is_asked_all_the_time_makes_no_trip_to_sqlites_thread_and_anything_else_makes_one(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", "aiosqlite"):
        async with sqlite_store.begin("a") as tx:
            assert await tx.person("nobody") is None
            assert await tx.everybody() == ()
    trips = [said for one in caplog.records if (said := one.getMessage()).startswith("executing")]
    # Begin, show everybody, commit.
    assert len(trips) == 3, trips
