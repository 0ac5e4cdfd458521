"""Slack from end to end, by both ways: a school comes in by files, people talk to Beside, and it is its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.school import School, arrives, lincoln, meet, press, read, told, until, with_button

STEP = "Start Monday's launch with their disagreement."
HOW = "More than two pairs talking, and somebody changing their mind out loud."
TEXTS = (
    "Asking how they knew it was fair. They argued about halves for ages.",
    "Quiet, then two pairs disagreed and drew it.",
    STEP,
    HOW,
)


# Over a line of Socket Mode these run with the faults; the visit and the week do in every run, in test_slack_and_teams.
@pytest.fixture(params=["http", pytest.param("socket", marks=pytest.mark.slow)])
async def school(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[School]:
    async with lincoln(tmp_path, way=request.param) as (one, _):
        yield one


# ── The first meeting ──


async def test_nothing_is_sent_before_the_yes_and_a_held_invitation_after_it(school: School) -> None:
    sam, ana = school.sam, school.ana
    await arrives(ana, "Hi Ana, I'm Beside, a chat tool that asks questions. Sam set me up", 1)
    preview = (await sam.command("/coteach", f"@ana {school.here:%a} 16:00 45m launch")).shown
    assert preview is not None
    await press(sam, "Send to Ana")
    assert f"Ana will get this when messages are next open, {school.day(1)} at the earliest." in preview.shown
    assert len(read(ana)) == 1
    await press(ana, "Tell me more")
    assert "I have seen no lesson, and I give no advice." in ana.ephemerals()[-1].shown
    assert len(read(ana)) == 1
    hello = told(ana)[0]
    await press(ana, "Sounds fine")
    await press(ana, "Straight to day and time")
    assert "When suits you for one question a week?" in hello.shown
    invitation = await arrives(ana, "Sam would like to be beside you", 2)
    assert invitation.buttons == ["Works for me", "Another time", "Change the part or role", "Not this week"]
    await press(ana, "Keep this day and time", day="Monday", time="12:00")
    assert hello.shown.startswith("I'll ask one question on Mondays at 12:00.")
    assert hello.buttons == []


async def test_a_teacher_without_a_coach_says_hello_first(school: School) -> None:
    await school.cleo.say("hello")
    await arrives(school.cleo, "Hi Cleo, I'm Beside, a chat tool that asks questions, so you have room to think", 1)
    await press(school.cleo, "No thanks")
    assert read(school.cleo) == ["Understood. I'll stay off."]


async def test_whoever_is_in_no_file_gets_one_kind_line(school: School) -> None:
    said = await school.max.say("hello")
    assert said.ok
    await arrives(school.max, "I don't know you yet. Ask the person who set me up to add you", 1)
    asked = await school.max.command("/coteach", "ana tue 10:15")
    assert asked.shown is not None
    assert asked.shown.shown.startswith("I don't know you yet.")
    assert (await school.max.open_home()).ok
    assert len(read(school.max)) == 1


# ── The weekly reflection ──


async def reflect(school: School) -> None:
    """Four short texts after the question, then the summary card."""
    for text, then in zip(TEXTS, ("all for today", "one small thing", "it is helping", "Your step"), strict=True):
        before = len(read(school.ana))
        assert (await school.ana.say(text)).ok
        await arrives(school.ana, then, before + 1)
    assert STEP in read(school.ana)[-1]


async def test_a_week_from_the_question_to_a_shared_step_and_back(school: School) -> None:
    ana, sam = school.ana, school.sam
    await meet(ana)
    assert (await ana.command("/beside", "now")).ok
    await arrives(ana, "Hi Ana. One question about this week, two minutes at most.", 2)
    await reflect(school)
    summary = told(ana)[-1]
    assert [one for one in (f"“{STEP}”", f"“{HOW}”", "I'll bring it back Thursday") if one not in summary.shown] == []
    assert summary.buttons == ["That's it", "Change the words", "Another day", "Share with Sam"]
    await press(ana, "Share with Sam")
    preview = await arrives(ana, "Sam will see exactly this")
    assert "Share with Sam" in summary.shown
    assert summary.buttons == []
    assert read(sam) == []
    await press(ana, "Share the step")
    assert preview.shown.startswith("Shared with Sam.")
    arrived = await arrives(sam, f"“{STEP}”", 1)
    assert HOW not in arrived.shown
    await until(lambda: "You and Sam" in summary.shown)
    await press(ana, "Take it back")
    await until(lambda: read(sam) == ["Withdrawn. Ana took this back."], lambda: read(sam))
    assert told(sam) == [arrived]
    await until(lambda: "Just for you" in summary.shown)


async def test_the_check_in_comes_by_itself_with_the_step_of_last_time(school: School) -> None:
    ana = school.ana
    await meet(ana)
    school.bring_near("ana")
    await arrives(ana, "Hi Ana. One question about this week", 2)
    await reflect(school)
    await press(ana, "That's it")
    assert "Saved. You can change or delete it any time." in read(ana)[-1]
    before = len(read(ana))
    school.query("update next_step set check_on = ?", school.iso(0))
    school.bring_near("ana", days=7)
    opening = await arrives(ana, f"Hi Ana. Last time you wrote: “{STEP}” How did it go?", before + 1)
    await press(ana, "Partly")
    await until(lambda: len(read(ana)) == before + 2)
    assert opening.buttons == []
    assert "Partly" in opening.shown.splitlines()


async def test_the_words_of_a_step_are_changed_in_a_form(school: School) -> None:
    ana = school.ana
    await meet(ana)
    await ana.command("/beside", "now")
    await arrives(ana, "Hi Ana.", 2)
    await reflect(school)
    summary = told(ana)[-1]
    await press(ana, "Change the words")
    result = await ana.submit(None, {"words": "ab"})
    assert result.errors == {"words": "A step is 3 to 240 characters. Close this to keep it as it was."}
    assert (await ana.submit(None, {"words": "One quiet minute before I explain."})).ok
    await until(lambda: "“One quiet minute before I explain.”" in summary.shown, lambda: summary.shown)
    assert ana.view() is None


# ── A visit ──


async def offered(school: School, text: str = "") -> None:
    """Sam sends Ana an invitation for tomorrow at 10:15."""
    await meet(school.ana)
    at = school.iso(1)
    result = await school.sam.command("/coteach", text or f"@ana {at} 10:15 45m launch")
    assert result.shown is not None, result.as_json()
    assert f"{school.day(1)}, 10:15 to 11:00" in result.shown.shown
    await press(school.sam, "Send to Ana")
    assert result.shown.shown.startswith("Sent to Ana")
    assert result.shown.buttons == []
    await arrives(school.ana, "From Sam", 2)


async def test_one_line_and_two_taps_book_a_visit(school: School) -> None:
    sam, ana = school.sam, school.ana
    await offered(school)
    invitation = told(ana)[-1]
    await press(ana, "Works for me")
    assert invitation.shown.startswith("Booked")
    booked = await arrives(sam, "Booked", 1)
    assert f"{school.day(1)}, 10:15 to 11:00" in booked.shown
    assert "Launch, Ana leads" in booked.shown
    await arrives(ana, "What are some things you'd like us to be curious about together?", 3)
    await ana.say("How do they decide what is fair?")
    question = await arrives(ana, "What kinds of student talk might we both listen to?", 4)
    await press(ana, "What they say to each other")
    await until(lambda: "Listening to: “What they say to each other”" in booked.shown, lambda: booked.shown)
    await until(lambda: "Listening to: “What they say to each other”" in invitation.shown)
    assert "How do they decide what is fair?" in booked.shown
    assert question.buttons == []
    assert "What they say to each other" in question.shown.splitlines()
    assert (len(read(sam)), len(read(ana))) == (1, 4)


async def test_another_time_is_three_near_a_counter_and_the_coach_agrees(school: School) -> None:
    sam, ana = school.sam, school.ana
    await offered(school)
    invitation = told(ana)[-1]
    await press(ana, "Another time")
    *near, form, back = invitation.buttons
    assert (len(near), form, back) == (3, "Another day or time", "Back")
    await press(ana, near[0])
    assert "You will hear as soon as Sam answers." in invitation.shown
    counter = await arrives(sam, "Ana asks for another time", 1)
    assert near[0] in counter.shown
    assert f"({school.day(1)}, 10:15 to 11:00)" in counter.shown
    await press(sam, "Works for me")
    assert counter.shown.startswith("Booked")
    assert near[0] in (await arrives(ana, "Booked")).shown


async def test_not_this_week_needs_no_reason(school: School) -> None:
    await offered(school)
    await press(school.ana, "Not this week")
    assert read(school.ana)[-1].startswith("No problem. Sam will see “not this week”.")
    assert (await arrives(school.sam, "not this week", 1)).shown == "Ana: not this week."


async def test_moving_is_asked_and_cancelling_is_told(school: School) -> None:
    sam, ana = school.sam, school.ana
    await offered(school)
    await press(ana, "Works for me")
    booked = await arrives(sam, "Booked", 1)
    await press(sam, "Move it")
    past = await sam.submit(None, {"day": school.iso(-1)})
    assert past.errors == {"day": "That time is behind us. Which day instead?"}
    assert (await sam.submit(None, {"day": school.iso(2), "time": "11:00"})).ok
    asked = await arrives(ana, "Sam asks for another time")
    await press(ana, "Keep the booked time")
    assert asked.shown.startswith("Booked")
    await arrives(sam, "Ana keeps the booked time.")
    await sam.press(booked, "Cancel")
    assert booked.shown.startswith(f"Cancelled: {school.day(1)}, 10:15.")
    await arrives(ana, f"Sam cancelled {school.day(1)}, 10:15.")
    assert asked.shown.startswith("Cancelled")


async def test_a_bare_command_opens_the_form_and_says_what_is_missing(school: School) -> None:
    sam = school.sam
    await meet(school.ana)
    assert (await sam.command("/coteach")).ok
    form = sam.view()
    assert form is not None
    assert [one for one in ("other", "day", "time", "minutes", "part", "role") if one not in form.fields] == []
    values = {"other": "Ana Ruiz", "day": school.iso(-1), "time": "10:15", "minutes": "900"}
    result = await sam.submit(form, values)
    assert result.errors == {
        "day": "That time is behind us. Which day instead?",
        "minutes": "A visit is 5 to 240 minutes.",
    }
    assert (await sam.submit(form, {"day": school.iso(1), "minutes": "30"})).ok
    assert sam.view() is None
    preview = with_button(sam, "Send to Ana")
    assert preview.only_for == sam.id
    assert f"{school.day(1)}, 10:15 to 10:45" in preview.shown
    await press(sam, "Change")
    changed = sam.view()
    assert changed is not None
    assert (await sam.submit(changed, {"part": "Menu"})).ok
    assert "Menu" in preview.shown
    assert read(school.ana)[-1].startswith("I'll ask one question")


async def test_somebody_unknown_is_asked_for_in_the_form(school: School) -> None:
    sam = school.sam
    for text in (f"@zebulon {school.iso(1)} 10:15 45m", f"@max {school.iso(1)} 10:15 45m"):
        assert (await sam.command("/coteach", text)).ok
        form = sam.view()
        assert form is not None
        assert "I don't know that name here. Pick somebody from the list." in form.shown, form.shown
        assert (await sam.submit(form, {"other": "Ben Okafor"})).ok
        assert "Beside Ben" in with_button(sam, "Send to Ben").shown


async def test_an_old_button_shows_where_things_are(school: School) -> None:
    sam, ana = school.sam, school.ana
    await offered(school)
    invitation = told(ana)[-1]
    await press(ana, "Another time")
    old = list(invitation.blocks)
    await press(ana, "Back")
    await press(ana, "Works for me")
    await arrives(sam, "Booked", 1)
    invitation.blocks = old  # a screen that has not heard of the change
    result = await ana.press(invitation, old_button(old))
    assert result.ok
    assert ana.ephemerals()[-1].shown.startswith("That one was answered already. Here is where we are now.")
    assert len(school.query("select slot_id from booking")) == 2


def old_button(blocks: list[object]) -> str:
    rows = [block for block in blocks if isinstance(block, dict) and block.get("type") == "actions"]
    return str(rows[0]["elements"][0]["text"]["text"])
