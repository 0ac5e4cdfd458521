"""People who were chosen: one by one, as the members of a channel or of a group, or by e-mail from a list.

What a scope is needed for that was not granted is told apart, so that a choice is explained and not broken.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from msgspec import Struct
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.people import People, profile
from adapters.slack.send import meaning, reason
from adapters.slack.workspaces import Workspaces
from bot.events import Account, Unread
from bot.platform import Later

# The words after /beside that choose people, and how the fields are called in which people are chosen.
CHOOSING = ("setup", "coaches")
FIELDS = "who"
MOST = 1_000
# More than so many are looked for in the whole list, which Slack gives in few pages.
FEW = 30
PAGE, PAGES = 1_000, 60
PATIENT, LONGEST = 10, 60.0
AT_ONCE = 8
WITHIN = 10.0
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>|\b([UW][A-Z0-9]{2,30})\b")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"(?<![^\s@,;<>()\"|:])[^\s@,;<>()\"|:]{1,64}@[^\s@,;<>()\"|]{1,255}\.[^\s@,;<>()\"|]{2,64}")
Method = Callable[..., Awaitable[Any]]
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
    """Looks them up, a few at a time; many are found in the list of the whole workspace, by few calls."""

    def __init__(self, workspaces: Workspaces, people: People) -> None:
        self._workspaces = workspaces
        self._people = people

    async def gathered(self, wanted: Wanted, home: str, homes: tuple[str, ...]) -> Found:
        client = await self._workspaces.client(home) if wanted != Wanted() else None
        if client is None:
            return (), ()
        ids, unread = list(wanted.users), list[Unread]()
        for channel in wanted.channels:
            members = await _members(client, channel)
            ids += members or ()
            unread += ["channel"] if members is None else []
        for group in wanted.groups:
            told = await _told(client.usergroups_users_list, usergroup=group)
            ids += _texts(told.get("users"))
            unread += ["group"] if not told else []
        if len({*ids, *wanted.emails}) > FEW:
            found, may = await self._listed(client, home, {*ids[: MOST + 1]}, {*wanted.emails[:MOST]})
        else:
            found, may = await _by_email(client, wanted.emails[:MOST])
        ids += found
        unread += [] if may else ["email"]
        every = list(dict.fromkeys(ids))
        unread += ["many"] if len(every) > MOST else []
        room = asyncio.Semaphore(AT_ONCE)

        async def one(user: str) -> Account:
            async with room:
                return await self._people.chosen(user, home, homes)

        people = await asyncio.gather(*(one(user) for user in every[:MOST]))
        return tuple(people), tuple(dict.fromkeys(unread))

    async def _listed(
        self, client: AsyncWebClient, home: str, users: set[str], emails: set[str]
    ) -> tuple[list[str], bool]:
        """Everybody who is wanted is known from here on; and who has one of these e-mails, if Slack shows them."""
        wished, found, shown = {email.casefold() for email in emails}, list[str](), not emails
        async for page in _pages(client.users_list, "members", include_locale=True):
            for user in page:
                known = profile(user)
                shown = shown or bool(known.email)
                match user:
                    case {"id": str(ident)} if ident in users or known.email.casefold() in wished:
                        self._people.profile.keep((home, ident), known)
                        found += [] if ident in users else [ident]
        return found, shown


async def _by_email(client: AsyncWebClient, emails: tuple[str, ...]) -> tuple[list[str], bool]:
    """Those whom Slack knows by an e-mail, and whether it lets us ask."""
    found: list[str] = []
    for email in emails:
        try:
            told = await _asked(client.users_lookupByEmail, email=email)
        except SlackApiError as refused:
            if reason(refused) == "users_not_found":
                continue
            return found, False
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError):
            return found, False
        user = told.get("user")
        found += _texts([user.get("id")] if isinstance(user, dict) else [])
    return found, True


async def _members(client: AsyncWebClient, channel: str) -> list[str] | None:
    """Those of a channel, as far as they are wanted at all; None where it cannot be read."""
    found: list[str] | None = None
    async for page in _pages(client.conversations_members, "members", channel=channel):
        found = [*(found or ()), *_texts(page)]
        if len(found) > MOST:
            break
    return found


async def _pages(method: Method, key: str, **asked: object) -> AsyncIterator[list[Any]]:
    """Page after page, until the last one or one that Slack does not give."""
    cursor = ""
    for _ in range(PAGES):
        told = await _told(method, limit=PAGE, **asked, **({"cursor": cursor} if cursor else {}))
        page = told.get(key)
        if not isinstance(page, list):
            return
        yield page
        match told.get("response_metadata"):
            case {"next_cursor": str(more)} if more:
                cursor = more
            case _:
                return


async def _told(method: Method, **asked: object) -> dict[str, Any]:
    """Nothing where Slack says no, or nothing, whatever its reason is."""
    try:
        return await _asked(method, **asked)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError):
        return {}


async def _asked(method: Method, **asked: object) -> dict[str, Any]:
    """Where Slack says when it will answer, it is asked again then."""
    for _ in range(PATIENT):
        try:
            async with asyncio.timeout(WITHIN):
                data = (await method(**asked)).data
        except SlackApiError as refused:
            told = meaning(refused)
            if not isinstance(told, Later) or told.reason != "ratelimited":
                raise
            await asyncio.sleep(min(told.seconds or 1.0, LONGEST))
            continue
        return data if isinstance(data, dict) else {}
    return {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
