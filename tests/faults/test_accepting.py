"""Twenty say yes to overlapping times of one coach at once: one is booked, and the others are offered other times."""

import asyncio
import sys
from base64 import b64encode

import pytest

from bot.store import Store
from bot.vault import Keyring
from tests.faults.accepting import KEY, MANY, accept, invite_all
from tests.store.filled import rows_of
from tests.support.process import ROOT, environment

MASTER = f"k1:{b64encode(b'k' * 32).decode()}"


async def _one_is_booked(store: Store) -> None:
    rows = await rows_of(store, "a")
    assert len(rows["booking"]) == 2
    assert sum("'confirmed'" in row for row in rows["slot"]) == 1


@pytest.mark.req("ONCE-7")
async def test_of_twenty_who_say_yes_at_once_one_has_it(database_url: str) -> None:
    keyring = Keyring.read(MASTER, KEY)
    store = await Store.open(database_url, keyring)
    other = await Store.open(database_url, keyring)
    try:
        await invite_all(store)
        halves = await asyncio.gather(accept(store, range(0, MANY, 2)), accept(other, range(1, MANY, 2)))
        assert sum(map(sum, halves)) == 1
        await _one_is_booked(store)
    finally:
        await store.close()
        await other.close()


@pytest.mark.slow
@pytest.mark.req("ONCE-7")
async def test_of_twenty_who_say_yes_in_two_processes_one_has_it(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.read(MASTER, KEY))
    try:
        await invite_all(store)
        children = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.faults.accepting", database_url, str(part), cwd=ROOT,
                env=environment({}) | {KEY: MASTER}, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            )
            for part in range(2)
        ]  # fmt: skip
        try:
            async with asyncio.timeout(120):
                for child in children:
                    assert child.stdout is not None
                    assert await child.stdout.readline() == b"ready\n"
                told = await asyncio.gather(*(child.communicate(b"go\n") for child in children))
        finally:
            for child in children:
                if child.returncode is None:
                    child.kill()
        assert sum(int(out) for out, _ in told) == 1
        await _one_is_booked(store)
    finally:
        await store.close()
