"""A text as a string of symbols, one for each word, so that rules speak of words and are found at the speed of `re`.

Words that every rule treats alike share a symbol; a symbol is a private character that stands in no text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from msgspec import Struct

LONGEST = 4000

# Symbols of what is no word of a family. BOUND stands between sentences and at both ends.
BOUND, ASK, BANG, COMMA, COLON, QUOTE, SLOT, LINK, NUMBER, PERCENT, BULLET, ACRONYM, NAME, OTHER = map(
    chr, range(0xE000, 0xE00E)
)
BUILT_IN = {
    "ask": ASK, "bang": BANG, "comma": COMMA, "colon": COLON, "quote": QUOTE, "slot": SLOT, "link": LINK,
    "number": NUMBER, "percent": PERCENT, "bullet": BULLET, "acronym": ACRONYM, "name": NAME,
}  # fmt: skip
_FIRST_WORD = 0xE100

_MARKS = str.maketrans("’‘`´“”„«»–—\t\r", '\'\'\'\x27"""""––  ')
_PIECE = re.compile(
    r"(?P<link>(?:https?://|www\.)[^\s\"]+)"
    r"|(?P<quote>\"[^\"]*\"|(?<!\w)'[^'\n]*'(?!\w))"
    r"|(?P<slot>\{\w+\})"
    r"|(?P<bullet>(?:^|(?<=\n))[ ]?(?:[-*•·–]|\(?\d{1,2}[.)]|[a-z][)])[ ])"
    r"|(?P<number>[$€£]?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s|am|pm|m)?(?!\w))"
    r"|(?P<short>(?:mr|mrs|ms|mx|dr|vs|etc|sr|sra|dra|prof|e\.g|i\.e|p\.ej)\.)"
    r"|(?P<word>\w+(?:'\w+)*'?)"
    r"|(?P<mark>[?!.…\n]+|[,;:()–%¿¡])",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z]{2,6}s?")


class Alphabet(Struct, frozen=True):
    """Which symbol a word has: by itself, or by the longest beginning that rules name with a star."""

    words: Mapping[str, str]
    beginnings: Mapping[str, str]
    lengths: tuple[int, ...]
    allowed: frozenset[str]

    def symbol(self, word: str) -> str:
        if found := self.words.get(word):
            return found
        for length in self.lengths:
            if length <= len(word) and (found := self.beginnings.get(word[:length])):
                return found
        return OTHER if not word.endswith(("'", "'s")) else self.symbol(word.removesuffix("s").removesuffix("'"))


class Reading(Struct, frozen=True):
    """A text in symbols, and where each of them stands in it."""

    text: str
    codes: str
    spans: tuple[tuple[int, int], ...]
    acronyms: tuple[int, ...]

    def places(self, symbol: str) -> list[int]:
        if symbol == ACRONYM:
            return list(self.acronyms)
        return [at for at, code in enumerate(self.codes) if code == symbol]

    def between(self, first: int, last: int) -> str:
        """The words of these symbols, as they were written."""
        spans = [span for span in self.spans[first:last] if span[1] > span[0]]
        return self.text[spans[0][0] : spans[-1][1]].strip() if spans else ""


def alphabet(families: Mapping[str, Iterable[str]], allowed: frozenset[str]) -> tuple[Alphabet, dict[str, str]]:
    """The alphabet of these families of words, and all symbols of each family. `scaffold*` is any word beginning so."""
    member: dict[str, set[str]] = {}
    for family, words in families.items():
        for word in words:
            member.setdefault(word, set()).add(family)
    beginnings = {word[:-1]: names for word, names in member.items() if word.endswith("*")}
    exact = {word: set(names) for word, names in member.items() if not word.endswith("*")}
    for word, names in (*exact.items(), *beginnings.items()):
        names.update(*(beginnings.get(word[:length], ()) for length in range(2, len(word) + 1)))
    symbols: dict[frozenset[str], str] = {}
    for names in (*exact.values(), *beginnings.values()):
        symbols.setdefault(frozenset(names), chr(_FIRST_WORD + len(symbols)))
    classes = dict.fromkeys(families, "")
    for together, symbol in symbols.items():
        for family in together:
            classes[family] += symbol
    made = Alphabet(
        {word: symbols[frozenset(names)] for word, names in exact.items()},
        {word: symbols[frozenset(names)] for word, names in beginnings.items()},
        tuple(sorted({len(word) for word in beginnings}, reverse=True)),
        allowed,
    )
    return made, classes


def tidy(text: str) -> str:
    """The first 4,000 characters with straight quotes and single spaces, and nothing invisible."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].translate(_MARKS)
    if not text.isascii():
        text = "".join(c for c in text if not "\ue000" <= c <= "\uf8ff" and unicodedata.category(c) != "Cf")
    return re.sub(r" ?\n[\n ]*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()


def read(text: str, known: Alphabet) -> Reading:
    """The text in symbols. What stands in quotation marks is one of them: quoting is never a hit."""
    codes, spans, acronyms = [BOUND], [(0, 0)], []
    shouted = not any(c.islower() for c in text)
    for piece in _PIECE.finditer(text):
        what, found = piece.lastgroup, piece[0]
        if what == "word":
            code = known.symbol(found.lower())
            if not shouted and _CAPITALS.fullmatch(found) and found.removesuffix("s") not in known.allowed:
                acronyms.append(len(codes))
            elif code == OTHER and found[0].isupper() and codes[-1] != BOUND:
                code = NAME
        elif what == "mark":
            code = _mark(found)
            if code in (ASK, BANG):
                codes.append(code)
                spans.append(piece.span())
                if found.startswith("!!"):
                    codes.append(code)
                    spans.append(piece.span())
                code = BOUND
            if code == codes[-1] or not code:
                continue
        elif what == "short":
            continue
        else:
            code = BUILT_IN[what or ""]
        codes.append(code)
        spans.append(piece.span())
    if codes[-1] != BOUND:
        codes.append(BOUND)
        spans.append((len(text), len(text)))
    return Reading(text, "".join(codes), tuple(spans), tuple(acronyms))


def _mark(found: str) -> str:
    if "?" in found:
        return ASK
    if "!" in found:
        return BANG
    if found == ",":
        return COMMA
    if found in ";:()–":
        return COLON
    if found == "%":
        return PERCENT
    return "" if found in "¿¡" else BOUND
