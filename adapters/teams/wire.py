"""One request to the Bot Connector, and what its answer means: taken, later, never, or not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from adapters.teams.credential import Credential
from adapters.teams.hosts import allowed
from bot.platform import Later, Refused, Unsure

WAIT = aiohttp.ClientTimeout(total=15, connect=5, sock_connect=3)
MOST = 256 * 1024
DEFINITE = frozenset({412, 429, 502, 503, 504})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,80}")


class Wire:
    """Writes with our token and our time-outs; only to hosts that are Microsoft's own."""

    def __init__(self, session: aiohttp.ClientSession, credential: Credential, login_url: str) -> None:
        self._session = session
        self._credential = credential
        self._login_url = login_url

    async def ask(self, method: str, service: str, address: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if not allowed(service, self._login_url) or not address.startswith(service.rstrip("/") + "/"):
            raise Refused("foreign_service_url")
        for last in (False, True):
            token = await self._credential.token()
            status, headers, told = await self._once(method, address, body, token)
            if status < 300:
                return 200, told
            if status == 401 and not last:
                self._credential.spent(token)
                continue
            raise meaning(status, code(told), headers.get("Retry-After", ""))
        raise Later("http_401")

    async def _once(
        self, method: str, address: str, body: bytes, token: str
    ) -> tuple[int, Mapping[str, str], dict[str, Any]]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            async with self._session.request(
                method, URL(address, encoded=True), data=body, headers=headers, timeout=WAIT, allow_redirects=False
            ) as told:
                raw = await told.content.read(MOST)
                return told.status, told.headers, _object(raw)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as away:
            raise Later(type(away).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as cut:
            raise Unsure(type(cut).__name__) from None


def meaning(status: int, why: str, retry_after: str = "") -> Later | Refused | Unsure:
    """What an answer other than taken means for the message. Reasons are Teams' codes, never its words."""
    reason = why or f"http_{status}"
    if status in DEFINITE:
        return Later(reason, _seconds(retry_after))
    if status == 401:
        return Later(reason)
    if status >= 500:
        return Unsure(reason)
    return Refused(
        reason, gone=status in (403, 404) and why not in ("ActivityNotFoundInConversation", "MessageNotFound")
    )


def code(told: dict[str, Any]) -> str:
    match told:
        case {"error": {"code": str(found)}} if _CODE.fullmatch(found):
            return found
        case _:
            return ""


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(raw) if raw else {}
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(value: str) -> float | None:
    return float(value) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) else None
