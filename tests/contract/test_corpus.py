"""The corpora typed into Slack and into Teams: through the real doors, each line means what it says there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from bot import when
from bot.events import Commanded
from bot.whening import school_of, world_of
from tests.contract import teams
from tests.contract.test_slack.house import connected
from tests.fakes.slack import Profile, Slack
from tests.unit.test_when import DATA, agrees

# Whose ids the platform knows, and what it made of a typed line.
Box = tuple[Mapping[str, str], Callable[[str], Awaitable[str]]]

_SLACKS = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")
_TEAMSES = re.compile(r"<at>([^<>]*)</at>")
_NAMED = re.compile(r"(?<![\w<@])@([\w.]*\w)")
CORPORA = {"coteach_examples": "coteach_world", "coteach_fresh": "coteach_fresh_world"}


def typed(line: str, people: tuple[when.Person, ...]) -> str:
    """What somebody typed so that the platform sent this."""
    handles = {one.id: one.handle for one in people} | {one.name: one.handle for one in people}
    line = _SLACKS.sub(lambda found: f"@{handles[found[1]]}", line)
    return html.unescape(_TEAMSES.sub(lambda found: f"@{handles[found[1]]}", line))


@asynccontextmanager
async def on_slack(people: tuple[when.Person, ...]) -> AsyncIterator[Box]:
    """A signed command: signs as entities, and everybody whom Slack knows as `<@U…|handle>`."""
    async with Slack() as slack, connected(slack) as house:
        ids = {one.id: slack.team.user(one.handle, Profile("", "", one.name)).id for one in people}
        coach = slack.team.user("whoever-types", Profile("", "", "Whoever Types"))

        async def sent(text: str) -> str:
            house.door.events.clear()
            assert (await coach.command("/coteach", text)).ok
            return _heard(house.door.events)

        yield ids, sent


@asynccontextmanager
async def on_teams(people: tuple[when.Person, ...]) -> AsyncIterator[Box]:
    """A message in the private chat, where nobody but the app can be mentioned."""
    async with teams.seated() as seat:

        async def sent(text: str) -> str:
            seat.heard.clear()
            assert (await seat.ana.say(f"coteach {text}")).ok
            return _heard(seat.heard)

        yield {}, sent


@asynccontextmanager
async def on_teams_with_mentions(people: tuple[when.Person, ...]) -> AsyncIterator[Box]:
    """As a rich box sends it: people as `<at>` and in the entities, hard spaces behind them, signs as entities."""
    async with teams.seated() as seat:
        ids = {one.id: f"29:{one.id.lower()}" for one in people}
        by_handle = {one.handle: one for one in people}

        async def sent(text: str) -> str:
            named = [by_handle[found[1]] for found in _NAMED.finditer(text) if found[1] in by_handle]
            bot = {"id": seat.teams.state.bot, "name": "Beside"}
            mentions = [{"id": ids[one.id], "name": one.name} for one in named]
            marked = _NAMED.sub(
                lambda found: f"<at>{by_handle[found[1]].name}</at>" if found[1] in by_handle else found[0],
                html.escape(text, quote=False),
            )
            marked = re.sub(r"</at> ", "</at>&nbsp;", marked, count=1).replace("</at> ", "</at>\xa0")
            entities = [
                {"type": "mention", "text": f"<at>{who['name']}</at>", "mentioned": who} for who in (bot, *mentions)
            ]
            body: dict[str, Any] = {
                "type": "message", "text": f"<at>Beside</at>&nbsp;coteach {marked}", "textFormat": "plain",
                "entities": entities,
            }  # fmt: skip
            seat.heard.clear()
            assert (await seat.ana.event(body)).ok
            return _heard(seat.heard)

        yield ids, sent


def _heard(events: list[Any]) -> str:
    (event,) = events
    assert isinstance(event, Commanded)
    assert event.command == "coteach"
    return event.text


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("box", [on_slack, on_teams, on_teams_with_mentions])
async def test_every_line_means_the_same_through_the_platforms_own_door(
    box: Callable[[tuple[when.Person, ...]], AbstractAsyncContextManager[Box]], corpus: str
) -> None:
    lines = [json.loads(line) for line in (DATA / f"{corpus}.jsonl").read_text("utf-8").splitlines()]
    world = world_of(DATA / f"{CORPORA[corpus]}.json")
    people = tuple(when.Person(id=one.id, handle=one.handle, name=one.name) for one in world.people)
    marked = 0
    async with box(people) as (ids, sent):
        for line in lines:
            known = tuple(replace(one, mentions=(ids[one.id],) if one.id in ids else ()) for one in people)
            there = when.World(people=known, self=world.self, school=school_of(world.schools[line["school"]]))
            text = await sent(typed(line["input"], people))
            marked += "<@" in text or "<at id=" in text
            now = datetime.fromisoformat(line["now"])
            found = when.parse(text, now=now, tz=line["tz"], locale=line["locale"], world=there)
            agrees(line, when.result_json(found, line["tz"]))
    assert marked > len(lines) // 2 if ids else not marked
