"""What should happen: effects that a flow decides on and the engine carries out in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from bot.cards import Card
from bot.events import Account
from bot.records import Record, School

Unasked = Literal["", "nudge", "reminder", "goodbye", "hello", "invitation"]


class Say(Struct, frozen=True, kw_only=True, tag="say"):
    """A message to one person. `name` lets a later turn of the same thread revise it.

    `on` is the platform to say it on; without it, that is where they were heard last.
    `unasked` says as what it counts where nobody asked for it; `bot.cadence.may_contact` was asked before.
    `until` is when it is of no use any more, such as a reminder once its lesson is over: later than that it is not
    sent, and rests in sight as late.
    """

    to: str
    card: Card
    name: str = ""
    on: str = ""
    unasked: Unasked = ""
    until: datetime | None = None


class Revise(Struct, frozen=True, kw_only=True, tag="revise"):
    """The last message of this thread, or the one named, said to that person under that name: its new form, in place.

    In another thread only what stands there is replaced, and by a card without buttons.
    """

    to: str
    card: Card
    name: str
    thread: str = ""


class Redraw(Struct, frozen=True, kw_only=True, tag="redraw"):
    """That thread's card of now takes the place of its message of that name, where it stands."""

    to: str
    thread: str
    name: str


class Keep(Struct, frozen=True, tag="keep"):
    """Write a record, new or changed."""

    record: Record


class Drop(Struct, frozen=True, kw_only=True, tag="drop"):
    """Remove a record for good."""

    kind: str
    id: str


class Plan(Struct, frozen=True, kw_only=True, tag="plan"):
    """Wake this thread at that instant with a `Due` for the person. The same topic and day is planned once.

    A topic that opens a flow (`Flow.topics`) belongs to the person and not to this thread.
    """

    person: str
    topic: str
    at: datetime
    day: date


class Unplan(Struct, frozen=True, kw_only=True, tag="unplan"):
    """Take back what was planned under that topic, in this thread or the one named, and has not come yet."""

    person: str
    topic: str
    thread: str = ""


class Wake(Struct, frozen=True, kw_only=True, tag="wake"):
    """What waits for this person under that topic, in any thread, is looked at again now."""

    person: str
    topic: str


class Return(Struct, frozen=True, kw_only=True, tag="return"):
    """The person's free text goes to that thread again, and its card of now is said again."""

    to: str
    thread: str


class Forget(Struct, frozen=True, kw_only=True, tag="forget"):
    """Everything this person wrote goes, and the key that opens it; what both booked stays, without their words."""

    person: str


class Ring(Struct, frozen=True, tag="ring"):
    """The school has these bells from now on; whoever has a visit that they touch is asked about it."""

    school: School


class Hand(Struct, frozen=True, kw_only=True, tag="hand"):
    """All that is kept of this person goes to them, as files or by a link that works once and not for long."""

    person: str


class Join(Struct, frozen=True, kw_only=True, tag="join"):
    """That account is this person too, from now on."""

    person: str
    account: Account


class LetGo(Struct, frozen=True, kw_only=True, tag="let_go"):
    """The person's account on that platform is theirs no more; never the last one."""

    person: str
    platform: str


Effect = Say | Revise | Redraw | Keep | Drop | Plan | Unplan | Wake | Return | Hand | Forget | Ring | Join | LetGo
