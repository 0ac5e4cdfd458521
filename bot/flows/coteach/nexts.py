"""What “next Tuesday” means to somebody: asked where it may be two days, remembered once they said the same twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from bot.cards import Button, Text
from bot.effects import Keep
from bot.flow import Facts
from bot.flows.coteach.reading import chosen_time
from bot.flows.coteach.states import Draft
from bot.records import Person
from bot.ringing import NextDay, Which
from bot.spoken import at_time

VERB: Final = "choose_next"
REASON: Final = "next_weekday"
_NAMES: tuple[Which, Which] = ("this_week", "next_week")


def both(values: Sequence[str], reason: str) -> tuple[str, ...]:
    """What the buttons of the two days that `next` may be carry; nothing where something else is asked.

    They are told apart by time: the nearer one lies in this week.
    """
    if reason != REASON or len(values) != len(_NAMES):
        return ()
    order = sorted(values, key=datetime_of)
    return tuple(f"{_NAMES[order.index(value)]} {value}" for value in values)


def datetime_of(value: str) -> datetime:
    return datetime.fromisoformat(value.partition(" ")[0]).astimezone(UTC)


def known(draft: Draft, values: Sequence[str], facts: Facts) -> Draft | None:
    """The draft as this person means it; none as long as they are asked. A series is always asked about."""
    means = facts.me.next_day.means
    mine = next((value for value in values if value.partition(" ")[0] == means), None)
    if mine is None or draft.repeat is not None:
        return None
    start, minutes = chosen_time(mine.partition(" ")[2], draft, facts)
    other = next(value for value in values if value != mine)
    return replace(draft, start=start, minutes=minutes, next_read=means, next_other=other) if start else None


def chosen(draft: Draft, pressed: str, facts: Facts) -> tuple[Draft, Person] | None:
    """One of the two was chosen: the same as last time is what `next` means from now on, the other is asked again.

    On a preview the other day corrects what was remembered.
    """
    name, _, value = pressed.partition(" ")
    which = next((one for one in _NAMES if one == name), None)
    start, minutes = chosen_time(value, draft, facts)
    if start is None or which is None:
        return None
    means = which if facts.me.next_day.said == which else ""
    me = replace(facts.me, next_day=NextDay(which, means))
    return replace(draft, start=start, minutes=minutes, next_read=means, next_other=""), me


def kept(me: Person, facts: Facts) -> tuple[Keep, ...]:
    return (Keep(me),) if me != facts.me else ()


def other_day(draft: Draft, facts: Facts) -> tuple[Button, ...]:
    """The day that `next` was not read as, while it is ahead."""
    start, _ = chosen_time(draft.next_other.partition(" ")[2], draft, facts)
    if start is None or start <= facts.now:
        return ()
    return (Button(VERB, at_time(start, facts.me.zone, facts.say), value=draft.next_other),)


def told(draft: Draft, facts: Facts) -> Text:
    """Which day it was read as, and where that is changed."""
    return facts.say(f"coteach.next_{draft.next_read}")
