"""Calendar dates: `22 Sept`, `9/22`, `2026-09-22`, in the order of the person's locale."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from msgspec import Struct

from bot.when.clean import DATE

BACK, AHEAD = 60, 305
_MONTH_FIRST = frozenset({"en-us"})
_DAY_FIRST = frozenset({"en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za"})

LEAD = (
    r"(?:\b(?P<lead>until|till|til|through|thru|up to|ending|ends|starting|starts|start|beginning|begins|from|as of) "
    r"(?:on )?)?"
)
BEFORE = r"(?<![\w:./@-])"
_NOT_CLOCK = r"(?!\w|[:.]\d|/|-\d| ?[ap]m(?![a-z]))"
_DAY = r"(?P<d>\d{1,2})(?P<th>st|nd|rd|th)?"
_YEAR = r",? ?(?<=[ ,])(?P<y>20\d{2})(?![\w:]|[./-]\d)"
_DAY_MONTH = LEAD + r"(?:\bthe )?" + BEFORE + _DAY + r"(?: of)? ?M(?P<m>\d\d)(?!\d)"
_MONTH_DAY = LEAD + r"M(?P<m>\d\d) ?(?:the )?" + _DAY + _NOT_CLOCK
_ISO = re.compile(
    LEAD + BEFORE + r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?:t(?=\d)|(?![\w/-]|\.\d))"
    r"|" + BEFORE + r"(?P<y2>20\d{2})(?P<m2>[01]\d)(?P<d2>[0-3]\d)(?![\w:/-]|\.\d)"
)  # fmt: skip
_TWICE = re.compile(BEFORE + r"(?P<d>\d{1,2})(?: of)? ?M(?P<m>\d\d)(?= ?(?P<d2>\d{1,2})" + _NOT_CLOCK + ")")
_MONTHS = (
    re.compile(_DAY_MONTH + _YEAR), re.compile(_DAY_MONTH), re.compile(_MONTH_DAY + _YEAR), re.compile(_MONTH_DAY),
)  # fmt: skip
# `1 dec 2nd block` names a block after its date.
_NTH_DAY = re.compile(r" ?\d{1,2}(?:st|nd|rd|th)(?!\w| (?:periods?|blocks?|pd|per|blk)(?!\w))")
_FAR_YEAR = re.compile(DATE + r",? ?20\d{2}(?![\w:]|[./-]\d)")
_SLASHED = re.compile(
    LEAD + BEFORE + r"(?:(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?(?![\w/:]|[.-]\d| ?[ap]m(?![a-z]))"
    r"|(?P<a2>\d{1,2})(?P<s>[.-])(?P<b2>\d{1,2})(?P=s)(?P<y2>\d{4})(?![\w/:-]|\.\d))"
)
_UNTIL = frozenset("until till til through thru ending ends".split()) | {"up to"}
Role = Literal["", "until", "start"]


class Day(Struct, frozen=True, kw_only=True):
    """A day that was named: the `dates` it may be, or a weekday or day of the month that the time decides."""

    dates: tuple[date, ...] = ()
    weekday: int | None = None
    month_day: int | None = None
    role: Role = ""
    reason: str = ""
    plural: bool = False


def role_of(found: re.Match[str] | None) -> Role:
    """What the word before it makes of a day: where a repeat ends, where it starts, or neither."""
    lead = found.groupdict().get("lead") if found is not None else None
    if not lead:
        return ""
    return "until" if lead in _UNTIL else "start"


def real(year: int, month: int, day: int) -> date | None:
    """The date, if there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


