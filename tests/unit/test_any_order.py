"""All conversations together, on the real parts: whatever people do in whatever order, the promises hold."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from sqlalchemy import select

from bot import demo
from bot.cadence.rhythm import CAP, WINDOW
from bot.cards import Buttons
from bot.records import NextStep
from bot.safety import ask, command, notice
from bot.store import Store
from bot.store import tables as t
from bot.vault import Keyring
from tests.support.dialog import Stage
from tests.unit.test_flows import questions

KEYS = Keyring.of("k1")
# Each text gets a number of its own, so that it can be found again.
TEXTS = (
    "They argued about halves for ages {n}.", "fine {n}", "Ask two questions {n}", "{n}", "Maya drew {n} boxes.",
    "I'm stuck with {n}", "just tell me what to do about {n}", "60% got {n} right", "x{n} " * 90, "What about {n}?",
)  # fmt: skip
TYPED = (
    "now", "help", "who sees this?", "skip", "mine", "export", "settings", "stop here", "start", "resume", "idk",
    "no", "yes", "delete my data", "pause 1 week", "mirror", "stop", "I'm exhausted", "I want to die", "hello",
    "A student has bruises on both arms", "/beside mine", "/beside now", "/beside mirror", "/coteach @sam thu 9:00",
    "/coteach @ana tue 10:15 45m launch", "/coteach tue pizza", "(changes) They argued about thirds {n}.", "(deletes)",
    "/beside sort", "low", "counts rows; red group",
)  # fmt: skip
DELETES = {
    "delete_all", "delete_it", "delete_step", "delete_notes", "delete_words", "take_back", "a_student", "not_student",
    "keep_last",
}  # fmt: skip
CLOCKS = ("minute", "hour", "morning", "nudge of ana", "week")


class Act(Struct, frozen=True):
    """What is done next: `which` chooses among the buttons or forms that there are by then."""

    who: str
    kind: str
    text: str = ""
    which: int = 0


def acts(most: int) -> st.SearchStrategy[list[Act]]:
    who = st.sampled_from(("ana", "ana", "ana", "sam", "ben"))
    some = st.integers(0, 999)
    one = st.one_of(
        st.builds(Act, who, st.just("say"), st.sampled_from(TEXTS)),
        st.builds(Act, who, st.just("press"), which=some),
        st.builds(Act, who, st.just("press"), which=some),
        st.builds(Act, who, st.just("type"), st.sampled_from(TYPED)),
        st.builds(Act, who, st.just("form"), st.sampled_from(TEXTS), some),
        st.builds(Act, st.just("clock"), st.just("clock"), st.sampled_from(CLOCKS)),
    )
    return st.lists(one, min_size=most // 2, max_size=most)


class Watched:
    """A stage, and what must not happen on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.number = 1000
        self.sent: dict[str, tuple[str, int]] = {}
        self.kept: dict[str, set[str]] = defaultdict(set)

    async def do(self, act: Act) -> None:
        stage, before = self.stage, {who: len(cards) for who, cards in self.stage.shown.items()}
        self.number += 1
        text, mark = act.text.format(n=self.number), str(self.number)
        goes = False
        match act.kind:
            case "clock":
                await stage.act("clock", act.text, stage.key())
            case "press":
                goes = await self._press(act)
            case "form":
                goes = await self._form(act, text)
            case _ if text.startswith("(") and act.who not in stage.last:
                return
            case _:
                chat = await self._chat(act.who)
                goes = text.startswith("(") or ((wish := command(text)) is not None and wish.name != "mine")
                answer, _ = await stage.act(act.who, text, stage.key())
                # A wish for advice or for a way on is answered, and is no note unless it says more.
                plain = command(text) is None and ask(text) not in ("advice", "stuck", "none")
                if act.kind == "say" and chat == "on" and plain and not notice(text):
                    where = await self._where(act.who)
                    assert mark in where, f"lost: {text!r} of {act.who}, answered by {answer}"
        self._manners(before)
        await self._nothing_lost(goes)
        await self._not_too_often()

    async def _press(self, act: Act) -> bool:
        found = [
            (card, button)
            for card in self.stage.shown[act.who][-8:]
            for block in card.blocks
            if isinstance(block, Buttons)
            for button in block.row
            if not button.url
        ]
        if not found:
            return False
        card, button = found[act.which % len(found)]
        event = self.stage.press(act.who, button.label, {}, self.stage.key(), self.stage.account(act.who))
        event = type(event)(
            key=event.key, by=event.by, thread=card.thread, version=card.version, verb=button.verb,
            value=button.value, inputs=event.inputs,
        )  # fmt: skip
        self.stage.answered(act.who, await self.stage.engine.handle(event))
        await self.stage.settle()
        return button.verb in DELETES

    async def _form(self, act: Act, text: str) -> bool:
        forms = self.stage.opened[act.who]
        if not forms:
            return False
        form = forms[act.which % len(forms)]
        forms.append(form)
        fields = " ".join(f'{field.name}="{text[:200]}"' for field in form.fields if act.which % 3)
        await self.stage.act(act.who, f"(form) {fields}", self.stage.key())
        return True

    async def _chat(self, who: str) -> str:
        async with self.stage.store.begin(demo.ORGANIZATION) as tx:
            person = await tx.person(self.stage.people[who].id)
        assert person is not None
        return person.chat

    async def _where(self, who: str) -> str:
        """All that is kept of this person's words: notes, steps, visits, and what waits for a word of theirs."""
        me, found = self.stage.people[who].id, list[str]()
        async with self.stage.store.begin(demo.ORGANIZATION) as tx:
            for record in await tx.own(me):
                found.append(record.words.text)
                if isinstance(record, NextStep) and record.how_we_know is not None:
                    found.append(record.how_we_know.text)
            for slot in await tx.visits(me):
                found += [own.text for own in (slot.focus_question, slot.listen_to) if own]
        async with self.stage.store.engine.connect() as connection:
            threads = (await connection.execute(select(t.thread.c.id))).scalars().all()
        async with self.stage.store.begin(demo.ORGANIZATION) as tx:
            for name in threads:
                thread = await tx.thread(name)
                if thread is not None and me in thread.people:
                    found += list(_own(thread.state, me))
        return "\n".join(found)

    def _manners(self, before: dict[str, int]) -> None:
        for who, cards in self.stage.shown.items():
            for card in cards[before.get(who, 0) :]:
                assert questions(card) <= 1, f"two questions in one message to {who}: {card}"

    async def _nothing_lost(self, goes: bool) -> None:
        for who in ("ana", "sam", "ben"):
            async with self.stage.store.begin(demo.ORGANIZATION) as tx:
                now = {record.words.text for record in await tx.own(self.stage.people[who].id)}
            if not goes:
                gone = self.kept[who] - now
                assert not gone, f"{who} wrote this, and it is gone: {gone}"
            self.kept[who] = now

    async def _not_too_often(self) -> None:
        async with self.stage.store.engine.connect() as connection:
            for row in await connection.execute(select(t.contact)):
                self.sent[row.key] = (row.person_id, row.at)
        by: dict[str, list[int]] = defaultdict(list)
        for person, at in self.sent.values():
            by[person].append(at)
        week = int(timedelta(days=WINDOW).total_seconds())
        for times in by.values():
            assert all(sum(at <= one < at + week for one in times) <= CAP for at in times), "too many in a week"


