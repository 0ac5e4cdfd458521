"""Care: a student's safety, a teacher in danger, in distress, or tired. It may misread, and it tells nobody."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.cadence import instant, next_checkin
from bot.cards import Block, Button, Card, Contact, Exact, OnlyYou, People, Replace, Seen
from bot.effects import Effect, Keep, Plan, Return, Say, Unplan
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Flow, Turn, derived
from bot.flows.drawing import message, rows
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import Contacts, Own, Person, Reflection
from bot.safety import command as typed
from bot.safety import notice
from bot.spoken import long_date

_KINDS = ("student_safety", "danger", "distress", "tired")
_GRAVE = _KINDS[:2]
_BACK = ("meant_else", "carry_on", "keep_going")
_STANDS = timedelta(hours=12)
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

    What is written after `until` is about something else.
    """

    kinds: tuple[str, ...]
    resumes: str = ""
    until: datetime | None = None


class Asking(Struct, frozen=True, tag="asking"):
    """The person sees what their coach would get; `words` is talk or hand."""

    kinds: tuple[str, ...]
    resumes: str
    words: str


class Left(Struct, frozen=True, tag="left"):
    """Carried on, or left for now."""


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
        case Shown(), Pressed():
            return _pressed(state, event, facts)
        case Asking(words=words), Pressed(verb="send") if coach := _coach(facts):
            said = Own(facts.say.plain(f"care.{words}_words"), facts.me.id)
            note = message(facts.say("care.coach_gets", first=facts.me.first, words=said))
            sent = message(facts.say("care.coach_sent", coach=coach.first))
            return Turn(Left(), (Say(to=coach.id, card=note),), Replace(sent))
        case Asking(), Pressed(verb="dont_send"):
            return Turn(Left(), (), Replace(message(facts.say("care.coach_not_sent"))))
        case _:
            return Turn(state, hear=() if isinstance(state, Left) else (facts.me.id,))


def _pressed(state: Shown, event: Pressed, facts: Facts) -> Turn:
    me, kinds, thread = facts.me, state.kinds, state.resumes
    match event.verb:
        case verb if verb in _BACK:
            key = "misread_again" if verb == "meant_else" and thread else "misread" if verb == "meant_else" else verb
            return Turn(Left(), _back(thread, facts), Replace(message(facts.say(f"care.{key}"))))
        case "show_contact" | "show_again" | "show_support":
            return Turn(state, answer=OnlyYou(_contacts(kinds, facts)), hear=(me.id,))
        case "delete_words":
            return Turn(state, answer=OnlyYou(message(facts.say("care.deleted"))), hear=(me.id,))
        case "write_trusted":
            draft = message(facts.say("care.trusted"), facts.say("care.trusted_words"))
            return Turn(state, answer=OnlyYou(draft), hear=(me.id,))
        case "not_now":
            return Turn(Left(), (), Replace(message(facts.say("care.not_now"))))
        case "leave_week":
            return _left_week(thread, facts)
        case "ask_talk" | "need_hand" as verb if coach := _coach(facts):
            wish = "talk" if verb == "ask_talk" else "hand"
            return Turn(Asking(kinds, thread, wish), (), Replace(_preview(wish, coach, facts)), (me.id,))
        case _:
            return Turn(state, hear=(me.id,))


def _typed(state: Shown | Asking, event: Said, facts: Facts) -> Turn:
    """Words while the card stands: graver ones change it, a button's or a misreading's answer it, others wait.

    Questions only come back when the person says so. Whoever is merely tired writes on, and that is kept.
    """
    me, shown = facts.me, current(state, facts)
    if kinds := notice(event.text):
        return _noticed(tuple(k for k in _KINDS if k in (*state.kinds, *kinds)), state.resumes, facts)
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
        kept = Reflection(
            id=derived(facts.key, "reflection"), organization=me.organization, person=me.id,
            thread=state.resumes or facts.thread, at=facts.now, stem="", question="", words=Own(event.text, me.id),
        )  # fmt: skip
        said = Say(to=me.id, card=message(facts.say("house.note_kept")))
        return Turn(Left(), (Keep(kept), said, *_back(state.resumes, facts)))
    again = (Say(to=me.id, card=shown, name="care"),) if shown else ()
    return Turn(state, again, hear=(me.id,))


def _left_week(thread: str, facts: Facts) -> Turn:
    """No more questions until next week: the reminder goes, and a check-in still to come this week moves."""
    me, here = facts.me, facts.here.date()
    monday = instant(here + timedelta(days=7 - here.weekday()), 0, me.zone)
    at, day = next_checkin(me, facts.school, monday - timedelta(seconds=1))
    effects: tuple[Effect, ...] = _unasked(thread, facts)
    if facts.next_checkin is not None:
        at = max(at, facts.next_checkin)
        day = at.astimezone(facts.zone).date()
        effects = (*effects, Plan(person=me.id, topic="checkin", at=at, day=day))
    return Turn(Left(), effects, Replace(message(facts.say("care.left_week", day=long_date(day)))))


