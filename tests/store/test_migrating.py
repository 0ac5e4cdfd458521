"""Every step of the migrations on a database that people have used: down, up, and down again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import migrate
from bot.store import Store
from bot.store import tables as t
from bot.store.connecting import open_engine
from bot.vault import Keyring
from tests.store.filled import House, fill

Column = tuple[str, str]

STEPS: Final = [
    one.revision for one in reversed([*ScriptDirectory.from_config(migrate.config()).walk_revisions()])
]  # in the order in which a database climbs them
# What a step itself writes anew, and what it makes of what was there before.
REWRITES: Final[dict[str, set[Column]]] = {"0004": {("outbox", "priority"), ("outbox", "state")}}
MAKES: Final = {"0008": {"showing"}}


@pytest.fixture
def at_head() -> bool:
    """Here each database climbs to its tables by itself."""
    return False


async def stepped(engine: AsyncEngine, step: Callable[..., None], target: str) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: step(migrate.config(sync), target))


# ── what stands there ──


def shape(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, key and indexes, as the database itself tells of them."""
    look, found = inspect(connection), dict[str, Any]()
    for name in look.get_table_names():
        columns = {one["name"]: (str(one["type"]), one["nullable"], one["default"]) for one in look.get_columns(name)}
        indexes = {
            str(one["name"]): (one["column_names"], bool(one["unique"]), _plain(one.get("dialect_options", {})))
            for one in look.get_indexes(name)
        }
        found[name] = {"columns": columns, "key": look.get_pk_constraint(name), "indexes": indexes}
    return found


def _plain(options: Mapping[str, object]) -> dict[str, str]:
    return {name: str(option) for name, option in options.items()}


def content(connection: Connection) -> dict[Column, str]:
    """What each column holds, from the first row to the last, in a few letters; and how many rows there are."""
    found = dict[Column, str]()
    for name in t.metadata.tables.keys() & {*inspect(connection).get_table_names()}:
        key = ", ".join(column.name for column in t.metadata.tables[name].primary_key.columns)
        rows = connection.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY {key}')  # noqa: S608 - names of ours
        sums, many = {column: hashlib.blake2b(digest_size=12) for column in rows.keys()}, 0  # noqa: SIM118 - no dict
        for row in rows:
            many += 1
            for one, value in zip(sums.values(), row, strict=True):
                one.update(repr(value).encode())
        found |= {(name, column): f"{many} {one.hexdigest()}" for column, one in sums.items()}
    return found


async def told(engine: AsyncEngine, what: Callable[[Connection], Any]) -> Any:  # noqa: ANN401 - one of these two
    async with engine.connect() as connection:
        return await connection.run_sync(what)


def both(before: dict[Column, str], after: dict[Column, str], step: str) -> tuple[dict[Column, str], dict[Column, str]]:
    """What the two have in common, apart from what the step between them is there to change."""
    same = (before.keys() & after.keys()) - REWRITES.get(step, set())
    return {one: before[one] for one in same}, {one: after[one] for one in same}


# ── filling ──


async def crowd(store: Store, people: int, answers: int) -> House:
    """An organization with so many people, each with a chat and a question that is planned, and with their answers.

    Every tenth answer is shared. They are copies of one whose words are sealed, as rows, since nobody reads them here.
    """
    house = await fill(store, "a")
    copies = (
        (t.person, people, {"id": "p{}", "handle": "p{}"}),
        (t.account, people, {"person_id": "p{}", "user_id": "U{}", "email": "p{}@a.example"}),
        (t.plan, people, {"id": "plan{}", "person_id": "p{}"}),
        (t.outbox, people, {"number": None, "occurrence_key": "key{}", "person_id": "p{}"}),
        (t.partnership, people, {"id": "pair{}", "teacher": "p{}"}),
        (t.reflection, answers, {"id": "r{}", "person": "p{}"}),
    )
    async with store.engine.begin() as connection:
        for table, many, own in copies:
            one = dict((await connection.execute(select(table).limit(1))).one()._mapping)  # noqa: SLF001 - as it is named
            for start in range(0, many, 1000):
                rows = [
                    one | {name: at and at.format(n % people if name in _WHOSE else n) for name, at in own.items()}
                    | ({"visibility": "coach" if n % 10 == 0 else "me"} if table is t.reflection else {})
                    for n in range(start, min(start + 1000, many))
                ]  # fmt: skip
                if table is t.outbox:
                    for row in rows:
                        row.pop("number")
                await connection.execute(insert(table), rows)
    return house


_WHOSE: Final = ("person", "person_id", "teacher")


# ── the tests ──


async def climbs(url: str, people: int, answers: int) -> None:
    """Down to the first step, each of them gone once more; what the older form has room for stands there as it did."""
    engine, shapes = open_engine(url, 5), dict[str, Any]()
    for step in STEPS:
        await stepped(engine, command.upgrade, step)
        shapes[step] = await told(engine, shape)
    await engine.dispose()
    store = await Store.open(url, Keyring.of("k1"))
    house = await crowd(store, people, answers)
    async with store.begin(house.id) as tx:
        known = await tx.person(house.of("teacher")), await tx.reflections(house.of("teacher"))
    above = await told(store.engine, content)
    for lower, step in zip(STEPS[-2::-1], STEPS[:0:-1], strict=True):
        await stepped(store.engine, command.downgrade, lower)
        below = await told(store.engine, content)
        assert await told(store.engine, shape) == shapes[lower], f"down from {step}"
        assert below.keys() <= above.keys()
        one, other = both(above, below, step)
        assert other == one, f"down from {step}"
        await stepped(store.engine, command.upgrade, step)
        above = await told(store.engine, content)
        assert await told(store.engine, shape) == shapes[step], f"up to {step}"
        one, other = both(below, above, step)
        assert other == one, f"up to {step}"
        new = {table for table, _ in above.keys() - below.keys()} - {table for table, _ in below}
        filled = {table for (table, _), held in above.items() if table in new and not held.startswith("0 ")}
        assert filled == MAKES.get(step, set()), f"up to {step}"
        await stepped(store.engine, command.downgrade, lower)
        again = await told(store.engine, content)
        assert again == below, f"down from {step} once more"
        above = again
    assert await told(store.engine, shape) == shapes[STEPS[0]]
    await migrate.to_head(store.engine)
    assert await told(store.engine, shape) == shapes[STEPS[-1]]
    assert await store.ready()
    async with store.begin(house.id) as tx:
        person, answered = await tx.person(house.of("teacher")), await tx.reflections(house.of("teacher"))
    assert person == known[0], "what has an older form says what it said"
    assert [(one.id, one.words, one.question) for one in answered] == [(o.id, o.words, o.question) for o in known[1]]
    await store.close()


@pytest.mark.req("KEEP-13")
async def test_each_step_down_and_up_and_down_again_keeps_what_the_older_form_has_room_for(sqlite_url: str) -> None:
    await climbs(sqlite_url, 5, 30)


@pytest.mark.slow
@pytest.mark.timeout(3000)  # a hang guard: ten times a minute, on each of five ways
@pytest.mark.req("KEEP-13")
async def test_each_step_on_ten_thousand_people_and_their_hundred_thousand_answers(database_url: str) -> None:
    await climbs(database_url, 10_000, 100_000)
