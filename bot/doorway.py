"""What every platform's door needs: a body read with patience and a limit, and refusals that are counted."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

from aiohttp import web

LIMIT = 1024 * 1024
PATIENCE = 10.0


class Refused(Exception):
    """Nothing of this request is looked at any further: the status for whoever sent it, and one word for our log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Refusals:
    """Counted each time, told in the log once a minute for each reason; nothing else of a request is kept."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._log = logging.getLogger(f"beside.{platform}")
        self._told: dict[str, float] = {}
        self.counted: Counter[str] = Counter()

    def answer(self, status: int, why: str) -> web.Response:
        self.counted[why] += 1
        now = time.monotonic()
        if now - self._told.get(why, -60.0) >= 60.0:
            self._told[why] = now
            self._log.warning("%s request refused: %s", self._platform, why)
        return web.Response(status=status)


def sized(request: web.Request, content_type: str = "") -> None:
    """What can be said of a body before it is read."""
    if content_type and request.content_type != content_type:
        raise Refused(415, "content_type")
    if "Content-Encoding" in request.headers:
        raise Refused(415, "encoded")
    if (request.content_length or 0) > LIMIT:
        raise Refused(413, "too_large")


def _limited(raw: bytearray) -> None:
    if len(raw) > LIMIT:
        raise Refused(413, "too_large")


async def body_of(request: web.Request) -> bytes:
    """The raw bytes, as many as a genuine request may have, as long as they come in time."""
    sized(request)
    raw = bytearray()
    try:
        if request.content.is_eof():  # all of it came with the headers
            raw += request.content.read_nowait()
            _limited(raw)
            return bytes(raw)
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_chunked(65536):
                raw += chunk
                _limited(raw)
    except TimeoutError:
        raise Refused(408, "too_slow") from None
    except (web.RequestPayloadError, ConnectionError):
        raise Refused(400, "broken_off") from None
    return bytes(raw)
