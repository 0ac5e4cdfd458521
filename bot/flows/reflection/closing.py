"""The second half: the next step in their words, how we'll know, the summary, and what they choose to share."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from bot.cards import Open, Replace, Text, Wrong
from bot.effects import Drop, Effect, Keep, Revise, Say
from bot.events import AnyEvent, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.reflection import beside, cards
from bot.flows.reflection.keeping import LONGEST, SHORTEST, answer, brought_back, misfit, new_step, next_day
from bot.flows.reflection.states import Knowing, Previewed, Rested, Shared, Stepping, Summed, Walk
from bot.flows.sharing import reworded, shown, taken_back
from bot.records import NextStep, Own, Person
from bot.spoken import long_date, weekday

FARTHEST = timedelta(days=366)


def ask_step(walk: Walk, facts: Facts, reply: str | None = None, before: tuple[Text, ...] = ()) -> Turn:
    """The follow-up's answer is kept with no further comment (2.4); then the next step (2.5)."""
    kept: tuple[Effect, ...] = () if reply is None else (Keep(answer(facts, reply, walk.follow_up, walk.stem)),)
    said = Say(to=facts.me.id, card=cards.next_step(facts, walk, *before), name="step")
    return Turn(Stepping(walk), (*kept, said), hear=(facts.me.id,))


def notes_gone(state: Rested, facts: Facts) -> Turn:
    """What was written in this conversation and shown to nobody goes."""
    gone = tuple(Drop(kind="reflection", id=reply.id) for reply in facts.reflections if reply.visibility == "private")
    return Turn(state, gone, Replace(message(facts.say("reflection.notes_gone"))))


def step(state: Stepping | Knowing | Summed | Previewed | Shared, event: AnyEvent, facts: Facts) -> Turn:
    walk, me = state.walk, facts.me
    made = facts.steps.get(walk.made)
    if made is not None:
        state = as_it_is(state, made)
    match state, event:
        case Stepping(), Said(text=text):
            return _typed_step(walk, text.strip(), facts)
        case Stepping(), Pressed(verb="keep_last") if walk.step in facts.steps:
            return _keep_again(walk, facts.steps[walk.step], facts)
        case Stepping(), Pressed(verb="no_step"):
            return Turn(Rested(walk), (Say(to=me.id, card=beside.saved_notes(facts), name="end"),))
        case Knowing(), Said(text=text) if made:
            return _typed_how(walk, text.strip(), made, facts)
        case Knowing(), Pressed(verb="skip_this") if made:
            return _summed(walk, made, facts)
        case Shared(), Pressed(verb="take_back") if made:
            return _take_back(state, made, facts)
        case ((Summed() | Previewed() | Shared()), Pressed() | Submitted()) if made:
            return _on_summary(state, event, made, facts)
        case _:
            return Turn(state, hear=(me.id,) if isinstance(state, Stepping | Knowing) else ())


def as_it_is(
    state: Stepping | Knowing | Summed | Previewed | Shared, made: NextStep
) -> Stepping | Knowing | Summed | Previewed | Shared:  # fmt: skip
    """What was shared or taken back elsewhere is so here too: the record says it."""
    match state:
        case Shared(walk) if made.visibility == "private":
            return Summed(walk, settled=True)
        case Summed(walk) | Previewed(walk) if made.visibility == "coach":
            return Shared(walk)
        case _:
            return state


def _typed_step(walk: Walk, text: str, facts: Facts) -> Turn:
    """Kept when typed; how we'll know and the summary only add to it."""
    question = facts.say.plain("reflection.next_step", next_day=weekday(next_day(facts).weekday(), facts.say))
    if trouble := misfit(facts, text, question):
        return Turn(Stepping(walk), trouble, hear=(facts.me.id,))
    made = new_step(facts, text, part=facts.library.stem(walk.stem).lesson_part if walk.stem else "any")
    # One open step at a time: an older one that nobody settled was changed into this.
    settled = (Keep(replace(facts.step, status="changed")),) if facts.step else ()
    return _know(walk, made, facts, *settled)


