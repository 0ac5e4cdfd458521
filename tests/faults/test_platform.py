"""A platform that fails in every way it knows: the parcel arrives later, once; or it is refused, once, for good."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select, update

from adapters.slack.send import CLOSED
from bot.store import tables as t
from tests.fakes.slack import Slack
from tests.faults.staff import HELLO, TEACHERS, Outcome, Staff, staff
from tests.support.ports import held

FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "429", "retry_after": 3}, {"kind": "429"}, {"kind": "500"}, {"kind": "502"},
    {"kind": "error", "error": "ratelimited"}, {"kind": "error", "error": "internal_error"},
    {"kind": "cut_before"}, {"kind": "cut_after"}, {"kind": "hang", "seconds": 1.0}, {"kind": "garbage"},
)  # fmt: skip
PERSON: Final = ("channel_not_found", "is_archived", "user_not_found", "user_disabled")


async def until(fact: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(240):
        while not await fact():  # noqa: ASYNC110 - nobody raises an event when a row changes
            await asyncio.sleep(0.05)


async def parcels(school: Staff, name: str) -> list[tuple[str, str, int]]:
    """State, last error and tries of what is for this person."""
    o, p = t.outbox.c, t.person.c
    of_them = o.person_id.in_(select(p.id).where(p.handle == name))
    rows = await school.rows.run(select(o.state, o.last_error, o.attempts).where(of_them, o.kind != "due"))
    return [(row[0], row[1], row[2]) for row in rows]


def tries(school: Staff, name: str) -> list[float]:
    """When each try to write to this person was made."""
    channel = school.user(name).channel.id
    return [one.at for one in school.slack.state.calls if (one.method, one.channel) == ("chat.postMessage", channel)]


@pytest.mark.req("KEEP-6")
async def test_whatever_fails_the_parcel_arrives_later_and_once(tmp_path: Path) -> None:
    async with staff(tmp_path) as school:
        await school.start()
        faults = [
            school.slack.fail(method="chat.postMessage", channel=school.user(name).channel.id, **fault)
            for name, fault in zip(TEACHERS, FAULTS, strict=True)
        ]
        for result in await asyncio.gather(*(school.say(name) for name in TEACHERS)):
            assert result.ok
        assert await school.settled()
        assert [fault.kind for fault in faults if fault.times] == []
        assert school.outcome() == Outcome()
        told = tries(school, TEACHERS[0])[0]
        following = min(at for name in TEACHERS for at in tries(school, name) if at > told)
        assert 3.0 <= following - told <= 100.0, "what Retry-After says holds for the whole workspace"


@pytest.mark.req("KEEP-7")
async def test_a_refusal_is_tried_once_and_others_go_on(tmp_path: Path) -> None:
    codes = dict(zip(TEACHERS, PERSON, strict=False))
    async with staff(tmp_path) as school:
        await school.start()
        for name, code in codes.items():
            channel = school.user(name).channel.id
            school.slack.fail("error", "chat.postMessage", channel=channel, times=None, error=code)
        await asyncio.gather(*(school.say(name) for name in codes))
        assert await school.settled()
        for name, code in codes.items():
            assert await parcels(school, name) == [("dead", code, 1)]
            # A conversation that is no more is opened anew, once.
            assert len(tries(school, name)) == (2 if code in CLOSED else 1)
        assert school.outcome() == Outcome(lost=list(codes))
        a, p = t.account.c, t.person.c
        gone = await school.rows.run(select(p.handle, a.gone).where(a.person_id == p.id, a.gone != ""))
        assert {row[0]: row[1] for row in gone} == codes
        school.slack.heal()
        await school.say("ana", "hello, I am back")
        assert await school.settled()
        assert sum(HELLO in one.shown for one in school.user("ana").messages()) == 1


@asynccontextmanager
async def passage() -> AsyncIterator[tuple[int, Callable[[Slack], Awaitable[None]]]]:
    """A port where nobody listens, until it is opened and leads to Slack."""
    lines: set[asyncio.Task[None]] = set()
    opened: list[asyncio.Server] = []

    async def open_to(slack: Slack) -> None:
        async def led(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", int(slack.url.rpartition(":")[2]))
            for one in (_poured(reader, back), _poured(there, writer)):
                lines.add(asyncio.create_task(one))

        opened.append(await asyncio.start_server(led, "127.0.0.1", port))

    with held() as port:
        try:
            yield port, open_to
        finally:
            for server in opened:
                server.close()
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, return_exceptions=True)


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    finally:
        writer.close()


@pytest.mark.req("KEEP-6")
async def test_a_slack_that_is_away_at_the_start_gets_its_parcels_when_it_is_back(tmp_path: Path) -> None:
    async with (
        passage() as (port, open_to),
        staff(tmp_path, BESIDE_SLACK_API_URL=f"http://127.0.0.1:{port}/api/") as school,
    ):
        await school.start()
        assert await school.server.ready()
        assert (await school.say("fay")).ok
        await school.bring_near("ana")

        async def tried() -> bool:
            return all([any(error for _, error, _ in await parcels(school, name)) for name in ("fay", "ana")])

        await until(tried)
        assert await school.server.ready()
        await open_to(school.slack)
        assert await school.settled()
        assert school.outcome() == Outcome()


async def test_a_parcel_that_cannot_be_opened_is_in_nobodys_way(tmp_path: Path) -> None:
    async with staff(tmp_path) as school:
        await school.start()
        school.slack.fail("429", "chat.postMessage", retry_after=3600)
        await school.say("ana")

        async def waiting() -> bool:
            return await parcels(school, "ana") == [("ready", "ratelimited", 1)]

        await until(waiting)
        # Its lane is put aside as it is given back, and is taken up by us only after that.
        assert await school.given_back()
        await school.rows.run(update(t.outbox).values(card="{", visible_at=0))
        await school.rows.run(update(t.lane).values(paused_until=None, ready_at=0))

        async def stumbled() -> bool:
            return (await parcels(school, "ana"))[0][2] == 2

        await until(stumbled)
        await school.say("fay")

        async def arrived() -> bool:
            return (await parcels(school, "fay"))[0][0] == "sent"

        await until(arrived)
        ((state, _, _),) = await parcels(school, "ana")
        assert state in {"ready", "sending"}, "it is tried again, and rests in between"
