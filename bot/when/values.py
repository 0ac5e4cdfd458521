"""What a typed line can mean: a slot, a question back, a form, or a command (rules: docs/coteach-grammar.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who may be named. `mentions` are their user ids on the platform, besides `id`."""

    id: str
    handle: str
    name: str
    mentions: tuple[str, ...] = ()


class ClosedDay(Struct, frozen=True):
    date: str
    name: str = ""


class Period(Struct, frozen=True):
    """One block of the day: `start` and `end` are HH:MM."""

    id: str
    label: str
    start: str
    end: str


class School(Struct, frozen=True, kw_only=True):
    """`bell` is by weekday code; a date (YYYY-MM-DD) among its keys has bells of its own."""

    name: str = ""
    weekend: tuple[str, ...] = ("SA", "SU")
    hours: tuple[str, str] = ("07:00", "17:00")
    closed: tuple[ClosedDay, ...] = ()
    bell: Mapping[str, tuple[Period, ...]] | None = None
    country: str | None = None
    subdiv: str | None = None
    default_minutes: int = 45


class World(Struct, frozen=True, kw_only=True):
    """Who and where: everybody who may be named, the person typing, and the school."""

    people: tuple[Person, ...]
    self: str
    school: School


class Repeat(Struct, frozen=True, kw_only=True):
    """RFC 5545's words: `byday` weekday codes, `until` a local date."""

    freq: str = "WEEKLY"
    interval: int = 1
    byday: tuple[str, ...] = ()
    count: int | None = None
    until: str | None = None


class Slot(Struct, frozen=True, kw_only=True, tag_field="kind", tag="slot"):
    """Understood. `start` and `end` are aware; `elsewhere` is the start as typed, where it was of another zone."""

    teacher: str
    start: datetime
    end: datetime
    duration_min: int
    duration_source: str
    period: str | None = None
    part: str | None = None
    mode: str | None = None
    focus: str | None = None
    repeat: Repeat | None = None
    warnings: tuple[str, ...] = ()
    note: str | None = None
    elsewhere: str | None = None


class Ask(Struct, frozen=True, kw_only=True, tag_field="kind", tag="ask"):
    """One thing has several readings.

    `lengths` are the minutes that each choice of a start would take, or the one length where the start is known.
    """

    field: str
    choices: tuple[datetime | str | int, ...]
    reason: str
    teacher: str | None = None
    part: str | None = None
    mode: str | None = None
    focus: str | None = None
    repeat: Repeat | None = None
    duration_min: int | None = None
    date: str | None = None
    time: str | None = None
    lengths: tuple[int, ...] = ()


class Form(Struct, frozen=True, kw_only=True, tag_field="kind", tag="form"):
    """Something needed is missing or unusable; the rest is what was understood. `length` is how long it would take."""

    missing: tuple[str, ...]
    problems: tuple[str, ...] = ()
    teacher: str | None = None
    date: str | None = None
    time: str | None = None
    duration_min: int | None = None
    part: str | None = None
    mode: str | None = None
    focus: str | None = None
    repeat: Repeat | None = None
    note: str | None = None
    length: int | None = None


class Command(Struct, frozen=True, kw_only=True, tag_field="kind", tag="command"):
    name: str


Result = Slot | Ask | Form | Command
