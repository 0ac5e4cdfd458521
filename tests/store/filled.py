"""Organizations with a row in every table, and what can be asked of raw rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select, update

from bot.cards import Card, Exact, OnlyYou, Quote, Text
from bot.events import Account
from bot.platform import Remark
from bot.records import (
    Asked,
    Busy,
    Calendar,
    NextStep,
    Own,
    Partnership,
    Person,
    Question,
    Reflection,
    Role,
    School,
    Showing,
    Slot,
    Subscription,
)
from bot.store import Store, Taken, Thread, Tx
from bot.store import tables as t
from bot.store.tables import metadata

AT = datetime(2026, 10, 13, 13, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class House(Struct, frozen=True):
    """One organization's ids; `canary` begins every word that its people wrote."""

    id: str
    code: str = ""

    def of(self, what: str) -> str:
        return f"{self.id}-{what}"

    def canary(self, place: str, by: str = "teacher") -> Own:
        return Own(f"canary {self.id} {place} by the {by} ünï", self.of(by))

    @property
    def coach(self) -> Person:
        return self.person("coach", "coach")

    @property
    def teacher(self) -> Person:
        return self.person("teacher")

    def person(self, handle: str, role: Role = "teacher", name: str = "") -> Person:
        return Person(
            id=self.of(handle), organization=self.id, handle=self.of(handle), role=role, school=self.of("school"),
            name=name or f"{handle.title()} {self.id}", zone="America/New_York", chat="on",
        )  # fmt: skip

    @property
    def school(self) -> School:
        return School(id=self.of("school"), organization=self.id, name=f"School {self.id}", zone="America/New_York")

    @property
    def pair(self) -> Partnership:
        return Partnership(
            id=self.of("pair"), organization=self.id, coach=self.of("coach"), teacher=self.of("teacher"), since=AT
        )

    def account(self, who: str, platform: str = "slack") -> Account:
        return Account(platform=platform, team=self.of("team"), user=self.of(f"U-{who}"), channel=self.of(f"D-{who}"))

    def reflection(self, n: str = "", thread: str = "thread") -> Reflection:
        return Reflection(
            id=self.of(f"reflection{n}"), organization=self.id, person=self.of("teacher"), thread=self.of(thread),
            at=AT, stem="wr-ped-01", question="What went well?", words=self.canary(f"reflection{n}"),
            about=self.canary(f"about{n}"),
        )  # fmt: skip

    def step(self, n: str = "") -> NextStep:
        return NextStep(
            id=self.of(f"step{n}"), organization=self.id, person=self.of("teacher"), thread=self.of("thread"), at=AT,
            words=self.canary(f"step{n}"), how_we_know=self.canary(f"how{n}"),
        )  # fmt: skip

    @property
    def asked(self) -> Asked:
        return Asked(
            id=self.of("asked"), organization=self.id, person=self.of("teacher"), at=AT, stem="wr-ped-01", focus="talk"
        )

    @property
    def showing(self) -> Showing:
        return Showing(
            id=self.of("showing"), organization=self.id, person=self.of("teacher"), reader=self.of("coach"),
            way="shared", kind="reflection", record=self.of("reflection"), at=AT, thread=self.of("thread"),
            name="card",
        )  # fmt: skip

    def slot(self, n: str = "", **more: object) -> Slot:
        one = Slot(
            id=self.of(f"slot{n}"), organization=self.id, thread=self.of("thread"), coach=self.of("coach"),
            teacher=self.of("teacher"), proposer=self.of("coach"), start=AT, minutes=45, status="confirmed",
            focus_question=self.canary(f"focus{n}"), listen_to=self.canary(f"listen{n}", "coach"),
        )  # fmt: skip
        return replace(one, **more)

    @property
    def question(self) -> Question:
        return Question(
            id=self.of("question"), organization=self.id, by=self.of("coach"), language="en", at=AT, status="active",
            stem=Own(f"canary {self.id} question", self.id),
        )  # fmt: skip

    @property
    def calendar(self) -> Calendar:
        return Calendar(
            person=self.of("teacher"), organization=self.id, feed=True, turn=1, question=True,
            mail=self.canary("mail"),
        )  # fmt: skip

    def subscription(self, n: str = "") -> Subscription:
        return Subscription(
            id=self.of(f"subscription{n}"), organization=self.id, person=self.of("teacher"),
            address=self.canary(f"address{n}"), host="calendar.example",
        )  # fmt: skip

    @property
    def busy(self) -> Busy:
        return Busy(AT + DAY, AT + DAY + HOUR)

    def thread(self, version: int = 1, place: str = "state") -> Thread:
        state = {"draft": {"type": "own", "by": self.of("teacher"), "text": self.canary(place).text}, "turn": version}
        return Thread(self.of("thread"), "reflection", state, version, (self.of("coach"), self.of("teacher")))

    def card(self, place: str = "card") -> Card:
        return Card(blocks=(Text(("You said ", self.canary(place))), Exact((self.canary(f"{place}-exact"),))))

    def answer(self) -> OnlyYou:
        return OnlyYou(Card(blocks=(Quote(self.canary("answer")),)))

    def remark(self) -> Remark:
        return Remark(
            key=self.of("remark"), person=self.of("coach"), at=AT, kind="card", card=self.card("remark"),
            words=self.canary("typed", "coach"),
        )  # fmt: skip


