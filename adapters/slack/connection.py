"""Slack: `connect` puts its door into the web application and gives back the platform."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

import aiohttp
from aiohttp import web
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answer import Answers
from adapters.slack.door import Entrance, Tally, secrets_of
from adapters.slack.listen import Listeners, Us, bolt, dispatched, silent
from adapters.slack.manifest import PATH
from adapters.slack.people import People
from adapters.slack.send import Sender, reason
from adapters.slack.socket import Socket
from bot.platform import Door, File, Pace, Parcel, Receipt, Refused
from bot.settings import Settings

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5, sock_connect=3)
IDLE = 5.0  # a connection kept longer may be closed on us in the very moment we write, and leave us unsure
# One a second in each channel is promised; what a workspace takes is not published.
PACE = Pace(start=1.0, most=5.0, conversation=1.0)
log = logging.getLogger("beside.slack")

__all__ = ["SlackPlatform", "connect"]


class SlackPlatform:
    """Slack as a platform. It serves from the first moment; who it is there it learns as soon as Slack answers."""

    name = "slack"
    pace = PACE
    looks_up = True

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, us: Us) -> None:
        self._client = client
        self._session = session
        self._us = us
        self._sender = Sender(client)
        self._learning: asyncio.Task[None] | None = None
        self.listeners: Listeners | None = None
        self.socket: Socket | None = None
        self.refused: Counter[str] = Counter()

    @property
    def team(self) -> str:
        return self._us.team

    @property
    def team_name(self) -> str:
        return self._us.team_name

    async def start(self) -> None:
        """Begin to learn who we are. Returns at once; asked again it does nothing."""
        if self._learning is None:
            self._learning = asyncio.create_task(self._learn())
            if self.socket is not None:
                self.socket.start()

    async def deliver(self, parcel: Parcel) -> Receipt:
        return await self._sender.deliver(parcel)

    async def find(self, parcel: Parcel) -> Receipt | None:
        return await self._sender.find(parcel)

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        await self._sender.unsay(said)

    async def hang_up(self) -> None:
        """Nothing more comes in by Socket Mode; what came is answered first."""
        if self.socket is not None:
            await self.socket.close()

    async def close(self) -> None:
        await self.hang_up()
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        if self.listeners is not None:
            await self.listeners.close(3.0)
        await self._session.close()

    async def _learn(self) -> None:
        wait = 0.5
        while True:
            try:
                told = await self._client.auth_test()
                self._us.team, self._us.team_name = str(told["team_id"]), str(told.get("team") or "")
                self._us.bot_user, self._us.bot = str(told.get("user_id") or ""), str(told.get("bot_id") or "")
                return
            except Exception as away:  # noqa: BLE001 - whatever it was, Slack is asked again
                why = reason(away) if isinstance(away, SlackApiError) else type(away).__name__
                log.log(logging.WARNING if wait < 1 else logging.DEBUG, "slack does not say who we are yet: %s", why)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)


async def connect(app: web.Application, door: Door, settings: Settings) -> SlackPlatform:
    """Open the doors there are keys for: `POST /slack/events`, Socket Mode, or both.

    The platform starts and closes with the application.
    """
    token, signing, app_token = (
        secret.get_secret_value() if secret else ""
        for secret in (settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token)
    )
    session = aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(keepalive_timeout=IDLE))
    client = AsyncWebClient(
        token=token, base_url=settings.slack_api_url, session=session, logger=silent(), retry_handlers=[]
    )
    us, people = Us(), People(client)
    listeners = Listeners(door, people, Answers(client, session, settings.slack_api_url))
    slack = bolt(listeners, client, us, token)

    async def dispatch(body: dict[str, object]) -> BoltResponse:
        return await dispatched(slack, body)

    tally, platform = Tally(), SlackPlatform(client, session, us)
    platform.listeners, platform.refused = listeners, tally.counts
    if app_token:
        platform.socket = Socket(client, session, app_token, dispatch, tally)
    if signing:
        app.router.add_post(PATH, Entrance(secrets_of(signing), dispatch, tally).receive)

    async def started(_: web.Application) -> None:
        await platform.start()

    async def stopping(_: web.Application) -> None:
        await platform.hang_up()

    async def closed(_: web.Application) -> None:
        await platform.close()

    app.on_startup.append(started)
    app.on_shutdown.append(stopping)
    app.on_cleanup.append(closed)
    return platform
