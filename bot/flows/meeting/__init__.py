"""The first meeting: nothing is asked before a yes, every part can be left out, and a no is final until they come back.

Strengths, experience, preferences with a day and an hour, hopes; and then what of it the coach may see.
"""

from __future__ import annotations

import re
from datetime import timedelta

from msgspec.structs import replace

from bot.cadence import CODES, EARLIEST, LATEST, Lately, may_contact, next_checkin, next_open
from bot.cards import NOTHING, Card, OnlyYou, Replace, Text
from bot.effects import Effect, Keep, Plan, Say, Unasked, Wake
from bot.events import AnyEvent, Commanded, Due, Joined, Pressed, Said
from bot.flow import Facts, Flow, Turn
from bot.flows.drawing import message
from bot.flows.meeting import cards
from bot.flows.meeting.states import Asking, Choosing, Invited, Met, Sharing, State
from bot.flows.naming import swapped
from bot.flows.reflection.keeping import answer
from bot.flows.sharing import opened, shown
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import Person
from bot.safety import ask
from bot.safety import command as typed
from bot.spoken import clock, weekday, weekdays
from bot.when.spanish import in_english, named_days
from bot.words import Lines

_YES = {
    "yes", "yes please", "ok", "okay", "sure", "fine", "sounds good", "sí", "si", "claro", "sí, gracias", "de acuerdo",
}  # fmt: skip
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
    if isinstance(event, Said) and isinstance(state, Invited | Asking | Choosing | Sharing):
        word, wish = event.text.strip(" .,").casefold(), typed(event.text)
        press = as_pressed(event, current(state, facts), facts)
        if isinstance(state, Invited) and word in _YES | _NO:
            press = pressed(event, "sounds_fine" if word in _YES else "no_thanks", facts)
        elif isinstance(state, Asking) and ((wish and wish.name in ("skip", "enough")) or ask(event.text) == "none"):
            press = pressed(event, "straight" if wish and wish.name == "enough" else "skip_part", facts)
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
        case Invited() | Asking() | Choosing() | Sharing(), _ if _over(state, facts):
            return Turn(state)
        case Invited(), Pressed(verb="sounds_fine"):
            return Turn(Asking(cards.PARTS[0]), _on(facts), Replace(cards.question(cards.PARTS[0], facts)), (me.id,))
        case Invited(), Pressed(verb="tell_more"):
            return Turn(state, answer=OnlyYou(message(facts.say("meeting.more"))), hear=(me.id,))
        case Invited(), Pressed(verb="no_thanks"):
            coach = cards.coach_name(facts)
            text = facts.say("meeting.understood", coach=coach) if coach else facts.say("meeting.understood_alone")
            return Turn(Met(), (Keep(replace(me, chat="declined")),), Replace(message(text)))
        case Invited(), Said(text=text) if _GREETING.match(text):
            # Who says hello again may never have seen it: the card may have been refused, or be far above.
            return _say_hello(facts)
        case Asking(part), Said(text=text):
            return _answered(part, text, facts)
        case Asking(part), Pressed(verb="skip_part"):
            return _next(part, facts)
        case Asking(part), Pressed(verb="straight"):
            return Turn(Choosing(straight=True), (), Replace(cards.choosing(facts)), (me.id,))
        case Asking(part), Pressed(verb="mirror"):
            theirs = cards.mirrored(part, facts)
            return Turn(state, opened(facts, theirs), OnlyYou(cards.mirror(theirs, facts)), (me.id,))
        case Choosing(), Pressed(verb="keep", inputs=inputs):
            return _kept(state, inputs, facts)
        case Choosing(), Said(text=text) if chosen := _typed_time(text, facts):
            return _in_words(_kept(state, chosen, facts), facts)
        case Sharing(), Pressed():
            return _sharing(state, event, facts)
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
    said = Say(to=me.id, card=cards.hello(facts), name="hello", unasked=unasked)
    return Turn(Invited(), (Keep(replace(me, chat="asked")), said), hear=(me.id,))


def _answered(part: str, text: str, facts: Facts) -> Turn:
    """Kept as it was written, private at birth; the next part follows."""
    now, stem = swapped(text, facts), facts.library.stem(cards.stem_of(part, facts))
    kept = answer(facts, now, stem.text, stem.id)
    turn = _in_words(_next(part, replace(facts, reflections=(*facts.reflections, kept))), facts)
    named = (Say(to=facts.me.id, card=message(facts.say("house.named_student"))),) if now != text else ()
    return replace(turn, effects=(Keep(kept), *named, *turn.effects))


def _next(part: str, facts: Facts) -> Turn:
    """What comes after this part: another question, the day and hour, or the end."""
    hear = (facts.me.id,)
    match part:
        case "preferences":
            return Turn(Choosing(), (), Replace(cards.choosing(facts)), hear)
        case "hopes":
            return _asks_to_share(facts)
        case _:
            following = cards.PARTS[cards.PARTS.index(part) + 1]
            return Turn(Asking(following), (), Replace(cards.question(following, facts)), hear)


def _asks_to_share(facts: Facts) -> Turn:
    if cards.coach_of(facts) is None or not facts.reflections:
        return _ends(facts.me, facts)
    state = Sharing(version=facts.version)
    return Turn(state, (), Replace(cards.sharing(state, facts)), (facts.me.id,))


