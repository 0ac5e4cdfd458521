"""From what was said to when it is: every day and time it may mean, in the order of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.when.bells import Asked, Bell, Met
from bot.when.dates import Day
from bot.when.days import after, nth
from bot.when.line import Line
from bot.when.moments import REGIONS, instants, minute_of
from bot.when.repeats import SCHOOL_DAYS


class Option(Struct, frozen=True):
    """One reading of the time: minutes of the day as typed, or a period of the bell."""

    at: int | None = None
    until: int | None = None
    period: Asked | None = None


class Reading(Struct, frozen=True):
    """One full reading: the day that was named, and the instants its time may be there."""

    day: date
    option: Option
    starts: tuple[datetime, ...]
    met: Met | None = None


class Chooser:
    """Finds days and starts for one line, seen from one moment in one zone."""

    def __init__(self, line: Line, here: datetime, zone: ZoneInfo, bell: Bell) -> None:
        self.line, self.now, self.zone, self.bell = line, here.astimezone(UTC), zone, bell
        self.today = here.date()
        self.typed_in = ZoneInfo(REGIONS[line.zone]) if line.zone else zone
        self.options = self._options()
        self.days = [day for day in line.days.found if not day.role or (day.role == "start" and not line.rule.said)]
        self.byday = self._byday()

    def _options(self) -> tuple[Option, ...]:
        """A typed time wins over the period's."""
        spans = [Option(at, until) for span in self.line.spans for at, until in span.options]
        return tuple(spans) or tuple(Option(period=period) for period in self.line.periods)

    def reading(self, day: date, option: Option) -> Reading:
        """That time on that day."""
        if option.period is not None:
            met = self.bell.on(day, option.period)
            if isinstance(met, str):
                return Reading(day, option, ())
            return Reading(day, option, instants(day, met.start, self.zone), met)
        return Reading(day, option, instants(day, option.at or 0, self.typed_in))

    def is_ahead(self, day: date, option: Option | None) -> bool:
        """Whether that time of that day is still to come; without a time, whether the day is."""
        if option is None:
            return day > self.today
        starts = self.reading(day, option).starts
        return any(start > self.now for start in starts) if starts else day > self.today

    def _byday(self) -> tuple[int, ...]:
        """The weekdays of a repeat: those listed, else every weekday named, else Monday to Friday for `daily`."""
        rule = self.line.rule
        plain = {day.weekday for day in self.days if day.weekday is not None and not day.dates}
        plural = {day.weekday for day in self.days if day.plural}
        if not (rule.said or plural):
            return ()
        found = plain or (set(SCHOOL_DAYS) if rule.daily else set())
        return tuple(sorted(found))

    @property
    def repeats(self) -> bool:
        """Whether the line speaks of more than one visit."""
        return self.line.rule.said or any(day.plural for day in self.line.days.found)

    def dates(self, option: Option | None) -> tuple[tuple[date, ...], str]:
        """Every day that may be meant with that time, and what is asked where there is more than one."""
        if self.repeats and self.byday:
            first = self._first(option)
            return ((first,) if first else ()), ""
        fixed = [day for day in self.days if day.dates or day.month_day is not None]
        plain = list(dict.fromkeys(day.weekday for day in self.days if day.weekday is not None and not day.dates))
        if fixed:
            return self._fixed(fixed, plain, option)
        starts = self._starting() if self.repeats else ()
        if starts and not plain:
            return starts, "next_weekday" if len(starts) > 1 else ""
        near = [self._near(weekday, option) for weekday in plain]
        return tuple(dict.fromkeys(near)), "alternatives"

    def _near(self, weekday: int, option: Option | None) -> date:
        """The nearest such day, today while the time is ahead; or that of the week that was named."""
        if self.line.days.week is not None:
            monday = self.today - timedelta(self.today.weekday())
            return monday + timedelta(7 * self.line.days.week + weekday)
        if weekday == self.today.weekday() and self.is_ahead(self.today, option):
            return self.today
        return after(self.today, weekday)

    def _fixed(self, fixed: list[Day], plain: list[int], option: Option | None) -> tuple[tuple[date, ...], str]:
        found: dict[date, None] = {}
        for day in fixed:
            found.update(dict.fromkeys(day.dates or (self._month_day(day.month_day or 1, option),)))
        known = tuple(found)
        reasons = [day.reason for day in fixed if day.reason]
        if len(known) > 1 or len(plain) != 1:
            if plain and not all(day.weekday() in plain for day in known):
                return (), ""
            return known, reasons[0] if reasons and len(fixed) == 1 else "alternatives"
        if known[0].weekday() == plain[0] or not self.is_ahead(known[0], option):
            return known, ""
        return (known[0], self._nearest(known[0], plain[0], option)), "weekday_mismatch"

    def _month_day(self, month_day: int, option: Option | None) -> date:
        day = nth(self.today, month_day)
        return day if self.is_ahead(day, option) else nth(day + timedelta(1), month_day)

    def _nearest(self, day: date, weekday: int, option: Option | None) -> date:
        """The nearest such weekday to a date, among those still ahead."""
        back = (day.weekday() - weekday) % 7
        near = sorted((day - timedelta(back), day + timedelta(7 - back)), key=lambda one: abs((one - day).days))
        return next((one for one in near if self.is_ahead(one, option)), near[0])

    def _starting(self) -> tuple[date, ...]:
        """The day a repeat starts from, where one was said."""
        found: dict[date, None] = {}
        for day in self.line.days.found:
            if day.role == "start":
                if day.weekday is not None and not day.dates:
                    found[self._near(day.weekday, None) if day.weekday != self.today.weekday() else self.today] = None
                else:
                    found.update(dict.fromkeys(day.dates or (nth(self.today, day.month_day or 1),)))
        return tuple(found)

    def _first(self, option: Option | None) -> date | None:
        """The first day of a weekly rule: from the start that was said, or from today while the time is ahead."""
        starts = self._starting()
        fixed = [one for day in self.days for one in day.dates]
        if len({*starts, *fixed}) > 1 or any(one.weekday() not in self.byday for one in fixed):
            return None
        base = next(iter({*starts, *fixed}), None)
        if base is None and self.line.days.week is not None:
            base = self.today - timedelta(self.today.weekday()) + timedelta(7 * self.line.days.week)
        day = base or self.today
        for _ in range(8):
            if day.weekday() in self.byday and (base is not None or self.is_ahead(day, option)):
                return day
            day += timedelta(1)
        return None

    def until(self) -> tuple[date | None, bool]:
        """The last day of a repeat, and whether what was said about it can be used."""
        ends = [day for day in self.line.days.found if day.role == "until"]
        if not ends:
            return None, True
        known = {one for day in ends for one in (day.dates or (nth(self.today, day.month_day or 1),))}
        return (known.pop(), True) if len(known) == 1 else (None, False)

    def gap(self, reading: Reading) -> str:
        """Why a wall time has two instants."""
        at = reading.met.start if reading.met else reading.option.at or 0
        typed = self.zone if reading.met else self.typed_in
        return "dst_overlap" if minute_of(reading.starts[0], typed) == at else "dst_gap"
