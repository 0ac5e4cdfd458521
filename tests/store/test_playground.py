"""The playground's side of the house, on both databases: its clock, and where a conversation stands."""

from datetime import UTC, datetime

from bot.cards import Card, Quote, plain
from bot.demo import ORGANIZATION, SAM
from bot.platform import Remark
from bot.records import Own
from bot.store import Store
from bot.vault import Keyring
from tests.support.dialog import Stage


async def test_a_week_keeps_the_time_on_the_wall_where_the_clocks_change(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    stage.clock.reset(datetime(2026, 10, 28, 13, 0, tzinfo=UTC))
    *_, at = [at async for at in stage.house.move("week", SAM.id)]
    assert at.replace(second=0, microsecond=0) == datetime(2026, 11, 4, 14, 0, tzinfo=UTC)
    await store.close()


async def test_a_mark_moves_with_an_answer_and_not_with_a_question_about_it(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    await stage.act("clock", "nudge", "")
    asked = stage.shown["ana"][-1].thread
    before = await stage.house.marks([asked, "nowhere"])
    assert set(before) == {asked}
    for aside in ("help", "who sees this?", "[Who sees this?]"):
        await stage.act("ana", aside, stage.key())
    assert await stage.house.marks([asked]) == before
    await stage.act("ana", "They argued about halves.", stage.key())
    assert await stage.house.marks([asked]) != before
    await store.close()


async def test_what_was_shared_and_then_deleted_leaves_one_line_and_no_shell(database_url: str) -> None:
    store = await Store.open(database_url, Keyring.of("k1"))
    stage = await Stage.open(store)
    ana = stage.people["ana"].id
    shared = Card(title="A step", framed=True, blocks=(Quote(Own("Leave one number out.", ana)),), thread="t")
    await stage.house.remark(Remark(key="k", person=SAM.id, at=stage.clock(), kind="card", card=shared))
    assert [one.card for one in await stage.house.remarks(SAM.id)] == [shared]
    async with store.begin(ORGANIZATION) as tx:
        await tx.forget(ana)
    (left,) = [one.card for one in await stage.house.remarks(SAM.id)]
    assert left is not None
    assert plain(left) == "Withdrawn. Ana took this back."
    await store.close()
