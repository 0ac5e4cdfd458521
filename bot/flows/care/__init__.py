"""Care: a student's safety, a teacher in danger, in distress, or tired. It may misread, and it tells nobody."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.cadence import instant, next_checkin
from bot.cards import Card, OnlyYou, Replace
from bot.effects import Effect, Keep, Plan, Return, Say, Unplan
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Flow, Turn, derived
from bot.flows.care import cards
from bot.flows.care.cards import GRAVE
from bot.flows.drawing import message
from bot.flows.naming import Named, name_card, swapped
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import Own, Reflection
from bot.safety import command as typed
from bot.safety import notice
from bot.spoken import long_date

_KINDS = ("student_safety", "danger", "distress", "tired")
_BACK = ("meant_else", "carry_on", "keep_going")
_STANDS = timedelta(hours=12)
_PINNED = timedelta(days=7)
# "I may have misread; if so, say so": the few ways in which that is said.
_MISREAD = re.compile(
    r"(?:no,? )?(?:sorry,? )?(?:you (?:have )?misread|(?:that'?s |that is |it'?s |it was )?(?:a )?(?:misread(?:ing)?"
    r"|misunderst(?:ood|anding)|figure of speech|joke|not what i meant)|not like that|i(?:'?m| am) (?:really |all )?"
    r"(?:ok(?:ay)?|fine|good|right)(?:,? (?:carry|go) on)?|(?:let'?s |please )?(?:carry|go) on|continue"
    r"|i meant (?:something|it) (?:else|differently))",
    re.IGNORECASE,
)


class Shown(Struct, frozen=True, tag="shown"):
    """A care card stands there. `kinds` says what was noticed, never what was written; `resumes` is what it stopped.

    What is written after `until` is about something else. `offered` are words written since: kept when asked.
    """

    kinds: tuple[str, ...]
    resumes: str = ""
    until: datetime | None = None
    offered: tuple[Named, ...] = ()


class Asking(Struct, frozen=True, tag="asking"):
    """The person sees what their coach would get; `words` is talk or hand."""

    kinds: tuple[str, ...]
    resumes: str
    words: str
    offered: tuple[Named, ...] = ()


class Left(Struct, frozen=True, tag="left"):
    """Carried on, or left for now: then questions stay stopped (1.3), and `resumes` waits for them to say so.

    Its contacts can still be shown.
    """

    kinds: tuple[str, ...] = ()
    resumes: str = ""


State = Shown | Asking | Left


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """Nothing of the message is kept, and nothing is sent to anyone by itself."""
    match state, event:
        case None, Said(text=text):
            return _noticed(notice(text), facts.listening, facts)
        case Shown(until=until), Said() if until is not None and until < facts.now:
            return Turn(state)
        case Shown() | Asking(), Said():
            return _typed(state, event, facts)
        case Left(resumes=resumes), Said(text=text) if kinds := notice(text):
            return _noticed(kinds, resumes, facts)
        case ((Shown() | Asking() | Left()), Pressed(verb="show_contact" | "show_again" | "show_support")):
            return Turn(state, answer=OnlyYou(cards.contacts(state.kinds, facts)), hear=_hears(state, facts))
        case ((Shown() | Asking()), Pressed(verb="keep_note", value=which)):
            return _kept(state, which, facts)
        case ((Shown() | Asking()), Pressed(verb="a_student" | "not_student")):
            return _named(state, event, facts)
        case Left(resumes=resumes), Pressed(verb=verb) if verb in _BACK and resumes:
            return Turn(Left(state.kinds), _back(resumes, facts), Replace(message(facts.say(f"care.{_word(verb)}"))))
        case Shown(), Pressed():
            return _pressed(state, event, facts)
        case Asking(words=words), Pressed(verb="send") if coach := cards.coach_of(facts):
            said = Own(facts.say.plain(f"care.{words}_words"), facts.me.id)
            note = message(facts.read_by(coach).say("care.coach_gets", first=facts.me.first, words=said))
            sent = message(facts.say("care.coach_sent", coach=coach.first))
            return _left(state, facts, sent, Say(to=coach.id, card=note))
        case Asking(), Pressed(verb="dont_send"):
            return _left(state, facts, message(facts.say("care.coach_not_sent")))
        case _:
            return Turn(state, hear=_hears(state, facts))


def _hears(state: State | None, facts: Facts) -> tuple[str, ...]:
    """While a card stands, and where questions stay stopped, nothing that is typed is taken for an answer."""
    if isinstance(state, Left):
        return (facts.me.id,) if facts.listening == facts.thread else ()
    return (facts.me.id,)


def _left(state: Shown | Asking, facts: Facts, card: Card, *effects: Effect) -> Turn:
    return Turn(Left(state.kinds, state.resumes), effects, Replace(card), (facts.me.id,))


def _kept(state: Shown | Asking, which: str, facts: Facts) -> Turn:
    """Words that were about something else are kept when their writer says so."""
    if not (which.isdecimal() and len(which) < 4 and int(which) < len(state.offered)):
        return Turn(state, hear=(facts.me.id,))
    words = state.offered[int(which)]
    named = (Say(to=facts.me.id, card=name_card(facts, which), name="named"),) if words.was != words.now else ()
    kept = Keep(_note(words.now, derived(facts.thread, "note", which), state.resumes, facts))
    return Turn(state, (kept, *named), Replace(message(facts.say("house.note_kept"))), (facts.me.id,))


def _named(state: Shown | Asking, event: Pressed, facts: Facts) -> Turn:
    """What may be a student's name stays out, unless its writer says that it is none (1.6)."""
    which, hear = event.value, (facts.me.id,)
    if event.verb == "a_student" or not (which.isdecimal() and len(which) < 4 and int(which) < len(state.offered)):
        return Turn(state, (), Replace(message(facts.say("house.named_student"))), hear)
    kept = _note(state.offered[int(which)].was, derived(facts.thread, "note", which), state.resumes, facts)
    return Turn(state, (Keep(kept),), Replace(message(facts.say("house.named_other"))), hear)


