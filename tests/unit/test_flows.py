"""What must hold of any conversation, whatever anybody says, presses or fills in, in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from bot import demo
from bot.cards import Buttons, Card, Choices, Form, Nothing, OnlyYou, Open, Replace, Text, Wrong, plain
from bot.effects import Keep, Return, Revise, Say
from bot.events import Account, AnyEvent, Commanded, Due, Joined, Pressed, Said, Submitted
from bot.flow import Facts, Flow, Turn, derived
from bot.flows import BY_NAME, commands
from bot.linking import Linking
from bot.records import Asked, Busy, NextStep, Own, Person, Reflection, Showing, Slot
from bot.routing import opens
from bot.safety import without_names
from bot.stems import Library
from bot.words import Lines

MARK = "qzx"
BY = Account(platform="web", team="t", user="u")
SAM, ANA = demo.SAM, demo.TEACHERS[0]
TOPICS = ("checkin", "reminder", "snooze", "names", "held", "meeting", "unheard of")
TEXTS = st.sampled_from(
    ["", "  ", "ok", "skip", "Skip this week", "stop", "now", "Partly", "not yet", "no thanks", "yes", "I'm stuck",
     f"{MARK} They argued about halves for ages. And then they drew it {MARK}", f"  {MARK} draws  before talking ",
     f"{MARK} " + "and another thing " * 40, "I'm exhausted.", "I want to die.", "you misread",
     f"{MARK} {{first}} {{0}}", "A student was hit by his father at home.",
     "I can't do this any more, I cry every day.", "just tell me what to do", "no idea", "idk", "60% got it",
     f"{MARK} My low kids were lost again {MARK}", "Ms Lee's class did better", "that's all", "what is my step",
     f"{MARK} and Maya drew three boxes", "pause until banana", "when is Sam visiting?"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["", "model_a_move", "take_turns", "launch", "whole", "2026-10-14", "2026-10-13T14:15:00+00:00", "2026-10-14T10:15",
     "9999-12-31", "0001-01-01", "10:15", "25:00", "45", "0", "²", "9" * 5000, SAM.id, ANA.id, f"{MARK} words of mine",
     f"{MARK} You should try this.",
     f"{MARK} " + "long " * 200, "yes", "America/New_York", "Nowhere/Land", "3", "-1"]
)  # fmt: skip
FIELDS = (
    "words", "how", "day", "time", "minutes", "other", "part", "role", "model_minutes", "question", "note", "zone",
    "light",
)  # fmt: skip
LINKINGS = (
    None, Linking("drawn", code="000000000"), Linking("found", account=replace(BY, platform="slack")),
    Linking("found", account=BY), Linking("unknown"), Linking("often"), Linking("same"), Linking("two"),
)  # fmt: skip
VERBS = (
    "a_student", "not_student", "one_more", "else", "leave_there", "ask_ten", "another_one", "leave_advice", "invite",
    "delete_step", "delete_notes", "keep_note", "delete_words", "show_contact",
    "join", "not_mine", "let_go", "note", "edit_note", "note_as_it_is", "as_it_is",
    "skip", "back", "at", "choose_start", "choose_minutes", "choose_part", "send", "keep", "take_back", "share_step",
    "works", "cancel", "move", "no such verb",
)  # fmt: skip
LINES = st.sampled_from(
    ["", "@ana tue 10:15 45m launch", "@sam thu 9:00", "@ana tue 10:15 whole model", "help", "list", "next wed",
     "@ana next wed 10:15 launch menu", "now", "start", "pause until Friday", "leave 2 weeks", "settings", "dance"]
)  # fmt: skip


class World(Struct):
    """Facts kept by hand, as the engine would keep them: pure all the way down."""

    now: datetime
    people: dict[str, Person]
    steps: dict[str, NextStep] = {}
    reflections: list[Reflection] = []
    asked: list[Asked] = []
    slots: dict[str, Slot] = {}
    showings: tuple[Showing, ...] = ()
    turns: int = 0

    def facts(self, me: str, thread: str, listening: str) -> Facts:
        self.turns += 1
        person = self.people[me]
        partners = tuple(p for p in self.people.values() if p.role != person.role)
        steps = dict(sorted(self.steps.items(), key=lambda item: item[1].at, reverse=True))
        busy = {
            who: tuple(
                Busy(slot.start, slot.start + timedelta(minutes=slot.minutes), slot.id)
                for slot in self.slots.values()
                if slot.status == "confirmed"
            )
            for who in self.people
        }
        return Facts(
            now=self.now, me=person, school=demo.SCHOOL, thread=thread, version=self.turns, key=f"key-{self.turns}",
            say=Lines.load(), library=Library.load(), commands=commands(person.role), people=self.people,
            partners=partners, schools={demo.SCHOOL.id: demo.SCHOOL}, asked=tuple(self.asked[::-1]), steps=steps,
            step=next((s for s in steps.values() if s.person == me and s.status in ("open", "not_yet")), None),
            reflections=tuple(r for r in self.reflections if r.thread == thread and r.person == me),
            listening=listening, busy=busy, slots=tuple(s for s in self.slots.values() if s.thread == thread),
            showings=self.showings, accounts=(BY,), linking=LINKINGS[self.turns % len(LINKINGS)],
        )  # fmt: skip

    def keep(self, turn: Turn) -> None:
        for effect in turn.effects:
            match effect:
                case Keep(Person() as person):
                    self.people = {**self.people, person.id: person}
                case Keep(NextStep() as step):
                    self.steps = {**self.steps, step.id: step}
                case Keep(Reflection() as reflection):
                    self.reflections = [*self.reflections, reflection]
                case Keep(Showing() as showing):
                    rest = (one for one in self.showings if one.id != showing.id)
                    self.showings = (showing, *rest)
                case Keep(Asked() as asked):
                    self.asked = [*self.asked, asked]
                case Keep(Slot() as slot):
                    self.slots = {**self.slots, slot.id: slot}
                case _:
                    continue


def world(chat: str, quiet: date | None, light: bool) -> World:
    ana = replace(ANA, chat=chat, quiet_until=quiet, light=light)
    step = NextStep(
        id="step", organization=ana.organization, person=ana.id, thread="earlier", at=demo.OPENS - timedelta(days=5),
        words=Own("Ask two questions before I explain.", ana.id), check_on=date(2026, 10, 15),
    )  # fmt: skip
    return World(demo.OPENS, {SAM.id: SAM, ana.id: ana}, {} if light else {"step": step})


def shown(turn: Turn) -> Iterator[Card | Form]:
    """Everything that a turn shows to anybody."""
    yield from (effect.card for effect in turn.effects if isinstance(effect, Say | Revise))
    match turn.answer:
        case OnlyYou(card) | Replace(card):
            yield card
        case Open(form):
            yield form
        case Wrong() | Nothing():
            return


def questions(card: Card | Form) -> int:
    """How many questions of ours a message asks: somebody's own words may ask what they like."""
    if isinstance(card, Form):
        return 0
    ours = [part for block in card.blocks if isinstance(block, Text) for part in block.parts if isinstance(part, str)]
    return sum(part.count("?") for part in ours)


