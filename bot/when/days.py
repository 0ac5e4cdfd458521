"""Days: weekdays near and next, dates in either order, and distances from today."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

from bot.when.clean import Rest, near

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_W = r"(?P<{0}>mon|tues?|wed(?:nes)?|weds|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_M = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_B, _E = r"(?<![\w@./:-])", r"(?![\w])"
_COUNT = r"(?P<n>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight)"
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}

_ISO = re.compile(_B + r"(\d{4})-(\d{1,2})-(\d{1,2})" + r"(?![\w-])")
_SLASHED = re.compile(_B + r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?" + r"(?![\w/])")
_MONTH_DAY = re.compile(
    _B + _M.format("m") + r"\.?\s+(?:the\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y>20\d{2}))?(?![\w:]|\.\d)"
)
_DAY_MONTH = re.compile(
    _B
    + r"(?:the\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?"
    + _M.format("m")
    + r"\.?(?:,?\s+(?P<y>20\d{2}))?"
    + _E
)
_THE_DAY = re.compile(_B + r"(?:the\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)(?!\s+(?:period|block|hour))" + _E)
_FROM = re.compile(_B + _COUNT + r"\s+weeks?\s+from\s+" + _W.format("w") + _E)
_WEEK = re.compile(_B + r"(?:" + _W.format("w") + r"\s+week|week\s+(?:on\s+)?" + _W.format("v") + r")" + _E)
_NEXT_WEEK = re.compile(
    _B + r"(?:" + _W.format("w") + r"\s+(?:of\s+)?next\s+week|next\s+week,?\s+(?:on\s+)?" + _W.format("v") + r")" + _E
)
_NEXT = re.compile(_B + r"next\s+" + _W.format("w") + _E)
_THIS = re.compile(_B + r"this\s+(?:coming\s+)?" + _W.format("w") + _E)
_IN_DAYS = re.compile(_B + r"in\s+" + _COUNT + r"\s+(?P<u>day|week)s?" + _E)
_IN_TIME = re.compile(_B + r"in\s+" + _COUNT + r"\s*(?P<u>min(?:ute)?|h(?:ou)?r)s?" + _E)
_TODAY = re.compile(_B + r"(today|tonight|tomorrow|tmrw|tmw|tomorow)" + _E)
_DAY = re.compile(r"(?<![\w@.-])(?:on\s+)?" + _W.format("w") + r"(?P<s>s)?" + _E)
_BEFORE, _AHEAD = 60, 305


class Day(Struct, frozen=True, kw_only=True):
    """One day, or several that it may be. `bare` is a weekday alone: today included while the time is ahead."""

    days: tuple[date, ...] = ()
    bare: int | None = None
    reason: str = ""


class Days(Struct, frozen=True, kw_only=True):
    found: tuple[Day, ...] = ()
    weekday: int | None = None
    minutes: int | None = None
    problems: tuple[str, ...] = ()


def days(rest: Rest, today: date, locale: str) -> Days:
    """Every day that is named, taken out of the line; elapsed minutes for `in 90 minutes`."""
    found: list[Day] = []
    problems: list[str] = []
    elapsed = rest.take(_IN_TIME)
    for match in rest.take_all(_ISO):
        _add(found, problems, _date(int(match[1]), int(match[2]), int(match[3])))
    for pattern in (_MONTH_DAY, _DAY_MONTH):
        for match in rest.take_all(pattern):
            month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["m"][:3]))
            _add(found, problems, _dated(today, month, int(match["d"]), match["y"]))
    for match in rest.take_all(_SLASHED):
        _slashed(found, problems, match, today, locale)
    exact = bool(found) or bool(problems)
    relative = _relative(rest, today)
    weekdays = [_weekday(match["w"]) for match in rest.take_all(_DAY)]
    for match in [] if exact else rest.take_all(_THE_DAY):
        _add(found, problems, _ordinal(today, int(match["d"])))
    found += relative
    typed = list(dict.fromkeys(weekdays))
    if found and not relative and len(typed) == 1:
        return Days(found=tuple(found), weekday=typed[0], minutes=_elapsed(elapsed), problems=tuple(problems))
    found += [Day(bare=weekday) for weekday in typed]
    return Days(found=tuple(dict.fromkeys(found)), minutes=_elapsed(elapsed), problems=tuple(problems))


def _elapsed(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    return _count(match["n"]) * (60 if match["u"].startswith("h") else 1)


def _count(word: str) -> int:
    return _NUMBERS.get(word) or int(word)


def _weekday(word: str) -> int:
    return next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(word[:3]))


def _add(found: list[Day], problems: list[str], day: date | None) -> None:
    if day is None:
        problems.append("bad_date")
    else:
        found.append(Day(days=(day,)))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _dated(today: date, month: int, day: int, year: str | None = None) -> date | None:
    """Without a year: the one that puts it within 60 days back to 305 ahead."""
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    tries = [_date(today.year + n, month, day) for n in (-1, 0, 1)]
    first, last = today - timedelta(days=_BEFORE), today + timedelta(days=_AHEAD)
    return next((one for one in tries if one is not None and first <= one <= last), None)


def _ordinal(today: date, day: int) -> date | None:
    """The next 22nd."""
    if not 1 <= day <= 31:
        return None
    for n in range(13):
        month = today.month - 1 + n
        one = _date(today.year + month // 12, month % 12 + 1, day)
        if one is not None and one >= today:
            return one
    return None


def _slashed(found: list[Day], problems: list[str], match: re.Match[str], today: date, locale: str) -> None:
    """The order of the locale; the other one where only that is a real date; both where the order is not known."""
    a, b, year = int(match[1]), int(match[2]), match[3]
    month_first, day_first = _dated(today, a, b, year), _dated(today, b, a, year)
    if locale == "en-US":
        _add(found, problems, month_first or day_first)
    elif locale in ("en-GB", "en-AU", "en-NZ", "en-IE", "en-IN", "en-ZA"):
        _add(found, problems, day_first or month_first)
    elif month_first and day_first and month_first != day_first:
        found.append(Day(days=(month_first, day_first), reason="date_order"))
    else:
        _add(found, problems, month_first or day_first)


def _relative(rest: Rest, today: date) -> list[Day]:
    """Days counted from today, and weekdays of this week and the next."""
    monday = today - timedelta(days=today.weekday())

    def in_week(match: re.Match[str], weeks: int) -> date:
        return monday + timedelta(days=7 * weeks + _weekday(match["w"] or match["v"]))

    def weeks_on(match: re.Match[str]) -> date:
        return _after(today + timedelta(weeks=_count(match["n"])), _weekday(match["w"]))

    def a_week_on(match: re.Match[str]) -> date:
        return _after(today + timedelta(weeks=1), _weekday(match["w"] or match["v"]))

    def counted(match: re.Match[str]) -> date:
        return today + timedelta(days=_count(match["n"]) * (7 if match["u"] == "week" else 1))

    def named(match: re.Match[str]) -> date:
        return today + timedelta(days=0 if match[1] in ("today", "tonight") else 1)

    days = [weeks_on(match) for match in rest.take_all(_FROM)]
    days += [in_week(match, 1) for match in rest.take_all(_NEXT_WEEK)]
    days += [a_week_on(match) for match in rest.take_all(_WEEK)]
    nexts = [_next(today, _weekday(match["w"])) for match in rest.take_all(_NEXT)]
    days += [monday + timedelta(days=_weekday(match["w"])) for match in rest.take_all(_THIS)]
    days += [counted(match) for match in rest.take_all(_IN_DAYS)]
    days += [named(match) for match in rest.take_all(_TODAY)]
    return [*(Day(days=(day,)) for day in days), *nexts]


def _next(today: date, weekday: int) -> Day:
    """The first such day after today, or that of next week: one where they are the same, else a question."""
    calendar = today + timedelta(days=7 - today.weekday() + weekday)
    return Day(days=tuple(dict.fromkeys((_after(today, weekday), calendar))), reason="next_weekday")


def _after(day: date, weekday: int) -> date:
    """The first such weekday after that day."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def respelled(rest: Rest, dated: bool) -> None:
    """One slip in a weekday, today or tomorrow; a month only beside a day number."""
    words = rest.text.split(" ")
    for n, word in enumerate(words):
        bare = word.strip(".,")
        if len(bare) < 4 or not bare.isalpha() or bare in _WEEKDAYS or bare in _MONTHS or dated:
            continue
        beside = any(w.strip(".,").rstrip("stndrh").isdigit() for w in words[max(0, n - 1) : n + 2])
        known = (*_WEEKDAYS, "today", "tomorrow", *(_MONTHS if beside else ()))
        meant = next((one for one in known if near(bare, one)), None)
        if meant is not None:
            words[n] = meant
    rest.text = " ".join(words)
