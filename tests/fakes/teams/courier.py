"""Deliveries to the app: with a token, against the clock, repeated as Teams repeats them or as a forger would."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from tests.fakes.slack.shapes import Json, obj
from tests.fakes.teams.state import Message
from tests.fakes.teams.tokens import Mint


@dataclass(frozen=True)
class Delivery:
    """How something is delivered. The defaults are Teams' own way.

    `times` sends the same bytes with the same token again, one after the other; `copies` sends so many at once.
    `wrong` is the name of a wrong token in `tokens.WRONG`; `fields` replace fields of the activity by their path
    (`channelData.tenant.id`), as a forger would, and one that is None is left out; `raw` replaces the whole body;
    `headers` are added or replace ours, last.
    """

    times: int = 1
    copies: int = 1
    wrong: str = ""
    retries: bool = True
    fields: Mapping[str, object] = field(default_factory=dict)
    raw: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def genuine(self) -> bool:
        """Whether Teams itself might send it so; it does not retry what a forger sent."""
        return not (self.wrong or self.fields or self.raw is not None or self.headers)


ONCE: Final = Delivery()


@dataclass(frozen=True)
class Reply:
    """What the app answered to one request. Status 0 means nothing, and `failed` says why."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    failed: str = ""
    retry: int = 0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Result:
    """What came of one delivery: every reply in the order sent, and what Teams then showed the person.

    `problems` is what a person would see as a failure; `before` and `errors` are always empty here, since a card
    sends all its inputs with the press and shows what is wrong with them itself. A Result without a body was kept by
    the client: an opened card, a link, words in a group that do not name the app.
    """

    kind: str
    body: bytes = b""
    replies: list[Reply] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    before: list["Result"] = field(default_factory=list)
    shown: Message | None = None
    said: Message | None = None
    url: str = ""

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
        """Every request was answered well in time, and Teams could make use of the answer."""
        return not self.problems and all(reply.ok for reply in self.replies)

    @property
    def answer(self) -> Reply:
        """The reply that counts for the person: the first good one, else the first."""
        return next((reply for reply in self.replies if reply.ok), self.replies[0] if self.replies else Reply(0))

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
            "before": [],
            "shown": self.shown.id if self.shown else None,
            "said": self.said.id if self.said else None,
        }


class NotConnected(Exception):
    """Nobody listens yet: `teams.connect(url)` with the app's address for messages first."""


class Courier:
    """Brings deliveries to one address, each with a token of its own.

    `deadline` is Teams' fifteen seconds, `invoke_deadline` its ten for what a person waits for; `factor` shortens or
    lengthens both. `retry_delays` are the pauses before an activity is tried again after silence, 429 or 5xx; an
    invoke is never repeated.
    """

    def __init__(self, mint: Mint) -> None:
        self.url = ""
        self.mint = mint
        self.deadline = 15.0
        self.invoke_deadline = 10.0
        self.factor = 1.0
        self.retry_delays: tuple[float, ...] = (0.0, 0.05, 0.1)
        self.sent: deque[Result] = deque(maxlen=20_000)
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        # A new connection each time: an app that was killed and started again must not look as if it had hung up.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True))

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def bring(self, activity: Json, how: Delivery = ONCE) -> Result:
        """One activity; tried again where Teams would."""
        url, kind = str(activity["serviceUrl"]), str(activity["type"])
        body = json.dumps(forged(activity, how.fields), ensure_ascii=False) if how.raw is None else how.raw
        result = Result(kind, body.encode(), url=url)
        self.sent.append(result)
        headers = self._headers(url, how)
        for _ in range(how.times):
            result.replies += await asyncio.gather(*(self._one(result, headers, 0) for _ in range(how.copies)))
        if kind == "invoke":
            return result
        for number, delay in enumerate(self.retry_delays, 1):
            last = result.replies[-1].status
            again = last in {0, 429} or last >= 500
            if not (how.retries and how.genuine and again) or any(reply.ok for reply in result.replies):
                break
            await asyncio.sleep(delay)
            await self.again(result, number)
        return result

    async def again(self, result: Result, number: int = 1) -> Reply:
        """The same bytes with a fresh token, as Teams retries."""
        reply = await self._one(result, self._headers(result.url, ONCE), number)
        result.replies.append(reply)
        return reply

    def _headers(self, url: str, how: Delivery) -> dict[str, str]:
        token = self.mint.header(url, how.wrong)
        base = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
        }
        with_token = base if token is None else {**base, "Authorization": token}
        return {**with_token, **how.headers}

    async def _one(self, result: Result, headers: Mapping[str, str], number: int) -> Reply:
        if not self.url or self._session is None:
            raise NotConnected("teams.connect(url) with the app's address for messages first")
        seconds = (self.invoke_deadline if result.kind == "invoke" else self.deadline) * self.factor
        started, limit = time.monotonic(), aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                self.url, data=result.body, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                found = await answer.read()
        except TimeoutError:
            return Reply(0, seconds=time.monotonic() - started, failed="timeout", retry=number)
        except (aiohttp.ClientError, OSError):
            return Reply(0, seconds=time.monotonic() - started, failed="connection_failed", retry=number)
        failed = "" if 200 <= answer.status < 300 else "http_error"
        seen = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, found, seen, time.monotonic() - started, failed, number)


def forged(activity: Json, fields: Mapping[str, object]) -> Json:
    """The activity with other values at these paths; None takes a field away."""
    made = dict(activity)
    for path, value in fields.items():
        name, _, inside = path.partition(".")
        if inside:
            made[name] = forged(obj(made.get(name)), {inside: value})
        elif value is None:
            made.pop(name, None)
        else:
            made[name] = value
    return made