def bare(thing: object) -> Iterator[str]:
    """Every string that is not somebody's own words, however deep it lies."""
    match thing:
        case Own():
            return
        case str():
            yield thing
        case Struct():
            for name in thing.__struct_fields__:
                yield from bare(getattr(thing, name))
        case dict():
            for key, value in thing.items():
                yield from bare(key)
                yield from bare(value)
        case tuple() | list():
            for one in thing:
                yield from bare(one)
        case _:
            return


def check(flow: Flow, turn: Turn, event: AnyEvent) -> None:
    for card in shown(turn):
        words = plain(card)
        assert words.strip(), f"{flow.name} shows an empty message on {event}"
        assert questions(card) <= 1, f"two questions in one message of {flow.name}: {words}"
    loose = [text for text in (*bare(turn.state), *bare(turn.effects), *bare(turn.answer)) if MARK in text]
    assert not loose, f"{flow.name} has somebody's words as its own: {loose}"
    assert turn.state is None or msgspec.convert(msgspec.to_builtins(turn.state), flow.states) == turn.state
    typed = event.text if isinstance(event, Said) else None
    for effect in turn.effects:
        if isinstance(effect, Keep) and isinstance(effect.record, Reflection) and typed and MARK in typed:
            kept = {typed, typed.strip(), without_names(typed), without_names(typed).strip()}
            assert effect.record.words.text in kept
        if isinstance(effect, Keep) and isinstance(effect.record, NextStep) and effect.record.words.text != "":
            assert len(effect.record.words.text) <= 240


