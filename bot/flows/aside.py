"""What is asked for instead of an answer, wherever a question stands open: advice, or a way on (flows.md, 1.7, 1.8)."""

from __future__ import annotations

from msgspec import Struct

from bot.cards import NOTHING, Card, Replace, Text
from bot.effects import Effect, Keep, Say, Unplan
from bot.events import Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.reflection import asides, beside, branches, cards, closing
from bot.flows.reflection.states import Advised, Asked, Asking, Brief, Helping, Rested, Smaller, Stepping, Stuck, Walk
from bot.flows.wording import as_pressed, in_words, pressed
from bot.safety import ask
from bot.safety import command as typed

Aside = Advised | Helping | Asking | Stuck | Smaller
_PAST = {Advised: "leave_advice", Helping: "leave_advice", Stuck: "leave_now", Smaller: "stop_here"}


class Back(Struct, frozen=True):
    """It is over, and the question that stood open stands open again, unless what was `said` was its answer.

    `before` is said above it, `effects` come first. `quietly` says that its card takes the place of the one acted on.
    """

    effects: tuple[Effect, ...] = ()
    before: tuple[Text, ...] = ()
    quietly: bool = False
    said: bool = False


def wished(text: str, stem: str, advice: int, facts: Facts) -> Turn | None:
    """The turn to an aside; None where this is an answer. `advice` says how often that was asked for before."""
    if ask(text) not in ("advice", "stuck"):
        return None
    return asides.said(Asked(Walk(day=facts.here.date(), stem=stem, advice=advice)), text, facts)


def step(aside: Aside, event: Said | Pressed | Submitted, facts: Facts) -> Turn | Back | None:
    """A turn whose state is an aside, or the way back to the question; None where nothing comes of it."""
    turn = _in_words(aside, event, facts) if isinstance(event, Said) else None
    if turn is None and isinstance(aside, Stuck) and isinstance(event, Said) and ask(event.text) != "advice":
        return Back(said=True)
    turn = turn or (isinstance(event, Said) and asides.said(aside, event.text, facts)) or _step(aside, event, facts)
    match turn.state:
        case Brief():
            return Back(tuple(one for one in turn.effects if isinstance(one, Keep | Unplan)))
        case Stepping():
            return Back(*_without_the_step(turn, facts))
        case Rested():
            return _over(turn, event, facts)
        case _:
            return None if turn.state == aside and not turn.effects and turn.answer == NOTHING else turn


def _in_words(aside: Aside, event: Said, facts: Facts) -> Turn | None:
    press = as_pressed(event, current(aside, facts), facts)
    if (wish := typed(event.text)) and wish.name in ("skip", "enough"):
        press = pressed(event, _PAST.get(type(aside), "dont_send"), facts)
    return in_words(press, lambda one: _step(aside, one, facts), facts)


def _over(turn: Turn, event: Said | Pressed | Submitted, facts: Facts) -> Back:
    """What went to somebody is told; what was merely left is followed by the question alone."""
    if not any(isinstance(one, Say) and one.to != facts.me.id for one in turn.effects):
        return Back(quietly=isinstance(event, Pressed))
    shown = turn.answer.card if isinstance(turn.answer, Replace) else None
    return Back((*turn.effects, *((Say(to=facts.me.id, card=shown, name="aside"),) if shown else ())))


def _step(aside: Aside, event: Said | Pressed | Submitted, facts: Facts) -> Turn:
    if isinstance(aside, Advised | Helping):
        return asides.step(aside, event, facts)
    return branches.step(aside, event, facts)


def _without_the_step(turn: Turn, facts: Facts) -> tuple[tuple[Effect, ...], tuple[Text, ...]]:
    """Their words handed back, above the question that stands open instead of above a next step."""
    plain = closing.ask_step(turn.state.walk, facts).effects[-1]
    asked = plain.card.blocks if isinstance(plain, Say) else ()
    before: tuple[Text, ...] = ()
    kept: list[Effect] = []
    for effect in turn.effects:
        if isinstance(effect, Say) and effect.name == "step":
            before = tuple(block for block in effect.card.blocks if isinstance(block, Text) and block not in asked)
        else:
            kept.append(effect)
    return tuple(kept), before


def current(aside: Aside, facts: Facts) -> Card | None:
    walk = aside.walk
    match aside:
        case Advised():
            return beside.advised(facts, walk)
        case Helping():
            return beside.helping(facts, walk)
        case Stuck():
            return beside.stuck(facts, walk)
        case Smaller():
            return beside.small_question(facts, walk)
        case Asking(words=words) if coach := cards.coach_of(facts):
            return beside.ask_coach(facts, coach, words)
        case _:
            return None
