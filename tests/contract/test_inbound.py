"""What people do, whatever they do it on: each act reaches the door as the same event."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from bot.cards import Button, Buttons, Card, Choices, DateField, Form, Option, PickField, Text, TextField, TimeField
from bot.events import Account, Commanded, Edited, Event, FromPlatform, Joined, Left, Pressed, Removed, Said, Submitted
from tests.contract import teams
from tests.contract.driver import NAMES, Seat, driver
from tests.contract.gallery import THREAD
from tests.contract.synthetic import LONG, options

NOBODY = Account(platform="", team="", user="")
CARD = Card(
    blocks=(
        Text(("Tuesday, 10:15 to 11:00.",)),
        Choices("part", "Which part?", (Option("launch", "Launch"), Option("menu", "Menu")), "launch"),
        Choices("day", "Which day?", options(20), "v7"),
        Buttons((Button("send", "Send", "confirm", "slot-1"), Button("drop", "Don't & <never>", "quiet"))),
    ),
    framed=True, thread=THREAD, version=7,
)  # fmt: skip
FORM = Form(
    verb="offer", title="Offer a time", submit="Send", cancel="Leave it", thread=THREAD, version=4,
    fields=(
        TextField("focus", "What to listen to", "as it was", optional=True, long=True),
        DateField("day", "Day", "2026-11-24"),
        TimeField("time", "Time", "10:15"),
        PickField("part", "Part", (Option("launch", "Launch"), Option("menu", "Menu")), "menu"),
        PickField("who", "Who", options(12, "Person"), "v12", many=True),
    ),
)  # fmt: skip
AS_IT_WAS = {"focus": "as it was", "day": "2026-11-24", "time": "10:15", "part": "menu", "who": "v12"}
SAID = {
    "a line": "It went well.",
    "signs": 'R&D <3, 2 > 1 & "so" on; it\'s 100% <b>true</b>',
    "an entity, typed": "they wrote &amp; and &lt;at&gt;",
    "a name": "with @cleo: they noticed it",
    "emoji": "well done 👏🏽 👩‍👧‍👦 1️⃣",
    "lines": "first\nsecond\n\nthird",
    "markup": "*bold* _slanted_ `code` > quoted [x](https://x.test)",
    "right to left": "שלום, מה שמת לב?",
    "3,000 characters": LONG[:3000].strip(),
    "an address": "see https://a.test/x?b=1&c=2 there",
}


def said(text: str) -> Said:
    return Said(key="", by=NOBODY, text=text)


def pressed(verb: str, value: str, **inputs: str) -> Pressed:
    at = {"part": "launch", "day": "v7"} | inputs
    return Pressed(key="", by=NOBODY, thread=THREAD, version=7, verb=verb, value=value, inputs=at)


def submitted(**fields: str) -> Submitted:
    return Submitted(key="", by=NOBODY, thread=THREAD, version=4, verb="offer", fields=AS_IT_WAS | fields)


def commanded(command: str, text: str = "") -> Commanded:
    return Commanded(key="", by=NOBODY, command=command, text=text)


# What is done, and what is heard of it.
ACTS: dict[str, tuple[tuple[object, ...], FromPlatform]] = {
    **{f"says {what}": (("say", text), said(text)) for what, text in SAID.items()},
    "a command": (("command", "coteach", "tue 10:15 45m launch"), commanded("coteach", "tue 10:15 45m launch")),
    "a command alone": (("command", "help", ""), commanded("help")),
    "a button": (("press", CARD, "Send", {}), pressed("send", "slot-1")),
    "a button with signs": (("press", CARD, "Don't & <never>", {}), pressed("drop", "")),
    "a choice": (("press", CARD, "Send", {"part": "menu"}), pressed("send", "slot-1", part="menu")),
    "a choice in a list": (("press", CARD, "Send", {"day": "v20"}), pressed("send", "slot-1", day="v20")),
    "a form left as it was": (("submit", FORM, {}), submitted()),
    "a day": (("submit", FORM, {"day": "2026-12-01"}), submitted(day="2026-12-01")),
    "a time": (("submit", FORM, {"time": "07:05"}), submitted(time="07:05")),
    "a pick": (("submit", FORM, {"part": "launch"}), submitted(part="launch")),
    "a pick from a list": (("submit", FORM, {"who": "v3"}), submitted(who="v3")),
    "a box emptied": (("submit", FORM, {"focus": ""}), submitted(focus="")),
    "a box of 3,000": (("submit", FORM, {"focus": LONG[:3000]}), submitted(focus=LONG[:3000])),
    **{f"a box with {what}": (("submit", FORM, {"focus": text}), submitted(focus=text)) for what, text in SAID.items()},
}
COMING = {"join": Joined(key="", by=NOBODY), "leave": Left(key="", by=NOBODY)}


def bare(event: Event) -> Event:
    """Apart from the platform's own keys and account, and from how it is answered there."""
    event = replace(event, message="") if isinstance(event, Said) else event
    return replace(event, key="", by=NOBODY, posts=(), on="")


