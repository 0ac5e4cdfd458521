"""Teams from end to end: a school comes in by files, people talk to Beside, and Beside is its own process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.teams import Delivery
from tests.support.teams_school import TeamsSchool, arrives, lincoln, meet, press, read, told, until

STEP = "Start Monday's launch with their disagreement."
TEXTS = (
    "Asking how they knew it was fair. They argued about *halves* for ages.",
    "Quiet, then two pairs disagreed and drew it.",
    STEP,
    "More than two pairs talking, and somebody changing their mind out loud.",
)


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[TeamsSchool]:
    async with lincoln(tmp_path) as one:
        yield one


async def test_a_morning_from_the_install_to_the_uninstall(school: TeamsSchool) -> None:
    ana, sam = school.ana, school.sam
    # School and roster came in by files; the app is installed, and they meet.
    await sam.install()
    await meet(ana)
    # A reflection, and the step shared.
    assert (await ana.say("beside now")).ok
    await arrives(ana, "Hi Ana. One question about this week, two minutes at most.", 2)
    for text, then in zip(TEXTS, ("all for today", "one small thing", "it is helping", "Your step"), strict=True):
        before = len(read(ana))
        assert (await ana.say(text)).ok
        await arrives(ana, then, before + 1)
    summary = told(ana)[-1]
    assert f"“{STEP}”" in summary.shown
    assert summary.buttons == ["That's it", "Change the words", "Another day", "Share with Sam"]
    await press(ana, "Share with Sam")
    preview = await arrives(ana, "Sam will see exactly this")
    assert read(sam) == []
    await press(ana, "Share the step")
    assert "Shared with Sam." in preview.shown
    await arrives(sam, f"“{STEP}”", 1)
    await until(lambda: "You and Sam" in summary.shown, lambda: summary.shown)
    # A visit, with another time asked for.
    assert (await sam.say(f"coteach @ana {school.iso(1)} 10:15 45m launch")).ok
    await arrives(sam, "10:15 to 11:00")
    await press(sam, "Send to Ana")
    invitation = await arrives(ana, "Sam would like to be beside you")
    await press(ana, "Another time")
    await press(ana, next(one for one in invitation.buttons if ", " in one))
    counter = await arrives(sam, "Ana asks for another time")
    await press(sam, "Works for me")
    await until(lambda: "Booked" in counter.shown, lambda: counter.shown)
    await arrives(ana, "Booked")
    # She removes the app: nothing more is sent to her, and all of his goes on.
    before = len(read(ana))
    assert (await ana.uninstall()).ok
    await press(sam, "Cancel")
    await until(lambda: "Cancelled" in counter.shown, lambda: counter.shown)
    assert (await sam.say("beside help")).ok
    await arrives(sam, "What I can do here")
    assert len(read(ana)) == before
    assert school.query("select gone from account where user_id = ?", ana.aad) == [("left",)]
    assert school.query("select gone from account where user_id = ?", sam.aad) == [("",)]


async def test_the_check_in_comes_by_itself_and_to_somebody_who_never_wrote(school: TeamsSchool) -> None:
    ana = school.ana
    await meet(ana)
    school.bring_near("ana")
    await arrives(ana, "Hi Ana. One question about this week", 2)


async def test_a_form_opens_in_the_card_says_what_is_wrong_and_closes_without_changes(school: TeamsSchool) -> None:
    ana = school.ana
    await meet(ana)
    await ana.say("beside now")
    await arrives(ana, "Hi Ana.", 2)
    for text, then in zip(TEXTS, ("all for today", "one small thing", "it is helping", "Your step"), strict=True):
        await ana.say(text)
        await arrives(ana, then)
    card = await press(ana, "Change the words")
    assert "words" in card.fields
    result = await ana.submit(card, {"words": "ab"})
    assert result.ok, result.problems
    assert "A step is 3 to 240 characters." in card.shown
    await press(ana, card.buttons[-1])
    assert f"“{STEP}”" in card.shown
    assert "Share with Sam" in card.buttons
    await press(ana, "Change the words")
    result = await ana.submit(card, {"words": "Begin with the drawing."})
    assert result.ok, result.problems
    await until(lambda: any("“Begin with the drawing.”" in one for one in read(ana)), lambda: read(ana))


async def test_two_book_a_time_with_typed_words_and_both_have_it(school: TeamsSchool) -> None:
    sam, ana = school.sam, school.ana
    await meet(ana)
    said = await sam.say(f"coteach @ana {school.iso(1)} 10:15 45m launch")
    assert said.ok
    preview = await arrives(sam, "10:15 to 11:00", 1)
    assert school.day(1) in preview.shown
    await press(sam, "Send to Ana")
    invitation = await arrives(ana, "Sam would like to be beside you", 2)
    assert invitation.buttons == ["Works for me", "Another time", "Change the part or role", "Not this week"]
    await press(ana, "Works for me")
    assert "Booked" in invitation.shown
    ana.reopen()  # from another device she sees what the service keeps
    await until(lambda: "Booked" in invitation.shown, lambda: (invitation.edits, invitation.shown))
    await arrives(sam, "Booked")
    assert len(school.query("select slot_id from booking")) == 2


async def test_a_bare_command_opens_the_form_as_a_message_and_a_mention_names_somebody(school: TeamsSchool) -> None:
    sam = school.sam
    await meet(school.ana)
    assert (await sam.say("coteach")).ok
    await until(lambda: bool(told(sam)), lambda: read(sam))
    form = told(sam)[-1]
    assert [one for one in ("other", "day", "time", "minutes", "part", "role") if one not in form.fields] == []
    result = await sam.submit(form, {"other": "Ana Ruiz", "day": school.iso(-1), "time": "10:15"})
    assert result.ok, result.problems
    assert "That time is behind us. Which day instead?" in form.shown
    result = await sam.submit(form, {"day": school.iso(1)})
    assert result.ok, result.problems
    assert school.day(1) in form.shown
    assert "Send to Ana" in form.buttons


async def test_whoever_is_in_no_file_gets_one_kind_line(school: TeamsSchool) -> None:
    assert (await school.max.say("hello")).ok
    await arrives(school.max, "I don't know you yet. Ask the person who set me up to add you", 1)


@pytest.mark.req("ONCE-1", "ONCE-4")
async def test_told_three_times_and_twenty_at_once_it_is_one(school: TeamsSchool) -> None:
    sam, ana = school.sam, school.ana
    await meet(ana)
    line = f"coteach @ana {school.iso(1)} 10:15 45m launch"
    assert (await sam.say(line, how=Delivery(copies=20))).ok
    await arrives(sam, "10:15 to 11:00", 1)
    preview = sam.with_button("Send to Ana")
    assert (await sam.press(preview, "Send to Ana", how=Delivery(times=3))).ok
    await arrives(ana, "Sam would like to be beside you", 2)
    invitation = ana.with_button("Works for me")
    assert (await ana.press(invitation, "Works for me", how=Delivery(copies=20))).ok
    await arrives(sam, "Booked")
    await asyncio.sleep(0.5)
    assert len(school.query("select slot_id from booking")) == 2
    assert len([one for one in read(sam) if "Booked" in one]) == 1
    assert (await school.max.say("hello", how=Delivery(times=3))).ok
    await arrives(school.max, "I don't know you yet.", 1)


async def test_an_uninstalled_person_is_marked_and_written_to_again_when_they_are_back(school: TeamsSchool) -> None:
    ana = school.ana
    await meet(ana)
    ana.block()
    school.bring_near("ana")
    await until(
        lambda: school.query("select gone from account where user_id = ? and gone != ''", ana.aad),
        lambda: school.query("select state, last_error from outbox"),
    )
    ana.block(blocked=False)
    assert (await ana.say("beside help")).ok
    await arrives(ana, "What I can do here")


async def test_nothing_of_anybodys_words_is_in_the_log(school: TeamsSchool) -> None:
    await meet(school.ana)
    await school.ana.say("canary-words-of-ana")
    await until(lambda: len(read(school.ana)) > 1, lambda: read(school.ana))
    assert "canary" not in school.server.log
    assert school.teams.secret not in school.server.log
    assert "Traceback" not in school.server.log
