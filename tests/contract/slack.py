"""Slack held against the contract: Block Kit, and its fake."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.slack.forms import view
from adapters.slack.payloads import Way
from adapters.slack.render import LABEL, message
from bot.cards import NOTHING, Card, Form, Open
from bot.events import Account, FromPlatform
from tests.contract.test_slack.house import House, connected, posted
from tests.fakes.slack import Message, Profile, Slack
from tests.fakes.slack.blocks import message_problems, view_problems
from tests.fakes.slack.screen import controls
from tests.fakes.slack.shapes import items, obj, objects, text

Json = dict[str, Any]

SUFFIX = "json"
WHOLE = 11_000
COMES_AND_GOES = True
FILES = True
AMENDS = True
__all__ = ["LABEL"]


def draw(shown: Card | Form) -> Json:
    return message(shown) if isinstance(shown, Card) else view(shown, Way())


def written(drawn: Json) -> str:
    """What stands beside the blocks in one line, then a line a block."""
    beside = json.dumps({name: value for name, value in drawn.items() if name != "blocks"}, ensure_ascii=False)
    blocks = ",\n".join(json.dumps(block, ensure_ascii=False) for block in drawn["blocks"])
    return f'{beside[:-1]}, "blocks": [\n{blocks}\n]}}'


def problems(drawn: Json) -> list[str]:
    return message_problems(drawn["text"], drawn["blocks"]) if "text" in drawn else view_problems(drawn)


def read(drawn: Json) -> list[str]:
    pieces = [piece for block in drawn["blocks"] for piece in _pieces(block)]
    if "title" in drawn:
        # A sheet has a title and nothing to send.
        ends = [f"[{drawn[name]['text']}]" for name in ("submit", "close") if drawn.get(name)]
        return [drawn["title"]["text"], *pieces, *ends]
    return pieces


def _pieces(block: Json) -> Iterator[str]:
    for name in ("text", "label"):
        if name in block:
            yield text(obj(block[name]).get("text"))
    if block["type"] == "context":
        yield from (text(one.get("text")) for one in objects(block["elements"]))
    if block["type"] == "rich_text":
        for run in (run for line in objects(block["elements"]) for run in objects(line.get("elements"))):
            yield f"(was {text(run.get('text'))})" if obj(run.get("style")).get("strike") else text(run.get("text"))
    for control in controls([block]):
        element = control.element
        if control.kind == "button":
            yield f"[{control.label}]"
        for name in ("initial_value", "initial_date", "initial_time"):
            yield text(element.get(name))
        yield " ".join(text(one) for one in items(element.get("initial_users")))
        groups = list(objects(element.get("option_groups"))) or [element]
        for option in (option for group in groups for option in items(group.get("options"))):
            chosen = " (chosen)" if option == element.get("initial_option") else ""
            yield text(obj(obj(option).get("text")).get("text")) + chosen
    if "hint" in block:
        yield text(obj(block["hint"]).get("text"))


class Seat:
    def __init__(self, house: House) -> None:
        self._house = house
        self.platform = house.platform
        self.said: Message | None = None
        self.account = Account(platform="slack", team=house.slack.team.id, user=house.ana.id)

    @property
    def heard(self) -> list[FromPlatform]:
        return self._house.door.events

    async def say(self, text: str) -> None:
        result = await self._house.ana.say(text)
        assert result.ok, result.problems
        self.said = result.said

    async def edit(self, text: str) -> None:
        assert self.said is not None
        assert (await self._house.ana.edit(self.said, text)).ok

    async def unsay(self) -> None:
        assert self.said is not None
        assert (await self._house.ana.delete(self.said)).ok

    async def share(self, text: str) -> None:
        assert (await self._house.ana.share(text)).ok

    async def command(self, command: str, text: str) -> None:
        assert (await self._house.ana.command(f"/{command}", text)).ok

    async def press(self, card: Card, label: str, inputs: dict[str, str]) -> None:
        values: dict[str, Any] = dict(inputs)
        assert (await self._house.ana.press(await posted(self._house, self._house.ana, card), label, values)).ok

    async def submit(self, form: Form, fields: dict[str, str]) -> None:
        self._house.door.always(Open(form))
        assert (await self._house.ana.command("/open")).ok
        self._house.door.always(NOTHING)
        self._house.door.events.clear()
        assert (await self._house.ana.submit(None, {**fields})).ok

    async def join(self) -> None:
        assert (await self._house.ana.open_home()).ok

    async def leave(self) -> None:
        assert (await self._house.ana.change(deleted=True)).ok

    def sees(self) -> list[str]:
        return [one.shown for one in self._house.ana.messages() if one.from_bot]

    def cut(self) -> bool:
        self._house.slack.fail("cut_after", "chat.postMessage")
        return True


@asynccontextmanager
async def seated() -> AsyncIterator[Seat]:
    async with Slack() as slack, connected(slack) as house:
        slack.pace.on = False
        slack.team.user("cleo", Profile("", "", "cleo"))
        yield Seat(house)
    assert slack.state.complaints == []
