"""Our own token for the Bot Connector: asked for once by however many need it, and renewed before it runs out."""

from __future__ import annotations

import asyncio
import logging
import time

import aiohttp
import msgspec
from msgspec import Struct

from bot.platform import Later

LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://api.botframework.com/.default"
WAIT = aiohttp.ClientTimeout(total=10, connect=3)
EARLY = 300.0
AGAIN = 30.0
MOST = 64 * 1024
log = logging.getLogger("beside.teams")


class Granted(Struct, frozen=True):
    access_token: str
    expires_in: int = 0


class Credential:
    """Client credentials of a single-tenant app. `BESIDE_TEAMS_LOGIN_URL` may be plain http on this machine."""

    def __init__(self, session: aiohttp.ClientSession, login_url: str, tenant: str, app_id: str, secret: str) -> None:
        self._session = session
        self._address = f"{(login_url or LOGIN).rstrip('/')}/{tenant}/oauth2/v2.0/token"
        self._form = {
            "grant_type": "client_credentials", "client_id": app_id, "client_secret": secret, "scope": SCOPE,
        }  # fmt: skip
        self._token = ""
        self._until = 0.0
        self._renew = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """A token that is good for now; `Later` where there is none to be had."""
        now = time.monotonic()
        if self._token and now < self._until:
            if now >= self._renew:
                self._ask()
            return self._token
        await asyncio.shield(self._ask())
        if not self._token:
            raise Later("no_token")
        return self._token

    def spent(self, token: str) -> None:
        """The connector no longer takes it, whatever it said when it was given."""
        if token == self._token:
            self._token = ""

    async def warm(self) -> None:
        await asyncio.shield(self._ask())

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _ask(self) -> asyncio.Task[None]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._refresh())
        return self._asking

    async def _refresh(self) -> None:
        self._renew = time.monotonic() + AGAIN
        try:
            async with self._session.post(self._address, data=self._form, timeout=WAIT, allow_redirects=False) as told:
                raw = await told.content.read(MOST)
                status = told.status
            granted = msgspec.json.decode(raw, type=Granted) if status == 200 else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as away:
            log.warning("no token from the login cloud: %s", type(away).__name__)
            return
        if granted is None or not granted.access_token.isprintable() or not granted.access_token.isascii():
            log.warning("no token from the login cloud: it answered %d", status)
            return
        lives = float(max(granted.expires_in, 60))
        now = time.monotonic()
        self._token, self._until = granted.access_token, now + lives - min(60.0, lives / 2)
        self._renew = now + max(lives - EARLY, lives / 2)
