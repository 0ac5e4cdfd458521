"""Parcels on their way to Slack, and what its answers mean: taken, later, never, or not known."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.render import TWIN_OF_UPDATE, message
from adapters.slack.sheets import home
from adapters.slack.workspaces import Workspaces
from bot.cards import Card, in_words
from bot.events import Account
from bot.platform import Later, Parcel, Receipt, Refused, Unsure

LATER = frozenset(
    "ratelimited rate_limited message_limit_exceeded internal_error service_unavailable request_timeout "
    "accesslimited team_added_to_org org_login_required".split()
)
GONE = frozenset("channel_not_found is_archived user_not_found user_disabled user_not_visible cannot_dm_bot".split())
CLOSED = frozenset({"channel_not_found", "is_archived"})
# The token opens nothing any more: that is the workspace's fault, and nobody's in it.
SHUT = frozenset("account_inactive token_revoked token_expired invalid_auth not_authed team_access_not_granted".split())
UNSURE = frozenset({"fatal_error", "unknown_error"})
CLOCKS_APART = timedelta(minutes=2)
PAGES = 10
T = TypeVar("T")


class Sender:
    """Sends once and says truthfully what became of it; trying again is the outbox's work."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._direct: dict[tuple[str, str], str] = {}
        self._closed: set[tuple[str, str]] = set()

    async def deliver(self, parcel: Parcel) -> Receipt:
        return await self._as_one_of_them(parcel.to.team, lambda client: self._deliver(client, parcel))

    async def unsay(self, said: Receipt) -> None:
        await self._as_one_of_them(said.team, lambda client: self._unsay(client, said))

    async def find(self, parcel: Parcel) -> Receipt | None:
        """Reading twice does no harm, so here every doubt means later."""
        try:
            return await self._as_one_of_them(parcel.to.team, lambda client: self._found(client, parcel))
        except Unsure as doubt:
            raise Later(doubt.reason) from None

    async def _as_one_of_them(self, team: str, act: Callable[[AsyncWebClient], Awaitable[T]]) -> T:
        """With that workspace's token; once more with the new one, where another process was given it."""
        client = await self._workspaces.client(team)
        if client is None:
            raise Refused("not_installed", shut=True)
        try:
            return await act(client)
        except Refused as refused:
            other = await self._workspaces.fresh(team, client) if refused.shut else None
            if other is None:
                raise
        return await act(other)

    async def _deliver(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        """A chat that is no more is opened anew; what stood in it cannot be revised, and is said once more."""
        try:
            return await self._put(client, parcel)
        except Refused as refused:
            if refused.reason not in CLOSED:
                raise
            if parcel.revises is not None:
                raise Refused(refused.reason) from None
            if not parcel.to.channel or self._is_closed(parcel):
                raise
        self._closed.add((parcel.to.team, parcel.to.channel))
        return await self._put(client, parcel)

    def _is_closed(self, parcel: Parcel) -> bool:
        return (parcel.to.team, parcel.to.channel) in self._closed

    async def _put(self, client: AsyncWebClient, parcel: Parcel) -> Receipt:
        if parcel.revises is not None:
            channel, ts = parcel.revises.channel, parcel.revises.id
            shown = message(in_words(parcel.card), TWIN_OF_UPDATE) | {"metadata": _metadata(parcel)}
            sent = client.chat_update(channel=channel, ts=ts, **shown)
        else:
            channel = await self._channel(client, parcel)
            shown = message(in_words(parcel.card)) | {"metadata": _metadata(parcel)}
            sent = client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **shown)
        answer = await _told(sent)
        match answer:
            case {"ts": str(ts), **rest}:
                where = rest.get("channel")
                return Receipt(where if isinstance(where, str) else channel, ts)
            case _:
                raise Unsure("unreadable_answer")

    async def draw(self, to: Account, card: Card) -> None:
        """A home drawn twice looks as if it had been drawn once, so a doubt means later."""

        async def publish(client: AsyncWebClient) -> None:
            await _told(client.views_publish(user_id=to.user, view=home(card)))

        try:
            await self._as_one_of_them(to.team, publish)
        except Unsure as doubt:
            raise Later(doubt.reason) from None

    async def _unsay(self, client: AsyncWebClient, said: Receipt) -> None:
        try:
            await _told(client.chat_delete(channel=said.channel, ts=said.id))
        except Refused as refused:
            if refused.reason != "message_not_found":
                raise

    async def _found(self, client: AsyncWebClient, parcel: Parcel) -> Receipt | None:
        if parcel.revises is not None:
            channel, ts = parcel.revises.channel, parcel.revises.id
            span: dict[str, Any] = {"oldest": ts, "latest": ts, "inclusive": True}
        else:
            channel = await self._channel(client, parcel)
            span = {"oldest": f"{(parcel.since - CLOCKS_APART).timestamp():.6f}"} if parcel.since else {}
        cursor: str | None = None
        for _ in range(PAGES):
            page = await _told(
                client.conversations_history(
                    channel=channel, cursor=cursor, limit=200, include_all_metadata=True, **span
                )
            )
            messages = page.get("messages")
            for one in messages if isinstance(messages, list) else ():
                match one:
                    case {"ts": str(ts), "metadata": {"event_type": "beside", "event_payload": {"key": key}}} if (
                        key == parcel.key
                    ):
                        return Receipt(channel, ts)
            match page.get("response_metadata"):
                case {"next_cursor": str(more)} if more:
                    cursor = more
                case _:
                    return None
        raise Later("history_too_long")

    async def _channel(self, client: AsyncWebClient, parcel: Parcel) -> str:
        """The private chat. Opening it again opens the same one, so a doubt about that is none about the message."""
        if parcel.to.channel and not self._is_closed(parcel):
            return parcel.to.channel
        who = (parcel.to.team, parcel.to.user)
        if who not in self._direct:
            try:
                answer = await _told(client.conversations_open(users=parcel.to.user))
            except Unsure as doubt:
                raise Later(doubt.reason) from None
            match answer:
                case {"channel": {"id": str(channel)}}:
                    self._direct[who] = channel
                case _:
                    raise Later("unreadable_answer")
        return self._direct[who]


