"""Deliveries to the app: signed, against the clock, repeated as Slack repeats them or as a forger would."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.shapes import Json, obj
from tests.fakes.slack.socket import Gone, Switchboard
from tests.fakes.slack.state import Message

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Delivery:
    """How something is delivered. The defaults are Slack's own way.

    `times` sends the same bytes with the same signature again, one after the other; `copies` sends so many at once.
    `skew` moves the timestamp (and is signed), `forged` signs with another secret, `tampered` changes one byte after
    signing and so makes it somebody else's, `unsigned` has no signature; `headers` are added or replace ours, last.
    """

    times: int = 1
    copies: int = 1
    skew: float = 0.0
    forged: bool = False
    tampered: bool = False
    unsigned: bool = False
    retries: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def genuine(self) -> bool:
        """Whether Slack itself might send it so; it does not retry what a forger sent."""
        return not (self.skew or self.forged or self.tampered or self.unsigned or self.headers)


ONCE: Final = Delivery()


@dataclass(frozen=True)
class Reply:
    """What the app answered to one request. Status 0 means nothing, and `failed` says why, in Slack's words."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    failed: str = ""
    retry: int = 0

    @property
    def ok(self) -> bool:
        return self.status == 200


@dataclass
class Result:
    """What came of one delivery: every reply in the order sent, and what Slack then showed the person.

    `problems` is what a person would see as a failure, `errors` the field errors of a form; `before` holds the
    deliveries that had to come first, such as a radio button that is chosen before a button is pressed.
    """

    kind: str
    body: bytes
    content_type: str
    replies: list[Reply] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    before: list["Result"] = field(default_factory=list)
    shown: Message | None = None
    said: Message | None = None

    @property
    def statuses(self) -> list[int]:
        return [reply.status for reply in self.replies]

    @property
    def bodies(self) -> list[bytes]:
        return [reply.body for reply in self.replies]

    @property
    def seconds(self) -> list[float]:
        return [reply.seconds for reply in self.replies]

    @property
    def ok(self) -> bool:
        """Every request was answered with 200 in time, and Slack could make use of the answer."""
        return not self.problems and all(reply.ok for reply in self.replies)

    @property
    def answer(self) -> Reply:
        """The reply that counts for the person: the first good one, else the first."""
        return next((reply for reply in self.replies if reply.ok), self.replies[0])

    def as_json(self) -> Json:
        return {
            "kind": self.kind,
            "statuses": self.statuses,
            "bodies": [reply.body.decode("utf-8", "replace") for reply in self.replies],
            "seconds": self.seconds,
            "failed": [reply.failed for reply in self.replies],
            "problems": self.problems,
            "errors": self.errors,
            "ok": self.ok,
            "sent": self.body.decode(),
            "before": [one.as_json() for one in self.before],
            "shown": self.shown.ts if self.shown else None,
            "said": self.said.ts if self.said else None,
        }


class NotConnected(Exception):
    """Nobody listens yet: `slack.connect(url)` with the app's address for events first."""


class NotSigned(Exception):
    """On a line of Socket Mode nothing is signed, and so nothing can be forged."""


