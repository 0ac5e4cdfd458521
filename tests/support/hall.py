"""Plays a dialog file in front of a platform's own fake: people touch its screens, and what came is read from them.

The recorder of `dialog.py` asks what Beside decided. Here every line goes the whole way, as bytes through the door
and as a drawing through the wire, so that nothing holds only because it was never drawn.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from aiohttp import web
from msgspec import Struct
from sqlalchemy import update

from adapters.teams.connection import TeamsPlatform, connect
from bot import demo
from bot.events import Account
from bot.flows import vocabulary
from bot.outside.links import Ways
from bot.platform import Platform
from bot.settings import Settings
from bot.stems import Library
from bot.store import Store
from bot.store import tables as t
from tests.contract import adaptive
from tests.fakes.slack.shapes import Json
from tests.fakes.teams import (
    ONCE,
    Delivery,
    HeldBack,
    Message,
    NotOnScreen,
    Profile,
    Result,
    Teams,
    User,
    Workspace,
    screen,
)
from tests.support import dialog
from tests.support.dialog import Stage
from tests.support.teams_cloud import served

Screen = dict[str, str]


class Deed(Struct, frozen=True):
    """One thing that somebody did: `on` is the message it was done on, and `again` tells the app of it once more.

    `told` is what stands at the fields of a form.
    """

    again: Callable[[], Awaitable[object]]
    on: str = ""
    replaced: bool = False
    told: str = ""


class Seats(Protocol):
    """A platform as its people have it in front of them.

    `shows_again` is where a line that only one person sees is shown to them again if their press is told again.
    """

    shows_again: bool

    @property
    def platform(self) -> Platform: ...

    def account(self, handle: str) -> Account: ...

    def nowhere(self, handle: str) -> None:
        """Their device tells no zone."""
        ...

    def screen(self, handle: str) -> Screen:
        """What stands there, by message, as it is read."""
        ...

    async def say(self, handle: str, text: str) -> Deed: ...

    async def change(self, handle: str, text: str) -> Deed:
        """Their last message reads so now; without words it is deleted."""
        ...

    async def leave(self, handle: str) -> Deed:
        """They are not here any more."""
        ...

    async def press(self, handle: str, label: str, inputs: dict[str, str], *, oldest: bool) -> Deed: ...

    async def submit(self, handle: str, fields: dict[str, str]) -> Deed: ...

    async def quiet(self) -> None:
        """Everything that is on its way has come."""
        ...


class TeamsSeats:
    shows_again = False

    def __init__(self, teams: Teams, platform: TeamsPlatform, how: Delivery = ONCE) -> None:
        self._teams = teams
        self._how = how
        self.platform = platform
        self._cards: dict[str, list[tuple[Message, Json]]] = {}

    @property
    def team(self) -> Workspace:
        return self._teams.team

    def fails(self, method: str) -> None:
        self._teams.fail("503", method)

    def user(self, handle: str) -> User:
        return self.team.user(handle, Profile("", "", handle.title(), tz=demo.ZONE))

    def nowhere(self, handle: str) -> None:
        self.user(handle).profile.tz = ""

    def account(self, handle: str) -> Account:
        return Account(platform="teams", team=self._teams.team.id, user=self.user(handle).aad)

    def screen(self, handle: str) -> Screen:
        user, seen = self.user(handle), {}
        for message in (*user.messages(), *user.ephemerals()):
            if not message.from_bot:
                continue
            seen[message.id] = " ".join([message.words, *(" ".join(adaptive.read(c)) for c in message.cards(user.id))])
            for card in message.cards(user.id):
                if (message, card) not in self._cards.setdefault(handle, []):
                    self._cards[handle].append((message, card))
        return seen

    async def say(self, handle: str, text: str) -> Deed:
        user = self.user(handle)
        said = user.share("", how=self._how) if text == dialog.PICTURE else user.say(text, how=self._how)
        return self._deed(await said)

    async def change(self, handle: str, text: str) -> Deed:
        user = self.user(handle)
        # A command is typed there as a message too.
        last = [one for one in user.messages() if not one.from_bot and not one.words.startswith("/")][-1]
        done = user.edit(last, text, how=self._how) if text else user.delete(last, how=self._how)
        return self._deed(await done)

    async def leave(self, handle: str) -> Deed:
        return self._deed(await self.user(handle).uninstall(how=self._how))

    async def press(self, handle: str, label: str, inputs: dict[str, str], *, oldest: bool) -> Deed:
        """On the newest card that ever had that button, or the oldest: an old one still stands on another device."""
        user, cards = self.user(handle), self._cards.get(handle, [])
        for message, card in cards if oldest else cards[::-1]:
            if f"[{label}]" in adaptive.read(card):
                stale = card not in message.cards(user.id)
                if stale:
                    message.replace(user.id, card)
                result = await user.press(message, label, inputs, how=self._how)
                replaced = result.shown is message
                if stale and not replaced:
                    message.screens.pop(user.id, None)
                return self._deed(result, message.id, replaced=replaced)
        raise NotOnScreen(f"{handle} never saw a button {label!r}; there is {self.screen(handle)}")

    async def submit(self, handle: str, fields: dict[str, str]) -> Deed:
        user = self.user(handle)
        form = next(one for one in reversed(user.messages()) if one.from_bot and set(fields) <= _inputs(one, user))
        form.screen(user.id).draft.clear()
        try:
            result = await user.submit(form, {**fields}, how=self._how)
        except NotOnScreen as missing:
            raise HeldBack(str(missing)) from None
        return self._deed(result, form.id, replaced=result.shown is form)

    async def quiet(self) -> None:
        assert self.platform.entrance is not None
        await asyncio.gather(*self.platform.entrance._running)  # noqa: SLF001

    def _deed(self, result: Result, on: str = "", *, replaced: bool = False) -> Deed:
        assert result.ok, (result.problems, result.replies)
        assert len(set(result.bodies)) == 1, "told again, it was answered otherwise"

        async def again() -> None:
            reply = await self._teams.courier.again(result)
            assert (reply.status, reply.body) == (result.answer.status, result.answer.body), "the second answer differs"

        return Deed(again, on, replaced)


def _inputs(message: Message, user: User) -> set[str]:
    return {one.id for card in message.cards(user.id) for one in screen.inputs(card)}


class Hall(Stage):
    """The same school, with everybody in front of the platform; where a line says `@slack`, in front of a shelf."""

    # People reach the server behind a platform at an address; nothing is fetched from it here.
    ways = Ways("https://beside.example")
    seats: Seats

    async def enter(self, seats: Seats) -> None:
        """Who was in the playground is here, and nowhere else."""
        self.seats, self.stood = seats, dict[str, Screen]()
        vars(seats.platform)["pace"] = None  # a dialog is played without waiting for it
        self.platforms.clear()
        self.platforms |= {"slack": self.second, seats.platform.name: seats.platform}
        here = seats.account("sam")
        await self.store.install(demo.ORGANIZATION, here.platform, here.team)
        async with self.store.engine.begin() as connection:
            for handle, person in self.people.items():
                account = seats.account(handle)
                values = {"platform": account.platform, "team": account.team, "user_id": account.user}
                await connection.execute(update(t.account).where(t.account.c.person_id == person.id).values(values))

    async def given(self, text: str) -> None:
        await super().given(text)
        handle, so = text.partition(" ")[::2]
        if so in ("is nowhere", "has no zone"):
            self.seats.nowhere(handle)

    async def settle(self) -> list[tuple[str, str]]:
        """Whatever is new on somebody's screen; on the shelf, what was put there."""
        new = [one for one in await super().settle() if "@" in one[0]]
        await self.seats.quiet()
        for handle in sorted({*self.people, *self.stood}):
            now, before = self.seats.screen(handle), self.stood.get(handle, {})
            new += [(handle, text) for where, text in now.items() if before.get(where) != text]
            self.stood[handle] = now
            if found := dialog.CODE.search(" ".join(text for who, text in new if who == handle)):
                self.code = found[1]
        return new

    async def do(self, who: str, text: str) -> Deed:
        self.stood.setdefault(who, {})
        if text.startswith("["):
            label, _, rest = text[1:].partition("]")
            inputs = dict(dialog.inputs(rest))
            return await self.seats.press(who, label.removeprefix("*"), inputs, oldest=label.startswith("*"))
        if text.startswith("(form)"):
            return await self.seats.submit(who, dict(dialog.inputs(text)))
        if text == "(leaves)":
            return await self.seats.leave(who)
        if text.startswith("(changes)") or text == "(deletes)":
            return await self.seats.change(who, text.removeprefix("(changes)").removeprefix("(deletes)").strip())
        return await self.seats.say(who, text)