async def fill(store: Store, id: str) -> House:
    """A row of this organization in every table, words in every place where words can stand."""
    house = House(id)
    await store.create_organization(id, f"Organization {id}")
    await store.install(id, "slack", house.of("team"), "Slack", token=f"canary token {id}")
    async with store.begin(id) as tx:
        await tx.save_school(house.school)
        for who in (house.coach, house.teacher):
            handle = who.handle.removeprefix(f"{id}-")
            await tx.keep(who)
            await tx.add_account(who.id, house.account(handle), email=f"{handle}@{id}.example")
            await tx.touch_account(who.id, house.account(handle), AT)
            await tx.open_home(who.id, "slack", AT)
        await tx.keep(house.pair)
        assert await tx.first(house.of("key"), AT) is None
        await tx.note_command(house.of("key"), house.of("coach"), "coteach", "ana tue")
        await tx.put_thread(house.thread(), 0, AT)
        await tx.hear(house.of("thread"), (house.of("teacher"),), AT)
        for record in (
            house.reflection(),
            house.step(),
            house.asked,
            house.slot(),
            house.question,
            house.showing,
            house.calendar,
            house.subscription(),
        ):
            await tx.keep(record)
        await tx.took(house.of("subscription"), house.of("teacher"), [house.busy], AT + HOUR)
        await tx.came_from(house.of("message"), house.of("teacher"), house.of("thread"), AT)
        await tx.hand_out(house.of("secret"), house.of("teacher"), AT + HOUR, AT)
        await tx.plan(key=house.of("plan"), person=house.of("teacher"), topic="checkin", at=AT, day=AT.date())
        await say(store, house, "parcel", to="coach", tx=tx)
        await tx.contacted(house.of("parcel"), house.of("coach"), "invitation", AT)
        await tx.remark(house.remark())
        await tx.set_clock(AT)
        await tx.note("exported", AT, who="operator", about=house.of("teacher"))
        await tx.remember(house.of("key"), house.answer())
        code = await tx.draw_code(house.account("teacher"), house.of("teacher"), AT)
    return replace(house, code=code)


async def say(
    store: Store, house: House, key: str, *, to: str = "teacher", tx: Tx | None = None, **more: object
) -> None:
    """Post one parcel, in the transaction that is given or in its own."""
    values: dict[str, Any] = {
        "key": house.of(key), "person": house.of(to), "kind": "say", "name": "card", "thread": house.of("thread"),
        "card": house.card(key), "at": AT, "expires_at": None, "priority": 1,
    } | more  # fmt: skip
    if tx is not None:
        await tx.post(**values)
        return
    async with store.begin(house.id) as own:
        await own.post(**values)


def in_hand(house: House) -> Taken:
    """Its parcel, as the first drainer of its lane would hold it."""
    return Taken(
        number=1, key=house.of("parcel"), lane="", organization=house.id, kind="revise", person=house.of("coach"),
        attempts=1, fate="fresh", topic="", day=AT.date(), thread=house.of("thread"), fence=0, sealed=None, to=None,
        revises=None, since=None, expires_at=None,
    )  # fmt: skip


async def rows_of(store: Store, organization: str) -> dict[str, list[str]]:
    """Everything that stands in the database of this organization, as it stands there."""
    found = {}
    async with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            column = table.c.id if table is t.organization else table.c.organization_id
            rows = await connection.execute(select(table).where(column == organization))
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found


async def cell(store: Store, table: str, column: str, **where: str) -> Any:  # noqa: ANN401 - whatever stands there
    """One raw value."""
    c = metadata.tables[table].c
    async with store.engine.connect() as connection:
        return (await connection.execute(select(c[column]).where(*(c[n] == v for n, v in where.items())))).scalar_one()


async def put(store: Store, table: str, column: str, value: object, **where: str) -> None:
    """Write one raw value, as somebody with the database in their hands could."""
    c = metadata.tables[table].c
    changed = update(metadata.tables[table]).where(*(c[n] == v for n, v in where.items())).values({column: value})
    async with store.engine.begin() as connection:
        assert (await connection.execute(changed)).rowcount == 1


def bytes_of(url: str) -> bytes:
    """All that the disk has of an SQLite database."""
    file = Path(url.partition("///")[2])
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(file.name + "*")) if part.suffix != ".key")
