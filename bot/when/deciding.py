"""What stands in each box of a visit, what is missing or unusable, and what has several readings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.when.bells import Met
from bot.when.choosing import Chooser, Option, Reading
from bot.when.lengths import LONGEST, SHORTEST
from bot.when.line import Line
from bot.when.moments import elapsed, instants, minute_of
from bot.when.values import Repeat, World

Choices = tuple[datetime | str | int, ...]
# More buttons than this are no help; the form is.
_MOST = 6


class Decision:
    """Everything that was decided about one line."""

    def __init__(self, line: Line, here: datetime, zone: ZoneInfo, world: World) -> None:
        self.line, self.zone, self.world = line, zone, world
        self.now, self.today = here.astimezone(UTC), here.date()
        self.missing: set[str] = line.doubts | line.days.empty
        self.problems: set[str] = set(line.problems)
        self.asks: dict[str, tuple[Choices, str]] = {}
        self.choose = Chooser(line, here, zone, line.bell)
        self.day: date | None = None
        self.at: int | None = None
        self.start: datetime | None = None
        self.end: datetime | None = None
        self.met: Met | None = None
        self.source = "default"
        self.shift = 0
        self.lengths: dict[datetime, int] = {}
        self.range_min: int | None = None
        self.repeat: Repeat | None = None
        self._boxes()
        self._teacher()
        self._parts()
        self._when()
        self._length()
        self._repeat()

    def _boxes(self) -> None:
        """What cannot be used leaves its box empty."""
        for problem, box in (
            ("bad_time", "time"), ("bad_duration", "duration"), ("end_before_start", "end"),
        ):  # fmt: skip
            if problem in self.problems:
                self.missing.add(box)

    def _teacher(self) -> None:
        who = self.line.who
        if who.problem:
            self.problems.add(who.problem)
        if not who.ids:
            self.missing.add("teacher")
        elif len(who.ids) > 1:
            self.asks["teacher"] = (who.ids, who.reason)

    def _parts(self) -> None:
        if len(self.line.parts) > 1:
            self.asks["part"] = (self.line.parts, "conflict")

    def _when(self) -> None:
        if self.line.instants:
            self._instant()
        else:
            self._readings(self._usable())

    def _usable(self) -> tuple[Option, ...]:
        """The readings of the time, without periods that nowhere meet."""
        options = self.choose.options
        if "time" in self.missing:
            return ()
        if not options:
            self.missing.add("time")
        for period in self.line.periods:
            met = [self.choose.bell.on(day, period) for day in self.choose.dates(Option(period=period))[0]]
            wrong = {one for one in met if isinstance(one, str)} if self.choose.bell.exists else {"no_bell_schedule"}
            if wrong and all(isinstance(one, str) for one in met):
                self.problems |= wrong
                if not self.line.spans:
                    self.missing.add("end" if "end_before_start" in wrong else "time")
                    options = ()
        return options

    def _readings(self, options: tuple[Option, ...]) -> None:
        """Days first for every reading of the time, then instants; what lies behind us is no choice."""
        reason = ""
        days: dict[date, None] = {}
        readings: list[Reading] = []
        most = 0
        for option in options or (None,):
            found, why = self.choose.dates(option)
            reason = why or reason
            days.update(dict.fromkeys(found))
            most = max(most, len(found))
            readings += [self.choose.reading(day, option) for day in found] if option is not None else []
        if not days:
            self.missing.add("date")
        self.at = options[0].at if len(options) == 1 else None
        if "date" in self.missing or not days:
            self._shown_elsewhere()
            return
        dated, timed = most > 1, len(options) > 1
        if not dated and len(days) == 1:
            self.day = next(iter(days))
        if not options:
            if dated:
                self.missing.add("date")
            return
        readings = [reading for reading in readings if reading.starts]
        ahead = [reading for reading in readings if any(start > self.now for start in reading.starts)]
        if not ahead or (dated and len(ahead) < len(readings)):
            self._past(readings)
            return
        if dated and timed:
            self.asks["date"] = self.asks["time"] = ((), "")
        elif dated or timed:
            starts = [min(start for start in reading.starts if start > self.now) for reading in ahead]
            self._ask("date" if dated else "time", starts, reason if dated else self._several_times())
            self.range_min = self._common_range(ahead)
            self.lengths = {start: self._minutes(one, start) for one, start in zip(ahead, starts, strict=True)}
        else:
            self._one(ahead[0])

    def _past(self, readings: list[Reading]) -> None:
        self.problems.add("past")
        self.missing.add("date")
        if readings and readings[0].met is None and len({reading.option for reading in readings}) == 1:
            self.at = minute_of(readings[0].starts[0], self.zone)
        self.day = None

    def _several_times(self) -> str:
        return "meridiem" if len(self.line.spans) == 1 else "alternatives"

    def _ask(self, field: str, starts: list[datetime], reason: str) -> None:
        unique = tuple(dict.fromkeys(starts))
        if not unique:
            self._past([])
        elif len(unique) > _MOST:
            self.missing.add(field)
        else:
            self.asks[field] = (tuple(start.astimezone(self.zone) for start in unique), reason)

    def _shown_elsewhere(self) -> None:
        """Without a day, a time of another zone is told as it is today in ours."""
        if self.at is not None and self.line.zone:
            self.at = minute_of(instants(self.today, self.at, self.choose.typed_in)[0], self.zone)

    def _one(self, reading: Reading) -> None:
        """A single day and time: still two instants where the clocks change."""
        ahead = tuple(start for start in reading.starts if start > self.now)
        self.met = reading.met
        self.start = ahead[0]
        self.day, self.at = self.start.astimezone(self.zone).date(), minute_of(self.start, self.zone)
        # Late in one zone may be early next morning in another: then a repeat moves along.
        self.shift = (self.day - reading.day).days
        if len(reading.starts) > 1:
            self._ask("time", list(ahead), self.choose.gap(reading))
        self._range(reading.option, reading.day, self.start)

    def _range(self, option: Option, day: date, start: datetime) -> None:
        """The typed end as a wall time; where that occurs twice or never, the length is what is open."""
        if option.until is None:
            return
        ends = instants(day, option.until, self.choose.typed_in)
        lengths = [elapsed(start, end) for end in ends if end > start]
        if len(lengths) == 2 and "time" not in self.asks:
            self.asks["duration"] = (tuple(lengths), "dst_overlap")
        elif not lengths or (len(ends) > 1 and len(lengths) == 1 and "time" not in self.asks):
            self.missing.add("end")
            self.problems.add("bad_time" if lengths else "end_before_start")
        else:
            self.range_min = lengths[0]

    def _common_range(self, readings: list[Reading]) -> int | None:
        spans = {(r.option.until or 0) - (r.option.at or 0) if r.option.until is not None else None for r in readings}
        return spans.pop() if len(spans) == 1 else None

    def _minutes(self, reading: Reading, start: datetime) -> int:
        """How long that reading would take: typed, up to the typed end, as long as its period, or as usual."""
        ends = [*instants(reading.day, reading.option.until, self.choose.typed_in)] if reading.option.until else []
        lengths = [elapsed(start, end) for end in ends if end > start]
        if lengths or self.line.minutes:
            return (lengths or self.line.minutes)[0]
        met: Met | str | None = reading.met
        if met is None and len(self.line.periods) == 1:
            met = self.choose.bell.on(reading.day, self.line.periods[0])
        return met.end - met.start if isinstance(met, Met) else self.world.school.default_minutes

    def _instant(self) -> None:
        """An exact instant; another day or time beside it is a conflict."""
        moments = list(dict.fromkeys(self.line.instants))
        one = moments[0]
        at, day = minute_of(one, self.zone), one.astimezone(self.zone).date()
        options = self.choose.options
        days = self.choose.dates(options[0] if options else Option(at))[0] if self.choose.days else ()
        others = [instants(other, at, self.zone)[0] for other in days if other != day]
        times = [
            start for option in options for start in self.choose.reading(day, option).starts if start not in moments
        ]
        if others and times:
            self.asks["date"] = self.asks["time"] = ((), "")
        elif len(moments) > 1 or others:
            self._ask("date", [start for start in (*moments, *others) if start > self.now], "conflict")
        elif times:
            self._ask("time", [start for start in (one, *times) if start > self.now], "conflict")
        elif one <= self.now:
            self.problems.add("past")
            self.missing.add("date")
            self.at = at
        else:
            self.start, self.day, self.at = one, day, at

    def _length(self) -> None:
        """Given, a range, the period, or what the school usually takes."""
        given = list(dict.fromkeys(self.line.minutes))
        both = list(dict.fromkeys([*([self.range_min] if self.range_min else []), *given]))
        if any(not SHORTEST <= minutes <= LONGEST for minutes in both):
            self.problems.add("bad_duration")
            self.missing.add("duration")
        elif len(both) > 1:
            self.asks["duration"] = (tuple(both), "conflict")
        if self.start is None:
            return
        if self.range_min is not None:
            self.source, minutes = "range", self.range_min
        elif given:
            self.source, minutes = "given", given[0]
        elif self.met is not None and self.day is not None:
            self.end, self.source = instants(self.day, self.met.end, self.zone)[0], "period"
            return
        elif (met := self.named_period()) is not None:
            self.source, minutes = "period", met.end - met.start
        else:
            minutes = self.world.school.default_minutes
        self.end = self.start + timedelta(minutes=minutes)

    def named_period(self) -> Met | None:
        """The period that was named beside a typed time: the time is as typed, the length is the period's."""
        if self.day is None or len(self.line.periods) != 1:
            return None
        met = self.choose.bell.on(self.day, self.line.periods[0])
        return met if isinstance(met, Met) else None

    def _repeat(self) -> None:
        rule, choose = self.line.rule, self.choose
        if rule.unsupported or self.line.days.ordinal_rule:
            self.problems.add("unsupported_repeat")
            self.missing.add("repeat")
            return
        until, usable = choose.until()
        if not choose.repeats:
            if rule.bounded or until is not None or not usable:
                self.missing.add("repeat")
            return
        if rule.several or not usable or (rule.bounded and until is not None) or (rule.weeks and rule.times):
            self.missing.add("repeat")
            return
        if until is not None and self.day is not None and until < self.day:
            self.problems.add("end_before_start")
            self.missing.add("repeat")
            return
        if rule.biweekly:
            self.asks["repeat"] = (("every_2_weeks", "twice_a_week"), "biweekly")
            return
        if rule.listed and set(choose.byday) != rule.listed:
            self.missing.add("repeat")
            return
        moved = tuple((day + self.shift) % 7 for day in choose.byday)
        self.repeat = rule.repeat(moved or ((self.day.weekday(),) if self.day is not None else ()), until)
