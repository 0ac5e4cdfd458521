"""The rules of one language as they stand in `guard.yaml`, read and compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from bot.data import read_yaml
from bot.guard.symbols import ASK, BOUND, BUILT_IN, COLON, COMMA, QUOTE, Alphabet, alphabet

Kind = Literal["stem", "bot", "operational", "coach"]
Category = Literal[
    "telling", "ranking_teachers", "numbers", "deficit", "jargon", "resource_list", "anecdote", "leading",
    "canned_praise", "doing_planning", "privacy",
    # What a hearing.yaml listens for (bot/safety): the same patterns, and nothing to say about it.
    "danger", "distress", "student_safety", "tired",
]  # fmt: skip
Where = Literal["any", "question", "statement"]
Needs = tuple[frozenset[str], ...]

_ELEMENT = re.compile(
    r"(?P<group>\(\?(?:[:!=]|<[!=])|\()|\{(?P<name>[a-z_]+)\}|(?P<times>\{\d+(?:,\d+)?\}|\?)|(?P<bracket>[)|])"
    r"|(?P<word>[\w']+[*?]?)|(?P<start>\^)|(?P<any>\.)|(?P<comma>,)|(?P<colon>:)|(?P<gap>\s+)|(?P<wrong>.)"
)

_BARE = str.maketrans("", "", "[]")


class WrittenFind(Struct, frozen=True, forbid_unknown_fields=True):
    find: str
    within: Where = "any"
    unless: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class WrittenRule(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    category: Category
    reason: str = ""
    instead: str = ""
    only_for: tuple[Kind, ...] = ()
    not_for: tuple[Kind, ...] = ()
    counts: dict[str, int] = {}
    within: Where = "any"
    unless: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    finds: tuple[str | WrittenFind, ...] = ()


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written: families of words, phrases made of them, and rules made of both."""

    language: str
    families: dict[str, str]
    phrases: dict[str, str]
    rules: tuple[WrittenRule, ...]
    instead: dict[Category, str] = {}
    acronyms: str = ""
    spellings: dict[str, str] = {}


class Find(Struct, frozen=True):
    """One pattern; `unless` excuses it anywhere in its sentence, `after` where it stands earlier there.

    Patterns are compiled when a text first has what they need: all at once would hold up whoever came first.
    """

    source: str
    needs: Needs
    within: Where
    unless: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.source)

    def compiled(self) -> None:
        """All of it, at once: for whoever wants to know that it can be."""
        for source in (self.source, *self.unless, *self.after):
            _compiled(source)

    def fits(self, codes: str, first: int, last: int, start: int) -> bool:
        """Whether a match at `start`, in the sentence between `first` and `last`, is a hit."""
        if self.within != "any" and (codes[last - 1] == ASK) is not (self.within == "question"):
            return False
        if any(_compiled(one).search(codes, first, last + 1) for one in self.unless):
            return False
        earlier = (_compiled(one).search(codes, first, last + 1) for one in self.after)
        return not any(match is not None and match.start() <= start for match in earlier)


class Rule(Struct, frozen=True):
    id: str
    category: Category
    reason: str
    instead: str
    only_for: tuple[Kind, ...]
    not_for: tuple[Kind, ...]
    counts: tuple[tuple[str, int], ...]
    finds: tuple[Find, ...]

    def applies(self, kind: Kind) -> bool:
        return kind not in self.not_for and (not self.only_for or kind in self.only_for)


class Rules(Struct, frozen=True):
    """`finds` are those of all rules, in their order; `near` says which of them a symbol may lead to, by number.

    Those that need no symbol stand under the empty one. So what a text has nothing of costs nothing.
    """

    language: str
    alphabet: Alphabet
    rules: tuple[Rule, ...]
    finds: tuple[tuple[Rule, Find], ...]
    near: dict[str, frozenset[int]]

    @property
    def counts(self) -> Iterator[tuple[Rule, str, int]]:
        """What is caught because there is so much of it: a symbol, and how often at least."""
        return ((rule, symbol, least) for rule in self.rules for symbol, least in rule.counts)

    def worth_looking(self, present: set[str]) -> list[tuple[Rule, Find]]:
        """The finds whose every need is among these symbols, in the order of the rules."""
        numbers = set().union(*(self.near[symbol] for symbol in ("", *present) if symbol in self.near))
        return [
            (rule, find)
            for rule, find in map(self.finds.__getitem__, sorted(numbers))
            if not any(map(present.isdisjoint, find.needs))
        ]


def read_rules(path: Path) -> Rules:
    """One `guard.yaml`; a fault is named with its rule and its pattern."""
    where = "/".join(path.parts[-3:])
    try:
        written = msgspec.convert(read_yaml(path), Written)
    except msgspec.ValidationError as error:
        raise ValueError(f"{where}: {error}") from None
    book = _Book(where, written)
    rules = tuple(map(book.rule, written.rules))
    finds = tuple((rule, find) for rule in rules for find in rule.finds)
    near: dict[str, set[int]] = {}
    for number, (_, find) in enumerate(finds):
        for symbol in find.needs[0] if find.needs else [""]:
            near.setdefault(symbol, set()).add(number)
    return Rules(written.language, book.alphabet, rules, finds, {symbol: frozenset(near[symbol]) for symbol in near})


