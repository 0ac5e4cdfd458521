"""Who is meant: a mention, a handle, a full name, or a first word that is exactly a name."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from bot.when.clean import OTHER, Cleaned
from bot.when.values import World

_AT = re.compile(r"(?<![\w@])@(?P<name>[^\W\d_][\w.'-]*(?: [^\W_][\w.'-]*){0,3})")
_FIRST = re.compile(r"[\s,]*(?P<word>[^\W\d_][\w.'-]*)")
_CHANNEL = re.compile(r"(?<![\w#&])#[^\W\d_][\w-]*")
_EVERYBODY = frozenset({"here", "channel", "everyone", "everybody", "all", "team"})


class Named(Struct, frozen=True):
    """`ids` in the order they were named: one is the teacher, more are a question. `problem` says why nobody is."""

    ids: tuple[str, ...] = ()
    reason: str = ""
    problem: str = ""


class _Book:
    """The people by everything they may be called."""

    def __init__(self, world: World) -> None:
        self.ids: dict[str, str] = {}
        self.handles: dict[str, list[str]] = {}
        self.names: dict[str, list[str]] = {}
        self.first: dict[str, list[str]] = {}
        for person in world.people:
            for mention in (person.id, *person.mentions):
                self.ids[mention] = person.id
            name = folded(person.name)
            for shelf, word in (
                (self.handles, folded(person.handle)), (self.names, name), (self.first, name.partition(" ")[0]),
            ):  # fmt: skip
                shelf.setdefault(word, []).append(person.id)

    def called(self, name: str) -> tuple[str, ...]:
        """A handle before a full name before a first name."""
        word = folded(name.strip())
        for shelf in (self.handles, self.names, self.first):
            if word and word in shelf:
                return tuple(dict.fromkeys(shelf[word]))
        return ()


def folded(name: str) -> str:
    """A name without case and accents, as people type it in a hurry."""
    name = " ".join(name.casefold().split())
    if name.isascii():
        return name
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def words_of(world: World) -> frozenset[str]:
    """Every word of a name: none of them is a misspelled day."""
    return frozenset(word for p in world.people for word in f"{p.handle} {p.name}".lower().replace(".", " ").split())


def named(line: Cleaned, world: World) -> tuple[Named, str]:
    """Whom the line means, and the line with everybody covered."""
    book = _Book(world)
    groups: list[tuple[str, ...]] = []
    strangers: list[str] = []

    def piece(key: str) -> str:
        what, said, ident = line.pieces[key].what, line.pieces[key].said, line.pieces[key].id
        if ident in book.ids:
            groups.append((book.ids[ident],))
        elif what == "id":
            groups.append((book.ids[said],) if said in book.ids else ())
        elif what == "name":
            groups.append(book.called(said.removeprefix("@")))
        elif what == "group":
            strangers.append(said)
        return OTHER if what in ("id", "name", "group") else key

    def at(found: re.Match[str]) -> str:
        words = found["name"].split(" ")
        for n in range(len(words), 0, -1):
            name = " ".join(words[:n]).rstrip(".'-")
            people = book.called(name) if n == 1 else tuple(book.names.get(folded(name), ()))
            if people:
                groups.append(people)
                return f"{OTHER} {' '.join(words[n:])}"
        if folded(words[0]).rstrip(".'-") in _EVERYBODY:
            strangers.append(words[0])
        else:
            groups.append(())
        return f"{OTHER} {' '.join(words[1:])}"

    def channel(found: re.Match[str]) -> str:
        strangers.append(found[0])
        return OTHER

    text = "".join(piece(c) if c in line.pieces else c for c in line.text)
    text = _CHANNEL.sub(channel, _AT.sub(at, text))
    text = _first_word(text, book, groups)
    return _settled(groups, strangers, world), text


def _first_word(text: str, book: _Book, groups: list[tuple[str, ...]]) -> str:
    """`ana tue 9am` names Ana; `may 4 9am` is a date, because a number follows."""
    first = _FIRST.match(text)
    if first is None or text[first.end() :].lstrip(" ,")[:1].isdigit():
        return text
    for n in (2, 1):
        more = re.match(rf"(?: [^\W\d_][\w'-]*){{{n}}}(?![\w@])", text[first.end() :])
        full = book.names.get(folded(first["word"] + more[0])) if more else None
        if more and full:
            groups.append(tuple(full))
            return OTHER + text[first.end() + more.end() :]
    people = book.called(first["word"].rstrip(".'-"))
    if not people:
        return text
    groups.append(people)
    return OTHER + text[first.end() :]


def _settled(groups: list[tuple[str, ...]], strangers: list[str], world: World) -> Named:
    """One person, or why not. A stranger beside a known person leaves it open whom the line means."""
    if strangers:
        return Named(problem="not_a_person")
    if any(not group for group in groups):
        return Named(problem="unknown_person")
    if any(group == (world.self,) for group in groups):
        return Named(problem="self")
    alone = {group[0] for group in groups if len(group) == 1}
    # `@sam` beside `@sam.lee` is the same Sam.
    open_ = [group for group in groups if len(group) > 1 and not alone & set(group)]
    everybody = [one for group in groups if len(group) == 1 or group in open_ for one in group if one != world.self]
    ids = tuple(dict.fromkeys(everybody))
    if not groups:
        return Named()
    if not ids:
        return Named(problem="self")
    return Named(ids, "several_people" if len(alone) + len(set(open_)) > 1 else "same_name" if len(ids) > 1 else "")
