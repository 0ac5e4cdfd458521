"""Fetching a subscribed calendar: from the open network alone, and from where its name was looked up.

Whoever gives an address must not be able to make us call somebody inside. So every address that a name stands for is
looked at, at every redirect; and what was looked at is what is connected to, so that the name cannot change its mind
in between.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from msgspec import Struct
from yarl import URL

from bot.calendars.taken import BYTES

REDIRECTS: Final = 5
_PATIENCE: Final = 15.0
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
# Addresses that are another one in disguise; whoever means that one can say it.
_DISGUISED: Final = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "192.88.99.0/24"))
)
# Given to nobody, or never to leave a network; not every Python knows of each.
_NOBODY: Final = tuple(map(ipaddress.ip_network, ("3fff::/20", "5f00::/16", "192.0.0.0/24", "100::/64")))


class NotFetched(Exception):
    """In one word: bad_address, not_allowed, away, refused, too_large, too_many_redirects."""


class Fetched(Struct, frozen=True):
    """What stands there; `data` is None where it has not changed since the `etag` that was sent along."""

    data: bytes | None
    etag: str = ""


def is_open(address: str) -> bool:
    """Whether it belongs to the open network: nothing private, of this machine, of this link, or in disguise."""
    try:
        at = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(at, ipaddress.IPv6Address):
        if at.ipv4_mapped is not None:
            return is_open(str(at.ipv4_mapped))
        if at.is_site_local:
            return False
    if any(at in network for network in (*_DISGUISED, *_NOBODY)):
        return False
    return at.is_global and not (
        at.is_private or at.is_loopback or at.is_link_local or at.is_multicast or at.is_reserved or at.is_unspecified
    )


def checked(address: str, *, loopback: bool = False) -> URL:
    """The address, if it may be asked at all; a name is looked up later."""
    try:
        url = URL(address.strip().replace("webcal://", "https://", 1))
        host, port = url.host, url.port
    except (ValueError, TypeError):
        raise NotFetched("bad_address") from None
    if not host or len(address) > 2000 or url.user is not None or url.password is not None:
        raise NotFetched("bad_address")
    bare = host.strip("[]")
    here = loopback and bare in ("127.0.0.1", "::1", "localhost")
    if not here and (url.scheme != "https" or port != 443):
        raise NotFetched("bad_address")
    if url.scheme not in ("https", "http"):
        raise NotFetched("bad_address")
    # A number is not looked up, so it is judged here. Odd ways of writing one are no names either.
    if not here and (_is_number(bare) or bare.endswith(".")) and not is_open(bare.rstrip(".")):
        raise NotFetched("not_allowed")
    if not here and (bare == "localhost" or bare.endswith((".localhost", ".local", ".internal"))):
        raise NotFetched("not_allowed")
    return url


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        # 0x7f.1, 2130706433, 127.1: the last part of a real name is no number.
        return last.isdigit() or last.lower().startswith("0x")
    return True


LookUp = Callable[[str, int], Awaitable[list[str]]]


async def asked_for(host: str, port: int) -> list[str]:
    """What the machine's own resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(at[0]) for *_, at in found))


class Pinned(AbstractResolver):
    """Looks a name up once a connection; if one of its addresses is not open, none of them is used."""

    def __init__(self, look_up: LookUp, *, loopback: bool = False) -> None:
        self._look_up = look_up
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        results: list[ResolveResult] = []
        for address in await self._look_up(host, port):
            at = ipaddress.ip_address(address.partition("%")[0])
            if not (is_open(address) or (self._loopback and at.is_loopback)):
                raise NotFetched("not_allowed")
            kind = socket.AF_INET6 if at.version == 6 else socket.AF_INET
            if family in (socket.AF_UNSPEC, kind):
                flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
                results.append(
                    ResolveResult(hostname=host, host=address, port=port, family=int(kind), proto=0, flags=flags)
                )
        return results

    async def close(self) -> None:
        return


async def fetch(address: str, *, etag: str = "", loopback: bool = False, look_up: LookUp = asked_for) -> Fetched:
    """The calendar behind that address, or `NotFetched`."""
    url = checked(address, loopback=loopback)
    connector = aiohttp.TCPConnector(
        resolver=Pinned(look_up, loopback=loopback), use_dns_cache=False, force_close=True, limit=1
    )
    async with aiohttp.ClientSession(
        connector=connector, auto_decompress=False, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=_PATIENCE),
    ) as session:  # fmt: skip
        try:
            for _ in range(REDIRECTS + 1):
                answer = await _asked(session, url, etag)
                if isinstance(answer, Fetched):
                    return answer
                url = checked(str(answer), loopback=loopback)
        except (aiohttp.ClientError, OSError, TimeoutError):
            raise NotFetched("away") from None
        except (ValueError, UnicodeError):
            raise NotFetched("bad_address") from None
    raise NotFetched("too_many_redirects")


async def _asked(session: aiohttp.ClientSession, url: URL, etag: str) -> Fetched | URL:
    headers = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "Beside"}
    if etag:
        headers["If-None-Match"] = etag
    async with session.get(url, headers=headers, allow_redirects=False) as answer:
        if answer.status == 304 and etag:
            return Fetched(None, etag)
        if answer.status in _MOVED:
            return url.join(URL(answer.headers.get("Location", "")))
        if answer.status != 200 or answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NotFetched("refused")
        if (answer.content_length or 0) > BYTES:
            raise NotFetched("too_large")
        data = bytearray()
        async for chunk in answer.content.iter_chunked(64 * 1024):
            data += chunk
            if len(data) > BYTES:
                raise NotFetched("too_large")
        return Fetched(bytes(data), answer.headers.get("ETag", "")[:200])
