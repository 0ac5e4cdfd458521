"""`beside outbox`: what rests is seen without a word of it, and becomes what the operator wants."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.engine import Engine
from bot.outbox import Outbox
from bot.parked import listed, settled
from bot.platform import File, Parcel, Platform, Receipt, Refused
from bot.store import Store
from bot.vault import Keyring
from tests.store.filled import House, say
from tests.store.test_planning import house_with
from tests.support.process import beside


class Moody:
    """Refuses everything until it is told to be nice."""

    name = "slack"
    pace = None
    looks_up = True

    def __init__(self) -> None:
        self.nice = False
        self.taken: list[str] = []

    async def deliver(self, parcel: Parcel) -> Receipt:
        if not self.nice:
            raise Refused("msg_too_long")
        self.taken.append(parcel.key)
        return Receipt("D1", "m1")

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def close(self) -> None:
        return None


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, Keyring.of("k1"))
    yield opened
    await opened.close()


async def refused(store: Store, *keys: str) -> tuple[House, Moody, Outbox]:
    """These were posted, and the platform did not want them."""
    house, platform, clock = (
        await house_with(store, "ana"),
        Moody(),
        MovableClock(datetime.now(UTC) + timedelta(minutes=1)),
    )
    for key in keys:
        await say(store, house, key, to="ana")
    platforms: dict[str, Platform] = {"slack": platform}
    outbox = Outbox(store, Engine(store, clock), platforms, clock)
    await outbox.sweep()
    return house, platform, outbox


@pytest.mark.req("KEEP-10")
async def test_what_was_refused_is_listed_without_a_word_and_can_be_sent_after_all(store: Store) -> None:
    house, platform, outbox = await refused(store, "one", "two")
    shown = await listed(store)
    assert len(shown) == 2
    assert all("dead" in line and line.endswith("msg_too_long") for line in shown)
    told = json.loads((await listed(store, as_json=True))[0])
    assert {"parcel", "state", "kind", "person", "platform", "since", "tries", "reason", "age_seconds"} == set(told[0])
    for secret in (house.canary("one").text, house.of("ana"), house.of("one")):
        assert secret not in "\n".join([*shown, json.dumps(told)])
    platform.nice = True
    assert await settled(store, "retry", [told[1]["parcel"]]) == (["1 will be sent."], 0)
    await outbox.sweep()
    assert platform.taken == [house.of("two")]
    assert len(await listed(store)) == 1


@pytest.mark.req("KEEP-10")
async def test_what_is_dropped_is_gone_and_a_wrong_name_touches_nothing(store: Store) -> None:
    await refused(store, "one", "two")
    names = [line.split()[0] for line in await listed(store)]
    lines, code = await settled(store, "drop", [names[0], "nothing"])
    assert (code, len(await listed(store))) == (1, 2)
    assert lines == ["nothing does not rest here. beside outbox list shows what does."]
    assert await settled(store, "drop", [], everything=True) == (["2 dropped."], 0)
    assert await listed(store) == ["No message rests."]


@pytest.mark.req("KEEP-12")
async def test_after_a_restore_what_is_old_rests_and_what_is_new_does_not(store: Store) -> None:
    house, now = await house_with(store, "ana"), datetime.now(UTC)
    await say(store, house, "old", to="ana", at=now - timedelta(hours=3))
    await say(store, house, "new", to="ana", at=now - timedelta(hours=1))
    async with store.clock() as clock:
        assert await clock.rest(now - timedelta(hours=2)) == 1
    (line,) = await listed(store)
    assert line.endswith("older than the restore")


async def test_the_command_speaks_plainly(tmp_path: Path) -> None:
    assert (await beside(tmp_path, "outbox", "list")).out.startswith("warn   There is no database yet.")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - nothing is walked
    assert (await beside(tmp_path, "migrate")).code == 0
    ended = await beside(tmp_path, "outbox", "list")
    assert (ended.code, ended.out, ended.err) == (0, "No message rests.\n", "")
    assert (await beside(tmp_path, "outbox", "rest")).out.startswith("0 messages rest now.")
    wrong = await beside(tmp_path, "outbox", "retry")
    assert (wrong.code, wrong.err) == (2, "Name the parcels as beside outbox list shows them, or say --all.\n")
