"""What a name or an answer tells at a sort: a level or a color instead of thinking, or only what is missing."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.data import data_path, languages, read_yaml

_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[.!?;,:\n]+|\s(?:and|but|y|pero|e)\s")
_LINE = re.compile(r"[\n;]+")
_LISTED = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s*")


def ranks(name: str) -> bool:
    """Whether this names a level, a color or a number and says nothing of the thinking. Every language is heard."""
    words = set(_words(name))
    books = zip(_book("levels"), _book("beside"), strict=True)
    return any(words & levels and words <= levels | beside for levels, beside in books)


def only_missing(text: str) -> bool:
    """Whether each part of it says what is not there."""
    parts = [words for part in _CLAUSE.split(_folded(text)) if (words := _WORD.findall(part))]
    return bool(parts) and any(all(missing & set(part) for part in parts) for missing in _book("missing"))


def names(text: str) -> tuple[str, ...]:
    """One name a line; a list's own signs are none of it."""
    return tuple(name for line in _LINE.split(text) if (name := _LISTED.sub("", line).strip(" ,.")))


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))


def _folded(text: str) -> str:
    """In small letters and without accents, so that whoever types in haste is heard too."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("'", ""))
    return "".join(char for char in plain if not unicodedata.combining(char))


@cache
def _book(name: str) -> tuple[frozenset[str], ...]:
    found = []
    for language in languages():
        content = read_yaml(data_path("prompts") / language / "sorting.yaml", only_text=True)
        lines = content.get(name, []) if isinstance(content, dict) else []
        found.append(frozenset(word for line in lines for word in _words(line)))
    return tuple(found)
