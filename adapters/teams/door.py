"""The handler of `POST /api/messages`: the gate, then one turn, then the answer. Nobody's body is ever logged."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web
from msgspec.structs import replace

from adapters.teams import answer as answering
from adapters.teams.crowd import Crowd, Wanted
from adapters.teams.forms import corrected
from adapters.teams.gate import admit
from adapters.teams.inbound import Commands, Heard, afterwards, heard, tenant
from adapters.teams.payloads import Activity, Body, Malformed, parsed, shaped
from adapters.teams.people import People
from adapters.teams.ports import Decode, Json, Verify
from adapters.teams.send import Sender
from bot.cards import Answer, Card, Form, Nothing, OnlyYou, Wrong
from bot.doorway import Refusals, Refused, body_of, sized
from bot.events import Commanded, FromPlatform, Joined, Left, Submitted
from bot.platform import Door, Later, Unsure
from bot.platform import Refused as Unwanted

log = logging.getLogger("beside.teams")
ROOM = 2000


class Entrance:
    """What a stranger sends is refused with 4xx and counted; what Teams sends is answered after the commit."""

    def __init__(
        self, verify: Verify, decode: Decode, door: Door, sender: Sender, people: People, crowd: Crowd, *,
        commands: Commands, tenants: tuple[str, ...], login_url: str,
    ) -> None:  # fmt: skip
        self._verify = verify
        self._decode = decode
        self._door = door
        self._sender = sender
        self._people = people
        self._crowd = crowd
        self._commands = commands
        self._tenants = frozenset(tenants)
        self._login_url = login_url
        self._refusals = Refusals("teams")
        self._running: set[asyncio.Task[None]] = set()
        self._said: dict[str, None] = {}
        self.refused = self._refusals.counted

    async def receive(self, request: web.Request) -> web.Response:
        try:
            sized(request, "application/json")
            claims = await self._verify(request.headers.getall("Authorization", []))
            body = parsed(await body_of(request))
            activity = shaped(body)
            admit(claims, activity, self._login_url, self._tenants)
            found = heard(activity, self._commands)
        except Refused as why:
            return self._refusals.answer(why.status, why.why)
        except Malformed:
            return self._refusals.answer(400, "malformed")
        self._sender.seen(tenant(activity), activity.service_url)
        if found is None:
            return _told(answering.unheard()) if activity.type == "invoke" else web.Response(status=200)
        found = replace(found, event=await self._chosen(await self._people.known(found.event), found, activity))
        return await self._turn(claims, body, activity, found)

    async def _chosen(self, event: FromPlatform, found: Heard, activity: Activity) -> FromPlatform:
        if found.wanted == Wanted() or not isinstance(event, Commanded):
            return event
        people, unread = await self._crowd.gathered(
            found.wanted, activity.service_url, activity.conversation.id, event.by.team
        )
        return replace(event, people=people, unread=unread)

    async def close(self, patience: float) -> None:
        """Let what is under way come to its end, for a while."""
        await self._people.close()
        if self._running:
            await asyncio.wait(self._running, timeout=patience)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _turn(self, claims: Mapping[str, Any], body: Body, activity: Activity, found: Heard) -> web.Response:
        async def logic() -> Answer:
            answer = await self._door.handle(found.event)
            if found.invoke and isinstance(found.event, Submitted) and isinstance(answer, Nothing):
                return await self._door.handle(afterwards(found.event))
            return answer

        try:
            answer = await self._decode(claims, body, logic)
            if found.dialog:
                return _told(answering.in_dialog(answer, found.act))
            if found.invoke and found.act is not None:
                return _told(answering.response(answer, found.act))
        except Exception as failed:  # noqa: BLE001 - the last resort: Teams is told to come again, nobody reads a traceback
            log.error("teams request failed: id=%s error=%s", secrets.token_hex(4), type(failed).__name__)
            return web.Response(status=503)
        self._tell(answer, found)
        return web.Response(status=200)

    def _tell(self, answer: Answer, found: Heard) -> None:
        """What neither came in place nor is a parcel: a line to a stranger, or that something went wrong."""
        shown: Card | Form | None = None
        match answer:
            case OnlyYou(card) if not isinstance(found.event, Joined | Left):
                shown = card
            case Wrong(errors) if found.act is not None and isinstance(found.act.shown, Form):
                shown = corrected(found.act.shown, found.act.inputs, errors)
            case _:
                pass
        channel, key = found.place or found.event.by.channel, found.event.key
        if shown is None or not channel or key in self._said:
            return
        while len(self._said) >= ROOM:
            del self._said[next(iter(self._said))]
        self._said[key] = None
        task = asyncio.create_task(self._say(channel, shown))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _say(self, channel: str, shown: Card | Form) -> None:
        """A failed one costs one line, which the next message brings again."""
        try:
            await self._sender.say(channel, shown)
        except (Later, Unsure, Unwanted) as failed:
            log.warning("teams answer not shown: %s", failed.reason)


def _told(shown: Json) -> web.Response:
    return web.Response(body=msgspec.json.encode(shown), content_type="application/json")
