"""Slack: `connect` puts its door into the web application and gives back the platform."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

import aiohttp
from aiohttp import web
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.slack.answer import Answers
from adapters.slack.door import Entrance, Tally, secrets_of
from adapters.slack.doorstep import INSTALL, Doorstep, Greeting, OAuth
from adapters.slack.listen import Listeners, bolt, dispatched, silent
from adapters.slack.manifest import PATH, REDIRECT, scopes
from adapters.slack.people import People
from adapters.slack.send import Sender, reason
from adapters.slack.socket import Socket
from adapters.slack.workspaces import Workspaces, maker
from bot.cards import Card
from bot.events import Account
from bot.platform import Door, File, Installed, Installs, Pace, Parcel, Receipt, Refused
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

    def __init__(
        self, workspaces: Workspaces, session: aiohttp.ClientSession, installs: Installs | None, *, many: bool = False
    ) -> None:
        self._workspaces = workspaces
        self._session = session
        self._installs = installs
        self._many = many
        self._sender = Sender(workspaces)
        self.team = ""
        self.team_name = ""
        self._learning: asyncio.Task[None] | None = None
        self.listeners: Listeners | None = None
        self.socket: Socket | None = None
        self.refused: Counter[str] = Counter()

    async def start(self) -> None:
        """Begin to learn who we are, where a token says it. Returns at once; asked again it does nothing."""
        if self._learning is None:
            self._learning = asyncio.create_task(self._learn() if self._workspaces.ours.token else _nothing())
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

    async def draw(self, to: Account, card: Card) -> None:
        await self._sender.draw(to, card)

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
                told = await self._workspaces.ours.auth_test()
                team, name = str(told["team_id"]), str(told.get("team") or "")
                await self._at_home(team, name)
                self.team, self.team_name = team, name
                return
            except Exception as away:  # noqa: BLE001 - whatever it was, Slack is asked again
                why = reason(away) if isinstance(away, SlackApiError) else type(away).__name__
                log.log(logging.WARNING if wait < 1 else logging.DEBUG, "slack does not say who we are yet: %s", why)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)

    async def _at_home(self, team: str, name: str) -> None:
        """The token of the settings is good: whoever could not be reached by an older one can be reached again.

        Where other workspaces let us in by themselves, this one is known by its id as they are.
        """
        if self._installs is None:
            return
        if not self._many:
            await self._installs.back("slack")
            return
        token = self._workspaces.ours.token
        await self._installs.keep(Installed(platform="slack", team=team, name=name, token=token, ours=True))
        self._workspaces.forget(team)


async def connect(
    app: web.Application, door: Door, settings: Settings, installs: Installs | None = None
) -> SlackPlatform:
    """Open the doors there are keys for: `POST /slack/events`, Socket Mode, or both.

    Where workspaces let us in by themselves, there is the doorstep too. The platform starts and closes with the
    application.
    """
    token, signing, app_token = (
        secret.get_secret_value() if secret else ""
        for secret in (settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token)
    )
    many = settings.slack_installs and installs is not None
    session = aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(keepalive_timeout=IDLE))
    workspaces = Workspaces(maker(settings.slack_api_url, session, silent()), token, installs if many else None)
    people = People(workspaces)
    listeners = Listeners(door, people, Answers(session, settings.slack_api_url), workspaces)
    slack = bolt(listeners, workspaces)

    async def dispatch(body: dict[str, object]) -> BoltResponse:
        return await dispatched(slack, body)

    tally, platform = Tally(), SlackPlatform(workspaces, session, installs, many=many)
    platform.listeners, platform.refused = listeners, tally.counts
    if app_token:
        platform.socket = Socket(workspaces.ours, session, app_token, dispatch, tally)
    if signing:
        app.router.add_post(PATH, Entrance(secrets_of(signing), dispatch, tally).receive)
    if many and installs is not None:
        _let_in(app, settings, installs, workspaces, tally, Greeting(door, people))

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


def _let_in(
    app: web.Application, settings: Settings, installs: Installs, workspaces: Workspaces, tally: Tally,
    greeting: Greeting,
) -> None:  # fmt: skip
    secret = settings.slack_client_secret
    oauth = OAuth(
        client_id=settings.slack_client_id or "", client_secret=secret.get_secret_value() if secret else "",
        public_url=settings.public_url, api_url=settings.slack_api_url, scopes=scopes(settings.slack_features),
    )  # fmt: skip

    async def moved_in(installed: Installed) -> None:
        workspaces.forget(installed.team)
        await greeting.greet(installed)

    step = Doorstep(oauth, installs, workspaces.nobody, tally, moved_in)
    app.router.add_get(INSTALL, step.install, allow_head=False)
    app.router.add_get(REDIRECT, step.redirect, allow_head=False)


async def _nothing() -> None:
    return None