class Courier:
    """Brings deliveries to one address, with one signing secret; or to the lines of Socket Mode, `by_socket`.

    `deadline` is Slack's three seconds; `retry_delays` are the pauses before the three retries of an event, which
    Slack makes at once, after a minute and after five.
    """

    def __init__(self, secret: str, switchboard: Switchboard) -> None:
        self.url = ""
        self.by_socket = False
        self.switchboard = switchboard
        self.secret = secret
        self.deadline = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 0.05, 0.1)
        self.sent: deque[Result] = deque(maxlen=20_000)
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        # A new connection each time: an app that was killed and started again must not look as if it had hung up.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True))

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    @property
    def connected(self) -> bool:
        """Whether Slack knows where the app is."""
        return self.by_socket or bool(self.url)

    async def event(self, payload: Json, how: Delivery = ONCE) -> Result:
        """An event: tried again up to three times when the app did not answer 200 in time."""
        result = await self._send("event", json.dumps(payload).encode(), JSON, how)
        if not (how.retries and how.genuine):
            return result
        for number, delay in enumerate(self.retry_delays, 1):
            last = result.replies[-1]
            if any(reply.ok for reply in result.replies) or last.headers.get("x-slack-no-retry") == "1":
                break
            await asyncio.sleep(delay)
            await self.again(result, number, last.failed)
        return result

    async def command(self, form: Mapping[str, str], how: Delivery = ONCE) -> Result:
        if self.by_socket:
            return await self._send("command", json.dumps(form).encode(), JSON, how)
        return await self._send("command", urlencode(form).encode(), FORM, how)

    async def interaction(self, payload: Json, how: Delivery = ONCE) -> Result:
        if self.by_socket:
            return await self._send(str(payload["type"]), json.dumps(payload).encode(), JSON, how)
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._send(str(payload["type"]), body, FORM, how)

    async def again(self, result: Result, number: int = 1, reason: str = "http_timeout") -> Reply:
        """The same bytes in a fresh signature, as Slack retries."""
        if self.by_socket:
            reply = await self._on_a_line(result.kind, result.body, number, reason)
            result.replies.append(reply)
            return reply
        marks = {"x-slack-retry-num": str(number), "x-slack-retry-reason": reason}
        headers = {**self._headers(result.content_type, result.body, ONCE), **marks}
        reply = await self._one(result.body, headers, number)
        result.replies.append(reply)
        return reply

    async def _send(self, kind: str, body: bytes, content_type: str, how: Delivery) -> Result:
        result = Result(kind, body, content_type)
        self.sent.append(result)
        if self.by_socket:
            if not how.genuine:
                raise NotSigned
            for _ in range(how.times):
                copies = (self._on_a_line(kind, body, 0, "") for _ in range(how.copies))
                result.replies += await asyncio.gather(*copies)
            return self._judged(result)
        headers = self._headers(content_type, body, how)
        sent = body.replace(b"U0", b"U9", 1) if how.tampered else body
        for _ in range(how.times):
            result.replies += await asyncio.gather(*(self._one(sent, headers, 0) for _ in range(how.copies)))
        return self._judged(result)

    @staticmethod
    def _judged(result: Result) -> Result:
        """What a person sees of a request that was not answered."""
        if not result.answer.ok and result.kind != "event":
            failed = result.answer.failed
            result.problems.append("operation_timeout" if failed == "http_timeout" else "dispatch_failed")
        return result

    def _headers(self, content_type: str, body: bytes, how: Delivery) -> dict[str, str]:
        moment = str(int(time.time() + how.skew))
        secret = f"{self.secret}-not" if how.forged else self.secret
        signed = {} if how.unsigned else {"x-slack-signature": signature(secret, moment, body)}
        base = {
            "Content-Type": content_type,
            "Accept": "*/*",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": moment,
        }
        return {**base, **signed, **how.headers}

    async def _on_a_line(self, kind: str, body: bytes, number: int, reason: str) -> Reply:
        """In an envelope. An acknowledgement is as good as a 200 with its payload for a body."""
        of_envelope = {"event": "events_api", "command": "slash_commands"}.get(kind, "interactive")
        payload = obj(json.loads(body))
        try:
            answer, took = await self.switchboard.carry(of_envelope, payload, self.deadline, number, reason)
        except TimeoutError:
            return Reply(0, seconds=self.deadline, failed="http_timeout", retry=number)
        except Gone:
            return Reply(0, failed="connection_failed", retry=number)
        said = json.dumps(answer).encode() if answer else b""
        return Reply(200, said, {"content-type": JSON}, took, retry=number)

    async def _one(self, body: bytes, headers: Mapping[str, str], number: int) -> Reply:
        if not self.url or self._session is None:
            raise NotConnected("slack.connect(url) with the app's address for events first")
        started, limit = time.monotonic(), aiohttp.ClientTimeout(total=self.deadline)
        try:
            async with self._session.post(
                self.url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                found = await answer.read()
        except TimeoutError:
            return Reply(0, seconds=time.monotonic() - started, failed="http_timeout", retry=number)
        except (aiohttp.ClientError, OSError):
            return Reply(0, seconds=time.monotonic() - started, failed="connection_failed", retry=number)
        failed = "" if answer.status == 200 else "http_error"
        seen = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, found, seen, time.monotonic() - started, failed, number)


def signature(secret: str, moment: str, body: bytes) -> str:
    """Slack's v0 signature over the raw bytes."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()


def answer_json(reply: Reply) -> Json:
    """The JSON object in a reply; plain text counts as `{"text": …}`, and an empty body as nothing."""
    said = reply.body.decode("utf-8", "replace").strip()
    if not said:
        return {}
    if reply.headers.get("content-type", "").startswith("application/json") or said.startswith("{"):
        return obj(json.loads(said))
    return {"text": said}
