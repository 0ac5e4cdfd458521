"""The aiohttp application: health, readiness, metrics; platforms add their own routes."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import http_exceptions, web
from prometheus_client import generate_latest

from bot.metrics import Metrics
from bot.settings import loopback

LARGEST = 1024 * 1024
# A line that says nothing, or never comes to the end of its headers, is closed; proxies keep theirs for a minute.
IDLE: Final = 75.0
# What a proxy adds: whoever asks through it is elsewhere.
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
Check = Callable[[], Awaitable[bool]]
Look = Callable[[], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = logging.getLogger("beside.http")


def application(ready: Check, metrics_of: Metrics, look: Look) -> web.Application:
    """The routes that every installation has. `/readyz` reveals nothing but yes or no.

    `look` brings those figures up to date that are read from the database.
    """
    app = web.Application(client_max_size=LARGEST, middlewares=[_in_one_line])

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        try:
            fine = await ready()
        except Exception:
            fine = False
        return web.Response(text="ready\n" if fine else "not ready\n", status=200 if fine else 503)

    async def metrics(request: web.Request) -> web.Response:
        if not _from_here(request):
            raise web.HTTPNotFound
        await look()
        return web.Response(body=generate_latest(metrics_of.registry), content_type="text/plain", charset="utf-8")

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app


def runner(app: web.Application, idle: float = IDLE) -> web.AppRunner:
    """How it is served: lines that say nothing are closed, and what cannot be read is not written down."""
    quiet = logging.getLogger("beside.http.lines")
    quiet.addFilter(_Plain())
    return web.AppRunner(
        app, access_log=None, shutdown_timeout=3, handle_signals=False, auto_decompress=False, keepalive_timeout=idle,
        logger=quiet,
    )  # fmt: skip


class _Plain(logging.Filter):
    """The server logs the very bytes that it could not read, with a traceback: here only what kind of fault it was.

    What anybody can bring about from outside is told once a minute.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        kind = type(fault).__name__ if fault is not None else "no answer"
        theirs = isinstance(fault, http_exceptions.HttpProcessingError)
        record.exc_info = record.exc_text = None
        record.msg, record.args = "request %s: %s", ("not read" if theirs else "failed", kind)
        now = time.monotonic()
        if theirs and now - self._told.get(kind, -60.0) < 60.0:
            return False
        self._told[kind] = now
        return True


@web.middleware
async def _in_one_line(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The last resort: whatever failed, who asked hears that it may be asked again, and the log only its class."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as fault:  # nobody is shown a traceback, and no log holds an address or words
        reference = secrets.token_hex(4)
        log.error("request failed: id=%s error=%s", reference, type(fault).__name__)
        return web.Response(status=503, text=f"That did not work just now ({reference}).\n")


def _from_here(request: web.Request) -> bool:
    """Asked on this machine itself: by no page whose name was turned to it, and through no proxy that stands on it."""
    try:
        host = urlsplit("//" + request.headers.get("Host", "")).hostname or ""
    except ValueError:
        return False
    asked_through = any(name in request.headers for name in _FORWARDED)
    return request.remote in ("127.0.0.1", "::1") and loopback(host) and not asked_through
