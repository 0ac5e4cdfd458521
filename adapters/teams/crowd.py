"""People who were chosen in a command: those it mentions, or all who are where it was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from adapters.teams.payloads import Activity
from adapters.teams.people import Profile, judged
from adapters.teams.ports import Json, Member, Members
from bot.events import Account, Unread

# The words after `beside` that choose people, and those that mean everybody who is in this channel or chat.
CHOOSING = ("setup", "coaches")
HERE = ("here", "aquí", "aqui")
MOST = 100
AT_ONCE = 8
PAGES = 5
WITHIN = 8.0  # well before Teams gives up on us
Found = tuple[tuple[Account, ...], tuple[Unread, ...]]


class Wanted(Struct, frozen=True):
    """Whom somebody named, by their ids in that conversation, or everybody in it."""

    users: tuple[str, ...] = ()
    here: bool = False


def wanted(command: str, text: str, activity: Activity) -> Wanted:
    """Nobody, unless the command is one that chooses people."""
    first, _, rest = text.strip().partition(" ")
    if command != "beside" or first.casefold() not in CHOOSING:
        return Wanted()
    named = [
        one.mentioned.id
        for one in activity.entities or ()
        if one.type == "mention" and one.mentioned and one.text and one.text in text
    ]
    others = tuple(dict.fromkeys(one for one in named if one != activity.recipient.id))
    return Wanted(others, rest.strip().casefold() in HERE)


class Crowd:
    """Looks them up, a few at a time, and not more than a hundred at once."""

    def __init__(self, member: Member, members: Members, tenants: tuple[str, ...]) -> None:
        self._member = member
        self._members = members
        self._tenants = frozenset(tenants)

    async def gathered(self, whom: Wanted, service: str, conversation: str, team: str) -> Found:
        """A thread in a channel has no members of its own: the channel has."""
        place = conversation.partition(";")[0]
        try:
            async with asyncio.timeout(WITHIN):
                told = await self._everybody(service, place) if whom.here else await self._named(whom, service, place)
                people = [one for one in map(_profile, told) if not one.id.startswith("28:")]
        except Exception:  # noqa: BLE001 - whatever went wrong, it is said, and a list with e-mails does as well
            return (), ("channel",)
        every = {one.user: one for one in (self._account(each, team) for each in people)}
        more: tuple[Unread, ...] = ("many",) if len(every) > MOST else ()
        return tuple(every.values())[:MOST], more

    async def _named(self, whom: Wanted, service: str, place: str) -> Iterable[Json]:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(user: str) -> Json:
            async with room:
                return await self._member(service, place, user)

        return await asyncio.gather(*(one(user) for user in whom.users[: MOST + 1]))

    async def _everybody(self, service: str, place: str) -> Iterable[Json]:
        found: list[Json] = []
        token = ""
        for _ in range(PAGES):
            page = await self._members(service, place, token)
            found += page["members"]
            token = page.get("continuationToken") or ""
            if not token or len(found) > MOST:
                break
        return found

    def _account(self, one: Profile, team: str) -> Account:
        known = judged(one, self._tenants)
        return Account(
            platform="teams", team=team, user=one.aad or one.id, name=one.name, email=known.email, barred=known.barred
        )


def _profile(told: Json) -> Profile:
    return msgspec.convert(told, Profile)
