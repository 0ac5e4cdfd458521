"""From a typed line to an invitation: the form where something is missing, the preview, then sending."""

from __future__ import annotations

import re
from datetime import UTC, date
from typing import get_args

from msgspec.structs import replace

from bot import when
from bot.cadence import CODES
from bot.cards import OnlyYou, Open, Replace, Wrong
from bot.effects import Keep, Unplan
from bot.events import AnyEvent, Commanded, Due, Pressed, Submitted
from bot.flow import Facts, Turn
from bot.flows.coteach import asking, cards, forms, listing, nexts, previewing, sending, serial
from bot.flows.coteach.reading import (
    LONGEST,
    chosen_moment,
    chosen_time,
    counted,
    in_series,
    partly,
    read_model,
    read_moment,
    typed,
    understood,
    warnings_of,
)
from bot.flows.coteach.states import Closed, Draft, Drafting, Held, Previewed
from bot.flows.drawing import message
from bot.flows.holding import HELD
from bot.records import CoteachRole, LessonPart, Own
from bot.when.people import folded

TWO = 2


def propose(event: Commanded, facts: Facts) -> Turn:
    """A typed line becomes a preview, a choice between readings, or the form with what was understood."""
    if event.quoted:
        return _pointed_at(event, facts)
    if event.text.strip().casefold() in listing.WHOLE:
        return listing.told(event.text.strip().casefold(), facts)
    result = typed(event.text, facts)
    blank = Draft(proposer=facts.me.id)
    match result:
        case when.Command(name=name):
            return listing.told(name, facts, event.text)
        case when.Slot(start=start, duration_min=minutes, warnings=warnings, repeat=repeat):
            draft = replace(understood(blank, result, facts), start=start.astimezone(UTC), minutes=minutes)
            if repeat is not None:
                draft = in_series(draft, repeat, facts)
            unread = Own(result.note, facts.me.id) if result.note else None
            return _previewed(
                replace(draft, warnings=tuple(warnings), unread=unread, elsewhere=result.elsewhere or ""), facts
            )
        case when.Ask():
            return _ask(blank, result, facts)
        case when.Form(missing=missing, problems=problems):
            draft = partly(blank, result, facts)
            if "teacher" in missing and not {"unknown_person", "not_a_person", "self"} & set(problems):
                draft = replace(draft, other=_mentioned(event.text, facts))
            # Where nothing was typed, the form says nothing yet of what is missing.
            missing = tuple(m for m in missing if event.text.strip() and not (m == "teacher" and draft.other))
            return _form(draft, facts, missing, problems)


def _mentioned(text: str, facts: Facts) -> str:
    """The one person whose name stands somewhere in the line: chosen in the form, and for its writer to see there."""
    words = set(re.findall(r"[^\W\d_]+", folded(text)))
    found = [p.id for p in forms.choosable(facts) if words & {folded(p.handle), folded(p.first)}]
    return found[0] if len(found) == 1 else ""


def _pointed_at(event: Commanded, facts: Facts) -> Turn:
    """A message that was pointed at: its writer, and the time that stands in it, in the form. No more of it is kept."""
    result, draft = typed(event.text, facts), Draft(proposer=facts.me.id)
    match result:
        case when.Slot(start=start, duration_min=minutes):
            draft = replace(understood(draft, result, facts), start=start.astimezone(UTC), minutes=minutes)
        case when.Ask() | when.Form():
            draft = partly(draft, result, facts)
        case when.Command():
            pass
    there = {p.id for p in forms.choosable(facts)}
    other = next((who for who in (*facts.mentions, draft.other) if who in there), "")
    return _form(replace(draft, other=other, offer=None), facts, (), ())


def _form(draft: Draft, facts: Facts, missing: tuple[str, ...], problems: tuple[str, ...]) -> Turn:
    if not forms.choosable(facts):
        return Turn(Closed(draft, "nobody"), (), OnlyYou(message(facts.say("coteach.nobody"))))
    return Turn(Drafting(draft), (), Open(forms.whole(draft, facts, forms.notes(facts, missing, problems))))


