"""The table of contents: every conversation, in the order in which help lists their commands."""

from __future__ import annotations

from functools import cache

from bot.flow import Command, Flow
from bot.flows import (
    amending,
    care,
    coteach,
    home,
    house,
    link,
    meeting,
    mine,
    mirror,
    note,
    questions,
    reflection,
    setup,
    sort,
    zone,
)
from bot.words import Lines

FLOWS: tuple[Flow, ...] = (
    reflection.flow,
    coteach.flow,
    sort.flow,
    home.flow,
    mine.flow,
    house.flow,
    link.flow,
    questions.flow,
    setup.flow,
    meeting.flow,
    mirror.flow,
    care.flow,
    note.flow,
    amending.flow,
    zone.flow,
)
LISTED = 10
BY_NAME = {flow.name: flow for flow in FLOWS}


def vocabulary() -> dict[str, frozenset[str]]:
    """The words after each command that mean something; none where any text does."""
    words = {word for flow in FLOWS for word in flow.typed}
    named: dict[str, frozenset[str]] = {}
    for command in (command for flow in FLOWS for command in flow.commands):
        known = named.get(command.name, frozenset(words if command.word else ()))
        named[command.name] = known | {command.word} if command.word else frozenset()
    return named


@cache
def commands(role: str) -> tuple[Command, ...]:
    """The commands a person of that role may type."""
    return tuple(command for flow in FLOWS for command in flow.commands if role in command.roles)


def slash() -> tuple[tuple[str, str, str], ...]:
    """Each slash command once: its name, what it does, and what may be typed after it."""
    names = dict.fromkeys(command.name for flow in FLOWS for command in flow.commands)
    return tuple(_slash([one for flow in FLOWS for one in flow.commands if one.name == name]) for name in names)


def typed(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Each command once, as it is typed where there is no list that opens on a slash, and what it does.

    Such a list is the same for everybody and holds ten, in the order of the conversations: what is a coach's alone,
    and what comes after them, stands in the help.
    """
    every = [one for flow in FLOWS for one in flow.commands if one.name == "coteach" or "teacher" in one.roles]
    does = {f"{one.name} {one.word}".rstrip(): _does(one, language) for one in reversed(every)}
    first = list(dict.fromkeys(f"{one.name} {one.word}".rstrip() for one in every))[:LISTED]
    return tuple((title, does[title]) for title in sorted(first))


def introduced(language: str) -> dict[str, str]:
    """What the app is, where a platform lists it, and its way in from somebody's message."""
    say = Lines.load(language)
    return {
        "name": say.plain("house.app_name"),
        "short": say.plain("house.app_short"),
        "full": say.plain("house.app_full"),
        "propose": say.plain("house.app_propose"),
        "proposes": say.plain("house.app_proposes"),
    }


def _does(command: Command, language: str = "en") -> str:
    """In English, where a list of commands is the same for a whole workspace."""
    say = Lines.load(language)
    return command.explained(say, say.plain("house.app_partner"))


def _slash(ways: list[Command]) -> tuple[str, str, str]:
    """A command that is many by the word after it tells of them all; any other of its first way."""
    first = ways[0]
    words = [one.word for one in ways if one.word]
    if words:
        return first.name, " · ".join(map(_does, ways)), " | ".join(words)
    return first.name, _does(first), first.example.format(partner="ana").partition(" ")[2]
