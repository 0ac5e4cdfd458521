"""The first meeting: nothing is asked before a yes, and a no is final until the person comes back."""

from __future__ import annotations

import re
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.cadence import CODES, EARLIEST, LATEST, Lately, after_school, may_contact, next_checkin, next_open
from bot.cards import NOTHING, Button, Card, Choices, OnlyYou, Option, Replace
from bot.effects import Effect, Keep, Plan, Say, Unasked, Wake
from bot.events import AnyEvent, Commanded, Due, Joined, Pressed, Said
from bot.flow import Facts, Flow, Turn
from bot.flows.drawing import message, rows
from bot.flows.wording import as_pressed, in_words, pressed
from bot.spoken import clock, weekday, weekdays
from bot.when.spanish import in_english, named_days
from bot.words import Lines


class Invited(Struct, frozen=True, tag="invited"):
    """What this is has been said; a yes or a no is awaited."""


class Choosing(Struct, frozen=True, tag="choosing"):
    """They said yes; a day and an hour are awaited, with the usual ones standing there."""


class Met(Struct, frozen=True, tag="met"):
    """It is over, one way or the other."""


State = Invited | Choosing | Met
_YES = {
    "yes",
    "yes please",
    "ok",
    "okay",
    "sure",
    "fine",
    "sounds good",
    "sí",
    "si",
    "claro",
    "sí, gracias",
    "de acuerdo",
}
# "7:30", "4pm", "4:15 pm"; a number alone is no hour.
_GREETING = re.compile(
    r"\W*(?:hello|hi|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s (?:d[ií]as|tardes|noches))\b", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>[01]?\d|2[0-3])(?=:| ?[ap]m)(?::(?P<minute>[0-5]\d))?(?: ?(?P<half>am|pm))?(?![\d:])"
)
_NO = {"no", "nope", "no thank you", "not for me", "no gracias", "no, gracias", "mejor no"}


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """What is typed may also be what a button says."""
    if isinstance(event, Said) and isinstance(state, Invited | Choosing):
        word = event.text.strip(" .,").casefold()
        press = as_pressed(event, current(state, facts), facts)
        if isinstance(state, Invited) and word in _YES | _NO:
            press = pressed(event, "sounds_fine" if word in _YES else "no_thanks", facts)
        turn = in_words(press, lambda press: _step(state, press, facts), facts)
        if turn is not None:
            return turn
    return _step(state, event, facts)


def _step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    me = facts.me
    match state, event:
        case None, Due():
            return _when_open(facts)
        case None, Said() | Joined() | Commanded():
            return _say_hello(facts)
        case Invited() | Choosing(), _ if _over(state, facts):
            return Turn(state)
        case Invited(), Pressed(verb="sounds_fine"):
            return Turn(Choosing(), (*_on(facts),), Replace(_choosing(facts)), (me.id,))
        case Invited(), Pressed(verb="tell_more"):
            return Turn(state, answer=OnlyYou(message(facts.say("meeting.more"))), hear=(me.id,))
        case Invited(), Pressed(verb="no_thanks"):
            coach = _coach(facts)
            text = facts.say("meeting.understood", coach=coach) if coach else facts.say("meeting.understood_alone")
            return Turn(Met(), (Keep(replace(me, chat="declined")),), Replace(message(text)))
        case Choosing(), Pressed(verb="keep", inputs=inputs):
            return _kept(inputs, facts)
        case Invited(), Said(text=text) if _GREETING.match(text):
            # Who says hello again may never have seen it: the card may have been refused, or be far above.
            return _say_hello(facts)
        case Choosing(), Said(text=text) if chosen := _typed_time(text, facts):
            turn = _kept(chosen, facts)
            card = turn.answer.card if isinstance(turn.answer, Replace) else _choosing(facts)
            return replace(turn, effects=(*turn.effects, Say(to=me.id, card=card)), answer=NOTHING)
        case _:
            return Turn(state)


def _over(state: State | None, facts: Facts) -> bool:
    """Answered elsewhere since: an old card neither begins anew for somebody who stopped nor ends what goes on."""
    chat = facts.me.chat
    return chat in ("on", "stopped") if isinstance(state, Invited) else chat != "on"


def _when_open(facts: Facts) -> Turn:
    """Sent once, in school hours; a person who was met already is not met again."""
    if facts.me.chat != "new":
        return Turn(Met())
    # The yes that the gate asks for is what this asks for.
    if not may_contact(replace(facts.me, chat="on"), facts.school, facts.now, Lately()):
        at = next_open(facts.me, facts.school, facts.now + timedelta(minutes=1))
        day = at.astimezone(facts.zone).date()
        return Turn(Met(), (Plan(person=facts.me.id, topic="meeting", at=at, day=day),))
    return _say_hello(facts, "hello")


