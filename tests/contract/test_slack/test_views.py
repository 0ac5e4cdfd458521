"""Homes and sheets: where no message stands, an answer opens over the screen, turns what is there, or closes it."""

import asyncio

import pytest

from bot.cards import NOTHING, Button, Buttons, Card, Nothing, OnlyYou, Open, Replace, Text, Wrong
from bot.events import Account, Joined, Pressed, Submitted
from bot.platform import Later, Refused
from tests.contract.test_slack.house import FORM, OFFER, SENT, THREAD, House, until
from tests.fakes.slack import View

HOME = Card(
    title="Ana's home",
    blocks=(Text(("Your step",)), Buttons((Button("show", "Tuesday, 10:15", value="other"),))),
    thread=THREAD,
    version=3,
)
LATER = Card(title="Ana's home", blocks=(Text(("Another step",)),), thread=THREAD, version=3)


async def opened(house: House, card: Card = HOME) -> View:
    house.door.always(OnlyYou(card))
    assert (await house.ana.open_home("home")).ok
    home = house.ana.home()
    assert home is not None
    return home


def top(house: House) -> View:
    view = house.ana.view()
    assert view is not None
    return view


async def over(house: House) -> View:
    """A sheet with a card, over Ana's home."""
    home = await opened(house)
    house.door.always(OnlyYou(OFFER))
    assert (await house.ana.press(home, "Tuesday, 10:15")).ok
    return top(house)


async def test_who_opens_their_home_finds_it_drawn(house: House) -> None:
    home = await opened(house)
    assert (home.shown, home.buttons) == ("Your step\n[Tuesday, 10:15]", ["Tuesday, 10:15"])
    (event,) = house.door.events
    assert isinstance(event, Joined)
    assert event.home
    await house.ana.open_home("messages")
    assert [one.home for one in house.door.events if isinstance(one, Joined)] == [True, False]


async def test_a_home_that_has_changed_meanwhile_is_not_drawn_over(house: House) -> None:
    home = await opened(house)
    to = Account(platform="slack", team=house.slack.team.id, user=house.ana.id)

    house.door.takes = 0.2
    house.door.always(OnlyYou(HOME))
    opening = asyncio.create_task(house.ana.open_home("home"))
    await until(lambda: len(house.door.events) == 2)
    await house.platform.draw(to, LATER)
    assert (await opening).ok
    assert home.shown == "Another step"


async def test_a_home_is_drawn_later_where_slack_is_away_and_never_for_somebody_unknown(house: House) -> None:
    to = Account(platform="slack", team=house.slack.team.id, user=house.ana.id)
    house.slack.fail("cut_after", "views.publish")
    with pytest.raises(Later):
        await house.platform.draw(to, HOME)
    house.slack.fail("429", "views.publish", retry_after=7)
    with pytest.raises(Later) as told:
        await house.platform.draw(to, HOME)
    assert told.value.seconds == 7
    with pytest.raises(Refused):
        await house.platform.draw(Account(platform="slack", team="", user="U0NOBODY"), HOME)


async def test_a_press_at_home_opens_a_sheet_and_a_press_there_turns_it(house: House) -> None:
    sheet = await over(house)
    press = house.door.events[-1]
    assert isinstance(press, Pressed)
    assert (press.thread, press.verb, press.value) == (THREAD, "show", "other")
    assert (sheet.title, sheet.buttons) == ("Beside", ["Send"])
    house.door.always(Replace(SENT))
    assert (await house.ana.press(sheet, "Send", {"part": "menu"})).ok
    pressed = house.door.events[-1]
    assert isinstance(pressed, Pressed)
    assert (pressed.verb, pressed.value, pressed.inputs) == ("send", "slot-1", {"part": "menu"})
    assert top(house) is sheet
    assert sheet.shown == "Sent to Ana."
    assert house.ana.messages() == []


async def test_what_was_pressed_stands_on_a_sheet_that_needs_nothing_more(house: House) -> None:
    sheet = await over(house)
    house.door.always(NOTHING)
    assert (await house.ana.press(sheet, "Send")).ok
    assert (sheet.shown, sheet.buttons) == ("Tuesday, 10:15 to 11:00.\nSend", [])


async def test_a_sheet_that_was_turned_meanwhile_keeps_what_it_shows(house: House) -> None:
    sheet = await over(house)
    house.slack.fail("error", "views.update", error="hash_conflict")
    house.door.always(Replace(SENT))
    assert (await house.ana.press(sheet, "Send")).ok
    assert sheet.buttons == ["Send"]
    assert house.ana.messages() == []


async def test_a_form_lies_over_a_sheet_and_its_answer_turns_what_is_below(house: House) -> None:
    sheet = await over(house)
    house.door.always(Open(FORM))
    assert (await house.ana.press(sheet, "Send")).ok
    form = top(house)
    assert (form.previous, form.title) == (sheet.id, "Offer a time")
    house.door.always(Wrong({"day": "That day is over."}))
    result = await house.ana.submit(form, {"day": "2026-09-22"})
    assert result.errors == {"day": "That day is over."}
    house.door.always(Replace(SENT))
    assert (await house.ana.submit(form, {"focus": "Words they make up"})).ok
    await until(lambda: sheet.shown == "Sent to Ana.")
    assert top(house) is sheet
    submitted = house.door.events[-1]
    assert isinstance(submitted, Submitted)
    assert submitted.fields == {"focus": "Words they make up", "day": "2026-09-22", "time": "10:15"}


async def test_a_form_over_a_sheet_closes_both_where_the_answer_comes_as_a_message(house: House) -> None:
    sheet = await over(house)
    house.door.always(Open(FORM))
    await house.ana.press(sheet, "Send")
    house.door.always(Nothing())
    assert (await house.ana.submit(None, {"day": "2026-09-22"})).ok
    assert house.ana.view() is None


async def test_a_form_from_home_turns_into_its_answer(house: House) -> None:
    home = await opened(house)
    house.door.always(Open(FORM))
    await house.ana.press(home, "Tuesday, 10:15")
    form = top(house)
    house.door.always(OnlyYou(OFFER))
    assert (await house.ana.submit(form, {"day": "2026-09-22"})).ok
    assert top(house) is form
    assert form.buttons == ["Send"]


async def test_with_its_trigger_gone_a_card_comes_as_a_message(house: House) -> None:
    home = await opened(house)
    house.slack.fail("error", "views.open", error="expired_trigger_id")
    house.door.always(OnlyYou(SENT))
    assert (await house.ana.press(home, "Tuesday, 10:15")).ok
    assert [one.shown for one in house.ana.messages()] == ["Sent to Ana."]
