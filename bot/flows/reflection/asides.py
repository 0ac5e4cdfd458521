"""Beside any question: advice (1.7), no way on (1.8), numbers and other classrooms (1.9), short answers (1.10)."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.cards import Replace
from bot.effects import Effect, Keep, Say
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.reflection import asking, beside, branches, cards, closing
from bot.flows.reflection.answering import handed_back, nothing, set_aside
from bot.flows.reflection.keeping import answer, next_day
from bot.flows.reflection.states import (
    OPEN,
    Advised,
    Asked,
    Brief,
    Followed,
    Helping,
    Knowing,
    NotYet,
    Opened,
    Rested,
    Smaller,
    Snoozing,
    State,
    Stepping,
    Stuck,
    Walk,
)  # fmt: skip
from bot.reflecting import is_short
from bot.safety import ask
from bot.spoken import weekday
from bot.stems import pick_follow_up

_ANSWERS = (Opened, Snoozing, NotYet, Asked, Followed, Stuck, Smaller, Advised)
_MORE = {
    "yes",
    "yes please",
    "sure",
    "one more",
    "more",
    "ok",
    "okay",
    "go on",
    "sí",
    "si",
    "claro",
    "una más",
    "una mas",
    "otra",
}
_ENOUGH = {
    "no",
    "nope",
    "no thanks",
    "no thank you",
    "leave it",
    "nothing",
    "no gracias",
    "no, gracias",
    "nada",
    "déjalo",
    "dejalo",
}
_FINE = re.compile(
    r"(?:it (?:was|went|is|all went) )?(?:all |pretty |just |really |quite |very )?(?:good|fine|ok(?:ay)?|great|alright"
    r"|all right|well|not bad|so-?so)(?:,? thanks?(?: you)?)?|(?:todo |muy |bastante )?(?:bien|vale|regular|genial)"
    r"(?:,? gracias)?",
    re.IGNORECASE,
)


def said(state: State, text: str, facts: Facts) -> Turn | None:
    """What is asked for instead of an answer, or taken as one that needs no more; None where it is an answer."""
    if not isinstance(state, (*OPEN, Knowing)):
        return None
    walk, kind = state.walk, ask(text)
    if kind == "advice":
        return _advice(walk, text, facts)
    if kind == "stuck" and not isinstance(state, Helping):
        card = beside.stuck(facts, walk)
        effects = (*_kept_if_more(text, facts), asking.quiet(facts), Say(to=facts.me.id, card=card, name="stuck"))
        return Turn(Stuck(walk), effects, hear=(facts.me.id,))
    if isinstance(state, Stepping) and _FINE.fullmatch(text.strip(" .,")):
        return _fine(walk, text, facts)
    if kind == "none" and isinstance(state, _ANSWERS):
        return nothing(walk, text, facts)
    if kind in ("numbers", "compared") and isinstance(state, Followed) and not walk.aside:
        return set_aside(walk, kind, text, walk.follow_up, facts)
    return None


def _fine(walk: Walk, text: str, facts: Facts) -> Turn:
    """No step, and no less an answer (1.10): there is a way on, and a way out."""
    line, back = handed_back(walk, text, facts)
    question = facts.say.plain("reflection.next_step", next_day=weekday(next_day(facts).weekday(), facts.say))
    said = Say(to=facts.me.id, card=beside.brief(facts, next(iter(back), None), empty=False), name="brief")
    noted = (asking.noted(facts, facts.library.stem(walk.stem), line or "short"),) if walk.stem else ()
    return Turn(Brief(walk), (Keep(answer(facts, text, question, "")), *noted, said), hear=(facts.me.id,))


def step(state: Advised | Helping | Brief, event: AnyEvent, facts: Facts) -> Turn:
    walk, me = state.walk, facts.me
    match state, event:
        case Advised(), Said(text=text):
            return _thought_over(walk, text, facts)
        case ((Advised() | Helping()), Pressed(verb="leave_advice")):
            return Turn(Rested(walk), (), Replace(message(facts.say("reflection.leave_it"))))
        case Helping(), Pressed(verb="another_one") if walk.advice == 2:
            return _question(walk, (), facts)
        case Helping(), Pressed(verb="ask_ten"):
            return branches.preview(walk, branches.words_of(facts), facts)
        case Helping(), Pressed(verb="invite") if coach := cards.coach_of(facts):
            how = message(facts.say("reflection.invite_how", handle=coach.handle, coach=coach.first))
            return Turn(state, (Say(to=me.id, card=how),), hear=(me.id,))
        case Helping(), Said(text=text):
            kept = Keep(answer(facts, text, "", ""))
            return Turn(state, (kept, Say(to=me.id, card=message(facts.say("house.note_kept")))), hear=(me.id,))
        case Brief(), Said(text=text):
            return _after_brief(state, text, facts)
        case Brief(empty=False), Pressed(verb="one_more"):
            return _one_more(walk, facts)
        case Brief(empty=True), Pressed(verb="else"):
            other = facts.library.stem(walk.stem) if walk.stem else None
            return asking.ask(replace(walk, changed_stem=True, aside="again"), facts, avoid=other)
        case Brief(), Pressed(verb="leave_there"):
            return Turn(Rested(walk), (), Replace(beside.saved_notes(facts)))
        case _:
            return Turn(state, hear=(me.id,))


def opened(text: str, facts: Facts) -> Turn:
    """Nothing was asked, and somebody wants a way on: the same answer as within a conversation."""
    walk = Walk(day=facts.here.date(), since=asking.begun(facts))
    turn = said(Asked(walk), text, facts)
    return asking.by_hand(facts) if turn is None else turn


def _advice(walk: Walk, text: str, facts: Facts) -> Turn:
    """Asked once, a question; asked again, a person; asked a third time, the same in one line. Never advice."""
    kept = (*_kept_if_more(text, facts), asking.quiet(facts))
    if walk.advice == 0:
        return _question(walk, kept, facts)
    walk = replace(walk, advice=min(walk.advice + 1, 3))
    said = Say(to=facts.me.id, card=beside.helping(facts, walk), name="helping")
    return Turn(Helping(walk), (*kept, said), hear=(facts.me.id,))


def _question(walk: Walk, kept: tuple[Effect, ...], facts: Facts) -> Turn:
    stem = asking.choose(facts, walk, moment="advice")
    # The question that was open stays answered or not; this one is about what they want to use.
    walk = replace(walk, stem=stem.id, advice=max(walk.advice, 1))
    said = Say(to=facts.me.id, card=beside.advised(facts, walk), name="advised")
    return Turn(Advised(walk), (*kept, asking.noted(facts, stem), said), hear=(facts.me.id,))


def _thought_over(walk: Walk, text: str, facts: Facts) -> Turn:
    """Their own idea is handed back, and a next step offered."""
    stem = facts.library.stem(walk.stem)
    kept, back = Keep(answer(facts, text, stem.text, stem.id)), handed_back(walk, text, facts)
    effects = (asking.noted(facts, stem, back[0]),)
    turn = closing.ask_step(walk, facts, before=back[1])
    return replace(turn, effects=(kept, *effects, *turn.effects))


def _after_brief(state: Brief, text: str, facts: Facts) -> Turn:
    walk, word = state.walk, text.strip(" .,!").casefold()
    if word in _ENOUGH:
        return Turn(Rested(walk), (Say(to=facts.me.id, card=beside.saved_notes(facts)),))
    if word in _MORE:
        return _one_more(walk, facts)
    kept = Keep(answer(facts, text, "", walk.stem))
    if is_short(text):
        return Turn(Rested(walk), (kept, Say(to=facts.me.id, card=beside.saved_notes(facts))))
    turn = closing.ask_step(walk, facts)
    return replace(turn, effects=(kept, *turn.effects))


def _one_more(walk: Walk, facts: Facts) -> Turn:
    if not walk.stem:
        return asking.ask(walk, facts)
    question = pick_follow_up(facts.library.stem(walk.stem))
    said = Say(to=facts.me.id, card=cards.follow_up(facts, None, question), name="follow_up")
    return Turn(Followed(replace(walk, follow_up=question, aside="more")), (said,), hear=(facts.me.id,))


def _kept_if_more(text: str, facts: Facts) -> tuple[Effect, ...]:
    return (Keep(answer(facts, text, "", "")),) if len(text.split()) >= branches.SAYS_MORE else ()
