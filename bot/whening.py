"""`beside when`: typed lines in, and what each means out, one line of JSON for each (docs/coteach-grammar.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from bot import when


class Line(Struct, frozen=True):
    """One line: what was typed, when and where. Other fields are for whoever wrote them."""

    input: str
    now: datetime
    tz: str
    locale: str = "en-US"
    school: str = ""


class Somebody(Struct, frozen=True):
    id: str
    handle: str
    name: str


class Place(Struct, frozen=True, kw_only=True):
    name: str = ""
    bell: Mapping[str, tuple[when.Period, ...]] | None = None
    hours: tuple[str, str] = ("07:00", "17:00")
    weekend: tuple[str, ...] = ("SA", "SU")
    closed: tuple[when.ClosedDay, ...] = ()
    country: str | None = None
    subdiv: str | None = None
    default_minutes: int = 45


class World(Struct, frozen=True):
    """Who may be named, who types, and the schools by name."""

    people: tuple[Somebody, ...]
    self: str
    schools: Mapping[str, Place] = {}


class NotReadable(ValueError):
    """A file or a line that can't be read; the message says which and why."""


def world_of(path: Path) -> World:
    try:
        return msgspec.json.decode(path.read_bytes(), type=World)
    except OSError as fault:
        raise NotReadable(f"{path} can't be read: {fault.strerror}.") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as fault:
        raise NotReadable(f"{path} is no world of people and schools: {fault}.") from None


def results(lines: Iterable[str], world: World) -> Iterator[str]:
    """For each line that has something in it, its one result: a slot, a question back, a form or a command."""
    people = tuple(when.Person(id=one.id, handle=one.handle, name=one.name) for one in world.people)
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        line = _read(text, number)
        if line.school and line.school not in world.schools:
            raise NotReadable(f"Line {number} is of a school that the world does not have.")
        place = world.schools.get(line.school, Place())
        around = when.World(people=people, self=world.self, school=school_of(place))
        result = when.parse(line.input, now=line.now, tz=line.tz, locale=line.locale, world=around)
        yield msgspec.json.encode(when.result_json(result, line.tz)).decode()


def school_of(place: Place) -> when.School:
    return when.School(
        name=place.name, weekend=place.weekend, hours=place.hours, closed=place.closed, bell=place.bell,
        country=place.country, subdiv=place.subdiv, default_minutes=place.default_minutes,
    )  # fmt: skip


def _read(text: str, number: int) -> Line:
    try:
        line = msgspec.json.decode(text, type=Line)
        ZoneInfo(line.tz)
    except (msgspec.DecodeError, msgspec.ValidationError) as fault:
        raise NotReadable(f"Line {number} is not JSON with an input, a now and a tz: {fault}.") from None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotReadable(f"Line {number} names a zone that nobody knows.") from None
    if line.now.tzinfo is None:
        raise NotReadable(f"Line {number} has a now without an offset.")
    return line