def _metadata(parcel: Parcel) -> dict[str, Any]:
    return {"event_type": "beside", "event_payload": {"key": parcel.key, "thread": parcel.card.thread}}


async def _told(call: Awaitable[Any]) -> dict[str, Any]:
    """Slack's answer, or the one of three exceptions that says what became of the call."""
    try:
        answer = await call
    except SlackApiError as refused:
        raise meaning(refused) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as away:
        raise Later(type(away).__name__) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as cut:
        raise Unsure(type(cut).__name__) from None
    except (ValueError, AttributeError, TypeError) as garbled:  # the SDK stumbles over answers that are no object
        raise Unsure(type(garbled).__name__) from None
    data = answer.data
    if not isinstance(data, dict):
        raise Unsure("unreadable_answer")
    return data


def meaning(refused: SlackApiError) -> Later | Refused | Unsure:
    """What an answer other than ok means for the message. Reasons are Slack's error codes, never its words."""
    response = refused.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    code = reason(refused)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Later("ratelimited", _seconds(getattr(response, "headers", None) or {}))
    if status >= 500:
        return Later(code or f"http_{status}")
    if code in UNSURE:
        return Unsure(code)
    if code in LATER:
        return Later(code)
    if code:
        return Refused(code, gone=code in GONE, shut=code in SHUT)
    return Unsure("unreadable_answer") if status == 200 else Later(f"http_{status}")


def reason(refused: SlackApiError) -> str:
    """Slack's error code, or nothing where it gave none that looks like one."""
    data = getattr(refused.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z][a-z_0-9]{1,80}", code) else ""


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = str(headers.get("Retry-After", ""))
    return float(value) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) else None
