"""What we keep: people, schools, reflections, next steps and co-teaching slots."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from bot.ringing import Bells, NextDay, OpenTime

Role = Literal["teacher", "coach", "admin"]  # an admin chooses who coaches, and is asked nothing
Chat = Literal["new", "asked", "on", "declined", "stopped"]
LessonPart = Literal["any", "number_talk", "launch", "main_lesson", "menu", "closure", "whole"]
CoteachRole = Literal["model_a_move", "take_turns", "extra_eyes_ears"]
ZoneBy = Literal["presumed", "told", "self"]
Visibility = Literal["private", "coach", "partners"]
Stands = Literal["proposed", "countered", "confirmed", "declined", "cancelled", "happened", "did_not_happen"]


class Own(Struct, frozen=True, tag="own"):
    """A person's own words. Wherever they stand, they are sealed under the key of the person named in `by`."""

    text: str
    by: str


class ClosedDay(Struct, frozen=True):
    day: date
    name: str


class HalfDay(Struct, frozen=True):
    """A school day that ends sooner: `closes` is minutes after local midnight."""

    day: date
    closes: int
    name: str = ""


class Term(Struct, frozen=True):
    """From the first to the last school day, both counted."""

    first: date
    last: date
    name: str = ""


class Contacts(Struct, frozen=True):
    """The four contacts without which no safety card can be shown (flows.md, 1.2)."""

    safeguarding: str
    support: str
    emergency: str
    crisis: str


class School(Struct, frozen=True, kw_only=True):
    """A school's own time: `opens` and `closes` are minutes after local midnight, `weekend` RFC 5545 weekday codes.

    Without terms every day may be a school day; with a `country` (ISO 3166) its public holidays are none.
    """

    id: str
    organization: str
    name: str
    zone: str
    opens: int = 8 * 60
    closes: int = 15 * 60
    weekend: tuple[str, ...] = ("SA", "SU")
    closed: tuple[ClosedDay, ...] = ()
    terms: tuple[Term, ...] = ()
    half_days: tuple[HalfDay, ...] = ()
    bells: Bells = Bells()
    country: str = ""
    subdivision: str = ""
    contacts: Contacts | None = None
    sample: bool = False


class Person(Struct, frozen=True, kw_only=True, tag="person"):
    """One member of an organization. `weekday` counts from Monday = 0, `minute` from local midnight.

    Contacts stay in sight up to `contacts_until`; `noticing_*` is how they hear of a lesson, `next_day` “next Tuesday”.
    `zone_by` says whose word their zone is: their school's or whoever chose them, a list or their own clock, or theirs.
    """

    id: str
    organization: str
    handle: str
    name: str
    role: Role
    school: str
    zone: str
    language: str = "en"
    locale: str = "en-US"
    chat: Chat = "new"
    weekday: int = 3
    minute: int = 15 * 60 + 20
    light: bool = False
    light_once: bool = False
    quiet_until: date | None = None
    quiet_for: Literal["", "pause", "leave"] = ""
    open_times: tuple[OpenTime, ...] = ()
    next_day: NextDay = NextDay()
    contacts_until: date | None = None
    noticing_when: Literal["same_day", "next_day"] = "same_day"
    noticing_how: Literal["in_writing", "face_to_face"] = "in_writing"
    zone_by: ZoneBy = "told"
    coaching: bool = True  # a coach who was taken out is not

    @property
    def first(self) -> str:  # what the product calls them
        return next(iter(self.name.split()), self.handle)


class Partnership(Struct, frozen=True, kw_only=True, tag="partnership"):
    id: str
    organization: str
    coach: str
    teacher: str
    since: datetime
    until: datetime | None = None


class Reflection(Struct, frozen=True, kw_only=True, tag="reflection"):
    """One answer: the question as asked, the words as written, and the name of what it is `about`, if that has one."""

    id: str
    organization: str
    person: str
    thread: str
    at: datetime
    stem: str
    question: str
    words: Own
    visibility: Visibility = "private"
    about: Own | None = None


class NextStep(Struct, frozen=True, kw_only=True, tag="next_step"):
    """A teacher's own next step. `check_on` is a local date; the words are never edited by us."""

    id: str
    organization: str
    person: str
    thread: str
    at: datetime
    words: Own
    how_we_know: Own | None = None
    check_on: date | None = None
    lesson_part: LessonPart = "any"
    origin: str = "weekly_reflection"
    status: Literal["open", "tried", "partly", "not_yet", "changed", "dropped"] = "open"
    visibility: Visibility = "private"


