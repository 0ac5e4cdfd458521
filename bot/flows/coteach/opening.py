"""The times a coach may be asked for: anybody sees them as free or taken, and never who took them."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.cadence import instant, is_school_day, overlaps
from bot.cards import Button, Card, Form, Open, Option, PickField, Replace, Text, TimeField, Wrong
from bot.effects import Keep, Say
from bot.events import Pressed, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import cards
from bot.flows.coteach.reading import chosen_moment, minute_of
from bot.flows.coteach.states import Closed, Draft
from bot.flows.drawing import message
from bot.records import Person
from bot.ringing import OpenTime
from bot.spoken import at_time, clock, weekday
from bot.words import Lines

MINUTES, DAYS, MOST = 45, 7, 8


def card(facts: Facts) -> Card:
    """A coach's own open times, to add and remove; for a teacher, those of their coach within a week."""
    return _own(facts) if facts.me.role == "coach" else _theirs(facts)


def step(state: Closed, event: Pressed | Submitted, facts: Facts) -> Turn:
    me = facts.me
    match event:
        case Pressed(verb="add_open") if me.role == "coach":
            return Turn(state, (), Open(_form(facts)))
        case Submitted(verb="add_open", fields=fields) if me.role == "coach":
            return _added(state, fields, facts)
        case Pressed(verb="close_open", value=value) if me.role == "coach":
            kept = tuple(one for one in me.open_times if _value(one) != value)
            changed = replace(me, open_times=kept)
            return Turn(state, (Keep(changed),), Replace(_own(replace_me(facts, changed))))
        case _:
            return Turn(state)


def asked(draft: Draft, value: str, facts: Facts) -> tuple[Draft, Facts] | None:
    """The visit that a free time stands for, and the coach whose time it is."""
    coach, _, at = value.partition(" ")
    start, other = chosen_moment(at, facts), next((p for p in facts.partners if p.id == coach), None)
    if start is None or other is None:
        return None
    facts = replace(facts, people={**facts.people, other.id: other})
    return replace(draft, other=other.id, start=start, minutes=MINUTES), facts


def replace_me(facts: Facts, me: Person) -> Facts:
    return replace(facts, me=me, people={**facts.people, me.id: me})


def _own(facts: Facts) -> Card:
    times = facts.me.open_times
    lines = tuple(Text((_spoken(one, facts.say),)) for one in times)
    remove = tuple(
        Button("close_open", facts.say.button("coteach.close_open", time=_spoken(one, facts.say)), "quiet", _value(one))
        for one in times
    )
    text = facts.say("coteach.open_yours" if times else "coteach.open_yours_none")
    return message(text, *lines, answers=(cards.button(facts, "add_open"),), quiet=remove)


def _theirs(facts: Facts) -> Card:
    found = [(start, coach) for coach in facts.partners for start in _starts(coach, facts)]
    found.sort(key=lambda one: (one[0], one[1].name))
    if not found:
        return message(facts.say("coteach.open_none"))
    shown = found[:MOST]
    taken = [(start, coach) for start, coach in shown if _taken(start, coach, facts)]
    several = len({coach.id for _, coach in found}) > 1
    lines = tuple(facts.say("coteach.open_taken", when=_when(start, coach, facts, several)) for start, coach in taken)
    free = tuple(
        Button("ask_open", _when(start, coach, facts, several), value=f"{coach.id} {start.isoformat()}")
        for start, coach in shown
        if (start, coach) not in taken
    )
    return message(facts.say("coteach.open" if free else "coteach.open_all_taken"), *lines, answers=free)


def _starts(coach: Person, facts: Facts) -> list[datetime]:
    """The beginnings of a coach's open times in the days ahead, one visit's length apart, on school days."""
    school = facts.schools.get(coach.school, facts.school)
    today = facts.here.date()
    days = [day for n in range(DAYS) if is_school_day(school, day := today + timedelta(days=n))]
    starts = [
        instant(day, minute, coach.zone)
        for day in days
        for one in coach.open_times
        if one.weekday == day.weekday()
        for minute in range(one.opens, one.closes - MINUTES + 1, MINUTES)
    ]
    return [start for start in starts if start > facts.now]


def _taken(start: datetime, coach: Person, facts: Facts) -> bool:
    end = start + timedelta(minutes=MINUTES)
    return any(
        overlaps(start, end, busy.start, busy.end)
        for who in (coach.id, facts.me.id)
        for busy in facts.busy.get(who, ())
    )


def _when(start: datetime, coach: Person, facts: Facts, several: bool) -> str:
    when = at_time(start, facts.me.zone, facts.say)
    return f"{when}, {coach.first}" if several else when


def _spoken(one: OpenTime, say: Lines) -> str:
    return f"{weekday(one.weekday, say)}, " + say.plain(
        "house.time_stretch", start=clock(one.opens), until=clock(one.closes)
    )


def _value(one: OpenTime) -> str:
    return f"{one.weekday} {one.opens} {one.closes}"


def _form(facts: Facts) -> Form:
    say = facts.say
    days = tuple(Option(str(n), weekday(n, say)) for n in range(7))
    return Form(
        verb="add_open",
        title=say.button("coteach.add_open"),
        fields=(
            PickField("weekday", say.plain("coteach.field_day"), days, "", many=True),
            TimeField("opens", say.plain("coteach.field_from"), clock(facts.school.opens)),
            TimeField("closes", say.plain("coteach.field_to"), clock(facts.school.closes)),
        ),
        submit=say.button("coteach.add_open"),
        cancel=say.button("coteach.close_form"),
    )  # fmt: skip


def _added(state: Closed, fields: dict[str, str], facts: Facts) -> Turn:
    wrong: dict[str, str] = {}
    weekday = fields.get("weekday", "")
    if weekday not in tuple("0123456"):
        wrong["weekday"] = facts.say.plain("coteach.missing_date")
    opens, closes = minute_of(fields.get("opens", "")), minute_of(fields.get("closes", ""))
    if opens is None:
        wrong["opens"] = facts.say.plain("coteach.bad_time")
    if closes is None:
        wrong["closes"] = facts.say.plain("coteach.bad_time")
    if opens is not None and closes is not None and closes - opens < MINUTES:
        wrong["closes"] = facts.say.plain("coteach.open_short", minutes=str(MINUTES))
    if wrong or opens is None or closes is None:
        return Turn(state, (), Wrong(wrong))
    new = OpenTime(int(weekday), opens, closes)
    times = sorted({*facts.me.open_times, new}, key=lambda one: (one.weekday, one.opens, one.closes))
    me = replace(facts.me, open_times=tuple(times))
    return Turn(state, (Keep(me), Say(to=me.id, card=_own(replace_me(facts, me)), name="open")))
