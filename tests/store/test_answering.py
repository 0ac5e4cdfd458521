"""Answers that cannot be given where they were asked for: parcels of the same commit; and the way back from a form."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.cards import Card, Form, Nothing, OnlyYou, Open, Replace, plain
from bot.events import BACK, Pressed
from bot.store import Store
from tests.support.dialog import Stage

POSTED = Nothing(stays=True)
ALL = ("only_you", "replace", "open")


@pytest.fixture
async def stage(store: Store) -> Stage:
    return await Stage.open(store)


async def parcels(stage: Stage) -> list[tuple[str, str]]:
    return await stage.settle()


async def test_an_answer_that_cannot_be_given_in_place_is_a_parcel_once(stage: Stage) -> None:
    event = replace(stage.event("sam", "/coteach @ana thu 10:15 45m launch", "k1"), posts=ALL)
    assert await stage.engine.handle(event) == POSTED
    assert await stage.engine.handle(event) == POSTED
    ((who, said),) = await parcels(stage)
    assert who == "sam"
    assert "10:15 to 11:00" in said
    card = stage.shown["sam"][-1]
    assert (bool(card.thread), card.version) == (True, 1)
    assert await stage.engine.handle(event) == POSTED
    assert await parcels(stage) == []


async def test_only_what_posts_something_has_the_lanes_looked_at(stage: Stage) -> None:
    woken: list[str] = []
    stage.engine.wake = lambda: woken.append("looked at")
    event = stage.event("sam", "/coteach @ana thu 10:15 45m launch", "k1")
    assert isinstance(await stage.engine.handle(event), OnlyYou)
    assert woken == []
    await stage.engine.handle(replace(event, key="k2", text="@ana thu 11:15 45m launch", posts=ALL))
    assert woken == ["looked at"]


async def test_a_form_that_cannot_open_is_a_parcel_and_keeps_its_shape(stage: Stage) -> None:
    event = replace(stage.event("sam", "/coteach", "k1"), posts=ALL)
    assert await stage.engine.handle(event) == POSTED
    async with stage.store.begin((await stage.store.organizations())[0]) as tx:
        form = await tx.card("k1/answer")
    assert isinstance(form, Form)
    assert form.thread
    ((who, said),) = await parcels(stage)
    assert who == "sam"
    assert said.startswith(form.title)


async def test_only_what_cannot_be_given_is_posted(stage: Stage) -> None:
    event = replace(stage.event("sam", "/coteach", "k1"), posts=("only_you",))
    assert isinstance(await stage.engine.handle(event), Open)
    assert await parcels(stage) == []


async def test_going_back_shows_the_card_of_now_and_changes_nothing(stage: Stage) -> None:
    answer = await stage.engine.handle(stage.event("sam", "/coteach @ana thu 10:15 45m launch", "k1"))
    assert isinstance(answer, OnlyYou)
    by = stage.event("sam", "hello", "unused").by
    back = Pressed(key="k2", by=by, thread=answer.card.thread, version=answer.card.version, verb=BACK)
    shown = await stage.engine.handle(back)
    assert isinstance(shown, Replace)
    assert plain(shown.card) == plain(answer.card)
    assert (shown.card.thread, shown.card.version) == (answer.card.thread, answer.card.version)
    assert await parcels(stage) == []


async def test_going_back_where_nothing_stands_says_one_line(stage: Stage) -> None:
    form = await stage.engine.handle(stage.event("sam", "/coteach", "k2"))
    assert isinstance(form, Open)
    by = stage.event("sam", "hello", "unused").by
    back = Pressed(key="k3", by=by, thread=form.form.thread, version=form.form.version, verb=BACK)
    shown = await stage.engine.handle(back)
    assert isinstance(shown, Replace)
    assert isinstance(shown.card, Card)
    assert plain(shown.card) == "Left as it was."
