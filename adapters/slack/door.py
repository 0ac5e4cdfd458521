"""The door: whether a request is Slack's, judged on its raw bytes before anything in it is read."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.response import BoltResponse

from adapters.slack.payloads import Malformed, parsed
from bot.doorway import Refused, body_of

WINDOW = 300
log = logging.getLogger("beside.slack")

_TIME = re.compile(r"[0-9]{9,11}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
Dispatch = Callable[[dict[str, object]], Awaitable[BoltResponse]]


def secrets_of(setting: str) -> tuple[bytes, ...]:
    """One signing secret, or two with a comma while the old one is being replaced. An empty one opens nothing."""
    return tuple(part.strip().encode() for part in setting.split(",") if part.strip())


def genuine(raw: bytes, times: list[str], signatures: list[str], secrets: tuple[bytes, ...], now: float) -> bool:
    """Whether one of the secrets signed exactly these bytes, within five minutes of now."""
    if len(times) != 1 or len(signatures) != 1:
        return False
    stamp, signature = times[0], signatures[0]
    if not _TIME.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature) or abs(now - int(stamp)) > WINDOW:
        return False
    signed = b"v0:" + stamp.encode() + b":" + raw
    given, right = signature.encode(), False
    for secret in secrets:  # every one is tried, so that time tells nothing about which
        right |= hmac.compare_digest(b"v0=" + hmac.digest(secret, signed, hashlib.sha256).hex().encode(), given)
    return right


class Tally:
    """Of what was turned away, only why: counted each time, told in the log once a minute."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._told: dict[str, float] = {}

    def note(self, why: str, line: str = "slack request refused: %s") -> None:
        self.counts[why] += 1
        now = time.monotonic()
        if now - self._told.get(why, -60.0) >= 60.0:
            self._told[why] = now
            log.warning(line, why)


class Entrance:
    """The handler of `POST /slack/events`. Nothing of a refused request is kept but why it was refused."""

    def __init__(self, secrets: tuple[bytes, ...], dispatch: Dispatch, tally: Tally) -> None:
        self._secrets = secrets
        self._dispatch = dispatch
        self._tally = tally

    async def receive(self, request: web.Request) -> web.Response:
        try:
            raw = await body_of(request)
        except Refused as why:
            return self._refuse(why.status, why.why)
        times = request.headers.getall("X-Slack-Request-Timestamp", [])
        signatures = request.headers.getall("X-Slack-Signature", [])
        if not genuine(raw, times, signatures, self._secrets, time.time()):
            return self._refuse(401, "unsigned")
        try:
            told = await self._dispatch(parsed(raw, request.content_type))
        except Malformed:
            return self._refuse(400, "malformed")
        if told.status == 400:
            return self._refuse(400, "malformed")
        kind = "application/json" if told.body.startswith("{") else "text/plain"
        return web.Response(status=told.status, text=told.body, content_type=kind)

    def _refuse(self, status: int, why: str) -> web.Response:
        self._tally.note(why)
        return web.Response(status=status)