def _unasked(thread: str, facts: Facts) -> tuple[Effect, ...]:
    """Neither the reminder nor what was put off comes for the conversation that this stopped."""
    topics = ("reminder", "snooze") if thread else ()
    return tuple(Unplan(person=facts.me.id, topic=topic, thread=thread) for topic in topics)


def _back(thread: str, facts: Facts) -> tuple[Effect, ...]:
    return (Return(to=facts.me.id, thread=thread),) if thread else ()


def _coach(facts: Facts) -> Person | None:
    return next((person for person in facts.partners if facts.me.role == "teacher"), None)


def _noticed(kinds: tuple[str, ...], thread: str, facts: Facts) -> Turn:
    """A student's safety and one's own danger share a card; else the first that was noticed stands alone."""
    me = facts.me
    shown = tuple(kind for kind in kinds if kind in _GRAVE) or kinds[:1]
    effects: tuple[Effect, ...] = (Say(to=me.id, card=card(shown, facts), name="care"),)
    if "danger" in shown or "distress" in shown:
        effects = (*effects, *_unasked(thread, facts))
    if "distress" in shown and me.role == "teacher":
        effects = (*effects, Keep(replace(me, light_once=True)))
    return Turn(Shown(shown, thread, facts.now + _STANDS), effects, hear=(me.id,))


def _known(facts: Facts) -> Contacts:
    """The school's four contacts; in a school without them, whom to look for."""
    names = ("safeguarding", "support", "emergency", "crisis")
    return facts.school.contacts or Contacts(**{name: facts.say.plain(f"care.{name}_unknown") for name in names})


def _people(names: tuple[str, ...], facts: Facts) -> People:
    known = _known(facts)
    return People(tuple(Contact(facts.say.plain(f"care.{name}_label"), getattr(known, name)) for name in names))


def _names(kinds: tuple[str, ...]) -> tuple[str, ...]:
    student = ("safeguarding",) if "student_safety" in kinds else ()
    danger = ("emergency", "crisis") if "danger" in kinds else ()
    return (*student, *danger) or ("support", "crisis")


def _contacts(kinds: tuple[str, ...], facts: Facts) -> Card:
    text = facts.say("care.support" if "distress" in kinds else "care.contacts_again")
    title = facts.say.plain("care.contacts_title")
    return Card(title=title, framed=True, blocks=(text, _people(_names(kinds), facts)))


def _preview(words: str, coach: Person, facts: Facts) -> Card:
    say = facts.say
    return Card(
        title=say.plain("care.coach_preview", coach=coach.first),
        framed=True,
        blocks=(
            say("care.coach_preview", coach=coach.first),
            Exact((Own(say.plain(f"care.{words}_words"), facts.me.id),)),
            *rows(_buttons(("send",), facts, style="confirm"), _buttons(("dont_send",), facts)),
            Seen(say.plain("care.coach_seen")),
        ),
    )


def card(kinds: tuple[str, ...], facts: Facts) -> Card:
    """The card of what was noticed, with its people at once."""
    if not set(kinds) & set(_GRAVE):
        return _heavy(kinds, facts)
    say, known = facts.say, _known(facts)
    danger = {"emergency_number": known.emergency, "crisis_line": known.crisis}
    if "student_safety" not in kinds:
        text, verbs, name = say("care.danger", **danger), ("show_again", "write_trusted", "carry_on"), "danger"
    elif "danger" not in kinds:
        text = say("care.student_safety", safeguarding_contact=known.safeguarding)
        verbs, name = ("delete_words", "show_contact", "meant_else"), "student"
    else:
        text = say("care.both", safeguarding_contact=known.safeguarding, **danger)
        verbs, name = ("delete_words", "write_trusted", "meant_else"), "danger"
    seen: Block = Seen(say.plain(f"care.{name}_seen"))
    people = _people(_names(kinds), facts)
    blocks = (text, people, *rows(_buttons(verbs, facts)), seen)
    return Card(title=say.plain(f"care.{name}_title"), framed=True, grave=True, blocks=blocks)


def _heavy(kinds: tuple[str, ...], facts: Facts) -> Card:
    coach = _coach(facts)
    asking = ("ask_talk",) if coach else ()
    hand = ("need_hand",) if coach else ()
    if "distress" in kinds:
        verbs: tuple[str, ...] = (*asking, "show_support", "not_now", "carry_on")
        seen = Seen(facts.say.plain("care.distress_seen"))
        return Card(blocks=(facts.say("care.distress"), *rows(_buttons(verbs, facts)), seen))
    return message(facts.say("care.tired"), answers=_buttons(("leave_week", "keep_going", *hand), facts))


def _buttons(verbs: tuple[str, ...], facts: Facts, style: str = "answer") -> tuple[Button, ...]:
    coach = _coach(facts)

    def label(verb: str) -> str:
        slots = {"coach": coach.first} if coach and verb in ("ask_talk", "need_hand") else {}
        return facts.say.button(f"care.{verb}", **slots)

    return tuple(Button(verb, label(verb), style) for verb in verbs)  # type: ignore[arg-type]  # one of three


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Shown(kinds):
            return card(kinds, facts)
        case Asking(words=words) if coach := _coach(facts):
            return _preview(words, coach, facts)
        case _:
            return None


flow = Flow(name="care", states=State, step=step, current=current)