def draw_event(data: st.DataObject, cards: list[Card | Form], me: str, thread: str, key: str) -> AnyEvent:
    kind = data.draw(st.sampled_from(["button", "button", "button", "said", "form", "due", "odd"]))
    if kind == "said":
        return Said(key=key, by=BY, text=data.draw(TEXTS))
    if kind == "due":
        topic = data.draw(st.sampled_from(TOPICS))
        return Due(
            key=key, organization=demo.ORGANIZATION, person=me, topic=topic, day=date(2026, 10, 15), thread=thread
        )
    if kind == "form":
        forms = [card for card in cards if isinstance(card, Form)]
        verb = data.draw(
            st.sampled_from([form.verb for form in forms] or ["draft", "settings", "until", "change_words"])
        )
        fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
        return Submitted(key=key, by=BY, thread=thread, version=data.draw(st.integers(0, 99)), verb=verb, fields=fields)
    pressable = [
        (button, card)
        for card in cards[-4:]
        if isinstance(card, Card)
        for block in card.blocks
        if isinstance(block, Buttons)
        for button in block.row
    ]
    if kind == "button" and pressable:
        button, card = data.draw(st.sampled_from(pressable))
        inputs = {block.name: data.draw(VALUES) for block in card.blocks if isinstance(block, Choices)}
        return Pressed(
            key=key, by=BY, thread=thread, version=99_999, verb=button.verb, value=button.value, inputs=inputs
        )
    verb = data.draw(st.sampled_from(VERBS))
    return Pressed(
        key=key, by=BY, thread=thread, version=data.draw(st.integers(0, 99)), verb=verb, value=data.draw(VALUES),
        inputs={"role": data.draw(VALUES), "day": data.draw(VALUES), "time": data.draw(VALUES)},
    )  # fmt: skip


def opening(data: st.DataObject, flow: Flow, me: Person) -> AnyEvent:
    key = "key-0"
    topic = flow.topics[0] if flow.topics else "checkin"
    due = Due(key=key, organization=demo.ORGANIZATION, person=me.id, topic=topic, day=date(2026, 10, 15))
    said = Said(key=key, by=BY, text=data.draw(TEXTS))
    line = data.draw(LINES)
    events: tuple[AnyEvent, ...]
    match flow.name:
        case "reflection":
            events = (due, said)
        case "coteach":
            events = (Commanded(key=key, by=BY, command="coteach", text=line),)
        case "house":
            events = (said, Commanded(key=key, by=BY, command="beside", text=line))
        case "meeting":
            events = (due, said, Joined(key=key, by=BY))
        case "care":
            events = tuple(
                Said(key=key, by=BY, text=text) for text in ("I'm exhausted.", "I want to die.", "I can't cope.")
            )
        case _:
            events = (said,)
    return data.draw(st.sampled_from(events))


@pytest.mark.parametrize("name", sorted(BY_NAME))
@settings(max_examples=60)
@given(data=st.data())
def test_no_order_of_events_breaks_a_conversation_or_its_manners(name: str, data: st.DataObject) -> None:
    flow = BY_NAME[name]
    here = world(
        data.draw(st.sampled_from(["on", "on", "new", "asked", "declined", "stopped"])),
        data.draw(st.sampled_from([None, None, date(2026, 10, 20)])),
        data.draw(st.booleans()),
    )
    starts = data.draw(st.sampled_from([ANA.id, SAM.id]))
    listening = data.draw(st.sampled_from(["", "another thread"]))
    thread = derived("key-0")
    event: AnyEvent = opening(data, flow, here.people[starts])
    state: Any = None
    me, cards = starts, list[Card | Form]()
    if name == "reflection" and isinstance(event, Due):
        here.now = datetime(2026, 10, 15, 19, 25, tzinfo=UTC)
    for _ in range(data.draw(st.integers(1, 14))):
        facts = here.facts(me, thread, listening)
        turn = flow.step(state, event, facts)
        check(flow, turn, event)
        here.keep(turn)
        state = turn.state
        cards += shown(turn)
        standing = flow.current(state, here.facts(me, thread, listening))
        assert standing is None or plain(standing).strip()
        assert all(effect.thread == "another thread" for effect in turn.effects if isinstance(effect, Return))
        here.now += timedelta(minutes=data.draw(st.sampled_from([0, 0, 0, 5, 600, 10_080])))
        me = data.draw(st.sampled_from([starts, starts, SAM.id, ANA.id]))
        event = draw_event(data, cards, me, thread, f"event-{here.turns}")


@given(
    text=st.one_of(TEXTS, st.text(max_size=60)),
    chat=st.sampled_from(["new", "asked", "on", "declined", "stopped"]),
    standing=st.sampled_from(["", "care", "note", "reflection", "coteach", "meeting"]),
)
def test_before_a_yes_and_after_a_no_no_words_of_theirs_begin_a_reflection(text: str, chat: str, standing: str) -> None:
    person = replace(ANA, chat=chat)
    for event in (
        Said(key="k", by=BY, text=text),
        Commanded(key="k", by=BY, command="beside", text=text),
        Commanded(key="k", by=BY, command="beside", text="now"),
    ):
        flow = opens(event, person, standing)
        assert chat == "on" or flow is None or flow.name != "reflection"


