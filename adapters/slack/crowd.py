"""People who were chosen: one by one, as the members of a channel or of a group, or by e-mail from a list.

What a scope is needed for that was not granted is told apart, so that a choice is explained and not broken.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from typing import Any

import aiohttp
from msgspec import Struct
from slack_sdk.errors import SlackApiError

from adapters.slack.people import People
from adapters.slack.send import reason
from adapters.slack.workspaces import Workspaces
from bot.events import Account, Unread

# The words after /beside that choose people, and how the fields are called in which people are chosen.
CHOOSING = ("setup", "coaches")
FIELDS = "who"
MOST = 100
AT_ONCE = 8
WITHIN = 10.0
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>|\b([UW][A-Z0-9]{2,30})\b")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"(?<![^\s@,;<>()\"|:])[^\s@,;<>()\"|:]{1,64}@[^\s@,;<>()\"|]{1,255}\.[^\s@,;<>()\"|]{2,64}")
Found = tuple[tuple[Account, ...], tuple[Unread, ...]]


class Wanted(Struct, frozen=True):
    """Whom somebody named."""

    users: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


def of_command(command: str, text: str) -> Wanted:
    """People, groups and channels in a command that chooses people; Slack writes them in the text."""
    if command != "beside" or text.strip().partition(" ")[0].lower() not in CHOOSING:
        return Wanted()
    users = tuple(dict.fromkeys(found[1] for found in _USER.finditer(text) if found[1]))
    return Wanted(users, _once(_CHANNEL, text), _once(_GROUP, text), _once(_EMAIL, text))


def of_fields(fields: dict[str, str]) -> Wanted:
    """Those chosen in a form: ids in fields of people, e-mails in lists of them."""
    mine = {name: value for name, value in fields.items() if name.startswith(FIELDS)}
    ids = tuple(one for one in mine.get(FIELDS, "").split() if _USER.fullmatch(one))
    emails = tuple(found for name, value in mine.items() if name != FIELDS for found in _once(_EMAIL, value))
    return Wanted(users=ids, emails=emails)


def _once(what: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(what.findall(text)))


class Crowd:
    """Looks them up, a few at a time, and not more than a hundred at once."""

    def __init__(self, workspaces: Workspaces, people: People) -> None:
        self._workspaces = workspaces
        self._people = people

    async def gathered(self, wanted: Wanted, home: str, homes: tuple[str, ...]) -> Found:
        client = await self._workspaces.client(home) if wanted != Wanted() else None
        if client is None:
            return (), ()
        ids, unread = list(wanted.users), list[Unread]()
        for channel in wanted.channels:
            told = await _told(client.conversations_members(channel=channel, limit=MOST + 1))
            ids += _texts(told.get("members"))
            unread += ["channel"] if not told else []
        for group in wanted.groups:
            told = await _told(client.usergroups_users_list(usergroup=group))
            ids += _texts(told.get("users"))
            unread += ["group"] if not told else []
        for email in wanted.emails[:MOST]:
            try:
                told = await _asked(client.users_lookupByEmail(email=email))
            except SlackApiError as refused:
                if reason(refused) == "users_not_found":
                    continue
                unread.append("email")
                break
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError):
                unread.append("email")
                break
            user = told.get("user")
            ids += _texts([user.get("id")] if isinstance(user, dict) else [])
        every = list(dict.fromkeys(ids))
        unread += ["many"] if len(every) > MOST else []
        room = asyncio.Semaphore(AT_ONCE)

        async def one(user: str) -> Account:
            async with room:
                return await self._people.chosen(user, home, homes)

        people = await asyncio.gather(*(one(user) for user in every[:MOST]))
        return tuple(people), tuple(dict.fromkeys(unread))


async def _told(call: Awaitable[Any]) -> dict[str, Any]:
    """Nothing where Slack says no, or nothing, whatever its reason is."""
    try:
        return await _asked(call)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError):
        return {}


async def _asked(call: Awaitable[Any]) -> dict[str, Any]:
    async with asyncio.timeout(WITHIN):
        data = (await call).data
    return data if isinstance(data, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