def _sharing(state: Sharing, event: Pressed, facts: Facts) -> Turn:
    """All of it, some of it, or none; only the card that shows the words shares them."""
    me, coach = facts.me, cards.coach_of(facts)
    known = {record.id for record in facts.reflections}
    match event.verb:
        case "keep_them":
            return _ends(me, facts)
        case "choose_which":
            state = Sharing(picking=True, version=facts.version)
            return Turn(state, (), Replace(cards.sharing(state, facts)), (me.id,))
        case "leave_out" | "put_in" if state.picking and event.value in known:
            out = {*state.out, event.value} if event.verb == "leave_out" else set(state.out) - {event.value}
            state = Sharing(picking=True, out=tuple(sorted(out)), version=facts.version)
            return Turn(state, (), Replace(cards.sharing(state, facts)), (me.id,))
        case "share_all" | "share_these" as verb if (
            coach and event.version >= state.version and state.picking == (verb == "share_these")
        ):
            records = tuple(record for record in facts.reflections if record.id not in state.out)
            if not records:
                return Turn(state, hear=(me.id,))
            said = Say(to=coach.id, card=cards.arrived(records, facts.read_by(coach)), name="meeting")
            effects = (*shown(facts, records, coach.id, name="meeting"), said)
            turn = _ends(me, facts, facts.say("reflection.shared", coach=coach.first))
            return replace(turn, effects=(*effects, *turn.effects))
        case _:
            return Turn(state, hear=(me.id,))


def _ends(me: Person, facts: Facts, *before: Text) -> Turn:
    said = facts.say("meeting.set", day=weekday(me.weekday, facts.say), time=clock(me.minute))
    return Turn(Met(), (), Replace(message(*before, said)))


def _in_words(turn: Turn, facts: Facts) -> Turn:
    """Words are answered by a message of its own."""
    if not isinstance(turn.answer, Replace):
        return turn
    return replace(turn, effects=(*turn.effects, Say(to=facts.me.id, card=turn.answer.card)), answer=NOTHING)


def _typed_time(text: str, facts: Facts) -> dict[str, str]:
    """A day, an hour or both, as they are typed: "Fridays, please", "mon 7:30", "4pm"."""
    said, chosen = text.casefold(), dict[str, str]()
    named = {
        n
        for n, day in enumerate(weekdays(Lines.load("en")))
        if re.search(rf"\b{day[:3]}(?:[a-z]*days?|rs?|s|es)?\b", said, re.IGNORECASE)
    } or named_days(text)
    if len(named) == 1 and CODES[min(named)] not in facts.school.weekend:
        chosen["day"] = str(min(named))
    if clocked := _CLOCK.search(said) or _CLOCK.search(in_english(text)):
        hour, minute = int(clocked["hour"]), int(clocked["minute"] or 0)
        afternoon = clocked["half"] == "pm" if clocked["half"] else hour < 7
        at = (hour % 12 + 12 if afternoon else hour) * 60 + minute
        if EARLIEST <= at <= LATEST - 10:
            chosen["time"] = str(at)
    return chosen


def _on(facts: Facts) -> tuple[Effect, ...]:
    """A yes: the usual day and hour stand until others are chosen, and what was held goes out."""
    me = replace(facts.me, chat="on")
    at, day = next_checkin(me, facts.school, facts.now)
    return Keep(me), Plan(person=me.id, topic="checkin", at=at, day=day), Wake(person=me.id, topic="held")


def _kept(state: Choosing, inputs: dict[str, str], facts: Facts) -> Turn:
    """Day, hour and how they like it; then their hopes, unless they went straight here."""
    day, time = inputs.get("day", ""), inputs.get("time", "")
    on = int(day) if day in {"0", "1", "2", "3", "4", "5", "6"} else facts.me.weekday
    fits = len(time) <= 4 and time.isascii() and time.isdigit() and EARLIEST <= int(time) <= LATEST - 10
    minute = int(time) if fits else facts.me.minute
    me = replace(facts.me, chat="on", weekday=on, minute=minute)
    if inputs.get("light") in ("yes", "no"):
        me = replace(me, light=inputs["light"] == "yes")
    if inputs.get("noticing_when") in ("same_day", "next_day"):
        me = replace(me, noticing_when=inputs["noticing_when"])
    if inputs.get("noticing_how") in ("in_writing", "face_to_face"):
        me = replace(me, noticing_how=inputs["noticing_how"])
    at, local = next_checkin(me, facts.school, facts.now)
    now = replace(facts, me=me)
    turn = _ends(me, now) if state.straight else _hopes(now)
    return replace(turn, effects=(Keep(me), Plan(person=me.id, topic="checkin", at=at, day=local), *turn.effects))


def _hopes(facts: Facts) -> Turn:
    return Turn(Asking("hopes"), (), Replace(cards.question("hopes", facts)), (facts.me.id,))


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Invited() | Asking() | Choosing() | Sharing() if _over(state, facts):
            return None
        case Invited():
            return cards.hello(facts)
        case Asking(part):
            return cards.question(part, facts)
        case Choosing():
            return cards.choosing(facts)
        case Sharing():
            return cards.sharing(state, facts)
        case Met():
            return None


flow = Flow(
    name="meeting", states=State, step=step, current=current, topics=("meeting",),
    reads=("asks", "showings", "mirrors"),
)  # fmt: skip
