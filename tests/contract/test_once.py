"""One parcel, one message: on every platform, from a real outbox on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.cards import Card, Text
from bot.clock import MovableClock
from bot.engine import Engine
from bot.events import Account
from bot.outbox import Outbox
from bot.records import Person
from bot.store import Store
from bot.vault import Keyring
from tests.contract.driver import NAMES, Seat, driver
from tests.store.filled import AT

ORGANIZATION = "lincoln"
FAR = timedelta(minutes=20)


class Post:
    """A house with one person, who sits in that seat, and an outbox of its own."""

    def __init__(self, store: Store, seat: Seat, person: str) -> None:
        self.store, self.seat, self.person = store, seat, person
        self.clock = MovableClock(AT)
        self.outbox = Outbox(store, Engine(store, self.clock), {seat.account.platform: seat.platform}, self.clock)

    async def put(self, key: str, words: str, revises: str | None = None) -> None:
        async with self.store.begin(ORGANIZATION) as tx:
            await tx.post(
                key=key, person=self.person, kind="revise" if revises else "say", name="card", thread="thread",
                card=Card(blocks=(Text((words,)),), thread="thread", version=2 if revises else 1), at=AT,
                expires_at=None, priority=1, revises_key=revises,
            )  # fmt: skip

    async def carry(self) -> None:
        """Everything goes out, and what was put off is tried again."""
        for _ in range(3):
            await self.outbox.sweep()
            self.clock.move(self.clock() + FAR)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, Keyring.of("k1"))
    yield opened
    await opened.close()


@pytest.fixture(params=NAMES)
async def post(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Post]:
    async with driver(request.param).seated() as seat:
        account: Account = seat.account
        ana = Person(
            id=account.user, organization=ORGANIZATION, handle="ana", role="teacher", school="", name="Ana",
            zone="America/New_York", chat="on",
        )  # fmt: skip
        await store.create_organization(ORGANIZATION, "Lincoln")
        await store.install(ORGANIZATION, account.platform, account.team, "Lincoln")
        async with store.begin(ORGANIZATION) as tx:
            await tx.keep(ana)
            await tx.add_account(ana.id, account)
        yield Post(store, seat, ana.id)


@pytest.mark.req("ONCE-1")
async def test_a_parcel_put_there_twice_is_sent_once(post: Post) -> None:
    for words in ("How did it go?", "How did it go?"):
        await post.put("due/1", words)
    await post.carry()
    await post.put("due/1", "How did it go?")
    await post.carry()
    assert post.seat.sees() == ["How did it go?"]


async def test_a_revision_stands_where_the_first_message_stood(post: Post) -> None:
    await post.put("due/1", "Would you like company?")
    await post.put("due/2", "Something else.")
    await post.carry()
    for _ in range(2):
        await post.put("due/3", "Booked.", revises="due/1")
        await post.carry()
    assert post.seat.sees() == ["Booked.", "Something else."]


@pytest.mark.req("KEEP-6")
async def test_what_may_have_arrived_ends_as_one_message_or_two_where_nobody_can_be_asked(post: Post) -> None:
    post.seat.cut()
    await post.put("due/1", "How did it go?")
    await post.carry()
    assert post.seat.sees() == ["How did it go?"] * (1 if post.seat.platform.looks_up else 2)