@pytest.fixture(scope="module", params=NAMES)
async def seat(request: pytest.FixtureRequest) -> AsyncIterator[Seat]:
    async with driver(request.param).seated() as one:
        yield one


@pytest.mark.parametrize("act", ACTS)
async def test_what_somebody_does_is_heard_as_the_same_event(seat: Seat, act: str) -> None:
    (do, *how), meant = ACTS[act]
    seat.heard.clear()
    await getattr(seat, str(do))(*how)
    (event,) = seat.heard
    assert bare(event) == meant
    assert (event.by.platform, event.by.team, event.by.user) == (
        seat.account.platform,
        seat.account.team,
        seat.account.user,
    )


async def test_done_twice_it_has_two_keys(seat: Seat) -> None:
    seat.heard.clear()
    for _ in range(2):
        await seat.say("the same words")
        await seat.press(CARD, "Send", {})
    assert len({event.key for event in seat.heard}) == 4


@pytest.mark.parametrize("name", [name for name in NAMES if driver(name).AMENDS])
async def test_what_is_changed_or_taken_back_is_heard_of_the_message_it_was(name: str) -> None:
    async with driver(name).seated() as seat:
        await seat.say("frist @cleo")
        await seat.edit("first @cleo & 1 < 2")
        await seat.edit("frist @cleo")
        await seat.unsay()
        said, *changed, removed = seat.heard
        assert isinstance(said, Said)
        assert said.message
        assert [bare(one) for one in changed] == [
            Edited(key="", by=NOBODY, message=said.message, text=text)
            for text in ("first @cleo & 1 < 2", "frist @cleo")
        ]
        assert bare(removed) == Removed(key="", by=NOBODY, message=said.message)
        assert {one.by.user for one in seat.heard} == {seat.account.user}
        assert len({one.key for one in seat.heard}) == 4


async def test_what_is_brought_back_on_teams_reads_as_it_did_and_can_be_taken_back_once_more() -> None:
    async with teams.seated() as seat:
        await seat.say("first")
        await seat.unsay()
        await seat.bring_back()
        await seat.unsay()
        said, gone, back, again = seat.heard
        assert isinstance(said, Said)
        assert bare(back) == Edited(key="", by=NOBODY, message=said.message, text="first", back=True)
        assert bare(gone) == bare(again) == Removed(key="", by=NOBODY, message=said.message)
        assert gone.key != again.key


@pytest.mark.parametrize("name", [name for name in NAMES if driver(name).FILES])
@pytest.mark.parametrize("words", ["", "Look how they solved it"])
async def test_a_picture_is_heard_and_not_fetched(name: str, words: str) -> None:
    async with driver(name).seated() as seat:
        await seat.share(words)
        (event,) = seat.heard
        assert bare(event) == Said(key="", by=NOBODY, text=words, files=True)
        assert event.by.user == seat.account.user


@pytest.mark.parametrize("name", [name for name in NAMES if driver(name).COMES_AND_GOES])
@pytest.mark.parametrize("act", COMING)
async def test_coming_and_going_is_heard(name: str, act: str) -> None:
    async with driver(name).seated() as seat:
        await getattr(seat, act)()
        (event,) = seat.heard
        assert bare(event) == COMING[act]
        assert event.by.user == seat.account.user
