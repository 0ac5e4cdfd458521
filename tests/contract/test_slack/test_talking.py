"""What people do in Slack reaches the door as our events, and what it answers is on their screen."""

import asyncio

import msgspec
import pytest

from bot.cards import (
    NOTHING,
    Button,
    Buttons,
    Card,
    OnlyYou,
    Open,
    Replace,
    TextField,
    Wrong,
)
from bot.events import Account, Commanded, Joined, Left, Pressed, Said, Submitted
from bot.records import Own
from tests.contract.test_slack.house import (
    FORM,
    OFFER,
    SENT,
    THREAD,
    House,
    posted,
)
from tests.fakes.slack import Profile

# ── What they do ──


async def test_what_somebody_says_arrives_as_they_typed_it(house: House) -> None:
    house.slack.team.user("cleo", Profile("", "", "Cleo Banks"))
    result = await house.ana.say("R&D with @cleo: *wait* <longer>, see https://a.test/x")
    (event,) = house.door.events
    assert isinstance(event, Said)
    assert result.ok
    assert event.text == "R&D with @Cleo Banks: *wait* <longer>, see https://a.test/x"
    assert event.key.startswith(f"slack:{house.slack.team.id}:Ev")
    assert event.by == Account(
        platform="slack",
        team=house.slack.team.id,
        user=house.ana.id,
        channel=house.ana.channel.id,
        name="Ana Reyes",
        zone="America/Chicago",
        locale="es-MX",
    )


async def test_asks_who_somebody_is_once_and_goes_on_where_slack_does_not_say(house: House) -> None:
    await asyncio.gather(*(house.ana.say(f"line {number}") for number in range(5)))
    assert house.slack.count("users.info") == 1
    house.slack.fail("hang", "users.info", seconds=5, times=None)
    ben = house.slack.team.user("ben")
    result = await ben.say("hello")
    assert result.ok
    assert house.door.events[-1].by.name == ""
    await ben.say("hello again")
    assert house.slack.count("users.info") == 2


async def test_a_changed_profile_is_asked_for_again(house: House) -> None:
    await house.ana.say("one")
    await house.ana.change(tz="Europe/Berlin")
    await house.ana.say("two")
    assert [event.by.zone for event in house.door.events] == ["America/Chicago", "Europe/Berlin"]


@pytest.mark.req("ONCE-8")
async def test_edits_deletions_and_machines_are_not_heard(house: House) -> None:
    said = (await house.ana.say("first")).said
    assert said is not None
    robot = house.slack.team.user("robot", Profile("", "", "Robot", is_bot=True))
    results = [await house.ana.edit(said, "second"), await house.ana.delete(said), await robot.say("beep")]
    await house.platform.deliver(house.parcel())  # Slack tells us of our own messages too
    await house.slack.quiet()
    assert all(result.ok for result in results)
    assert [event.text for event in house.door.events if isinstance(event, Said)] == ["first"]


async def test_coming_and_going_are_told(house: House) -> None:
    await house.ana.open_home()
    await house.ana.join()
    await house.ana.change(deleted=True)
    await house.slack.team.uninstall()
    kinds = [(type(event), event.by.user) for event in house.door.events]
    assert kinds == [(Joined, house.ana.id), (Joined, house.ana.id), (Left, house.ana.id), (Left, ""), (Left, "")]


async def test_guests_and_strangers_reach_the_door_as_who_they_are(house: House) -> None:
    guest = house.slack.team.user("guest", Profile("", "", "Guest", is_restricted=True))
    stranger = house.slack.team.user("stranger", Profile("", "", "Stranger", home_team="T9999"))
    house.door.always(OnlyYou(SENT))
    assert (await guest.command("/coteach")).shown is not None
    card = await posted(house, stranger)
    await stranger.press(card, "Send")
    assert {event.by.team for event in house.door.events} == {house.slack.team.id}
    assert [event.by.barred for event in house.door.events] == ["guest", "stranger"]


async def test_whoever_is_barred_is_told_so_once_in_words_and_whenever_they_type_a_command(house: House) -> None:
    guest = house.slack.team.user("guest", Profile("", "", "Guest", is_ultra_restricted=True))
    house.door.always(OnlyYou(SENT))
    for words in ("hello", "hello?", "is anybody there"):
        assert (await guest.say(words)).ok
    assert [one.from_bot for one in guest.messages()].count(True) == 1
    assert len(house.door.events) == 1
    for _ in range(2):
        assert (await guest.command("/beside", "help")).shown is not None


async def test_somebody_becomes_a_member_and_is_heard_from_then_on(house: House) -> None:
    cleo = house.slack.team.user("cleo", Profile("", "", "Cleo", is_restricted=True))
    await cleo.say("hello")
    await cleo.change(is_restricted=False)
    await cleo.say("hello again")
    said = [event.by.barred for event in house.door.events if isinstance(event, Said)]
    assert said == ["guest", ""]


@pytest.mark.req("ROOM-8")
async def test_a_member_who_becomes_a_guest_has_left(house: House) -> None:
    cleo = house.slack.team.user("cleo", Profile("", "", "Cleo"))
    await cleo.change(tz="Europe/Madrid")
    assert house.door.events == []
    await cleo.change(is_ultra_restricted=True)
    await house.slack.team.user("robot", Profile("", "", "Robo", is_bot=True)).change(deleted=True)
    assert [(type(event), event.by.user) for event in house.door.events] == [(Left, cleo.id)]


