"""The same hall with Slack's own fake in front of everybody: messages, what only one sees, and forms on top."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from adapters.slack.connection import SlackPlatform, connect
from adapters.slack.socket import LINES
from bot import demo
from bot.events import Account
from bot.settings import Settings
from bot.store import Store
from tests.contract.slack import read
from tests.fakes.slack import HeldBack, Message, NotOnScreen, Profile, Result, Slack, User
from tests.support import dialog
from tests.support.hall import Deed, Hall, Screen
from tests.support.school import doors
from tests.support.teams_cloud import served


class SlackSeats:
    shows_again = True  # Slack tells no press twice, but on a line that was cut

    def __init__(self, slack: Slack, platform: SlackPlatform) -> None:
        self._slack = slack
        self.platform = platform
        self._seen: dict[str, list[tuple[Message, list[object]]]] = {}

    @property
    def url(self) -> str:
        return self._slack.url

    @property
    def everybody(self) -> tuple[str, ...]:
        return tuple(self._slack.team.people)

    def user(self, handle: str) -> User:
        user = self._slack.team.user(handle, Profile("", "", handle.title(), tz=demo.ZONE))
        assert user.channel.kind == "im"
        return user

    def nowhere(self, handle: str) -> None:
        self.user(handle).profile.tz = ""

    def account(self, handle: str) -> Account:
        return Account(platform="slack", team=self._slack.team.id, user=self.user(handle).id)

    def screen(self, handle: str) -> Screen:
        user = self.user(handle)
        here = [*(one for one in user.messages() if one.from_bot), *user.ephemerals()]
        for message in here:
            if (message, message.blocks) not in self._seen.setdefault(handle, []):
                self._seen[handle].append((message, message.blocks))
        stands = {one.ts: " ".join(read({"blocks": one.blocks})) if one.blocks else one.text for one in here}
        form = user.view()
        return stands if form is None else stands | {form.id + form.hash: " ".join(read(form.asked))}

    async def say(self, handle: str, text: str) -> Deed:
        if text == dialog.PICTURE:
            return await self._deed(await self.user(handle).share())
        if not text.startswith("/"):
            return await self._deed(await self.user(handle).say(text))
        command, _, rest = text.partition(" ")
        return await self._deed(await self.user(handle).command(command, rest))

    async def change(self, handle: str, text: str) -> Deed:
        user = self.user(handle)
        last = [one for one in user.messages() if not one.from_bot][-1]
        return await self._deed(await (user.edit(last, text) if text else user.delete(last)))

    async def leave(self, handle: str) -> Deed:
        return await self._deed(await self.user(handle).change(deleted=True))

    async def press(self, handle: str, label: str, inputs: dict[str, str], *, oldest: bool) -> Deed:
        """On the newest message that ever had that button, or the oldest: an old one still stands on another device."""
        user, seen = self.user(handle), self._seen.get(handle, [])
        for message, blocks in seen if oldest else seen[::-1]:
            if f"[{label}]" in read({"blocks": blocks}):
                now, message.blocks = message.blocks, blocks
                result = await user.press(message, label, {**inputs})
                deed = await self._deed(result, message.ts, replaced=message.blocks is not blocks)
                if message.blocks is blocks:
                    message.blocks = now
                return deed
        raise NotOnScreen(f"{handle} never saw a button {label!r}; there is {self.screen(handle)}")

    async def submit(self, handle: str, fields: dict[str, str]) -> Deed:
        form = self.user(handle).view()
        assert form is not None, f"{handle} has no form open"
        form.draft.clear()
        try:
            result = await self.user(handle).submit(form, {**fields})
        except NotOnScreen as missing:
            raise HeldBack(str(missing)) from None
        return await self._deed(result, told=" ".join(result.errors.values()))

    async def quiet(self) -> None:
        assert self.platform.listeners is not None
        while running := self.platform.listeners._running:  # noqa: SLF001
            await asyncio.gather(*running)
        await self._slack.quiet()

    async def _deed(self, result: Result, on: str = "", *, replaced: bool = False, told: str = "") -> Deed:
        await self.quiet()
        assert result.ok, (result.problems, result.replies)

        async def again() -> None:
            assert (await self._slack.courier.again(result)).ok

        return Deed(again, on, replaced, told)


@asynccontextmanager
async def on_slack(store: Store, way: str) -> AsyncIterator[Hall]:
    """Signed HTTP or Socket Mode."""
    app = web.Application()
    async with Slack() as slack:
        slack.pace.on = False
        # Those whom a dialog names with an address are found by it, as where that scope was granted.
        slack.team.team.scopes.add("users:read.email")
        for name in ("Fay Lee", "Gil Marsh"):
            handle = name.split()[0].lower()
            slack.team.user(handle, Profile("", "", name, tz=demo.ZONE, email=f"{handle}@school.example"))
        given = doors(slack, way) | {
            "BESIDE_SLACK_BOT_TOKEN": slack.team.token,
            "BESIDE_SLACK_API_URL": slack.api_url,
        }
        named = {name.removeprefix("BESIDE_").lower(): value for name, value in given.items()}
        hall = await Hall.open(store)
        platform = await connect(app, hall.engine, Settings.model_validate(named))
        async with served(app) as url:
            slack.connect(f"{url}/slack/events")
            if way == "socket":
                slack.socket_mode()
                await slack.switchboard.linked(LINES)
            await hall.enter(SlackSeats(slack, platform))
            yield hall
            await slack.quiet()
    assert slack.state.complaints == []
