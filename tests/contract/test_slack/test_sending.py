"""Parcels to Slack: what arrives, and what we can truthfully say of what did not."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from adapters.slack.send import SHUT
from bot.platform import Later, Receipt, Refused, Unsure
from bot.store.homes import OUT
from tests.contract.test_slack.house import (
    OFFER,
    SENT,
    House,
    connected,
)
from tests.fakes.slack import Slack


@pytest.fixture
def way() -> str:
    """What goes out goes the same way, however what comes in comes."""
    return "http"


async def test_delivers_revises_and_finds(house: House) -> None:
    parcel = house.parcel(OFFER)
    assert await house.platform.find(parcel) is None
    receipt = await house.platform.deliver(parcel)
    assert await house.platform.find(parcel) == receipt
    (message,) = house.ana.messages()
    assert (message.channel, message.ts) == (receipt.channel, receipt.id)
    assert message.buttons == ["Send"]
    assert message.text.startswith("Tuesday, 10:15 to 11:00.")
    revision = house.parcel(SENT, key="due/2", revises=receipt)
    assert await house.platform.find(revision) is None
    assert await house.platform.deliver(revision) == receipt
    assert await house.platform.find(revision) == receipt
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]


async def test_takes_a_message_back_and_it_is_no_fault_when_it_has_gone(house: House) -> None:
    receipt = await house.platform.deliver(house.parcel(OFFER))
    await house.platform.unsay(receipt)
    assert house.ana.messages() == []
    await house.platform.unsay(receipt)
    with pytest.raises(Refused, match="channel_not_found"):
        await house.platform.unsay(Receipt("D0NOWHERE", receipt.id))


async def test_finds_a_parcel_among_many(house: House) -> None:
    house.slack.pace.on = False
    first = await house.platform.deliver(house.parcel(key="due/0"))
    for number in range(1, 210):
        await house.platform.deliver(house.parcel(key=f"due/{number}"))
    assert await house.platform.find(house.parcel(key="due/0")) == first
    late = msgspec.structs.replace(house.parcel(key="due/0"), since=datetime.now(UTC) + timedelta(hours=1))
    assert await house.platform.find(late) is None


@pytest.mark.req("KEEP-6")
@pytest.mark.parametrize(
    ("fault", "more", "meant", "arrived"),
    [
        ("429", {"retry_after": 7}, Later("ratelimited", 7.0), 0),
        ("429", {}, Later("ratelimited", None), 0),
        ("500", {}, Later("internal_error"), 0),
        ("502", {}, Later("http_502"), 0),
        ("error", {"error": "ratelimited"}, Later("ratelimited"), 0),
        ("error", {"error": "internal_error"}, Later("internal_error"), 0),
        ("error", {"error": "fatal_error"}, Unsure("fatal_error"), 0),
        ("cut_before", {}, Unsure("ServerDisconnectedError"), 0),
        ("cut_after", {}, Unsure("ServerDisconnectedError"), 1),
        ("garbage", {}, Unsure("unreadable_answer"), 1),
    ],
)
async def test_says_what_became_of_a_parcel(
    house: House, fault: str, more: dict[str, object], meant: Later | Unsure, arrived: int
) -> None:
    parcel = house.parcel()
    house.slack.fail(fault, "chat.postMessage", **more)  # type: ignore[arg-type]  # a table of its arguments
    with pytest.raises(type(meant)) as told:
        await house.platform.deliver(parcel)
    assert vars(told.value) == vars(meant)
    assert len(house.ana.messages()) == arrived
    assert house.slack.count("chat.postMessage") == 1
    assert (await house.platform.find(parcel) is not None) == bool(arrived)
    house.slack.heal()
    assert (await house.platform.deliver(parcel)).id


@pytest.mark.req("KEEP-7")
@pytest.mark.parametrize(
    "code",
    [
        "account_inactive", "channel_not_found", "is_archived", "user_not_found", "token_revoked", "invalid_auth",
        "missing_scope", "not_in_channel", "invalid_blocks", "msg_too_long", "cannot_dm_bot",
    ],
)  # fmt: skip
async def test_takes_no_for_an_answer(house: House, code: str) -> None:
    house.slack.fail("error", "chat.postMessage", error=code)
    with pytest.raises(Refused) as told:
        await house.platform.deliver(house.parcel())
    assert told.value.reason == code
    assert house.slack.count("chat.postMessage") == 1


@pytest.mark.req("KEEP-7")
@pytest.mark.parametrize(
    ("code", "whose"),
    [
        ("user_not_found", "person"), ("user_disabled", "person"), ("cannot_dm_bot", "person"),
        ("is_archived", "person"), ("channel_not_found", "person"), ("user_not_visible", "person"),
        ("account_inactive", "workspace"), ("token_revoked", "workspace"), ("invalid_auth", "workspace"),
        ("token_expired", "workspace"), ("not_authed", "workspace"), ("team_access_not_granted", "workspace"),
        ("missing_scope", "message"), ("msg_too_long", "message"),
        ("restricted_action", "message"), ("invalid_blocks", "message"),
    ],
)  # fmt: skip
async def test_a_no_is_this_messages_fault_or_the_persons_or_the_whole_workspaces(
    house: House, code: str, whose: str
) -> None:
    house.slack.fail("error", "chat.postMessage", error=code)
    with pytest.raises(Refused) as told:
        await house.platform.deliver(house.parcel())
    assert (told.value.reason, told.value.gone, told.value.shut) == (code, whose == "person", whose == "workspace")


@pytest.mark.parametrize(
    "code", ["message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived"]
)
async def test_an_update_that_cannot_be_is_refused_and_is_nobodys_fault(house: House, code: str) -> None:
    receipt = await house.platform.deliver(house.parcel())
    house.slack.fail("error", "chat.update", error=code)
    with pytest.raises(Refused, match=code) as told:
        await house.platform.deliver(house.parcel(key="due/2", revises=receipt))
    assert (told.value.gone, told.value.shut) == (False, False)


async def test_a_chat_that_is_no_more_is_opened_anew(house: House) -> None:
    parcel = house.parcel()
    old = msgspec.structs.replace(parcel, to=msgspec.structs.replace(parcel.to, channel="D0OLD"))
    receipt = await house.platform.deliver(old)
    assert receipt.channel == house.ana.channel.id
    assert await house.platform.find(old) == receipt
    house.slack.fail("error", "chat.postMessage", error="channel_not_found")
    with pytest.raises(Refused, match="channel_not_found") as told:
        await house.platform.deliver(msgspec.structs.replace(old, key="due/2"))
    assert told.value.gone


@pytest.mark.parametrize("fault", ["cut_after", "500", "garbage"])
async def test_a_chat_that_could_not_be_opened_is_tried_later(house: House, fault: str) -> None:
    house.slack.fail(fault, "conversations.open")  # type: ignore[arg-type]  # one of its kinds
    with pytest.raises(Later):
        await house.platform.deliver(house.parcel())
    assert (await house.platform.deliver(house.parcel())).id


async def test_a_slack_that_is_not_there_is_tried_later() -> None:
    async with Slack() as slack, connected(slack, "http://127.0.0.1:9/api/") as house:
        with pytest.raises(Later):
            await house.platform.deliver(house.parcel())
        with pytest.raises(Later):
            await house.platform.find(house.parcel())


def test_whoever_rests_because_a_token_opens_nothing_can_be_reached_again() -> None:
    assert set(OUT) > SHUT