class _Book:
    """What patterns are made of, while a file is read."""

    def __init__(self, where: str, written: Written) -> None:
        self.where, self.written = where, written
        if taken := sorted((BUILT_IN.keys() | {"end", "clause"}) & (written.families.keys() | written.phrases.keys())):
            raise ValueError(f"{where}: {', '.join(taken)} is a name of ours; call it something else")
        families = {name: self._words(words) for name, words in written.families.items()}
        patterns = [*written.phrases.values()]
        for rule in written.rules:
            patterns += [*rule.unless, *rule.after]
            for find in rule.finds:
                patterns += [find] if isinstance(find, str) else [find.find, *find.unless, *find.after]
        for pattern in patterns:
            for element in _ELEMENT.finditer(pattern):
                if word := element["word"]:
                    families.setdefault(f"={word}", [word[:-1], word[:-2]] if word.endswith("?") else [word])
        self.alphabet, self.classes = alphabet(families, frozenset(written.acronyms.split()), written.spellings)
        self._made: dict[str, tuple[str, Needs]] = {}

    def _words(self, row: str) -> list[str]:
        """The words of a family; another family's name in it stands for its words."""
        words = row.split()
        named = [self.written.families[word[1:-1]].split() for word in words if word.startswith("{")]
        return [word for word in words if not word.startswith("{")] + [word for more in named for word in more]

    def rule(self, rule: WrittenRule) -> Rule:
        finds = []
        for find in rule.finds:
            one = WrittenFind(find) if isinstance(find, str) else find
            try:
                finds.append(self._find(one, rule))
            except (KeyError, ValueError) as error:
                raise ValueError(f"{self.where}: {rule.id}: {one.find}: {error}") from None
        counts = tuple((BUILT_IN[name], least) for name, least in rule.counts.items())
        instead = rule.instead or self.written.instead.get(rule.category, "")
        return Rule(rule.id, rule.category, rule.reason, instead, rule.only_for, rule.not_for, counts, tuple(finds))

    def _find(self, find: WrittenFind, rule: WrittenRule) -> Find:
        source, needs = self._read(find.find)
        within = find.within if find.within != "any" else rule.within
        return Find(
            source,
            (*needs, frozenset(ASK)) if within == "question" else needs,
            within,
            tuple(self._read(one)[0] for one in (*rule.unless, *find.unless)),
            tuple(self._read(one)[0] for one in (*rule.after, *find.after)),
        )

    def _read(self, pattern: str) -> tuple[str, Needs]:
        """A pattern of words as a pattern of symbols, and rows of symbols: every match has one of each."""
        if pattern not in self._made:
            elements = [element for element in _ELEMENT.finditer(pattern) if element.lastgroup != "gap"]
            source, needs, rest = self._choice(elements, 0)
            if rest < len(elements):
                raise ValueError("a bracket is closed that was not opened")
            self._made[pattern] = source, needs
        return self._made[pattern]

    def _choice(self, elements: list[re.Match[str]], at: int) -> tuple[str, Needs, int]:
        """Sequences with a bar between them, up to the closing bracket: a match has what one of them needs."""
        sources, needed = [], []
        while True:
            source, needs, at = self._sequence(elements, at)
            sources.append(source)
            needed.append(needs)
            if at == len(elements) or elements[at][0] == ")":
                if len(needed) > 1:
                    rarest = [min(needs, key=len) for needs in needed if needs]
                    needs = (frozenset().union(*rarest),) if len(rarest) == len(needed) else ()
                return "|".join(_together(sources)), needs, at
            at += 1

    def _sequence(self, elements: list[re.Match[str]], at: int) -> tuple[str, Needs, int]:
        source, needed = "", set[frozenset[str]]()
        while at < len(elements) and elements[at][0] not in ("|", ")"):
            element = elements[at]
            needs: Needs = ()
            if element.lastgroup == "group":
                inner, needs, at = self._choice(elements, at + 1)
                if at == len(elements):
                    raise ValueError("a bracket is not closed")
                source += f"{'(?:' if element[0] == '(' else element[0]}{inner})"
                needs = needs if element[0] in ("(", "(?:") else ()
            else:
                piece, needs = self._element(element)
                source += piece
            at += 1
            if at < len(elements) and elements[at].lastgroup == "times":
                times = elements[at][0]
                source += times
                needs = () if times == "?" or times.startswith("{0") else needs
                at += 1
            needed.update(needs)
        return source, tuple(sorted(needed, key=len)), at

    def _element(self, element: re.Match[str]) -> tuple[str, Needs]:
        match element.lastgroup:
            case "word":
                return _any_of(self.classes[f"={element[0]}"])
            case "start":
                return f"(?<={BOUND})", ()
            case "any":
                return f"[^{BOUND}]", ()
            case "comma":
                return _any_of(COMMA)
            case "colon":
                return _any_of(COLON)
            case "name":
                return self._named(element["name"])
            case _:
                raise ValueError(f"“{element[0]}” has no meaning in a pattern there")

    def _named(self, name: str) -> tuple[str, Needs]:
        if name == "end":
            return f"(?={BOUND})", ()
        if name == "clause":
            return f"(?<=[{BOUND}{COMMA}{COLON}{QUOTE}{self.classes['joins']}])", ()
        if name in BUILT_IN:
            return _any_of(BUILT_IN[name])
        if name in self.written.phrases:
            source, needs = self._read(self.written.phrases[name])
            return f"(?:{source})", needs
        if name not in self.written.families:
            raise KeyError(f"{{{name}}} is no family and no phrase")
        return _any_of(self.classes[name])


def _together(sources: list[str]) -> list[str]:
    """The same choice with one class for all that are a single symbol, which is found much sooner."""
    single = [source for source in sources if len(source) == 1 or re.fullmatch(r"\[[^]^]+\]", source)]
    if len(single) < 2:
        return sources
    return [f"[{''.join(single).translate(_BARE)}]", *(source for source in sources if source not in single)]


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _any_of(symbols: str) -> tuple[str, Needs]:
    return symbols if len(symbols) == 1 else f"[{symbols}]", (frozenset(symbols),)
