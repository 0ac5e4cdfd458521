"""Whatever happens in whatever order – words, taps, time, kills, cuts, repeats – nothing is lost or comes twice."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select

from bot import demo, outbox
from bot.cards import Answer, Buttons
from bot.events import FromPlatform, Pressed, Said
from bot.store import Store
from bot.store import tables as t
from bot.vault import Keyring
from tests.faults import crashing
from tests.faults.crashing import MUTANTS, POINTS, KilledDrainer
from tests.faults.mortal import CUTS, Cut, Died, Mortal
from tests.support.dialog import Stage
from tests.unit.test_any_order import DELETES, Watched

KEYS = Keyring.of("k1")
T = TypeVar("T")
PEOPLE = ("ana", "ben", "sam")
WORDS = ("They argued about halves for ages {}.", "Two groups found {} ways.", "We ran out of time at {}.")
MARK = re.compile(r"1\d{3}")  # in words that are to be kept, and in nothing else
TYPED = ("/beside now", "/coteach @ana tue 10:15 45m launch", "help", "skip", "pause 1 week", "resume", "start", "mine")
JUMPS = {
    "a minute": timedelta(minutes=1), "an hour": timedelta(hours=1), "back an hour": timedelta(hours=-1),
    "a day": timedelta(days=1), "back a day": timedelta(days=-1), "three days": timedelta(days=3),
    "a week": timedelta(days=7),
}  # fmt: skip
# At which of the points, and when it is passed for the so-manieth time.
Doom = tuple[int, int] | None
DOOM: st.SearchStrategy[Doom] = st.none() | st.tuples(st.integers(0, len(POINTS) - 1), st.sampled_from((1, 1, 2, 3)))


@cache
def school() -> Path:
    """The sample school with Ben new in it, made once and copied for each try."""
    path = Path(tempfile.mkdtemp(prefix="beside-anything-")) / "school.sqlite3"

    async def make() -> None:
        store = await Store.open(f"sqlite:///{path}", KEYS)
        await (await Stage.open(store)).given("ben is new")
        await store.close()

    asyncio.run(make())
    return path


class Model:
    """What must be so: each happening has one answer, and what was answered has come of it once."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.kept: dict[str, set[str]] = defaultdict(set)

    def answered(self, event: FromPlatform, answer: Answer) -> bool:
        """Whether it was for the first time."""
        known = event.key in self.answers
        assert self.answers.setdefault(event.key, answer) == answer, f"two answers to {event}"
        return not known

    def has(self, who: str, now: set[str], *, deletes: bool) -> None:
        assert deletes or not (gone := self.kept[who] - now), f"{who} wrote this, and it is gone: {gone}"
        self.kept[who] = now

    def came(self, times: dict[str, int]) -> None:
        assert not (twice := [key for key, number in times.items() if number > 1]), f"came twice: {twice}"

    def at_rest(self, times: dict[str, int], rows: list[Any]) -> None:
        sent = {row.occurrence_key for row in rows if row.state == "sent" and row.kind in {"say", "revise", "export"}}
        # What may have come after its last try rests as that, in sight.
        doubt = {row.occurrence_key for row in rows if row.state == "ambiguous"}
        came = {key for key, number in times.items() if number}
        assert sent <= came <= sent | doubt, "what was sent has come, and nothing else has"
        lost = [row for row in rows if row.state not in {"sent", "late", "cancelled", "ambiguous"}]
        assert lost == [], f"lost: {lost}"


