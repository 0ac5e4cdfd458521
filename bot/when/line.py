"""One line taken apart: who, which part and role, which days, times and lengths, and what nobody understood."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.when import clock, lengths
from bot.when.bells import Bell
from bot.when.clean import DATE, LENGTH, MARKS, NOTED, OTHER, TIME, Cleaned
from bot.when.days import Days, nth
from bot.when.doubts import doubts
from bot.when.labels import LABELS
from bot.when.people import named, words_of
from bot.when.repeats import Rule
from bot.when.tidy import UNREADABLE, Tidy, in_digits
from bot.when.values import World
from bot.when.vocabulary import FILLER

_PARTS = re.compile(
    r"(?<!\w)(?:the )?(?:(?P<launch>launch)|(?P<main>main(?: lessons?)?)|(?P<menu>menu(?: options?)?)"
    r"|(?P<closure>closure|closing|close)|(?P<whole>whole(?: (?:block|lesson))?))(?!\w)"
)
_MODES = re.compile(
    r"(?<!\w)(?:(?P<take_turns>(?:take|taking) turns)|(?P<model>model(?:l?ing)?)"
    r"|(?P<eyes_ears>(?:extra )?eyes ?(?:and|&|\+|/) ?ears|extra eyes))(?!\w)"
)
_ZONE_AFTER = re.compile(
    rf"(?<={TIME}) ?(?P<z>[ecmp])(?:[sd]?t|(?:astern|entral|ountain|acific)(?: (?:standard |daylight )?time)?)(?!\w)"
)
_ZONE_ALONE = re.compile(r"[ECMP][SD]?T")
_FOREIGN = re.compile(
    r"(?<!\w)(?:gmt|utc|bst|cet|cest|eet|eest|ist|jst|[aw]est|aedt|acst|acdt|awst|ak[sd]t|ast|adt|hst|nz[sd]t|sast)"
    r"(?:[+-]\d{1,2})?(?!\w)"
)
_BARE = re.compile(rf"(?<![^\s,{MARKS}])\d{{1,3}}(?![^\s,{MARKS}])")
_BARE_NEXT = re.compile(r" \d{1,3}(?![\w:./-])")
_BARE_BEFORE = re.compile(rf"(?:^|[,{MARKS}]|(?<!\w)(?:for|about|around|approx|is|the))\s*$")
_NUMBER_BEFORE = re.compile(r"(?<![\w:./-])\d{1,2} $")
_BARE_AFTER = re.compile(rf"\s*(?:$|[,{MARKS}-]|(?:with|for|in|on|at|every|and|please|to|from|of|@)(?!\w))")


class Line:
    """What one line says, piece by piece. `doubts` are boxes for which something was said that we cannot read."""

    def __init__(self, cleaned: Cleaned, world: World, here: datetime, locale: str, *, slips: bool) -> None:
        self._here = here
        self.focus = cleaned.focus
        self.problems: set[str] = set()
        self.doubts: set[str] = set()
        self.instants: list[datetime] = []
        self.minutes: list[int] = []
        self._times: list[tuple[clock.Typed, clock.Typed | None]] = []
        self._ends: list[clock.Typed] = []
        self.zone = ""
        self._hour = (-2, 0)
        self.who, text = named(cleaned, world)
        if cleaned.pieces:
            text = "".join(self._piece(c, cleaned) for c in text)
        text = in_digits(re.sub(r"@ ?(?=\d)", " at ", text), locale)
        known = words_of(world)
        tidy = Tidy(text, known, slips=slips)
        self._tidy = tidy
        self.text = tidy.text
        self.parts = self._groups(_PARTS)
        self.modes = self._groups(_MODES)
        self.text = LABELS.sub(lambda m: NOTED * len(m[0]), self.text)
        self.rule = Rule(self.text)
        self._days(locale, world)
        self._clock()
        self._bare()
        self._zones(tidy)
        self.spans = self._spans()
        self.doubts |= doubts(
            self.text, timed=self.timed, dated=self.dated, long=bool(self.minutes), rule=self.rule.said
        )
        self.note = self._note(tidy.left(self.text, MARKS.replace(NOTED, "") + UNREADABLE), cleaned)

    def has_slips(self) -> bool:
        """Whether reading on with slips in mind would read anything else."""
        return self._tidy.has_slips()

    @property
    def dated(self) -> bool:
        """Whether any day is named, so that no other word need be one."""
        return bool(self.days.found or self.days.problems or self.instants)

    @property
    def timed(self) -> bool:
        """Whether a time is known, so that a bare number may be minutes."""
        return bool(self._times or self.periods or self.instants)

    @staticmethod
    def _note(left: list[str], cleaned: Cleaned) -> str | None:
        """The words worth keeping, as they were typed, and links."""
        words = [
            word
            for word in (typed.strip(",;" + NOTED) for typed in left)
            if (said := word.lower().strip(".:!?()")) and said not in FILLER
        ]
        links = [piece.said for piece in cleaned.pieces.values() if piece.what == "link"]
        return " ".join(word for word in (*words, *links) if word) or None

    def _piece(self, c: str, cleaned: Cleaned) -> str:
        piece = cleaned.pieces.get(c)
        if piece is None:
            return c
        if piece.what != "instant":
            return NOTED
        try:
            self.instants.append(datetime.fromtimestamp(int(piece.said[:12]), UTC))
        except (ValueError, OverflowError, OSError):
            self.problems.add("bad_date")
            self.doubts.add("date")
        return DATE

    def _groups(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """Every part or role that is named, once each."""
        names = [found.lastgroup or "" for found in pattern.finditer(self.text)]
        if not names:
            return ()
        self.text = pattern.sub(lambda m: OTHER * len(m[0]), self.text)
        return tuple(dict.fromkeys(names))

    def _days(self, locale: str, world: World) -> None:
        text = self.rule.text
        if "h" in text or "m" in text:
            text = lengths.LENGTH.sub(self._length, lengths.GLUED.sub(self._glued, text))
        days = Days(text, self._here.date(), locale)
        days.distances()
        days.calendar()
        self.bell = Bell(world.school)
        days.text, self.periods = self.bell.take(days.text)
        days.weekdays()
        self.text, self.days = days.text, days
        self.problems |= days.problems
        if days.unreadable:
            self.doubts.add("date")

    def _glued(self, found: re.Match[str]) -> str:
        """`1h15` is a length while it can be one; `10h15`, `09h15` and `at 2h30` are times."""
        past = int(found["m"] or found["m2"])
        minutes = int(found["h"]) * 60 + past
        if found["at"] or found["h"].startswith("0") or minutes > lengths.LONGEST:
            return found[0]
        if found["gap"] and past not in lengths.BARE:
            return found[0]
        self.minutes.append(minutes)
        return LENGTH * len(found[0])

    def _length(self, found: re.Match[str]) -> str:
        minutes = lengths.minutes_of(found)
        if found["lead"] or found["tail"]:
            if minutes is None or minutes > 60 * 24 * 7:
                self.problems.add("bad_date")
                self.doubts.add("date")
            else:
                now = self._here.astimezone(UTC).replace(second=0, microsecond=0).timestamp()
                self.instants.append(datetime.fromtimestamp(now + 60 * minutes, UTC))
            return DATE * len(found[0])
        if minutes is None or not lengths.SHORTEST <= minutes <= lengths.LONGEST:
            self.problems.add("bad_duration")
        else:
            self.minutes.append(minutes)
        return LENGTH * len(found[0])

    def _clock(self) -> None:
        hinted = "ning" in self.text or "noon" in self.text
        hints = list(dict.fromkeys(found["hint"] for found in clock.HINT.finditer(self.text))) if hinted else []
        self._hint = hints[0] if len(hints) == 1 else ""
        if len(hints) > 1:
            self.doubts.add("time")
        if hints:
            self.text = clock.HINT.sub(lambda m: OTHER * len(m[0]), self.text)
        if any(word in self.text for word in clock.BETWEEN):
            self.text = clock.RANGE.sub(lambda m: TIME * len(m[0]) if self._range(m) else m[0], self.text)
        if any(word in self.text for word in clock.OR):
            self.text = clock.EITHER.sub(lambda m: TIME * len(m[0]) if self._either(m) else m[0], self.text)
        self.text = clock.SINGLE.sub(lambda m: TIME * len(m[0]) if self._single(m) else m[0], self.text)
        if clock.BAD.search(self.text):
            self.problems.add("bad_time")
            self.text = clock.BAD.sub(lambda m: TIME * len(m[0]), self.text)

    def _range(self, found: re.Match[str]) -> bool:
        if found["and"] and found["lead"] != "between ":
            return False
        (start, clear), (end, clear2) = clock.typed(found, "a", self._hint), clock.typed(found, "b", self._hint)
        if not (clear or clear2 or found["lead"] or _BARE_AFTER.match(found.string, found.end())):
            return False
        self._times.append((start, end))
        return True

    def _either(self, found: re.Match[str]) -> bool:
        (first, clear), (second, clear2) = clock.typed(found, "a", self._hint), clock.typed(found, "b", self._hint)
        if not (clear or clear2 or found["lead"]):
            return False
        if second.meridiem and not first.meridiem and second.meridiem == "p" and first.hour < 7:
            first = clock.Typed(first.hour, first.minute, "p")
        self._times += [(first, None), (second, None)]
        return True

    def _single(self, found: re.Match[str]) -> bool:
        time, clear = clock.typed(found, "a", self._hint)
        lead = (found["lead"] or "").strip()
        if not clear and not lead:
            return False
        doubtful = not clear or (found["ac"] and not time.meridiem)
        if doubtful and not (
            _BARE_AFTER.match(found.string, found.end()) or _BARE_NEXT.match(found.string, found.end())
        ):
            return False
        if not clear:
            self._hour = (found.end(), time.hour)
        if lead in clock.UNTIL:
            self._ends.append(time)
        else:
            self._times.append((time, None))
        return True

    def _bare(self) -> None:
        """A bare hour where no time is known; then bare minutes, 15 to 180 in fives."""
        numbers = list(_BARE.finditer(self.text))
        hour: re.Match[str] | None = None
        if not self.timed:
            hours = (found for found in numbers if len(found[0]) < 3 and int(found[0]) <= 23)
            hour = next(filter(self._stands_alone, hours), None)
        numbers = [found for found in numbers if int(found[0]) in lengths.BARE and self._stands_alone(found)]
        if hour is not None and self._is_day_too(int(hour[0])):
            return
        if hour is not None:
            self._times.append((clock.Typed(int(hour[0]), 0, exact=len(hour[0]) == 2 and hour[0][0] == "0"), None))
            self._hour = (hour.end(), int(hour[0]))
            self._cover(hour, TIME)
        for found in numbers:
            n = int(found[0])
            if found is hour or not self.timed:
                continue
            if found.start() == self._hour[0] + 1 and n < 60:
                # `10 45` is said for 10:45 and for 45 minutes from 10.
                self._times.append((clock.Typed(self._hour[1], n), None))
            else:
                self.minutes.append(n)
            self._cover(found, LENGTH)

    def _stands_alone(self, found: re.Match[str]) -> bool:
        """Nothing beside it that it could count or belong to; `20 students` are no minutes."""
        before, after = self.text[max(0, found.start() - 12) : found.start()], found.end()
        beside = _BARE_NEXT.match(self.text, after)
        alone = _BARE_BEFORE.search(before) or _NUMBER_BEFORE.search(before[-4:])
        return bool(alone) and bool(beside or _BARE_AFTER.match(self.text, after))

    def _is_day_too(self, n: int) -> bool:
        """`tue 22` may be ten in the evening, and it may be Tuesday the 22nd."""
        weekdays = {day.weekday for day in self.days.found if day.weekday is not None}
        return n >= 13 and nth(self._here.date(), n).weekday() in weekdays

    def _cover(self, found: re.Match[str], mark: str) -> None:
        self.text = self.text[: found.start()] + mark * len(found[0]) + self.text[found.end() :]

    def _zones(self, tidy: Tidy) -> None:
        zones = {found["z"] for found in _ZONE_AFTER.finditer(self.text)}
        self.text = _ZONE_AFTER.sub(lambda m: TIME * len(m[0]), self.text)
        for typed, start in zip(tidy.typed, tidy.starts, strict=True):
            if 2 <= len(typed) <= 3 and _ZONE_ALONE.fullmatch(typed) and self.text[start : start + 1] not in MARKS:
                zones.add(typed[0].lower())
                self.text = self.text[:start] + TIME * len(typed) + self.text[start + len(typed) :]
        self.zone = next(iter(zones), "")
        if len(zones) > 1 or (zones and not self._times) or _FOREIGN.search(self.text):
            self.doubts.add("time")

    def _spans(self) -> list[clock.Span]:
        """Every time that may be meant. An end typed on its own belongs to the one start there is."""
        if self._ends:
            if len(self._times) == 1 and self._times[0][1] is None and len(self._ends) == 1:
                self._times = [(self._times[0][0], self._ends[0])]
            else:
                self.doubts.add("end")
        spans = []
        for start, end in dict.fromkeys(self._times):
            span = clock.single(start, self._hint) if end is None else clock.span(start, end, self._hint)
            if span.problem:
                self.problems.add(span.problem)
            spans.append(span)
        return [span for span in dict.fromkeys(spans) if span.options]
