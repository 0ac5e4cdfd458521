"""A student's name in what somebody wrote, and the same words without it (flows.md, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from msgspec import Struct

from bot.data import data_path, language_of, read_yaml

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDS = re.compile(r"[.!?…:;\n\"“”]")
_OWNED = re.compile(r"['’]s\b")
_ITS = re.compile(r"['’]s\s+([^\W\d_]+)")


class Book(Struct, frozen=True):
    """One language's lists, in small letters. `opening` holds only where a sentence begins."""

    instead: str
    known: frozenset[str]
    opening: frozenset[str]
    titles: frozenset[str]
    student: frozenset[str]
    naming: frozenset[str]
    articles: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    being: frozenset[str]
    between: frozenset[str]
    owned: frozenset[str]
    of: frozenset[str]
    joining: frozenset[str]


class _Word(Struct):
    text: str
    small: str
    start: int
    end: int
    first: bool
    name: bool = False


@cache
def book(language: str = "en") -> Book:
    """The lists of that language, of its main language, or English."""
    path = data_path("prompts") / language_of(language, "names.yaml") / "names.yaml"
    content = read_yaml(path, only_text=True)
    if not isinstance(content, dict) or set(content) != set(Book.__struct_fields__):
        raise ValueError(f"{path}: expected {', '.join(Book.__struct_fields__)}")
    lists = {key: frozenset(" ".join(value).split()) for key, value in content.items() if isinstance(value, list)}
    return Book(instead=str(content["instead"]), **lists)


def capitalised(text: str) -> frozenset[str]:
    """The words, in small letters, of which one may have to ask whether they name a colleague."""
    return frozenset(word.small for word in _words(text) if _may(word, book()))


def without_names(text: str, colleagues: Collection[str] = (), language: str = "en") -> str:
    """The same words with “a student” wherever a name stands that student talk is about; else the very same text."""
    lists = book(language)
    words = _words(text)
    for word in words:
        word.name = _may(word, lists) and word.small not in colleagues
    for n in range(1, len(words)):
        titled = words[n - 1].small in lists.titles or words[n - 1].small in colleagues
        if titled and words[n].start - words[n - 1].end <= 2:
            words[n].name = False
    found = {words[n].small for n in range(len(words)) if words[n].name and _about(words, n, text, lists)}
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        # "Maya and Jayden drew": who stands with a student is one, whichever of them the talk is about.
        for n in order:
            pair = _together(words, n, text, lists)
            if pair is not None and not found.isdisjoint({words[n].small, pair.small}):
                found |= {words[n].small, pair.small}
    return _swapped(words, found, text, lists) if found else text


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        first = not words or _ENDS.search(between) is not None
        # "Ms. Lee": an abbreviation ends no sentence.
        if first and words and between.strip() == "." and len(words[-1].text) <= 3 and words[-1].text.istitle():
            first = False
        words.append(_Word(found[0], found[0].casefold(), found.start(), found.end(), first))
        end = found.end()
    return words


def _may(word: _Word, lists: Book) -> bool:
    shaped = word.text[0].isupper() and any(letter.islower() for letter in word.text[1:])
    ordinary = word.small in lists.known or word.small in lists.titles
    return shaped and not ordinary and not (word.first and word.small in lists.opening)


def _about(words: list[_Word], n: int, text: str, lists: Book) -> bool:
    """Whether student talk stands next to it: "Maya drew", "Maya's work", "with Maya", "the student Maya"."""
    word = words[n]
    if owned := _ITS.match(text, word.end):
        return owned[1].casefold() in lists.owned
    beside = words[n - 1].small if n and not word.first else ""
    # "El trabajo de Maya": what she has stands before her name.
    if n > 1 and beside in lists.of and words[n - 2].small in lists.owned:
        return True
    if beside in lists.before or _student(words, n, lists):
        return True
    front = n
    while front > max(0, n - 3) and words[front - 1].name and not words[front].first:
        front -= 1
    # "A Maya" is a thing, "A. Maya" somebody with an initial.
    article = front and not words[front].first and words[front - 1].small in lists.articles
    if article and not text.startswith(".", words[front - 1].end):
        return False
    for after in words[n + 1 : n + 4]:
        if after.first:
            return False
        if after.small in lists.after or (after.small in lists.being and not word.first):
            return True
        if after.small not in lists.between and not (after.name and after is words[n + 1]):
            return False
    return False


def _student(words: list[_Word], n: int, lists: Book) -> int:
    """How many words right before the name say already whose it is: "my student Maya", "a girl named Maya"."""
    if n == 0 or words[n].first:
        return 0
    if words[n - 1].small in lists.student:
        return 1
    return 2 if n > 1 and words[n - 1].small in lists.naming and words[n - 2].small in lists.student else 0


def _together(words: list[_Word], n: int, text: str, lists: Book) -> _Word | None:
    """The name that stands right beside this one: "Maya and Jayden", "Maya, Jayden", "Maya Johnson"."""
    for other in words[n + 1 : n + 3] if words[n].name else ():
        if other.first:
            return None
        if other.name:
            between = text[words[n].end : other.start].strip(" ,").casefold()
            return other if between in {"", "&", *lists.joining} else None
        if other.small not in lists.joining:
            return None
    return None


def _swapped(words: list[_Word], found: set[str], text: str, lists: Book) -> str:
    pieces, at = [], 0
    last: _Word | None = None
    for n, word in enumerate(words):
        if word.small not in found or not word.name:
            continue
        start, instead = word.start, lists.instead
        if last is not None and text[last.end : word.start] == " ":
            # First and last name are one student.
            start, instead = last.end, ""
        elif (said := _student(words, n, lists)) and text[words[n - 1].end : word.start] == " ":
            # The student is there already.
            start, instead = words[n - said].end, ""
        pieces += [text[at:start], instead]
        at, last = word.end, word
    return "".join([*pieces, text[at:]])
