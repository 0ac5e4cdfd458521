"""Two releases on one database: each step adds to what was there, and who knows only the older form goes on in it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from bot.store import Store, Thread
from bot.store.connecting import open_engine
from bot.vault import Keyring
from tests.store.filled import AT, HOUR, fill, rows_of
from tests.store.test_isolation import OWN, READERS, WRITERS, checked_in
from tests.store.test_migrating import STEPS, shape, stepped, told
from tests.store.test_opening import refusal

LATER = "9999"


def in_the_way(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a step changes that a process of the release before it still counts on."""
    found = []
    for name, old in before.items():
        new = after.get(name, {"columns": {}, "key": None, "indexes": {}})
        found += [f"{name}.{one} is another" for one, how in old["columns"].items() if new["columns"].get(one) != how]
        found += [
            f"{name}.{one} must be given"
            for one, (_, nullable, default) in new["columns"].items()
            if one not in old["columns"] and not nullable and default is None
        ]
        found += [f"{name} has another key"] if new["key"] != old["key"] else []
        found += [
            f"{one} refuses what was allowed"
            for one, (_, unique, _) in new["indexes"].items()
            if unique and one not in old["indexes"]
        ]
    return found


def test_what_is_in_the_way_of_an_older_release_is_seen() -> None:
    column = {"id": ("TEXT", False, None), "name": ("TEXT", False, None)}
    old = {"person": {"columns": column, "key": "id", "indexes": {"ix": (["name"], False, "")}}}
    given, wider = {"when": ("BIGINT", False, None)}, {"name": ("TEXT", True, None)}
    for changed, seen in (
        ({}, ["person.id is another", "person.name is another", "person has another key"]),
        ({"person": {"columns": column | given, "key": "id", "indexes": {}}}, ["person.when must be given"]),
        ({"person": {"columns": column | wider, "key": "id", "indexes": {}}}, ["person.name is another"]),
        ({"person": {"columns": column, "key": "name", "indexes": {}}}, ["person has another key"]),
        (
            {"person": {"columns": column, "key": "id", "indexes": {"uq": (["name"], True, "")}}},
            ["uq refuses what was allowed"],
        ),
    ):
        assert in_the_way(old, changed) == seen
    grown = {"columns": column | {"later": ("TEXT", False, "''")}, "key": "id", "indexes": {"iy": (["id"], False, "")}}
    assert in_the_way(old, {"person": grown, "more": grown}) == []


@pytest.mark.req("KEEP-14")
@pytest.mark.parametrize("at_head", [False])
async def test_each_step_adds_and_takes_nothing_away_from_who_knows_the_form_before(sqlite_url: str) -> None:
    engine, shapes = open_engine(sqlite_url, 5), list[dict[str, Any]]()
    for step in STEPS:
        await stepped(engine, command.upgrade, step)
        shapes.append(await told(engine, shape))
    await engine.dispose()
    for step, (before, after) in zip(STEPS[1:], pairwise(shapes), strict=True):
        assert in_the_way(before, after) == [], step


def _brought_further(connection: Connection) -> None:
    """As a release to come may do it: every table gets columns that we do not know, and there is one more."""
    for name in inspect(connection).get_table_names():
        if name != "alembic_version":
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN later TEXT DEFAULT 'so' NOT NULL"))
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN later_at BIGINT"))
            connection.execute(text(f"CREATE INDEX ix_{name}_later ON {name} (later)"))
    connection.execute(text("CREATE TABLE later (id TEXT PRIMARY KEY, organization_id TEXT NOT NULL)"))
    connection.execute(text(f"UPDATE alembic_version SET version_num = '{LATER}'"))  # noqa: S608 - ours


@pytest.mark.req("KEEP-14", "RUN-1")
async def test_a_process_goes_on_in_a_database_that_the_next_release_has_brought_further(
    store: Store, database_url: str, keyring: Keyring
) -> None:
    a = await fill(store, "a")
    await checked_in(store, a)

    async def all_of(house: Any) -> dict[str, object]:  # noqa: ANN401 - a house, or its like
        async with store.begin(house.id) as tx:
            found = {name: await call(tx, house) for name, (call, _) in READERS.items() if name != "guess"}
            return found | {name: await call(tx, house) for name, call in OWN.items()}

    before, rows = await all_of(a), await rows_of(store, "a")
    async with store.engine.begin() as connection:
        await connection.run_sync(_brought_further)
    assert await store.ready(), "its door stays open while the others come"
    assert await all_of(a) == before
    assert await rows_of(store, "a") == rows
    b = await fill(store, "b")
    await checked_in(store, b)
    assert all((await rows_of(store, "b")).values())
    for name, calls in WRITERS.items():
        if name not in {"put_thread", "erase_all", "forget", "plan"}:
            for call in calls:
                async with store.begin("b") as tx:
                    await call(tx, b)
    async with store.begin("a") as tx:
        await tx.put_thread(Thread("another", "house", {}, 1, (a.of("coach"),)), 0, AT)
        await tx.plan(key=a.of("more"), person=a.of("coach"), topic="checkin", at=AT + HOUR, day=AT.date())
        await tx.forget(a.of("teacher"), own=("reflection",), at=AT)
    async with store.clock() as clock:
        assert await clock.due_plans(AT + HOUR) > 0
        lanes = await clock.ready_lanes(AT + HOUR)
        held = await clock.lease(lanes, "me", AT + 2 * HOUR, AT + HOUR)
        assert any((await clock.take({k: v.fence for k, v in held.items()}, "me", AT + HOUR, AT + 2 * HOUR)).values())
    await store.erase("a")
    assert not any((await rows_of(store, "a")).values())
    assert LATER in await refusal(database_url, keyring), "who starts now must be the newer one"