async def play(hall: Hall, path: Path) -> None:
    """Each line is done, and told to us again as it was: the second time changes nothing on any screen."""
    said: list[tuple[str, str]] = []
    own: list[tuple[str, str]] = []
    asked = ("", "")
    for line in dialog.read(path):
        where = f"{path.name}:{line.number}"
        if line.out:
            _take(said, line, where, HERE.get(hall.seats.platform.name, {}))
            continue
        assert [one for one in said if one not in own] == [], f"{where}: not foreseen: {said}"
        text, own = line.text.replace("CODE", hall.code), []
        if line.who in dialog.NOBODY or "@" in line.who:
            _, said = await hall.act(line.who, text, hall.key())
            continue
        try:
            deed = await hall.do(line.who, text)
        except HeldBack as why:
            said = [(line.who, f"held back: {why}")]
            continue
        said = await hall.settle()
        if text.startswith("[") and (echo := (line.who, text[1:].partition("]")[0].removeprefix("*"))) in said:
            said.remove(echo)  # where a card is too large to stand again, what was chosen is said
        asked, before = (line.who, " ".join(text.split())), asked
        if not said and asked == before and text.startswith("/"):
            # The same request: where answers are messages, its answer stands there already.
            said = [(line.who, list(hall.stood[line.who].values())[-1])]
        said += [(line.who, deed.told)] if deed.told else []
        # A form that was kept shows the card of now in its own place, and a card may answer with itself.
        own = [(line.who, text) for id_, text in hall.stood[line.who].items() if id_ == deed.on]
        said = [*(one for one in said if one not in own), *(one for one in own if deed.replaced or one in said)]
        whole = [*said]
        await deed.again()
        again = [one for one in await hall.settle() if not hall.seats.shows_again or one not in whole]
        assert again == [], f"{where}: said again when repeated: {again}"
    assert [one for one in said if one not in own] == [], f"{path.name}: not foreseen at the end: {said}"


