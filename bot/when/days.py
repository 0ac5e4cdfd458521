"""Days as people name them: weekdays near and next, `the 22nd`, and distances from today."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

from bot.when.clean import Rest, clean
from bot.when.dates import BEFORE, LEAD, Dates, Day, Role, role_of
from bot.when.tidy import Tidy, in_digits

_UNITS = {"day": 1, "week": 7, "fortnight": 14}
_FROM = re.compile(
    r"(?:\b(?P<lead>starting|beginning|until) )?(?:\b(?P<n>\d{1,3}|an?) )?\b(?P<u>week|day|fortnight)s? "
    r"(?:(?P<way>from on|from|after|on) )?(?:(?P<rel>today|tomorrow|now)(?![a-z])|W(?P<w>[1-7])(?!\w))"
)
_IN = re.compile(
    r"\b(?:(?P<lead>starting|beginning) )?in (?P<n>\d{1,4}|an?) (?P<u>day|week|fortnight)s?'?(?: time)?(?![a-z])"
)
_REL_WEEK = re.compile(r"\b(?P<rel>today|tomorrow) week(?![a-z])")
_AFTER_TOMORROW = re.compile(r"\b(?:the )?day after tomorrow\b")
_THIS_PART = re.compile(r"\bthis (?=(?:morning|afternoon|evening)(?![a-z]))")
_REL = re.compile(LEAD + r"(?<![\w@])(?P<rel>today|tomorrow|yesterday)(?:'s)?(?![a-z])")
_WEEK = re.compile(
    r"(?:\b(?P<lead>starting|beginning|from) )?(?:\b(?:of|in|on|during) )?"
    r"(?:\b(?:the )?week (?P<after>after next)|\b(?:the )?(?P<which>next|this) week(?:'s)?)(?![a-z])"
)
_ORDINAL = r"(?:O[1-5]|[1-5](?:st|nd|rd|th))"
_ORDINAL_DAY = re.compile(
    rf"(?:\b(?:every|each|the) )?(?<!\w)(?:{_ORDINAL}(?:(?:,| and| &)? {_ORDINAL})?|last(?= W[1-7]s? (?:of|in))) "
    r"W[1-7](?P<s>s?)(?: (?:of|in) (?:the |each |every )?(?:month|M\d\d)?)?"
)
_NTH = re.compile(
    LEAD + r"(?:\bon the |\bthe )?" + BEFORE + r"(?P<d>\d{1,2})(?:st|nd|rd|th)(?![\w:])"
    r"|\bon the (?P<d2>\d{1,2})(?![\w:]|[.-]\d| ?(?:am|pm|min|hour))"
)  # fmt: skip
_RANGE = re.compile(r"(?:\bfrom )?(?<!\w)W(?P<a>[1-7])s?(?: ?- ?| (?:to|through|thru) )W(?P<b>[1-7])s?(?!\w)")
_DAY = re.compile(
    LEAD + r"(?:\b(?P<mod>this coming|this|next|last|past|coming|on|the) )?(?<![\w@])W(?P<w>[1-7])(?P<s>s?)"
    r"(?P<week> week(?![\w-])(?! \d{1,2}(?![\w:.]| ?[ap]m?(?!\w))))?(?!\w)"
)


class Days(Dates):
    """Everything on a line that names a day."""

    def __init__(self, text: str, today: date, locale: str) -> None:
        super().__init__(text, today, locale)
        self.week: int | None = None
        self.ordinal_rule = False

    def distances(self) -> None:
        """What is counted from today, or from a weekday."""
        self.take(_FROM, self._from, *_UNITS)
        self.take(_IN, self._in, *_UNITS)
        self.take(_REL_WEEK, lambda m: self.on(self._named(m["rel"]) + timedelta(7)), "week")
        self.take(_AFTER_TOMORROW, lambda _: self.on(self.today + timedelta(2)), "after")
        self.take(_THIS_PART, lambda _: self.on(self.today), "this ")
        self.take(_REL, lambda m: self.on(self._named(m["rel"]), m), "day", "tomorrow")

    def weekdays(self) -> None:
        """Weekdays with all that may stand before and behind them, and `the 22nd`."""
        self.take(_ORDINAL_DAY, self._ordinal_day, "W")
        self.take(_NTH, self._nth, "st", "nd", "rd", "th")
        self.take(_WEEK, self._calendar_week, "week")
        self.take(_RANGE, self._range, "W")
        self.take(_DAY, self._day, "W")

    def _named(self, word: str) -> date:
        return self.today + timedelta({"yesterday": -1, "tomorrow": 1}.get(word, 0))

    def _from(self, found: re.Match[str]) -> bool:
        if found["u"] == "day" and (found["way"] in (None, "on") or found["n"] is None):
            return False
        if found["way"] is None and (found["w"] or found["n"] is None):
            return False
        n = 1 if (found["n"] or "a").startswith("a") else int(found["n"])
        base = self._named(found["rel"]) if found["rel"] else after(self.today, int(found["w"]) - 1)
        return self.on(base + timedelta(n * _UNITS[found["u"]]), found)

    def _in(self, found: re.Match[str]) -> bool:
        days = (int(found["n"]) if found["n"].isdigit() else 1) * _UNITS[found["u"]]
        if days > 3 * 366:
            return self.bad("bad_date", found)
        return self.on(self.today + timedelta(days), found)

    def _calendar_week(self, found: re.Match[str]) -> bool:
        weeks = 2 if found["after"] else 1 if found["which"] == "next" else 0
        if found["lead"]:
            monday = self.today - timedelta(self.today.weekday())
            self.found.append(Day(dates=(max(self.today, monday + timedelta(7 * weeks)),), role="start"))
            return True
        self.unreadable = self.unreadable or self.week not in (None, weeks)
        self.week = weeks
        return True

    def _ordinal_day(self, found: re.Match[str]) -> bool:
        """`first monday of the month` is a rule we do not keep; `first monday in october` a date we cannot read."""
        if found["s"] or re.search(r"\b(?:every|each|month)", found[0]):
            self.ordinal_rule = True
        else:
            self.unreadable = True
        return True

    def _nth(self, found: re.Match[str]) -> bool:
        day = int(found["d"] or found["d2"])
        if not 1 <= day <= 31:
            return self.bad("bad_date", found)
        self.found.append(Day(month_day=day, role=role_of(found)))
        return True

    def _range(self, found: re.Match[str]) -> bool:
        first, last = int(found["a"]) - 1, int(found["b"]) - 1
        self.found.extend(Day(weekday=(first + n) % 7) for n in range((last - first) % 7 + 1))
        return True

    def _day(self, found: re.Match[str]) -> bool:
        weekday, mod, role = int(found["w"]) - 1, found["mod"], role_of(found)
        soon = after(self.today, weekday)
        monday = self.today - timedelta(self.today.weekday())
        if found["week"]:
            self.unreadable = self.unreadable or mod in ("next", "last", "past", "this")
            return self.on(soon + timedelta(7), found)
        if mod in ("last", "past"):
            return self.on(soon - timedelta(14 if weekday == self.today.weekday() else 7), found)
        if mod == "this":
            return self.on(monday + timedelta(weekday), found)
        if mod == "next":
            return self._next(soon, monday + timedelta(7 + weekday), role)
        if role == "until":
            return self.on(soon, found)
        self.found.append(Day(weekday=weekday, role=role, plural=bool(found["s"])))
        return True

    def _next(self, soon: date, calendar: date, role: Role) -> bool:
        """The first one after today and that of next week: one day where they agree, else a question."""
        both = tuple(dict.fromkeys((soon, calendar)))
        self.found.append(Day(dates=both, weekday=soon.weekday(), role=role, reason="next_weekday"))
        return True


class Named(Struct, frozen=True):
    """A day in somebody's words: a `bare` weekday, or the dates it may be."""

    days: tuple[date, ...]
    bare: int | None = None


class Found(Struct, frozen=True):
    found: tuple[Named, ...]


def days(rest: Rest, today: date, locale: str) -> Found:
    """The days a text names, for conversations that only want a day; nothing where one of them cannot be read."""
    line = Days(Tidy(in_digits(clean(rest.text), locale), frozenset(), slips=False).text, today, locale)
    line.distances()
    line.calendar()
    line.weekdays()
    if line.problems or line.unreadable or line.ordinal_rule or re.search(r"\d", line.text):
        return Found(())
    return Found(tuple(dict.fromkeys(_named(day, today) for day in line.found)))


def _named(day: Day, today: date) -> Named:
    if day.month_day is not None:
        return Named((nth(today + timedelta(1), day.month_day),))
    return Named(day.dates, None if day.dates else day.weekday)


def after(day: date, weekday: int) -> date:
    """The first such weekday after that day."""
    return day + timedelta((weekday - day.weekday() - 1) % 7 + 1)


def nth(day: date, month_day: int) -> date:
    """The first day from that one on with this number in its month."""
    while day.day != month_day:
        day += timedelta(1)
    return day