def _say_hello(facts: Facts, unasked: Unasked = "") -> Turn:
    me = facts.me
    said = Say(to=me.id, card=_hello(facts), name="hello", unasked=unasked)
    return Turn(
        Invited(),
        (Keep(replace(me, chat="asked")), said),
        hear=(me.id,),
    )


def _typed_time(text: str, facts: Facts) -> dict[str, str]:
    """A day, an hour or both, as they are typed: "Fridays, please", "mon 7:30", "4pm"."""
    said, shown = text.casefold(), dict[str, str]()
    named = {
        n
        for n, day in enumerate(weekdays(Lines.load("en")))
        if re.search(rf"\b{day[:3]}(?:[a-z]*days?|rs?|s|es)?\b", said, re.IGNORECASE)
    } or named_days(text)
    if len(named) == 1 and CODES[min(named)] not in facts.school.weekend:
        shown["day"] = str(min(named))
    if clocked := _CLOCK.search(said) or _CLOCK.search(in_english(text)):
        hour, minute = int(clocked["hour"]), int(clocked["minute"] or 0)
        afternoon = clocked["half"] == "pm" if clocked["half"] else hour < 7
        at = (hour % 12 + 12 if afternoon else hour) * 60 + minute
        if EARLIEST <= at <= LATEST - 10:
            shown["time"] = str(at)
    return shown


def _coach(facts: Facts) -> str:
    return next((partner.first for partner in facts.partners), "")


def _hello(facts: Facts) -> Card:
    say, coach = facts.say, _coach(facts)
    admin = say.plain(f"care.admin_line_{facts.platform}")
    if coach:
        lines = (
            say("meeting.hello", first=facts.me.first, coach=coach),
            say("meeting.yours", coach=coach, admin_line=admin),
        )
    else:
        lines = say("meeting.hello_alone", first=facts.me.first), say("meeting.yours_alone", admin_line=admin)
    return message(*lines, answers=tuple(_button(facts, verb) for verb in ("sounds_fine", "tell_more", "no_thanks")))


def _button(facts: Facts, verb: str) -> Button:
    return Button(verb, facts.say.button(f"meeting.{verb}"), "confirm" if verb == "keep" else "answer")


def _choosing(facts: Facts) -> Card:
    """Thursday, twenty minutes after school, unless they would rather another."""
    say, after = facts.say, after_school(facts.school)
    times = sorted({7 * 60 + 30, 12 * 60, after, 16 * 60 + 30})
    days = tuple(n for n, code in enumerate(CODES) if code not in facts.school.weekend)
    named = weekdays(say)
    chosen = facts.me.weekday if facts.me.weekday in days else days[-1]
    return Card(
        blocks=(
            say("meeting.when"),
            Choices("day", say.plain("meeting.day"), tuple(Option(str(n), named[n]) for n in days), str(chosen)),
            Choices(
                "time",
                say.plain("meeting.time"),
                tuple(
                    Option(str(t), say.plain("meeting.after_school", time=clock(t)) if t == after else clock(t))
                    for t in times
                    if EARLIEST <= t < LATEST
                ),
                str(after),
            ),
            *rows((_button(facts, "keep"),)),
        )
    )


def _on(facts: Facts) -> tuple[Effect, ...]:
    """A yes: the usual day and hour stand until others are chosen, and what was held goes out."""
    me = replace(facts.me, chat="on")
    at, day = next_checkin(me, facts.school, facts.now)
    return Keep(me), Plan(person=me.id, topic="checkin", at=at, day=day), Wake(person=me.id, topic="held")


def _kept(inputs: dict[str, str], facts: Facts) -> Turn:
    day, time = inputs.get("day", ""), inputs.get("time", "")
    on = int(day) if day in {"0", "1", "2", "3", "4", "5", "6"} else facts.me.weekday
    fits = len(time) <= 4 and time.isascii() and time.isdigit() and EARLIEST <= int(time) <= LATEST - 10
    minute = int(time) if fits else facts.me.minute
    me = replace(facts.me, chat="on", weekday=on, minute=minute)
    at, local = next_checkin(me, facts.school, facts.now)
    said = facts.say("meeting.set", day=weekday(on, facts.say), time=clock(minute))
    return Turn(Met(), (Keep(me), Plan(person=me.id, topic="checkin", at=at, day=local)), Replace(message(said)))


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Invited() | Choosing() if _over(state, facts):
            return None
        case Invited():
            return _hello(facts)
        case Choosing():
            return _choosing(facts)
        case Met():
            return None


flow = Flow(name="meeting", states=State, step=step, current=current, topics=("meeting",))
