"""What a coach types after `/coteach`: one line to a slot, a question, a form or a command, and never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.when.clean import LONGEST
from bot.when.line import Line
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
    "LONGEST", "Ask", "ClosedDay", "Command", "Form", "Period", "Person", "Repeat", "Result", "School", "Slot", "World",
    "parse",
]  # fmt: skip
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_COMMANDS = ("help", "list", "cancel", "move", "undo")


def parse(text: str, *, now: datetime, tz: str, locale: str, world: World) -> Result:
    """The line as a precise value. `now` is aware; clock times are read in `tz`. Never raises for any text."""
    first = text[:LONGEST].strip().lower()
    word = first.split(maxsplit=1)[0] if first else ""
    if word in _COMMANDS or first == "?":
        return Command(name="help" if word == "?" else word)
    zone = ZoneInfo(tz)
    try:
        return _meaning(Line(text, world, now.astimezone(zone).date(), locale), now, zone, world)
    except (OverflowError, ValueError):
        return Form(missing=("date", "teacher", "time"), problems=("bad_date",))


def _meaning(line: Line, now: datetime, zone: ZoneInfo, world: World) -> Result:
    """Rule 1: what is missing or unusable opens the form; one question is asked; two questions are a form too."""
    here = now.astimezone(zone)
    readings = line.clock.start.readings if line.clock.start and not line.confused else ()
    chosen = _days_of(line, here, readings)
    starts, question = _starts(line, readings, here, zone, now)
    ahead = tuple(start for start in starts if start > now)
    minutes, source, clash = _length(line, readings, world)
    missing, problems = _lacking(line, world, bool(readings), bool(chosen), bool(starts) and not ahead)
    asks = _questions(line, ahead, question, clash)
    teacher = line.who.ids[0] if len(line.who.ids) == 1 else None
    part = line.parts[0] if len(line.parts) == 1 else None
    mode = line.roles[0] if line.roles else None
    typed = line.minutes[0] if len(line.minutes) == 1 else None
    day = chosen[0].isoformat() if len(chosen) == 1 and "date" not in missing else None
    at = f"{readings[0] // 60:02d}:{readings[0] % 60:02d}" if len(readings) == 1 and "time" not in missing else None
    note = " ".join(line.left) or None
    if missing or problems or len(asks) > 1:
        if len(asks) > 1:
            missing |= {field for field, _, _ in asks}
        return Form(
            missing=tuple(sorted(missing)), problems=tuple(sorted(problems)), teacher=teacher, date=day, time=at,
            duration_min=typed, part=part, mode=mode, focus=line.focus, note=note,
        )  # fmt: skip
    if asks:
        field, choices, reason = asks[0]
        when = field in ("date", "time")
        return Ask(
            field=field, choices=choices, reason=reason, teacher=teacher, part=part, mode=mode, focus=line.focus,
            duration_min=typed, date=None if when else day, time=None if when else at,
        )  # fmt: skip
    start = ahead[0].astimezone(zone)
    end = _end(line, start, minutes, zone)
    return Slot(
        teacher=teacher or "", start=start, end=end, duration_source=source, part=part, mode=mode, focus=line.focus,
        duration_min=round((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60),
        warnings=_warnings(start, end, world.school), note=note,
    )  # fmt: skip


def _lacking(line: Line, world: World, timed: bool, dated: bool, past: bool) -> tuple[set[str], set[str]]:
    """The boxes that stay empty, and why something cannot be used."""
    exact = line.instant is not None or line.days.minutes is not None
    problems = {*line.problems, *line.days.problems, *line.clock.problems}
    missing = {"teacher"} if not line.who.ids else set[str]()
    if line.who.problem:
        problems.add(line.who.problem)
    if line.repeats:
        missing.add("repeat")
        problems.add("unsupported_repeat")
    if line.periods and not timed:
        problems.add("no_bell_schedule" if world.school.bell is None else "no_such_period")
    if line.confused:
        problems.add("bad_time")
    if (not dated and not exact) or "bad_date" in problems:
        missing.add("date")
    if (not timed and not exact) or "bad_time" in problems:
        missing.add("time")
    missing |= {"end"} if "end_before_start" in problems else set()
    missing |= {"duration"} if "bad_duration" in problems else set()
    if past and not missing & {"date", "time"}:
        missing.add("date")
        problems.add("past")
    return missing, problems


def _questions(
    line: Line, ahead: tuple[datetime, ...], question: tuple[str, str] | None, clash: tuple[int, ...]
) -> list[tuple[str, tuple[datetime | str | int, ...], str]]:
    """(field, choices, reason) of everything that has several readings."""
    asks: list[tuple[str, tuple[datetime | str | int, ...], str]] = []
    if len(line.who.ids) > 1:
        asks.append(("teacher", line.who.ids, line.who.reason))
    if len(line.parts) > 1:
        asks.append(("part", tuple(line.parts), "conflict"))
    if question and len(ahead) > 1:
        asks.append((question[0], ahead, question[1]))
    if clash:
        asks.append(("duration", clash, "conflict"))
    return asks


def _days_of(line: Line, here: datetime, readings: tuple[int, ...]) -> tuple[date, ...]:
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
    line: Line, readings: tuple[int, ...], here: datetime, zone: ZoneInfo, now: datetime
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


def _length(line: Line, readings: tuple[int, ...], world: World) -> tuple[int, str, tuple[int, ...]]:
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


def _end(line: Line, start: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """A duration is elapsed time; both ends of a range are wall times."""
    if line.clock.end is not None:
        return datetime.combine(start.date(), time(line.clock.end // 60, line.clock.end % 60), zone)
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone)


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
