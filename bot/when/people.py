"""Who is meant: a mention, a handle, a full name, or a first word that is exactly a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from bot.when.clean import GAP, Rest
from bot.when.values import Person, World

_SLACK = re.compile(r"<@([\w.-]+)(?:\|[^>]{0,80})?>")
_GROUP = re.compile(r"<[#!][^>]{0,120}>")
_TEAMS = re.compile(r"<at(?: [^>]{0,80})?>([^<]{0,80})</at>", re.IGNORECASE)
_HANDLE = re.compile(r"@([\w][\w.'-]*)")
_FIRST = re.compile(r"^\s*([^\W\d][\w.'-]*)(?!\s*\d)(?=\s|,|$)")


class Named(Struct, frozen=True):
    """`ids` in the order they were named; more than one is a question. `problem` is why nobody can be taken."""

    ids: tuple[str, ...] = ()
    reason: str = ""
    problem: str = ""


def named(rest: Rest, world: World) -> Named:
    """Takes every mention out, and says whom the line means."""
    if rest.take_all(_GROUP):
        rest.take_all(_SLACK)
        return Named(problem="not_a_person")
    groups = [_by_id(found[1], world.people) for found in rest.take_all(_SLACK)]
    groups += [_by_name(found[1], world.people) for found in rest.take_all(_TEAMS)]
    groups += _full_names(rest, world.people)
    groups += [_by_name(found[1].rstrip(".'-"), world.people) for found in rest.take_all(_HANDLE)]
    if not groups:
        first = _FIRST.match(rest.text.replace(GAP, " "))
        people = _by_name(first[1], world.people) if first else ()
        if people and first:
            rest.text = rest.text.replace(first[1], f" {GAP} ", 1)
            groups = [people]
    return _settled(groups, world)


def _settled(groups: list[tuple[str, ...]], world: World) -> Named:
    if not groups:
        return Named()
    if any(not group for group in groups):
        return Named(problem="unknown_person")
    alone = list(dict.fromkeys(group[0] for group in groups if len(group) == 1))
    same = [group for group in groups if len(group) > 1]
    if same and not alone:
        return Named(tuple(dict.fromkeys(who for group in same for who in group if who != world.self)), "same_name")
    if world.self in alone:
        alone.remove(world.self)
        if not alone:
            return Named(problem="self")
    return Named(tuple(alone), "several_people" if len(alone) > 1 else "")


def _by_id(user: str, people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(p.id for p in people if user == p.id or user in p.mentions)


def _by_name(name: str, people: Iterable[Person]) -> tuple[str, ...]:
    """A handle alone is that person; else a full name; else everybody of that first name."""
    wanted = name.strip().casefold()
    called = [(p.id, p.handle.casefold(), p.name.casefold(), p.name.casefold().partition(" ")[0]) for p in people]
    for n in (1, 2, 3):
        if wanted and (found := tuple(names[0] for names in called if names[n] == wanted)):
            return found
    return ()


def _full_names(rest: Rest, people: Iterable[Person]) -> list[tuple[str, ...]]:
    """`@Ana Ruiz`, where the name has more than one word."""
    groups: list[tuple[str, ...]] = []
    lowered = rest.text.casefold()
    for person in people:
        mention = f"@{person.name.casefold()}"
        at = lowered.find(mention) if " " in person.name else -1
        if (
            at >= 0
            and len(lowered) == len(rest.text)
            and not lowered[at + len(mention) : at + len(mention) + 1].isalnum()
        ):
            rest.text = rest.text[:at] + f" {GAP} " + rest.text[at + len(mention) :]
            lowered = rest.text.casefold()
            groups.append((person.id,))
    return groups
