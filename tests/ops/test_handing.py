"""Everything that is somebody's own, handed over: what is in it, and the link that brings it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot import demo
from bot.cards import Buttons, Card, plain
from bot.exported import exported
from bot.handing import LIVES, gathered
from bot.store import Store
from bot.store import tables as t
from bot.vault import Keyring
from tests.support.dialog import Stage
from tests.support.teams_cloud import served

# What a person's export leaves out, and why.
LEFT_OUT = {
    "away": "times that their own calendars take, read again and again from there",
    "booking": "the time of a visit, which is there with the visit",
    "contact": "when a message of ours went out, for the weekly cap alone; it goes after days",
    "data_key": "the key that opens their words",
    "handout": "links to this very export",
    "link": "codes that join two chats, for minutes",
    "listening": "which conversation hears them next",
    "outbox": "our messages to them, drawn from what is here",
    "plan": "when we are to look at a conversation next",
    "remark": "the playground's own page",
    "seen": "keys of what was told to us, so that nothing happens twice",
    "source": "which message of theirs made which record",
    "thread": "where a conversation stands, by the ids of what is here",
}
IN_IT = {
    "account",
    "asked",
    "next_step",
    "partnership",
    "person",
    "reflection",
    "showing",
    "slot",
    "step_event",
    "calendar",
    "subscription",
}


@pytest.mark.req("LIFE-2")
def test_every_table_about_people_is_in_the_export_or_has_a_reason_not_to_be() -> None:
    about = {
        table.name
        for table in t.metadata.sorted_tables
        if table.name == "person"
        or {"person", "person_id", "owner_id", "coach", "people"} & {column.name for column in table.c}
    }
    assert about == IN_IT | set(LEFT_OUT)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    store = await Store.open(f"sqlite:///{tmp_path / 'b.sqlite3'}", Keyring.of("k1"))
    yield await Stage.open(store)
    await store.close()


async def play(stage: Stage, *lines: str) -> None:
    for line in lines:
        who, _, words = line.partition(": ")
        await stage.act(who, words, stage.key())


@pytest.mark.req("LIFE-2", "DOOR-12")
async def test_the_link_brings_all_that_is_ones_own_once_and_nothing_of_others(stage: Stage) -> None:
    app = web.Application()
    stage.outbox.hands.add_to(app)
    async with served(app) as url, ClientSession() as session:
        stage.outbox.hands.address = url
        await play(
            stage, "given: ben and devi are away", "ana: mine", "ana: [Open 1]", "ana: [Share with Sam]",
            "ana: [Share this]", "sam: /coteach @ana thu 10:15 45m launch What might the coach's pencil show?",
            "sam: [Send to Ana]", "ana: [Works for me]", "ana: <b>What do they say?</b>", "ana: export",
        )  # fmt: skip
        link = _link(stage.shown["ana"][-1])
        for _ in range(2):
            page = await session.get(link)
            assert page.status == 200
            assert page.headers["Cache-Control"] == "no-store"
            policy = page.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            # The browser takes the page's own style and nothing else.
            style = (await page.text()).partition("<style>")[2].partition("</style>")[0]
            assert b64encode(sha256(style.encode()).digest()).decode() in policy
        told = await session.post(link, data={"as": "json"})
        assert told.status == 200
        assert "attachment" in told.headers["Content-Disposition"]
        whole = json.loads(await told.read())
        assert whole["person"]["name"] == "Ana Ruiz"
        assert whole["next_steps"][0]["words"] == "Ask two questions before I explain."
        assert len(whole["reflections"]) == 6
        assert [visit["focus_question"] for visit in whole["visits"]] == ["<b>What do they say?</b>"]
        assert [one["way"] for one in whole["showings"]] == ["shared"]
        assert (await session.post(link, data={"as": "json"})).status == 404
        readable = await (await session.post(link, data={"as": "html"})).text()
        for words in ("Ask two questions before I explain.", "you showed Sam", "&lt;b&gt;What do they say?&lt;/b&gt;"):
            assert words in readable
        assert "<b>" not in readable
        assert "pencil" not in readable + json.dumps(whole)
        assert (await session.post(link, data={"as": "html"})).status == 404
        await play(stage, "ana: export")
        stage.clock.move(stage.clock() + LIVES + timedelta(seconds=1))
        assert (await session.get(_link(stage.shown["ana"][-1]))).status == 404
        assert (await session.get(f"{url}/mine/{'x' * 43}")).status == 404


def _link(card: Card) -> str:
    (url,) = [button.url for block in card.blocks if isinstance(block, Buttons) for button in block.row if button.url]
    return url


@pytest.mark.req("ROOM-6")
async def test_whoever_runs_the_server_has_to_say_why_and_the_person_is_told_and_sees_it(
    stage: Stage, tmp_path: Path
) -> None:
    now = stage.clock()
    assert await exported(stage.store, "zoe", "why", tmp_path, None, now) == (["Nobody here has the handle zoe."], 1)
    assert (await exported(stage.store, "ana", "", tmp_path, None, now))[1] == 2
    assert (await exported(stage.store, "ana", "why", tmp_path / "nowhere", None, now))[1] == 2
    lines, code = await exported(stage.store, "ana", "a request by the district", tmp_path, None, now)
    assert code == 0
    assert [line.rpartition(".")[2] for line in lines] == ["html", "json"]
    words, mode = _on_disk(lines[1])
    assert b"Ask two questions before I explain." in words
    assert mode & 0o077 == 0
    ((who, told),) = await stage.settle()
    assert who == "ana"
    assert "The reason they gave: a request by the district." in told
    await play(stage, "ana: mine", "ana: [Who saw what]")
    assert "whoever runs this server made a copy of all that is yours" in plain(stage.shown["ana"][-1])


def _on_disk(name: str) -> tuple[bytes, int]:
    return Path(name).read_bytes(), Path(name).stat().st_mode


async def test_without_an_address_there_is_no_link_and_somebody_else_is_named(stage: Stage) -> None:
    await play(stage, "ana: export")
    assert (
        plain(stage.shown["ana"][-1])
        == "I can't bring files into this chat. Whoever set me up can make the copy for you."
    )


async def test_what_is_gathered_is_only_of_that_person(stage: Stage) -> None:
    async with stage.store.begin(demo.ORGANIZATION) as tx:
        export = await gathered(tx, stage.people["ben"].id, stage.clock())
        nobody = await gathered(tx, "nobody", stage.clock())
    assert nobody is None
    assert export is not None
    by = {note.words.by for note in export.reflections} | {step.words.by for step in export.next_steps}
    assert by == {stage.people["ben"].id}


async def test_from_what_is_mine_it_is_one_press_to_the_question_whether_all_of_it_shall_go(stage: Stage) -> None:
    await play(stage, "ana: mine", "ana: [Delete everything]")
    assert plain(stage.shown["ana"][-1]).startswith("This deletes what you wrote here")
    await play(stage, "ana: [Keep it]")
    assert plain(stage.shown["ana"][-1]) == "Nothing was deleted."
