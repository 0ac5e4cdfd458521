"""Joining two chats, with the real parts: what is kept of a code, and who is asked about it."""

from __future__ import annotations

from bot import demo
from bot.cards import OnlyYou, plain
from bot.events import Account, Said
from bot.store import Store
from bot.vault import Keyring
from tests.store.filled import bytes_of
from tests.support.dialog import Stage

FOREIGN = Account(platform="slack", team="T-else", user="U-zoe", name="Zoe")


async def test_a_code_stands_nowhere_readable_whoever_asked_for_it(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    stage, codes = await Stage.open(store), []
    for n, (who, text) in enumerate([("ana", "link"), ("sam", "/beside link"), ("zoe@slack", "link")]):
        await stage.act(who, text, f"web:{n}")
        codes.append(stage.code)
    assert len(set(codes)) == 3
    await store.close()
    assert not [code for code in codes if code.encode() in bytes_of(sqlite_url)]


async def test_another_organization_hears_of_no_code_and_nobody_is_asked(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    await store.create_organization("else", "Another school")
    await store.install("else", "slack", FOREIGN.team)
    await stage.act("ana", "link", "web:1")
    told = []
    for n, code in enumerate((stage.code, "000-000-000")):
        answer = await stage.engine.handle(Said(key=f"slack:{n}", by=FOREIGN, text=f"link {code}"))
        assert isinstance(answer, OnlyYou)
        told.append(plain(answer.card))
    assert told[0] == told[1]
    assert told[0].startswith("I don't know that code.")
    assert await stage.settle() == []
    async with store.begin(demo.ORGANIZATION) as tx:
        assert await tx.holder(FOREIGN) == ""
    await store.close()
