"""Rule 1: what is missing or unusable opens the form; one question is asked; two are a form; else it is a slot."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.when.deciding import Choices, Decision
from bot.when.moments import NAMES, REGIONS, elapsed, hhmm, warnings
from bot.when.values import Ask, Form, Result, Slot


def answer(of: Decision) -> Result:
    """The one result of a line."""
    line = of.line
    teacher = line.who.ids[0] if len(line.who.ids) == 1 else None
    part = line.parts[0] if len(line.parts) == 1 else None
    mode = line.modes[0] if len(line.modes) == 1 else None
    empty = of.missing | of.asks.keys()
    typed = {*([of.range_min] if of.range_min else []), *line.minutes}
    minutes = next(iter(typed)) if len(typed) == 1 and "duration" not in of.missing else None
    day = of.day.isoformat() if of.day and "date" not in empty else None
    at = hhmm(of.at) if of.at is not None and "time" not in empty else None
    if of.asks and not (of.missing or of.problems or len(of.asks) > 1):
        field, (choices, reason) = next(iter(of.asks.items()))
        if field in ("date", "time"):
            day, at = None, None
        return Ask(
            field=field, choices=choices, reason=reason, teacher=teacher, date=day, time=at, duration_min=minutes,
            part=part, mode=mode, focus=line.focus, repeat=of.repeat, lengths=_lengths(of, choices),
        )  # fmt: skip
    if empty or of.problems or teacher is None or of.start is None or of.end is None or of.start <= of.now:
        return Form(
            missing=tuple(sorted(empty - {"part"})), problems=tuple(sorted(of.problems)), teacher=teacher, date=day,
            time=at, duration_min=minutes, part=part, mode=mode, focus=line.focus, repeat=of.repeat, note=line.note,
            length=next(iter(_lengths(of, ())), None),
        )  # fmt: skip
    start, end, met = of.start.astimezone(of.zone), of.end.astimezone(of.zone), of.met or of.named_period()
    return Slot(
        teacher=teacher, start=start, end=end, duration_min=elapsed(start, end), duration_source=of.source,
        period=met.id if met else None, part=part, mode=mode, focus=line.focus, repeat=of.repeat,
        warnings=warnings(start, end, of.world.school), note=line.note, elsewhere=_elsewhere(line.zone, start),
    )  # fmt: skip


def _lengths(of: Decision, choices: Choices) -> tuple[int, ...]:
    """What each start that is to be chosen from would take, or what the one that is known takes."""
    starts = [one.astimezone(UTC) for one in choices if isinstance(one, datetime)]
    if starts and of.lengths:
        return tuple(of.lengths[start] for start in starts)
    return (elapsed(of.start, of.end),) if of.start is not None and of.end is not None else ()


def _elsewhere(zone: str, start: datetime) -> str | None:
    """The start on the wall of the zone that was typed, where that is another wall."""
    there = start.astimezone(ZoneInfo(REGIONS[zone])) if zone else start
    return f"{there:%H:%M} {NAMES[zone]}" if there.utcoffset() != start.utcoffset() else None