class StepEvent(Struct, frozen=True, kw_only=True):
    """One thing that became of a next step: it was begun, tried, changed, let go. Never counted, never compared.

    `words` stand where they were new: at the beginning, and where they were changed.
    """

    id: str
    step: str
    at: datetime
    status: Literal["open", "tried", "partly", "not_yet", "changed", "dropped"]
    words: Own | None = None


class Question(Struct, frozen=True, kw_only=True, tag="question"):
    """A question of an organization's own. `stem` is the whole of it, sealed under the organization's key.

    `by` is the coach who wrote it, nobody where it came from a file. Retired, it keeps its text for old answers.
    """

    id: str
    organization: str
    by: str
    language: str
    at: datetime
    status: Literal["active", "draft", "retired"]
    stem: Own


class Showing(Struct, frozen=True, kw_only=True, tag="showing"):
    """That somebody else was shown a person's words: `reader`, or without one whoever runs the server.

    What was shared or sent stands in the message `name` of `thread`, until it was taken back.
    """

    id: str
    organization: str
    person: str
    reader: str
    way: Literal["shared", "sent", "opened", "exported"]
    kind: Literal["reflection", "next_step", "message", "everything"]
    record: str
    at: datetime
    thread: str = ""
    name: str = ""
    until: datetime | None = None


class Asked(Struct, frozen=True, kw_only=True, tag="asked"):
    """That a stem was asked and, once there was a reply, which reflect-back line answered it."""

    id: str
    organization: str
    person: str
    at: datetime
    stem: str
    focus: str
    line: str = ""


class Repeat(Struct, frozen=True, kw_only=True):
    """Every so many weeks, by RFC 5545's weekday codes, at that minute of that zone's wall, also across clock changes.

    It ends after so many `times` or on the local date `until`, and after two years in any case.
    """

    zone: str
    minute: int
    interval: int = 1
    byday: tuple[str, ...] = ()
    times: int | None = None
    until: date | None = None


class Apart(Struct, frozen=True):
    """One visit of a series that is not like the others: the one of that local date is elsewhen, or called off."""

    day: date
    start: datetime | None = None
    minutes: int = 0


class Slot(Struct, frozen=True, kw_only=True, tag="slot"):
    """A co-teaching slot. `start` is an instant in UTC, `minutes` elapsed; proposals hold no time, bookings do.

    With `repeat` it is a series and `start` its first visit; `apart` are those that differ. `at` is when it last
    changed. `sequence` rises with every change that calendars have to take over.
    """

    id: str
    organization: str
    thread: str
    coach: str
    teacher: str
    proposer: str
    start: datetime
    minutes: int
    lesson_part: LessonPart = "any"
    role: CoteachRole = "extra_eyes_ears"
    model_minutes: int = 0
    focus_question: Own | None = None
    listen_to: Own | None = None
    status: Stands = "proposed"
    sequence: int = 0
    repeat: Repeat | None = None
    apart: tuple[Apart, ...] = ()
    at: datetime | None = None


class Calendar(Struct, frozen=True, kw_only=True, tag="calendar"):
    """What a person chose for calendars outside. With `question` a teacher's own words may stand in their files."""

    person: str
    organization: str
    feed: bool = False
    turn: int = 0  # which feed it is by now
    question: bool = False
    mail: Own | None = None  # where invitations go, if anywhere


class Subscription(Struct, frozen=True, kw_only=True, tag="subscription"):
    """A calendar of somebody's own whose times count as taken. `host` is all that is shown of its address.

    `fault` says in one word why it could not be read; `odd_zone` that it named a zone nobody knows.
    """

    id: str
    organization: str
    person: str
    address: Own
    host: str
    fault: str = ""
    odd_zone: bool = False


Record = Partnership | Reflection | NextStep | Showing | Asked | Slot | Person | Question | Calendar | Subscription


class Busy(Struct, frozen=True):
    """An interval, in UTC, that a person's booked slot holds; without a slot, one of their own calendars does."""

    start: datetime
    end: datetime
    slot: str = ""
