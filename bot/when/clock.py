"""Clock times and ranges: which minutes of the day a typed time may mean."""

from __future__ import annotations

import re

from msgspec import Struct

# Without am or pm a time is the one inside these.
FROM, TO = 7 * 60, 16 * 60 + 59
LONGEST = 240
_HINTS = {"morning": (0, 12 * 60 - 1), "afternoon": (12 * 60, 18 * 60), "evening": (16 * 60, 24 * 60 - 1)}

_ATOM = (
    r"(?:(?P<{0}w>(?:12(?::00)? )?noon)|(?:(?P<{0}c>\d{{4}}|[2-9]\d{{2}})|(?P<{0}h>\d{{1,2}})"
    r"(?:[:.h](?P<{0}m>\d{{2}}))?)"
    r"(?:(?P<{0}p>[ap])(?![a-z])| ?(?P<{0}q>am|pm)(?![a-z])| (?P<{0}r>p(?!\w)|a(?= ?(?:$|[,\x01-\x06-]))))?"
    r"(?P<{0}i>-?ish)?)"
)
_OPEN = r"(?<![\w:./@])(?<!\d-)(?<![a-z]-)(?<!\d,(?=\d{1,2}h))"
_SHUT = r"(?![\w:/]|[.-]\d)"
_NO_UNIT = r"(?! ?-?(?:m|mins?|minutes?|h|hrs?|hours?|days?|weeks?|times|x)(?![a-z]))"
_LEAD = r"(?P<lead>\b(?:at|from|around|about|between|starting|start) )?"
RANGE = re.compile(
    _LEAD + _OPEN + _ATOM.format("a") + r"(?: ?- ?| (?:to|until|till|til|thru|through) |(?P<and> and ))"
    + _ATOM.format("b") + _SHUT + _NO_UNIT
)  # fmt: skip
EITHER = re.compile(
    _LEAD + _OPEN + _ATOM.format("a") + r"(?: or (?:at )?| ?/ ?)" + _ATOM.format("b") + _SHUT + _NO_UNIT
)
SINGLE = re.compile(
    r"(?P<lead>\b(?:at|from|around|about|until|till|til|ending at|ending|ends at|starting at|starting|start) )?"
    + _OPEN + _ATOM.format("a") + _SHUT + _NO_UNIT
)  # fmt: skip
HINT = re.compile(r"(?<!good )(?<!every )(?:\bin the )?\b(?P<hint>morning|afternoon|evening)(?![a-z])")
# Looks like a time and is none.
BAD = re.compile(r"(?<![\w:])\d{1,4}:\d{1,4}(?::\d{1,4})*(?: ?[ap]m?(?![a-z]))?")
# One of these stands in every range, and in every choice of two.
BETWEEN, OR = ("-", " to ", "til", "thr", " and "), (" or ", "/")
_GROUPS = {letter: tuple(letter + key for key in "wchmpqri") for letter in "ab"}
UNTIL = frozenset({"until", "till", "til", "ending", "ending at", "ends at"})


class Typed(Struct, frozen=True):
    """One time as typed. Without am, pm or a sign of 24 hours it may be before or after noon."""

    hour: int
    minute: int
    meridiem: str = ""
    exact: bool = False

    def every(self) -> tuple[int, ...]:
        """Every minute of the day that this may be; none where it is no time."""
        if self.hour > 23 or self.minute > 59:
            return ()
        if self.meridiem and 1 <= self.hour <= 12:
            return ((self.hour % 12 + (12 if self.meridiem == "p" else 0)) * 60 + self.minute,)
        if self.meridiem:
            return (self.hour * 60 + self.minute,) if self.meridiem == "p" and self.hour > 12 else ()
        if self.exact or self.hour == 0 or self.hour >= 13:
            return (self.hour * 60 + self.minute,)
        return (self.hour % 12) * 60 + self.minute, (self.hour % 12 + 12) * 60 + self.minute

    def likely(self) -> tuple[int, ...]:
        """The one in the school day; from 5:00 to 6:59 both."""
        every = self.every()
        usual = tuple(at for at in every if FROM <= at <= TO)
        return usual or every


class Span(Struct, frozen=True):
    """What one typed time or range may mean: minutes of the day, from and until."""

    options: tuple[tuple[int, int | None], ...]
    problem: str = ""


def typed(found: re.Match[str], letter: str, hint: str) -> tuple[Typed, bool]:
    """One side of a match, and whether it is clearly a time and not just a number."""
    noon, whole, hour, past, p, q, r, ish = found.group(*_GROUPS[letter])
    if noon:
        return Typed(12, 0, "p"), True
    meridiem = p or (q or "")[:1] or r or ""
    if whole:
        together = int(whole)
        exact = len(whole) == 4 and (whole[0] == "0" or together >= 1300)
        return Typed(together // 100, together % 100, meridiem, exact), True
    exact = len(hour) == 2 and hour[0] == "0"
    if not meridiem and hint and 1 <= int(hour) <= 12 and not exact:
        meridiem = "a" if hint == "morning" else "p"
    return Typed(int(hour), int(past or 0), meridiem, exact), bool(past or p or q or r or ish)


def single(time: Typed, hint: str) -> Span:
    """One time, without an end."""
    options = tuple((at, None) for at in time.likely() if _fits(at, hint))
    return Span(options, "" if options else "bad_time")


def span(start: Typed, end: Typed, hint: str) -> Span:
    """Both ends typed: the start takes the end's am or pm, unless that puts it behind the end."""
    ends, starts = end.every(), start.likely()
    if not ends or not starts:
        return Span((), "bad_time")
    if end.meridiem and not start.meridiem and not start.exact and start.hour <= 12:
        same = Typed(start.hour, start.minute, end.meridiem).every()
        starts = tuple(at for at in same if at <= ends[0]) or tuple(at for at in start.every() if at not in same)
    pairs = []
    for at in starts:
        close = [until for until in ends if 0 < until - at <= LONGEST]
        if close and _fits(at, hint):
            pairs.append((at, min(close)))
    if pairs:
        return Span(tuple(pairs))
    last = max(end.likely())
    if last > starts[0] and _fits(starts[0], hint):
        return Span(((starts[0], None),), "bad_duration")
    return Span(((starts[0], None),), "end_before_start")


def _fits(at: int, hint: str) -> bool:
    """`tuesday afternoon 10:15` contradicts itself."""
    return not hint or _HINTS[hint][0] <= at <= _HINTS[hint][1]
