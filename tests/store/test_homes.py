"""Workspaces that let us in, show us out and let us in again: whose messages wait, rest and go out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.cards import Card, Text
from bot.events import Account
from bot.records import Partnership, Person, Role, School
from bot.store import Store, Tx
from bot.store import tables as t
from bot.store.homes import Home
from tests.store.filled import AT, HOUR

TEAM = "T1"


async def say_to(tx: Tx, person: str, key: str) -> None:
    await tx.post(
        key=key, person=person, kind="say", name="hello", thread="t", card=Card(blocks=(Text(("Hello.",)),)), at=AT,
        expires_at=None, priority=1,
    )  # fmt: skip


def member(handle: str, role: Role = "teacher") -> Person:
    return Person(
        id=handle, organization="a", handle=handle, name=handle.title(), role=role, school="a-s", zone="UTC"
    )  # fmt: skip


async def school(store: Store, organization: str = "a", team: str = TEAM) -> str:
    """A teacher on Slack in that workspace, with a rhythm and a message that waits."""
    who = f"{organization}-ana"
    await store.create_organization(organization, organization)
    await store.install(organization, "slack", team, "Lincoln", "xoxb-1", at=AT, by="U0")
    async with store.begin(organization) as tx:
        await tx.save_school(School(id=f"{organization}-s", organization=organization, name="L", zone="UTC"))
        person = Person(
            id=who, organization=organization, handle="ana", name="Ana", role="teacher", school=f"{organization}-s",
            zone="UTC", chat="on",
        )  # fmt: skip
        await tx.keep(person)
        await tx.add_account(who, Account(platform="slack", team=team, user=f"U-{who}"))
        await say_to(tx, who, f"{organization}-hello")
    return who


async def parcels(store: Store, organization: str = "a") -> list[tuple[str, str, str]]:
    o = t.outbox.c
    async with store.engine.connect() as connection:
        rows = await connection.execute(
            select(o.lane_id, o.state, o.last_error).where(o.organization_id == organization).order_by(o.number)
        )
        return [(row.lane_id, row.state, row.last_error) for row in rows]


async def test_what_waits_rests_with_its_reason_and_goes_out_when_we_are_let_in_again(store: Store) -> None:
    ana, other = await school(store), await school(store, "b", "T2")
    async with store.begin("a") as tx:
        await tx.shut_out("slack", TEAM, "uninstalled", AT + HOUR)
        assert await tx.account_of(ana) is None
        assert await tx.token("slack", TEAM) is None
        assert (await tx.homes())[0].gone == AT + HOUR
    assert await parcels(store) == [("a/slack:T1", "dead", "uninstalled")]
    assert await parcels(store, "b") == [("b/slack:T2", "ready", "")]
    assert await store.token("b", "slack", "T2") == "xoxb-1"
    await store.install("a", "slack", TEAM, "Lincoln", "xoxb-2", at=AT + 2 * HOUR, by="U9")
    async with store.begin("a") as tx:
        assert await tx.account_of(ana) == Account(platform="slack", team=TEAM, user=f"U-{ana}")
        assert await tx.token("slack", TEAM) == "xoxb-2"
        assert await tx.homes() == (
            Home(platform="slack", team=TEAM, name="Lincoln", installer="U9", since=AT + 2 * HOUR),
        )
        # Nobody asked her anything meanwhile; her rhythm goes on.
        planned = await tx.planned(ana, "checkin")
        assert planned is not None
        assert planned > AT + 2 * HOUR
    assert await parcels(store) == [("a/slack:T1", "ready", "")]
    async with store.begin("b") as tx:
        assert await tx.account_of(other) is not None


async def test_late_news_of_an_older_installation_change_nothing(store: Store) -> None:
    ana = await school(store)
    async with store.begin("a") as tx:
        await tx.shut_out("slack", TEAM, "uninstalled", AT - timedelta(seconds=1))
        assert await tx.account_of(ana) is not None
        assert await tx.token("slack", TEAM) == "xoxb-1"
    assert await parcels(store) == [("a/slack:T1", "ready", "")]


async def test_a_call_that_is_refused_rests_the_workspace_and_keeps_its_token(store: Store) -> None:
    ana = await school(store)
    async with store.begin("a") as tx:
        await tx.shut_out("slack", TEAM, "invalid_auth", AT + HOUR, told=False)
        assert await tx.account_of(ana) is None
        assert await tx.token("slack", TEAM) == "xoxb-1"
        await tx.back("slack", "*", AT + HOUR)
        assert await tx.account_of(ana) is not None
    assert await parcels(store) == [("a/slack:T1", "ready", "")]


async def test_who_is_elsewhere_too_is_written_to_there(store: Store) -> None:
    ana = await school(store)
    async with store.begin("a") as tx:
        await tx.add_account(ana, Account(platform="teams", team="tenant", user="29:ana"))
        await tx.shut_out("slack", TEAM, "uninstalled", AT + HOUR)
        account = await tx.account_of(ana)
        assert account is not None
        assert account.platform == "teams"
    assert await parcels(store) == [("a/teams:tenant", "ready", "")]


async def test_who_had_left_before_does_not_come_back_with_the_workspace(store: Store) -> None:
    ana = await school(store)
    async with store.begin("a") as tx:
        await tx.mark_account(ana, "slack", "left")
        await tx.shut_out("slack", TEAM, "uninstalled", AT + HOUR)
        await tx.back("slack", TEAM, AT + 2 * HOUR)
        assert await tx.account_of(ana) is None


async def test_a_first_meeting_that_could_not_be_is_had_after_all(store: Store) -> None:
    await school(store)
    async with store.begin("a") as tx:
        await tx.keep(member("ben"))
        await tx.keep(member("sam", "coach"))
        await tx.keep(Partnership(id="p", organization="a", coach="sam", teacher="ben", since=AT))
        await tx.add_account("ben", Account(platform="slack", team=TEAM, user="U-ben"))
        await tx.shut_out("slack", TEAM, "uninstalled", AT + HOUR)
        await tx.plan(key="ben:meeting:", person="ben", topic="meeting", at=AT, day=AT.date())
    async with store.engine.begin() as connection:
        await connection.execute(t.plan.update().where(t.plan.c.topic == "meeting").values(status="done"))
    async with store.begin("a") as tx:
        await tx.back("slack", TEAM, AT + 2 * HOUR)
        assert await tx.planned("ben", "meeting") == AT + 2 * HOUR


async def test_whoever_a_file_named_first_is_in_the_workspace_that_comes(store: Store) -> None:
    await store.create_organization("a", "a")
    async with store.begin("a") as tx:
        await tx.keep(
            Person(id="ana", organization="a", handle="ana", name="Ana", role="teacher", school="", zone="UTC")
        )
        await tx.add_account("ana", Account(platform="slack", team="*", user="U1"))
        await say_to(tx, "ana", "hello")
    assert await parcels(store) == [("a/slack:*", "ready", "")]
    await store.install("a", "slack", TEAM, "Lincoln", "xoxb-1", at=AT)
    assert await parcels(store) == [("a/slack:T1", "ready", "")]
    async with store.begin("a") as tx:
        account = await tx.account_of("ana")
        assert account is not None
        assert account.team == TEAM
        # And whoever is told later is so at once.
        await tx.keep(
            Person(id="ben", organization="a", handle="ben", name="Ben", role="teacher", school="", zone="UTC")
        )
        await tx.add_account("ben", Account(platform="slack", team="*", user="U2"))
        later = await tx.account_of("ben")
        assert later is not None
        assert later.team == TEAM


async def test_a_workspace_is_known_by_its_installation_or_by_who_was_heard_from_it(store: Store) -> None:
    await school(store)
    assert await store.home_of("slack", TEAM) == "a"
    assert await store.home_of("slack", "T9") is None
    assert await store.lodging(TEAM) == "a"
    assert await store.lodging("*") is None
    async with store.begin("a") as tx:
        await tx.let_out("slack", TEAM)
    assert await store.home_of("slack", TEAM) == "a"
