"""When blocks meet, from a table or from a few typed lines: bells by weekday or by the names of a rotation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from msgspec import Struct

from bot.imports.calendar import minutes
from bot.imports.ics import turn_named
from bot.imports.table import Problem, Row, folded, quoted, table
from bot.ringing import BellDay, Bells, Period

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EARLY = "early release"
DAYS_MOST, PERIODS_MOST = 40, 30
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = {
    "day": ("days", "weekday", "bell", "schedule"),
    "block": ("period", "id", "block id", "period id"),
    "label": ("name", "block name", "period name", "title"),
    "from": ("start", "starts", "begin", "begins", "start time"),
    "to": ("end", "ends", "until", "end time"),
    "school": ("school name",),
}
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))\s*([ap])?\.?m?\.?", re.IGNORECASE)
_TO = re.compile(r"\s*(?:-|–|—|to|until)\s*", re.IGNORECASE)
_NOT_EARLY = re.compile(r"^(?:early[- ](?:release|dismissal|closing|out)|half[- ]day|minimum day)s?$", re.IGNORECASE)
_ROTATION = re.compile(
    r"(?P<names>.+?)\s+(?:(?P<weekly>weekly|by week|every week)\s+)?"
    r"(?:from|since|starting)\s+(?P<since>\d{4}-\d{2}-\d{2})",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?P<id>[^\s:]{1,12})(?:\s+(?P<label>.*?))?\s+(?P<from>\d{1,2}[:.h]\d{2}\s*(?:[ap]\.?m\.?)?)"
    + _TO.pattern
    + r"(?P<to>\d{1,2}[:.h]\d{2}\s*(?:[ap]\.?m\.?)?)",
    re.IGNORECASE,
)
Tell = Callable[[str, str], None]


class Turns(Struct, frozen=True):
    """What a rotation is: its names in order, its first day, and whether it turns once a week."""

    names: tuple[str, ...] = ()
    since: date | None = None
    weekly: bool = False


def day_named(word: str) -> str:
    """How bells are named: a weekday's code, `early release`, a turn of a rotation, or the word itself."""
    word = " ".join(word.split())
    if code := _weekday(word):
        return code
    if _NOT_EARLY.fullmatch(word):
        return EARLY
    head, _, last = word.rpartition(" ")
    if head and (code := _weekday(last)):
        # `A MO`: a weekday within a week of its own.
        return f"{turn_named(head) or head.upper()} {code}"
    return turn_named(word) or word.upper()


def _weekday(word: str) -> str:
    word = word.casefold().rstrip(".")
    if len(word) < 2:
        return ""
    return next((code for code, day in zip(CODES, _WEEKDAYS, strict=True) if day.startswith(word.rstrip("s"))), "")


def days_named(words: str) -> tuple[str, ...]:
    """`Mon-Fri`, `Tue, Thu`, `A`: the names of bells."""
    first, *rest = _TO.split(words.strip(), maxsplit=1)
    if rest and _weekday(first) and _weekday(rest[0]):
        a, b = CODES.index(_weekday(first)), CODES.index(_weekday(rest[0]))
        return CODES[a : b + 1] if a <= b else (*CODES[a:], *CODES[: b + 1])
    return tuple(day_named(word) for word in re.split(r"[,;/&]|\band\b", words) if word.strip())


def rotation_of(words: str, tell: Tell) -> Turns | None:
    """`A, B from 2026-08-31`, `Day 1, Day 2, Day 3 from …`, `A, B weekly from …`, or `none`."""
    if words.casefold() == "none":
        return Turns()
    found = _ROTATION.fullmatch(words.strip())
    like = "Write A, B from 2026-08-31, with the first school day that is A."
    if not found:
        tell("rotation", f"{quoted(words)} says no order and first day. {like}")
        return None
    names = tuple(day_named(name) for name in re.split(r"[,;/]|\band\b", found["names"]) if name.strip())
    try:
        since = date.fromisoformat(found["since"])
    except ValueError:
        tell("rotation", f"{quoted(found['since'])} is a date no calendar has. {like}")
        return None
    if not 2 <= len(names) <= DAYS_MOST or len(set(names)) != len(names) or set(names) & {*CODES, EARLY}:
        tell("rotation", f"{quoted(found['names'])} names no two days to take turns. {like}")
        return None
    return Turns(names, since, bool(found["weekly"]))


def read_bells(data: bytes, schools: set[str]) -> tuple[Mapping[str, tuple[BellDay, ...]], tuple[Problem, ...]]:
    """Bells by `folded` school name, under "" for every school of the import; and every problem of the table."""
    found = table(data, _NAMES, ("day", "block", "from", "to"))
    problems = list(found.problems)
    days: dict[str, dict[str, list[Period]]] = {}
    for row in found.rows:
        of = folded(row.cells.get("school", ""))
        if of and of not in schools:
            what = f"{quoted(row.cells['school'])} is not in the school file that comes with these bells."
            problems.append(Problem(row.line, "school", what))
        for name, period in _read(row, problems):
            days.setdefault(of, {}).setdefault(name, []).append(period)
    bells = {of: _sorted(named, problems) for of, named in days.items()}
    return bells, tuple(Problem(one.line, f"bells {one.column}".strip(), one.what) for one in problems)


