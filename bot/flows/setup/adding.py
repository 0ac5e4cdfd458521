"""Those who were told are kept, a few in each transaction, so that five hundred of them hold up nobody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from bot.cards import Replace, Text
from bot.data import language_of
from bot.effects import Effect, Join, Keep, Plan, Say
from bot.events import Account
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.setup import cards
from bot.flows.setup.crowd import handle_for, zone_of
from bot.flows.setup.states import Adding, Candidate, Finished, Previewing, State
from bot.imports.people import check_in, partnership_id, person_id
from bot.records import Partnership, Person, Role

FEW = 40
TOPIC = "adding"


def next_few(state: State | None) -> tuple[Candidate, ...]:
    """Those who are kept next, and of whom it is asked once more whether they are here by now."""
    match state:
        case Previewing(found):
            return tuple(islice((one for one in found if not one.why), FEW))
        case Adding(found, done):
            return found[done : done + FEW]
        case _:
            return ()


def begun(going: tuple[Candidate, ...], facts: Facts) -> Turn:
    """The first of them; whoever is left follows by itself, and what is kept is never kept twice."""
    effects = _kept(going[:FEW], facts)
    if len(going) <= FEW:
        return Turn(Finished(), effects, Replace(message(_welcomed(going, facts))))
    said = message(facts.say("setup.adding", count=f"{len(going):,}"))
    return Turn(Adding(going, FEW), (*effects, _soon(facts)), Replace(said))


def gone_on(state: Adding, facts: Facts) -> Turn:
    effects, done = _kept(next_few(state), facts), state.done + FEW
    if done < len(state.found):
        return Turn(Adding(state.found, done), (*effects, _soon(facts)))
    said = Say(to=facts.me.id, card=message(_welcomed(state.found, facts)), name="welcomed")
    return Turn(Finished(), (*effects, said))


def _soon(facts: Facts) -> Plan:
    at = facts.now + timedelta(seconds=1)
    return Plan(person=facts.me.id, topic=TOPIC, at=at, day=at.astimezone(facts.zone).date())


def _welcomed(going: tuple[Candidate, ...], facts: Facts) -> Text:
    return facts.say("setup.welcomed", names=cards.names(going, facts))


def _kept(going: tuple[Candidate, ...], facts: Facts) -> tuple[Effect, ...]:
    """Each is to be met once, in school hours. Who was met before, or came meanwhile, is not met again."""
    effects: list[Effect] = []
    taken = set(facts.handles)
    for one in going:
        known, unmet = facts.holders.get(key_of(one)), one.unmet
        if known is not None:
            if known.role != "teacher":
                continue
            who, unmet = known.id, known.chat == "new"
        elif one.person:
            who = one.person
        else:
            person = person_of(one, "teacher", taken, facts)
            effects += [Keep(person), Join(person=person.id, account=account_of(one, person.id))]
            who = person.id
        me = facts.me
        pair = partnership_id(me.organization, me.id, who)
        effects.append(
            Keep(Partnership(id=pair, organization=me.organization, coach=me.id, teacher=who, since=facts.now))
        )
        if unmet:
            effects.append(Plan(person=who, topic="meeting", at=facts.now, day=facts.here.date()))
    return tuple(effects)


def key_of(one: Candidate) -> str:
    """How they are found among those who are here."""
    return one.user or (one.email.text.casefold() if one.email else "")


def person_of(one: Candidate, role: Role, taken: set[str], facts: Facts) -> Person:
    handle = handle_for(one.name, taken)
    taken.add(handle)
    me, school = facts.me, facts.school
    weekday, minute = check_in(school)
    return Person(
        id=person_id(me.organization, handle), organization=me.organization, handle=handle, name=one.name, role=role,
        school=school.id, zone=zone_of(one.zone, school.zone or me.zone), locale=one.locale or me.locale,
        language=language_of(one.locale, "words") if one.locale else me.language, weekday=weekday, minute=minute,
        zone_by="told" if zone_of(one.zone, "") else "presumed",
    )  # fmt: skip


def account_of(one: Candidate, person: str) -> Account:
    """In the playground everybody is known by who they are."""
    email, user = (one.email.text if one.email else ""), person if one.platform == "web" else one.user
    return Account(platform=one.platform, team=one.team, user=user, email=email)
