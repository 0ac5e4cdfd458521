"""Teams held against the contract: Adaptive Cards by their schema, and its fake."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from adapters.teams.connection import TeamsPlatform, connect
from adapters.teams.render import LABEL
from adapters.teams.send import drawing
from bot.cards import NOTHING, Answer, Card, Form, Replace, Text
from bot.events import Account, FromPlatform, Submitted
from bot.platform import Parcel
from bot.settings import Settings
from tests.contract import adaptive
from tests.fakes.teams import Message, Profile, Teams, User
from tests.support.teams_cloud import served

Json = dict[str, Any]

SUFFIX = "json"
WHOLE = 60_000
COMES_AND_GOES = True
FILES = True
AMENDS = True
KEPT = Card(blocks=(Text(("Kept.",)),))
COMMANDS: dict[str, frozenset[str]] = {"coteach": frozenset(), "help": frozenset(), "beside": frozenset({"setup"})}
__all__ = ["LABEL"]


def draw(shown: Card | Form) -> tuple[Json, ...]:
    """As many cards as it needs, one below the other."""
    return drawing(shown)


def written(drawn: tuple[Json, ...]) -> str:
    """What stands beside the body in one line, then a line an element; of what a button carries only what it is."""
    return ",\n".join(_written(card) for card in drawn)


def _written(card: Json) -> str:
    beside = json.dumps({name: value for name, value in card.items() if name != "body"}, ensure_ascii=False)
    body = ",\n".join(json.dumps(_short(one), ensure_ascii=False) for one in card["body"])
    return f'{beside[:-1]}, "body": [\n{body}\n]}}'


def _short(node: Any) -> Any:  # noqa: ANN401 - any part of a card
    """The fallback says the same as its action, and the card that travels along is the one it stands on."""
    match node:
        case dict():
            return {name: _short(value) for name, value in node.items() if name not in ("fallback", "shown")}
        case list():
            return [_short(one) for one in node]
        case _:
            return node


def problems(drawn: tuple[Json, ...]) -> list[str]:
    return [problem for card in drawn for problem in adaptive.problems(card)]


def read(drawn: tuple[Json, ...]) -> list[str]:
    return [piece for card in drawn for piece in adaptive.read(card)]


class Door:
    """Writes down who came. A form is answered with a card, so that nothing more is asked."""

    def __init__(self) -> None:
        self.events: list[FromPlatform] = []

    async def handle(self, event: FromPlatform) -> Answer:
        self.events.append(event)
        return Replace(KEPT) if isinstance(event, Submitted) else NOTHING


class Seat:
    def __init__(self, teams: Teams, ana: User, door: Door, platform: TeamsPlatform) -> None:
        self.teams = teams
        self.ana = ana
        self._door = door
        self._shown = 0
        self.said: Message | None = None
        self.platform = platform
        self.account = Account(platform="teams", team=teams.team.id, user=ana.aad)

    @property
    def heard(self) -> list[FromPlatform]:
        return self._door.events

    async def say(self, text: str) -> None:
        result = await self.ana.say(text)
        assert result.ok, result.problems
        self.said = result.said

    async def edit(self, text: str) -> None:
        assert self.said is not None
        assert (await self.ana.edit(self.said, text)).ok

    async def unsay(self) -> None:
        assert self.said is not None
        assert (await self.ana.delete(self.said)).ok

    async def bring_back(self) -> None:
        """Only here can what was taken back be brought back."""
        assert self.said is not None
        assert (await self.ana.undelete(self.said)).ok

    async def share(self, text: str) -> None:
        assert (await self.ana.share("", text)).ok

    async def command(self, command: str, text: str) -> None:
        assert (await self.ana.say(f"/{command} {text}".strip())).ok

    async def press(self, card: Card, label: str, inputs: dict[str, str]) -> None:
        message = await self._show(card)
        result = await self.ana.press(message, label, {**inputs})
        assert result.ok, result.problems

    async def submit(self, form: Form, fields: dict[str, str]) -> None:
        message = await self._show(form)
        result = await self.ana.submit(message, {**fields})
        assert result.ok, result.problems

    async def join(self) -> None:
        assert (await self.ana.event({"type": "installationUpdate", "action": "add"})).ok

    async def leave(self) -> None:
        assert (await self.ana.uninstall()).ok

    def sees(self) -> list[str]:
        return [one.shown for one in self.ana.messages() if one.from_bot]

    def cut(self) -> bool:
        self.teams.fail("cut_after", "activities.send")
        return True

    async def _show(self, shown: Card | Form) -> Any:  # noqa: ANN401 - a message of the fake
        self._shown += 1
        receipt = await self.platform.deliver(
            Parcel(key=f"card/{self._shown}", organization="o", person="p", to=self.account, card=shown)
        )
        return self.ana.find(receipt.id)


@asynccontextmanager
async def seated() -> AsyncIterator[Seat]:
    door, app = Door(), web.Application()
    async with Teams() as teams:
        teams.pace.on = False
        given = {name.removeprefix("BESIDE_").lower(): value for name, value in teams.settings.items()}
        platform = await connect(app, door, Settings.model_validate(given), COMMANDS)
        async with served(app) as url:
            teams.connect(f"{url}/api/messages")
            ana = teams.team.user("ana", Profile("", "", "Ana Reyes"))
            teams.team.user("cleo", Profile("", "", "cleo"))
            await ana.install()
            door.events.clear()
            yield Seat(teams, ana, door, platform)
    assert teams.state.complaints == []
