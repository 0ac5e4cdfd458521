"""Where a co-teaching invitation can stand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from bot.flows.aside import Aside
from bot.flows.naming import Named
from bot.records import Apart, CoteachRole, LessonPart, Own, Repeat
from bot.ringing import Which


class Draft(Struct, frozen=True, kw_only=True):
    """A visit as far as it is known. `other` is the person who is not the proposer; `start` is an instant in UTC.

    `unread` is what nobody understood of a typed line, `elsewhere` its time as it was typed in another zone.
    With `repeat` it is a series; `apart` are its visits that are elsewhen or called off.
    `next_read` is how `next` was read without asking, and `next_other` what the button of the other
    day carries.
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
    next_read: Which = ""
    next_other: str = ""
    repeat: Repeat | None = None
    apart: tuple[Apart, ...] = ()


class Noticing(Struct, frozen=True, kw_only=True):
    """Something specific that the coach passes on: what they saw, what students then did, and perhaps a question."""

    saw: Own
    students: Own
    question: Own | None = None


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


class Look(Struct, frozen=True, kw_only=True):
    """How far one of the two is in looking back: `stem` is what they were asked, `words` what they answered.

    `aside` is what they asked for instead of an answer, `advice` how often that was advice.
    """

    at: Literal["", "happened", "stem", "step", "noticing", "keeping", "done"] = ""
    stem: str = ""
    words: Own | None = None
    aside: Aside | None = None
    advice: int = 0


class Visit(Struct, frozen=True, kw_only=True):
    """A lesson that is over. `happened` is unknown until one says so; cards older than `version` are of another."""

    start: datetime
    teacher: Look = Look()
    coach: Look = Look()
    happened: bool | None = None
    noticing: Noticing | None = None
    version: int = 0


class Offered(Struct, frozen=True, tag="offered"):
    """`asked` is to answer `by`. `was` is the draft before a change, `booked` what holds until a move is agreed.

    Only a card of `version` or later answers it: an older one showed another time. `looking` says that another
    time was asked for, `late` that the proposer has heard of a yes that came after its time. `one` is the local date
    of the one visit of a series that would move, `note` what a coach has written to the other and not yet sent.
    `visit`, `named` and `asking` are as in what is booked: a move that waits keeps nobody from looking back, and no
    question from its answer once it is settled.
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
    one: date | None = None
    visit: Visit | None = None
    named: tuple[Named, ...] = ()
    asking: str = ""


class Booked(Struct, frozen=True, tag="booked"):
    """Both have it. `asking` is the question that the teacher may still answer: focus, listen, or none.

    `visit` is the lesson they look back on, `picked` the one of a series that is about to be moved.
    `named` holds words as they were written with what may be a student's name.
    """

    draft: Draft
    asking: str = ""
    visit: Visit | None = None
    picked: date | None = None
    named: tuple[Named, ...] = ()


class Closed(Struct, frozen=True, tag="closed"):
    """Not sent, declined or cancelled."""

    draft: Draft
    how: str


State = Drafting | Previewed | Held | Offered | Booked | Closed
