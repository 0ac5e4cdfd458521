"""Response addresses: five answers within half an hour, and after that a message says the same."""

import pytest

from bot.cards import NOTHING, OnlyYou, Open, Replace
from tests.contract.test_slack.house import FORM, OFFER, SENT, House, posted, until
from tests.contract.test_slack.shapes import OURS, pressed
from tests.fakes.slack import Delivery

HALF_AN_HOUR = 30 * 60


async def test_a_form_filled_in_at_leisure_is_answered_in_the_chat(house: House) -> None:
    house.door.always(Open(FORM))
    assert (await house.ana.command("/coteach")).ok
    house.slack.advance(HALF_AN_HOUR + 1)
    house.door.always(OnlyYou(OFFER))
    assert (await house.ana.submit(None, {"day": "2026-09-22"})).ok
    await until(house.ana.messages)
    assert house.ana.messages()[0].shown.startswith("Tuesday, 10:15")
    assert house.slack.count("response_url") == 1


async def test_the_sixth_answer_at_one_address_comes_in_the_chat(house: House) -> None:
    house.door.always(Open(FORM))
    assert (await house.ana.command("/coteach")).ok
    (address,) = house.slack.state.response_urls.values()
    address.left = 0
    house.door.always(Replace(SENT))
    assert (await house.ana.submit(None, {"day": "2026-09-22"})).ok
    await until(house.ana.messages)
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]


async def test_a_card_that_can_be_replaced_nowhere_is_said_anew_and_a_tap_is_not(house: House) -> None:
    card = await posted(house, house.ana)
    for answer, said in ((NOTHING, 0), (Replace(SENT), 1)):
        house.slack.fail("error", "chat.update", error="cant_update_message")
        house.door.always(answer)
        house.slack.fail("error", "response_url", error="used_url")
        assert (await house.ana.press(card, "Send")).ok
        assert house.slack.count("chat.postMessage") == 1 + said


async def test_what_is_told_many_times_at_once_is_answered_once(house: House) -> None:
    house.door.always(OnlyYou(OFFER))
    shown = (await house.ana.command("/coteach")).shown
    assert shown is not None
    house.door.always(Replace(SENT))
    result = await house.ana.press(shown, "Send", how=Delivery(copies=12))
    assert set(result.statuses) == {200}
    assert shown.shown == "Sent to Ana."
    assert house.slack.count("response_url") == 1
    assert house.ana.messages() == []


async def test_nothing_we_send_unfolds_a_link(house: House) -> None:
    await posted(house, house.ana)
    house.door.always(OnlyYou(SENT))
    assert (await house.ana.say("https://a.test/x")).ok
    sent = [one.fields for one in house.slack.state.calls if one.method == "chat.postMessage"]
    assert len(sent) == 2
    assert all(str(one[name]).lower() in {"false", "0"} for one in sent for name in ("unfurl_links", "unfurl_media"))


async def test_an_address_that_is_not_slacks_is_not_asked(house: House, caplog: pytest.LogCaptureFixture) -> None:
    ours = {"type": "button", "action_id": "keep:0", "value": OURS}
    only_you = {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
    house.door.always(OnlyYou(OFFER))
    elsewhere = (
        house.slack.url.replace("http:", "https:") + "/hooks/x", "http://hooks.slack.com/x", "https://[::1]/x", "http://[",
        "https://hooks.slack.com.evil.example/x", "https://hooks.slack.com@evil.example/x", "file:///etc/passwd",
    )  # fmt: skip
    for number, address in enumerate(elsewhere):
        told = pressed(ours, container=only_you, message=None, response_url=address, trigger_id=f"1.2.{number}")
        assert (await house.slack.courier.interaction(told)).statuses == [200]
    await until(lambda: len(_not_shown(caplog)) == len(elsewhere))
    assert set(_not_shown(caplog)) == {"slack answer not shown: ValueError"}
    assert house.slack.count("response_url") == 0


def _not_shown(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line for line in caplog.messages if line.startswith("slack answer not shown")]
