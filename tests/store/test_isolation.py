"""One organization's transaction, asked about everything of another: it sees nothing and changes nothing."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.cadence import Lately
from bot.cards import NOTHING
from bot.linking import Linking
from bot.records import Calendar, Record
from bot.store import Conflict, Planned, Store, Thread, Tx
from bot.store.lanes import occurrence
from tests.store.filled import AT, DAY, HOUR, House, fill, in_hand, rows_of

Call = Callable[[Tx, House], Awaitable[Any]]

KINDS = (
    ("reflection", "reflection"),
    ("next_step", "step"),
    ("asked", "asked"),
    ("slot", "slot"),
    ("subscription", "subscription"),
)

READERS: dict[str, tuple[Call, Any]] = {
    "told": (lambda tx, b: tx.told(b.of("key")), NOTHING),
    "recent_command": (lambda tx, b: tx.recent_command(b.of("coach"), "coteach", "ana tue", AT - HOUR), None),
    "thread": (lambda tx, b: tx.thread(b.of("thread")), None),
    "listening": (lambda tx, b: tx.listening(b.of("teacher")), ()),
    "person_of": (lambda tx, b: tx.person_of(b.account("teacher")), None),
    "of_email": (lambda tx, b: tx.of_email("slack", f"teacher@{b.id}.example"), None),
    "account_of": (lambda tx, b: tx.account_of(b.of("teacher")), None),
    "person": (lambda tx, b: tx.person(b.of("teacher")), None),
    "people": (lambda tx, b: tx.people([b.of("teacher"), b.of("coach")]), {}),
    "lock": (lambda tx, b: tx.lock([b.of("teacher")]), None),
    "named": (
        lambda tx, b: tx.named({b.of("teacher"), "b"}, {b.of("U-teacher")}, "slack", b.of("team")),
        ({}, {}),
    ),
    "school": (lambda tx, b: tx.school(b.of("school")), None),
    "schools": (lambda tx, b: tx.schools([b.of("school")]), {}),
    "partners": (lambda tx, b: tx.partners(b.teacher), ()),
    "get": (lambda tx, b: _all(tx.get(kind, b.of(which)) for kind, which in KINDS), [None] * 5),
    "step_history": (lambda tx, b: tx.step_history(b.of("step")), ()),
    "recent_steps": (lambda tx, b: tx.recent_steps(b.of("teacher")), ()),
    "reflections": (lambda tx, b: tx.reflections(b.of("teacher")), ()),
    "asked": (lambda tx, b: tx.asked(b.of("teacher"), AT - HOUR), ()),
    "answered": (lambda tx, b: tx.answered(b.of("teacher")), 0),
    "team_asked": (lambda tx, b: tx.team_asked(b.of("teacher"), AT - HOUR), frozenset()),
    "busy": (lambda tx, b: tx.busy([b.of("teacher"), b.of("coach")], AT - HOUR), {}),
    "calendar": (lambda tx, b: tx.calendar(b.of("teacher")), Calendar(person="b-teacher", organization="a")),
    "feed_secret": (lambda tx, b: tx.feed_secret(b.of("teacher")), ""),
    "coming": (lambda tx, b: tx.coming(b.of("teacher"), AT), ()),
    "slots_of": (lambda tx, b: tx.slots_of(b.of("teacher")), ()),
    "slots_booked": (lambda tx, b: tx.slots_booked([b.of("teacher")], AT - HOUR), ()),
    "subscriptions": (lambda tx, b: tx.subscriptions(b.of("teacher")), ()),
    "subscription": (lambda tx, b: tx.subscription(b.of("subscription")), None),
    "away": (lambda tx, b: tx.away([b.of("teacher")], AT), {}),
    "slots": (lambda tx, b: tx.slots(b.of("thread")), ()),
    "planned": (lambda tx, b: tx.planned(b.of("teacher"), "checkin"), None),
    "standing": (lambda tx, b: tx.standing(b.of("thread"), b.of("coach"), "card", waits=True), (None,)),
    "accounts": (lambda tx, b: tx.accounts(b.of("teacher")), ()),
    "holder": (lambda tx, b: tx.holder(b.account("teacher")), ""),
    "guess": (lambda tx, b: tx.guess(b.account("stranger", "web"), "", b.code, AT), Linking("unknown")),
    "said_on": (lambda tx, b: tx.said_on(b.of("coach"), ""), None),
    "newest": (lambda tx, b: tx.newest(b.of("parcel"), b.of("coach")), None),
    "lately": (lambda tx, b: tx.lately([b.of("coach")], AT), {"b-coach": Lately()}),
    "had_checkin": (lambda tx, b: tx.had_checkin(b.of("teacher"), AT.date()), None),
    "card": (lambda tx, b: tx.card(b.of("parcel")), None),
    "remarks": (lambda tx, b: tx.remarks(b.of("coach")), ()),
    "token": (lambda tx, b: tx.token("slack", b.of("team")), None),
    "own": (lambda tx, b: tx.own(b.of("teacher")), ()),
    "mirrors": (lambda tx, b: tx.mirrors([b.of("teacher")]), ()),
    "showings": (lambda tx, b: tx.showings(b.of("teacher")), ()),
    "sources": (lambda tx, b: tx.sources(b.of("message"), b.of("teacher")), ()),
    "read_on_visits": (lambda tx, b: tx.read_on_visits(b.of("teacher")), ()),
    "partnerships": (lambda tx, b: tx.partnerships(b.of("teacher")), ()),
    "visits": (lambda tx, b: tx.visits(b.of("teacher")), ()),
    "copies": (lambda tx, b: tx.copies(b.of("teacher"), ()), ()),
    "threads_of": (lambda tx, b: tx.threads_of(b.of("teacher"), ("reflection",)), ()),
    "shown_to": (lambda tx, b: tx.shown_to(b.of("coach")), ()),
    "last_said": (lambda tx, b: tx.last_said(b.of("thread"), b.of("coach")), None),
}
# These take no id, and tell of the transaction's own organization.
OWN: dict[str, Call] = {
    "everybody": lambda tx, b: tx.everybody(),
    "handles": lambda tx, b: tx.handles(),
    "questions": lambda tx, b: tx.questions("en"),
    "on_platform": lambda tx, b: tx.on_platform("slack"),
    "stored_clock": lambda tx, b: tx.stored_clock(),
    "homes": lambda tx, b: tx.homes(),
    "awaited": lambda tx, b: tx.awaited("web", 5),
    "parting": lambda tx, b: tx.parting(),
}


async def _all(asked: Iterable[Awaitable[object]]) -> list[object]:
    return [await one for one in asked]


def _keep(record: Callable[[House], Record]) -> Call:
    return lambda tx, b: tx.keep(record(b))


def _drop(kind: str, which: str) -> Call:
    return lambda tx, b: tx.drop(kind, b.of(which))


def _post(tx: Tx, b: House) -> Awaitable[None]:
    return tx.post(
        key=b.of("parcel"), person=b.of("coach"), kind="revise", name="card", thread=b.of("thread"), card=b.card(),
        at=AT, expires_at=None, priority=1, revises_key=b.of("parcel"),
    )  # fmt: skip


def _hand_back(tx: Tx, b: House) -> Awaitable[None]:
    return tx.hand_back(in_hand(b), "", AT, anew=True)


WRITERS: dict[str, list[Call]] = {
    "first": [lambda tx, b: tx.first(b.of("key"), AT)],
    "remember": [lambda tx, b: tx.remember(b.of("key"), b.answer())],
    "note_command": [lambda tx, b: tx.note_command(b.of("key"), b.of("teacher"), "x", "y")],
    "put_thread": [
        lambda tx, b: tx.put_thread(Thread(b.of("thread"), "house", {}, 1, ()), 0, AT),
        lambda tx, b: tx.put_thread(Thread(b.of("thread"), "house", {}, 2, ()), 1, AT),
    ],
    "hear": [
        lambda tx, b: tx.hear(b.of("thread"), (b.of("coach"),), AT),
        lambda tx, b: tx.hear(b.of("thread"), (), AT),
    ],
    "keep": [
        _keep(lambda b: b.person("teacher", "coach", "Somebody Else")),
        _keep(lambda b: b.pair),
        _keep(lambda b: b.reflection()),
        _keep(lambda b: b.step()),
        _keep(lambda b: b.asked),
        _keep(lambda b: b.question),
        _keep(lambda b: b.calendar),
        _keep(lambda b: b.subscription()),
        _keep(lambda b: b.showing),
        _keep(lambda b: b.slot(status="cancelled")),
        _keep(lambda b: b.slot(start=AT + HOUR)),
        _keep(lambda b: b.person("stranger")),
    ],
    "looked": [lambda tx, b: tx.looked(b.of("subscription"), AT, fault="away")],
    "took": [lambda tx, b: tx.took(b.of("subscription"), b.of("teacher"), [], AT)],
    "drop": [_drop(kind, which) for kind, which in KINDS],
    "save_school": [lambda tx, b: tx.save_school(b.school)],
    "add_account": [lambda tx, b: tx.add_account(b.of("teacher"), b.account("else"), "x@y.example")],
    "touch_account": [lambda tx, b: tx.touch_account(b.of("teacher"), b.account("else"), AT + HOUR)],
    "mark_account": [lambda tx, b: tx.mark_account(b.of("teacher"), "slack", "gone")],
    "leave_lane": [lambda tx, b: tx.leave_lane(b.of("coach"), "slack")],
    "shut_out": [
        lambda tx, b: tx.shut_out("slack", b.of("team"), "uninstalled", AT + HOUR),
        lambda tx, b: tx.shut_out("slack", b.of("team"), "token_revoked", AT + HOUR, told=False),
    ],
    "back": [lambda tx, b: tx.back("slack", b.of("team"), AT), lambda tx, b: tx.back("slack", "*", AT)],
    "expect": [lambda tx, b: tx.expect("slack", b.of("team"))],
    "claim": [lambda tx, b: tx.claim("teams", b.of("team"), "b", None, at=AT, by="")],
    "let_out": [lambda tx, b: tx.let_out("slack", b.of("team"))],
    "part": [lambda tx, b: tx.part(AT + 99 * DAY, AT + 60 * DAY)],
    "clear": [lambda tx, b: tx.clear(1_000)],
    "note": [lambda tx, b: tx.note("erased", AT, who="beside", about="slack:T1")],
    "join": [lambda tx, b: tx.join(b.of("teacher"), b.account("stranger", "web"))],
    "let_go": [lambda tx, b: tx.let_go(b.of("teacher"), "slack")],
    "draw_code": [lambda tx, b: tx.draw_code(b.account("teacher"), b.of("teacher"), AT)],
    "hand_back": [_hand_back],
    "keep_channel": [lambda tx, b: tx.keep_channel(b.of("teacher"), "slack", "D-else")],
    "plan": [
        lambda tx, b: tx.plan(key=b.of("plan"), person=b.of("teacher"), topic="checkin", at=AT + HOUR, day=AT.date()),
        lambda tx, b: tx.plan(key=b.of("own"), person=b.of("teacher"), topic="checkin", at=AT + HOUR, day=AT.date()),
    ],
    "plan_all": [
        lambda tx, b: tx.plan_all([Planned(b.of("plan"), b.of("teacher"), "checkin", AT + HOUR, AT.date())]),
    ],
    "unplan": [lambda tx, b: tx.unplan(b.of("teacher"), "checkin")],
    "wake": [lambda tx, b: tx.wake(b.of("teacher"), "checkin", AT - HOUR)],
    "post": [_post],
    "contacted": [lambda tx, b: tx.contacted(b.of("parcel"), b.of("coach"), "nudge", AT + 30 * DAY)],
    "heard_from": [lambda tx, b: tx.heard_from(b.of("coach"), AT)],
    "zone_rules": [lambda tx, b: tx.zone_rules("others")],
    "finish_due": [lambda tx, b: tx.finish_due(b.of("parcel"))],
    "remark": [lambda tx, b: tx.remark(b.remark())],
    "clear_remarks": [lambda tx, b: tx.clear_remarks()],
    "set_clock": [lambda tx, b: tx.set_clock(AT + HOUR)],
    "found": [lambda tx, b: tx.found("Another name")],
    "forget": [
        lambda tx, b: tx.forget(b.of("teacher")),
        lambda tx, b: tx.forget(b.of("teacher"), own=("reflection",), at=AT),
    ],
    "reword": [lambda tx, b: tx.reword(b.of("parcel"), b.card("other"))],
    "hand": [lambda tx, b: tx.hand(b.of("parcel"), b.of("coach"), AT)],
    "hand_out": [lambda tx, b: tx.hand_out(b.of("secret"), b.of("teacher"), AT + 2 * HOUR, AT + 2 * HOUR)],
    "take_out": [lambda tx, b: tx.take_out(b.of("secret"), "json", AT)],
    "came_from": [lambda tx, b: tx.came_from(b.of("message"), b.of("coach"), b.of("thread"), AT)],
    "made_by": [lambda tx, b: tx.made_by(b.of("message"), b.of("coach"), b.of("thread"), b.reflection(), None, AT)],
    "open_home": [lambda tx, b: tx.open_home(b.of("teacher"), "slack", AT + DAY)],
    "redraw_homes": [lambda tx, b: tx.redraw_homes("key", [b.of("teacher"), b.of("coach")], AT)],
    "erase_all": [lambda tx, b: tx.erase_all()],
}
# `install` says itself whose a workspace is; `file_seal` is made with the transaction's own key. Both have tests below.
DIRECTORY = {"install", "file_seal"}


async def checked_in(store: Store, house: House) -> None:
    """The teacher's check-in of today is on its way."""
    key = occurrence(house.of("teacher"), "checkin", AT.date().isoformat())
    async with store.begin(house.id) as tx:
        await tx.post(
            key=key, person=house.of("teacher"), kind="say", name="card", thread=house.of("thread"), card=house.card(),
            at=AT, expires_at=None, priority=1,
        )  # fmt: skip


