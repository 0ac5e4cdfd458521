"""Parcels to Teams: what arrives, and what we can truthfully say of what did not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.cards import Button, Buttons, Card, Form, Text, TextField
from bot.events import Account
from bot.platform import Later, Parcel, Receipt, Refused, Unsure
from tests.support.teams_cloud import ANA, APP, TENANT, Beside, Cloud, Key, cloudy

CARD = Card(blocks=(Text(("Tuesday, 10:15.",)), Buttons((Button("send", "Send"),))), thread="t1", version=1)
FORM = Form(
    verb="v", title="Offer a time", fields=(TextField("a", "A"),), submit="S", cancel="C", thread="t1", version=1
)


KEY = Key("first")  # one for all of them: making it is most of a small test


@pytest.fixture
async def beside() -> AsyncIterator[Beside]:
    async with cloudy(Cloud(KEY)) as one:
        yield one


def parcel(beside: Beside, shown: Card | Form = CARD, *, channel: str | None = None, **more: Any) -> Parcel:  # noqa: ANN401
    where = f"{beside.cloud.service} a:1-ana" if channel is None else channel
    to = Account(platform="teams", team=TENANT, user=ANA, channel=where)
    values: dict[str, Any] = {"key": "k", "organization": "o", "person": "p", "to": to, "card": shown}
    return Parcel(**(values | more))


async def test_writes_into_the_private_chat_and_revises_in_place(beside: Beside) -> None:
    receipt = await beside.platform.deliver(parcel(beside))
    assert receipt == Receipt(f"{beside.cloud.service} a:1-ana", "m1")
    again = await beside.platform.deliver(parcel(beside, key="k2", revises=receipt))
    assert again == receipt
    (posted, path, body), (put, where, _) = beside.cloud.written
    assert (posted, path) == ("POST", "/teams/v3/conversations/a%3A1-ana/activities")
    assert (put, where) == ("PUT", "/teams/v3/conversations/a%3A1-ana/activities/m1")
    assert body["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert body["summary"].startswith("Tuesday, 10:15.")


async def test_takes_a_message_back(beside: Beside) -> None:
    receipt = await beside.platform.deliver(parcel(beside))
    await beside.platform.unsay(receipt)
    _, (method, path, _) = beside.cloud.written
    assert (method, path) == ("DELETE", "/teams/v3/conversations/a%3A1-ana/activities/m1")


async def test_a_form_is_a_message_too(beside: Beside) -> None:
    await beside.platform.deliver(parcel(beside, FORM))
    assert beside.cloud.written[0][2]["attachments"][0]["content"]["body"][0]["text"] == "Offer a time"


async def test_somebody_who_never_wrote_is_written_to_where_their_tenant_was_heard_from(beside: Beside) -> None:
    with pytest.raises(Later, match="no_service_url"):
        await beside.platform.deliver(parcel(beside, channel=""))
    assert await beside.tell() == 200
    receipt = await beside.platform.deliver(parcel(beside, channel=""))
    await beside.platform.deliver(parcel(beside, channel="", key="k2"))
    (_, path, made), (_, where, _), _ = beside.cloud.written
    assert (path, receipt.channel) == ("/teams/v3/conversations", f"{beside.cloud.service} m1")
    assert made == {
        "isGroup": False, "bot": {"id": f"28:{APP}"}, "members": [{"id": ANA}], "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }  # fmt: skip
    assert where == "/teams/v3/conversations/m1/activities"


def says(status: int, code: str = "", **headers: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "Words."}}, status=status, headers=headers)


@pytest.mark.req("KEEP-6", "KEEP-7")
@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (says(429, "Throttled", **{"Retry-After": "7"}), Later("Throttled", 7.0)),
        (429, Later("http_429")),
        (says(412, "PreconditionFailed"), Later("PreconditionFailed")),
        (502, Later("http_502")),
        (503, Later("http_503")),
        (504, Later("http_504")),
        (500, Unsure("http_500")),
        ("cut", Unsure("ServerDisconnectedError")),
        (web.Response(status=201, text="not json"), Unsure("unreadable_answer")),
        (web.Response(status=200, text="[]"), Unsure("unreadable_answer")),
        (says(403, "ConversationBlockedByUser"), Refused("ConversationBlockedByUser", gone=True)),
        (403, Refused("http_403", gone=True)),
        (says(404, "ConversationNotFound"), Refused("ConversationNotFound", gone=True)),
        (says(404, "ActivityNotFoundInConversation"), Refused("ActivityNotFoundInConversation")),
        (says(400, "BadSyntax"), Refused("BadSyntax")),
        (says(400, "<script>"), Refused("http_400")),
        (413, Refused("http_413")),
        (302, Refused("http_302")),
    ],
    ids=lambda one: type(one).__name__ + str(vars(one) if isinstance(one, Exception) else ""),
)
async def test_says_what_became_of_a_parcel(beside: Beside, told: object, meant: Later | Refused | Unsure) -> None:
    beside.cloud.status["write"] = [told]
    with pytest.raises(type(meant)) as found:
        await beside.platform.deliver(parcel(beside))
    assert vars(found.value) == vars(meant)
    assert beside.cloud.asked.count("write") == 1
    assert (await beside.platform.deliver(parcel(beside))).id


async def test_a_token_that_is_no_longer_taken_is_renewed_once(beside: Beside) -> None:
    await beside.platform.deliver(parcel(beside))
    asked = beside.cloud.tokens
    beside.cloud.status["write"] = [401]
    assert (await beside.platform.deliver(parcel(beside))).id
    assert beside.cloud.tokens == asked + 1
    beside.cloud.status["write"] = [401, 401]
    with pytest.raises(Later, match="http_401"):
        await beside.platform.deliver(parcel(beside))


async def test_twenty_who_need_a_token_ask_for_one(beside: Beside) -> None:
    beside.cloud.delay = 0.05
    receipts = await asyncio.gather(*(beside.platform.deliver(parcel(beside, key=f"k{n}")) for n in range(20)))
    assert len({one.id for one in receipts}) == 20
    assert beside.cloud.tokens == 1


@pytest.mark.parametrize(
    "fault",
    [500, 400, "cut", web.Response(text="not json"), web.json_response({}), web.json_response({"access_token": 5}),
     web.json_response({"access_token": "a\nb", "expires_in": 9})],
)  # fmt: skip
async def test_without_a_token_everything_is_later(fault: object) -> None:
    cloud = Cloud()
    cloud.status["token"] = [fault, fault, fault]
    async with cloudy(cloud) as beside:
        with pytest.raises(Later, match="no_token"):
            await beside.platform.deliver(parcel(beside))
        cloud.status.clear()
        assert (await beside.platform.deliver(parcel(beside))).id


@pytest.mark.req("DOOR-9")
@pytest.mark.parametrize(
    "channel",
    [
        "https://evil.test/teams/ a:1",
        "http://smba.trafficmanager.net/ a:1",
        "https://smba.trafficmanager.net@evil.test/ a:1",
    ],
)
async def test_a_stored_chat_that_was_tampered_with_gets_nothing(beside: Beside, channel: str) -> None:
    for way in ({"channel": channel}, {"revises": Receipt(channel, "m1")}):
        with pytest.raises(Refused, match="foreign_service_url"):
            await beside.platform.deliver(parcel(beside, **way))
    assert beside.cloud.written == []
    assert beside.cloud.tokens <= 1


async def test_a_connector_that_is_not_there_is_tried_later(beside: Beside) -> None:
    with pytest.raises(Later):
        await beside.platform.deliver(parcel(beside, channel="http://127.0.0.1:9/teams/ a:1"))


async def test_cannot_be_asked_and_says_so(beside: Beside) -> None:
    assert beside.platform.looks_up is False
    assert await beside.platform.find(parcel(beside)) is None
