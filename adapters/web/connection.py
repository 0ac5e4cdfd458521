"""The browser playground: a platform like the others, for two people side by side."""

from __future__ import annotations

from aiohttp import web

from adapters.web.routes import Routes
from adapters.web.send import WebPlatform
from adapters.web.stream import Streams
from bot.platform import Door, House

__all__ = ["WebPlatform", "connect"]


def connect(app: web.Application, door: Door, house: House) -> WebPlatform:
    """Add the playground's routes; its streams end when the application shuts down."""
    streams = Streams(house)
    platform = WebPlatform(house, streams)
    routes = Routes(door, house, platform, streams)
    routes.add_to(app)

    async def end_streams(_: web.Application) -> None:
        routes.close()
        await platform.close()

    app.on_shutdown.append(end_streams)
    return platform
