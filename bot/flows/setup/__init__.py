"""Choosing people: an admin names who coaches, a coach names teachers who were told; and only those hear from us."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import NOTHING, Card, OnlyYou, Open, Replace, Text, Wrong
from bot.effects import Effect, Join, Keep, Ring, Say
from bot.events import AnyEvent, Commanded, Due, LetIn, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn, derived, does_coach
from bot.flows.drawing import message
from bot.flows.setup import adding, cards, leaving
from bot.flows.setup.crowd import chosen
from bot.flows.setup.states import Adding, Finished, Leaving, Picking, Previewing, State, TakenOut, Welcoming
from bot.places import zone_meant
from bot.records import Contacts, School

_CONTACTS = ("safeguarding", "support", "emergency", "crisis")


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, LetIn():
            card = _coaching(facts, facts.say("setup.let_in", first=facts.me.first))
            return Turn(Welcoming(), (Say(to=facts.me.id, card=card, name="coaches"),), hear=(facts.me.id,))
        case None, Said() | Commanded() if facts.me.role == "teacher":
            return _reply(event, Finished(), message(facts.say("setup.for_coaches")), facts)
        case None, Said() | Commanded() if not leaving.may(facts.me):
            return _reply(event, Finished(), message(facts.say("setup.not_coaching")), facts)
        case None, Said() | Commanded() if facts.me.role == "admin" or _word(event) == "coaches":
            return _reply(event, Welcoming(), _coaching(facts), facts)
        case None, Commanded():
            return _begins(event, facts)
        case None, Said():
            return _reply(event, Picking(), message(facts.say("setup.by_command")), facts)
        case None, _:
            return Turn(state)
        case TakenOut(), Pressed(verb="put_back"):
            return leaving.step(state, event, facts)
        case _, Pressed() | Submitted() if not leaving.may(facts.me):
            return Turn(state)
        case _, Pressed(verb="choose_coaches"):
            return Turn(state, (), Open(cards.coaches_form(facts)))
        case _, Submitted(verb="coaches"):
            return _coaches(state, event, facts)
        case _, Pressed(verb="take_one_out") if leaving.possible(facts):
            return Turn(state, (), Open(leaving.form(facts)))
        case _, Submitted(verb="leaver"):
            return leaving.looked(state, event, facts)
        case Leaving(), Pressed():
            return leaving.step(state, event, facts)
        case Picking(), Submitted(verb="school", fields=fields) if does_coach(facts.me):
            return _school(state, fields, facts)
        case Picking(), Submitted(verb="teachers") if does_coach(facts.me):
            return _looked(state, event, facts)
        case Previewing(found), Pressed(verb="welcome") if does_coach(facts.me):
            return adding.begun(tuple(one for one in found if not one.why), facts)
        case Adding(), Due() if does_coach(facts.me):
            return adding.gone_on(state, facts)
        case Previewing(), Pressed(verb="not_yet"):
            return Turn(Finished(), (), Replace(message(facts.say("setup.nothing_kept"))))
        case _:
            return Turn(state)


def _coaching(facts: Facts, *before: Text) -> Card:
    return cards.coaches(facts, *before, takes_out=leaving.possible(facts))


def _word(event: Said | Commanded) -> str:
    return event.text.strip().partition(" ")[0].casefold()


def _reply(event: Said | Commanded, state: State, card: Card, facts: Facts) -> Turn:
    if isinstance(event, Commanded):
        return Turn(state, (), OnlyYou(card))
    return Turn(state, (Say(to=facts.me.id, card=card, name="setup"),))


def _begins(event: Commanded, facts: Facts) -> Turn:
    """First a school with its four contacts; then teachers, in a form or as they stand in the command."""
    if facts.school.contacts is None:
        return Turn(Picking(), (), Open(cards.school_form(facts)))
    if "looking" in event.unread:
        return Turn(Finished(), (), OnlyYou(message(facts.say("setup.looking"))))
    if event.people or event.unread:
        now = Previewing(chosen(event, facts, "teacher"), event.unread)
        return Turn(now, (), OnlyYou(cards.preview(now, facts)))
    return Turn(Picking(), (), Open(cards.teachers_form(facts)))


def _school(state: State, fields: dict[str, str], facts: Facts) -> Turn:
    """A safety card needs its contacts, so nobody is asked anything before they are there."""
    say, given = facts.say, {name: " ".join(words.split()) for name, words in fields.items()}
    opens, closes = _minute(given.get("opens", "")), _minute(given.get("closes", ""))
    wrong = {name: say.plain("setup.wrong_empty") for name in ("name", *_CONTACTS) if not given.get(name)}
    zone = zone_meant(given.get("zone", ""))
    if not zone:
        wrong["zone"] = say.plain("house.bad_zone")
    if opens is None or closes is None or closes <= opens:
        wrong["closes"] = say.plain("setup.wrong_hours")
    if wrong or opens is None or closes is None:
        return Turn(state, (), Wrong(wrong))
    organization = facts.me.organization
    before = facts.school if facts.school.id else None
    school = School(
        id=derived(organization, "school", given["name"].casefold()), organization=organization, name=given["name"],
        zone=zone,
    )  # fmt: skip
    contacts = Contacts(*(given[name] for name in _CONTACTS))
    kept = replace(before or school, name=given["name"], zone=zone, opens=opens, closes=closes, contacts=contacts)
    me = replace(facts.me, school=kept.id, zone=kept.zone, zone_by="self")
    after = replace(facts, me=me, school=kept)
    return Turn(Picking(), (Ring(kept), Keep(me)), Open(cards.teachers_form(after)))


def _minute(hhmm: str) -> int | None:
    hour, _, minute = hhmm.partition(":")
    fits = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and len(hhmm) == 5
    return int(hour) * 60 + int(minute) if fits and int(hour) < 24 and int(minute) < 60 else None


def _looked(state: State, event: Submitted, facts: Facts) -> Turn:
    if "looking" in event.unread:
        return _looking(state, facts)
    found = chosen(event, facts, "teacher")
    if not found and not event.unread:
        return Turn(state, (), Wrong({_box(facts): facts.say.plain("setup.wrong_nobody")}))
    now = Previewing(found, event.unread)
    return Turn(now, (Say(to=facts.me.id, card=cards.preview(now, facts), name="preview"),), NOTHING, (facts.me.id,))


def _coaches(state: State, event: Submitted, facts: Facts) -> Turn:
    """From now on they coach here, and are told so."""
    if "looking" in event.unread:
        return _looking(state, facts)
    found = chosen(event, facts, "coach")
    going = [one for one in found if not one.why]
    if not going:
        why = next((one.why for one in found), "")
        said = f"{cards.left_out(why, facts)}: {cards.names(found, facts)}" if why else ""
        return Turn(state, (), Wrong({_box(facts): said or facts.say.plain("setup.wrong_nobody")}))
    effects: list[Effect] = []
    taken = set(facts.handles)
    for one in going:
        known = facts.people.get(one.person) or next((p for p in facts.holders.values() if p.id == one.person), None)
        if known is not None:  # an admin, or somebody who was taken out
            person = replace(known, role="coach", coaching=True)
            effects.append(Keep(person))
        else:
            person = adding.person_of(one, "coach", taken, facts)
            effects += [Keep(person), Join(person=person.id, account=adding.account_of(one, person.id))]
        if person.id != facts.me.id:
            hello = facts.read_by(person).say("setup.hello_coach", first=person.first, name=facts.me.first)
            effects.append(Say(to=person.id, card=message(hello), name="hello"))
    left = [one for one in found if one.why]
    told = [facts.say("setup.coaches_kept", names=cards.names(going, facts))]
    told += [facts.say("setup.left_out", names=cards.names(left, facts))] if left else []
    return Turn(state, (*effects, Say(to=facts.me.id, card=message(*told), name="kept")), NOTHING)


def _looking(state: State, facts: Facts) -> Turn:
    """What takes long is said; what is found comes as a message."""
    said = Say(to=facts.me.id, card=message(facts.say("setup.looking")), name="looking")
    return Turn(state, (said,), NOTHING, (facts.me.id,))


def _box(facts: Facts) -> str:
    return cards.teachers_form(facts).fields[0].name


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Welcoming():
            return _coaching(facts)
        case Leaving(who):
            return leaving.preview(state, facts) if who in facts.people else None
        case TakenOut(coach=who):
            return leaving.standing(state, facts) if who in facts.people else None
        case Previewing():
            return cards.preview(state, facts)
        case Adding():
            return message(facts.say("setup.adding", count=f"{len(state.found):,}"))
        case Picking() | Finished():
            return None


def named(state: State) -> tuple[str, ...]:
    return (state.coach,) if isinstance(state, Leaving | TakenOut) else ()


flow = Flow(
    name="setup",
    names=named,
    states=State,
    step=step,
    current=current,
    commands=(
        Command("beside", "/beside setup", word="setup", roles=("coach",)),
        Command("beside", "/beside coaches", word="coaches", roles=("coach", "admin")),
    ),
    typed=("setup", "coaches"),
    reads=("crowd",),
    looks_anew=True,
)
