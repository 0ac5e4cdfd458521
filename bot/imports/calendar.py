"""A school's calendar from cells, from a table, or from both: terms, closed days and half days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct, structs

from bot.imports.ics import CLOSED, HALF, TERM, TURN, Entry, is_ics, read_ics
from bot.imports.table import Problem, Row, folded, quoted, table
from bot.records import ClosedDay, HalfDay, Term
from bot.ringing import Rung

DAYS_MOST = 5_000
LONGEST = 370
_NAMES = {
    "date": ("first", "first day", "from", "start", "start date", "day"),
    "until": ("last", "last day", "to", "end", "end date"),
    "kind": ("type", "what"),
    "ends": ("closes", "school ends", "ends at", "dismissal"),
    "name": ("summary", "title", "description"),
    "school": ("school name",),
}
_KINDS = {
    CLOSED: ("closed", "closed day", "closed days", "holiday", "break", "no school", "day off"),
    HALF: ("half", "half day", "half days", "early release", "early dismissal"),
    TERM: ("term", "semester", "trimester", "quarter", "school year"),
}
_ITEM = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:\.\.\.?|…|–|—|to|until)\s*(\d{4}-\d{2}-\d{2}))?(?:[\s:,]+(.*))?")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})\s*([ap])?\.?m?\.?(?:\s+(.*))?", re.IGNORECASE)

Tell = Callable[[str, str], None]


class Calendar(Struct, frozen=True, kw_only=True):
    """What a file says; None where it says nothing of that kind, and what is kept already stays."""

    closed: tuple[ClosedDay, ...] | None = None
    terms: tuple[Term, ...] | None = None
    half_days: tuple[HalfDay, ...] | None = None
    turns: tuple[Rung, ...] | None = None


class Calendars(Struct, frozen=True):
    """By `folded` school name, and under "" what goes for every school of the import; and what was left alone."""

    entries: Mapping[str, tuple[Entry, ...]] = {}
    unused: tuple[str, ...] = ()


def read_calendar(data: bytes, zone: str, schools: Iterable[str]) -> tuple[Calendars, tuple[Problem, ...]]:
    """A calendar file, RFC 5545 or a table, and every problem in it. `zone` is where a time in UTC is read."""
    if is_ics(data):
        entries, unused, problems = read_ics(data, zone)
        found = Calendars({"": entries}, unused)
    else:
        found, problems = _from_table(data, {folded(name) for name in schools})
    days = sum(entry.days for of in found.entries.values() for entry in of if entry.kind != TERM)
    if days > DAYS_MOST:
        problems = (*problems, Problem(0, "", f"it holds {days:,} days. {DAYS_MOST:,} are the most."))
    return found, tuple(structs.replace(one, column=f"calendar {one.column}".strip()) for one in problems)


def merged(cells: Calendar, calendars: Calendars, school: str) -> Calendar:
    """What the school's own line says, and what the calendar adds to it; the line's own name for a day stays."""
    entries = [*calendars.entries.get("", ()), *calendars.entries.get(folded(school), ())]
    closed = {day: entry.name for entry in entries if entry.kind == CLOSED for day in _each(entry)}
    closed |= {one.day: one.name for one in cells.closed or ()}
    half = {entry.first: HalfDay(entry.first, entry.closes, entry.name) for entry in entries if entry.kind == HALF}
    half |= {one.day: one for one in cells.half_days or ()}
    terms = {(e.first, e.last): Term(e.first, e.last, e.name) for e in entries if e.kind == TERM}
    terms |= {(one.first, one.last): one for one in cells.terms or ()}
    turns = {day: entry.name for entry in entries if entry.kind == TURN for day in _each(entry)}
    return Calendar(
        turns=tuple(Rung(day, turns[day]) for day in sorted(turns)) if turns else None,
        closed=tuple(ClosedDay(day, closed[day]) for day in sorted(closed)) if closed else cells.closed,
        half_days=tuple(half[day] for day in sorted(half)) if half else cells.half_days,
        terms=tuple(terms[span] for span in sorted(terms)) if terms else cells.terms,
    )


def closed_days(words: str, tell: Tell) -> tuple[ClosedDay, ...] | None:
    entries = list(_items(words, "closed", CLOSED, tell, "2026-11-26 Thanksgiving"))
    days = {day: entry.name or "Closed" for entry in reversed(entries) for day in _each(entry)}
    return tuple(ClosedDay(day, days[day]) for day in sorted(days))


def terms_of(words: str, tell: Tell) -> tuple[Term, ...] | None:
    entries = _items(words, "terms", TERM, tell, "2026-08-31..2026-12-18 Fall")
    return tuple(sorted((Term(e.first, e.last, e.name) for e in entries), key=lambda term: term.first))


def half_days(words: str, tell: Tell) -> tuple[HalfDay, ...] | None:
    found = {}
    for entry in _items(words, "half days", HALF, tell, "2026-11-25 12:00 Thanksgiving eve"):
        at = _CLOCK.fullmatch(entry.name)
        minute = minutes(at[1], at[2], at[3]) if at else None
        if at is None or minute is None:
            tell("half days", f"{quoted(entry.name or entry.first.isoformat())}: when does it end? Write 12:00.")
            continue
        found.update({day: HalfDay(day, minute, (at[4] or "").strip()) for day in _each(entry)})
    return tuple(found[day] for day in sorted(found))


def minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    """A time of the day in minutes; None where no clock shows it."""
    hours, rest = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return hours * 60 + rest if hours < 24 and rest < 60 else None


def _items(words: str, column: str, kind: str, tell: Tell, like: str) -> Iterator[Entry]:
    """The items of a cell, `;` between them; `none` has none."""
    for part in filter(None, (part.strip() for part in words.split(";"))) if words.casefold() != "none" else ():
        found = _ITEM.fullmatch(part)
        if not found:
            tell(column, f"{quoted(part)} has no date I can read. Write {like}.")
            continue
        span = _span(found[1], found[2] or found[1], quoted(part), lambda what: tell(column, what))
        if span:
            yield Entry(kind=kind, first=span[0], last=span[1], name=(found[3] or "").strip()[:80])


def _span(first: str, last: str, shown: str, tell: Callable[[str], None]) -> tuple[date, date] | None:
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        tell(f"{shown} holds a date no calendar has. Write year-month-day.")
        return None
    if not 0 <= (ends - begins).days < LONGEST:
        tell(f"{shown} ends before it begins, or lasts over a year. Write first..last.")
        return None
    return begins, ends


def _each(entry: Entry) -> Iterator[date]:
    return (entry.first + timedelta(days=n) for n in range(entry.days))


def _from_table(data: bytes, schools: set[str]) -> tuple[Calendars, tuple[Problem, ...]]:
    found = table(data, _NAMES, ("date", "kind"))
    problems = list(found.problems)
    entries: dict[str, tuple[Entry, ...]] = {}
    for row in found.rows:
        entry = _row(row, schools, problems)
        if entry is not None:
            of = folded(row.cells.get("school", ""))
            entries[of] = (*entries.get(of, ()), *entry)
    return Calendars(entries, found.ignored), tuple(problems)


def _row(row: Row, schools: set[str], problems: list[Problem]) -> tuple[Entry, ...] | None:
    def tell(column: str, what: str) -> None:
        problems.append(Problem(row.line, column, what))

    cells = row.cells
    words = cells.get("kind", "")
    kind = next((kind for kind, names in _KINDS.items() if folded(words) in map(folded, names)), "")
    if not kind:
        tell("kind", f"{quoted(words)} is none of these: closed, half day, term.")
    of = folded(cells.get("school", ""))
    if of and of not in schools:
        tell("school", f"{quoted(cells['school'])} is not in the school file that comes with this calendar.")
    first = cells.get("date", "")
    span = _span(first, cells.get("until", "") or first, quoted(first), lambda what: tell("date", what))
    if not kind or span is None:
        return None
    name = cells.get("name", "")[:80]
    if kind != HALF:
        return (Entry(kind=kind, first=span[0], last=span[1], name=name or ("" if kind == TERM else "Closed")),)
    at = _CLOCK.fullmatch(cells.get("ends", ""))
    closes = minutes(at[1], at[2], at[3]) if at else None
    if closes is None:
        tell("ends", f"{quoted(cells.get('ends', ''))}: when does a half day end? Write 12:00.")
        return None
    days = (span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1))
    return tuple(Entry(kind=HALF, first=day, last=day, name=name, closes=closes) for day in days)
