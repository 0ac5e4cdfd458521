"""An open store, and two of them on one database as two processes would have."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import Store
from bot.vault import Keyring


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.of("k1")


@pytest.fixture
async def store(database_url: str, keyring: Keyring) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, keyring)
    yield opened
    await opened.close()


@pytest.fixture
async def other(store: Store, database_url: str, keyring: Keyring) -> AsyncIterator[Store]:
    """The same database, opened once more: another pool, another memory."""
    opened = await Store.open(database_url, keyring)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str, keyring: Keyring) -> AsyncIterator[Store]:
    opened = await Store.open(sqlite_url, keyring)
    yield opened
    await opened.close()
