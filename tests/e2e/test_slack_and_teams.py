"""Slack and Teams at once, each through its own fake: one conversation, and both cards say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.both import Both, Chair, Message, both
from tests.support.school import until

QUESTION = "How do they decide what is fair?"
LISTENING = "What they say to each other"
STEP = "Start Monday's launch with their disagreement."
TEXTS = ("Asking how they knew it was fair.", "Two pairs disagreed and drew it.", STEP, "More than two pairs talking.")
NEXT = ("all for today", "one small thing", "it is helping", "Your step")


async def meet(house: Both, name: str) -> Chair:
    person = house.here[name]
    await person.say("hello")
    await person.press("Sounds fine")
    await person.press("Straight to day and time")
    await person.press("Keep this day and time")
    await person.arrives("I'll ask one question on")
    return person


async def becomes(card: Message, *words: str) -> None:
    """That message, where it stands, in these words."""
    await until(lambda: all(one in card.shown for one in words), lambda: card.shown)


async def reflect(person: Chair, first: int = 0, last: int = 4) -> None:
    for text, then in list(zip(TEXTS, NEXT, strict=True))[first:last]:
        await person.say(text)
        await person.arrives(then)


@pytest.mark.parametrize(
    ("coach", "teacher", "way"),
    [("teams", "slack", "socket"), ("slack", "teams", "http")],
)
async def test_a_coach_on_one_and_a_teacher_on_the_other(tmp_path: Path, coach: str, teacher: str, way: str) -> None:
    there = ["sam"] if coach == "teams" else ["ana"]
    async with both(tmp_path, *there, way=way) as house:
        await house.start(way)
        sam, ana = house.here["sam"], await meet(house, "ana")
        assert (sam.name, ana.name) == (coach, teacher)
        # A visit: offered, moved, booked, filled, cancelled. Every card stands once and is replaced where it stands.
        await sam.command("coteach", "@ana tomorrow 10:15 45m launch")
        preview = await sam.press("Send to Ana")
        await becomes(preview, "Sent to Ana")
        invitation = await ana.has("Works for me")
        assert "Sam would like to be beside you" in invitation.shown
        await ana.press("Another time")
        await ana.press(next(one for one in (await ana.has("Another day or time")).buttons if ", " in one))
        await becomes(invitation, "as soon as Sam answers")
        counter = await sam.arrives("Ana asks for another time")
        await sam.press("Works for me")
        await becomes(counter, "Booked")
        booked = await ana.arrives("Booked")
        await ana.arrives("What are some things you'd like us to be curious about together?")
        await ana.say(QUESTION)
        await ana.press(LISTENING)
        for card in (counter, booked):
            await becomes(card, QUESTION, LISTENING)
        await sam.press("Cancel")
        for card in (counter, booked):
            await becomes(card, "Cancelled")
        await ana.arrives("Sam cancelled")
        # A reflection: hers, until she shares the words that were shown; taken back, the copy there goes too.
        await ana.command("beside", "now")
        await ana.arrives("One question about this week")
        await reflect(ana)
        assert STEP not in "\n".join(sam.read())
        await ana.press("Share with Sam")
        await ana.press("Share the step")
        copy = await sam.arrives(STEP)
        await ana.press("Take it back")
        await becomes(copy, "Ana took this back")
        assert STEP not in "\n".join(sam.read())
        words = (*TEXTS, QUESTION, "xoxb-", "xapp-", house.teams.secret)
        assert [one for one in words if one in house.server.log] == []


@pytest.mark.parametrize(("known", "way"), [("slack", "socket"), ("teams", "http")])
async def test_one_person_on_both_goes_on_where_they_are(tmp_path: Path, known: str, way: str) -> None:
    there = ["ana"] if known == "teams" else ["sam"]
    async with both(tmp_path, *there, way=way) as house:
        await house.start(way)
        sam, ana = house.here["sam"], await meet(house, "ana")
        there_too = house.seat("ana", "slack" if known == "teams" else "teams")
        await there_too.say("hello")
        await there_too.arrives("I don't know you yet.")
        await ana.say("link")
        card = await ana.arrives("In your other chat, type")
        found = re.search(r"link ([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})", card.shown)
        assert found is not None
        await there_too.say(f"link {found[1]}")
        await ana.press("Join")
        await there_too.arrives("Joined.")
        # A visit is offered where she was heard last; she answers there and goes on in the other chat.
        await sam.command("coteach", "@ana tomorrow 10:15 45m launch")
        await sam.press("Send to Ana")
        first = await ana.press("Works for me")
        await becomes(first, "Booked")
        await ana.arrives("What are some things you'd like us to be curious about together?")
        await there_too.say(QUESTION)
        await there_too.arrives("What kinds of student talk might we both listen to?")
        await there_too.press(LISTENING)
        second = await there_too.arrives("Booked")
        for card in (first, second, await sam.arrives("Booked")):
            await becomes(card, QUESTION, LISTENING)
        # And half a reflection here, half of it there.
        await there_too.command("beside", "now")
        await there_too.arrives("One question about this week")
        await reflect(there_too, 0, 2)
        await reflect(ana, 2, 4)
        summary = await ana.arrives("Your step")
        assert all(words in summary.shown for words in TEXTS[2:])
        assert [one for one in there_too.read() if TEXTS[3] in one] == []
