"""An answer to an older check-in: it stays with the one it belongs to, with thanks, and nothing begins again (1.12)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cadence import Lately
from bot.cards import Replace
from bot.effects import Effect, Keep, Say
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.reflection import cards
from bot.flows.reflection.keeping import answer
from bot.flows.reflection.states import (
    OPEN,
    Asked,
    Opened,
    Rested,
    State,
    Walk,
)  # fmt: skip


def older(walk: Walk, facts: Facts) -> bool:
    """Whether the next check-in has come since, or another question was asked in a conversation begun later.

    Where this one is still the last that waits for words, the next one was held or was a goodbye.
    """
    if walk.until is not None and facts.now >= walk.until and facts.listening != facts.thread:
        return True
    since, nudged = walk.since, facts.lately.get(facts.me.id, Lately()).nudged
    if since is not None and nudged is not None and nudged > since:
        # A check-in came after this one began, whatever has become of it since.
        return True
    return since is not None and any(
        asked.at > since and asked.id != derived(facts.thread, "asked", asked.stem) for asked in facts.asked
    )


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn | None:
    """None where this is the check-in of now."""
    if not isinstance(state, OPEN) or not older(state.walk, facts):
        return None
    walk, me = state.walk, facts.me
    match event:
        case Said(text=text):
            stem = walk.stem if isinstance(state, Asked) else ""
            kept = Keep(answer(facts, text, facts.library.stem(stem).text if stem else "", stem))
            return Turn(Rested(walk), (kept, Say(to=me.id, card=message(facts.say("reflection.late")), name="late")))
        case Pressed(verb="who"):
            return None
        case Pressed(verb=verb) if isinstance(state, Opened) and verb in cards.TAPS:
            old = facts.steps.get(walk.step)
            # A later check-in may have settled the step already; then that stands.
            settles = old is not None and old.status in ("open", "not_yet")
            effects: tuple[Effect, ...] = (Keep(replace(old, status=verb)),) if old and settles else ()
            return Turn(Rested(walk), effects, Replace(message(facts.say("reflection.late"))))
        case Pressed():
            return Turn(Rested(walk), (), Replace(message(facts.say("reflection.late_over"))))
        case _:
            return None
