"""Clock times, ranges and durations, as people type them."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.when.clean import Rest

_MERIDIEM = r"(?:\s?(?P<{0}>a\.?m\.?|p\.?m\.?|[ap](?![a-z])))?"
_DIGITS = r"(?P<{0}h>\d{{1,2}})(?:[:.h](?P<{0}m>\d{{2}}))?" + r"(?![\d:/])"
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_HOURS = {word: n for n, word in enumerate(_NUMBERS, 1)}
_HOUR = "|".join(_NUMBERS)
_START, _END = r"(?<![\w:./-])", r"(?![\w:])"

_RANGE = re.compile(
    _START + r"(?:from\s+)?" + _DIGITS.format("a") + _MERIDIEM.format("ap")
    + r"\s*(?:-|to\b|until\b|till\b)\s*" + _DIGITS.format("b") + _MERIDIEM.format("bp") + _END
)  # fmt: skip
_CLOCK = re.compile(
    r"(?<![\w:./-])(?:at\s+|@\s?)?(?:"
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?!\d)" + _MERIDIEM.format("p1")
    + r"|(?P<four>\d{4})(?!\d)" + _MERIDIEM.format("p4")
    + r"|(?P<hp>\d{1,2})\s?(?P<p2>a\.?m\.?|p\.?m\.?|[ap])(?![a-z])"
    + r"|(?P<ish>\d{1,2})ish|(?P<oclock>\d{1,2})\s?o'clock"
    + r")" + _END
)  # fmt: skip
_AT = re.compile(r"(?<!\w)at\s+(?P<h>\d{1,2})(?![\w:./-])")
_WORDS = re.compile(
    rf"(?<!\w)(?:at\s+)?(?:(?P<noon>noon|midday)|(?P<q>quarter|half)\s+(?P<d>past|to)\s+(?P<qh>{_HOUR}|\d{{1,2}})"
    rf"|(?P<wh>{_HOUR})\s+(?P<wm>o'clock|fifteen|thirty|forty[- ]five)|half\s+(?P<hh>\d{{1,2}}|{_HOUR}))(?!\w)"
    r"(?!\s*(?:an?\s)?h(?:ou)?r)"
)
_MINUTES = {"o'clock": 0, "fifteen": 15, "thirty": 30, "forty five": 45, "forty-five": 45}
_BAD = re.compile(r"(?<![\w/-])\d{1,3}:\d{1,3}(?![\w/])")
_DURATION = re.compile(
    r"(?<![\w:.-])(?:for\s+)?(?:about\s+)?(?:"
    r"(?P<iso>pt(?:(?P<ih>\d{1,2})h)?(?:(?P<im>\d{1,3})m)?)"
    r"|(?P<hm_h>[0-6])\s?h(?:(?:ou)?rs?)?\s?(?:and\s)?(?P<hm_m>\d{1,2})(?:\s?m(?:in(?:ute)?s?)?)?"
    r"|(?P<m>\d{1,4})\s?-?m(?:ins?|inutes?)?"
    r"|(?P<h>\d{1,2}(?:\.\d{1,2})?)\s?-?h(?:(?:ou)?rs?)?"
    r"|(?P<half>(?:0\.5|half)(?:\s+an?)?\s+h(?:ou)?rs?|half\s?hour)"
    r"|(?P<an>an?|one|two|three|four)\s+h(?:ou)?rs?(?P<anh>\s+and\s+(?:a\s+)?(?P<anf>half|quarter))?"
    r"|(?P<qh>(?:a\s+)?quarter\s+of\s+an\s+hour)"
    r")(?![\w:.])"
)
_BARE = re.compile(r"(?<![\w:./-])(\d{2,3})(?![\w:./-])")
FIRST, LAST = 7 * 60, 16 * 60 + 59


class Clock(Struct, frozen=True):
    """Minutes after midnight, each possible reading: one, or morning and evening."""

    readings: tuple[int, ...]


class Found(Struct, frozen=True, kw_only=True):
    """What stood there about the time of day. `durations` in minutes; one that cannot be is in `problems`."""

    start: Clock | None = None
    end: int | None = None
    durations: tuple[int, ...] = ()
    several: bool = False
    problems: tuple[str, ...] = ()


def durations(rest: Rest) -> tuple[tuple[int, ...], tuple[str, ...]]:
    minutes = [_minutes(found) for found in rest.take_all(_DURATION)]
    fine = tuple(dict.fromkeys(m for m in minutes if 5 <= m <= 240))
    return fine, ("bad_duration",) if len(fine) < len(set(minutes)) else ()


def _minutes(found: re.Match[str]) -> int:
    g = found.groupdict()
    if g["iso"]:
        return int(g["ih"] or 0) * 60 + int(g["im"] or 0)
    if g["hm_h"]:
        return int(g["hm_h"]) * 60 + int(g["hm_m"])
    if g["m"]:
        return int(g["m"])
    if g["h"]:
        return round(float(g["h"]) * 60)
    if g["half"]:
        return 30
    if g["qh"]:
        return 15
    hours = {"a": 1, "an": 1}.get(g["an"]) or _HOURS[g["an"]]
    return hours * 60 + (30 if g["anf"] == "half" else 15 if g["anf"] else 0)


def clock(rest: Rest, locale: str) -> Found:
    """The time or the range, taken out; two different times are no time."""
    span = rest.take(_RANGE)
    if span is not None:
        return _range(span)
    found = [_digits(match) for match in rest.take_all(_CLOCK)]
    found += [_in_words(match, locale) for match in rest.take_all(_WORDS)]
    if not found:
        found += [_read(match["h"], 0, "") for match in rest.take_all(_AT)]
    bad = bool(rest.take_all(_BAD)) or any(reading is None for reading in found)
    known = list(dict.fromkeys(reading for reading in found if reading is not None))
    if bad:
        return Found(problems=("bad_time",))
    if len(known) > 1:
        return Found(several=True)
    return Found(start=known[0] if known else None)


def bare_minutes(rest: Rest) -> tuple[int, ...]:
    """A bare 15 to 180 in fives, once a time is known."""
    found = [int(match[1]) for match in _BARE.finditer(rest.text)]
    fine = tuple(n for n in dict.fromkeys(found) if 15 <= n <= 180 and n % 5 == 0)
    if len(found) == len(fine) and fine:
        rest.take_all(_BARE)
        return fine
    return ()


def _digits(match: re.Match[str]) -> Clock | None:
    g = match.groupdict()
    if g["four"]:
        whole = int(g["four"])
        exact = g["four"].startswith("0") or whole >= 1300
        return _read(
            g["four"][:2].lstrip("0") or "0" if not exact else g["four"][:2], whole % 100, g["p4"] or "", exact=exact
        )
    if g["hp"]:
        return _read(g["hp"], 0, g["p2"])
    if g["ish"] or g["oclock"]:
        return _read(g["ish"] or g["oclock"], 0, "")
    return _read(g["h"], int(g["m"]), g["p1"] or "")


def _read(hour: str, minute: int, meridiem: str, *, exact: bool = False) -> Clock | None:
    """As typed with am or pm; 24 hours with a leading zero, 0, or from 13 on; else both readings."""
    h = int(hour)
    if h > 23 or minute > 59:
        return None
    if meridiem:
        if not 1 <= h <= 12:
            return Clock((h * 60 + minute,)) if h > 12 and meridiem.startswith("p") else None
        return Clock(((h % 12 + (12 if meridiem.startswith("p") else 0)) * 60 + minute,))
    if exact or (len(hour) == 2 and hour.startswith("0")) or h == 0 or h >= 13:
        return Clock((h * 60 + minute,))
    both = ((h % 12) * 60 + minute, (h % 12 + 12) * 60 + minute)
    usual = tuple(reading for reading in both if FIRST <= reading <= LAST)
    return Clock(usual or both)


def _in_words(match: re.Match[str], locale: str) -> Clock | None:
    g = match.groupdict()
    if g["noon"]:
        return Clock((12 * 60,))
    if g["q"]:
        hour = _HOURS.get(g["qh"]) or int(g["qh"])
        shift = {"quarter": 15, "half": 30}[g["q"]]
        if not 1 <= hour <= 12:
            return None
        return _read(str(hour), shift, "") if g["d"] == "past" else _read(str((hour - 2) % 12 + 1), 60 - shift, "")
    if g["wh"]:
        return _read(str(_HOURS[g["wh"]]), _MINUTES[g["wm"]], "")
    if locale in ("en-GB", "en-IE", "en-AU", "en-NZ"):
        hour = _HOURS.get(g["hh"]) or int(g["hh"])
        return _read(str(hour), 30, "") if 1 <= hour <= 12 else None
    return None


def _range(span: re.Match[str]) -> Found:
    """The start takes the end's am or pm unless that puts it after the end."""
    g = span.groupdict()
    start_p, end_p = g["ap"] or "", g["bp"] or ""
    end = _all_readings(g["bh"], int(g["bm"] or 0), end_p)
    start = _read(g["ah"], int(g["am"] or 0), start_p)
    if end_p and not start_p and end:
        same = _read(g["ah"], int(g["am"] or 0), end_p)
        start = same if same and same.readings[0] < end[0] else start
    if start is None or not end:
        return Found(problems=("bad_time",))
    if len(start.readings) > 1:
        return Found(start=start, end=end[-1])
    later = tuple(reading for reading in end if reading > start.readings[0])
    if not later:
        return Found(start=start, problems=("end_before_start",))
    return Found(start=start, end=min(later))


def _all_readings(hour: str, minute: int, meridiem: str) -> tuple[int, ...]:
    read = _read(hour, minute, meridiem)
    if read is None:
        return ()
    h = int(hour)
    if meridiem or h == 0 or h >= 13 or (len(hour) == 2 and hour.startswith("0")):
        return read.readings
    return (h % 12) * 60 + minute, (h % 12 + 12) * 60 + minute