def _read(row: Row, problems: list[Problem]) -> list[tuple[str, Period]]:
    cells = row.cells
    names = days_named(cells.get("day", ""))
    start, end = _clock(cells.get("from", "")), _clock(cells.get("to", ""))
    wrong = []
    if not names:
        wrong.append(("day", "this cell is empty. Write Mon-Fri, Tue, A or early release."))
    if not cells.get("block", ""):
        wrong.append(("block", "this cell is empty. Write what the block is called, such as 3 or B."))
    for column, at in (("from", start), ("to", end)):
        if at is None:
            wrong.append((column, f"{quoted(cells.get(column, ''))} is no time. Write 08:55."))
    if start is not None and end is not None and end <= start:
        wrong.append(("to", f"{quoted(cells['to'])} is not after {quoted(cells['from'])}."))
    problems += [Problem(row.line, column, what) for column, what in wrong]
    if wrong or start is None or end is None:
        return []
    period = Period(cells["block"][:12], cells.get("label", "")[:40] or cells["block"][:12], start, end)
    return [(name, period) for name in names]


def _clock(words: str) -> int | None:
    found = _TIME.fullmatch(words.strip())
    return minutes(found[1], found[2], found[3]) if found else None


def _sorted(named: Mapping[str, list[Period]], problems: list[Problem]) -> tuple[BellDay, ...]:
    """In order of the day; each block once a day, and no more of anything than a school can have."""
    days = []
    for name, periods in named.items():
        ids = [one.id.casefold() for one in periods]
        twice = next((one.id for one in periods if ids.count(one.id.casefold()) > 1), "")
        if twice:
            problems.append(Problem(0, "block", f"{quoted(twice)} is there twice on {quoted(name)}. Keep one of them."))
        if len(periods) > PERIODS_MOST:
            problems.append(Problem(0, "block", f"{quoted(name)} has more than {PERIODS_MOST} blocks."))
        days.append(BellDay(name, tuple(sorted(periods, key=lambda one: (one.start, one.end, one.id)))))
    if len(days) > DAYS_MOST:
        problems.append(Problem(0, "day", f"these are more than {DAYS_MOST} kinds of days."))
    return tuple(
        sorted(
            days, key=lambda one: (one.name not in CODES, CODES.index(one.name) if one.name in CODES else 0, one.name)
        )
    )


def typed(words: str) -> tuple[Bells, tuple[Problem, ...]]:
    """Bells as a person types them, one kind of day a line: `Mon-Fri: 1 08:00-08:50, 2 08:55-09:45`.

    A line `rotation: A, B from 2026-08-31` says whose turn it is.
    """
    problems: list[Problem] = []
    days: dict[str, list[Period]] = {}
    turns = Turns()
    for number, line in enumerate(words.splitlines(), 1):
        if not line.strip():
            continue
        head, mark, rest = line.partition(":")
        if head.strip().casefold() == "rotation":
            found = rotation_of(rest.strip(), lambda _, what, n=number: problems.append(Problem(n, "", what)))  # type: ignore[misc]
            turns = found or turns
            continue
        if not mark or not days_named(head):
            problems.append(Problem(number, "", "begin the line with its days: Mon-Fri: 1 08:00-08:50, 2 08:55-09:45"))
            continue
        for part in filter(None, map(str.strip, re.split(r"[,;]", rest))):
            one = _LINE.fullmatch(part)
            start, end = (_clock(one["from"]), _clock(one["to"])) if one else (None, None)
            if one is None or start is None or end is None or end <= start:
                problems.append(Problem(number, "", f"{quoted(part)} is no block and its times. Write 3 10:15-11:00."))
                continue
            period = Period(one["id"], (one["label"] or one["id"])[:40], start, end)
            for name in days_named(head):
                days.setdefault(name, []).append(period)
    made = _sorted(days, problems)
    return Bells(days=made, rotation=turns.names, since=turns.since, weekly=turns.weekly), tuple(problems)


def written(bells: Bells) -> str:
    """The same as typed: for a form that is opened again. Days with the same bells share a line."""

    def clock(at: int) -> str:
        return f"{at // 60:02}:{at % 60:02}"

    lines: dict[str, list[str]] = {}
    for day in bells.days:
        row = ", ".join(
            f"{one.id}{f' {one.label}' if one.label != one.id else ''} {clock(one.start)}-{clock(one.end)}"
            for one in day.periods
        )
        lines.setdefault(row, []).append(day.name)
    rows = [f"{', '.join(names)}: {row}" for row, names in lines.items()]
    if bells.rotation and bells.since:
        weekly = " weekly" if bells.weekly else ""
        rows.append(f"rotation: {', '.join(bells.rotation)}{weekly} from {bells.since.isoformat()}")
    return "\n".join(rows)
