"""Cleaning what a platform sent, and taking spans out of it one after another."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 2000
GAP = "\x1f"
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_SIGNS = str.maketrans({"–": "-", "—": "-", "‐": "-", "−": "-", "∶": ":", "’": "'", "‘": "'", "“": '"', "”": '"'})
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp);")
_HIDDEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[^\S\x1f]+")
_FRACTION = re.compile(r"(?:(?<![\d:.])(\d)\s?)?([½¼¾])")


def clean(text: str) -> str:
    """Fractions before NFKC (which would make 11⁄2 of 1½), entities, hidden characters and dashes after it."""
    text = _FRACTION.sub(lambda found: (found[1] or "0") + _FRACTIONS[found[2]], text[:LONGEST])
    text = _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\xa0", " "), text)
    text = unicodedata.normalize("NFKC", text).replace(GAP, " ")
    return _SPACE.sub(" ", _HIDDEN.sub("", text).translate(_SIGNS)).strip()


class Rest:
    """What has not been understood yet. Taking a span leaves a gap, so that its neighbours do not join."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, taken out."""
        found = pattern.search(self.text)
        if found is not None:
            self.text = self.text[: found.start()] + f" {GAP} " + self.text[found.end() :]
        return found

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match of one pass, taken out."""
        found = list(pattern.finditer(self.text))
        if found:
            self.text = pattern.sub(f" {GAP} ", self.text)
        return found

    def has(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.text) is not None

    def words(self) -> list[str]:
        return [word.strip(".,;:!?()[]\"'@-+&/") for word in self.text.replace(GAP, " ").replace(",", " ").split()]


def near(word: str, known: str) -> bool:
    """One slip (two from seven letters on) with the same first letter."""
    if len(word) < 3 or word[:1] != known[:1]:
        return False
    return distance(word, known, 2 if len(known) >= 7 else 1)


def distance(a: str, b: str, most: int) -> bool:
    """Whether `a` becomes `b` in at most that many insertions, deletions, changes or swaps of neighbours."""
    if abs(len(a) - len(b)) > most:
        return False
    before, row = list[int](), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1] <= most