def _typed_how(walk: Walk, text: str, made: NextStep, facts: Facts) -> Turn:
    if len(text) <= LONGEST:
        return _summed(walk, replace(made, how_we_know=Own(text, facts.me.id)), facts)
    note = Keep(answer(facts, text, facts.say.plain("reflection.how_we_know"), ""))
    said = Say(to=facts.me.id, card=message(facts.say("reflection.how_long")), name="how")
    return Turn(Knowing(walk), (note, said), hear=(facts.me.id,))


def _keep_again(walk: Walk, old: NextStep, facts: Facts) -> Turn:
    """The last step goes on, under its own id, in the words it has."""
    return _know(walk, replace(old, status="open", check_on=next_day(facts)), facts)


def _know(walk: Walk, made: NextStep, facts: Facts, *before: Effect) -> Turn:
    said = Say(to=facts.me.id, card=cards.how_we_know(facts), name="how")
    return Turn(Knowing(replace(walk, made=made.id)), (*before, Keep(made), said), hear=(facts.me.id,))


def _summed(walk: Walk, made: NextStep, facts: Facts) -> Turn:
    return Turn(Summed(walk), (Keep(made), Say(to=facts.me.id, card=cards.summary(facts, made), name="summary")))


def _on_summary(state: Summed | Previewed | Shared, event: AnyEvent, made: NextStep, facts: Facts) -> Turn:
    walk, me = state.walk, facts.me
    coach = cards.coach_of(facts)
    match event:
        case Pressed(verb="thats_it"):
            settled = state if isinstance(state, Shared) else Summed(walk, settled=True)
            return Turn(settled, (), Replace(cards.summary(facts, made, settled=True)))
        case Pressed(verb="delete_step"):
            gone = (Drop(kind="next_step", id=made.id), *_copy_gone(state, facts))
            return Turn(Rested(walk), gone, Replace(message(facts.say("reflection.step_gone"))))
        case Pressed(verb="change_words"):
            return Turn(state, (), Open(cards.words_form(facts, made)))
        case Pressed(verb="another_day"):
            return Turn(state, (), Replace(cards.which_day(facts, made)))
        case Pressed(verb="pick_date"):
            return Turn(state, (), Open(cards.day_form(facts, made)))
        case Pressed(verb="two_weeks"):
            day = brought_back(facts, facts.here.date() + timedelta(weeks=2))
            return _moved(state, made, day, facts, pressed=True)
        case Submitted(verb="change_words", fields=fields):
            return _reworded(state, made, fields, facts)
        case Submitted(verb="pick_date", fields=fields):
            return _picked(state, made, fields.get("day", ""), facts)
        case Pressed(verb="keep_private"):
            return Turn(Summed(walk, settled=True), (), Replace(message(facts.say("reflection.kept_private"))))
        case Pressed(verb="share") if coach and not isinstance(state, Shared):
            preview = Say(to=me.id, card=cards.share_preview(facts, made, notes=False), name="share")
            return Turn(Previewed(walk, version=facts.version), (preview,))
        case Pressed(version=shown) if isinstance(state, Previewed) and shown >= state.version:
            return _on_preview(state, event, made, facts)
        case _:
            return Turn(state)


def _on_preview(state: Previewed, event: Pressed, made: NextStep, facts: Facts) -> Turn:
    """Only the preview that shows the words shares them: an older one may have shown others."""
    coach = cards.coach_of(facts)
    match event.verb:
        case "step_notes" | "the_step" as verb if coach:
            notes = verb == "step_notes"
            card = cards.share_preview(facts, made, notes)
            return Turn(Previewed(state.walk, notes, facts.version), (), Replace(card))
        case "share_step" | "share_both" as verb if coach and state.notes == (verb == "share_both"):
            return _share(state, made, coach, facts)
        case _:
            return Turn(state)


