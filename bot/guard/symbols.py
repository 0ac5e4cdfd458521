"""A text as a string of symbols, one for each word, so that rules speak of words and are found at the speed of `re`.

Words that every rule treats alike share a symbol; a symbol is a private character that stands in no text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

LONGEST = 4000

# Symbols of what is no word of a family. BOUND stands between sentences and at both ends.
BOUND, ASK, BANG, COMMA, COLON, QUOTE, SLOT, LINK, NUMBER, PERCENT, BULLET, ACRONYM, NAME, OTHER = map(
    chr, range(0xE000, 0xE00E)
)
BUILT_IN = {
    "ask": ASK, "bang": BANG, "comma": COMMA, "colon": COLON, "quote": QUOTE, "slot": SLOT, "link": LINK,
    "digits": NUMBER, "sign": PERCENT, "bullet": BULLET, "acronym": ACRONYM, "name": NAME,
}  # fmt: skip
_FIRST_WORD = 0xE100

_ENDS = "?!.…\n"
_POINTS = {",": COMMA, ";": COLON, ":": COLON, "(": COLON, ")": COLON, "–": COLON, "%": PERCENT, "¿": "", "¡": ""}
_MARKS = str.maketrans("’‘`´“”„«»–—\t\r", '\'\'\'\x27"""""––  ')
_PIECE = re.compile(
    r"(?:(?:https?://|www\.)[^\s\"]+"
    r"|(?:\w[\w-]{0,40}\.){1,4}(?-i:com|org|net|edu|gov|info|io|uk|es|mx|ar|cl|co|(?:ly|gl|be|app|me|us)(?=/))"
    r"(?!\w|[.]\w)(?:/[^\s\",]*)?)"
    r"(?<![.,;:!?)])"
    r"|\"[^\"]*\"|(?<!\w)'[^'\n]*'(?!\w)"
    r"|\{\w+\}"
    r"|(?:^|(?<=\n))(?:[-*•·–]|\(?\d{1,2}[.)]|[a-z]\)) "
    r"|[$€£]?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s|am|pm|m)?(?!\w)"
    r"|(?:mr|mrs|ms|mx|dr|vs|etc|sr|sra|dra|prof|e\.g|i\.e|p\.ej)\."
    r"|\w+(?:'\w+)*'?"
    r"|[?!.…\n]+|[,;:()–%¿¡]",
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


class Reading:
    """A text in symbols. `known` says of each of its pieces which symbols it became."""

    def __init__(self, text: str, codes: str, known: Mapping[str, str], acronym: str) -> None:
        self.text, self.codes, self._known, self._acronym = text, codes, known, acronym

    def repeated(self, symbol: str, least: int) -> str:
        """From the first to the last of so many, as they were written; nothing if there are fewer."""
        if symbol == ACRONYM:
            return self._acronym
        if self.codes.count(symbol) < least:
            return ""
        places = [at for at, code in enumerate(self.codes) if code == symbol]
        return self.between(places[0], places[least - 1] + 1)

    def between(self, first: int, last: int) -> str:
        """The words of these symbols, as they were written."""
        starts, spans = self._places
        one, other = max(bisect_right(starts, first) - 1, 0), bisect_left(starts, last) - 1
        return self.text[spans[one][0] : spans[other][1]].strip(" \n") if one <= other else ""

    @cached_property
    def _places(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Where the symbols of each piece begin, and where it stands in the text. Most texts are never asked."""
        pieces = list(_PIECE.finditer(self.text))
        lengths = [len(self._known[piece[0]]) for piece in pieces]
        return list(accumulate(lengths, initial=1))[:-1], [piece.span() for piece in pieces]


def alphabet(
    families: Mapping[str, Iterable[str]], allowed: frozenset[str], spellings: Mapping[str, str]
) -> tuple[Alphabet, dict[str, str]]:
    """The alphabet of these families of words, and all symbols of each family. `scaffold*` is any word beginning so."""
    member: dict[str, set[str]] = {}
    for family, words in families.items():
        for word in words:
            member.setdefault(word, set()).add(family)
    beginnings = {word[:-1]: names for word, names in member.items() if word.endswith("*")}
    exact = {word: set(names) for word, names in member.items() if not word.endswith("*")}
    for spelling, word in spellings.items():
        exact.setdefault(spelling, set()).update(exact.get(word, ()))
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
    text = text[:LONGEST]
    if not text.isascii():
        text = _composed(text).translate(_MARKS)
        text = "".join(c for c in text if not "\ue000" <= c <= "\uf8ff" and unicodedata.category(c) != "Cf")
    return re.sub(r" ?\n[\n ]*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()


def _composed(text: str) -> str:
    """NFKC, no longer than it was: one character may stand for eighteen."""
    pieces, length = [], 0
    for at in range(0, len(text), 200):
        pieces.append(unicodedata.normalize("NFKC", text[at : at + 200]))
        length += len(pieces[-1])
        if length >= LONGEST:
            break
    return "".join(pieces)[:LONGEST]


def read(text: str, alphabet: Alphabet) -> Reading:
    """The text in symbols. What stands in quotation marks is one of them: quoting is never a hit."""
    shouted = text.isupper()
    known: dict[str, str] = {}
    codes = [BOUND]
    acronym = ""
    for piece in _PIECE.findall(text):
        if (code := known.get(piece)) is None:
            code = known[piece] = (piece.isalpha() and alphabet.words.get(piece)) or _symbols(piece, alphabet)
            if not (acronym or shouted) and _CAPITALS.fullmatch(piece) and _bare(piece) not in alphabet.allowed:
                acronym = piece
        codes.append(code)
    codes.append(BOUND)
    # A capital at the start of a sentence makes no name.
    return Reading(text, "".join(codes).replace(BOUND + NAME, BOUND + OTHER), known, acronym)


def _bare(piece: str) -> str:
    return piece.removesuffix("s")


def _symbols(piece: str, alphabet: Alphabet) -> str:
    """What a piece of text becomes. The end of a sentence is a symbol of its own, after its mark."""
    first, last = piece[0], piece[-1]
    if last == " ":
        return BULLET
    if first in "\"'":
        return QUOTE
    if first == "{":
        return SLOT
    if first in _ENDS:
        return (ASK if "?" in piece else (BANG * 2 if "!!" in piece else BANG) if "!" in piece else "") + BOUND
    if first in _POINTS:
        return _POINTS[first]
    if first.isdigit() or first in "$€£":
        return NUMBER
    if last == ".":
        return "" if (title := alphabet.symbol(piece[:-1].lower())) == OTHER else title
    lowered = piece.lower()
    if lowered.startswith(("http://", "https://", "www.")) or "." in piece:
        return LINK
    code = alphabet.symbol(lowered)
    return NAME if code == OTHER and first.isupper() else code
