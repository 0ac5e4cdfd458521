"""What a coach types after `/coteach`: one line to a slot, a question, a form or a command, and never a guess."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.when.clean import LONGEST, Rest, clean, near
from bot.when.clock import Found, bare_minutes, clock, durations
from bot.when.days import Days, days, respelled
from bot.when.people import Named, named
from bot.when.values import (
    Ask,
    ClosedDay,
    Command,
    Form,
    Period,
    Person,
    Repeat,
    Result,
    School,
    Slot,
    World,
)  # fmt: skip

__all__ = [
    "LONGEST", "Ask", "ClosedDay", "Command", "Form", "Period", "Person", "Repeat", "Result", "School", "Slot", "World", "parse",
]  # fmt: skip
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_COMMANDS = ("help", "list", "cancel", "move", "undo")
_FOCUS = re.compile(r"(?:^|[\s,;.(-])focus(?:\s+on\b|\s*[:=])(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"\"([^\"]{1,600})\"")
_PARTS = (
    (re.compile(r"(?<![\w])(?:the\s+)?(whole(?:\s+(?:block|lesson))?)(?!\w)"), "whole"),
    (re.compile(r"(?<![\w])(?:the\s+)?(main(?:\s+lesson)?)(?!\w)"), "main"),
    (re.compile(r"(?<![\w])(?:the\s+)?(launch)(?!\w)"), "launch"),
    (re.compile(r"(?<![\w])(?:the\s+)?(menu(?:\s+options?)?)(?!\w)"), "menu"),
    (re.compile(r"(?<![\w])(?:the\s+)?(closure|closing|close)(?!\w)"), "closure"),
)
_ROLES = (
    (re.compile(r"(?<!\w)(?:take|taking)\s+turns(?!\w)"), "take_turns"),
    (re.compile(r"(?<!\w)model(?:l?ing)?(?!\w)"), "model"),
    (re.compile(r"(?<!\w)(?:extra\s+)?eyes\s*(?:and|&)\s*ears(?!\w)|(?<!\w)extra\s+eyes(?!\w)"), "eyes_ears"),
)
_SPELLED = {"launch": "launch", "closure": "closure", "closing": "closure", "menu": "menu"}
_REPEAT = re.compile(
    r"(?<!\w)(?:every|each|weekly|fortnightly|biweekly|monthly|daily|x\d{1,2}|for\s+\w+\s+weeks?|until\s+(?!\d{1,2}[:.\s]?\d{0,2}(?:\s|$|[ap]))"
    r"|starting|(?:mon|tues|wednes|thurs|fri|satur|sun)days)(?!\w)"
)
_PERIOD = re.compile(
    r"(?<!\w)(?:p\d{1,2}(?:-p?\d{1,2})?|per(?:iod|\.)?\s*\d{1,2}|block\s+\w|\w\s+block|(?:\d(?:st|nd|rd|th)|first|second|third|fourth|fifth)\s+(?:period|block)"
    r"|lunch|form\s+time)(?!\w)"
)
_ZONED = re.compile(r"(?<!\w)(?:[ecmp][sd]?t|gmt|utc|bst|cet)(?!\w)")
_INSTANT = re.compile(r"<!date\^(\d{1,12})\^[^>]{0,200}>")
_DOUBTFUL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "today", "noon")
_FILLER = frozenset(
    "a an and at by for from in is of on or please the to us with i me my let's lets meet want would like".split()
)


class _Line:
    """One line as far as it was taken apart."""

    def __init__(self, text: str, world: World, today: date, locale: str) -> None:
        instants = _INSTANT.findall(text[:LONGEST])
        rest = Rest(clean(_INSTANT.sub(" ", text[:LONGEST])))
        self.instant = (
            datetime.fromtimestamp(int(instants[0]), UTC) if len(instants) == 1 and len(instants[0]) < 12 else None
        )
        self.focus = _focus(rest)
        self.who: Named = named(rest, world)
        rest.text = rest.text.lower()
        self.repeats = rest.has(_REPEAT)
        self.periods = bool(rest.take_all(_PERIOD))
        self.zoned = rest.has(_ZONED)
        self.parts = _all(rest, _PARTS)
        self.roles = _all(rest, _ROLES)
        probe = Rest(rest.text)
        self.days: Days = days(probe, today, locale)
        if not self.days.found and not self.days.problems:
            respelled(rest, dated=False)
            probe = Rest(rest.text)
            self.days = days(probe, today, locale)
        rest = probe
        if not self.parts:
            self.parts = _respelled_parts(rest)
        self.minutes, self.problems = durations(rest)
        self.clock: Found = clock(rest, locale)
        if not self.minutes and (self.clock.start or self.days.minutes is not None):
            self.minutes = bare_minutes(rest)
        self.left = [word for word in rest.words() if word and word not in _FILLER]

    @property
    def doubtful(self) -> bool:
        """Whether something that looks like a day or a time was not understood."""
        return any(
            any(c.isdigit() for c in word) or any(near(word, known) for known in _DOUBTFUL) for word in self.left
        )


def parse(text: str, *, now: datetime, tz: str, locale: str, world: World) -> Result:
    """The line as a precise value. `now` is aware; clock times are read in `tz`. Never raises for any text."""
    first = text[:LONGEST].strip().lower()
    word = first.split(maxsplit=1)[0] if first else ""
    if word in _COMMANDS or first == "?":
        return Command(name="help" if word == "?" else word)
    zone = ZoneInfo(tz)
    try:
        return _meaning(_Line(text, world, now.astimezone(zone).date(), locale), now, zone, world)
    except (OverflowError, ValueError):
        return Form(missing=("date", "teacher", "time"), problems=("bad_date",))


def _meaning(line: _Line, now: datetime, zone: ZoneInfo, world: World) -> Result:
    missing: set[str] = set()
    problems: set[str] = {*line.problems, *line.days.problems, *line.clock.problems}
    asks: list[Ask] = []
    here = now.astimezone(zone)
    teacher = line.who.ids[0] if len(line.who.ids) == 1 else None
    if line.who.problem:
        problems.add(line.who.problem)
    if len(line.who.ids) > 1:
        asks.append(Ask(field="teacher", choices=line.who.ids, reason=line.who.reason))
    elif teacher is None:
        missing.add("teacher")
    part = line.parts[0] if len(line.parts) == 1 else None
    if len(line.parts) > 1:
        asks.append(Ask(field="part", choices=tuple(line.parts), reason="conflict"))
    mode = line.roles[0] if line.roles else None
    if line.repeats:
        missing.add("repeat")
        problems.add("unsupported_repeat")
    if line.periods and line.clock.start is None:
        missing.add("time")
        problems.add("no_bell_schedule" if world.school.bell is None else "no_such_period")
    readings = line.clock.start.readings if line.clock.start else ()
    if line.clock.several or line.zoned or line.doubtful:
        problems.add("bad_time")
        readings = ()
    starts, when = _starts(line, readings, here, zone, now)
    chosen = _days_of(line, here, readings)
    if not chosen and line.days.minutes is None and line.instant is None:
        missing.add("date")
    if not readings and line.days.minutes is None and line.instant is None:
        missing.add("time")
    if "bad_date" in problems:
        missing.add("date")
    if problems & {"bad_time", "end_before_start"} and "end_before_start" not in problems:
        missing.add("time")
    if "end_before_start" in problems:
        missing.add("end")
    if "bad_duration" in problems:
        missing.add("duration")
    ahead = tuple(start for start in starts if start > now)
    if starts and not ahead and not missing & {"date", "time"}:
        missing.add("date")
        problems.add("past")
    if when and len(ahead) > 1:
        asks.append(Ask(field=when[0], choices=ahead, reason=when[1]))
    minutes, source, clash = _length(line, readings, world)
    if clash:
        asks.append(Ask(field="duration", choices=clash, reason="conflict"))
    typed = line.minutes[0] if len(line.minutes) == 1 else None
    day = _shown_day(chosen, problems, missing)
    at = f"{readings[0] // 60:02d}:{readings[0] % 60:02d}" if len(readings) == 1 else None
    common = {"teacher": teacher, "part": part, "mode": mode, "focus": line.focus}
    if missing or problems or len(asks) > 1:
        return Form(
            missing=tuple(sorted(missing | ({ask.field for ask in asks} if len(asks) > 1 else set()))),
            problems=tuple(sorted(problems)), date=day, time=at if "time" not in missing else None, duration_min=typed,
            note=" ".join(line.left) or None, **common,
        )  # fmt: skip
    if asks:
        ask = asks[0]
        named_when = ask.field in ("date", "time")
        return Ask(
            field=ask.field, choices=ask.choices, reason=ask.reason, duration_min=typed,
            date=None if named_when else day, time=None if named_when else at, **common,
        )  # fmt: skip
    start = ahead[0].astimezone(zone)
    end = _end(line, start, minutes, zone)
    return Slot(
        start=start, end=end, duration_min=round((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60),
        duration_source=source, warnings=_warnings(start, end, world.school), note=" ".join(line.left) or None,
        teacher=teacher or "", part=part, mode=mode, focus=line.focus,
    )  # fmt: skip


def _days_of(line: _Line, here: datetime, readings: tuple[int, ...]) -> tuple[date, ...]:
    """Every day that may be meant."""
    found: list[date] = []
    for one in line.days.found:
        if one.bare is None:
            found += one.days
            continue
        ahead = bool(readings) and any(r > here.hour * 60 + here.minute for r in readings)
        distance = (one.bare - here.weekday()) % 7
        found.append(here.date() + timedelta(days=distance if distance or ahead else 7))
    if line.days.weekday is not None and len(found) == 1 and found[0].weekday() != line.days.weekday:
        back = (found[0].weekday() - line.days.weekday) % 7
        nearest = found[0] - timedelta(days=back) if back <= 3 else found[0] + timedelta(days=7 - back)
        found.append(nearest)
    return tuple(dict.fromkeys(found))


def _starts(
    line: _Line, readings: tuple[int, ...], here: datetime, zone: ZoneInfo, now: datetime
) -> tuple[tuple[datetime, ...], tuple[str, str] | None]:
    """Every instant that may be meant, and what is asked where there is more than one."""
    if line.instant is not None:
        return (line.instant,), None
    if line.days.minutes is not None:
        return (now + timedelta(minutes=line.days.minutes),), None
    chosen = _days_of(line, here, readings)
    starts = [at for day in chosen for reading in readings for at in _instants(day, reading, zone)]
    unique = tuple(dict.fromkeys(starts))
    if len(unique) < 2:
        return unique, None
    if len(chosen) > 1:
        reasons = [one.reason for one in line.days.found if one.reason]
        mismatch = "weekday_mismatch" if line.days.weekday is not None else "alternatives"
        # Two days and two readings of the clock are two questions: the form asks both.
        return unique, ("date", reasons[0] if reasons else mismatch) if len(readings) == 1 else None
    if len(readings) > 1:
        return unique, ("time", "meridiem")
    gap = unique[0].astimezone(zone).utcoffset() != unique[1].astimezone(zone).utcoffset()
    wall = datetime.combine(chosen[0], time(readings[0] // 60, readings[0] % 60))
    return unique, (
        "time",
        "dst_overlap" if gap and unique[0].astimezone(zone).replace(tzinfo=None) == wall else "dst_gap",
    )


def _instants(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """A wall time as an instant; twice or never is two, by the offset before and after the change."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    both = tuple(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(sorted(set(both)))


