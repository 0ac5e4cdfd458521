"""Looking back on a visit: did it happen, one question each, the teacher's next step, something specific (3.6)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from msgspec.structs import replace

from bot.cards import Card, Open, Replace, Text, Wrong
from bot.effects import Effect, Keep, Say, Unplan
from bot.events import AnyEvent, Due, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows import aside
from bot.flows.coteach import forms, inviting, looking, passing, reminding, serial
from bot.flows.coteach.cards import sides, slot_of
from bot.flows.coteach.looking import hearing, look_of, with_look
from bot.flows.coteach.reading import moved_moment
from bot.flows.coteach.sending import slot
from bot.flows.coteach.states import Booked, Draft, Look, Offered, Visit
from bot.flows.drawing import message
from bot.flows.reflection import answering, asking, keeping
from bot.flows.reflection.states import Walk
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import Own
from bot.safety import command as typed
from bot.stems import Stem, pick

# What a coach looks back with (flows.md, 3.6).
_COACHES = ("co-01", "co-02", "co-06")


def due(state: Booked, event: Due, facts: Facts) -> Turn:
    """School is over: the teacher first, then the coach, who is not asked whether it happened once that is known."""
    draft = state.draft
    over, again = serial.latest(draft, facts.now), reminding.next_of(draft, facts.me, event.topic, facts)
    visit = state.visit if state.visit and over and state.visit.start == over.start else None
    if over is None or facts.now - over.start > reminding.STALE or (visit is not None and visit.happened is False):
        return Turn(state, (again,), hear=hearing(state, facts))
    if (waiting := reminding.waits(event, facts)) is not None:
        return Turn(state, waiting, hear=hearing(state, facts))
    visit = visit or Visit(start=over.start, version=facts.version)
    if look_of(visit, draft, facts).at:
        return Turn(state, (again,), hear=hearing(state, facts))
    if visit.happened:
        turn = _asked(replace(state, visit=visit), facts)
        return replace(turn, effects=(*turn.effects, again))
    new = with_look(replace(state, visit=visit), Look(at="happened"), facts)
    said = Say(to=facts.me.id, card=looking.happened(draft, over.start, facts), name="debrief")
    return Turn(new, (said, again), hear=hearing(new, facts))


def step(state: Booked, event: AnyEvent, facts: Facts) -> Turn | None:
    """None where this is nothing of looking back."""
    visit = state.visit
    if visit is None:
        return None
    look = look_of(visit, state.draft, facts)
    if look.aside is not None and isinstance(event, Said | Pressed | Submitted):
        turn = _aside(state, visit, look, event, facts)
    elif isinstance(event, Said) and look.at in looking.ASKED:
        turn = _said(state, look, event, facts)
    elif isinstance(event, Pressed | Submitted) and look.at:
        turn = _pressed(state, visit, look, event, facts)
    else:
        return None
    if turn is None or not isinstance(turn.state, Booked):
        return turn
    return replace(turn, hear=hearing(turn.state, facts))


def current(state: Booked, facts: Facts) -> Card | None:
    """The card of what this person is asked now."""
    if state.visit is None:
        return None
    return looking.current(state, look_of(state.visit, state.draft, facts), facts)


def _pressed(state: Booked, visit: Visit, look: Look, event: Pressed | Submitted, facts: Facts) -> Turn | None:
    draft, me = state.draft, facts.me
    coach, teacher = sides(draft, facts)
    shares = bool(looking.shared_by(me, visit, facts))
    match look.at, event:
        case _, Pressed(version=shown) if shown < visit.version:
            return None
        case "happened", Pressed(verb="happened_yes"):
            return _asked(state, facts)
        case "happened", Pressed(verb="happened_moved"):
            return Turn(state, (), Open(forms.time_only(replace(draft, start=visit.start), facts, "moved")))
        case "happened", Submitted(verb="moved", fields=fields):
            return _moved(state, fields, facts)
        case "happened", Pressed(verb="happened_no"):
            return _did_not(state, facts)
        case "happened", Pressed(verb="leave_it"):
            return Turn(state, (), Replace(message(facts.say("coteach.left"))))
        case "stem", Pressed(verb="enough"):
            return _closing(state, replace(look, at="done"), facts)
        case "step", Pressed(verb="no_step"):
            return _closing(state, replace(look, at="keeping"), facts)
        case "noticing", Pressed(verb="notice"):
            return Turn(state, (), Open(forms.noticing(facts, teacher, visit.noticing)))
        case "noticing", Pressed(verb="notice_as_it_is"):
            return passing.sent(state, look, teacher, facts)
        case "noticing", Submitted(verb="notice", fields=fields):
            return passing.notice(state, look, teacher, fields, facts)
        case "noticing", Pressed(verb="not_now"):
            return _closing(state, replace(look, at="keeping"), facts)
        case "keeping" | "done", Pressed(verb="share_look") if look.words and not shares:
            return passing.share(state, visit, look, facts)
        case "keeping", Pressed(verb="just_me"):
            done = with_look(state, replace(look, at="done"), facts)
            return Turn(done, (), Replace(message(facts.say("coteach.just_you"))))
        case _, Pressed(verb="unshare_look") if shares:
            return passing.unshare(state, visit, look, coach if me.id == teacher.id else teacher, facts)
        case _:
            return None


def _asked(state: Booked, facts: Facts) -> Turn:
    """It happened: one question, the teacher's of the same lesson part."""
    draft = state.draft
    stem = _stem(draft, facts)
    new = with_look(state, Look(at="stem", stem=stem.id), facts, happened=True)
    kept = (
        (Keep(slot(draft, facts, "happened")),)
        if (old := slot_of(draft, facts)) and old.status != "happened" and not draft.repeat
        else ()
    )
    said = Say(to=facts.me.id, card=looking.stem(stem, facts), name="stem")
    return Turn(new, (*kept, said, asking.noted(facts, stem)), hear=hearing(new, facts))


