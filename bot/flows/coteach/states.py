"""Where a co-teaching invitation can stand."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.records import CoteachRole, LessonPart, Own


class Draft(Struct, frozen=True, kw_only=True):
    """A visit as far as it is known. `other` is the person who is not the proposer; `start` is an instant in UTC.

    `unread` is what nobody understood of a typed line, `elsewhere` its time as it was typed in another zone.
    """

    proposer: str
    other: str = ""
    start: datetime | None = None
    day: str = ""
    time: str = ""
    minutes: int = 45
    part: LessonPart = "any"
    role: CoteachRole = "extra_eyes_ears"
    model_minutes: int = 0
    offer: Own | None = None
    warnings: tuple[str, ...] = ()
    unread: Own | None = None
    elsewhere: str = ""


class Drafting(Struct, frozen=True, tag="drafting"):
    """A form is open, or one thing has several readings."""

    draft: Draft


class Previewed(Struct, frozen=True, tag="previewed"):
    """The proposer sees it; nobody else does. A button of an older preview than `version` sends nothing."""

    draft: Draft
    version: int = 0


class Held(Struct, frozen=True, tag="held"):
    """It goes out when messages to the other are next open."""

    draft: Draft


class Offered(Struct, frozen=True, tag="offered"):
    """`asked` is to answer `by`. `was` is the draft before a change, `booked` what holds until a move is agreed.

    Only a card of `version` or later answers it: an older one showed another time. `looking` says that another
    time was asked for, `late` that the proposer has heard of a yes that came after its time. `note` is what a coach
    has written to the other and not yet sent.
    """

    draft: Draft
    by: str
    asked: str
    was: Draft | None = None
    rounds: int = 0
    booked: Draft | None = None
    version: int = 0
    looking: bool = False
    late: bool = False
    note: Own | None = None


class Booked(Struct, frozen=True, tag="booked"):
    """Both have it. `asking` is the question that the teacher may still answer: focus, listen, or none."""

    draft: Draft
    asking: str = ""


class Closed(Struct, frozen=True, tag="closed"):
    """Not sent, declined or cancelled."""

    draft: Draft
    how: str


State = Drafting | Previewed | Held | Offered | Booked | Closed