class Dates:
    """The calendar dates of a line. What was read is covered, so that nothing reads it twice."""

    def __init__(self, text: str, today: date, locale: str) -> None:
        self.text, self.today = text, today
        self.locale = locale.replace("_", "-").lower()
        self.found: list[Day] = []
        self.problems: set[str] = set()
        self.empty: set[str] = set()
        self.unreadable = False
        self._hours: set[int] = set()

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], bool], *of: str) -> None:
        """One pass of one pattern, which has one `of` these in it; what `read` understands is covered."""
        text = self.text
        for piece in of:
            if piece in text:
                break
        else:
            if of:
                return
        self.text = pattern.sub(lambda m: DATE * len(m[0]) if read(m) else m[0], text)

    def calendar(self) -> None:
        """Dates go first, before a clock can take their numbers."""
        self.take(_ISO, self._iso, "-", "/", ".", "20")
        self.take(_TWICE, self._twice, "M")
        for pattern in _MONTHS:
            self.take(pattern, self._month, "M")
        if _FAR_YEAR.search(self.text):
            self.unreadable = True
        self.take(_SLASHED, self._slashed, "/", "-", ".")

    def on(self, day: date, found: re.Match[str] | None = None) -> bool:
        """Keeps one certain date."""
        self.found.append(Day(dates=(day,), role=role_of(found)))
        return True

    def bad(self, problem: str, found: re.Match[str]) -> bool:
        """Keeps why a date cannot be used, and which box that leaves empty."""
        self.problems.add(problem)
        self.empty.add("repeat" if role_of(found) == "until" else "date")
        return True

    def _iso(self, found: re.Match[str]) -> bool:
        return self._dated(found, *(int(found[key] or found[f"{key}2"]) for key in "ymd"))

    def _dated(self, found: re.Match[str], year: int, month: int, day: int) -> bool:
        known = real(year, month, day)
        if known is None or year > self.today.year + 3:
            return self.bad("bad_date", found)
        if year < self.today.year - 1:
            return self.bad("past", found)
        return self.on(known, found)

    def nearby(self, month: int, day: int) -> date | None:
        """The date without a year: the one from 60 days back to 305 ahead."""
        for year in (self.today.year - 1, self.today.year, self.today.year + 1):
            known = real(year, month, day)
            if known and -BACK <= (known - self.today).days <= AHEAD:
                return known
        return None

    def _twice(self, found: re.Match[str]) -> bool:
        """`10 sept 22`: one number is the day, the other an hour. Where both ways make sense, neither is booked."""
        first, second = int(found["d"]), int(found["d2"])
        day_first = 1 <= first <= 31 and (second <= 12 or second > 31)
        month_first = 1 <= second <= 31 and first <= 12
        if (
            re.search(r"\b(?:at|around) $", self.text[max(0, found.start() - 8) : found.start()])
            or first > 31
            or (month_first and not day_first)
        ):
            self._hours.add(found.start("m"))
        elif day_first == month_first and (not day_first or self.locale not in _DAY_FIRST):
            self.unreadable = True
        return False

    def _month(self, found: re.Match[str]) -> bool:
        day_first = found.start("d") < found.start("m")
        after = found.string[found.end() : found.end() + 16]
        if day_first and (found.start("m") in self._hours or _NTH_DAY.match(after)):
            return False
        year = found.groupdict().get("y")
        if year and abs(int(year) - self.today.year) > 2:
            return False
        if year:
            return self._dated(found, int(year), int(found["m"]), int(found["d"]))
        known = self.nearby(int(found["m"]), int(found["d"]))
        if known is None:
            return self.bad("bad_date", found)
        return self.on(known, found)

    def _slashed(self, found: re.Match[str]) -> bool:
        """In the locale's order; the other one where only that is a date; both where nobody knows."""
        a, b, year = int(found["a"] or found["a2"]), int(found["b"] or found["b2"]), found["y"] or found["y2"]
        by_month, by_day = self._reading(a, b, year), self._reading(b, a, year)
        if self.locale in _MONTH_FIRST:
            either = [by_month or by_day]
        elif self.locale in _DAY_FIRST:
            either = [by_day or by_month]
        else:
            either = list(dict.fromkeys((by_month, by_day)))
        known = tuple(day for day in either if day is not None)
        if not known:
            return self.bad("bad_date", found)
        if any(not -1 <= day.year - self.today.year <= 3 for day in known):
            return self.bad("past" if known[0] < self.today else "bad_date", found)
        self.found.append(Day(dates=known, role=role_of(found), reason="date_order" if len(known) > 1 else ""))
        return True

    def _reading(self, month: int, day: int, year: str | None) -> date | None:
        if not year:
            return self.nearby(month, day)
        return real(int(year) + (2000 if len(year) == 2 else 0), month, day)