def _stem(draft: Draft, facts: Facts) -> Stem:
    """For the teacher, one of looking back on a shared lesson; a coach is present, so it may go deep."""
    coach, _ = sides(draft, facts)
    library, mine = facts.library, facts.me.id == coach.id
    if mine:
        library = replace(library, stems=tuple(stem for stem in library.stems if stem.id in _COACHES))
    week = facts.here.isocalendar()
    return pick(
        library,
        moment="coach_reflection" if mine else "co_teach_debrief",
        audience="coach" if mine else "teacher",
        person=facts.me.id,
        iso_week=f"{week.year}-W{week.week:02d} {facts.thread}",
        asked=tuple(asked.stem for asked in facts.asked),
        answered=facts.answered,
        focus_counts=Counter(asked.focus for asked in facts.asked if asked.at > facts.now - timedelta(weeks=4)),
        lesson_part=None if draft.part in ("any", "whole") else draft.part,
        depth_max=3,
        team_asked=facts.team_asked,
    )


def _said(state: Booked, look: Look, event: Said, facts: Facts) -> Turn | None:
    visit = state.visit
    press = as_pressed(event, current(state, facts), facts)
    if (wish := typed(event.text)) and wish.name in ("skip", "enough"):
        press = pressed(event, looking.PAST[look.at], facts)
    if press is not None and visit is not None:
        return in_words(press, lambda one: _pressed(state, visit, look, one, facts) or Turn(state), facts)
    if look.at in ("stem", "step") and (turn := aside.wished(event.text, look.stem, look.advice, facts)):
        return _astray(state, look, turn, facts)
    return _wrote(state, look, event, facts)


def _wrote(state: Booked, look: Look, event: Said, facts: Facts) -> Turn | None:
    if look.at == "step":
        return _stepped(state, look, event.text.strip(), facts)
    return _answered(state, look, event.text, facts) if look.at == "stem" else None


def _astray(state: Booked, look: Look, turn: Turn, facts: Facts) -> Turn:
    there = turn.state
    return replace(turn, state=with_look(state, replace(look, aside=there, advice=there.walk.advice), facts))


def _aside(
    state: Booked, visit: Visit, look: Look, event: Said | Pressed | Submitted, facts: Facts
) -> Turn | None:  # fmt: skip
    """Advice, or a way on, is met as in a reflection (1.7, 1.8); then the question stands there again."""
    if isinstance(event, Pressed) and event.version < visit.version:
        return None
    came = aside.step(look.aside, event, facts) if look.aside else None
    if came is None or isinstance(came, Turn):
        return _astray(state, look, came, facts) if came else None
    back = replace(look, aside=None)
    if came.said and isinstance(event, Said):
        return _wrote(with_look(state, back, facts), back, event, facts)
    new = with_look(state, back, facts)
    card = looking.current(new, back, facts)
    if came.quietly and card is not None:
        return Turn(new, came.effects, Replace(card))
    said = (Say(to=facts.me.id, card=replace(card, blocks=(*came.before, *card.blocks)), name="next"),) if card else ()
    return Turn(new, (*came.effects, *said))