def _note(words: Own, id: str, thread: str, facts: Facts) -> Reflection:
    return Reflection(
        id=id, organization=facts.me.organization, person=facts.me.id, thread=thread or facts.thread, at=facts.now,
        stem="", question="", words=words,
    )  # fmt: skip


def _pressed(state: Shown, event: Pressed, facts: Facts) -> Turn:
    me, kinds, thread = facts.me, state.kinds, state.resumes
    match event.verb:
        case verb if verb in _BACK:
            key = _word(verb) if thread or verb != "meant_else" else "misread"
            return Turn(Left(kinds), _back(thread, facts), Replace(message(facts.say(f"care.{key}"))))
        case "delete_words":
            # An end, with whoever can help still in sight.
            gone = Card(blocks=(facts.say("care.deleted"), cards.people(cards.names(kinds), facts)))
            return _left(state, facts, gone)
        case "write_trusted":
            draft = message(facts.say("care.trusted"), facts.say("care.trusted_words"))
            return Turn(state, answer=OnlyYou(draft), hear=(me.id,))
        case "not_now":
            return _left(state, facts, message(facts.say("care.not_now")))
        case "leave_week":
            return _left_week(state, facts)
        case "ask_talk" | "need_hand" as verb if coach := cards.coach_of(facts):
            wish = "talk" if verb == "ask_talk" else "hand"
            return Turn(
                Asking(kinds, thread, wish, state.offered), (), Replace(cards.preview(wish, coach, facts)), (me.id,)
            )
        case _:
            return Turn(state, hear=(me.id,))


def _word(verb: str) -> str:
    return "misread_again" if verb == "meant_else" else verb


