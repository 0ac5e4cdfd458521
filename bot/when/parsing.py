"""The way of a line: cleaned, read as it stands, read again with slips where no day was found, decided."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.when.answering import answer
from bot.when.clean import parted
from bot.when.deciding import Decision
from bot.when.line import Line
from bot.when.repeats import occurrences
from bot.when.values import Command, Form, Result, Slot, World

_COMMANDS = frozenset({"help", "list", "cancel", "move", "undo"})
# For the conversation alone: a line of JSON tells what was typed.
_OURS = frozenset({"length", "lengths"})
_FIRST = re.compile(r"[\s,]*(?:(?P<word>[^\W\d_]+)(?![\w@'])|(?P<what>\?))")


def parse(text: str, *, now: datetime, tz: str, locale: str, world: World) -> Result:
    """The line as a precise value. `now` is aware; clock times are read in `tz`. Never raises for any text."""
    cleaned = parted(text)
    first = _FIRST.match(cleaned.text)
    if first is not None and (first["what"] or first["word"].lower() in _COMMANDS):
        return Command(name="help" if first["what"] else first["word"].lower())
    zone = ZoneInfo(tz)
    here = now.astimezone(zone)
    try:
        line = Line(cleaned, world, here, locale, slips=False)
        if not line.dated and line.has_slips():
            line = Line(cleaned, world, here, locale, slips=True)
        return answer(Decision(line, here, zone, world))
    except OverflowError:  # a day beyond the calendar
        return Form(missing=("date", "teacher", "time"), problems=("bad_date",))


def result_json(result: Result, tz: str) -> dict[str, object]:
    """The result as plain JSON values; moments carry the offset of `tz`, and a repeat its first few starts."""
    zone = ZoneInfo(tz)
    plain: dict[str, object] = {
        name: _plain(value, zone)
        for name, value in msgspec.to_builtins(result, builtin_types=(datetime,)).items()
        if name not in _OURS
    }
    if isinstance(result, Slot) and result.repeat is not None:
        plain["occurrences"] = [moment.isoformat() for moment in occurrences(result, tz, 5)]
    return plain


def _plain(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, dict):
        return {name: _plain(one, zone) for name, one in value.items()}
    return [_plain(one, zone) for one in value] if isinstance(value, (list, tuple)) else value
