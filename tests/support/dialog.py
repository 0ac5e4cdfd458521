"""Plays a dialog file: what people said and what Beside answered, every line sent twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot import demo
from bot.cards import Answer, Buttons, Card, Choices, Form, Nothing, OnlyYou, Open, Replace, Wrong, in_words, plain
from bot.clock import MovableClock
from bot.engine import Engine
from bot.events import Account, Commanded, Edited, FromPlatform, Left, Pressed, Removed, Said, Submitted
from bot.importing import bring
from bot.outbox import Outbox
from bot.outside.links import Ways
from bot.platform import File, Parcel, Platform, Receipt, Refused
from bot.playground import Playground
from bot.records import Contacts, Partnership
from bot.store import Store
from bot.timer import Timer

SLACK = "T1"
_LINE = re.compile(r"(?P<out>->\s*)?(?P<who>[a-z]+(?:@[a-z]+)?):\s?(?P<text>.*)")
CODE = re.compile(r"link ([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})")
# Somebody sends a picture, without a word.
PICTURE = "(picture)"
# Lines of these are no deed of a person's.
NOBODY = ("clock", "given", "import")
_INPUT = re.compile(r"(\w+)=(\"[^\"]*\"|\S*)")


class Line(Struct, frozen=True):
    number: int
    who: str
    text: str
    out: bool


def read(path: Path) -> tuple[Line, ...]:
    lines = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        found = _LINE.fullmatch(raw.strip())
        assert found, f"{path.name}:{number}: not a line of a dialog: {raw}"
        lines.append(Line(number, found["who"], found["text"], bool(found["out"])))
    return tuple(lines)


class Shelf:
    """A platform that keeps what it is given, in order, with cards replaced in place; or one that refuses."""

    pace = None
    looks_up = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.cards: dict[str, dict[str, Card]] = {}
        self.new: list[tuple[str, Card]] = []
        self.lost: set[str] = set()
        self.replaces = True

    async def deliver(self, parcel: Parcel) -> Receipt:
        if parcel.person in self.lost:
            raise Refused("user_not_found", gone=True)
        if parcel.revises and not self.replaces:
            raise Refused("cant_update_message")
        key, card = parcel.revises.id if parcel.revises else parcel.key, in_words(parcel.card)
        self.cards.setdefault(parcel.person, {})[key] = card
        self.new.append((parcel.person, card))
        return Receipt(parcel.person, key)

    async def find(self, parcel: Parcel) -> Receipt | None:
        return Receipt(parcel.person, parcel.key) if parcel.key in self.cards.get(parcel.person, {}) else None

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        self.cards.get(said.channel, {}).pop(said.id, None)

    async def close(self) -> None:
        return None


class Stage:
    """The sample school on a stage: real store, engine, outbox and timer, and a clock that only we move."""

    ways: Ways | None = None

    def __init__(self, store: Store) -> None:
        self.store = store
        self.shelf, self.second = Shelf("web"), Shelf("slack")
        self.clock = MovableClock(demo.OPENS)
        self.engine = Engine(store, self.clock, ways=self.ways)
        self.platforms: dict[str, Platform] = {"web": self.shelf, "slack": self.second}
        self.outbox = Outbox(store, self.engine, self.platforms, self.clock)
        self.timer = Timer(store, self.outbox, self.clock)
        self.house = Playground(store, demo.ORGANIZATION, self.clock, self.outbox, self.timer, demo.ZONE)
        self.people = {person.handle: person for person in (demo.SAM, *demo.TEACHERS)}
        self.shown: dict[str, list[Card]] = defaultdict(list)
        self.opened: dict[str, list[Form]] = defaultdict(list)
        self.code = ""
        self.last: dict[str, str] = {}
        self.count = 0

    @classmethod
    async def open(cls, store: Store) -> Self:
        await demo.make(store)
        await store.install(demo.ORGANIZATION, "slack", SLACK)
        return cls(store)

    def key(self) -> str:
        self.count += 1
        return f"web:line-{self.count}"

    async def settle(self) -> list[tuple[str, str]]:
        """Everything that is ready goes out; (who, plain words) in order. On the second platform, ana is ana@slack."""
        await self.timer.tick()
        await self.outbox.sweep()
        handles = {person.id: handle for handle, person in self.people.items()}
        new = [(handles[who], card) for who, card in self.shelf.new]
        new += [(f"{handles[who]}@slack", card) for who, card in self.second.new]
        self.shelf.new.clear()
        self.second.new.clear()
        return [self.told(handle, card) for handle, card in new]

    def told(self, who: str, card: Card) -> tuple[str, str]:
        self.shown[who].append(card)
        text = _flat(plain(card))
        if found := CODE.search(text):
            self.code = found[1]
        return who, text

    async def act(self, who: str, text: str, key: str) -> tuple[Answer | None, list[tuple[str, str]]]:
        """One line of a person, the clock, or what is so before anything is said."""
        if who == "clock":
            await self.move(text)
            return None, await self.settle()
        if who == "given":
            await self.given(text)
            return None, []
        if who == "import":
            told = await self.bring(text)
            return None, [("import", told), *await self.settle()]
        answer = await self.engine.handle(self.event(who, text, key))
        said = self.answered(who, answer)
        return answer, said + await self.settle()

    async def given(self, text: str) -> None:
        """`ben and devi are away`, `ana is new`, `ana has no step`; `ana is on slack`, `ana is lost on slack`.

        And `slack is set in stone`: it can't replace what it has said. `sam is nowhere`: nobody has told where, and
        no school. `sam has no zone`: nobody has told, and there is a school.
        `a school is in America/Denver`: one more of them. `devi is a coach`, beside ana.
        """
        if text == "slack is set in stone":
            self.second.replaces = False
            return
        if text.startswith("a school is in "):
            async with self.store.begin(demo.ORGANIZATION) as tx:
                zone = text.removeprefix("a school is in ")
                await tx.save_school(replace(demo.SCHOOL, id=f"school:{zone}", name=zone, zone=zone))
            return
        names, _, so = text.partition(" has " if " has " in text else " are " if " are " in text else " is ")
        async with self.store.begin(demo.ORGANIZATION) as tx:
            for handle in names.split(" and "):
                person = self.people[handle]
                match so:
                    case "away":
                        await tx.keep(replace(person, chat="stopped"))
                    case "new":
                        await tx.keep(replace(person, chat="new"))
                    case "a coach":
                        await tx.keep(replace(person, role="coach", chat="on"))
                        pair = Partnership(
                            id=f"{handle}-ana", organization=demo.ORGANIZATION, coach=person.id,
                            teacher=self.people["ana"].id, since=self.clock(),
                        )  # fmt: skip
                        await tx.keep(pair)
                    case "no step":
                        for step in await tx.recent_steps(person.id):
                            await tx.keep(replace(step, status="tried"))
                    case "on slack":
                        await tx.add_account(person.id, self.account(f"{handle}@slack"))
                        await tx.touch_account(person.id, self.account(f"{handle}@slack"), self.clock())
                    case "no zone":
                        await tx.keep(replace(person, zone_by="presumed", chat="new"))
                    case "nowhere":
                        await tx.keep(replace(person, zone_by="presumed", school="", chat="new"))
                    case "lost on slack":
                        self.second.lost.add(person.id)
                    case _:
                        raise AssertionError(f"nothing is known of {so!r}")

    async def bring(self, text: str) -> str:
        """The sample school's line of a file, with these words in its column of closed days: what is told of it."""
        told: list[str] = []
        there = msgspec.structs.astuple(demo.SCHOOL.contacts or Contacts("", "", "", ""))
        quoted = '","'.join(there)
        file = (
            "school,time zone,closed days,safeguarding contact,support contact,emergency number,crisis line\n"
            f'"{demo.SCHOOL.name}",{demo.ZONE},{text},"{quoted}"\n'
        )
        await bring(
            self.store, "school", file.encode(), organization=demo.ORGANIZATION, now=self.clock(),
            agreed=lambda: True, say=told.append, clock=self.clock(),
        )  # fmt: skip
        return " / ".join(" ".join(line.split()) for line in told)

    async def move(self, text: str) -> None:
        if ":" in text:
            await self.until(time.fromisoformat(text))
            return
        if text == "minute":
            self.clock.move(self.clock() + timedelta(minutes=1, seconds=1))
            return
        by, _, whose = text.partition(" of ")
        async for _ in self.house.move(by, self.people[whose or "ana"].id):
            pass

    async def until(self, at: time) -> None:
        """That time of the day, today or tomorrow, on the school's wall."""
        here = self.clock().astimezone(ZoneInfo(demo.ZONE))
        target = datetime.combine(here.date(), at, here.tzinfo)
        target += timedelta(days=1) if target <= here else timedelta()
        while self.clock() + timedelta(hours=1) < target:
            async for _ in self.house.move("hour", demo.SAM.id):
                pass
        self.clock.move(target)

    def account(self, who: str) -> Account:
        """`zoe` and `zoe@slack` may be nobody we know."""
        handle, _, second = who.partition("@")
        if second:
            return Account(platform="slack", team=SLACK, user=f"U-{handle}", channel=f"D-{handle}", name=handle.title())
        return Account(platform="web", team=demo.TEAM, user=self.people[who].id if who in self.people else who)

    def event(self, who: str, text: str, key: str) -> FromPlatform:
        by = self.account(who)
        if text == PICTURE:
            return Said(key=key, by=by, text="", files=True)
        if text.startswith("["):
            label, _, rest = text[1:].partition("]")
            return self.press(who, label, dict(inputs(rest)), key, by)
        if text.startswith("(form)"):
            form = self.opened[who][-1]
            return Submitted(
                key=key, by=by, thread=form.thread, version=form.version, verb=form.verb,
                fields=_filled(form) | {name: self.named(value) for name, value in inputs(text)},
            )  # fmt: skip
        if text.startswith("/"):
            command, _, rest = text[1:].partition(" ")
            return Commanded(key=key, by=by, command=command, text=rest)
        if text.startswith("(changes)"):
            return Edited(key=key, by=by, message=self.last[who], text=text.removeprefix("(changes)").strip())
        if text == "(leaves)":
            return Left(key=key, by=by)
        if text == "(deletes)":
            return Removed(key=key, by=by, message=self.last[who])
        self.last[who] = f"message:{key}"
        return Said(key=key, by=by, text=text, message=self.last[who])

    def named(self, value: str) -> str:
        """`@sam` in a form is whoever has that handle, as a list of people has them."""
        known = self.people.get(value[1:]) if value.startswith("@") else None
        return known.id if known else value

    def press(self, who: str, label: str, inputs: dict[str, str], key: str, by: Account) -> Pressed:
        """The newest card with a button of that label; a label with a * before it is looked for from the oldest."""
        cards = self.shown[who] if label.startswith("*") else self.shown[who][::-1]
        label = label.removeprefix("*")
        for card in cards:
            for block in card.blocks:
                for button in block.row if isinstance(block, Buttons) else ():
                    if button.label == label:
                        chosen = {b.name: b.chosen for b in card.blocks if isinstance(b, Choices)}
                        return Pressed(
                            key=key, by=by, thread=card.thread, version=card.version, verb=button.verb,
                            value=button.value, inputs=chosen | inputs,
                        )  # fmt: skip
        shown = [_flat(plain(card)) for card in self.shown[who][-3:]]
        raise AssertionError(f"{who} has no button [{label}]; the last cards are {shown}")

    def answered(self, who: str, answer: Answer) -> list[tuple[str, str]]:
        match answer:
            case OnlyYou(card) | Replace(card):
                return [self.told(who, card)]
            case Open(form):
                self.opened[who].append(form)
                return [(who, "form: " + _flat(plain(form)))]
            case Wrong(errors):
                return [(who, "wrong: " + " ".join(f"{name}: {text}" for name, text in sorted(errors.items())))]
            case Nothing():
                return []


