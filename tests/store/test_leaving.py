"""Somebody leaves a chat: where they are in another one, nobody hears of it."""

from __future__ import annotations

import pytest

from bot.store import Store
from bot.vault import Keyring
from tests.support.dialog import Stage


@pytest.mark.parametrize(("elsewhere", "heard"), [(True, 0), (False, 1)])
async def test_only_who_is_in_no_chat_any_more_is_told_of(sqlite_url: str, *, elsewhere: bool, heard: int) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    try:
        stage = await Stage.open(store)
        await stage.given("ben and devi are away")
        for who, text in (("sam", "/coteach @ana fri 10:15"), ("sam", "[Send to Ana]"), ("ana", "[Works for me]")):
            await stage.act(who, text, stage.key())
        if elsewhere:
            await stage.given("ana is on slack")
        _, said = await stage.act("ana", "(leaves)", stage.key())
        assert [who for who, text in said if "don't reach Ana" in text] == ["sam"] * heard
        _, again = await stage.act("ana", "(leaves)", stage.key())
        assert not again
    finally:
        await store.close()
