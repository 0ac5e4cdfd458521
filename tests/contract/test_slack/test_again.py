"""Deliveries that come again, at once, late, or to a house in trouble."""

import pytest

from bot.cards import (
    OnlyYou,
    Open,
    Replace,
    Wrong,
)
from tests.contract.test_slack.house import (
    FORM,
    OFFER,
    SENT,
    House,
    connected,
    posted,
    until,
)
from tests.fakes.slack import Delivery, Slack

# How Slack learns that it has to tell again: a status, or no acknowledgement at all.
UNDONE = {"http": 503, "socket": 0}


@pytest.mark.req("ONCE-1", "ONCE-2", "ONCE-3")
@pytest.mark.parametrize(("how", "times"), [(Delivery(times=3), 3), (Delivery(copies=20), 20)])
async def test_what_is_delivered_again_has_the_same_key_and_the_same_answer(
    house: House, how: Delivery, times: int
) -> None:
    house.door.always(OnlyYou(OFFER))
    said = await house.ana.say("once", how=how)
    asked = await house.ana.command("/coteach", how=how)
    assert said.statuses == asked.statuses == [200] * times
    assert len({reply.body for reply in asked.replies}) == 1
    assert (len(house.door.events), len(house.door.keys)) == (2 * times, 2)
    assert asked.shown is not None
    house.door.events.clear()
    house.door.always(Open(FORM))
    pressed = await house.ana.press(asked.shown, "Send", how=how)
    assert pressed.statuses == [200] * times
    assert (len(house.door.events), len(house.door.keys)) == (times, 1)
    house.door.events.clear()
    house.door.always(Wrong({"day": "That day is behind us."}))
    sent = await house.ana.submit(None, {"day": "2026-11-20"}, how=how)
    assert len({reply.body for reply in sent.replies}) == 1
    assert (len(house.door.events), len(house.door.keys)) == (times, 1)


async def test_a_replaced_card_is_the_same_however_often_it_is_delivered(house: House) -> None:
    message = await posted(house, house.ana)
    house.door.always(Replace(SENT))
    assert (await house.ana.press(message, "Send", how=Delivery(times=3, copies=3))).ok
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]
    assert house.ana.ephemerals() == []


async def test_a_slow_door_still_answers_the_command(house: House) -> None:
    house.door.takes = 2.7
    house.door.always(OnlyYou(OFFER))
    result = await house.ana.command("/coteach")
    assert result.ok
    assert result.answer.seconds < 3
    await until(house.ana.ephemerals)
    assert house.ana.ephemerals()[0].buttons == ["Send"]


async def test_a_slow_door_says_what_was_wrong_with_a_form_that_has_closed(house: House) -> None:
    house.door.always(Open(FORM))
    assert (await house.ana.command("/coteach")).ok
    form = house.ana.view()
    assert form is not None
    house.door.takes = 2.7
    house.door.always(Wrong({"day": "That day is behind us."}))
    result = await house.ana.submit(form, {"day": "2026-11-20", "focus": "the launch"})
    assert result.ok
    assert result.answer.seconds < 3
    assert house.ana.view() is None
    await until(house.ana.ephemerals)
    assert [one.shown for one in house.ana.ephemerals()] == ["That day is behind us."]


async def test_a_slow_door_lets_slack_tell_an_event_again(house: House, way: str) -> None:
    house.door.takes = 2.7
    house.slack.courier.retry_delays = ()
    assert (await house.ana.say("hello")).statuses == [UNDONE[way]]


async def test_an_acknowledgement_does_not_wait_for_slack(house: House) -> None:
    message = await posted(house, house.ana)
    await house.ana.say("so that we know who it is")
    house.slack.fail("slow", "chat.update", seconds=2)
    house.door.always(Replace(SENT))
    result = await house.ana.press(message, "Send")
    assert result.answer.seconds < 1.5
    await until(lambda: [one.shown for one in house.ana.messages() if one.from_bot] == ["Sent to Ana."])


@pytest.mark.req("FEED-7", "LOG-1", "LOG-6")
async def test_a_failing_door_is_told_again_and_nobody_reads_why(
    house: House, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    house.slack.courier.deadline = 1.0
    house.door.fails = RuntimeError("canary-in-the-traceback")
    said = await house.ana.say("canary-words")
    asked = await house.ana.command("/coteach", "canary-words")
    assert said.statuses == [UNDONE[way]] * 4
    assert asked.statuses == [UNDONE[way]]
    assert b"".join(reply.body for reply in [*said.replies, *asked.replies]) == b""
    lines = [record.getMessage() for record in caplog.records if record.name == "beside.slack"]
    assert len([line for line in lines if line.endswith("error=RuntimeError")]) == 5
    assert "canary" not in caplog.text
    assert house.slack.secret not in caplog.text


async def test_serves_while_slack_is_away_and_learns_who_it_is_later() -> None:
    async with Slack() as slack:
        slack.fail("500", "auth.test", times=1)
        slack.fail("500", "users.info", times=None)
        async with connected(slack) as house:
            assert (await house.ana.say("hello")).ok
            assert house.door.events[0].by.user == house.ana.id
            await until(lambda: house.platform.team)
            assert (house.platform.team, house.platform.team_name) == (slack.team.id, "Lincoln")
