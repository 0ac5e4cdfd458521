"""The fence: the playground answers this computer and its own page, and nobody else."""

from __future__ import annotations

import ipaddress
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from adapters.web.inbound import Malformed, pairs

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
COOKIE = "beside_csrf"
LONGEST = 64 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,60}\Z")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
_log = logging.getLogger("beside.web")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Kind(Exception):
    """A request that cannot be met, and the sentence that says so."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


NOT_HERE = "The playground answers only on the computer it runs on."
OLD_PAGE = "This page is from before. Load it again; what you wrote stays."
MALFORMED = "That could not be read. Load the page again; what you wrote stays."
TOO_LONG = "That is more than fits in one message. Two shorter ones will do."
NOT_KEPT = "Beside could not keep it just now."


def loopback(host: str) -> bool:
    """Whether a Host names this computer: a name that somebody else's DNS could answer does not."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.path or parts.query or parts.fragment or parts.username is not None or not host.isascii():
        return False
    return name == "localhost" or _this_computer(name)


def _this_computer(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (inner or ip).is_loopback


def own_origin(origin: str, host: str) -> bool:
    """Whether an Origin is the page that this Host served."""
    scheme, found, rest = origin.partition("://")
    return bool(found) and scheme in ("http", "https") and rest.lower() == host.lower()


def fenced(handler: Handler) -> Handler:
    """Only from here, only from our page; every answer with its headers, every trouble a sentence."""

    async def inside(request: web.Request) -> web.StreamResponse:
        try:
            _look(request)
            response = await handler(request)
        except Kind as trouble:
            response = told(trouble.reason, trouble.status)
        except Malformed:
            response = told(MALFORMED, HTTPStatus.BAD_REQUEST)
        except (ConnectionError, web.HTTPException):
            raise
        except Exception as fault:  # noqa: BLE001 - the last fence: nobody is shown a traceback
            # The class alone: a message or traceback may hold somebody's words.
            _log.error("playground: %s at %s", type(fault).__name__, request.path)
            response = told(NOT_KEPT, HTTPStatus.SERVICE_UNAVAILABLE)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return inside


def told(reason: str, status: HTTPStatus) -> web.Response:
    """A sentence for the page and for anybody who reads it bare."""
    body = msgspec.json.encode({"reason": reason})
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def _look(request: web.Request) -> None:
    away = request.remote is not None and not _this_computer(request.remote.partition("%")[0])
    host = request.headers.get("Host", "")
    if away or not loopback(host) or any(name in request.headers for name in _FORWARDED):
        raise Kind(HTTPStatus.FORBIDDEN, NOT_HERE)
    origin = request.headers.get("Origin")
    # A plain form of a page without referrer says "null"; the browser itself then vouches for where it stood.
    vouched = origin == "null" and request.headers.get("Sec-Fetch-Site") == "same-origin"
    if origin is not None and not vouched and not own_origin(origin, host):
        raise Kind(HTTPStatus.FORBIDDEN, NOT_HERE)


def token_of(request: web.Request) -> str:
    """The page's token: the one it already has, so that two tabs agree."""
    had = request.cookies.get(COOKIE, "")
    return had if _TOKEN.match(had) else secrets.token_urlsafe(32)


def set_token(response: web.Response, token: str) -> None:
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="Strict")


async def body_of(request: web.Request) -> bytes:
    """The whole body of a request that our own page sent; a forged or oversized one goes no further."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, MALFORMED)
    if (request.content_length or 0) > LONGEST:
        raise Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LONG)
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > LONGEST:
            raise Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LONG)
    cookie = request.cookies.get(COOKIE, "")
    sent = request.headers.get("X-CSRF-Token", "")
    if not sent and request.content_type == "application/x-www-form-urlencoded":
        sent = pairs(bytes(raw)).get("csrf", "")
    if not _TOKEN.match(cookie) or not secrets.compare_digest(cookie.encode(), sent.encode("utf-8", "replace")):
        raise Kind(HTTPStatus.FORBIDDEN, OLD_PAGE)
    return bytes(raw)
