"""From a plan to a row of the outbox, and when something next happens."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event, insert

from bot.events import Account
from bot.store import Backlog, Left, Mark, Store, Taken, Tx
from bot.store.tables import plan
from tests.store.filled import AT, HOUR, House, rows_of, say

DAY = AT.date()
MINUTE = timedelta(minutes=1)


async def house_with(store: Store, *handles: str) -> House:
    """People on Slack, and nothing planned."""
    house = House("a")
    await store.create_organization("a", "A")
    async with store.begin("a") as tx:
        for handle in handles:
            await tx.keep(house.person(handle))
            await tx.add_account(house.of(handle), house.account(handle))
    return house


async def plan_for(tx: Tx, house: House, who: str, topic: str = "checkin", **more: Any) -> None:  # noqa: ANN401 - passed on
    values: dict[str, Any] = {"at": AT, "day": DAY, "thread": ""} | more
    await tx.plan(key=f"{who}:{topic}:{values['thread']}", person=house.of(who), topic=topic, **values)


async def due(store: Store, now: Any = AT, limit: int = 500) -> int:  # noqa: ANN401 - a moment
    async with store.clock() as clock:
        return await clock.due_plans(now, limit)


async def taken_now(store: Store, now: Any = AT) -> list[Taken]:  # noqa: ANN401 - a moment
    """Everything that one drainer is given, each finished at once."""
    found = []
    async with store.clock() as clock:
        for lane in await clock.ready_lanes(now):
            held = (await clock.lease([lane], "me", now + HOUR, now))[lane]
            while (one := (await clock.take({lane: held.fence}, "me", now, now + HOUR))[lane]) is not None:
                found.append(one)
                await clock.mark([Mark(taken=one, state="dead", reason="seen")], now)
            await clock.release({lane: Left()}, "me", now)
    return found


async def test_a_plan_becomes_a_due_row_once_and_is_then_done(store: Store) -> None:
    house = await house_with(store, "ana")
    async with store.begin("a") as tx:
        await plan_for(tx, house, "ana")
        assert await tx.planned(house.of("ana"), "checkin") == AT
    assert await due(store, AT - timedelta(seconds=1)) == 0
    assert await due(store) == 1
    assert await due(store) == 0
    async with store.begin("a") as tx:
        assert await tx.planned(house.of("ana"), "checkin") is None
    (one,) = await taken_now(store)
    assert (one.kind, one.person, one.topic, one.day, one.fate) == ("due", house.of("ana"), "checkin", DAY, "fresh")


async def test_what_is_due_waits_and_rests_is_told_as_of_one_moment(store: Store) -> None:
    house, statements = await house_with(store, "ana", "ben", "eva"), list[str]()
    assert await store.backlog(AT) == Backlog(waiting=0, oldest=0, due_lag=0, parked={})
    async with store.begin("a") as tx:
        await plan_for(tx, house, "ana", at=AT)
    await say(store, house, "one", to="ben", at=AT + MINUTE)
    await say(store, house, "two", to="eva", at=AT)
    assert (await taken_now(store, AT))[0].key == "a-two"

    @event.listens_for(store.engine.sync_engine, "before_cursor_execute")
    def noted(_c: object, _u: object, statement: str, *_: object) -> None:
        if "next_due_at" in statement:
            statements.append(statement)

    assert await store.backlog(AT + HOUR) == Backlog(waiting=1, oldest=3540, due_lag=3600, parked={"dead": 1})
    assert await due(store, AT + HOUR) == 1
    assert await store.backlog(AT + HOUR) == Backlog(waiting=2, oldest=3600, due_lag=0, parked={"dead": 1})
    # Between two statements, what was due may have become ready, and would be seen nowhere.
    assert all("'ready'" in one and "'sending'" in one for one in statements if one.startswith("SELECT (SELECT"))
    assert sum(one.startswith("SELECT (SELECT") for one in statements) == 2


async def test_a_check_in_happens_once_a_local_day_however_often_it_is_planned(store: Store) -> None:
    house = await house_with(store, "ana", "ben")
    for hour in range(3):
        async with store.begin("a") as tx:
            await plan_for(tx, house, "ana", at=AT + hour * HOUR)
            await plan_for(tx, house, "ben", "reminder", at=AT + hour * HOUR, thread="t")
        await due(store, AT + hour * HOUR)
    found = await taken_now(store, AT + 3 * HOUR)
    assert [one.topic for one in found if one.person == house.of("ana")] == ["checkin", "again", "again"]
    assert [one.topic for one in found if one.person == house.of("ben")] == ["reminder"] * 3
    assert len({one.key for one in found}) == 6


async def test_planning_again_moves_and_unplanning_forgets(store: Store) -> None:
    house = await house_with(store, "ana")
    ana = house.of("ana")
    async with store.begin("a") as tx:
        await plan_for(tx, house, "ana")
        await plan_for(tx, house, "ana", at=AT + HOUR)
        await plan_for(tx, house, "ana", "reminder", thread="t")
        assert await tx.planned(ana, "checkin") == AT + HOUR
        await tx.unplan(ana, "reminder", "other")
        assert await tx.planned(ana, "reminder", "t") == AT
        await tx.unplan(ana, "reminder", "t")
        assert await tx.planned(ana, "reminder", "t") is None
        await tx.wake(ana, "checkin", AT)
        assert await tx.planned(ana, "checkin") == AT
    assert len((await rows_of(store, "a"))["plan"]) == 2
    assert await due(store) == 1


async def test_many_due_plans_come_in_batches_the_oldest_first(store: Store) -> None:
    house = await house_with(store, *(f"p{n}" for n in range(7)))
    async with store.begin("a") as tx:
        for n in range(7):
            await plan_for(tx, house, f"p{n}", at=AT - n * HOUR)
    assert [await due(store, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert [one.person for one in await taken_now(store)] == [house.of(f"p{n}") for n in reversed(range(7))]


async def test_two_processes_do_not_make_one_plan_due_twice(store: Store, other: Store) -> None:
    house = await house_with(store, *(f"p{n}" for n in range(6)))
    async with store.begin("a") as tx:
        for n in range(6):
            await plan_for(tx, house, f"p{n}")
    async with store.clock() as clock:
        first = await clock.due_plans(AT, 4)
        meanwhile = asyncio.create_task(due(other))
        await asyncio.sleep(0.05)
    assert (first, await meanwhile) == (4, 2)
    assert len(await taken_now(store)) == 6


async def test_who_cannot_be_reached_waits_and_is_found_as_soon_as_they_come(store: Store) -> None:
    house = await house_with(store, "ana")
    await say(store, house, "early", to="new")
    async with store.begin("a") as tx:
        await tx.keep(house.person("new"))
        await plan_for(tx, house, "new")
    assert await due(store) == 1
    async with store.clock() as clock:
        assert await clock.ready_lanes(AT + HOUR) == ()
        assert await clock.next_moment() is None
    comes = house.account("new")
    async with store.begin("a") as tx:
        await tx.add_account(house.of("new"), Account(platform="slack", team=comes.team, user=""), "new@a.example")
    assert await taken_now(store) == []
    async with store.begin("a") as tx:
        found = await tx.person_of(replace(comes, email="new@a.example"))
        assert found is not None
        await tx.touch_account(found.id, comes, AT)
    assert [one.kind for one in await taken_now(store)] == ["say", "due"]


async def test_the_next_moment_is_the_earliest_of_plans_and_rows(store: Store) -> None:
    house = await house_with(store, "ana")
    async with store.clock() as clock:
        assert await clock.next_moment() is None
    async with store.begin("a") as tx:
        await plan_for(tx, house, "ana", at=AT + 2 * HOUR)
    async with store.clock() as clock:
        assert await clock.next_moment() == AT + 2 * HOUR
    await say(store, house, "later", to="ana", at=AT + HOUR)
    async with store.clock() as clock:
        assert await clock.next_moment() == AT + HOUR
    assert len(await taken_now(store, AT + HOUR)) == 1
    async with store.begin("a") as tx:
        await tx.unplan(house.of("ana"), "checkin")
    async with store.clock() as clock:
        assert await clock.next_moment() is None
        assert await clock.counts() == {"dead": 1}


async def test_looking_for_due_plans_reads_their_index_with_whole_numbers(store: Store) -> None:
    sqlite = store.engine.dialect.name == "sqlite"
    many = [
        {
            "id": f"p{n}", "organization_id": "a", "person_id": f"p{n}", "topic": "checkin", "thread_id": "",
            "next_due_at": int(AT.timestamp()) + 60 + n, "local_date": "2026-10-13", "status": "active",
        }
        for n in range(4000)
    ]  # fmt: skip
    async with store.engine.begin() as connection:
        await connection.execute(insert(plan), many)
        await connection.exec_driver_sql("ANALYZE plan")
    said: list[tuple[str, Any]] = []

    def listen(_c: Any, _k: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        said.append((statement, parameters))

    event.listen(store.engine.sync_engine, "before_cursor_execute", listen)
    await due(store)
    event.remove(store.engine.sync_engine, "before_cursor_execute", listen)
    ((statement, parameters),) = [one for one in said if "next_due_at" in one[0]]
    assert {type(value) for value in parameters if not isinstance(value, str)} == {int}
    async with store.engine.begin() as connection:
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        told = (await connection.exec_driver_sql(explain + statement, parameters)).all()
    shown = "\n".join(str(line) for line in told)
    assert "ix_plan_due" in shown, shown
    assert "SCAN plan\n" not in shown
    assert "Seq Scan" not in shown


@pytest.mark.parametrize("times", [1, 3])
async def test_the_same_parcel_is_kept_once(store: Store, times: int) -> None:
    house = await house_with(store, "ana")
    for _ in range(times):
        await say(store, house, "card", to="ana")
    assert [one.key for one in await taken_now(store)] == [house.of("card")]


async def test_what_is_due_waits_where_the_person_was_heard_last(store: Store) -> None:
    house = await house_with(store, "ana")
    ana, there = house.of("ana"), house.account("ana", "teams")
    async with store.begin("a") as tx:
        await tx.add_account(ana, there)
        await tx.touch_account(ana, there, AT - HOUR)
        await plan_for(tx, house, "ana")
    await due(store)
    assert [one.lane for one in await taken_now(store)] == [f"a/teams:{there.team}"]
    async with store.begin("a") as tx:
        await tx.mark_account(ana, "teams", "left")
        await plan_for(tx, house, "ana", at=AT + HOUR, topic="reminder", thread="t")
    await due(store, AT + HOUR)
    assert [one.lane for one in await taken_now(store, AT + HOUR)] == [f"a/slack:{there.team}"]