def _typed(state: Shown | Asking, event: Said, facts: Facts) -> Turn:
    """Words while the card stands: graver ones change it, a button's or a misreading's answer it.

    Others get a short reminder of who can help and are offered a place; more of the same gets the reminder alone.

    Questions only come back when the person says so. Whoever is merely tired writes on, and that is kept.
    """
    me, shown = facts.me, current(state, facts)
    kinds = notice(event.text)
    if graver := set(kinds) - set(state.kinds):
        noticed = _noticed(tuple(k for k in _KINDS if k in (*state.kinds, *kinds)), state.resumes, facts)
        if isinstance(noticed.state, Shown) and noticed.state.kinds != state.kinds and graver:
            return replace(noticed, state=replace(noticed.state, offered=state.offered))
    press = as_pressed(event, shown, facts)
    wish = typed(event.text)
    if isinstance(state, Shown) and press is None:
        if wish and wish.name == "skip":
            press = pressed(event, "leave_week" if state.kinds == ("tired",) else "not_now", facts)
        elif _MISREAD.fullmatch(event.text.strip(" .").replace("’", "'")):
            press = pressed(event, "keep_going" if state.kinds == ("tired",) else "carry_on", facts)
    turn = in_words(press, lambda press: step(state, press, facts), facts)
    if turn is not None:
        return turn
    if isinstance(state, Shown) and state.kinds == ("tired",):
        words = Own(swapped(event.text, facts), me.id)
        kept = _note(words, derived(facts.key, "reflection"), state.resumes, facts)
        said = Say(to=me.id, card=message(facts.say("house.note_kept")))
        return Turn(Left(state.kinds), (Keep(kept), said, *_back(state.resumes, facts)))
    same = set(kinds) & set(state.kinds)
    offered = (
        state.offered
        if same
        else (*state.offered, Named(Own(event.text, me.id), Own(swapped(event.text, facts), me.id)))
    )
    reminder = Say(to=me.id, card=cards.still(state.kinds, None if same else len(offered) - 1, facts), name="still")
    return Turn(replace(state, offered=offered), (reminder,), hear=(me.id,))


def _left_week(state: Shown, facts: Facts) -> Turn:
    """No more questions until next week: the reminder goes, and a check-in still to come this week moves."""
    me, here, thread = facts.me, facts.here.date(), state.resumes
    monday = instant(here + timedelta(days=7 - here.weekday()), 0, me.zone)
    at, day = next_checkin(me, facts.school, monday - timedelta(seconds=1))
    effects: tuple[Effect, ...] = _unasked(thread, facts)
    if facts.next_checkin is not None:
        at = max(at, facts.next_checkin)
        day = at.astimezone(facts.zone).date()
        effects = (*effects, Plan(person=me.id, topic="checkin", at=at, day=day))
    return _left(state, facts, message(facts.say("care.left_week", day=long_date(day, facts.say))), *effects)


def _unasked(thread: str, facts: Facts) -> tuple[Effect, ...]:
    """Neither the reminder nor what was put off comes for the conversation that this stopped."""
    topics = ("reminder", "snooze") if thread else ()
    return tuple(Unplan(person=facts.me.id, topic=topic, thread=thread) for topic in topics)


def _back(thread: str, facts: Facts) -> tuple[Effect, ...]:
    return (Return(to=facts.me.id, thread=thread),) if thread else ()


def _noticed(kinds: tuple[str, ...], thread: str, facts: Facts) -> Turn:
    """A student's safety and one's own danger share a card; else the first that was noticed stands alone."""
    me = facts.me
    shown = tuple(kind for kind in kinds if kind in GRAVE) or kinds[:1]
    effects: tuple[Effect, ...] = (Say(to=me.id, card=cards.card(shown, facts), name="care"),)
    if "danger" in shown or "distress" in shown:
        effects = (*effects, *_unasked(thread, facts))
    now = replace(me, light_once=True) if "distress" in shown and me.role == "teacher" else me
    if "danger" in shown:
        now = replace(now, contacts_until=facts.here.date() + _PINNED)
    if now != me:
        effects = (*effects, Keep(now))
    return Turn(Shown(shown, thread, facts.now + _STANDS), effects, hear=(me.id,))


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Shown(kinds):
            return cards.card(kinds, facts)
        case Asking(words=words) if coach := cards.coach_of(facts):
            return cards.preview(words, coach, facts)
        case _:
            return None


flow = Flow(name="care", states=State, step=step, current=current, reads=("asks",))
