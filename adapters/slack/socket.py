"""Socket Mode: Slack reaches us over lines that we open ourselves, so that nothing has to come in from outside.

Only what has been committed is acknowledged. What is not acknowledged Slack tells again, on whichever line.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
from msgspec import Struct
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.door import Dispatch, Tally
from adapters.slack.payloads import Id, Malformed
from adapters.slack.send import meaning
from bot.doorway import LIMIT
from bot.platform import Later, Refused, Unsure
from bot.settings import loopback

LINES = 2  # while one is lost and opened again, nobody's command finds nobody at home
AT_ONCE = 32
CARRIED = frozenset({"events_api", "slash_commands", "interactive"})
HEARTBEAT = 20.0  # half of it without a pong, and the line is given up
FIRST_WORD_WITHIN = 10.0
LINGER = 30.0  # Slack closes a line some seconds after it has said goodbye; this is for when it does not
SHORT, LONG = 0.5, 60.0
LIVED = 10.0
FINISH_WITHIN = 4.0
CLOSE_WITHIN = 2.0
log = logging.getLogger("beside.slack")


class Frame(Struct, frozen=True):
    """One message on a line: a hello, a goodbye with its reason, or an envelope."""

    type: str
    envelope_id: Id = ""
    payload: dict[str, object] | None = None
    accepts_response_payload: bool = False
    reason: str = ""


class Line:
    """One open line. `leaving` is set when it is time for another one; until it is `over`, it still carries."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.leaving = asyncio.Event()
        self.reading: asyncio.Task[None] | None = None


class Socket:
    """Keeps the lines open and brings what they carry to `dispatch`, so many at once and not more."""

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, token: str, dispatch: Dispatch, tally: Tally
    ) -> None:
        self._client = client
        self._session = session
        self._token = token
        self._dispatch = dispatch
        self._tally = tally
        self._room = asyncio.Semaphore(AT_ONCE)
        self._keeping: list[asyncio.Task[None]] = []
        self._working: set[asyncio.Task[None]] = set()
        self.lines: set[Line] = set()

    def start(self) -> None:
        self._keeping = self._keeping or [asyncio.create_task(self._keep_one()) for _ in range(LINES)]

    async def close(self) -> None:
        """Take nothing more, finish and acknowledge what was taken, and only then hang up."""
        readings = [line.reading for line in self.lines if line.reading is not None]
        for task in (*self._keeping, *readings):
            task.cancel()
        await asyncio.gather(*self._keeping, *readings, return_exceptions=True)
        if self._working:
            await asyncio.wait(self._working, timeout=FINISH_WITHIN)
        for task in list(self._working):
            task.cancel()
        await asyncio.gather(*(line.socket.close() for line in self.lines), return_exceptions=True)
        self.lines.clear()

    async def _keep_one(self) -> None:
        """One line after the other. The next is opened as soon as one says goodbye, and not when it is gone."""
        loop, failed = asyncio.get_running_loop(), 0
        while True:
            lived, pause = 0.0, 0.0
            try:
                line = await self._opened()
            except SlackApiError as refused:
                pause = self._told_why(meaning(refused))
            except Exception as away:  # noqa: BLE001 - whatever it was, Slack is asked again
                self._told_why(Unsure(type(away).__name__))
            else:
                opened = loop.time()
                await line.leaving.wait()
                lived = loop.time() - opened
            failed = 0 if lived > LIVED else failed + 1
            longest = min(LONG, SHORT * 2 ** min(failed, 10))
            await asyncio.sleep(max(pause, random.uniform(0, longest)))  # noqa: S311 - spread, not secret

    async def _opened(self) -> Line:
        told = await self._client.apps_connections_open(app_token=self._token)
        at = urlsplit(url := str(told["url"]))
        if at.scheme != "wss" and not (at.scheme == "ws" and loopback(at.hostname or "")):
            raise ValueError("not an address of Slack's")
        line = Line(
            await self._session.ws_connect(
                url,
                heartbeat=HEARTBEAT,
                max_msg_size=LIMIT,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_WITHIN),
                proxy=self._client.proxy,  # the SDK has it from HTTPS_PROXY
            )
        )
        self.lines.add(line)
        line.reading = asyncio.create_task(self._read(line))
        return line

    async def _read(self, line: Line) -> None:
        try:
            await self._heard(line, await line.socket.receive(FIRST_WORD_WITHIN))
            while not line.socket.closed:
                await self._heard(line, await line.socket.receive(LINGER if line.leaving.is_set() else None))
        except TimeoutError:
            if not line.leaving.is_set():
                self._tally.note("silent")
        finally:
            line.leaving.set()
        await line.socket.close()
        self.lines.discard(line)

    async def _heard(self, line: Line, message: aiohttp.WSMessage) -> None:
        if message.type is aiohttp.WSMsgType.ERROR:
            self._tally.note("broken_line")
        if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            return
        try:
            frame = msgspec.json.decode(message.data, type=Frame)
        except (ValueError, RecursionError):
            self._tally.note("malformed")
            return
        if frame.type == "disconnect":
            line.leaving.set()
            if frame.reason == "link_disabled":
                self._tally.note("link_disabled", "slack socket mode is off: %s")
        elif frame.type in CARRIED and frame.envelope_id and frame.payload is not None:
            await self._room.acquire()
            task = asyncio.create_task(self._work(line, frame, frame.payload))
            self._working.add(task)
            task.add_done_callback(self._done)
        elif frame.type != "hello":
            self._tally.note("malformed")

    def _done(self, task: asyncio.Task[None]) -> None:
        self._room.release()
        self._working.discard(task)

    async def _work(self, line: Line, frame: Frame, payload: dict[str, object]) -> None:
        """To the commit and back. Of what could not be handled nothing is said, and Slack tells it again."""
        try:
            told = await self._dispatch(payload)
        except Malformed:
            told = BoltResponse(status=400)
        if told.status == 400:
            self._tally.note("malformed")
        if told.status != 200:
            return
        try:
            await line.socket.send_str(acknowledgement(frame, told.body).decode())
        except (aiohttp.ClientError, ConnectionError):
            log.debug("slack line went before the acknowledgement")

    def _told_why(self, why: Later | Refused | Unsure) -> float:
        """In the log once a minute; how long Slack asks us to wait."""
        self._tally.note(why.reason, "slack socket mode does not open: %s")
        return (why.seconds or 0.0) if isinstance(why, Later) else 0.0


def acknowledgement(frame: Frame, body: str) -> bytes:
    """What Slack reads as well received, with our answer where it takes one."""
    told: dict[str, Any] = {"envelope_id": frame.envelope_id}
    if body and frame.accepts_response_payload:
        told["payload"] = msgspec.Raw(body.encode())
    return msgspec.json.encode(told)
