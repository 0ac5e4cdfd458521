"""Home: what lies ahead and what is mine, on one card; for a coach three lists by date, and no more about anybody."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.calendars.series import next_visit
from bot.cards import Block, Button, Buttons, Card, Heading, Label, OnlyYou, Quote, Seen, Text
from bot.events import AnyEvent, Commanded, Pressed, Said
from bot.flow import Command, Facts, Flow, Shared, Turn
from bot.flows.care.cards import pinned
from bot.flows.drawing import rows
from bot.flows.seeing import name_of, readers
from bot.flows.sharing import opened
from bot.flows.telling import reply
from bot.records import NextStep, Reflection, Slot
from bot.spoken import at_time, long_date

MOST = 20


class At(Struct, frozen=True, tag="at"):
    """The card stands somewhere; what is on it is read anew each time."""


State = At


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, Said() | Commanded():
            return reply(event, facts, card(facts), At(), name="home")
        case At(), Pressed(verb="read", value=key):
            found = next((one for one in facts.shared if one.key == key and one.records), None)
            if found is None:
                return Turn(state)
            return Turn(state, opened(facts, found.records), OnlyYou(_opened(found, facts)))
        case _:
            return Turn(state)


def card(facts: Facts) -> Card:
    """The next check-in and the open step for a teacher, what waits and what was shared for whoever has any."""
    coach = facts.me.role == "coach"
    own = (_next(facts), *_step(facts)) if facts.me.role == "teacher" else ()
    title = facts.say.plain("home.title", first=facts.me.first)
    blocks: tuple[Block, ...] = (
        *pinned(facts), Text((title,)), *own, *_list("coming", _coming(facts), facts),
        *(_list("waiting", _waiting(facts), facts) if coach or facts.waiting else ()),
        *(_list("shared", _shared(facts), facts) if coach or facts.shared else ()),
        Heading(facts.say.plain("home.yours")),
        *rows(tuple(_ask(word, facts) for word in ("mine", "settings")), (_ask("who", facts), _ask("help", facts))),
    )  # fmt: skip
    return Card(title=title, framed=True, blocks=blocks)


def _ask(word: str, facts: Facts) -> Button:
    """The same as `/beside` and this word."""
    quiet = word in ("who", "help")
    return Button("beside", facts.say.button(f"home.{word}"), "quiet" if quiet else "answer", word)


def _list(name: str, buttons: tuple[Button, ...], facts: Facts) -> tuple[Block, ...]:
    """By date, each to be opened; where there is none, what will stand here."""
    below: Block = Buttons(buttons) if buttons else Text((facts.say.plain(f"home.{name}_none"),))
    return Heading(facts.say.plain(f"home.{name}")), below


def _next(facts: Facts) -> Text:
    me, say = facts.me, facts.say
    if me.chat in ("new", "asked"):
        return say("home.not_met")
    if me.chat in ("declined", "stopped"):
        return say("house.stopped")
    if facts.next_checkin is None:
        return say("house.quiet_open") if me.quiet_until else say("house.next_none")
    return say("house.next", when=at_time(facts.next_checkin, me.zone, say))


def _step(facts: Facts) -> tuple[Block, ...]:
    say, step = facts.say, facts.step
    head = Heading(say.plain("home.step"))
    if step is None:
        return head, say("home.step_none")
    how = (Label(say.plain("reflection.how_label")), Quote(step.how_we_know)) if step.how_we_know else ()
    names = readers(facts, step.id)
    seen = Seen(say.plain("reflection.two_paths", other=names), 2) if names else Seen(say.plain("reflection.just_you"))
    return head, Quote(step.words), *how, seen


def _at(slot: Slot, facts: Facts) -> datetime:
    """Its start, or that of a series' next visit."""
    visit = next_visit(slot, facts.now)
    return visit.start if visit else slot.start


def _visits(slots: tuple[Slot, ...], facts: Facts) -> tuple[Button, ...]:
    ahead = sorted(slots, key=lambda slot: (_at(slot, facts), slot.id))[:MOST]
    return tuple(Button("show", _when(slot, facts), value=slot.thread) for slot in ahead)


def _coming(facts: Facts) -> tuple[Button, ...]:
    return _visits(tuple(one for one in facts.coming if one.status == "confirmed"), facts)


def _waiting(facts: Facts) -> tuple[Button, ...]:
    return _visits(facts.waiting, facts)


def _when(slot: Slot, facts: Facts) -> str:
    other = name_of(facts, slot.teacher if facts.me.id == slot.coach else slot.coach)
    return f"{at_time(_at(slot, facts), facts.me.zone, facts.say)}, {other}"


def _shared(facts: Facts) -> tuple[Button, ...]:
    """The latest days first, and of one day by name."""
    latest = sorted(facts.shared, key=lambda one: (-_day(one, facts).toordinal(), name_of(facts, one.by), one.key))
    return tuple(Button("read", _from(one, facts), value=one.key) for one in latest[:MOST])


def _from(one: Shared, facts: Facts) -> str:
    return f"{name_of(facts, one.by)}, {long_date(_day(one, facts), facts.say)}"


def _day(one: Shared, facts: Facts) -> date:
    return one.at.astimezone(facts.zone).date()


def _opened(one: Shared, facts: Facts) -> Card:
    """What stood on that card, as it stands now: of one person, and of nobody else."""
    say, first = facts.say, name_of(facts, one.by)
    blocks = [block for record in one.records for block in _words(record, facts)]
    paths = Seen(say.plain("reflection.two_paths_undo", other=first), 2)
    title = say.plain("reflection.shared_title", first=first)
    return Card(title=title, framed=True, blocks=(Label(_from(one, facts)), *blocks, paths))


def _words(record: Reflection | NextStep, facts: Facts) -> tuple[Block, ...]:
    if isinstance(record, Reflection):
        about = (facts.say("mine.about", name=record.about),) if record.about else ()
        return (*((Label(record.question),) if record.question else ()), *about, Quote(record.words))
    how = (Label(facts.say.plain("reflection.how_label")), Quote(record.how_we_know)) if record.how_we_know else ()
    return Quote(record.words), *how


def current(state: State, facts: Facts) -> Card | None:
    return card(facts)


flow = Flow(
    name="home",
    states=State,
    step=step,
    current=current,
    commands=(Command("beside", "/beside home", word="home"),),
    typed=("home",),
    looks_anew=True,
    reads=("home", "showings"),
)
