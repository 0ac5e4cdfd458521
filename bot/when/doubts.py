"""What was said and not understood: where it looks like a day, a time or a length, that box must be asked for."""

from __future__ import annotations

import re

from bot.when.clean import DATE, MARKS, TIME
from bot.when.tidy import UNREADABLE
from bot.when.vocabulary import DAY_NAMES, meant

# A day or time said only to be ruled out, or to be told before or after it, is not the one that was meant.
_HEDGED = re.compile(
    r"(?<!\w)(?:not|except|excluding|instead of|unless|before|after|by|skip|skipping|avoid|cannot|can't|without)"
    rf"(?: (?:on|at|the))? ?(?P<what>[{DATE}{TIME}])"
)
_WORDS = re.compile(rf"[^\s,{MARKS}]+")
_DATES = frozenset("week weeks month months weekend weekends fortnight tonight yesterday".split())
_LENGTHS = frozenset("min mins minute minutes hour hours hr hrs h".split())
_TIMES = frozenset("pm o'clock midnight midday noon".split())
_REPEATS = frozenset("every repeat repeats repeating recurring weekly".split())
_UNTIL = frozenset("until till til through thru".split())
_EVERYDAY_MONTHS = frozenset({"M03", "M05"})
_CLOCKLIKE = re.compile(r"\d[:.h]\d|\d ?[ap]m?$|^p\d")
_DATELIKE = re.compile(r"/|\d(?:st|nd|rd|th)|20\d\d|M\d\d|W\d")
_LENGTHLIKE = re.compile(r"\d ?(?:m|min|h)")


def doubts(text: str, *, timed: bool, dated: bool, long: bool, rule: bool) -> set[str]:
    """The boxes that something on the line was meant for, without our knowing what it says."""
    found = {"date" if hedged["what"] == DATE else "time" for hedged in _HEDGED.finditer(text)}
    if UNREADABLE in text:
        found.add("time")
    for word in dict.fromkeys(_WORDS.findall(text)):
        found |= _doubt(word.strip("-.'\""), timed=timed, dated=dated, long=long, rule=rule)
    return found


def _doubt(word: str, *, timed: bool, dated: bool, long: bool, rule: bool) -> set[str]:
    if any(c.isnumeric() for c in word):
        if word[0] == "O" and word[1:].isdigit():
            return set()
        if _CLOCKLIKE.search(word):
            return {"time"}
        if word in _EVERYDAY_MONTHS:
            return set() if dated else {"date"}
        if _DATELIKE.search(word):
            return {"date"}
        if _LENGTHLIKE.search(word):
            return {"duration"}
        return {"time" if not timed else "date" if not dated else "time" if long else "duration"}
    if word in _UNTIL:
        return {"repeat"} if rule else {"end"}
    for words, box in ((_DATES, "date"), (_LENGTHS, "duration"), (_TIMES, "time"), (_REPEATS, "repeat")):
        if word in words:
            return {box}
    if len(word) >= 5 and word.isalpha() and meant(word, DAY_NAMES):
        return {"date"}
    return set()
