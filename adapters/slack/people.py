"""What Slack knows about a person or a message, asked for rarely, never waited for long."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.workspaces import Workspaces
from bot.events import Account, Barred
from bot.lookup import Lookup


class Profile(msgspec.Struct, frozen=True):
    """Who somebody is. `homes` are their workspace and, on an Enterprise Grid, the organization above it."""

    name: str = ""
    zone: str = ""
    locale: str = ""
    email: str = ""
    bot: bool = False
    guest: bool = False
    gone: bool = False
    homes: tuple[str, ...] = ()


class People:
    """Profiles by workspace and person, and which of our threads a message of ours belongs to."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self.profile: Lookup[tuple[str, str], Profile] = Lookup(self._profile, Profile())
        self.thread: Lookup[tuple[str, str, str], str] = Lookup(self._thread, "")

    async def known(self, by: Account, home: str, homes: tuple[str, ...]) -> tuple[Account, bool]:
        """The account in that workspace with what Slack knows about it, and whether it is a machine.

        Who is there as a guest, or comes from another workspace, is barred. Where Slack does not say, the event does.
        """
        at_home = msgspec.structs.replace(by, team=home or by.team)
        if not by.user:
            return at_home, False
        one = await self.profile((home, by.user))
        own = {home, *homes}
        foreign = not own & set(one.homes) if one.homes else by.team not in own
        barred: Barred = "stranger" if foreign else "guest" if one.guest else ""
        full = msgspec.structs.replace(
            at_home, name=one.name, zone=one.zone, locale=one.locale, email=one.email, barred=barred
        )
        return full, one.bot

    async def chosen(self, user: str, home: str, homes: tuple[str, ...]) -> Account:
        """Somebody who was chosen, with why they cannot be where that is so."""
        by, machine = await self.known(Account(platform="slack", team=home, user=user), home, homes)
        one = await self.profile((home, user))
        # Of whom Slack says nothing it is not known whether they are a guest.
        barred: Barred = "bot" if machine else "gone" if one.gone else by.barred or ("" if one.homes else "silent")
        return msgspec.structs.replace(by, barred=barred)

    async def names(self, users: tuple[str, ...], home: str) -> Mapping[str, str]:
        found = await asyncio.gather(*(self.profile((home, user)) for user in users))
        return {user: one.name for user, one in zip(users, found, strict=True)}

    async def _client(self, home: str) -> AsyncWebClient:
        client = await self._workspaces.client(home)
        if client is None:
            raise LookupError("not installed")
        return client

    async def _profile(self, who: tuple[str, str]) -> Profile:
        home, user = who
        answer = await (await self._client(home)).users_info(user=user, include_locale=True)
        return profile(answer.get("user"))

    async def _thread(self, place: tuple[str, str, str]) -> str:
        """Our messages carry their thread in the metadata, so a reply below one finds it."""
        home, channel, message = place
        answer = await (await self._client(home)).conversations_history(
            channel=channel, latest=message, oldest=message, inclusive=True, limit=1, include_all_metadata=True
        )
        match answer.get("messages"):
            case [{"ts": ts, "metadata": {"event_type": "beside", "event_payload": {"thread": str(thread)}}}, *_] if (
                ts == message
            ):
                return thread
            case _:
                return ""


def profile(user: object) -> Profile:
    """The zone is the IANA name; an offset would be wrong half of the year."""
    match user:
        case {"profile": {**about}, **rest}:
            names = (about.get("real_name"), rest.get("real_name"), about.get("display_name"), rest.get("name"))
            return Profile(
                name=next((name for name in names if isinstance(name, str) and name.strip()), ""),
                zone=_text(rest.get("tz")),
                locale=_text(rest.get("locale")),
                email=_text(about.get("email")),
                bot=rest.get("is_bot") is True or rest.get("id") == "USLACKBOT",
                guest=rest.get("is_restricted") is True or rest.get("is_ultra_restricted") is True,
                gone=rest.get("deleted") is True,
                homes=_homes(rest),
            )
        case _:
            return Profile()


def _homes(user: Mapping[object, object]) -> tuple[str, ...]:
    """`is_stranger` alone would not do: who shares a channel with us is none, and still from elsewhere."""
    above = user.get("enterprise_user")
    found = (_text(user.get("team_id")), _text(above.get("enterprise_id")) if isinstance(above, dict) else "")
    return tuple(one for one in found if one)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
