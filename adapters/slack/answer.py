"""Our answers in Slack's own ways: the acknowledgement itself, a form, or the address that came with the act."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
import msgspec
from msgspec import Struct
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.forms import errors, view
from adapters.slack.payloads import Way
from adapters.slack.render import TWIN_OF_UPDATE, message
from adapters.slack.send import reason
from adapters.slack.sheets import home, sheet
from bot.cards import Answer, Card, Nothing, OnlyYou, Open, Replace, Text, Wrong

Act = Literal["said", "told", "home", "command", "press", "form", "shortcut"]
Json = dict[str, Any]
USED = frozenset("exchanged_trigger_id trigger_exchanged".split())
SPENT = frozenset("exchanged_trigger_id expired_trigger_id trigger_exchanged trigger_expired".split())
CLOSED = frozenset({"not_found", "view_not_found"})
OVERTAKEN = frozenset({"hash_conflict"})  # what stands there is newer than what we drew
# The address is too old, or used up.
PAST, OVER, SAID = (404, 410), (b"expired_url", b"used_url"), 500
REMEMBERED = 1000
NOT_ASKED: Mapping[str, object] = MappingProxyType({})
HOOKS = ("hooks.slack.com", "hooks.slack-gov.com")
log = logging.getLogger("beside.slack")


class Call(Struct, frozen=True):
    """Something to ask of Slack besides the acknowledgement.

    `words` is the message that says the same, for when no view can be opened any more or the address takes nothing.
    """

    what: Literal["open", "push", "turn", "publish", "new", "replace", "say"]
    shown: Json
    words: Json | None = None


class Response(Struct, frozen=True):
    """The body of the acknowledgement (empty: only that), and what to do beside it."""

    body: Json | None = None
    call: Call | None = None

    def written(self) -> str:
        """The body as it goes over the wire."""
        if not self.body:
            return ""
        try:
            return msgspec.json.encode(self.body).decode()
        except UnicodeEncodeError:  # half of a character in a value that somebody sent
            return json.dumps(self.body)


def response(
    act: Act,
    answer: Answer,
    way: Way,
    boxes: tuple[str, ...] = (),
    answered: Mapping[str, object] = NOT_ASKED,
    *,
    late: bool = False,
) -> Response:
    """How this answer is given to this act. Once the acknowledgement is gone, only calls are left."""
    if way.within and (given := _in_a_view(act, answer, way, answered, late=late)) is not None:
        return given
    match act, answer:
        case "press", Nothing() if answered:
            return Response(call=Call("replace", dict(answered)))
        case _, Nothing():
            return Response()
        case "said", OnlyYou(card) | Replace(card):
            return Response(call=Call("say", message(card)))
        case "said" | "told" | "home", _:
            return Response()
        case "form", Wrong(sentences) if not late:
            placed = errors(sentences, boxes)
            return Response({"response_action": "errors", "errors": placed} if placed else None)
        case "form", Open(form) if not late:
            return Response({"response_action": "update", "view": view(form, way)})
        case _, Open(form, said):
            return Response(call=Call("open", view(form, way), _in_place(said)))
        case "command", OnlyYou(card) | Replace(card):
            shown = message(card) | {"response_type": "ephemeral"}
            return Response(call=Call("new", shown, message(card))) if late else Response(shown)
        case _, OnlyYou(card):
            shown = message(card) | {"response_type": "ephemeral", "replace_original": False}
            return Response(call=Call("new", shown, message(card)))
        case _, Replace(card):
            return Response(call=Call("replace", message(card, TWIN_OF_UPDATE), message(card)))
        case "form", Wrong(sentences):
            # It has closed by now: what keeps it from being kept is said where they look next.
            told = message(Card(blocks=tuple(Text((one,)) for one in dict.fromkeys(sentences.values()))))
            return Response(call=Call("new", told, told))
        case _, Wrong():
            return Response()


def _in_place(said: str) -> Json | None:
    """Where a form can be opened no more, whoever asked for it is told, and may ask again."""
    return message(Card(blocks=(Text((said,)),))) if said else None


def _in_a_view(act: Act, answer: Answer, way: Way, answered: Mapping[str, object], *, late: bool) -> Response | None:
    """What is answered to somebody who looks at a home, a sheet, or a form that lies over one.

    None for what does not differ from an answer to a message.
    """
    match act, way.within, answer:
        case "home", _, OnlyYou(card) | Replace(card):
            return Response(call=Call("publish", home(card)))
        case "press", "modal", Nothing() if answered:
            return Response(call=Call("turn", dict(answered)))
        case "press", "modal", OnlyYou(card) | Replace(card):
            return Response(call=Call("turn", sheet(card), message(card)))
        case "press", "modal", Open(form, said):
            return Response(call=Call("push", view(form, way), _in_place(said)))
        case "form", "modal", Nothing() if not late:
            return Response({"response_action": "clear"})  # what follows comes as messages, and lies under the sheet
        case "form", "modal", OnlyYou(card) | Replace(card):
            return Response(call=Call("turn", sheet(card), message(card)))
        case "form", "home" | "shortcut", OnlyYou(card) | Replace(card) if not late:
            return Response({"response_action": "update", "view": sheet(card)})
        case "form", "home" | "shortcut", OnlyYou(card) | Replace(card):
            return Response(call=Call("new", message(card)))
        case "press" | "shortcut", _, OnlyYou(card) | Replace(card):
            return Response(call=Call("open", sheet(card), message(card)))
        case _:
            return None


class Answers:
    """Makes the calls. A failed one costs the person one look at an old card, so it is logged and let go."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        self._session = session
        self._own = urlsplit(api_url)[:2]
        self._saying: set[str] = set()
        self._given: dict[str, None] = {}
        self._opened: dict[str, None] = {}

    async def make(self, client: AsyncWebClient, call: Call, way: Way, user: str, key: str) -> None:
        try:
            await self._make(client, call, way, user, key)
        except SlackApiError as refused:
            code = reason(refused) or "unreadable_answer"
            log.log(logging.DEBUG if code in SPENT | OVERTAKEN else logging.WARNING, "slack answer not shown: %s", code)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError, TypeError) as cut:
            log.warning("slack answer not shown: %s", type(cut).__name__)

    async def _make(self, client: AsyncWebClient, call: Call, way: Way, user: str, key: str) -> None:
        match call.what:
            case "open" | "push" | "turn" if call.words is not None:
                try:
                    await _view(client, call, way)
                    _remember(self._opened, key)
                except SlackApiError as refused:
                    if (code := reason(refused)) not in (SPENT | CLOSED):
                        raise
                    # Told of it again, we opened it the first time.
                    if code not in USED and key not in self._opened:
                        await self._to_chat(client, call.words, user, key)
            case "open" | "push" | "turn":
                await _view(client, call, way)
            case "publish":
                await client.views_publish(user_id=user, view=call.shown, hash=way.hash or None)
            case "replace" if way.message and not way.ephemeral:
                try:
                    await client.chat_update(channel=way.channel, ts=way.message, **call.shown)
                except SlackApiError:
                    await self._at_url(client, call, call.shown | {"replace_original": True}, way, user, key)
            case "replace" if way.url:  # a command has no card, and its answer is a new one
                shown = call.shown | {"replace_original": bool(way.message), "response_type": "ephemeral"}
                await self._at_url(client, call, shown, way, user, key)
            case "say":
                await self._say_once(client, call.shown, user, key)
            case "new" if way.url:
                await self._at_url(client, call, call.shown, way, user, key)
            case _:
                await self._to_chat(client, call.shown, user, key)

    async def _at_url(
        self, client: AsyncWebClient, call: Call, shown: Json, way: Way, user: str, key: str
    ) -> None:  # fmt: skip
        """An address takes five answers, within half an hour. What comes later comes as a message.

        What was told several times is answered there once.
        """
        if key in self._given:
            return
        _remember(self._given, key)
        try:
            taken = await self._to_url(client, way.url, shown)
        except BaseException:
            self._given.pop(key, None)
            raise
        if not taken and call.words is not None:
            await self._to_chat(client, call.words, user, key)

    async def _to_url(self, client: AsyncWebClient, url: str, shown: Json) -> bool:
        """Only to Slack: the address comes from a signed body, and a signature may still be stolen."""
        where = urlsplit(url)
        if where[:2] != self._own and not (where.scheme == "https" and where.hostname in HOOKS):
            raise ValueError("response_url is not Slack's")
        way = client.proxy
        async with self._session.post(url, json=shown, allow_redirects=False, proxy=way) as told:
            if told.status != 200:
                log.debug("slack response_url answered %d", told.status)
            said = await told.content.read(SAID)
            return told.status not in PAST and not any(word in said for word in OVER)

    async def _say_once(self, client: AsyncWebClient, shown: Json, user: str, key: str) -> None:
        """Words have no address to answer at. An event told again finds its answer said, or just being said."""
        if key in self._saying:
            return
        self._saying.add(key)
        try:
            channel = await self._direct(client, user)
            told = await client.conversations_history(channel=channel, limit=100, include_all_metadata=True)
            if not any(_carries(one, key) for one in told.get("messages") or ()):
                await self._to_chat(client, shown, user, key, channel)
        finally:
            self._saying.discard(key)

    async def _direct(self, client: AsyncWebClient, user: str) -> str:
        told = await client.conversations_open(users=user)
        return str(told["channel"]["id"])

    async def _to_chat(self, client: AsyncWebClient, shown: Json, user: str, key: str, channel: str = "") -> None:
        """With no address to answer to, the private chat is where only this person looks."""
        channel = channel or await self._direct(client, user)
        words = {name: shown[name] for name in ("text", "blocks")}
        metadata = {"event_type": "beside", "event_payload": {"key": key}}
        await client.chat_postMessage(
            channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **words
        )


def _remember(among: dict[str, None], key: str) -> None:
    """The newest stay, in the order in which they came."""
    among[key] = None
    while len(among) > REMEMBERED:
        del among[next(iter(among))]


async def _view(client: AsyncWebClient, call: Call, way: Way) -> None:
    match call.what:
        case "open":
            await client.views_open(trigger_id=way.trigger, view=call.shown)
        case "push":
            await client.views_push(trigger_id=way.trigger, view=call.shown)
        case _:
            await client.views_update(view_id=way.view, view=call.shown, hash=way.hash or None)


def _carries(one: object, key: str) -> bool:
    match one:
        case {"metadata": {"event_payload": {"key": found}}}:
            return bool(found == key)
        case _:
            return False
