"""Schools from a file: each line to a school's own time, closed days and four contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from zoneinfo import available_timezones

from msgspec import Struct, structs

from bot.flow import derived
from bot.imports.bells import Turns, rotation_of
from bot.imports.calendar import Calendar, Calendars, closed_days, half_days, merged, minutes, terms_of
from bot.imports.changes import Change, Changes
from bot.imports.table import Problem, Row, Table, folded, masked, meant, quoted, table
from bot.places import SPOKEN
from bot.records import Contacts, School
from bot.ringing import BellDay, Bells, Rung

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CONTACTS = ("safeguarding contact", "support contact", "emergency number", "crisis line")
_TIME = ("time", "terms", "closed days", "half days", "bells", "public holidays")
NO_CALENDAR = Calendars()
_NAMES = {
    "school": ("name", "school name"),
    "zone": ("time zone", "timezone", "iana zone", "tz"),
    "hours": ("school hours", "school day", "times"),
    "weekend": ("weekend days",),
    "closed": ("closed days", "closed day", "holidays", "days off"),
    "terms": ("term", "semesters", "school year"),
    "half days": ("half day", "early release", "early dismissal"),
    "rotation": ("cycle", "rotation days", "a/b days"),
    "country": ("public holidays",),
    "subdivision": ("state", "province", "region", "canton"),
    "safeguarding contact": ("safeguarding", "child protection contact"),
    "support contact": ("support", "staff support contact"),
    "emergency number": ("emergency",),
    "crisis line": ("crisis", "crisis number"),
}
_HOURS = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?\s*(?:-|–|—|to|until)\s*(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?",
    re.IGNORECASE,
)
_NOBODY = {"tbd", "todo", "na", "n/a", "none", "x", "xx", "xxx", "?", "unknown"}


class SchoolLine(Struct, frozen=True, kw_only=True):
    """What one line says of a school; None where it says nothing, and what is kept already stays."""

    line: int
    name: str
    zone: str
    hours: tuple[int, int] | None
    weekend: tuple[str, ...] | None
    calendar: Calendar
    turns: Turns | None
    country: str | None
    subdivision: str | None
    contacts: Contacts


def school_id(organization: str, name: str) -> str:
    """The same school in the same organization has the same id in every import."""
    return derived(organization, "school", folded(name))


def read_schools(data: bytes) -> tuple[tuple[SchoolLine, ...], Table, tuple[Problem, ...]]:
    """Every line, the table they came from, and every problem in the file."""
    found = table(data, _NAMES, ("school", "zone", *_CONTACTS))
    problems = list(found.problems)
    lines = tuple(_line(row, found.columns, problems) for row in found.rows)
    first: dict[str, int] = {}
    for one in lines:
        if one.name and first.setdefault(folded(one.name), one.line) != one.line:
            what = f"{quoted(one.name)} is on line {first[folded(one.name)]} too. Keep one of them."
            problems.append(Problem(one.line, "school", what))
    return lines, found, tuple(sorted(problems))


def compare_schools(
    lines: tuple[SchoolLine, ...],
    known: Mapping[str, School],
    organization: str,
    calendars: Calendars = NO_CALENDAR,
    bells: Mapping[str, tuple[BellDay, ...]] = {},
) -> Changes:
    """What keeping these lines, and the files beside them, would change. `known` is by `folded` name."""
    new, changed, same = [], [], 0
    records = []
    for one in lines:
        before, calendar = known.get(folded(one.name)), merged(one.calendar, calendars, one.name)
        start = before or School(
            id=school_id(organization, one.name), organization=organization, name=one.name, zone=one.zone
        )
        after = structs.replace(
            start,
            name=one.name,
            zone=one.zone,
            opens=one.hours[0] if one.hours else start.opens,
            closes=one.hours[1] if one.hours else start.closes,
            weekend=start.weekend if one.weekend is None else one.weekend,
            closed=start.closed if calendar.closed is None else calendar.closed,
            terms=start.terms if calendar.terms is None else calendar.terms,
            half_days=start.half_days if calendar.half_days is None else calendar.half_days,
            bells=_bells(start.bells, bells.get(folded(one.name), bells.get("")), one.turns, calendar.turns),
            country=start.country if one.country is None else one.country,
            subdivision=start.subdivision if one.subdivision is None else one.subdivision,
            contacts=one.contacts,
            sample=False,
        )
        if before == after:
            same += 1
            continue
        records.append(after)
        if before is None:
            words = _shown(after)
            new.append(Change(after.name, tuple(f"{key}: {words[key]}" for key in (*_TIME, *_CONTACTS))))
        else:
            was, now = _shown(before), _shown(after)
            differs = tuple(f"{key}: {now[key]}  (was: {was[key]})" for key in now if now[key] != was[key])
            changed.append(Change(after.name, differs or ("calendar or bells: other dates, times or names",)))
    return Changes(new=tuple(new), changed=tuple(changed), unchanged=same, schools=tuple(records))


def _bells(
    start: Bells, days: tuple[BellDay, ...] | None, turns: Turns | None, dated: tuple[Rung, ...] | None
) -> Bells:
    """What a file says nothing of stays as it is kept."""
    after = start if days is None else structs.replace(start, days=days)
    if turns is not None:
        after = structs.replace(after, rotation=turns.names, since=turns.since, weekly=turns.weekly)
    return after if dated is None else structs.replace(after, dated=dated)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def zone_problem(line: int, column: str, zone: str) -> tuple[str, Problem | None]:
    """The zone as its one right name, or why it is none."""
    if (right := _zones().get(zone.replace(" ", "_").casefold())) is not None:
        return right, None
    return zone, Problem(line, column, f"{quoted(zone)} is no time zone name.{_near_zone(zone[:40])}")


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}


@lru_cache(256)
def _near_zone(zone: str) -> str:
    hint = SPOKEN.get(folded(zone).removesuffix("time").removesuffix("standard"), "")
    near = f" Did you mean {hint}?" if hint else meant(zone, _zones().values())
    return near or " Write one such as America/New_York."


def _line(row: Row, columns: frozenset[str], problems: list[Problem]) -> SchoolLine:
    def problem(column: str, what: str) -> None:
        problems.append(Problem(row.line, column, what))

    def cell(column: str, limit: int = 200, needed: bool = False) -> str:
        words = row.cells.get(column, "")
        if needed and not words and column in columns:
            problem(column, "this cell is empty. Fill it in.")
        if len(words) > limit:
            problem(column, f"this is longer than {limit} characters. Shorten it.")
        return words

    name = cell("school", 120, needed=True)
    zone = cell("zone", needed=True)
    if zone:
        zone, wrong = zone_problem(row.line, "zone", zone)
        problems.extend([wrong] if wrong else [])
    contacts = [cell(column, needed=True) for column in _CONTACTS]
    for column, words in zip(_CONTACTS, contacts, strict=True):
        if folded(words) in _NOBODY:
            problem(column, "no safety card can be shown without a real contact. Name one.")
        elif words and column == "emergency number" and not any(char.isdigit() for char in words):
            problem(column, f"{quoted(words)} has no number in it. Write the number to call, such as 911.")
    country, subdivision = _place(cell("country"), cell("subdivision"), problem)
    return SchoolLine(
        line=row.line,
        name=name,
        zone=zone,
        hours=_hours(words, problem) if (words := cell("hours")) else None,
        weekend=_weekend(words, problem) if (words := cell("weekend")) else None,
        calendar=Calendar(
            closed=closed_days(words, problem) if (words := cell("closed", 20_000)) else None,
            terms=terms_of(words, problem) if (words := cell("terms", 2_000)) else None,
            half_days=half_days(words, problem) if (words := cell("half days", 5_000)) else None,
        ),
        turns=rotation_of(words, problem) if (words := cell("rotation", 300)) else None,
        country=country,
        subdivision=subdivision,
        contacts=Contacts(*contacts),
    )


def _hours(words: str, problem: Callable[[str, str], None]) -> tuple[int, int] | None:
    found = _HOURS.fullmatch(words)
    if not found:
        problem("hours", f"{quoted(words)} is no pair of times. Write 08:00-15:00.")
        return None
    opens, closes = (minutes(*found.groups()[at : at + 3]) for at in (0, 3))
    if opens is None or closes is None:
        problem("hours", f"{quoted(words)} holds a time that no clock shows. Write 08:00-15:00.")
        return None
    if closes <= opens:
        late = closes + 12 * 60
        wish = f" Is it {clock(opens)}-{clock(late)}? Write that, or add am and pm." if late < 24 * 60 else ""
        problem("hours", f"{quoted(words)} closes before it opens.{wish}")
        return None
    return opens, closes


def _place(country: str, part: str, problem: Callable[[str, str], None]) -> tuple[str | None, str | None]:
    """A country and a part of it whose public holidays are known, by their ISO 3166 codes."""
    if country.casefold() == "none":
        return "", ""
    if part and not country:
        problem("subdivision", f"{quoted(part)} is part of which country? Fill in that column too.")
    if not country or (part and not country):
        return None, None
    from holidays import list_supported_countries

    country, known = country.upper(), list_supported_countries()
    if country not in known:
        problem("country", f"{quoted(country)} is no country whose holidays are known. Write its code, such as US.")
    elif part and part.upper() not in {one.upper() for one in known[country]}:
        problem("subdivision", f"{quoted(part)} is no part of {country} that is known. Write its code, such as NY.")
    return country, next((one for one in known.get(country, ()) if one.upper() == part.upper()), "")


def _weekend(words: str, problem: Callable[[str, str], None]) -> tuple[str, ...] | None:
    if words.casefold() == "none":
        return ()
    days = [part for part in re.split(r"[\s,;/+&.]+", words) if part and part.casefold() != "and"]
    codes = {part[:2].upper() for part in days}
    if len(codes) > 6 and all(_is_day(part) for part in days):
        problem("weekend", f"{quoted(words)} leaves no day for school. Write the days off, such as SA SU.")
        return None
    if not all(_is_day(part) for part in days):
        problem("weekend", f"{quoted(words)} names no weekend. Write the days, such as SA SU.")
        return None
    return tuple(day for day in DAYS if day in codes)


def _is_day(word: str) -> bool:
    word = word.casefold()
    return len(word) >= 2 and any(
        day.startswith(word) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )


def _bells_shown(bells: Bells) -> str:
    """Which days have how many blocks, and whose turn it is."""
    days = ", ".join(f"{day.name} {len(day.periods)}" for day in bells.days) or "none"
    turns = f"; {', '.join(bells.rotation)} from {bells.since}{' by week' * bells.weekly}" if bells.rotation else ""
    return f"{days}{turns}{f'; {len(bells.dated)} days named' if bells.dated else ''}"


def _shown(school: School) -> dict[str, str]:
    """A school in words, one entry a line; the contacts are shown so that a person confirms them."""
    weekend = " ".join(school.weekend) or "none"
    words = {
        "name": school.name,
        "time": f"{school.zone}, {clock(school.opens)}-{clock(school.closes)}, weekend {weekend}",
        "terms": "; ".join(f"{term.first} to {term.last}" for term in school.terms) or "none",
        "closed days": str(len(school.closed)),
        "half days": str(len(school.half_days)),
        "bells": _bells_shown(school.bells),
        "public holidays": f"{school.country} {school.subdivision}".strip() or "none",
        "data": "sample" if school.sample else "real",
    }
    contacts = school.contacts
    for name, value in zip(_CONTACTS, structs.astuple(contacts) if contacts else ("none",) * 4, strict=True):
        words[name] = masked(value)
    return words