def _length(line: _Line, readings: tuple[int, ...], world: World) -> tuple[int, str, tuple[int, ...]]:
    """(minutes, where they come from, what to ask where two things were said)."""
    spans = (line.clock.end - readings[0],) if line.clock.end is not None and len(readings) == 1 else ()
    if spans:
        clash = tuple(dict.fromkeys((*spans, *line.minutes)))
        return spans[0], "range", clash if len(clash) > 1 else ()
    if len(line.minutes) > 1:
        return line.minutes[0], "given", line.minutes
    if line.minutes:
        return line.minutes[0], "given", ()
    return world.school.default_minutes, "default", ()


def _end(line: _Line, start: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """A duration is elapsed time; both ends of a range are wall times."""
    if line.clock.end is not None:
        return datetime.combine(start.date(), time(line.clock.end // 60, line.clock.end % 60), zone)
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone)


def _shown_day(chosen: tuple[date, ...], problems: set[str], missing: set[str]) -> str | None:
    return chosen[0].isoformat() if len(chosen) == 1 and "date" not in missing and "past" not in problems else None


def _warnings(start: datetime, end: datetime, school: School) -> tuple[str, ...]:
    """About the first occurrence: shown, never a refusal."""
    found = set()
    if _CODES[start.weekday()] in school.weekend:
        found.add("weekend")
    if any(closed.date == start.date().isoformat() for closed in school.closed):
        found.add("holiday")
    if f"{start:%H:%M}" < school.hours[0] or f"{end:%H:%M}" > school.hours[1] or end.date() != start.date():
        found.add("outside_hours")
    return tuple(sorted(found))


def _focus(rest: Rest) -> str | None:
    """The coach's own words, never searched for days: after `focus:`, or in quotation marks."""
    found = rest.take(_FOCUS)
    if found is not None:
        return found["rest"].strip(" \"'") or None
    quoted = rest.take(_QUOTED)
    return quoted[1].strip() or None if quoted else None


def _all(rest: Rest, known: tuple[tuple[re.Pattern[str], str], ...]) -> list[str]:
    return [name for pattern, name in known if rest.take_all(pattern)]


def _respelled_parts(rest: Rest) -> list[str]:
    for word in rest.words():
        meant = next(
            (part for name, part in _SPELLED.items() if len(word) > 3 and word.isalpha() and near(word, name)), None
        )
        if meant is not None:
            rest.take(re.compile(rf"(?<!\w){re.escape(word)}(?!\w)"))
            return [meant]
    return []
