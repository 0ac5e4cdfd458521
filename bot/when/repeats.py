"""Visits that come again: weekly rules, what bounds them, and when they fall."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.when.clean import OTHER
from bot.when.values import Repeat, Slot
from bot.when.vocabulary import CODES

SCHOOL_DAYS = (0, 1, 2, 3, 4)
# Without one of these nothing is said of repeating, or of how often.
_SAID = re.compile(r"ly|month|every|each|week|alternat|times|sessions|visits|lessons|\dx|\d x|x ?\d|once|twice|day")
_ORDINAL = r"(?:O[1-9]0?|\d{1,2}(?:st|nd|rd|th)|last)"
_UNSUPPORTED = re.compile(
    r"\b(?:monthly|bimonthly|bi-monthly|quarterly|termly|yearly|annually|hourly|triweekly|semiweekly)(?![a-z])"
    r"|(?<!of )(?<!in )\b(?:every|each) (?:other |\d{1,2} |" + _ORDINAL + r" )?"
    r"(?:months?|years?|quarters?|terms?|hours?|weekends?)(?![a-z])"
    r"|\b(?:every|each) (?:other|\d{1,2}|" + _ORDINAL + r") (?:days?|(?:school|week)days?)(?![a-z])"
    r"|\b(?:every|each) " + _ORDINAL + r" (?=weeks?|W)"
    r"|\b(?:once|twice|\d times|3x) (?:a|per|every|each) (?:month|term|year|day)(?![a-z])"
    r"|\b(?:twice|\d times) (?:a|per|every|each) week(?![a-z])"
)  # fmt: skip
_OF_MONTH = re.compile(r"\b(?:of|in) (?:the|every|each) month\b")
_BIWEEKLY = re.compile(r"\bbi-? ?weekly(?: on)?(?![a-z])")
_FORTNIGHT = re.compile(
    r"\b(?:fortnightly|(?:every|each) (?:fortnight|(?:other|alternate|alternating) weeks?)|once a fortnight)"
    r"(?: on)?(?![a-z])"
)
_WEEKS = re.compile(r"\b(?:every|each) (?P<n>\d{1,2}) weeks(?: on)?(?![a-z])")
_WEEKLY = re.compile(r"\b(?:weekly|(?:every|each) week|once a week|once per week|once every week)(?: on)?(?![a-z])")
_DAILY = re.compile(
    r"\b(?:daily|weekdays|(?:every|each) (?:single )?(?:week|school|working|work)? ?-?day)(?![a-z])|\bon weekdays\b"
)
_OTHER = re.compile(r"\b(?:every|each) (?:other|alternate)(?= W)|\balternat(?:e|ing)(?= W[1-7]s?)")
_EVERY = re.compile(r"\b(?:every|each)(?: single)?(?= (?:W|M?\x01))")
_LIST = re.compile(
    r" ?(?P<days>W[1-7]s?(?:(?:, ?and |, ?| ?[/&+-] ?| and | or | to | through | thru | )W[1-7]s?(?!\w)){0,6})(?! week)"
)
_IN_LIST = re.compile(r"(?P<to>-|to|through|thru)? ?W(?P<w>[1-7])")
_FOR_WEEKS = re.compile(r"\b(?:for |over )(?:the )?(?:next )?(?P<n>\d{1,3}|a) weeks?(?![a-z])")
_TIMES = re.compile(
    r"(?<![\w:.])(?:for )?(?:x ?(?P<a>\d{1,3})|(?P<b>\d{1,3}) ?(?:x|times|sessions|visits|lessons))(?![\w:]|\.\d)"
)


class Rule:
    """The repeat words of a line, taken out of it; the days stay for those who read days."""

    def __init__(self, text: str) -> None:
        self.said = self.biweekly = self.daily = False
        self.unsupported = False
        self.interval = 1
        self.weeks: int | None = None
        self.times: int | None = None
        self.listed: set[int] = set()
        self.several = False
        self.text = text
        if _SAID.search(text):
            self._read(text)

    def _read(self, text: str) -> None:
        self.unsupported = _OF_MONTH.search(text) is not None
        text = self._covered(_UNSUPPORTED, text, self._unsupported)
        text = self._covered(_BIWEEKLY, text, self._biweekly)
        text = self._covered(_FOR_WEEKS, text, self._for_weeks)
        text = self._covered(_TIMES, text, self._times)
        text = self._covered(_FORTNIGHT, text, lambda _: self._every(2))
        text = self._covered(_WEEKS, text, lambda m: self._every(int(m["n"])))
        text = self._covered(_WEEKLY, text, lambda _: self._every(1))
        text = self._covered(_DAILY, text, lambda _: self._daily())
        text = self._covered(_OTHER, text, lambda m: self._every(2, m))
        self.text = self._covered(_EVERY, text, lambda m: self._every(1, m))

    @staticmethod
    def _covered(pattern: re.Pattern[str], text: str, read: Callable[[re.Match[str]], None]) -> str:
        def cover(found: re.Match[str]) -> str:
            read(found)
            return OTHER * len(found[0])

        return pattern.sub(cover, text)

    def _unsupported(self, _: re.Match[str]) -> None:
        self.unsupported = True

    def _biweekly(self, _: re.Match[str]) -> None:
        self.biweekly = self.said = True

    def _for_weeks(self, found: re.Match[str]) -> None:
        n = int(found["n"]) if found["n"].isdigit() else 1
        self.several = self.several or self.weeks not in (None, n) or n == 0
        self.weeks = n

    def _times(self, found: re.Match[str]) -> None:
        n = int(found["a"] or found["b"])
        self.several = self.several or self.times not in (None, n) or n == 0
        self.times = n

    def _every(self, interval: int, found: re.Match[str] | None = None) -> None:
        self.several = self.several or (self.said and self.interval != interval and not self.biweekly) or interval == 0
        self.said, self.interval = True, interval
        days = _LIST.match(found.string, found.end()) if found is not None else None
        last = 0
        for one in _IN_LIST.finditer(days["days"] if days is not None else ""):
            weekday = int(one["w"]) - 1
            self.listed |= {(last + n) % 7 for n in range((weekday - last) % 7)} if one["to"] else set()
            self.listed.add(weekday)
            last = weekday

    def _daily(self) -> None:
        self._every(1)
        self.daily = True

    @property
    def bounded(self) -> bool:
        """Whether the line says for how long something repeats."""
        return self.weeks is not None or self.times is not None

    def repeat(self, byday: tuple[int, ...], until: date | None) -> Repeat:
        """The rule in RFC 5545's words. N weeks of several days a week are that many times more visits."""
        count = self.times
        if count is None and self.weeks is not None:
            count = -(-self.weeks // self.interval) * max(1, len(byday))
        return Repeat(
            interval=self.interval, byday=tuple(CODES[day] for day in sorted(byday)), count=count,
            until=until.isoformat() if until else None,
        )  # fmt: skip


def occurrences(slot: Slot, tz: str, most: int) -> tuple[datetime, ...]:
    """The first starts, one after another. The wall time holds across clock changes; weeks begin on Monday."""
    zone = ZoneInfo(tz)
    first = slot.start.astimezone(zone)
    rule = slot.repeat
    if rule is None:
        return (first,)
    days = sorted(CODES.index(code) for code in rule.byday) or [first.weekday()]
    last = date.fromisoformat(rule.until) if rule.until else date.max
    most = min(most, rule.count or most)
    monday = first.date() - timedelta(first.weekday())
    found: list[datetime] = []
    wall = time(first.hour, first.minute)
    while len(found) < most:
        for weekday in days:
            day = monday + timedelta(weekday)
            if day > last or len(found) == most:
                return tuple(found)
            if day >= first.date():
                found.append(first if day == first.date() else datetime.combine(day, wall, zone))
        monday += timedelta(7 * rule.interval)
    return tuple(found)
