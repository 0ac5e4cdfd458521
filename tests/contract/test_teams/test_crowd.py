"""Whom a command chooses, read from the roster of where it was typed: page by page, and not more than at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.teams.crowd import MOST
from bot.events import Commanded
from tests.contract.teams import Seat, seated
from tests.fakes.teams import Conversation, Profile


@pytest.fixture
async def seat() -> AsyncIterator[Seat]:
    async with seated() as one:
        yield one


def channel(seat: Seat, count: int) -> Conversation:
    people = [seat.teams.team.user(f"p{n}", Profile("", "", f"Person {n}", email=f"p{n}@a.test")) for n in range(count)]
    return seat.teams.team.channel("maths", seat.ana, *people)


async def chosen(seat: Seat, words: str, where: Conversation) -> Commanded:
    assert (await seat.ana.say(f"@Beside {words}", where=where)).ok
    (event,) = seat.heard
    assert isinstance(event, Commanded)
    return event


async def test_everybody_who_is_there_with_what_a_roster_can_know_them_by(seat: Seat) -> None:
    event = await chosen(seat, "setup here", channel(seat, 2))
    assert [(one.name, one.email, one.barred) for one in event.people] == [
        ("Ana Reyes", "ana@lincoln.example", ""), ("Person 0", "p0@a.test", ""), ("Person 1", "p1@a.test", ""),
    ]  # fmt: skip
    assert {one.team for one in event.people} == {seat.teams.team.id}
    assert event.people[1].user == seat.teams.team.user("p0").aad
    assert (event.unread, event.by.channel) == ((), "")


async def test_page_by_page_and_a_hundred_at_most(seat: Seat) -> None:
    event = await chosen(seat, "setup aquí", channel(seat, MOST + 20))
    assert (len(event.people), event.unread) == (MOST, ("many",))
    assert seat.teams.count("members.paged") == 2


@pytest.mark.parametrize("words", ["setup here", "setup @p0"])
async def test_a_roster_that_cannot_be_read_is_said_and_nobody_is_chosen(seat: Seat, words: str) -> None:
    place = channel(seat, 1)
    for method in ("members.paged", "members.get"):
        seat.teams.fail("404", method)
    event = await chosen(seat, words, place)
    assert (event.people, event.unread) == ((), ("channel",))


async def test_other_commands_ask_for_nobody(seat: Seat) -> None:
    event = await chosen(seat, "coteach @p0 tue 9am", channel(seat, 1))
    assert (event.people, event.unread) == ((), ())
    assert seat.teams.count("members.get") == 1, "her own, when she came"