@pytest.mark.req("FEED-6")
async def test_events_nobody_handles_are_well_received(house: House) -> None:
    result = await house.slack.team.event({"type": "channel_created", "channel": {"id": "C1", "name": "math"}})
    assert result.statuses == [200]
    assert house.door.events == []


async def test_a_reply_below_a_card_belongs_to_its_thread(house: House) -> None:
    receipt = await house.platform.deliver(house.parcel(OFFER))
    await house.ana.say("that one", thread=receipt.id)
    await house.ana.say("no such message", thread="1.000000")
    assert [event.thread for event in house.door.events if isinstance(event, Said)] == [THREAD, ""]


# ── What they are answered ──


async def test_a_command_shows_a_card_only_to_who_typed_it_and_a_press_replaces_it(house: House) -> None:
    house.door.always(OnlyYou(OFFER))
    shown = (await house.ana.command("/coteach", "@ana tue 10:15 45m payload & more")).shown
    assert shown is not None
    assert shown.only_for == house.ana.id
    assert "Tuesday, 10:15 to 11:00." in shown.shown
    house.door.always(Replace(SENT))
    result = await house.ana.press(shown, "Send", {"part": "menu"})
    assert result.ok
    assert [one.shown for one in house.ana.ephemerals()] == ["Sent to Ana."]
    command, press = house.door.events
    assert isinstance(command, Commanded)
    assert (command.command, command.by.channel) == ("coteach", "")
    assert command.text.endswith("tue 10:15 45m payload &amp; more")
    assert isinstance(press, Pressed)
    assert (press.thread, press.version, press.verb, press.value) == (THREAD, 1, "send", "slot-1")
    assert press.inputs == {"part": "menu"}


async def test_a_press_on_an_ordinary_message_replaces_it_in_place(house: House) -> None:
    message = await posted(house, house.ana)
    house.door.always(Replace(SENT))
    await house.ana.press(message, "Send")
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]
    assert house.slack.count("chat.update") == 1
    (press,) = house.door.events
    assert isinstance(press, Pressed)
    assert press.inputs == {"part": "launch"}
    assert press.by.channel == house.ana.channel.id


async def test_a_press_can_be_answered_beside_the_card(house: House) -> None:
    message = await posted(house, house.ana)
    house.door.always(OnlyYou(SENT))
    await house.ana.press(message, "Send")
    assert [one.shown for one in house.ana.ephemerals()] == ["Sent to Ana."]
    assert message.buttons == ["Send"]


async def test_a_link_raises_nothing(house: House) -> None:
    link = Card(blocks=(Buttons((Button("open", "Open it", url="https://b.test/x"),)),), thread=THREAD)
    result = await house.ana.press(await posted(house, house.ana, link), "Open it")
    assert result.ok
    assert house.door.events == []


async def test_a_form_opens_says_what_is_wrong_and_closes(house: House) -> None:
    house.door.always(Open(FORM))
    assert (await house.ana.command("/coteach")).ok
    form = house.ana.view()
    assert form is not None
    house.door.always(Wrong({"day": "That day is behind us."}))
    result = await house.ana.submit(form, {"day": "2026-11-20", "focus": "the launch"})
    assert result.errors == {"day": "That day is behind us."}
    house.door.always(Replace(SENT))
    assert (await house.ana.submit(form, {"day": "2026-12-01"})).ok
    assert house.ana.view() is None
    assert [one.shown for one in house.ana.ephemerals()] == ["Sent to Ana."]
    first, second = house.door.events[1:]
    assert isinstance(first, Submitted)
    assert isinstance(second, Submitted)
    assert (first.thread, first.version, first.verb) == (THREAD, 4, "offer")
    assert first.fields == {"day": "2026-11-20", "focus": "the launch", "time": "10:15"}
    assert second.fields["day"] == "2026-12-01"
    assert first.key != second.key


async def test_a_form_opened_from_a_card_answers_at_that_card(house: House) -> None:
    message = await posted(house, house.ana)
    house.door.always(Open(FORM))
    await house.ana.press(message, "Send")
    house.door.always(Replace(SENT))
    assert (await house.ana.submit(None, {"day": "2026-12-01"})).ok
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]


async def test_long_words_in_a_form_come_back_whole(house: House) -> None:
    words = "what the students noticed, and then " * 120
    form = msgspec.structs.replace(FORM, fields=(TextField("words", "Words", Own(words, "ana"), long=True),))
    house.door.always(Open(form))
    await house.ana.command("/reflect")
    house.door.always(NOTHING)
    assert (await house.ana.submit()).ok
    event = house.door.events[-1]
    assert isinstance(event, Submitted)
    assert event.fields == {"words": words}


async def test_a_form_can_be_drawn_anew(house: House) -> None:
    house.door.always(Open(FORM))
    await house.ana.command("/coteach")
    house.door.always(Open(msgspec.structs.replace(FORM, notes={"day": "Which day is it?"}, version=5)))
    assert (await house.ana.submit(None, {"day": "2026-12-01"})).ok
    form = house.ana.view()
    assert form is not None
    assert "Which day is it?" in form.shown
