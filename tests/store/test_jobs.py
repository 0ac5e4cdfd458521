"""PgQueuer's jobs for lanes: in our transaction, one a lane, and none that is lost jams a lane."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.store import Store
from bot.vault import Keyring
from tests.store.filled import House, say
from tests.store.test_lanes import Post, running, soon
from tests.store.test_planning import house_with

LANE = "a/slack:a-team"


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(postgres_url, Keyring.of("k1"))
    yield opened
    await opened.close()


async def run(store: Store, statement: str) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(text(statement))


async def jobs(store: Store) -> list[tuple[str, str]]:
    async with store.engine.connect() as connection:
        rows = await connection.execute(text("SELECT dedupe_key, status::text FROM pgqueuer.pgqueuer ORDER BY id"))
        return [(row[0], row[1]) for row in rows]


async def look(store: Store) -> None:
    """As every tick does."""
    async with store.clock() as clock:
        await clock.enqueue_ready(soon(1))


async def job(store: Store, status: str, ago: str = "0 s") -> None:
    made = text(
        "INSERT INTO pgqueuer.pgqueuer (priority, entrypoint, payload, dedupe_key, status, heartbeat) VALUES "
        "(0, 'drain:slack', convert_to(:lane, 'UTF8'), :lane, CAST(:status AS pgqueuer.pgqueuer_status), "
        "now() - CAST(CAST(:ago AS text) AS interval))"
    )
    async with store.engine.begin() as connection:
        await connection.execute(made, {"lane": LANE, "status": status, "ago": ago})


async def _posts_and_fails(store: Store, house: House) -> None:
    async with store.begin("a") as tx:
        await say(store, house, "one", to="ana", tx=tx, at=soon())
        raise RuntimeError


async def test_a_job_comes_with_the_message_and_goes_with_it(store: Store) -> None:
    house = await house_with(store, "ana")
    with pytest.raises(RuntimeError):
        await _posts_and_fails(store, house)
    assert await jobs(store) == []
    for key in ("one", "two"):
        await say(store, house, key, to="ana", at=soon())
    await look(store)
    assert await jobs(store) == [(LANE, "queued")]


async def test_a_job_that_failed_and_was_kept_does_not_stand_for_its_lane(store: Store) -> None:
    house = await house_with(store, "ana")
    await job(store, "failed")
    await say(store, house, "one", to="ana", at=soon())
    assert await jobs(store) == [(LANE, "failed"), (LANE, "queued")]


async def test_a_wake_up_that_comes_while_the_job_runs_is_found_by_the_next_tick(store: Store) -> None:
    house = await house_with(store, "ana")
    await job(store, "picked")
    await say(store, house, "one", to="ana", at=soon())
    await look(store)
    assert await jobs(store) == [(LANE, "picked")]
    await run(store, "DELETE FROM pgqueuer.pgqueuer")
    await look(store)
    assert await jobs(store) == [(LANE, "queued")]


async def test_the_job_of_a_process_that_died_jams_no_lane(store: Store) -> None:
    house, post = await house_with(store, "ana"), Post()
    await job(store, "picked", ago="1 h")
    await say(store, house, "one", to="ana", at=soon())
    async with running(store, post):
        await post.has(1)
        await say(store, house, "two", to="ana", at=soon())
        await post.has(2)
    assert post.sent() == ["a-one", "a-two"]


async def test_what_pgqueuer_notes_is_tidied(store: Store) -> None:
    house, post = await house_with(store, "ana"), Post()
    await say(store, house, "one", to="ana", at=soon())
    async with running(store, post):
        await post.has(1)
    await run(store, "UPDATE pgqueuer.pgqueuer_log SET created = created - interval '2 hours'")
    async with store.clock() as clock:
        await clock.tidy(soon())
    async with store.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM pgqueuer.pgqueuer_log"))).scalar() == 0
