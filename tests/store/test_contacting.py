"""What was sent unasked: counted for a while, never shown, and forgotten with a reply."""

from __future__ import annotations

import pytest

from bot.cadence import Lately
from bot.store import Store
from tests.store.filled import AT, DAY, House, fill, put, rows_of, say


async def contact(store: Store, house: House, key: str, kind: str, at: int = 0, state: str = "sent") -> None:
    """One message, so many days from AT, with its parcel in that state."""
    await say(store, house, key, at=AT + at * DAY)
    await put(store, "outbox", "state", state, occurrence_key=house.of(key))
    async with store.begin(house.id) as tx:
        await tx.contacted(house.of(key), house.of("teacher"), kind, AT + at * DAY)


async def lately(store: Store, house: House, at: int = 0) -> Lately:
    async with store.begin(house.id) as tx:
        return (await tx.lately((house.of("teacher"),), AT + at * DAY))[house.of("teacher")]


async def heard(store: Store, house: House, at: int = 0) -> bool:
    async with store.begin(house.id) as tx:
        return await tx.heard_from(house.of("teacher"), AT + at * DAY)


async def test_silence_lasts_for_weeks_and_ends_with_a_reply(store: Store) -> None:
    house = await fill(store, "a")
    for n, day in enumerate((0, 7, 21, 35)):
        await contact(store, house, f"nudge{n}", "nudge", day)
    assert await lately(store, house, 49) == Lately(unanswered=4, nudged=AT + 35 * DAY)
    await contact(store, house, "goodbye", "goodbye", 49)
    assert (await lately(store, house, 80)).resting
    assert await heard(store, house, 80)
    assert await lately(store, house, 80) == Lately()
    assert not await heard(store, house, 81)


async def test_one_silence_has_not_slowed_anything_down(store: Store) -> None:
    house = await fill(store, "a")
    await contact(store, house, "nudge", "nudge")
    assert not await heard(store, house, 1)
    assert await lately(store, house, 1) == Lately(unasked=(AT,), nudged=AT)


@pytest.mark.parametrize(
    ("state", "counted", "silences"),
    [("sent", 1, 1), ("dead", 0, 0), ("cancelled", 0, 0), ("ambiguous", 1, 0), ("ready", 1, 0), ("sending", 1, 0)],
)
async def test_what_never_came_is_no_silence(store: Store, state: str, counted: int, silences: int) -> None:
    house = await fill(store, "a")
    await contact(store, house, "nudge", "nudge", state=state)
    found = await lately(store, house)
    assert (len(found.unasked), found.unanswered) == (counted, silences)


async def test_what_counts_for_nothing_any_more_goes(store: Store) -> None:
    house = await fill(store, "a")
    await contact(store, house, "old", "reminder")
    await contact(store, house, "silent", "nudge")
    await contact(store, house, "new", "reminder", 10)
    kinds = [row for row in (await rows_of(store, "a"))["contact"] if house.of("teacher") in row]
    assert len(kinds) == 2
    async with store.begin("a") as tx:
        await tx.forget(house.of("teacher"))
    assert [row for row in (await rows_of(store, "a"))["contact"] if house.of("teacher") in row] == []