def _reworded(state: Summed | Previewed | Shared, made: NextStep, fields: dict[str, str], facts: Facts) -> Turn:
    words, how = fields.get("words", "").strip(), fields.get("how", "").strip()
    if not SHORTEST <= len(words) <= LONGEST or len(how) > LONGEST:
        if SHORTEST <= len(words) <= LONGEST:
            return Turn(state, (), Wrong({"how": facts.say.plain("reflection.how_size")}))
        return Turn(state, (), Wrong({"words": facts.say.plain("reflection.empty_words")}))
    new = replace(made, words=Own(words, facts.me.id), how_we_know=Own(how, facts.me.id) if how else None)
    if new != made:
        # What the coach was shown were other words; these are shown when they are shared.
        new = replace(new, visibility="private")
        turn = _revised(state.walk, new, facts)
        return replace(turn, effects=(*turn.effects, *_copy_gone(state, facts), *reworded(facts, new.id)))
    return _revised(state.walk, new, facts) if not isinstance(state, Shared) else Turn(state)


def _picked(state: Summed | Previewed | Shared, made: NextStep, typed: str, facts: Facts) -> Turn:
    today = facts.here.date()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return Turn(state, (), Wrong({"day": facts.say.plain("reflection.no_day")}))
    if day <= today:
        from_day = long_date(today + timedelta(days=1), facts.say)
        return Turn(state, (), Wrong({"day": facts.say.plain("reflection.past_day", day=from_day)}))
    if day > today + FARTHEST:
        return Turn(state, (), Wrong({"day": facts.say.plain("reflection.far_day")}))
    return _moved(state, made, brought_back(facts, day), facts, pressed=False)


def _moved(state: Summed | Previewed | Shared, made: NextStep, day: date, facts: Facts, pressed: bool) -> Turn:
    """Another day changes no words: what is shared stays so."""
    new = replace(made, check_on=day)
    shared = isinstance(state, Shared)
    after, card = state if shared else Summed(state.walk), cards.summary(facts, new, settled=shared)
    if pressed:
        return Turn(after, (Keep(new),), Replace(card))
    return Turn(after, (Keep(new), Revise(to=facts.me.id, card=card, name="summary")))


def _revised(walk: Walk, new: NextStep, facts: Facts) -> Turn:
    return Turn(Summed(walk), (Keep(new), Revise(to=facts.me.id, card=cards.summary(facts, new), name="summary")))


def _share(state: Previewed, made: NextStep, coach: Person, facts: Facts) -> Turn:
    """Exactly what was previewed goes to the coach, and can be taken back."""
    new = replace(made, visibility="coach")
    notes = facts.reflections if state.notes else ()
    return Turn(
        Shared(state.walk, state.notes, coach.id),
        (
            *shown(facts, (made, *notes), coach.id, name="arrived"),
            Say(to=coach.id, card=cards.arrived(facts.read_by(coach), made, state.notes), name="arrived"),
            Revise(to=facts.me.id, card=cards.summary(facts, new, settled=True), name="summary"),
        ),
        Replace(cards.shared(facts, coach)),
    )


def _copy_gone(state: Summed | Previewed | Shared, facts: Facts) -> tuple[Effect, ...]:
    """The copy goes from whoever has it, also where somebody else is the coach by now; notes are private again."""
    return taken_back(facts, (state.walk.made,), facts.reflections)


def _take_back(state: Shared, made: NextStep, facts: Facts) -> Turn:
    new = replace(made, visibility="private")
    return Turn(
        Summed(state.walk, settled=True),
        (
            Keep(new),
            *_copy_gone(state, facts),
            Revise(to=facts.me.id, card=cards.summary(facts, new, True), name="summary"),
        ),
        Replace(message(facts.say("reflection.taken_back"))),
    )
