"""What a chat's roster says of somebody beyond what their message said: asked for rarely, never waited for long."""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from adapters.teams.ports import Member
from bot.events import Barred, FromPlatform
from bot.lookup import Lookup

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}")


class Profile(Struct, frozen=True):
    """As the roster has it. Guests are known to another tenant, and so is their address."""

    id: str = ""
    name: str = ""
    aad: str = msgspec.field(default="", name="aadObjectId")
    email: str = ""
    upn: str = msgspec.field(default="", name="userPrincipalName")
    role: str = msgspec.field(default="", name="userRole")
    tenant: str = msgspec.field(default="", name="tenantId")


class Known(Struct, frozen=True):
    """What of it matters: an address that our own tenant vouches for, or why they are none of ours."""

    email: str = ""
    barred: Barred = ""


NOBODY = Known()


class People:
    """What rosters say, by chat and person."""

    def __init__(self, member: Member, tenants: tuple[str, ...]) -> None:
        self._member = member
        self._tenants = frozenset(tenants)
        self._roster: Lookup[tuple[str, str], Known] = Lookup(self._ask, NOBODY)

    async def known(self, event: FromPlatform) -> FromPlatform:
        """The event of somebody in their private chat, with what the chat's roster says of them."""
        by = event.by
        if not by.channel or not by.user:
            return event
        one = await self._roster((by.channel, by.user))
        return event if one == NOBODY else replace(event, by=replace(by, email=one.email, barred=one.barred))

    async def close(self) -> None:
        await self._roster.close()

    async def _ask(self, key: tuple[str, str]) -> Known:
        service, _, conversation = key[0].partition(" ")
        return judged(msgspec.convert(await self._member(service, conversation, key[1]), Profile), self._tenants)


def judged(one: Profile, tenants: frozenset[str]) -> Known:
    """The mailbox, else the name they sign in by. Of whoever another tenant vouches for there is neither."""
    if one.role == "guest":
        return Known(barred="guest")
    if one.role == "anonymous" or (one.tenant and one.tenant.lower() not in tenants):
        return Known(barred="stranger")
    if one.role not in ("", "user") or not one.tenant:
        return NOBODY
    return Known(next((said.casefold() for said in (one.email, one.upn) if _EMAIL.fullmatch(said)), ""))