def test_the_matrix_knows_every_method_of_a_transaction() -> None:
    public = {name for name, _ in inspect.getmembers(Tx, inspect.iscoroutinefunction) if not name.startswith("_")}
    assert {*READERS, *OWN, *WRITERS} | DIRECTORY == public


@pytest.mark.req("ROOM-1")
async def test_no_reader_finds_anything_of_another_organization(store: Store) -> None:
    await fill(store, "a")
    b = await fill(store, "b")
    await checked_in(store, b)
    for name, (call, nothing) in READERS.items():
        async with store.begin("a") as tx:
            assert await call(tx, b) == nothing, name
    async with store.begin("b") as tx:
        for name, (call, nothing) in READERS.items():
            assert name in {"lock", "team_asked", "mirrors"} or await call(tx, b) != nothing, f"{name} is asked in vain"


@pytest.mark.req("ROOM-1")
async def test_what_is_asked_without_an_id_tells_of_its_own_organization_alone(store: Store) -> None:
    b = await fill(store, "b")
    async with store.begin("a") as tx:
        for name, call in OWN.items():
            assert not await call(tx, b), name


@pytest.mark.req("ROOM-1")
async def test_no_writer_changes_anything_of_another_organization(store: Store) -> None:
    await fill(store, "a")
    b = await fill(store, "b")
    before = await rows_of(store, "b")
    assert all(before.values()), f"not filled: {[name for name, rows in before.items() if not rows]}"
    for name, calls in WRITERS.items():
        for n, call in enumerate(calls):
            try:
                async with store.begin("a") as tx:
                    await call(tx, b)
            except (Conflict, LookupError, IntegrityError):
                pass
            assert await rows_of(store, "b") == before, f"{name} {n}"