def _take(said: list[tuple[str, str]], line: dialog.Line, where: str, here: dict[str, str]) -> None:
    """The first thing said to that person that has these pieces; where each stands is for the contract to say."""
    if line.text.startswith("wrong: ") and (line.who, "held back") in [(who, text[:9]) for who, text in said]:
        said.clear()
        return
    pieces = re.split(r" … | / |form: |wrong: \w+: |wrong: |\w+: (?=[A-Z])", line.text)
    for alike in (str, _alike):
        wanted = [_bare(alike(piece), here) for piece in pieces]
        for n, (who, text) in enumerate(said):
            if who == line.who and all(piece in _bare(alike(text), {}) for piece in wanted):
                said.pop(n)
                return
    raise AssertionError(f"{where}: wanted {line.who}: {line.text}\n  there was {said}")


# What the recorder's people hear of the playground, those on a platform hear of that.
ADMIN: Final = "Whoever runs this server holds its keys and could technically reach what is kept."
HERE: Final = {
    "teams": {
        "the playground": "Microsoft Teams",
        ADMIN: "Teams itself may keep messages under your district's rules.",
    },
    "slack": {ADMIN: "Slack itself may keep messages under your district's rules."},
}


def _alike(text: str) -> str:
    """Which of the questions and of the lines that reflect is taken depends on keys, and those differ by platform."""
    for pattern, kind in _equals():
        text = pattern.sub(kind, text)
    return text


@cache
def _equals() -> list[tuple[re.Pattern[str], str]]:
    """Everything one of which is taken by its key, in each language, and what stands for it."""
    found = []
    for library in (Library.load("en"), Library.load("es")):
        found += [(line.text, f"reflected as {line.family}") for line in library.reflect_back]
        found += [(text, "a question") for stem in library.stems for text in (stem.text, *stem.follow_ups)]
    found.sort(key=lambda one: -len(one[0]))
    blank = re.compile(r"\\{\w+\\}")
    return [
        (
            re.compile(blank.sub("([^”]+)", re.escape(text))),
            " ".join((kind, *(rf"\{n + 1}" for n, _ in enumerate(blank.findall(re.escape(text)))))),
        )
        for text, kind in found
    ]


def _bare(text: str, here: dict[str, str]) -> str:
    for there, said in here.items():
        text = text.replace(there, said)
    return re.sub(r"[^\w\[\]]", "", text)


@asynccontextmanager
async def on_teams(store: Store, how: Delivery = ONCE) -> AsyncIterator[Hall]:
    """Real tokens through the real gate, answers through the real wire; everything is told to us in that `how`."""
    app = web.Application()
    async with Teams() as teams:
        teams.pace.on = False
        given = {name.removeprefix("BESIDE_").lower(): value for name, value in teams.settings.items()}
        hall = await Hall.open(store)
        platform = await connect(app, hall.engine, Settings.model_validate(given), vocabulary())
        async with served(app) as url:
            teams.connect(f"{url}/api/messages")
            seats = TeamsSeats(teams, platform, how)
            await hall.enter(seats)
            for handle in hall.people:
                assert all(one.ok for one in await seats.user(handle).install(how=how))
            yield hall
    assert teams.state.complaints == []
