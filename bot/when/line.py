"""One line taken apart: who, which part and role, which day, which time, how long, and what is left over."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from bot.when.clean import LONGEST, Rest, clean, near
from bot.when.clock import Found, bare_minutes, clock, durations
from bot.when.days import Days, days, respelled
from bot.when.people import Named, named
from bot.when.values import World

_FOCUS = re.compile(r"(?:^|[\s,;.(-])focus(?:\s+on\b|\s*[:=])(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"\"([^\"]{1,600})\"")
_PARTS = (
    (re.compile(r"(?<![\w])(?:the\s+)?(whole(?:\s+(?:block|lesson))?)(?!\w)"), "whole"),
    (re.compile(r"(?<![\w])(?:the\s+)?(main(?:\s+lesson)?)(?!\w)"), "main"),
    (re.compile(r"(?<![\w])(?:the\s+)?(launch)(?!\w)"), "launch"),
    (re.compile(r"(?<![\w])(?:the\s+)?(menu(?:\s+options?)?)(?!\w)"), "menu"),
    (re.compile(r"(?<![\w])(?:the\s+)?(closure|closing|close)(?!\w)"), "closure"),
)
_ROLES = (
    (re.compile(r"(?<!\w)(?:take|taking)\s+turns(?!\w)"), "take_turns"),
    (re.compile(r"(?<!\w)model(?:l?ing)?(?!\w)"), "model"),
    (re.compile(r"(?<!\w)(?:extra\s+)?eyes\s*(?:and|&)\s*ears(?!\w)|(?<!\w)extra\s+eyes(?!\w)"), "eyes_ears"),
)
_SPELLED = {"launch": "launch", "closure": "closure", "closing": "closure", "menu": "menu"}
_REPEAT = re.compile(
    r"(?<!\w)(?:every|each|weekly|fortnightly|biweekly|monthly|daily|x\d{1,2}|for\s+\w+\s+weeks?|until\s+(?!\d{1,2}[:.\s]?\d{0,2}(?:\s|$|[ap]))"
    r"|starting|(?:mon|tues|wednes|thurs|fri|satur|sun)days)(?!\w)"
)
_PERIOD = re.compile(
    r"(?<!\w)(?:p\d{1,2}(?:-p?\d{1,2})?|per(?:iod|\.)?\s*\d{1,2}|block\s+\w|\w\s+block|(?:\d(?:st|nd|rd|th)|first|second|third|fourth|fifth)\s+(?:period|block)"
    r"|lunch|form\s+time)(?!\w)"
)
_ZONED = re.compile(r"(?<!\w)(?:[ecmp][sd]?t|gmt|utc|bst|cet)(?!\w)")
_INSTANT = re.compile(r"<!date\^(\d{1,12})\^[^>]{0,200}>")
_DOUBTFUL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "today", "noon")
_FILLER = frozenset(
    "a an and at by for from in is of on or please the to us with i me my let's lets meet want would like".split()
)


class Line:
    """One line as far as it was taken apart."""

    def __init__(self, text: str, world: World, today: date, locale: str) -> None:
        instants = _INSTANT.findall(text[:LONGEST])
        rest = Rest(clean(_INSTANT.sub(" ", text[:LONGEST])))
        self.instant = (
            datetime.fromtimestamp(int(instants[0]), UTC) if len(instants) == 1 and len(instants[0]) < 12 else None
        )
        self.focus = _focus(rest)
        self.who: Named = named(rest, world)
        rest.text = rest.text.lower()
        self.repeats = rest.has(_REPEAT)
        self.periods = bool(rest.take_all(_PERIOD))
        self.zoned = rest.has(_ZONED)
        self.parts = _all(rest, _PARTS)
        self.roles = _all(rest, _ROLES)
        probe = Rest(rest.text)
        self.days: Days = days(probe, today, locale)
        if not self.days.found and not self.days.problems:
            respelled(rest, dated=False)
            probe = Rest(rest.text)
            self.days = days(probe, today, locale)
        rest = probe
        if not self.parts:
            self.parts = _respelled_parts(rest)
        self.minutes, self.problems = durations(rest)
        self.clock: Found = clock(rest, locale)
        if not self.minutes and (self.clock.start or self.days.minutes is not None):
            self.minutes = bare_minutes(rest)
        self.left = [word for word in rest.words() if word and word not in _FILLER]

    @property
    def confused(self) -> bool:
        """Whether something that looks like a day or a time was not understood, or two times were."""
        return (
            self.clock.several
            or self.zoned
            or any(
                any(c.isdigit() for c in word) or any(near(word, known) for known in _DOUBTFUL) for word in self.left
            )
        )


def _focus(rest: Rest) -> str | None:
    """The coach's own words, never searched for days: after `focus:`, or in quotation marks."""
    found = rest.take(_FOCUS)
    if found is not None:
        return found["rest"].strip(" \"'") or None
    quoted = rest.take(_QUOTED)
    return quoted[1].strip() or None if quoted else None


def _all(rest: Rest, known: tuple[tuple[re.Pattern[str], str], ...]) -> list[str]:
    return [name for pattern, name in known if rest.take_all(pattern)]


def _respelled_parts(rest: Rest) -> list[str]:
    for word in rest.words():
        meant = next(
            (part for name, part in _SPELLED.items() if len(word) > 3 and word.isalpha() and near(word, name)), None
        )
        if meant is not None:
            rest.take(re.compile(rf"(?<!\w){re.escape(word)}(?!\w)"))
            return [meant]
    return []
