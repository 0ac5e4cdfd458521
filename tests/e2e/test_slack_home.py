"""A home on Slack, with the engine, the outbox and the fake: drawn when it is opened, and again when it has changed."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import demo
from bot.cards import OnlyYou, Replace, plain
from bot.events import Pressed
from bot.store import Store
from bot.vault import Keyring
from tests.fakes.slack import User, View, screen
from tests.fakes.slack.shapes import obj
from tests.support.hall import Hall
from tests.support.hall_slack import SlackSeats, on_slack


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    store = await Store.open(f"sqlite:///{tmp_path}/home.db", Keyring.of("k1"))
    async with on_slack(store, "http") as one:
        yield one
    await store.close()


def of(hall: Hall, handle: str) -> User:
    assert isinstance(hall.seats, SlackSeats)
    return hall.seats.user(handle)


async def at_home(hall: Hall, handle: str) -> View:
    user = of(hall, handle)
    assert (await user.open_home("home")).ok
    await hall.settle()
    home = user.home()
    assert home is not None
    return home


def sheet(user: User) -> View:
    found = user.view()
    assert found is not None
    return found


async def test_both_homes_follow_an_invitation_from_the_form_to_the_visit(hall: Hall) -> None:
    ana = of(hall, "ana")
    hers, his = await at_home(hall, "ana"), await at_home(hall, "sam")
    assert "Ask two questions before I explain." in hers.shown
    assert "Waiting for you" not in hers.shown
    assert "Invitations to you will stand here, by date." in his.shown
    for line in ("/coteach @ana thu 10:15 45m launch", "[Send to Ana]"):
        await hall.do("sam", line)
        await hall.settle()
    visit = "Thursday 15 October, 10:15, Sam"
    assert visit in hers.buttons
    assert "Ana" not in his.shown  # who has not answered stands nowhere
    # Answered from the home: the sheet says what became of it, and so does the message.
    assert (await ana.press(hers, visit)).ok
    opened = sheet(ana)
    assert "Sam would like to be beside you" in opened.shown
    assert (await ana.press(opened, "Works for me")).ok
    assert "Booked" in opened.shown
    assert opened.buttons == ["Move it", "Calendar file", "Cancel"]
    await hall.settle()
    invitation = next(one for one in ana.messages() if "Thursday 15 October" in one.shown)
    assert "Works for me" not in invitation.buttons
    assert hers.shown.index("Coming up") < hers.shown.index(visit)
    assert "Waiting for you" not in hers.shown
    assert "Thursday 15 October, 10:15, Ana" in his.buttons


async def test_what_is_shared_opens_from_the_coachs_home_and_goes_when_it_is_taken_back(hall: Hall) -> None:
    sam, ana = of(hall, "sam"), of(hall, "ana")
    hers, his = await at_home(hall, "ana"), await at_home(hall, "sam")
    assert (await ana.press(hers, "What I wrote")).ok
    own = sheet(ana)
    for label in ("Open 1", "Share with Sam", "Share this"):
        assert (await ana.press(own, label)).ok
    await hall.settle()
    assert "Ana, Tuesday 13 October" in his.buttons
    assert "Somebody counted up from the middle" not in his.shown
    assert (await sam.press(his, "Ana, Tuesday 13 October")).ok
    assert "Somebody counted up from the middle, unplanned." in sheet(sam).shown
    assert (await ana.press(own, "Take it back")).ok
    await hall.settle()
    assert "Ana, Tuesday 13 October" not in his.buttons


async def test_what_is_deleted_is_gone_from_both_homes(hall: Hall) -> None:
    ana = of(hall, "ana")
    hers, his = await at_home(hall, "ana"), await at_home(hall, "sam")
    assert (await ana.press(hers, "What I wrote")).ok
    for label in ("Open 1", "Share with Sam", "Share this"):
        assert (await ana.press(sheet(ana), label)).ok
    await hall.settle()
    assert "Ana, Tuesday 13 October" in his.buttons
    assert "Ask two questions" in hers.shown
    for line in ("delete my data", "[Delete what I wrote]"):
        await hall.do("ana", line)
        await hall.settle()
    assert "Ana" not in his.shown
    assert "Your next step will stand here, in your words." in hers.shown
    assert (await ana.press(hers, "What I wrote")).ok


async def test_a_home_opens_nothing_that_is_not_on_it(hall: Hall) -> None:
    """Values that no button of theirs carries: somebody else's visit, a conversation, and what was never shared."""
    await at_home(hall, "ana")
    await hall.do("ana", "/beside mine")
    for line in ("/coteach @ana thu 10:15 45m launch", "[Send to Ana]"):
        await hall.do("sam", line)
        await hall.settle()
    async with hall.store.begin(demo.ORGANIZATION) as tx:
        own = {who: await tx.threads_of(hall.people[who].id, ("home", "mine", "coteach")) for who in ("ana", "sam")}
        notes = await tx.own(hall.people["ana"].id)
    tried = [*own["ana"], *own["sam"], *(note.id for note in notes), "", "x" * 200]
    homes = {who: await _home_of(hall, who) for who in ("ben", "sam")}
    for who, home in homes.items():
        for number, (verb, value) in enumerate(itertools.product(("show", "read", "beside"), tried)):
            press = Pressed(
                key=f"forged:{who}:{number}", by=hall.seats.account(who), thread=home, version=1, verb=verb, value=value
            )
            told = await hall.engine.handle(press)
            shown = plain(told.card) if isinstance(told, OnlyYou | Replace) else ""
            assert not any(note.words.text in shown for note in notes), (who, verb, value)
            assert who == "sam" or "Sam would like" not in shown


