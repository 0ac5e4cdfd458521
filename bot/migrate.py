"""Bringing a database to the form this version needs, and refusing one that is newer."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.clock import zone_rules
from bot.data import data_path

if TYPE_CHECKING:
    from alembic.config import Config

    from bot.settings import Settings

_LOCK = 7_226_541
_HEAD = "0016"


def config(connection: Any = None) -> Config:
    """Alembic over our folder, with the connection that is open already."""
    from alembic.config import Config

    alembic = Config()
    alembic.set_main_option("script_location", str(data_path("migrations")))
    alembic.attributes["connection"] = connection
    return alembic


async def to_head(engine: AsyncEngine) -> None:
    """Idempotent; on PostgreSQL one process at a time, the others wait and find it done."""
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                await connection.execute(text(f"SET LOCAL {limit} = 0"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade)


def _upgrade(connection: Any) -> None:
    from alembic import command

    if _refuse_newer(connection) != _HEAD:
        command.upgrade(config(connection), "head")


def _refuse_newer(connection: Any) -> str | None:
    from bot.store.conflict import CannotOpen

    found = _revision(connection)
    if found is not None and found > _HEAD:
        raise CannotOpen(
            f"The database is at {found}, which is newer than this Beside ({_HEAD}). Install the newer Beside."
        )
    return found


async def refuse_newer(connection: AsyncConnection) -> None:
    """A newer Beside may keep things in ways that this one would spoil."""
    await connection.run_sync(_refuse_newer)


def _revision(connection: Any) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


async def is_usable(connection: AsyncConnection) -> bool:
    """At head; or beyond it, where the next release has brought it while we run: what it adds is not in our way."""
    found = await connection.run_sync(_revision)
    return found is not None and found >= _HEAD


async def has_tables(connection: AsyncConnection) -> bool:
    return bool(await connection.run_sync(lambda sync: inspect(sync).has_table("data_key")))


def run(settings: Settings) -> int:
    """`beside migrate`: to head, or one line of what is in the way."""
    from bot.store import CannotOpen, Store
    from bot.vault import Keyring, NoKeys

    async def bring() -> None:
        store = await Store.open(settings.database_url.get_secret_value(), Keyring.load(settings))
        await store.follow_zone_rules(zone_rules())
        await store.close()

    try:
        asyncio.run(bring())
    except (CannotOpen, NoKeys) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"The database is at {_HEAD}.")
    return 0