def _answered(state: Booked, look: Look, text: str, facts: Facts) -> Turn:
    """Kept as it was written and handed back; then the teacher's next step, or the coach's something specific."""
    draft, me = state.draft, facts.me
    coach, teacher = sides(draft, facts)
    stem = facts.library.stem(look.stem)
    line, back = answering.handed_back(Walk(day=facts.here.date(), stem=stem.id), text, facts)
    kept = (Keep(keeping.answer(facts, text, stem.text, stem.id)), asking.noted(facts, stem, line or "labels"))
    mine = me.id == coach.id
    new = with_look(state, replace(look, at="noticing" if mine else "step", words=Own(text, me.id)), facts)
    card = looking.specific(facts, teacher, back) if mine else looking.try_again(facts, back)
    return Turn(new, (*kept, Say(to=me.id, card=card, name="next")))


def _stepped(state: Booked, look: Look, text: str, facts: Facts) -> Turn:
    """A next step of their own, as it was typed; it comes back with the check-in."""
    question = facts.say.plain("coteach.try_again")
    if trouble := keeping.misfit(facts, text, question):
        return Turn(state, trouble)
    # It is hours old at this day's check-in: it comes back with the next.
    day = keeping.brought_back(facts, max(keeping.next_day(facts), facts.here.date() + timedelta(days=1)))
    made = keeping.new_step(facts, text, part=state.draft.part)
    made = replace(made, origin="co_teach_debrief", check_on=day)
    settled = (Keep(replace(facts.step, status="changed")),) if facts.step else ()
    turn = _closing(state, replace(look, at="keeping"), facts, looking.step_kept(made, facts))
    return replace(turn, effects=(*settled, Keep(made), *turn.effects))


def _closing(state: Booked, look: Look, facts: Facts, *before: Text) -> Turn:
    """What was written, as the other would see it, and the choice to share it; nothing where nothing was written."""
    new = with_look(state, look, facts)
    if look.words is None:
        return Turn(with_look(state, replace(look, at="done"), facts), (), Replace(message(facts.say("coteach.left"))))
    card = looking.keeping(new, look, facts, *before)
    return Turn(new, (Say(to=facts.me.id, card=card, name="kept"),))


def _moved(state: Booked, fields: dict[str, str], facts: Facts) -> Turn:
    """A time that has passed is when it happened; one ahead is offered to the other."""
    visit = state.visit or Visit(start=facts.now)
    held = replace(state.draft, start=visit.start, repeat=None, apart=())
    draft, wrong = moved_moment(held, fields, facts)
    if wrong or draft.start is None:
        return Turn(state, (), Wrong(wrong))
    if draft.start <= facts.now:
        elsewhen = replace(state, draft=draft, visit=replace(visit, start=draft.start))
        return _asked(state if state.draft.repeat else elsewhen, facts)
    if state.draft.repeat is not None:
        return Turn(state, (), Wrong({"day": facts.say.plain("coteach.move_on_card")}))
    me = facts.me
    coach, teacher = sides(draft, facts)
    other = teacher if me.id == coach.id else coach
    new = Offered(draft, by=me.id, asked=other.id, was=state.draft, version=facts.version)
    said = Say(to=other.id, card=inviting.invitation(new, facts.read_by(other)), name="slot")
    asked = Say(to=me.id, card=message(facts.say("coteach.asked", other=other.first)))
    quiet = Unplan(person=other.id, topic=reminding.DEBRIEF)
    return Turn(new, (Keep(slot(draft, facts, "countered")), said, asked, quiet), hear=(other.id,))


def _did_not(state: Booked, facts: Facts) -> Turn:
    """No reason is asked, and nobody else is asked any more."""
    draft = state.draft
    coach, teacher = sides(draft, facts)
    other = teacher if facts.me.id == coach.id else coach
    new = with_look(state, Look(at="happened"), facts, happened=False)
    if draft.repeat is not None:
        quiet = reminding.next_of(draft, other, reminding.DEBRIEF, facts)
        return Turn(new, (quiet,), Replace(looking.find_another(draft, other, facts)))
    effects: tuple[Effect, ...] = (
        Keep(slot(draft, facts, "did_not_happen")),
        Unplan(person=other.id, topic=reminding.DEBRIEF),
        *(looking.over(draft, facts, who) for who in (coach, teacher)),
    )
    return Turn(new, effects, Replace(looking.find_another(draft, other, facts)))
