"""Periods of the bell: `P3`, `2nd block`, `block B`, `lunch`, and runs of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from msgspec import Struct

from bot.when.clean import TIME
from bot.when.values import Period, School
from bot.when.vocabulary import CODES, KNOWN

_WORD = r"(?:periods?|blocks?|blk)"
_ID = r"(?:[0-9]{1,2}[a-g]?|[a-z])(?![\w:]|\.\d)"
_TO = r"(?P<to> ?- ?| ?& ?| ?\+ ?| ?/ ?| (?:to|through|thru|and|or) )"
_NUMBERED = re.compile(
    rf"(?<![\w:./-])(?:(?:p|pd|per)\.?(?P<p>[0-9]{{1,2}}[a-g]?)|(?:pd|per) (?P<pp>[0-9]{{1,2}}[a-g]?)"
    rf"|{_WORD} ?(?P<id>{_ID}))(?![\w:]|\.\d)"
    rf"(?:{_TO}(?P<again>(?:p|pd|per|{_WORD})\.? ?)?(?P<id2>{_ID})(?! ?[ap]m\b))?"
)
_NTH = r"(?:O\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th))"
_ORDINAL = re.compile(
    rf"(?<![\w:./-])(?P<n>{_NTH.format()})(?:{_TO}(?P<n2>{_NTH.format()}))? (?:periods?|blocks?|pd|per|blk)(?!\w)"
)
_LETTERED = re.compile(rf"(?<![\w:./-])(?P<id>{_ID}) {_WORD}(?!\w)")
_BLOCK = re.compile(r"\b(?:period|per|pd|block|blk)s? ?|^p(?=\d)")
_WORDS = re.compile(r"(?<!\w)[a-z]+(?!\w)")
_ALWAYS = ("lunch", "form time")
_PARTS = frozenset("launch main menu closure closing close whole".split())


class Asked(Struct, frozen=True):
    """A period, or a run of periods, as typed. An ordinal is the id if that meets, else the nth block of the day."""

    first: str
    last: str = ""
    ordinal: bool = False


class Met(Struct, frozen=True):
    """Where a period falls on a day: its ids for the answer, and its minutes of the day."""

    id: str
    start: int
    end: int


def minute(at: str) -> int:
    """HH:MM as minutes of the day."""
    hours, _, minutes = at.partition(":")
    return int(hours) * 60 + int(minutes)


def _key(text: str) -> str:
    return _BLOCK.sub("", " ".join(text.lower().split()))


class Bell:
    """A school's bell, asked in the words of coaches."""

    def __init__(self, school: School) -> None:
        self.exists = school.bell is not None
        # Not copied: days of a rotation are computed as they are asked for.
        self.days: Mapping[str, tuple[Period, ...]] = school.bell or {}
        periods = [period for day in self.days.values() for period in day]
        self.ids = {_key(period.id) for period in periods} | {_key(period.label) for period in periods}
        labels = {*_ALWAYS, *(period.label.lower() for period in periods)} - _PARTS - KNOWN.keys()
        self.labels = {label for label in labels if len(label) >= 4 and label.replace(" ", "").isalpha()}

    def take(self, text: str) -> tuple[str, list[Asked]]:
        """The line with every named period covered, and the periods."""
        found: list[Asked] = []

        def covered(of: Callable[[re.Match[str]], list[Asked] | None]) -> Callable[[re.Match[str]], str]:
            def cover(match: re.Match[str]) -> str:
                asked = of(match)
                found.extend(asked or ())
                return match[0] if asked is None else TIME * len(match[0])

            return cover

        text = _ORDINAL.sub(covered(self._ordinal), text)
        text = _NUMBERED.sub(covered(self._numbered), text)
        text = _LETTERED.sub(covered(self._lettered), text)
        text, labels = self._labelled(text)
        return text, list(dict.fromkeys([*found, *labels]))

    def _ordinal(self, match: re.Match[str]) -> list[Asked] | None:
        first, last = (re.sub(r"\D", "", match[key] or "") for key in ("n", "n2"))
        return self._run(Asked(first, ordinal=True), Asked(last, ordinal=True) if last else None, match["to"])

    def _numbered(self, match: re.Match[str]) -> list[Asked] | None:
        first, last = match["p"] or match["pp"] or match["id"], match["id2"]
        if last and not match["again"] and last not in self.ids:
            return None
        return self._run(Asked(first), Asked(last) if last else None, match["to"])

    def _lettered(self, match: re.Match[str]) -> list[Asked] | None:
        """`B block`; in `a block` the letter is only an article, unless there is an A."""
        return [Asked(match["id"])] if match["id"] != "a" or "a" in self.ids else None

    def _labelled(self, text: str) -> tuple[str, list[Asked]]:
        words = list(_WORDS.finditer(text))
        found: list[Asked] = []
        n = 0
        while n < len(words):
            for size in (3, 2, 1):
                last = words[min(n + size, len(words)) - 1]
                label = text[words[n].start() : last.end()]
                if label in self.labels:
                    found.append(Asked(label))
                    text = text[: words[n].start()] + TIME * len(label) + text[last.end() :]
                    n += size - 1
                    break
            n += 1
        return text, found

    def _run(self, first: Asked, last: Asked | None, to: str | None) -> list[Asked]:
        """`P3-P4` is one run; `P3 or P4` and `P3/P4` are two readings."""
        if last is None:
            return [first]
        if (to or "").strip() in ("or", "/"):
            return [first, last]
        return [Asked(first.first, last.first, first.ordinal)]

    def on(self, date_: date, asked: Asked) -> Met | str:
        """When that period meets on a date, or the problem's name. A date's own bells go before its weekday's."""
        if not self.exists:
            return "no_bell_schedule"
        own = date_.isoformat()
        day = self.days[own] if own in self.days else self.days.get(CODES[date_.weekday()], ())
        first = _meeting(day, asked.first, ordinal=asked.ordinal)
        last = _meeting(day, asked.last, ordinal=asked.ordinal) if asked.last else first
        if first is None or last is None:
            return "no_such_period"
        start, end = minute(first.start), minute(last.end)
        if end <= start:
            return "end_before_start"
        return Met(first.id if last is first else f"{first.id}-{last.id}", start, end)


def _meeting(day: tuple[Period, ...], name: str, *, ordinal: bool) -> Period | None:
    by_id = next((period for period in day if _key(period.id) == _key(name)), None)
    by_label = next((period for period in day if _key(period.label) == _key(name)), None)
    if by_id or by_label or not ordinal:
        return by_id or by_label
    blocks = [period for period in day if len(period.id) <= 2]
    n = int(name)
    return blocks[n - 1] if 1 <= n <= len(blocks) else None