def _ask(blank: Draft, result: when.Ask, facts: Facts) -> Turn:
    """One thing has several readings: each is a button, unless it is known by now what `next` means to this person."""
    draft = partly(blank, result, facts)
    if (known := nexts.known(draft, asking.days(draft, result), facts)) is not None:
        return _previewed(replace(known, warnings=warnings_of(known, facts)), facts)
    return Turn(Drafting(asking.known(draft, result, facts)), (), OnlyYou(asking.card(draft, result, facts)))


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
        case Drafting(), Pressed(verb="choose_start", value=value):
            start, length = chosen_time(value, draft, facts)
            return _complete(serial.begun(replace(draft, start=start, minutes=length), facts), facts)
        case ((Drafting() | Previewed()), Pressed(verb=nexts.VERB, value=value)) if meant := nexts.chosen(
            replace(draft, role=_role(event, draft)), value, facts
        ):
            chosen, me = meant
            turn = _complete(serial.begun(chosen, facts), facts)
            return replace(turn, effects=(*nexts.kept(me, facts), *turn.effects))
        case Drafting(), Pressed(verb="choose_both", value=value) if len(value.split()) == TWO:
            return _both(draft, value.split(), facts)
        case Drafting(), Pressed(verb="choose_weeks") if draft.start is not None:
            return _complete(serial.repeated(draft, facts, interval=2), facts)
        case Drafting(), Pressed(verb="choose_twice"):
            twice = replace(draft, repeat=None)
            return Turn(Drafting(twice), (), Open(forms.whole(twice, facts, forms.notes(facts, ("repeat",), ()))))
        case Drafting(), Pressed(verb="choose_other", value=value) if value in facts.people:
            return _complete(replace(draft, other=value), facts)
        case Drafting(), Pressed(verb="choose_part", value=value) if value in get_args(LessonPart):
            return _complete(replace(draft, part=value), facts)
        case Drafting(), Pressed(verb="choose_minutes", value=value) if minutes := counted(value):
            return _complete(replace(draft, minutes=minutes), facts)
        case ((Drafting() | Previewed()), Submitted(verb="draft", fields=fields)):
            return _filled(state, fields, facts)
        case Previewed(), Pressed(verb="at", value=value) if at := chosen_moment(value, facts):
            moved = replace(
                draft, start=at, elsewhere="", next_read="", next_other="", role=_role(event, draft), repeat=None,
                apart=(),
            )  # fmt: skip
            return _complete(moved, facts)
        case Previewed(), Pressed(verb="leave_out") if draft.repeat is not None:
            days = (one.day for one in serial.clashing(draft, facts))
            return _complete(replace(serial.without(draft, days), role=_role(event, draft)), facts)
        case Previewed(), Pressed(verb="not_now"):
            text = facts.say("coteach.not_sent")
            return Turn(Closed(draft, "not_sent"), (), Replace(cards.settled(draft, facts, text)))
        case Previewed(), Pressed(verb="send"):
            return sending.send(replace(draft, role=_role(event, draft)), facts)
        case Previewed(), Pressed(verb="as_it_is"):
            return sending.send(draft, facts, as_it_is=True)
        case Previewed(), Pressed(verb="shorten"):
            return Turn(state, (), Open(forms.model(draft, facts)))
        case Previewed(), Pressed(verb="ask_part") if cards.most_of_it(draft):
            return sending.out(draft, facts)
        case Previewed(), Submitted(verb="model", fields=fields):
            return _modelled(state, fields, facts)
        case Held(), Pressed(verb="take_back"):
            text = facts.say("coteach.not_sent")
            gone = (
                Keep(sending.slot(draft, facts, "cancelled")), Unplan(person=draft.other, topic=HELD),
                Unplan(person=draft.proposer, topic=sending.TIME),
            )  # fmt: skip
            return Turn(Closed(draft, "withdrawn"), gone, Replace(message(text)))
        case Held(), Due(topic="held"):
            return sending.try_again(state, facts)
        case Held(), Due(topic=sending.TIME):
            return sending.time_came(state, facts)
        case _:
            return Turn(state)


def _both(draft: Draft, values: list[str], facts: Facts) -> Turn:
    """Two days at the same hour, once each."""
    first, second = sorted(at for value in values if (at := chosen_moment(value, facts))) or (None, None)
    if first is None or second is None:
        return Turn(Drafting(draft))
    codes = tuple(CODES[at.astimezone(facts.zone).weekday()] for at in (first, second))
    return _complete(serial.repeated(replace(draft, start=first), facts, interval=1, byday=codes, times=TWO), facts)


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
    if other is None or not forms.fit(facts.me, other):
        return _form(replace(draft, other=""), facts, (), ("same_role",))
    return Turn(Previewed(draft, facts.version), (), OnlyYou(previewing.preview(draft, facts)))


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
    if problem := _no_end(draft, fields, facts):
        wrong["until"] = facts.say.plain(f"coteach.{problem}")
    if wrong or other is None:
        return Turn(state, (), Wrong(wrong))
    draft = _repeating(state.draft, draft, fields, facts)
    draft = replace(
        draft,
        other=other.id,
        part=part if part in get_args(LessonPart) else "any",
        role=role if role in cards.ROLES else draft.role,
        offer=Own(question, facts.me.id) if question else None,
        unread=None,
        elsewhere="",
        next_read="",
        next_other="",
    )
    return _complete(draft, replace(facts, people={**facts.people, other.id: other}))


def _no_end(draft: Draft, fields: dict[str, str], facts: Facts) -> str:
    """What is wrong with the last day of a series, where one was typed."""
    until = fields.get("until", "")
    if not until or fields.get("repeat", forms.often(draft)) == "once":
        return ""
    try:
        last = date.fromisoformat(until)
    except ValueError:
        return "bad_date"
    return "until_before" if draft.start and last < draft.start.astimezone(facts.zone).date() else ""


def _repeating(was: Draft, draft: Draft, fields: dict[str, str], facts: Facts) -> Draft:
    """How often, as the form says; a series that was understood keeps its days and its end on its own first day."""
    often, until = fields.get("repeat", forms.often(was)), fields.get("until", "")
    if often == "once":
        return replace(draft, repeat=None, apart=())
    begins = was.day if was.start is None else was.start.astimezone(facts.zone).date().isoformat()
    rule = was.repeat if often == forms.often(was) and begins in ("", fields.get("day", "")) else None
    if rule is not None and draft.start == was.start and until == forms.ends(was):
        return draft
    return serial.repeated(
        draft,
        facts,
        interval=forms.OFTEN.get(often) or (was.repeat.interval if was.repeat else 1),
        byday=rule.byday if rule else (),
        times=rule.times if rule and until == forms.ends(was) else None,
        until=date.fromisoformat(until) if until else None,
    )


def _modelled(state: Previewed, fields: dict[str, str], facts: Facts) -> Turn:
    """A modelled move is one part and at most twenty minutes, never the whole block."""
    part = fields.get("part", "")
    draft = replace(state.draft, part=part if part in get_args(LessonPart) else "any", role="model_a_move")
    minutes, wrong = read_model(draft, fields, facts)
    if wrong:
        return Turn(state, (), Wrong(wrong))
    draft = replace(draft, model_minutes=minutes)
    return Turn(Previewed(draft, facts.version), (), Replace(previewing.preview(draft, facts)))
