"""Who cannot be written to in one place is written to in the other: whatever dies meanwhile, nothing is lost."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.engine import Engine
from bot.outbox import Outbox
from bot.platform import File, Parcel, Platform, Receipt, Refused
from bot.store import ClockTx, Store, Tx
from bot.store import tables as t
from bot.vault import Keyring
from tests.store.filled import AT, House, say
from tests.store.test_parcels import looked_at

MOST = 60
Story = Callable[["Desk", "Mortal"], Awaitable[bool]]
# What waits for her, in this order.
ORDER = ("first", "second", "shown", "nudge")


class Died(Exception):
    """The process is no more: from here on nothing is written, and nobody is written to."""


class Life:
    """So many commits, and then it ends: before the next one, or just after it."""

    def __init__(self, commits: int = MOST * 10, *, after: bool = False) -> None:
        self.left = commits
        self.after = after
        self.over = False

    def goes_on(self) -> None:
        if self.over:
            raise Died

    def ends(self, *, committed: bool) -> None:
        self.goes_on()
        if committed:
            self.left -= 1
        self.over = self.left <= 0 and committed is self.after
        self.goes_on()


class Mortal(Store):
    life: Life = Life()

    @contextlib.asynccontextmanager
    async def begin(self, organization: str) -> AsyncIterator[Tx]:
        self.life.goes_on()
        async with super().begin(organization) as tx:
            yield tx
            self.life.ends(committed=False)
        self.life.ends(committed=True)

    @contextlib.asynccontextmanager
    async def clock(self) -> AsyncIterator[ClockTx]:
        self.life.goes_on()
        async with super().clock() as clock:
            yield clock
            self.life.ends(committed=False)
        self.life.ends(committed=True)


class Post:
    """Takes what it is given, or nothing from anybody; `said` outlives every process."""

    pace = None

    def __init__(self, name: str, life: Life, said: list[Parcel], *, gone: bool, looks_up: bool) -> None:
        self.name = name
        self.life = life
        self.said = said
        self.gone = gone
        self.looks_up = looks_up

    async def deliver(self, parcel: Parcel) -> Receipt:
        self.life.goes_on()
        if self.gone:
            raise Refused("blocked", gone=True)
        self.said.append(parcel)
        return Receipt("D", f"m-{parcel.key}")

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        raise Refused("no_files")

    async def unsay(self, said: Receipt) -> None:
        return None

    async def find(self, parcel: Parcel) -> Receipt | None:
        self.life.goes_on()
        return next((Receipt("D", f"m-{one.key}") for one in self.said if one.key == parcel.key), None)

    async def close(self) -> None:
        return None


async def mortal(url: str, keyring: Keyring) -> Mortal:
    opened = await Mortal.open(url, keyring)
    assert isinstance(opened, Mortal)
    return opened


class Desk:
    """Ana, in both places and heard last in `here`, where a card of hers stands; and what both have been given."""

    def __init__(self, store: Store, id: str, here: str) -> None:
        self.store = store
        self.house = House(id)
        self.ana = self.house.of("ana")
        self.here = here
        self.there = "teams" if here == "slack" else "slack"
        self.said: list[Parcel] = []

    async def fill(self) -> None:
        house = self.house
        await self.store.create_organization(house.id, house.id)
        async with self.store.begin(house.id) as tx:
            await tx.keep(house.person("ana"))
            for where in (self.there, self.here):
                await tx.add_account(self.ana, house.account("ana", where))
            await tx.touch_account(self.ana, house.account("ana", self.here), AT)
        await say(self.store, house, "stands", to="ana", name="stands")
        await self.live(self.store, Life())
        assert [one.to.platform for one in self.said] == [self.here]
        await say(self.store, house, "first", to="ana", name="first")
        await say(self.store, house, "second", to="ana", name="second")
        stands = house.of("stands")
        await say(self.store, house, "shown", to="ana", name="stands", kind="revise", revises_key=stands)
        await say(self.store, house, "nudge", to="ana", name="nudge", topic="checkin")

    async def live(self, store: Store, life: Life, *, blocked: bool = False, minutes: int = 0) -> None:
        """One process from its start to its end, or to its death."""
        clock = MovableClock(AT + timedelta(minutes=minutes))
        posts: dict[str, Platform] = {
            name: Post(name, life, self.said, gone=blocked and name == self.here, looks_up=name == "slack")
            for name in ("slack", "teams")
        }
        outbox = Outbox(store, Engine(store, clock), posts, clock)
        with contextlib.suppress(Died):
            for _ in range(4):
                await outbox.sweep()

    async def leaves(self) -> None:
        async with self.store.begin(self.house.id) as tx:
            await tx.mark_account(self.ana, self.here, "left")

    async def rest_is_said(self) -> None:
        """By those who come after: soon, and once more when what was in doubt has rested."""
        for minutes in (1, 30):
            await self.live(self.store, Life(), blocked=True, minutes=minutes)

    def came(self) -> list[str]:
        return [one.key.rpartition("-")[2] for one in self.said]

    async def states(self) -> dict[str, str]:
        o = t.outbox.c
        async with self.store.engine.connect() as connection:
            rows = await connection.execute(
                select(o.occurrence_key, o.state).where(o.organization_id == self.house.id).order_by(o.number)
            )
            return {row.occurrence_key.rpartition("-")[2]: row.state for row in rows}

    async def stands(self, key: str) -> Receipt | None:
        """Where its next form would be shown."""
        name = f"{key} again"
        revised = self.house.of(key)
        await say(self.store, self.house, name, to="ana", kind="revise", name=key, revises_key=revised)
        taken = await looked_at(self.store, self.house, name)
        assert taken.to is not None
        assert taken.to.platform == self.there
        return taken.revises


async def blocked(desk: Desk, dying: Mortal) -> bool:
    """A life in which she is written to where she has blocked it, and those after it; False where it did not end."""
    await desk.fill()
    await desk.live(dying, dying.life, blocked=True)
    if not dying.life.over:
        return False
    await desk.rest_is_said()
    came, states = desk.came(), await desk.states()
    # Nobody knows whether it came, and so it stands there to be seen and is not said again.
    unsure = {"nudge"} if states["nudge"] == "ambiguous" else set()
    known = [one for one in dict.fromkeys(came) if one not in unsure]
    assert known == ["stands", *(one for one in ORDER if one not in unsure)], states
    assert len(came) - len(set(came)) <= (desk.there == "teams"), came
    assert came.count("nudge") <= 1
    assert {states[one] for one in ("stands", *ORDER) if one not in unsure} == {"sent"}
    for key in ("first", "second", "shown"):
        assert await desk.stands(key) == Receipt("D", f"m-{desk.house.of(key)}"), key
    await desk.store.erase(desk.house.id)
    return True


async def left(desk: Desk, dying: Mortal) -> bool:
    """A life in which all is well; then she leaves, and those after it find what it had in its hands."""
    await desk.fill()
    await desk.live(dying, dying.life)
    if not dying.life.over:
        return False
    await desk.leaves()
    await desk.rest_is_said()
    came, states = desk.came(), await desk.states()
    unsure = {"nudge"} if states["nudge"] == "ambiguous" else set()
    assert {*came} >= {"stands", *ORDER} - unsure, states
    assert len(came) - len({*came}) <= 1, came
    assert came.count("nudge") <= 1
    lanes = {one.key.rpartition("-")[2]: one.to.platform for one in desk.said}
    for key in (one for one in ("first", "second") if lanes[one] == desk.there):
        assert await desk.stands(key) == Receipt("D", f"m-{desk.house.of(key)}"), key
    await desk.store.erase(desk.house.id)
    return True


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize(("story", "commits"), [(blocked, 3), (blocked, 4), (left, 3)])
async def test_a_death_around_a_move_to_the_other_place_loses_nothing(
    sqlite_store: Store, sqlite_url: str, keyring: Keyring, story: Story, commits: int
) -> None:
    dying = await mortal(sqlite_url, keyring)
    dying.life = Life(commits, after=True)
    assert await story(Desk(sqlite_store, "a", "teams"), dying)
    await dying.close()


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("after", [False, True], ids=["before a commit", "after a commit"])
@pytest.mark.parametrize("here", ["slack", "teams"])
@pytest.mark.parametrize("story", [blocked, left])
async def test_a_death_at_any_commit_of_a_move_loses_nothing(
    store: Store, database_url: str, keyring: Keyring, story: Story, here: str, after: bool
) -> None:
    dying = await mortal(database_url, keyring)
    for commits in range(after, MOST):
        dying.life = Life(commits, after=after)
        if not await story(Desk(store, f"{here}{commits}", here), dying):
            break
    assert 5 < commits < MOST - 1, "it died at every commit there is"
    await dying.close()


async def test_what_is_of_one_place_alone_stays_out_of_the_other_and_a_copy_of_everything_comes_there(
    store: Store,
) -> None:
    desk = Desk(store, "a", "slack")
    await desk.fill()
    async with store.begin("a") as tx:
        await tx.hand("a-copy", desk.ana, AT)
        await tx.open_home(desk.ana, "slack", AT)
        await tx.redraw_homes("a-key", {desk.ana}, AT)
    await desk.leaves()
    o = t.outbox.c
    async with store.engine.connect() as connection:
        rows = await connection.execute(select(o.kind, o.lane_id).where(o.state == "ready").order_by(o.number))
        left = [(row.kind, row.lane_id.partition("/")[2].partition(":")[0]) for row in rows]
    assert left == [("say", "teams")] * 4 + [("export", "teams")]
