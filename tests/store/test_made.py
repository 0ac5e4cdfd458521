"""Statements that are made once say the same as those that are made each time."""

from __future__ import annotations

import pytest
from sqlalchemy import Executable, func, select
from sqlalchemy.exc import DBAPIError

from bot.store import Store, asking
from bot.store import tables as t
from bot.store.made import IN_A_ROW, OF, Made, scanning
from bot.store.taking import each
from tests.store.filled import fill


async def test_a_row_reads_as_it_was_kept(store: Store) -> None:
    """Yes and no are numbers in SQLite."""
    house = await fill(store, "a")

    @Made
    def everybody(_: bool) -> Executable:
        return select(t.person).where(t.person.c.organization_id == OF).order_by(t.person.c.name, t.person.c.id)

    async with store.begin("a") as tx:
        straight = await tx._rows(everybody)  # noqa: SLF001 - what every part of a transaction asks by
        plain = await tx._rows(select(t.person).order_by(t.person.c.name, t.person.c.id))  # noqa: SLF001
    assert [tuple(row) for row in straight] == [tuple(row) for row in plain]
    assert {type(row.light) for row in straight} == {bool}
    assert house.teacher.id in [row.id for row in straight]


async def test_what_is_missing_is_a_fault_of_ours(store: Store) -> None:
    async with store.begin("a") as tx:
        with pytest.raises(KeyError, match="its_key"):
            await tx._run(asking.answered, sealed="")  # noqa: SLF001


async def test_a_list_of_unknown_length_is_refused(store: Store) -> None:
    @Made
    def some(_: bool) -> Executable:
        return select(t.person).where(t.person.c.id.in_(["a", "b"]))

    async with store.begin("a") as tx:
        with pytest.raises(ValueError, match="among"):
            await tx._rows(some)  # noqa: SLF001


async def test_a_fault_is_counted_and_quotes_no_values(store: Store) -> None:
    kinds: list[str] = []
    store.on_fault(kinds.append)

    @Made
    def wrong(_: bool) -> Executable:
        return select(t.metadata.tables["person"].c.id, func.nowhere("canary words"))

    for before in (0, 1):  # as the first of a transaction, and behind another
        async with store.begin("a") as tx:
            for _ in range(before):
                await tx.people(["somebody"])
            with pytest.raises(DBAPIError) as told:
                await tx._rows(wrong)  # noqa: SLF001
        assert "canary" not in str(told.value)
    assert kinds == ["other", "other"]


async def test_what_looks_at_every_row_goes_to_the_thread_once_it_was_slow_several_times(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    @scanning
    def many(sqlite: bool) -> Executable:
        return select(func.count()).select_from(each(sqlite, "likes"))

    async def trips(number: int) -> int:
        caplog.clear()
        async with sqlite_store.begin("a") as tx:
            with caplog.at_level("DEBUG", "aiosqlite"):
                assert (await tx._row(many, likes=["x"] * number))[0] == number  # noqa: SLF001
            return sum(one.getMessage().startswith("executing") for one in caplog.records)

    for _ in range(IN_A_ROW):
        assert await trips(1) == 0
        assert await trips(100_000) == 0
    for _ in range(IN_A_ROW - 1):
        assert await trips(100_000) == 0
    assert await trips(1) == 1
