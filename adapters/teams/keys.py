"""The public keys that Teams signs with: fetched without holding the loop, kept, and looked for again when needed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import jwt
import msgspec
from msgspec import Struct

from adapters.teams.hosts import local

METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
FRESH = 6 * 3600.0
PAUSE = 5.0  # between looks for a key that nobody has: a flood of made-up ids must not become our flood
WAIT = aiohttp.ClientTimeout(total=5, connect=3)
MOST = 512 * 1024
log = logging.getLogger("beside.teams")


class Key(Struct, frozen=True):
    """One key, and the channels that may be signed for with it."""

    key: Any
    endorsements: frozenset[str]


class Keys:
    def __init__(self, session: aiohttp.ClientSession, metadata: str) -> None:
        self._session = session
        self._metadata = metadata or METADATA
        self._keys: Mapping[str, Key] = {}
        self._until = 0.0
        self._vain = -PAUSE
        self._fetching: asyncio.Task[bool] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key of that id. An unknown one is looked for once: keys are rotated, and the first message counts."""
        now = time.monotonic()
        if kid in self._keys:
            if now > self._until:
                self._fetch()
            return self._keys[kid]
        if now - self._vain < PAUSE:
            return None
        await asyncio.shield(self._fetch())
        if kid not in self._keys:
            self._vain = time.monotonic()
        return self._keys.get(kid)

    async def warm(self) -> None:
        await asyncio.shield(self._fetch())

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _fetch(self) -> asyncio.Task[bool]:
        """Many who ask at once share one question."""
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._refresh())
        return self._fetching

    async def _refresh(self) -> bool:
        self._until = time.monotonic() + 60.0  # with no answer, the keys we have serve on
        try:
            about = await self._json(self._metadata)
            found = keys_of(await self._json(_safe(about["jwks_uri"], self._metadata)))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError) as away:
            log.warning("teams' signing keys cannot be had: %s", type(away).__name__)
            return False
        self._keys, self._until = found, time.monotonic() + FRESH
        return True

    async def _json(self, address: str) -> Any:  # noqa: ANN401 - whatever stands there
        async with self._session.get(address, timeout=WAIT, allow_redirects=False) as told:
            if told.status != 200:
                raise ValueError("status")
            raw = bytearray()
            async for chunk in told.content.iter_chunked(65536):
                raw += chunk
                if len(raw) > MOST:
                    raise ValueError("too large")
            return msgspec.json.decode(raw)


def _safe(address: str, metadata: str) -> str:
    """Over https, unless all of it is on this machine."""
    if address.startswith("https://") or (local(metadata) and local(address)):
        return address
    raise ValueError("jwks_uri")


def keys_of(document: Any) -> dict[str, Key]:  # noqa: ANN401 - whatever stands there
    """Every key that can be used; one that cannot is left out. No usable key at all is no answer."""
    found = {}
    for one in document["keys"]:
        try:
            kid, endorsed = one["kid"], one.get("endorsements") or ()
            if one["kty"] != "RSA" or not isinstance(kid, str):
                continue
            found[kid] = Key(jwt.PyJWK(one, algorithm="RS256").key, frozenset(map(str, endorsed)))
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError):
            continue
    if not found:
        raise ValueError("no keys")
    return found
