"""Bolt and its thin listeners: each reads its payload, goes through the one door, and gives back the answer."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from msgspec import structs
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.slack import inbound
from adapters.slack.answer import Act, Answers, Call, response
from adapters.slack.crowd import Crowd, Found, Wanted
from adapters.slack.home import homes_of
from adapters.slack.inbound import Heard
from adapters.slack.payloads import Malformed
from adapters.slack.people import People
from adapters.slack.workspaces import Workspaces
from bot.cards import Answer
from bot.events import Account, Commanded, Left, Said, Submitted
from bot.platform import Door

EVENTS = ("message", "app_home_opened", "team_join", "user_change", "app_uninstalled", "tokens_revoked")
ANSWER_WITHIN = 2.5  # Slack hangs up after three seconds
CALL_WITHIN = 1.0
SOON = 1.0
NOBODY: Found = ((), ())
ROOM = 10_000
SDK = "beside.slack.sdk"
ANY = re.compile(".*", re.DOTALL)
log = logging.getLogger("beside.slack")
Body = dict[str, object]


class Listeners:
    """What Bolt calls. Every listener ends within Slack's three seconds; what takes longer goes on behind it."""

    def __init__(self, door: Door, people: People, answers: Answers, workspaces: Workspaces) -> None:
        self._door = door
        self._people = people
        self._answers = answers
        self._workspaces = workspaces
        self._crowd = Crowd(workspaces, people)
        self._running: set[asyncio.Task[Any]] = set()
        self._turned_away: dict[tuple[str, str], None] = {}

    async def happened(self, body: Body) -> BoltResponse:
        return await self._heard("said", inbound.event, body)

    async def commanded(self, body: Body) -> BoltResponse:
        return await self._heard("command", inbound.command, body)

    async def pressed(self, body: Body) -> BoltResponse:
        return await self._heard("press", inbound.action, body)

    async def submitted(self, body: Body) -> BoltResponse:
        return await self._heard("form", inbound.submission, body)

    async def shortened(self, body: Body) -> BoltResponse:
        return await self._heard("shortcut", inbound.shortcut, body)

    async def close(self, patience: float) -> None:
        """Let what is under way come to its end, for a while."""
        if self._running:
            await asyncio.wait(self._running, timeout=patience)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _heard(self, act: Act, reading: Callable[[Body], Heard | None], body: Body) -> BoltResponse:
        try:
            heard = reading(body)
        except Malformed:
            return BoltResponse(status=400)
        homes = homes_of(body)
        try:
            home = await self._workspaces.home(homes)
        except Exception as failed:  # noqa: BLE001 - the database is away, and Slack tells it again
            _unhandled(failed)
            return BoltResponse(status=503)
        self._look_again(body, home)
        if heard is None:
            return BoltResponse(status=200)
        heard = structs.replace(heard, home=home, homes=homes)
        task = self._keep(self._through_the_door(act, heard))
        done, _ = await asyncio.wait({task}, timeout=ANSWER_WITHIN)
        if not done:
            if act == "said":
                return BoltResponse(status=503)  # Slack tells an event again; by then the answer is known
            self._keep(self._answer_late(act, heard, task))
            return BoltResponse(status=200)
        try:
            answer = task.result()
        except Exception as failed:  # noqa: BLE001 - the last resort: Slack retries, and nobody reads a traceback
            _unhandled(failed)
            return BoltResponse(status=503)
        return await self._answered(act, heard, answer)

    async def _through_the_door(self, act: Act, heard: Heard) -> Answer | None:
        """None where a machine spoke.

        Many people are looked up for longer than anybody waits: that it is so is the answer, and theirs follows.
        """
        event, home, found = heard.event, heard.home, NOBODY
        chosen = heard.wanted != Wanted()
        looking = self._keep(self._crowd.gathered(heard.wanted, home, heard.homes)) if chosen else None
        (by, machine), thread, names = await self._looked_up(heard)
        if machine or (by.barred and isinstance(event, Said) and self._was_told(home, by.user)):
            if looking is not None:
                looking.cancel()
            return None
        if looking is not None:
            await asyncio.wait({looking}, timeout=SOON)
            if not looking.done() and isinstance(event, Commanded | Submitted):
                self._keep(self._answer_late(act, heard, self._keep(self._once_found(heard, by, looking))))
                return await self._door.handle(inbound.still_looking(event, by))
            found = await looking
        answer = await self._door.handle(inbound.read(heard, by, thread, names, found))
        if isinstance(event, Left) and not event.by.user:
            self._workspaces.forget(home)
        return answer

    async def _looked_up(self, heard: Heard) -> tuple[tuple[Account, bool], str, Mapping[str, str]]:
        """Who it was, which card they answered, whom they named: asked of Slack now and then, and then all at once."""
        home, mentioned = heard.home, inbound.mentions(heard)
        known = self._people.known(heard.event.by, home, heard.homes)
        if not (heard.below or mentioned):
            return await known, "", {}
        return await asyncio.gather(
            known,
            self._people.thread((home, heard.event.by.channel, heard.below)) if heard.below else _nothing(),
            self._people.names(mentioned, home),
        )

    async def _once_found(self, heard: Heard, by: Account, looking: Awaitable[Found]) -> Answer | None:
        return await self._door.handle(inbound.read(heard, by, "", {}, await looking))

    def _was_told(self, home: str, user: str) -> bool:
        """Whom we may not talk with is told so once: whatever else they write is answered by nothing."""
        told = (home, user) in self._turned_away
        while len(self._turned_away) >= ROOM:
            del self._turned_away[next(iter(self._turned_away))]
        self._turned_away[home, user] = None
        return told

    async def _answered(self, act: Act, heard: Heard, answer: Answer | None) -> BoltResponse:
        if answer is None:
            return BoltResponse(status=200)
        # Only words are answered: who opens the chat has not asked anything.
        how: Act = act if act != "said" or isinstance(heard.event, Said) else "home" if heard.way.within else "told"
        given = response(how, answer, heard.way, heard.boxes, heard.answered)
        if given.call is not None:
            await asyncio.wait({self._keep(self._call(given.call, heard))}, timeout=CALL_WITHIN)
        return BoltResponse(status=200, body=given.written())

    async def _answer_late(self, act: Act, heard: Heard, task: asyncio.Task[Answer | None]) -> None:
        try:
            answer = await task
        except Exception as failed:  # noqa: BLE001 - nobody is waiting any more
            _unhandled(failed)
            return
        given = response(act, answer, heard.way, heard.boxes, heard.answered, late=True) if answer is not None else None
        if given is not None and given.call is not None:
            await self._call(given.call, heard)

    async def _call(self, call: Call, heard: Heard) -> None:
        client = await self._workspaces.client(heard.home)
        if client is not None:  # else nobody let us in there, and we have no voice
            await self._answers.make(client, call, heard.way, heard.event.by.user, heard.event.key)

    def _keep(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _look_again(self, body: Body, home: str) -> None:
        match body:
            case {"event": {"type": "user_change", "user": {"id": str(user)}}}:
                self._people.profile.forget((home, user))
            case _:
                pass


def bolt(listeners: Listeners, workspaces: Workspaces) -> AsyncApp:
    """Bolt with our own door before it, our own idea of who we are, and no voice: it would log whole bodies.

    Whose event it is, and with which token it is answered, is settled behind it. What our own messages raise carries
    the id of a bot, and is dropped there.
    """

    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")

    app = AsyncApp(
        name=SDK,  # Bolt names a logger after the app, and silences that one too
        logger=silent(),
        client=workspaces.ours,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def event(body: Body) -> BoltResponse:
        return await listeners.happened(body)

    async def command(body: Body) -> BoltResponse:
        return await listeners.commanded(body)

    async def action(body: Body) -> BoltResponse:
        return await listeners.pressed(body)

    async def submission(body: Body) -> BoltResponse:
        return await listeners.submitted(body)

    async def shortcut(body: Body) -> BoltResponse:
        return await listeners.shortened(body)

    async def options(body: Body) -> BoltResponse:
        return BoltResponse(status=200, body={"options": []})  # no list of ours is filled from here

    # Bolt asks one after the other, so who has the least time is asked first.
    app.command(ANY)(command)
    for name in EVENTS:
        app.event(name)(event)
    app.action({"type": "block_actions", "action_id": ANY})(action)
    app.view_submission(ANY)(submission)
    app.shortcut(ANY)(shortcut)
    app.options(ANY)(options)
    return app


async def dispatched(app: AsyncApp, body: Body) -> BoltResponse:
    """Through Bolt. What it stumbles over is malformed, and what nobody listens to is well received.

    The body goes in as a mapping, which Bolt calls Socket Mode: reading a form by itself it takes any command with
    the word "payload" in it for an interaction and drops it.
    """
    try:
        told = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    except Exception:  # noqa: BLE001 - it reads ids from wherever they might be, of whatever type they are
        raise Malformed("bolt") from None
    match told.status:
        case 500:
            raise Malformed("bolt")
        case 404:
            return BoltResponse(status=200)
        case _:
            return told


def silent() -> logging.Logger:
    """A logger for the SDK, whose lines hold bodies, signatures and people's words."""
    quiet = logging.getLogger(SDK)
    quiet.setLevel(logging.CRITICAL + 1)
    quiet.propagate = False
    return quiet


async def _nothing() -> str:
    return ""


def _unhandled(failed: BaseException) -> None:
    log.error("slack request failed: id=%s error=%s", secrets.token_hex(4), type(failed).__name__)
