"""The workspaces we are in, each with its own token; one token for all where the settings name it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platform import Installs

KEPT = 300.0  # another process may have been told of a new token
ROOM = 5_000
Make = Callable[[str], AsyncWebClient]


def maker(base_url: str, session: aiohttp.ClientSession, quiet: logging.Logger) -> Make:
    """Clients that try once: trying again is the outbox's work."""

    def make(token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token or None, base_url=base_url, session=session, logger=quiet, retry_handlers=[])

    return make


class Workspaces:
    """`client(team)` speaks with that workspace's token. `ours` is the token of the settings.

    Where no workspace lets us in by itself, it is the token for any.
    """

    def __init__(self, make: Make, ours: str, installs: Installs | None) -> None:
        self._make = make
        self._installs = installs
        self._ours = make(ours)
        self._kept: dict[str, tuple[float, str, AsyncWebClient | None]] = {}

    @property
    def ours(self) -> AsyncWebClient:
        return self._ours

    @property
    def nobody(self) -> AsyncWebClient:
        """A client without a token, for what is asked in the app's own name."""
        return self._make("")

    async def home(self, candidates: tuple[str, ...]) -> str:
        """Under which of these ids we were let in; the first where we were not, or where one token is for all."""
        if self._installs is not None:
            for one in candidates:
                if await self.client(one) is not None:
                    return one
        return next(iter(candidates), "")

    async def client(self, team: str) -> AsyncWebClient | None:
        """None where nobody let us in."""
        if self._installs is None:
            return self._ours
        until, _, known = self._kept.get(team, (0.0, "", None))
        return known if until > time.monotonic() else await self._read(team)

    async def fresh(self, team: str, used: AsyncWebClient) -> AsyncWebClient | None:
        """Another client than the one whose token was refused, where a new token is known by now."""
        if self._installs is None:
            return None
        now = await self._read(team)
        return None if now is None or now.token == used.token else now

    def forget(self, team: str) -> None:
        self._kept.pop(team, None)

    async def _read(self, team: str) -> AsyncWebClient | None:
        assert self._installs is not None  # noqa: S101 - both who call it have looked
        token = await self._installs.token("slack", team) if team else None
        _, before, client = self._kept.get(team, (0.0, "", None))
        if token is None:
            self._kept.pop(team, None)  # who knocks without having been let in takes no room
            return None
        if client is None or before != token:
            client = self._make(token)
        while len(self._kept) >= ROOM:
            del self._kept[next(iter(self._kept))]
        self._kept[team] = (time.monotonic() + KEPT, token, client)
        return client