def reflecting(*events: AnyEvent, to: World | None = None) -> tuple[Any, World]:
    """Ana's reflection by hand, event after event, all within one second."""
    here, state = to or world("on", None, light=False), None
    thread = derived("key-0")
    for event in (Commanded(key="key-0", by=BY, command="beside", text="now"), *events):
        turn = BY_NAME["reflection"].step(state, event, here.facts(ANA.id, thread, ""))
        here.keep(turn)
        state = turn.state
    return state, here


def said(text: str) -> Said:
    return Said(key="k", by=BY, text=text)


def pressed(verb: str) -> Pressed:
    return Pressed(key="k", by=BY, thread="t", version=99, verb=verb)


def test_answers_of_one_second_keep_their_order() -> None:
    _, here = reflecting(pressed("tried"), said("One pair went first."), said("Then the others."))
    first, second = here.reflections
    assert (first.words.text, second.words.text) == ("One pair went first.", "Then the others.")
    assert first.at < second.at


def test_words_are_kept_as_they_were_typed() -> None:
    _, here = reflecting(
        pressed("tried"), said("  They   all said: “a  half”  "), pressed("all_today"), said(" Ask  “why” \n")
    )
    assert here.reflections[0].words == Own("  They   all said: “a  half”  ", ANA.id)
    assert [step.words for step in here.steps.values()][-1] == Own("Ask  “why”", ANA.id)


def test_a_step_that_is_too_long_is_kept_whole_as_a_note_and_never_cut() -> None:
    long = "Let them draw it first. " * 20
    for way in (("tried",), ("changed",), ("not_yet", "smaller"), ("not_yet", "swap")):
        taps: list[AnyEvent] = [pressed(verb) for verb in way]
        if way == ("tried",):
            taps += [said("They drew it on the floor."), pressed("all_today")]
        state, here = reflecting(*taps, said(long))
        assert [r.words.text for r in here.reflections][-1] == long.strip()
        assert list(here.steps) == ["step"]
        assert type(state).__name__ in ("Stepping", "Rewording")


def test_new_words_for_a_step_that_the_coach_saw_are_private() -> None:
    here = world("on", None, light=False)
    here.steps = {"step": replace(here.steps["step"], visibility="coach")}
    _, here = reflecting(pressed("changed"), said("Ask one question."), to=here)
    old, new = here.steps["step"], next(step for name, step in here.steps.items() if name != "step")
    assert (old.words.text, old.visibility, old.status) == ("Ask two questions before I explain.", "coach", "changed")
    assert (new.words.text, new.visibility, new.status) == ("Ask one question.", "private", "open")


def test_the_plain_path_takes_five_messages_and_a_card() -> None:
    here, state, messages = world("on", None, light=False), None, 0
    here.now = datetime(2026, 10, 15, 19, 25, tzinfo=UTC)
    due = Due(key="key-0", organization=demo.ORGANIZATION, person=ANA.id, topic="checkin", day=date(2026, 10, 15))
    texts = ("They drew it on the floor.", "It went quiet.", "Ask one question.", "More voices.")
    events: list[AnyEvent] = [due, pressed("partly"), *map(said, texts)]
    for event in events:
        turn = BY_NAME["reflection"].step(state, event, here.facts(ANA.id, derived("key-0"), ""))
        here.keep(turn)
        state, messages = turn.state, messages + sum(isinstance(effect, Say) for effect in turn.effects)
    assert messages == 6
    made = next(step for name, step in here.steps.items() if name != "step")
    assert (made.visibility, made.check_on) == ("private", date(2026, 10, 22))
    assert made.how_we_know == Own("More voices.", ANA.id)


def test_an_answer_to_an_older_check_in_is_kept_with_it_and_begins_nothing() -> None:
    here = world("on", None, light=False)
    due = Due(key="key-0", organization=demo.ORGANIZATION, person=ANA.id, topic="checkin", day=date(2026, 10, 15))
    here.now = datetime(2026, 10, 15, 19, 25, tzinfo=UTC)
    opening = BY_NAME["reflection"].step(None, due, here.facts(ANA.id, derived("key-0"), ""))
    here.now += timedelta(weeks=1)
    for event in (said("They drew it on the floor."), pressed("tried")):
        turn = BY_NAME["reflection"].step(opening.state, event, here.facts(ANA.id, derived("key-0"), ""))
        kept = [effect.record for effect in turn.effects if isinstance(effect, Keep)]
        assert len(kept) == 1
        assert "Thank you" in "".join(plain(card) for card in shown(turn))
        assert turn.hear == ()
