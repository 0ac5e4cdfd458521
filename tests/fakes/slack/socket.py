"""Socket Mode, Slack's side: lines that an app opens with a ticket, envelopes on them, and what it acknowledges."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

from aiohttp import WSMsgType, web

from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.shapes import Json, obj, text
from tests.fakes.slack.state import State

APP_TOKEN: Final = "xapp-1-A0001-fake"
APP_ID: Final = "A0001"
MOST_LINES: Final = 10
Reason = Literal["warning", "refresh_requested", "link_disabled"]


@dataclass
class Envelope:
    """On its way. `answered` is set with the payload of its acknowledgement, or never."""

    id: str
    takes_payload: bool
    answered: asyncio.Future[Json | None]


@dataclass(eq=False)
class Line:
    """One open line and what is on its way over it."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, Envelope] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    leaving: bool = False


class Gone(Exception):
    """The line went before the acknowledgement came; or there was none."""


class Switchboard:
    """Every line of the app, and the tickets for the next ones.

    What an app may not do stands among the complaints of the state: an acknowledgement of what was never sent, or
    twice, or on another line; an answer where none is taken; anything that is no acknowledgement.
    A line opened while it is `deaf` answers no ping, while `mute` not even a hello; `elsewhere` is told in its place.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.elsewhere = ""
        self.deaf = False
        self.mute = False
        self.lines: list[Line] = []
        self.opened = 0
        self.most = 0
        self.late = 0
        self.carried: Counter[str] = Counter()
        self._tickets: set[str] = set()
        self._turn = 0

    def ticket(self, url: str, token: str) -> Json:
        """What `apps.connections.open` answers."""
        if not token:
            raise Refused("not_authed")
        if token.startswith("xoxb-"):
            raise Refused("not_allowed_token_type")
        if token != APP_TOKEN:
            raise Refused("invalid_auth")
        made = self.state.make_id("").lower()
        self._tickets.add(made)
        return {"url": f"{self.elsewhere or url.replace('http', 'ws', 1)}/link/?ticket={made}&app_id={APP_ID}"}

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One line, from its hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid_ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(max_msg_size=1024 * 1024, autoping=not self.deaf)
        await socket.prepare(request)
        if len(self.lines) >= MOST_LINES:
            await socket.send_json(_goodbye("too_many_websockets"))
            await socket.close()
            return socket
        self.opened += 1
        line = Line(self.opened, socket, request)
        self.lines.append(line)
        self.most = max(self.most, len(self.lines))
        try:
            if not self.mute:
                await socket.send_json(self._hello())
            async for message in socket:
                if message.type not in (WSMsgType.PING, WSMsgType.PONG):
                    self._acknowledged(line, message.data if message.type is WSMsgType.TEXT else b"")
        finally:
            self._gone(line)
        return socket

    async def linked(self, count: int = 1, seconds: float = 60) -> None:
        """Wait until so many lines are open that nobody has said goodbye on."""
        async with asyncio.timeout(seconds):
            while len([one for one in self.lines if not one.leaving]) < count:  # noqa: ASYNC110 - a fact, no event
                await asyncio.sleep(0.01)

    async def carry(self, kind: str, payload: Json, deadline: float, attempt: int, reason: str) -> tuple[Json, float]:
        """The payload of the acknowledgement, and how long it took. Raises `TimeoutError` or `Gone`."""
        if not self.lines:
            raise Gone
        self._turn += 1
        line = self.lines[self._turn % len(self.lines)]
        takes = kind != "events_api"
        envelope = Envelope(self.state.make_id("").lower(), takes, asyncio.get_running_loop().create_future())
        line.waiting[envelope.id] = envelope
        self.carried[kind] += 1
        sent: Json = {
            "envelope_id": envelope.id, "type": kind, "payload": payload, "accepts_response_payload": takes,
        }  # fmt: skip
        if kind == "events_api":
            sent |= {"retry_attempt": attempt, "retry_reason": {"http_timeout": "timeout"}.get(reason, reason)}
        started = time.monotonic()
        try:
            await line.socket.send_json(sent)
            answer = await asyncio.wait_for(asyncio.shield(envelope.answered), deadline)
        except ConnectionError:
            raise Gone from None
        finally:
            if line.waiting.pop(envelope.id, None):
                line.given_up.add(envelope.id)
        if answer is None:
            raise Gone
        return answer, time.monotonic() - started

    async def goodbye(self, reason: Reason, *, grace: float = 0.5, one: bool = False) -> None:
        """Tell every line, or the oldest, that it ends; it goes on being used, and is closed after `grace`."""
        told = self.lines[: 1 if one else None]
        for line in told:
            line.leaving = True
            await line.socket.send_json(_goodbye(reason))
        await asyncio.sleep(grace)
        for line in told:
            await line.socket.close()

    def drop(self, *, one: bool = False) -> None:
        """Cut every line, or the oldest, without a word."""
        for line in self.lines[: 1 if one else None]:
            line.leaving = True
            if line.request.transport is not None:
                line.request.transport.abort()

    async def say(self, words: str | bytes) -> None:
        """Anything at all, on every line."""
        for line in self.lines:
            await (line.socket.send_str(words) if isinstance(words, str) else line.socket.send_bytes(words))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.lines),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18_060},
            "connection_info": {"app_id": APP_ID},
        }

    def _gone(self, line: Line) -> None:
        self.lines.remove(line)
        for envelope in line.waiting.values():
            if not envelope.answered.done():
                envelope.answered.set_result(None)

    def _acknowledged(self, line: Line, words: str | bytes) -> None:
        try:
            told = obj(json.loads(words))
        except ValueError:
            told = {}
        name = text(told.get("envelope_id"))
        if name in line.given_up:
            line.given_up.discard(name)
            self.late += 1
            return
        envelope = line.waiting.get(name)
        if envelope is None or envelope.answered.done():
            self.state.complaints.append(f"an acknowledgement of nothing that waits on this line: {sorted(told)}")
        elif odd := told.keys() - {"envelope_id", "payload"}:
            self.state.complaints.append(f"an acknowledgement has no {sorted(odd)}")
        elif "payload" in told and not envelope.takes_payload:
            self.state.complaints.append("an answer where none is taken: accepts_response_payload was false")
        else:
            envelope.answered.set_result(obj(told.get("payload")))


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
