"""From a typed line to an invitation: the form where something is missing, the preview, then sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot import when
from bot.cadence import EARLIEST, Lately, instant, may_contact, next_open, next_school_day
from bot.cards import Button, Card, OnlyYou, Open, Replace, Text, Wrong
from bot.effects import Effect, Keep, Plan, Say
from bot.events import AnyEvent, Commanded, Due, Pressed, Submitted
from bot.flow import Facts, Turn, derived
from bot.flows.coteach import cards, forms, inviting
from bot.flows.coteach.reading import (
    LONGEST,
    PARTS,
    chosen_moment,
    counted,
    partly,
    read_model,
    read_moment,
    typed,
    understood,
    warnings_of,
)
from bot.flows.coteach.states import Closed, Draft, Drafting, Held, Offered, Previewed
from bot.flows.drawing import message
from bot.flows.suggesting import suggestion
from bot.records import CoteachRole, LessonPart, Own, Person, School, Slot
from bot.spoken import long_date, stretch

HELD = "held"


def propose(event: Commanded, facts: Facts) -> Turn:
    """A typed line becomes a preview, a choice between readings, or the form with what was understood."""
    result = typed(event.text, facts)
    blank = Draft(proposer=facts.me.id)
    match result:
        case when.Command(name=name):
            return Turn(Closed(blank, name), (), OnlyYou(told(name, facts)))
        case when.Slot(start=start, duration_min=minutes, warnings=warnings) if result.repeat is None:
            draft = replace(understood(blank, result, facts), start=start.astimezone(UTC), minutes=minutes)
            unread = Own(result.note, facts.me.id) if result.note else None
            return _previewed(
                replace(draft, warnings=tuple(warnings), unread=unread, elsewhere=result.elsewhere or ""), facts
            )
        case when.Slot(start=start, duration_min=minutes):
            draft = replace(understood(blank, result, facts), start=start.astimezone(UTC), minutes=minutes)
            return _form(draft, facts, ("repeat",), ())
        case when.Ask(field=field, choices=choices) if field != "repeat":
            return _ask(partly(blank, result, facts), field, choices, facts)
        case when.Ask():
            return _form(partly(blank, result, facts), facts, ("repeat",), ())
        case when.Form(missing=missing, problems=problems):
            return _form(partly(blank, result, facts), facts, missing, problems)


def _form(draft: Draft, facts: Facts, missing: tuple[str, ...], problems: tuple[str, ...]) -> Turn:
    if not forms.choosable(facts):
        return Turn(Closed(draft, "nobody"), (), OnlyYou(message(facts.say("coteach.nobody"))))
    return Turn(Drafting(draft), (), Open(forms.whole(draft, facts, forms.notes(facts, missing, problems))))


def _ask(draft: Draft, field: str, choices: tuple[object, ...], facts: Facts) -> Turn:
    """One thing has several readings: each is a button, and something else opens the form."""
    buttons = tuple(_choice(field, choice, draft, facts) for choice in choices)
    card = message(
        facts.say(f"coteach.which_{field}"),
        answers=buttons,
        quiet=(cards.button(facts, "something_else", "quiet"),),
    )
    return Turn(Drafting(draft), (), OnlyYou(card))


def _choice(field: str, choice: object, draft: Draft, facts: Facts) -> Button:
    if isinstance(choice, datetime):
        utc = choice.astimezone(UTC)
        return Button("choose_start", stretch(utc, draft.minutes, facts.me.zone, facts.say), value=utc.isoformat())
    if field == "teacher":
        return Button("choose_other", facts.people[str(choice)].name, value=str(choice))
    if field == "part":
        name = PARTS[str(choice)]
        return Button("choose_part", cards.capital(facts.say.plain(f"coteach.part_{name}")), value=name)
    return Button("choose_minutes", str(choice), value=str(choice))


def told(name: str, facts: Facts) -> Card:
    """What the reserved words answer: help, or what is booked."""
    if name == "help":
        example = facts.partners[0].handle if facts.partners else "ana"
        return message(facts.say("coteach.help", example=example), facts.say("coteach.help_role"))
    mine = sorted((b for b in facts.busy.get(facts.me.id, ()) if b.end > facts.now), key=lambda b: b.start)
    if not mine:
        return message(facts.say("coteach.list_none"))
    lines = tuple(
        Text((stretch(b.start, int((b.end - b.start).total_seconds()) // 60, facts.me.zone, facts.say),)) for b in mine
    )
    return message(facts.say("coteach.list"), *lines, facts.say("coteach.on_card"))


def step(state: Drafting | Previewed | Held, event: AnyEvent, facts: Facts) -> Turn:
    draft = state.draft
    match state, event:
        case _, Pressed() | Submitted() if facts.me.id != draft.proposer:
            return Turn(state)
        case Previewed(version=drawn), Pressed(version=shown) if shown < drawn:
            return Turn(state)
        case ((Drafting() | Previewed()), Pressed(verb="something_else" | "change")):
            chosen = replace(draft, role=_role(event, draft))
            return Turn(replace(state, draft=chosen), (), Open(forms.whole(chosen, facts, {})))
        case Drafting(), Pressed(verb="choose_start", value=value) if at := chosen_moment(value, facts):
            return _complete(replace(draft, start=at), facts)
        case Drafting(), Pressed(verb="choose_other", value=value) if value in facts.people:
            return _complete(replace(draft, other=value), facts)
        case Drafting(), Pressed(verb="choose_part", value=value) if value in get_args(LessonPart):
            return _complete(replace(draft, part=value), facts)
        case Drafting(), Pressed(verb="choose_minutes", value=value) if minutes := counted(value):
            return _complete(replace(draft, minutes=minutes), facts)
        case ((Drafting() | Previewed()), Submitted(verb="draft", fields=fields)):
            return _filled(state, fields, facts)
        case Previewed(), Pressed(verb="at", value=value) if at := chosen_moment(value, facts):
            return _complete(replace(draft, start=at, elsewhere="", role=_role(event, draft)), facts)
        case Previewed(), Pressed(verb="not_now"):
            text = facts.say("coteach.not_sent")
            return Turn(Closed(draft, "not_sent"), (), Replace(cards.settled(draft, facts, text)))
        case Previewed(), Pressed(verb="send"):
            return _send(replace(draft, role=_role(event, draft)), facts)
        case Previewed(), Pressed(verb="as_it_is"):
            return _send(draft, facts, as_it_is=True)
        case Previewed(), Pressed(verb="shorten"):
            return Turn(state, (), Open(forms.model(draft, facts)))
        case Previewed(), Pressed(verb="ask_part") if cards.most_of_it(draft):
            return _out(draft, facts)
        case Previewed(), Submitted(verb="model", fields=fields):
            return _modelled(state, fields, facts)
        case Held(), Due(topic="held"):
            return _try_again(state, facts)
        case _:
            return Turn(state)


def again(draft: Draft, facts: Facts) -> Turn:
    """A cancelled visit, offered once more: as ever, the preview first."""
    _, other = cards.reader(draft, facts, facts.me.id)
    draft = replace(draft, proposer=facts.me.id, other=other.id)
    if draft.start is None or draft.start <= facts.now:
        return Turn(Drafting(draft), (), Open(forms.whole(draft, facts, forms.notes(facts, (), ("past",)))))
    return _complete(draft, facts)


def _role(event: AnyEvent, draft: Draft) -> CoteachRole:
    wished = event.inputs.get("role", draft.role) if isinstance(event, Pressed) else draft.role
    return wished if wished in cards.ROLES else draft.role


def _complete(draft: Draft, facts: Facts) -> Turn:
    """After a choice: the preview where all is known, else the form."""
    if not draft.other or draft.start is None:
        return Turn(Drafting(draft), (), Open(forms.whole(draft, facts, {})))
    turn = _previewed(replace(draft, warnings=warnings_of(draft, facts)), facts)
    return replace(turn, answer=Replace(turn.answer.card)) if isinstance(turn.answer, OnlyYou) else turn


def _previewed(draft: Draft, facts: Facts) -> Turn:
    other = facts.people.get(draft.other)
    if other is None or other.role == facts.me.role:
        return _form(replace(draft, other=""), facts, (), ("same_role",))
    return Turn(Previewed(draft, facts.version), (), OnlyYou(cards.preview(draft, facts)))


def _filled(state: Drafting | Previewed, fields: dict[str, str], facts: Facts) -> Turn:
    """The form, read; what cannot be kept gets a sentence by its field and everything typed stays."""
    draft, wrong = read_moment(state.draft, fields, facts)
    other = facts.people.get(fields.get("other", "")) or {p.id: p for p in facts.partners}.get(fields.get("other", ""))
    if other is None or other.id not in {p.id for p in forms.choosable(facts)}:
        wrong["other"] = facts.say.plain("coteach.missing_teacher")
    part, role, question = (
        fields.get("part", draft.part),
        fields.get("role", draft.role),
        fields.get("question", "").strip(),
    )
    if len(question) > LONGEST:
        wrong["question"] = facts.say.plain("coteach.question_long")
    if wrong or other is None:
        return Turn(state, (), Wrong(wrong))
    draft = replace(
        draft,
        other=other.id,
        part=part if part in get_args(LessonPart) else "any",
        role=role if role in cards.ROLES else draft.role,
        offer=Own(question, facts.me.id) if question else None,
        unread=None,
        elsewhere="",
    )
    return _complete(draft, replace(facts, people={**facts.people, other.id: other}))


def slot(draft: Draft, facts: Facts, status: str, **changed: object) -> Slot:
    coach, teacher = cards.sides(draft, facts)
    old = cards.slot_of(draft, facts)
    made = Slot(
        id=derived(facts.thread, "slot"), organization=facts.me.organization, thread=facts.thread,
        coach=coach.id, teacher=teacher.id, proposer=draft.proposer, start=draft.start or facts.now,
        minutes=draft.minutes, lesson_part=draft.part, role=draft.role, model_minutes=draft.model_minutes,
        focus_question=old.focus_question if old else None, listen_to=old.listen_to if old else None,
        status=status,  # type: ignore[arg-type]  # one of Slot's own
        sequence=old.sequence + 1 if old else 0,
        at=facts.now,
    )  # fmt: skip
    return replace(made, **changed)


def _send(draft: Draft, facts: Facts, *, as_it_is: bool = False) -> Turn:
    """Only what both can have: a time ahead that is free, and a modelled move that is a small part.

    A question to offer that would tell is shown to the coach first, and goes `as_it_is` if they like.
    """
    if draft.start is None or draft.start <= facts.now:
        return Turn(Drafting(draft), (), Open(forms.whole(draft, facts, forms.notes(facts, (), ("past",)))))
    if cards.clashes(draft, draft.start, facts) or cards.chat_off(draft, facts):
        return Turn(Previewed(draft, facts.version), (), Replace(cards.preview(draft, facts)))
    if draft.offer and not as_it_is:
        other = facts.people[draft.other]
        if thought := suggestion(draft.offer, other, facts, edit="change", send="as_it_is"):
            return Turn(Previewed(draft, facts.version), (), Replace(thought))
    if draft.role != "model_a_move":
        draft = replace(draft, model_minutes=0)
    elif draft.part == "whole" and facts.me.role == "coach":
        return Turn(Previewed(draft, facts.version), (), Replace(inviting.most(draft, facts)))
    elif cards.most_of_it(draft):
        return Turn(Previewed(draft, facts.version), (), Open(forms.model(draft, facts)))
    return _out(draft, facts)


def _out(draft: Draft, facts: Facts) -> Turn:
    """Asked now or held. The coach reads the same sentence for every reason why it is held."""
    other, say = facts.people[draft.other], facts.say
    school = facts.schools.get(other.school, facts.school)
    kept = Keep(slot(draft, facts, "proposed"))
    if may_contact(other, school, facts.now, facts.lately.get(other.id, Lately())):
        state = Offered(draft, by=facts.me.id, asked=other.id, version=facts.version)
        said = Say(
            to=other.id, card=inviting.invitation(state, facts.read_by(other)), name="slot", unasked="invitation"
        )
        sent, asked = say("coteach.sent", other=other.first), say("coteach.asked", other=other.first)
        return Turn(state, (kept, said), Replace(cards.settled(draft, facts, sent, asked)), (other.id,))
    day = long_date(_opens(other, school, facts).astimezone(facts.zone).date(), facts.say)
    held = say("coteach.held", other=other.first, day=day)
    return Turn(Held(draft), (kept, _later(other, school, facts)), Replace(cards.settled(draft, facts, held)))


def _opens(other: Person, school: School, facts: Facts) -> datetime:
    """When messages to anyone at that school are next open. What this person chose does not show in it."""
    anyone = replace(other, chat="on", quiet_until=None)
    if may_contact(anyone, school, facts.now, Lately()):
        # They are open now, though not to this person: the next school day is the next chance.
        day = next_school_day(school, facts.now.astimezone(ZoneInfo(anyone.zone)).date())
        return instant(day, EARLIEST, anyone.zone)
    return next_open(anyone, school, facts.now + timedelta(minutes=1))


def _later(other: Person, school: School, facts: Facts) -> Effect:
    at = next_open(other, school, _opens(replace(other, chat="on", quiet_until=None), school, facts))
    return Plan(person=other.id, topic=HELD, at=at, day=at.astimezone(ZoneInfo(other.zone)).date())


def _try_again(state: Held, facts: Facts) -> Turn:
    """`facts.me` is the one it is for."""
    draft = state.draft
    if draft.start is None or draft.start <= facts.now:
        return Turn(Closed(draft, "passed"), (Keep(slot(draft, facts, "did_not_happen")),))
    if not may_contact(facts.me, facts.school, facts.now, facts.lately.get(facts.me.id, Lately())):
        return Turn(state, (_later(facts.me, facts.school, facts),))
    offered = Offered(draft, by=draft.proposer, asked=facts.me.id, version=facts.version)
    said = Say(to=facts.me.id, card=inviting.invitation(offered, facts), name="slot", unasked="invitation")
    return Turn(offered, (said,), hear=(facts.me.id,))


def _modelled(state: Previewed, fields: dict[str, str], facts: Facts) -> Turn:
    """A modelled move is one part and at most twenty minutes, never the whole block."""
    part = fields.get("part", "")
    draft = replace(state.draft, part=part if part in get_args(LessonPart) else "any", role="model_a_move")
    minutes, wrong = read_model(draft, fields, facts)
    if wrong:
        return Turn(state, (), Wrong(wrong))
    draft = replace(draft, model_minutes=minutes)
    return Turn(Previewed(draft, facts.version), (), Replace(cards.preview(draft, facts)))
