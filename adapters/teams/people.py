"""What a chat's roster says of somebody beyond what their message said: asked for rarely, never waited for long."""

from __future__ import annotations

import asyncio
import re
import time

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from adapters.teams.ports import Member
from bot.events import FromPlatform

HOUR = 3600.0
MINUTE = 60.0
WAIT = 1.0
ROOM = 20_000
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}")


class Profile(Struct, frozen=True):
    """As the roster has it. Guests are known to another tenant, and so is their address."""

    email: str = ""
    upn: str = msgspec.field(default="", name="userPrincipalName")
    role: str = msgspec.field(default="", name="userRole")
    tenant: str = msgspec.field(default="", name="tenantId")


class People:
    """An answer is kept for an hour and a failure for a minute; many who ask at once share one question."""

    def __init__(self, member: Member, tenants: tuple[str, ...]) -> None:
        self._member = member
        self._tenants = frozenset(tenants)
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def known(self, event: FromPlatform) -> FromPlatform:
        """The event of somebody in their private chat, with the address by which a roster of ours may name them."""
        by = event.by
        if not by.channel or not by.user:
            return event
        email = await self._email((by.channel, by.user))
        return replace(event, by=replace(by, email=email)) if email else event

    async def close(self) -> None:
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _email(self, key: tuple[str, str]) -> str:
        until, known = self._kept.get(key, (0.0, ""))
        if until > time.monotonic():
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._fetch(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _fetch(self, key: tuple[str, str]) -> str:
        service, _, conversation = key[0].partition(" ")
        try:
            async with asyncio.timeout(WAIT):
                found = msgspec.convert(await self._member(service, conversation, key[1]), Profile)
            email, lifetime = address(found, self._tenants), HOUR
        except Exception:  # noqa: BLE001 - whatever went wrong, people are understood without it
            email, lifetime = "", MINUTE
        while len(self._kept) >= ROOM:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (time.monotonic() + lifetime, email)
        return email


def address(one: Profile, tenants: frozenset[str]) -> str:
    """The mailbox, else the name they sign in by; none of a guest, whose address another tenant vouches for."""
    if one.role not in ("", "user") or one.tenant.lower() not in tenants:
        return ""
    return next((said.casefold() for said in (one.email, one.upn) if _EMAIL.fullmatch(said)), "")