async def test_what_a_drainer_holds_is_handed_back_by_its_own_organization_alone(store: Store) -> None:
    await fill(store, "b")
    async with store.clock() as clock:
        (lane,) = await clock.ready_lanes(AT)
        held = (await clock.lease([lane], "me", AT + HOUR, AT))[lane]
        taken = (await clock.take({lane: held.fence}, "me", AT, AT + HOUR))[lane]
    assert taken is not None
    before = await rows_of(store, "b")
    async with store.begin("a") as tx:
        await tx.hand_back(taken, "moved", AT)
    assert await rows_of(store, "b") == before
    async with store.begin("b") as tx:
        await tx.hand_back(taken, "moved", AT)
    assert await rows_of(store, "b") != before


async def test_a_person_is_kept_where_the_transaction_is_and_not_where_the_record_says(store: Store) -> None:
    b = await fill(store, "b")
    async with store.begin("a") as tx:
        await tx.keep(b.person("stranger"))
    async with store.begin("b") as tx:
        assert await tx.person(b.of("stranger")) is None


async def test_people_of_two_organizations_with_one_id_have_two_keys(store: Store) -> None:
    a, b = await fill(store, "a"), await fill(store, "b")
    async with store.begin("a") as tx:
        await tx.put_thread(Thread("shared", "house", b.thread().state, 1, ()), 0, AT)
        await tx.forget(b.of("teacher"))
    async with store.begin("b") as tx:
        assert await tx.get("reflection", b.of("reflection")) == b.reflection()
    async with store.begin("a") as tx:
        shared = await tx.thread("shared")
        assert shared is not None
        assert shared.state["draft"]["text"] == ""
        assert await tx.get("reflection", a.of("reflection")) == a.reflection()


