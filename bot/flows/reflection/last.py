"""What became of last time's step (2.1): tried, partly, not yet, changed, let go, or their own words instead."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Replace, Text
from bot.effects import Keep, Revise
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.reflection import cards
from bot.flows.reflection.answering import reflect
from bot.flows.reflection.asking import ask, quiet
from bot.flows.reflection.keeping import misfit, new_step
from bot.flows.reflection.states import NotYet, Opened, Rewording
from bot.records import NextStep
from bot.reflecting import reflect_not_yet

_PHASES = {
    "tried": ("learn", "notice"), "partly": ("learn", "notice"), "changed": ("learn",),
    "not_yet": ("plan",), "dropped": ("wonder", "notice"),
}  # fmt: skip


def step(state: Opened | NotYet | Rewording, event: AnyEvent, facts: Facts) -> Turn:
    """A tap sets the step's status; typed words are the reflection itself, or the step's new words."""
    walk, me = state.walk, facts.me
    old = facts.steps.get(walk.step)
    match state, event:
        case Opened() | NotYet(), Said(text=text):
            return reflect(walk, text, facts)
        case Opened(), Pressed(verb="not_yet") if old:
            kept = Keep(replace(old, status="not_yet"))
            card = cards.not_yet(facts, not_yet_line(facts, old))
            return Turn(NotYet(replace(walk, tapped="not_yet")), (kept, quiet(facts)), Replace(card), (me.id,))
        case Opened(), Pressed(verb="changed") if old:
            kept = Keep(replace(old, status="changed"))
            card = cards.rewording(facts, "changed")
            state = Rewording(replace(walk, tapped="changed"), "changed")
            return Turn(state, (kept, quiet(facts)), Replace(card), (me.id,))
        case Opened(), Pressed(verb="tried" | "partly" | "dropped" as verb) if old:
            turn = _ask(state, verb, facts)
            return replace(turn, effects=(Keep(replace(old, status=verb)), quiet(facts), *turn.effects))
        case NotYet(), Pressed(verb="keep_it"):
            return _ask(state, walk.tapped, facts)
        case NotYet(), Pressed(verb="smaller" | "swap" as how):
            return Turn(Rewording(walk, how), (), Replace(cards.rewording(facts, how)), (me.id,))
        case Rewording(), Pressed(verb="leave_words"):
            return _ask(state, walk.tapped, facts)
        case Rewording(), Said(text=text) if old:
            return _reworded(state, text.strip(), old, facts)
        case _:
            return Turn(state, hear=(me.id,))


def _ask(state: Opened | NotYet | Rewording, tapped: str, facts: Facts) -> Turn:
    return ask(replace(state.walk, tapped=tapped), facts, phases=_PHASES[tapped], gentle=tapped == "not_yet")


def _reworded(state: Rewording, text: str, old: NextStep, facts: Facts) -> Turn:
    """The new words are a step of their own: who was shown the old ones was not shown these."""
    if trouble := misfit(facts, text, facts.say.plain(f"reflection.{state.how}")):
        return Turn(state, trouble, hear=(facts.me.id,))
    swapped = state.how == "swap"
    new = new_step(facts, text, old)
    new = replace(new, how_we_know=None) if swapped else new
    walk = replace(state.walk, step=new.id)
    turn = _ask(replace(state, walk=walk), walk.tapped, replace(facts, steps={**facts.steps, new.id: new}))
    settled = replace(old, status="dropped" if swapped else "changed")
    # The card that waited for these words has its answer.
    waited = Revise(to=facts.me.id, card=message(facts.say(f"reflection.{state.how}")), name="opening")
    return replace(turn, effects=(Keep(settled), Keep(new), waited, *turn.effects))


def not_yet_line(facts: Facts, old: NextStep) -> Text:
    recent, words = cards.recent(facts), old.words
    return reflect_not_yet(facts.library, step=words.text, by=words.by, recent=recent, seed=facts.thread).text
