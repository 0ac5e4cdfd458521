"""`beside outbox`: what rests in sight, and what an operator wants to become of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from bot.clock import real

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Parked, Store

DONE, NOT_DONE, WRONG = 0, 1, 2
OLD = timedelta(hours=2)


def run(
    settings: Settings, way: str, parcels: Sequence[str], *, everything: bool = False, as_json: bool = False
) -> tuple[list[str], int]:
    """What to print, and what to tell the shell."""
    from bot.doctor.kept import open_as_it_is

    async def go() -> tuple[list[str], int]:
        store, found = await open_as_it_is(settings)
        if store is None:
            return [str(one) for one in found], WRONG
        try:
            if way == "list":
                return await listed(store, as_json=as_json), DONE
            if way == "rest":
                async with store.clock() as clock:
                    return [f"{await clock.rest(real() - OLD):,} messages rest now. beside outbox list."], DONE
            return await settled(store, way, parcels, everything=everything)
        finally:
            await store.close()

    return asyncio.run(go())


async def listed(store: Store, *, as_json: bool = False) -> list[str]:
    """One line each: a name for it, why it rests, what kind it is, for whom (as a hash), for how long."""
    async with store.clock() as clock:
        there = await clock.parked()
    if as_json:
        shown = [{**msgspec.structs.asdict(one), "age_seconds": _age(one)} for one in there]
        for one in shown:
            del one["number"]
        return [msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()]
    return [
        f"{one.parcel}  {one.state:<9}  {one.platform or '-':<6}  {one.kind:<9}  person {one.person}  "
        f"{_age(one) // 60:,} min  {one.tries} tries  {one.reason}"
        for one in there
    ] or ["No message rests."]


async def settled(store: Store, way: str, parcels: Sequence[str], *, everything: bool = False) -> tuple[list[str], int]:
    """Sent after all, or dropped; where one of them is not there, none is touched."""
    async with store.clock() as clock:
        there = {one.parcel: one.number for one in await clock.parked()}
        missing = [name for name in parcels if name not in there]
        if missing:
            return [f"{name} does not rest here. beside outbox list shows what does." for name in missing], NOT_DONE
        numbers = [there[name] for name in (there if everything else parcels)]
        if way == "retry":
            await clock.revive(numbers, real())
        else:
            await clock.discard(numbers)
    return [f"{len(numbers):,} {'will be sent' if way == 'retry' else 'dropped'}."], DONE


def _age(one: Parked) -> int:
    return int((real() - one.since).total_seconds())