async def test_a_workspace_that_another_organization_takes_over_leaves_its_token_and_its_lane_behind(
    store: Store,
) -> None:
    a = await fill(store, "a")
    assert await store.organization_of("slack", a.of("team")) == "a"
    await store.install("b", "slack", a.of("team"), "Slack", token="of b")
    assert await store.organization_of("slack", a.of("team")) == "b"
    assert await store.token("a", "slack", a.of("team")) is None
    assert await store.token("b", "slack", a.of("team")) == "of b"
    async with store.begin("b") as tx:
        await tx.keep(a.person("new"))
        await tx.add_account(a.of("new"), a.account("new"))
        await tx.post(
            key="hello", person=a.of("new"), kind="say", name="", thread="", card=a.card(), at=AT, expires_at=None,
            priority=1,
        )  # fmt: skip
    await store.erase("a")
    async with store.clock() as clock:
        (lane,) = await clock.ready_lanes(AT)
        held = (await clock.lease([lane], "me", AT + HOUR, AT))[lane]
        taken = (await clock.take({lane: held.fence}, "me", AT, AT + HOUR))[lane]
        assert taken is not None
        assert (taken.key, taken.organization) == ("hello", "b")


async def test_an_installation_of_a_whole_platform_is_found_where_no_team_is_named(store: Store) -> None:
    await store.install("a", "slack", "*")
    await store.install("b", "slack", "T-b")
    assert await store.organization_of("slack", "T-any") == "a"
    assert await store.organization_of("slack", "T-b") == "b"
    assert await store.organization_of("teams", "T-any") is None


async def test_a_links_seal_of_one_organization_is_none_of_another(store: Store) -> None:
    b = await fill(store, "b")
    await fill(store, "a")
    seals = []
    for organization in ("a", "b"):
        async with store.begin(organization) as tx:
            seals.append(await tx.file_seal(b.of("teacher"), b.of("slot")))
    assert seals[0] != seals[1]
