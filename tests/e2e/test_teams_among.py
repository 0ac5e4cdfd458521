"""Teams where others read along: a command in a channel, and a time proposed from somebody's message."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.teams.payloads import PROPOSE
from bot.store import Store
from bot.vault import Keyring
from tests.fakes.teams import Conversation, Delivery, Message, Profile, User
from tests.fakes.teams.dialogs import point
from tests.support.hall import Hall, TeamsSeats, on_teams

ALONG = "I answer in our own chat, where nobody else reads along. Whoever has none yet can add me as an app."


@pytest.fixture
async def hall(sqlite_url: str) -> AsyncIterator[Hall]:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    try:
        async with on_teams(store) as one:
            await one.settle()
            yield one
    finally:
        await store.close()


def seated(hall: Hall) -> TeamsSeats:
    assert isinstance(hall.seats, TeamsSeats)
    return hall.seats


def told(one: User, where: Conversation | None = None) -> list[Message]:
    return [each for each in one.messages(where) if each.from_bot]


@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_a_command_among_others_is_answered_in_the_private_chat(hall: Hall, kind: str) -> None:
    seats = seated(hall)
    sam, ana, space = seats.user("sam"), seats.user("ana"), seats.team
    place = space.channel("maths", sam, ana) if kind == "channel" else space.chat("maths", sam, ana)
    before = len(told(sam))
    said = await sam.say("@Beside coteach @ana tue 10:15 45m launch", where=place, how=Delivery(times=2))
    assert said.ok
    await hall.settle()
    assert [one.shown for one in told(ana, place)] == [ALONG]
    assert [one.buttons for one in told(ana, place)] == [[]]
    (preview,) = told(sam)[before:]
    assert "Tuesday 13 October, 10:15 to 11:00" in preview.shown
    assert (await sam.press(preview, "Send to Ana")).ok
    await hall.settle()
    assert "Sam would like to be beside you" in told(ana)[-1].shown
    assert [one.shown for one in told(ana, place)] == [ALONG]
    # Words that are no command are nobody's business; and who is in no roster is not told so in front of others.
    assert (await ana.say("@Beside they argued about halves", where=place)).ok
    stranger = space.user("max")
    place.members.append(stranger.id)
    assert (await stranger.say("@Beside coteach @ana tue 9:00", where=place)).ok
    await hall.settle()
    assert [one.shown for one in told(ana, place)] == [ALONG, ALONG]


async def test_a_time_is_proposed_from_a_message_and_only_its_hour_is_kept(hall: Hall) -> None:
    seats = seated(hall)
    sam, ana = seats.user("sam"), seats.user("ana")
    place = seats.team.channel("maths", sam, ana)
    wrote = (await ana.say("Canary: could you come tue 10:15 for the launch? Ben will be away.", where=place)).said
    assert wrote is not None
    before = len(told(sam))
    dialog = await point(sam, PROPOSE, wrote)
    assert dialog.told is not None
    assert dialog.told.ok, dialog.told.problems
    fields = dialog.standing
    assert (fields["day"], fields["time"], fields["part"]) == ("2026-10-13", "10:15", "launch")
    assert fields["other"] == hall.people["ana"].id
    assert "Canary" not in dialog.shown
    result = await dialog.press("See the preview", {"minutes": "x"})
    assert result.ok, result.problems
    assert "minutes" in dialog.standing
    result = await dialog.press("See the preview", {"minutes": "30"})
    assert result.ok, result.problems
    assert "Tuesday 13 October, 10:15 to 10:45" in dialog.shown
    assert told(ana, place) == []
    # Whoever is not answered in five seconds asks twice more: it is one offer, and one answer.
    result = await dialog.press("Send to Ana", how=Delivery(times=3))
    assert result.ok, result.problems
    assert len(set(result.bodies)) == 1
    assert "Sent to Ana" in dialog.shown
    await hall.settle()
    assert len([one for one in told(ana) if "Sam would like to be beside you" in one.shown]) == 1
    assert told(ana, place) == []
    invitation = ana.with_button("Works for me")
    assert (await ana.press(invitation, "Works for me")).ok
    await hall.settle()
    assert "Booked" in told(sam)[before:][-1].shown


async def test_from_nothing_the_form_is_empty_and_closes_without_a_trace(hall: Hall) -> None:
    sam = seated(hall).user("sam")
    dialog = await point(sam, PROPOSE)
    assert dialog.standing["day"] == ""
    result = await dialog.press("Close")
    assert result.ok, result.problems
    assert dialog.card is None
    own = (await sam.say("tue 10:15", where=seated(hall).team.channel("maths", sam))).said
    alone = await point(sam, PROPOSE, own)
    assert (alone.standing["other"], alone.standing["time"]) == ("", "10:15")


async def test_a_guest_is_told_kindly_and_asked_nothing(hall: Hall) -> None:
    gus = seated(hall).team.user("gus", Profile("", "", "Gus Visitor", is_guest=True))
    assert (await gus.say("They argued about halves.")).ok
    await hall.settle()
    (line,) = told(gus)
    assert "members of this organization, and you are here as a guest" in line.shown
    assert line.buttons == []


async def test_a_coach_chooses_those_who_are_in_a_channel_and_sees_first_who_would_hear(hall: Hall) -> None:
    seats = seated(hall)
    sam, ana, team = seats.user("sam"), seats.user("ana"), seats.team
    fay, gil = (team.user(name, Profile("", "", full)) for name, full in (("fay", "Fay Lee"), ("gil", "Gil Marsh")))
    gus = team.user("gus", Profile("", "", "Gus Visitor", is_guest=True))
    place = team.channel("maths", sam, ana, fay, gil, gus)
    before = len(told(sam))
    assert (await sam.say("@Beside setup here", where=place)).ok
    await hall.settle()
    (preview,) = told(sam)[before:]
    for words in ("2: Fay Lee, Gil Marsh", "Guests: Gus Visitor", "With you already", "Ana"):
        assert words in preview.shown, preview.shown
    assert [one.shown for one in told(fay, place)] == [ALONG]
    assert told(fay) == []
    assert (await sam.press(preview, "Not yet")).ok
    # Those who are mentioned, and nobody else.
    assert (await sam.say("@Beside setup @fay", where=place)).ok
    await hall.settle()
    assert "1: Fay Lee" in told(sam)[-1].shown
    assert "Gil" not in told(sam)[-1].shown
    assert (await sam.press(told(sam)[-1], "I have told them: say hello")).ok
    await hall.settle()
    assert told(gil) == []
    await hall.act("clock", "morning", "")
    await hall.settle()
    assert "Hi Fay, I'm Beside" in told(fay)[0].shown
    # Where the roster cannot be read, it is said.
    assert isinstance(seats, TeamsSeats)
    seats.fails("members.paged")
    assert (await sam.say("@Beside setup here", where=place)).ok
    await hall.settle()
    assert "I could not read who is there" in told(sam)[-1].shown
    assert "scope" not in told(sam)[-1].shown