def _own(value: Any, by: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        if value.get("type") == "own" and value.get("by") == by:
            yield str(value["text"])
        for inner in value.values():
            yield from _own(inner, by)
    elif isinstance(value, list):
        for inner in value:
            yield from _own(inner, by)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample school, made once and copied for each try; Ben is new here."""
    path = tmp_path_factory.mktemp("order") / "school.sqlite3"

    async def make() -> None:
        store = await Store.open(f"sqlite:///{path}", KEYS)
        stage = await Stage.open(store)
        await stage.given("ben is new")
        await stage.given("devi is away")
        await store.close()

    asyncio.run(make())
    return path


def holds(school: Path, steps: list[Act], caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        copy = school.with_name("copy.sqlite3")
        for old in school.parent.glob("copy.sqlite3*"):
            old.unlink()
        shutil.copy(school, copy)
        store = await Store.open(f"sqlite:///{copy}", KEYS, migrate=False)
        try:
            watched = Watched(Stage(store))
            for act in steps:
                await watched.do(act)
        finally:
            await store.close()

    caplog.clear()
    asyncio.run(go())
    wrong = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert wrong == []


_CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=5, suppress_health_check=_CHECKS)
@given(steps=acts(10))
def test_a_few_orders_of_events_keep_every_promise(
    school: Path, caplog: pytest.LogCaptureFixture, steps: list[Act]
) -> None:
    holds(school, steps, caplog)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=40, suppress_health_check=_CHECKS)
@given(steps=acts(30))
def test_no_order_of_events_breaks_a_promise(school: Path, caplog: pytest.LogCaptureFixture, steps: list[Act]) -> None:
    holds(school, steps, caplog)
