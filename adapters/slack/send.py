"""Parcels on their way to Slack, and what its answers mean: taken, later, never, or not known."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.render import TWIN_OF_UPDATE, message
from bot.cards import in_words
from bot.platform import Later, Parcel, Receipt, Refused, Unsure

LATER = frozenset(
    "ratelimited rate_limited message_limit_exceeded internal_error service_unavailable request_timeout "
    "accesslimited team_added_to_org org_login_required".split()
)
GONE = frozenset("channel_not_found is_archived user_not_found user_disabled user_not_visible cannot_dm_bot".split())
UNSURE = frozenset({"fatal_error", "unknown_error"})
CLOCKS_APART = timedelta(minutes=2)
PAGES = 10


class Sender:
    """Sends once and says truthfully what became of it; trying again is the outbox's work."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._direct: dict[str, str] = {}

    async def deliver(self, parcel: Parcel) -> Receipt:
        if parcel.revises is not None:
            channel, ts = parcel.revises.channel, parcel.revises.id
            shown = message(in_words(parcel.card), TWIN_OF_UPDATE) | {"metadata": _metadata(parcel)}
            sent = self._client.chat_update(channel=channel, ts=ts, **shown)
        else:
            channel = await self._channel(parcel)
            shown = message(in_words(parcel.card)) | {"metadata": _metadata(parcel)}
            sent = self._client.chat_postMessage(channel=channel, unfurl_links=False, unfurl_media=False, **shown)
        answer = await _told(sent)
        match answer:
            case {"ts": str(ts), **rest}:
                where = rest.get("channel")
                return Receipt(where if isinstance(where, str) else channel, ts)
            case _:
                raise Unsure("unreadable_answer")

    async def unsay(self, said: Receipt) -> None:
        try:
            await _told(self._client.chat_delete(channel=said.channel, ts=said.id))
        except Refused as refused:
            if refused.reason != "message_not_found":
                raise

    async def find(self, parcel: Parcel) -> Receipt | None:
        """Reading twice does no harm, so here every doubt means later."""
        try:
            return await self._found(parcel)
        except Unsure as doubt:
            raise Later(doubt.reason) from None

    async def _found(self, parcel: Parcel) -> Receipt | None:
        if parcel.revises is not None:
            channel, ts = parcel.revises.channel, parcel.revises.id
            span: dict[str, Any] = {"oldest": ts, "latest": ts, "inclusive": True}
        else:
            channel = await self._channel(parcel)
            span = {"oldest": f"{(parcel.since - CLOCKS_APART).timestamp():.6f}"} if parcel.since else {}
        cursor: str | None = None
        for _ in range(PAGES):
            page = await _told(
                self._client.conversations_history(
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

    async def _channel(self, parcel: Parcel) -> str:
        """The private chat. Opening it again opens the same one, so a doubt about that is none about the message."""
        if parcel.to.channel:
            return parcel.to.channel
        user = parcel.to.user
        if user not in self._direct:
            try:
                answer = await _told(self._client.conversations_open(users=user))
            except Unsure as doubt:
                raise Later(doubt.reason) from None
            match answer:
                case {"channel": {"id": str(channel)}}:
                    self._direct[user] = channel
                case _:
                    raise Later("unreadable_answer")
        return self._direct[user]


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
        return Refused(code, gone=code in GONE)
    return Unsure("unreadable_answer") if status == 200 else Later(f"http_{status}")


def reason(refused: SlackApiError) -> str:
    """Slack's error code, or nothing where it gave none that looks like one."""
    data = getattr(refused.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z][a-z_0-9]{1,80}", code) else ""


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = str(headers.get("Retry-After", ""))
    return float(value) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) else None
