"""Co-teaching: one offers a time, the other decides, and both have the slot."""

from __future__ import annotations

from bot.cards import Card
from bot.events import AnyEvent, Commanded, Due, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Read, Turn
from bot.flows.coteach import (
    bells,
    cards,
    debrief,
    deciding,
    gone,
    inviting,
    listing,
    naming,
    opening,
    previewing,
    proposing,
)
from bot.flows.coteach.states import Booked, Closed, Drafting, Held, Offered, Previewed, State
from bot.flows.naming import TOPIC


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    """An invitation is sent after its preview, holds no time until a yes, and needs no reason to decline."""
    if isinstance(state, Booked) and isinstance(event, Pressed) and event.verb in ("a_student", "not_student"):
        return naming.settled(state, event, facts)
    if isinstance(state, Booked) and isinstance(event, Due) and event.topic == TOPIC:
        return naming.forgotten(state, facts)
    event, named = naming.without(event, facts) if isinstance(state, Booked) else (event, ())
    turn = _step(state, event, facts)
    return naming.noticed(turn, named, facts) if named else turn


def _step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, Commanded():
            return proposing.propose(event, facts)
        case ((Drafting() | Previewed() | Held()), Pressed() | Submitted() | Due()):
            return proposing.step(state, event, facts)
        case ((Booked() | Offered() | Held()), Due(topic=gone.GONE)):
            return gone.told(state, facts)
        case Booked(), Due(topic="bells"):
            return bells.changed(state, facts)
        case Closed(draft, "cancelled" | "withdrawn" | "passed"), Pressed(verb="offer_again"):
            return proposing.again(draft, facts)
        case Closed(draft, "open"), Pressed(verb="ask_open", value=value) if asked := opening.asked(
            draft, value, facts
        ):
            return proposing.again(*asked)
        case Closed(how=how), Pressed() | Submitted() if how in listing.NAMES:
            return listing.step(state, event, facts)
        case ((Offered() | Booked()), Pressed() | Submitted() | Said() | Due()):
            return deciding.step(state, event, facts)
        case _:
            return Turn(state)


def current(state: State, facts: Facts) -> Card | None:
    """Where the invitation stands, as this person may see it."""
    me = facts.me.id
    match state:
        case Previewed(draft) if me == draft.proposer:
            return previewing.preview(draft, facts)
        case Offered(draft, asked=asked) if me == asked:
            return inviting.invitation(state, facts)
        case Offered(draft) | Held(draft) if me in (draft.proposer, draft.other):
            return cards.waiting(state, facts)
        case Closed(draft, "cancelled" | "withdrawn"):
            return cards.gone(draft, facts)
        case Booked() if (card := debrief.current(state, facts)) is not None:
            return card
        case Booked(_, asking) if asking and me == cards.sides(state.draft, facts)[1].id:
            return cards.focus(facts) if asking == "focus" else cards.listen(facts)
        case Booked():
            return cards.copied(cards.booked(state, facts, me))
        case _:
            return None


def names(state: State) -> tuple[str, ...]:
    """The people this invitation is about, also before anything was sent."""
    return tuple(who for who in (state.draft.proposer, state.draft.other) if who)


def _looks_back(state: State) -> bool:
    match state:
        case Booked(asking=asking, visit=visit):
            return bool(visit or asking)
        case Offered(visit=visit):
            return visit is not None
        case _:
            return False


def reads_in(state: State) -> tuple[Read, ...]:
    """What somebody writes about a visit is read with what was asked before, and with what each shares."""
    return ("asks", "theirs", "showings") if _looks_back(state) else ()


flow = Flow(
    name="coteach",
    states=State,
    step=step,
    current=current,
    names=names,
    commands=(
        Command("coteach", "/coteach @{partner} thu 9:00 30m menu", roles=("coach",)),
        Command("coteach", "/coteach @{partner} thu 9:00", roles=("teacher",)),
    ),
    guards_time=True,
    passes_on=True,
    reads=("time", "contacts"),
    reads_in=reads_in,
)
