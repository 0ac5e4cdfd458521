"""While a move waits for its yes: what is booked holds, and a visit that is over is looked back on as ever."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from bot.events import AnyEvent, Due, Pressed, Said
from bot.flow import Facts, Turn
from bot.flows.coteach import debrief, looking, naming, reminding, replying
from bot.flows.coteach.states import Booked, Draft, Offered
from bot.flows.naming import TOPIC


def due(state: Offered, draft: Draft, event: Due, facts: Facts) -> Turn:
    """Reminders of what is booked. Once a single visit is over there is nothing left to move; a series goes on."""
    if event.topic == TOPIC:
        return _beside(state, draft, lambda booked: naming.forgotten(booked, facts)) or Turn(state)
    if event.topic != reminding.DEBRIEF:
        return Turn(state, reminding.reminded(draft, event, facts))
    if draft.repeat is not None:
        return _beside(state, draft, lambda booked: debrief.due(booked, event, facts)) or Turn(state)
    turn = debrief.due(Booked(draft), event, facts)
    return turn if turn.state != Booked(draft) else replace(turn, state=state)


def step(state: Offered, event: AnyEvent, facts: Facts) -> Turn | None:
    """None where this is nothing of looking back. The name of a button on the invitation answers that."""
    draft = state.booked
    if draft is None or state.visit is None or (isinstance(event, Said) and replying.labelled(event, state, facts)):
        return None

    def back(booked: Booked) -> Turn | None:
        if isinstance(event, Pressed) and event.verb in ("a_student", "not_student"):
            return naming.settled(booked, event, facts)
        heard, named = naming.without(event, facts)
        turn = debrief.step(booked, heard, facts)
        return naming.noticed(turn, named, facts) if turn and named else turn

    return _beside(state, draft, back)


def listens(state: Offered, facts: Facts) -> bool:
    """Whether a plain yes or no of this person may be meant for the move: not while they are asked about a visit."""
    draft, visit = state.booked, state.visit
    return draft is None or visit is None or looking.look_of(visit, draft, facts).at not in looking.ASKED


def hearing(state: Offered, facts: Facts) -> tuple[str, ...]:
    """Whoever is asked about the move, and whoever is asked about a visit."""
    draft = state.booked
    back = looking.hearing(_booked(state, draft), facts) if draft and state.visit else ()
    return tuple(dict.fromkeys((state.asked, *back)))


def _booked(state: Offered, draft: Draft) -> Booked:
    return Booked(draft, visit=state.visit, named=state.named)


def _beside(state: Offered, draft: Draft, step: Callable[[Booked], Turn | None]) -> Turn | None:
    """A step of what is booked, with the move still waiting beside it."""
    turn = step(_booked(state, draft))
    if turn is None or not isinstance(turn.state, Booked):
        return turn
    return replace(turn, state=replace(state, booked=turn.state.draft, visit=turn.state.visit, named=turn.state.named))
