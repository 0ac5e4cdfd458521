"""Teams: `connect` puts its door into the web application and gives back the platform."""

from __future__ import annotations

import asyncio
from collections import Counter

import aiohttp
from aiohttp import web

from adapters.teams.credential import Credential
from adapters.teams.crowd import Crowd
from adapters.teams.door import Entrance
from adapters.teams.gate import Gate, tenants_of
from adapters.teams.inbound import Commands
from adapters.teams.keys import Keys
from adapters.teams.people import People
from adapters.teams.sdk import Sdk
from adapters.teams.send import Sender
from adapters.teams.wire import Wire
from bot.platform import Door, File, Pace, Parcel, Receipt, Refused
from bot.settings import Settings

PATH = "/api/messages"
IDLE = 5.0  # a connection kept longer may be closed on us in the very moment we write, and leave us unsure
# Far below what one app may write in one tenant; a conversation takes seven in a second, and sixty in thirty.
PACE = Pace(start=5.0, most=5.0, conversation=0.5)

__all__ = ["TeamsPlatform", "connect"]


class TeamsPlatform:
    """Teams as a platform. It cannot be asked what became of a message, so `find` never finds one."""

    name = "teams"
    pace = PACE
    looks_up = False

    def __init__(self, session: aiohttp.ClientSession, keys: Keys, credential: Credential, sender: Sender) -> None:
        self._session = session
        self._keys = keys
        self._credential = credential
        self._sender = sender
        self._warming: asyncio.Future[tuple[None, None]] | None = None
        self.entrance: Entrance | None = None
        self.refused: Counter[str] = Counter()

    async def start(self) -> None:
        """Begin to fetch what the first message needs. Returns at once; asked again it does nothing."""
        if self._warming is None:
            self._warming = asyncio.ensure_future(asyncio.gather(self._keys.warm(), self._credential.warm()))

    async def deliver(self, parcel: Parcel) -> Receipt:
        return await self._sender.deliver(parcel)

    async def find(self, parcel: Parcel) -> Receipt | None:
        return None

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        await self._sender.unsay(said)

    async def close(self) -> None:
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        if self.entrance is not None:
            await self.entrance.close(3.0)
        await self._keys.close()
        await self._credential.close()
        await self._session.close()


async def connect(app: web.Application, door: Door, settings: Settings, commands: Commands) -> TeamsPlatform:
    """Mount `POST /api/messages`. The platform starts and closes with the application."""
    secret = settings.teams_app_password.get_secret_value() if settings.teams_app_password else ""
    app_id, tenants, login = settings.teams_app_id or "", tenants_of(settings.teams_tenants), settings.teams_login_url
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(keepalive_timeout=IDLE), cookie_jar=aiohttp.DummyCookieJar()
    )
    keys = Keys(session, settings.teams_openid_url)
    credential = Credential(session, login, tenants[0], app_id, secret)
    sdk = Sdk(Wire(session, credential, login))
    sender = Sender(sdk, sdk.encode, app_id, tenants, login)
    people, crowd = People(sdk.member, tenants), Crowd(sdk.member, sdk.members, tenants)
    entrance = Entrance(
        Gate(keys, app_id), sdk.decode, door, sender, people, crowd, commands=commands, tenants=tenants, login_url=login
    )
    platform = TeamsPlatform(session, keys, credential, sender)
    platform.entrance, platform.refused = entrance, entrance.refused

    async def started(_: web.Application) -> None:
        await platform.start()

    async def closed(_: web.Application) -> None:
        await platform.close()

    app.router.add_post(PATH, entrance.receive)
    app.on_startup.append(started)
    app.on_cleanup.append(closed)
    return platform
