"""A coach is taken out: what that means for their teachers is shown first, and it can be undone."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.cards import Card, Details, Fact, Form, Option, PickField, Replace, Wrong
from bot.effects import Effect, Keep, Say
from bot.events import Pressed, Submitted
from bot.flow import Facts, Turn, does_coach
from bot.flows.drawing import message, rows
from bot.flows.setup import cards
from bot.flows.setup.states import Finished, Leaving, State, TakenOut
from bot.records import Partnership, Person


def may(me: Person) -> bool:
    """Who chooses coaches may take one out too."""
    return me.role == "admin" or does_coach(me)


def possible(facts: Facts) -> bool:
    """Somebody has to be left who can choose others."""
    return may(facts.me) and len(facts.coaches) > (0 if facts.me.role == "admin" else 1)


def form(facts: Facts) -> Form:
    say = facts.say
    options = tuple(Option(one.id, one.name) for one in facts.coaches)
    return Form(
        verb="leaver", title=say.plain("setup.leaver_title"), intro=say.plain("setup.leaver_intro"),
        fields=(PickField("leaver", say.plain("setup.field_leaver"), options, many=True),),
        submit=say.button("setup.look"), cancel=say.button("setup.close"),
    )  # fmt: skip


def looked(state: State, event: Submitted, facts: Facts) -> Turn:
    coach = {one.id: one for one in facts.coaches}.get(event.fields.get("leaver", ""))
    if coach is None or not possible(facts):
        why = "wrong_leaver" if possible(facts) else "last_coach"
        return Turn(state, (), Wrong({"leaver": facts.say.plain(f"setup.{why}")}))
    now = Leaving(coach.id)
    return Turn(now, (Say(to=facts.me.id, card=preview(now, facts), name="leaving"),), hear=(facts.me.id,))


def preview(state: Leaving, facts: Facts) -> Card:
    """Who would be without them, and what stays as it is."""
    say, coach = facts.say, facts.people[state.coach]
    teachers = [facts.people[one.teacher] for one in _pairs(facts) if one.teacher in facts.people]
    shown = (Fact(say.plain("setup.leaving_teachers"), cards.listed([one.name for one in teachers], facts)),)
    return Card(
        title=say.plain("setup.leaver_title"),
        framed=True,
        blocks=(
            say("setup.leaving", name=coach.name),
            *((Details(shown),) if teachers else (say("setup.leaving_nobody"),)),
            say("setup.leaving_teachers_stay"),
            say("setup.leaving_visits", first=coach.first),
            *rows((cards.button(facts, "take_them_out"), cards.button(facts, "leave_it"))),
        ),
    )


def _pairs(facts: Facts) -> list[Partnership]:
    """Those of the coach who leaves that are not over."""
    return [one for one in facts.pairs if one.until is None]


def step(state: Leaving | TakenOut, event: Pressed, facts: Facts) -> Turn:
    match state, event.verb:
        case Leaving(), "leave_it":
            return Turn(Finished(), (), Replace(message(facts.say("setup.nothing_changed"))))
        case Leaving(who), "take_them_out" if may(facts.me) and who in {one.id for one in facts.coaches}:
            return _taken_out(who, facts) if possible(facts) else Turn(state)
        case TakenOut(who, at, by), "put_back" if (may(facts.me) or facts.me.id == by) and who in facts.people:
            return _put_back(who, at, facts)
        case _:
            return Turn(state)


def _taken_out(who: str, facts: Facts) -> Turn:
    """From here on nobody is chosen by them, and nobody is beside them; the rest is theirs as before."""
    coach, at = facts.people[who], facts.now.replace(microsecond=0)
    theirs = facts.read_by(coach).say
    told = message(theirs("setup.was_taken_out", name=facts.me.name), theirs("setup.leaving_visits_yours"))
    effects: list[Effect] = [Keep(replace(one, until=at)) for one in _pairs(facts)]
    effects.append(Keep(replace(coach, coaching=False)))
    if coach.id != facts.me.id:
        effects.append(Say(to=coach.id, card=told, name="taken_out"))
    now = TakenOut(who, at, facts.me.id)
    return Turn(now, tuple(effects), Replace(standing(now, facts)))


def standing(state: TakenOut, facts: Facts) -> Card:
    said = facts.say("setup.taken_out", name=facts.people[state.coach].name)
    return message(said, answers=(cards.button(facts, "put_back"),))


def _put_back(who: str, at: datetime, facts: Facts) -> Turn:
    """With the teachers of before, wherever that ended then and not earlier or later."""
    coach = facts.people[who]
    effects: list[Effect] = [Keep(replace(one, until=None)) for one in facts.pairs if one.until == at]
    effects.append(Keep(replace(coach, coaching=True)))
    if coach.id != facts.me.id:
        said = facts.read_by(coach).say("setup.was_put_back", name=facts.me.name)
        effects.append(Say(to=coach.id, card=message(said), name="put_back"))
    return Turn(Finished(), tuple(effects), Replace(message(facts.say("setup.put_back", name=coach.name))))
