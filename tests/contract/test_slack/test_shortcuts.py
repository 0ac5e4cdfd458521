"""Propose a time, from anywhere and on a message: each opens once, in time, and for whoever is known."""

import pytest

from bot.cards import NOTHING, OnlyYou, Open, Replace
from bot.events import Commanded
from tests.contract.test_slack.house import FORM, OFFER, SENT, House
from tests.fakes.slack import Profile


async def test_from_anywhere_a_form_opens_and_turns_into_the_preview(house: House) -> None:
    house.door.always(Open(FORM))
    assert (await house.ana.shortcut("propose")).ok
    (event,) = house.door.events
    assert isinstance(event, Commanded)
    assert (event.command, event.text, event.quoted) == ("coteach", "", True)
    form = house.ana.view()
    assert form is not None
    house.door.always(Replace(OFFER))
    assert (await house.ana.submit(form, {"day": "2026-09-22"})).ok
    assert form.buttons == ["Send"]
    house.door.always(Replace(SENT))
    assert (await house.ana.press(form, "Send")).ok
    assert form.shown == "Sent to Ana."


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Could we do Tuesday 10:15?", "<@{cleo}> Could we do Tuesday 10:15?"),
        ("@ana what about Thu 9:00 & after, see https://a.test/x", "<@{cleo}>   what about Thu 9:00 & after, see  "),
        ("<!channel> thu 9:00", "<@{cleo}> <!channel> thu 9:00"),
        ("word " * 2000, "<@{cleo}> " + "word " * 60),
    ],
)
async def test_on_a_message_its_writer_and_its_words_come_along(house: House, words: str, text: str) -> None:
    cleo = house.slack.team.user("cleo", Profile("", "", "Cleo Banks"))
    house.door.always(Open(FORM))
    assert (await house.ana.shortcut_on(cleo, words, "propose")).ok
    event = house.door.events[-1]
    assert isinstance(event, Commanded)
    assert event.text == text.format(cleo=cleo.id).strip()
    assert house.ana.view() is not None


async def test_their_own_message_and_a_machines_name_nobody(house: House) -> None:
    robot = house.slack.team.user("robot", Profile("", "", "Robot", is_bot=True))
    house.door.always(Open(FORM))
    for writer in (house.ana, robot):
        assert (await house.ana.shortcut_on(writer, "thu 9:00", "propose")).ok
    assert [event.text for event in house.door.events if isinstance(event, Commanded)] == ["thu 9:00"] * 2


async def test_whoever_may_not_is_told_so_where_they_are(house: House) -> None:
    house.door.always(OnlyYou(SENT))
    assert (await house.ana.shortcut("propose")).ok
    told = house.ana.view()
    assert told is not None
    assert told.shown == "Sent to Ana."


async def test_with_its_trigger_gone_the_answer_comes_as_a_message(house: House) -> None:
    house.slack.fail("error", "views.open", error="expired_trigger_id", times=2)
    house.door.always(OnlyYou(SENT))
    assert (await house.ana.shortcut("propose")).ok
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]
    house.door.always(Open(FORM, late="That took too long."))
    assert (await house.ana.shortcut("propose")).ok
    assert house.ana.view() is None
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana.", "That took too long."]


async def test_one_that_is_not_ours_opens_nothing(house: House) -> None:
    house.door.always(NOTHING)
    assert (await house.ana.shortcut("somebody_elses")).ok
    assert house.door.events == []