class Anything(RuleBasedStateMachine):
    happened = Bundle("happened")
    on_the_way = Bundle("on_the_way")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="beside-anything-"))
        self.file = self.folder / "school.sqlite3"
        shutil.copy(school(), self.file)
        self.model, self.number = Model(), 0
        self.untold: list[FromPlatform] = []
        self.deletes = False
        self.stage = self.run(Mortal.born(self.file, KEYS))

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(what)

    def teardown(self) -> None:
        try:
            crashing.disarm()
            self.stage.line.cuts.clear()
            self.live(self.comes_to_rest())
        finally:
            self.run(self.stage.store.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    # ── what happens ──

    @rule(target=on_the_way, who=st.sampled_from(PEOPLE), words=st.sampled_from(WORDS))
    def somebody_writes(self, who: str, words: str) -> FromPlatform:
        self.number += 1
        return self.event(who, words.format(1000 + self.number))

    @rule(target=on_the_way, who=st.sampled_from(PEOPLE), words=st.sampled_from(TYPED))
    def somebody_types(self, who: str, words: str) -> FromPlatform:
        return self.event(who, words)

    @rule(target=on_the_way, who=st.sampled_from(PEOPLE), which=st.integers(0, 99))
    def somebody_presses(self, who: str, which: int) -> FromPlatform:
        found = [
            (card, button)
            for card in self.stage.shown[who][-6:]
            for block in card.blocks
            if isinstance(block, Buttons)
            for button in block.row
            if not button.url
        ]
        if not found:
            return self.event(who, "help")
        card, button = found[which % len(found)]
        return Pressed(
            key=self.stage.key(), by=self.stage.account(who), thread=card.thread, version=card.version,
            verb=button.verb, value=button.value,
        )  # fmt: skip

    @rule(target=happened, event=on_the_way, doom=DOOM)
    def it_arrives(self, event: FromPlatform, doom: Doom) -> FromPlatform:
        """Not always in the order in which it was done; what a kill cuts off is told again, as platforms do."""
        self.will_be_killed(doom)
        self.live(self.handled([event]))
        return event

    @rule(one=on_the_way, other=on_the_way, doom=DOOM)
    def two_arrive_at_once(self, one: FromPlatform, other: FromPlatform, doom: Doom) -> None:
        self.will_be_killed(doom)
        self.live(self.handled([one, other, one]))

    @rule(event=happened)
    def it_is_told_again(self, event: FromPlatform) -> None:
        self.live(self.repeated(event))

    @rule(by=st.sampled_from(sorted(JUMPS)))
    def the_clock_jumps(self, by: str) -> None:
        self.stage.clock.reset(self.stage.clock() + JUMPS[by])
        self.live(self.settled())

    @rule(doom=DOOM)
    def the_next_question_is_due(self, doom: Doom) -> None:
        self.will_be_killed(doom)
        self.live(self.due())

    @rule(cuts=st.lists(st.sampled_from(CUTS), min_size=1, max_size=3))
    def the_line_will_be_cut(self, cuts: list[Cut]) -> None:
        self.stage.line.cuts[:] = cuts

    # ── how ──

    points: Sequence[str] = POINTS
    mutant = ""

    def will_be_killed(self, doom: Doom) -> None:
        if doom is not None:
            self.stage.doomed(self.points[doom[0] % len(self.points)], doom[1], self.mutant)

    def event(self, who: str, text: str) -> FromPlatform:
        return self.stage.event(who, text, self.stage.key())

    def live(self, what: Coroutine[Any, Any, None]) -> None:
        self.run(self._live(what))

    async def _live(self, what: Coroutine[Any, Any, None]) -> None:
        """Through kills, if there are any: after each it starts again, and does what is left."""
        while True:
            try:
                await self.stage.lives(what)
                break
            except Died:
                crashing.disarm()
                self.stage = await Mortal.born(self.file, KEYS, self.stage)
                what = self.again()
        await self.holds()

    async def again(self) -> None:
        """What was told and not answered is told once more."""
        untold, self.untold = self.untold, []
        await self.handled(untold) if untold else await self.settled()

    async def handled(self, events: list[FromPlatform]) -> None:
        self.untold = [*events]
        self.deletes = any(isinstance(one, Pressed) and one.verb in DELETES for one in events)
        chats = {one.by.user: await self.chat(one.by.user) for one in events}
        answers = await asyncio.gather(*map(self.stage.engine.handle, events))
        for event, answer in zip(events, answers, strict=True):
            if self.model.answered(event, answer):
                self.stage.answered(self.handle_of(event), answer)
                mark = MARK.search(event.text if isinstance(event, Said) else "")
                if mark and chats[event.by.user] == await self.chat(event.by.user) == "on":
                    where = await Watched(self.stage)._where(self.handle_of(event))  # noqa: SLF001 - as that test looks
                    assert mark[0] in where, f"lost: {event}, answered by {answer}"
                    keys = [row.occurrence_key for row in await self.rows()]
                    assert any(key.startswith(f"{event.key}/") for key in keys), f"nothing came of {event}"
        self.untold = []
        await self.settled()

    async def repeated(self, event: FromPlatform) -> None:
        await self.settled()
        before = await self.rows()
        self.model.answered(event, await self.stage.engine.handle(event))
        assert await self.rows() == before, "told again, it did something"

    async def due(self) -> None:
        async with self.stage.store.clock() as clock:
            moment = await clock.next_moment()
        if moment is not None and moment > self.stage.clock():
            self.stage.clock.reset(moment)
        await self.settled()

    async def settled(self) -> None:
        await self.stage.settle()

    async def holds(self) -> None:
        for who in PEOPLE:
            async with self.stage.store.begin(demo.ORGANIZATION) as tx:
                own = await tx.own(self.stage.people[who].id)
            self.model.has(who, {one.words.text for one in own}, deletes=self.deletes)
        self.deletes = False
        self.model.came(self.stage.line.came)
        await Watched(self.stage)._not_too_often()  # noqa: SLF001 - the same

    async def comes_to_rest(self) -> None:
        """Nothing more goes wrong: what waits goes out at its moment, and what was tried often has its last try."""
        for _ in range(60):
            await self.settled()
            waiting = [row.visible_at for row in await self.rows() if row.state in {"ready", "sending"}]
            if not waiting:
                break
            # What is ready already may wait behind what is not: a person's messages come in order.
            now = self.stage.clock()
            later = [moment for at in waiting if (moment := datetime.fromtimestamp(at + 1, UTC)) > now]
            self.stage.clock.reset(min(later, default=now + timedelta(minutes=1)))
        await self.holds()
        self.model.at_rest(self.stage.line.came, await self.rows())

    async def rows(self) -> list[Any]:
        o = t.outbox.c
        mine = select(o.occurrence_key, o.kind, o.state, o.last_error, o.visible_at).order_by(o.number)
        async with self.stage.store.engine.connect() as connection:
            return list(await connection.execute(mine))

    async def chat(self, person: str) -> str:
        async with self.stage.store.begin(demo.ORGANIZATION) as tx:
            found = await tx.person(person)
        return found.chat if found else ""

    def handle_of(self, event: FromPlatform) -> str:
        return next(handle for handle, one in self.stage.people.items() if one.id == event.by.user)


# Shrinking takes longer than reading what happened.
QUICK = settings(
    max_examples=4, stateful_step_count=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
)  # fmt: skip


@pytest.mark.req("KEEP-15")
def test_a_few_ways_for_things_to_go_wrong_lose_and_double_nothing() -> None:
    run_state_machine_as_test(Anything, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.req("KEEP-2", "KEEP-15")
@pytest.mark.parametrize(("wrong", "point"), MUTANTS.items())
def test_a_wrong_design_is_found(wrong: str, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(Anything):
        points = (point,)
        mutant = wrong

    monkeypatch.setattr(outbox, "Drainer", KilledDrainer)
    again = settings(QUICK, max_examples=300, stateful_step_count=30, derandomize=True, database=None)
    with pytest.raises(AssertionError, match=r"lost|nothing came|what was sent has come|two answers"):
        run_state_machine_as_test(Wrong, settings=again)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.req("KEEP-15")
def test_no_way_for_things_to_go_wrong_loses_or_doubles_anything() -> None:
    run_state_machine_as_test(Anything, settings=settings(QUICK, max_examples=500, stateful_step_count=50))
