"""The aiohttp application: health, readiness, metrics; platforms add their own routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import generate_latest

from bot.metrics import Metrics

LARGEST = 1024 * 1024
Check = Callable[[], Awaitable[bool]]
Look = Callable[[], Awaitable[None]]


def application(ready: Check, metrics_of: Metrics, look: Look) -> web.Application:
    """The routes that every installation has. `/readyz` reveals nothing but yes or no.

    `look` brings those figures up to date that are read from the database.
    """
    app = web.Application(client_max_size=LARGEST)

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        try:
            fine = await ready()
        except Exception:
            fine = False
        return web.Response(text="ready\n" if fine else "not ready\n", status=200 if fine else 503)

    async def metrics(request: web.Request) -> web.Response:
        if request.remote not in ("127.0.0.1", "::1"):
            raise web.HTTPNotFound
        await look()
        return web.Response(body=generate_latest(metrics_of.registry), content_type="text/plain", charset="utf-8")

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    return app