async def _home_of(hall: Hall, who: str) -> str:
    await at_home(hall, who)
    async with hall.store.begin(demo.ORGANIZATION) as tx:
        (home,) = await tx.threads_of(hall.people[who].id, ("home",))
    return home


async def test_settings_change_from_home_and_it_says_so(hall: Hall) -> None:
    ana = of(hall, "ana")
    hers = await at_home(hall, "ana")
    assert "Thursday 15 October, 15:24" in hers.shown
    assert (await ana.press(hers, "Settings")).ok
    assert (await ana.press(sheet(ana), "Change")).ok
    result = await ana.submit(None, {"time": "23:00"})
    assert result.errors == {"time": "Pick a time from 07:00 to 17:50."}
    assert (await ana.submit(None, {"day": "0", "time": "16:00"})).ok
    await hall.settle()
    assert ana.view() is None
    assert "Monday 19 October, 16:0" in hers.shown


async def test_it_is_drawn_once_for_all_that_happened_and_not_for_others(hall: Hall) -> None:
    assert isinstance(hall.seats, SlackSeats)
    slack = hall.seats._slack  # noqa: SLF001
    await at_home(hall, "ana")
    before = slack.count("views.publish")
    for text in ("/beside mine", "/beside settings", "/beside home"):
        await hall.do("ana", text)
    await hall.do("ben", "/beside mine")
    await hall.settle()
    assert slack.count("views.publish") == before + 1


async def test_somebody_unknown_reads_a_kind_line_there(hall: Hall) -> None:
    home = await at_home(hall, "max")
    assert home.shown.startswith("I don't know you yet.")


async def test_a_message_that_names_a_time_opens_the_form_with_it(hall: Hall) -> None:
    sam, ana = of(hall, "sam"), of(hall, "ana")
    assert (
        await sam.shortcut_on(ana, "Sam, could you come Thursday 10:15 for the launch? Maya is lost.", "propose")
    ).ok
    form = sheet(sam)
    filled = {field.block_id: field.element for field in screen.fields(form.blocks)}
    assert obj(obj(filled["other"]["initial_option"])["text"])["text"] == "Ana Ruiz"
    assert (filled["day"]["initial_date"], filled["time"]["initial_time"]) == ("2026-10-15", "10:15")
    assert obj(filled["part"]["initial_option"])["value"] == "launch"
    assert "Maya" not in str(form.asked)
    assert (await sam.submit(form)).ok
    assert (await sam.press(form, "Send to Ana")).ok
    await hall.settle()
    assert any("Sam would like to be beside you Thursday 15 October 10:15" in one.shown for one in ana.messages())
    # Of somebody who is not here the time is taken, and nobody is chosen.
    assert (await sam.shortcut_on(of(hall, "max"), "friday 9:00?", "propose")).ok
    filled = {field.block_id: field.element for field in screen.fields(sheet(sam).blocks)}
    assert "initial_option" not in filled["other"]
    assert (filled["day"]["initial_date"], filled["time"]["initial_time"]) == ("2026-10-16", "09:00")


async def test_propose_a_time_opens_empty_each_time_and_not_for_strangers(hall: Hall) -> None:
    ana = of(hall, "ana")
    for _ in range(2):
        assert (await ana.shortcut("propose")).ok
        assert [one.block_id for one in screen.fields(sheet(ana).blocks)][:3] == ["other", "day", "time"]
        await ana.close()
    stranger = of(hall, "max")
    assert (await stranger.shortcut("propose")).ok
    assert sheet(stranger).shown.startswith("I don't know you yet.")