async def play(stage: Stage, path: Path) -> None:
    """Each line is done, then done again with the same key: the second time changes nothing."""
    said: list[tuple[str, str]] = []
    for line in read(path):
        where = f"{path.name}:{line.number}"
        if line.out:
            assert said, f"{where}: nothing more was said; wanted {line.who}: {line.text}"
            who, text = _take(said, line.who)
            for piece in line.text.split(" … "):
                told = f"{where}: wanted {line.who}: {piece}\n  was {who}: {text}"
                assert who == line.who, told
                assert piece in text, told
            continue
        assert not said, f"{where}: not foreseen: {said}"
        key = stage.key()
        text = line.text.replace("CODE", stage.code)
        event = None if line.who in NOBODY else stage.event(line.who, text, key)
        answer, said = await stage.act(line.who, text, key)
        if event is not None:
            assert await stage.engine.handle(event) == answer, f"{where}: the second answer differs"
            again = await stage.settle()
            assert again == [], f"{where}: said again when repeated: {again}"
    assert not said, f"{path.name}: not foreseen at the end: {said}"


def _take(said: list[tuple[str, str]], who: str) -> tuple[str, str]:
    """The next thing said to that person: two people are told independently of each other."""
    for n, (handle, _) in enumerate(said):
        if handle == who:
            return said.pop(n)
    return said.pop(0)


def _flat(text: str) -> str:
    return " / ".join(text.splitlines())


def inputs(text: str) -> Iterator[tuple[str, str]]:
    for name, value in _INPUT.findall(text):
        yield name, value.strip('"')


def _filled(form: Form) -> dict[str, str]:
    """What stands in the boxes when it opens."""
    values = {field.name: field.value for field in form.fields}
    return {name: value if isinstance(value, str) else value.text for name, value in values.items()}


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text)
