"""`kill -9` while a person who has blocked one chat is written to in the other: nothing lost, and said once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from bot.store import tables as t
from tests.fakes import slack as slack_fake
from tests.fakes import teams as teams_fake
from tests.faults.crashing import MOVING
from tests.faults.staff import KILLED, Rows
from tests.faults.test_teams_kills import PROGRAM, often
from tests.support.both import Both, both


async def in_both(house: Both, rows: Rows, here: str) -> str:
    """Cleo, whom the roster knows in one chat, is known in the other too and was heard last in `here`."""
    p, a = t.person.c, t.account.c
    ((cleo, organization),) = await rows.run(select(p.id, p.organization_id).where(p.handle == "cleo"))
    for name, team in (("slack", house.slack.team.id), ("teams", house.teams.team.id)):
        await rows.run(delete(t.account).where(a.person_id == cleo, a.platform == name))
        account = {
            "organization_id": organization, "person_id": cleo, "platform": name, "team": team,
            "user_id": house.seat("cleo", name).account, "email": "", "channel": "", "gone": "",
            "used_at": int(name == here),
        }  # fmt: skip
        await rows.run(insert(t.account).values(account))
    return str(cleo)


async def quiet(rows: Rows) -> None:
    """Nothing is on its way any more."""
    async with asyncio.timeout(120):
        while not await rows.quiet():  # noqa: ASYNC110 - a database raises no event
            await asyncio.sleep(0.05)


async def said_once(house: Both, rows: Rows, cleo: str, words: str, *, there: str) -> None:
    """In the other chat and nowhere else, and that is where its lane says that it stands."""
    other = house.seat("cleo", there)
    await quiet(rows)
    assert [words in one for one in other.read()].count(True) == 1
    here = "teams" if there == "slack" else "slack"
    assert [one for one in house.seat("cleo", here).read() if words in one] == []
    o = t.outbox.c
    found = await rows.run(select(o.state, o.lane_id, o.message).where(o.kind == "say", o.person_id == cleo))
    assert [(state, f"/{there}:" in str(lane), bool(message)) for state, lane, message in found] == [
        ("sent", True, True)
    ], found


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", often(MOVING, "moved"))
async def test_an_answer_to_who_has_blocked_teams_comes_on_slack(tmp_path: Path, point: str) -> None:
    async with both(tmp_path, "cleo") as house:
        rows = Rows(f"sqlite:///{tmp_path / 'beside.sqlite3'}")
        known = await in_both(house, rows, "teams")
        await house.start("http", *PROGRAM, f"{point}:1")
        cleo = house.seat("cleo", "teams").user
        assert isinstance(cleo, teams_fake.User)
        cleo.block()
        await cleo.say("hello", how=teams_fake.Delivery(retries=False))
        assert await house.server.wait() == KILLED, house.server.log
        await house.start("http")
        await said_once(house, rows, known, "I'm Beside", there="slack")


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", MOVING)
async def test_a_nudge_to_who_has_gone_from_slack_comes_on_teams(tmp_path: Path, point: str) -> None:
    async with both(tmp_path) as house:
        rows = Rows(f"sqlite:///{tmp_path / 'beside.sqlite3'}")
        cleo, p = await in_both(house, rows, "slack"), t.plan.c
        await rows.run(delete(t.plan).where(p.topic == "meeting"))
        await rows.run(update(t.person).where(t.person.c.id == cleo).values(chat="on"))
        seat = house.seat("cleo", "slack").user
        assert isinstance(seat, slack_fake.User)
        await house.start("http")
        mine = house.seat("cleo", "teams").user
        assert isinstance(mine, teams_fake.User)
        assert all(one.ok for one in await mine.install())
        await rows.run(update(t.account).where(t.account.c.platform == "slack").values(used_at=2**31))
        await quiet(rows)
        assert await house.server.stop() == 0
        await rows.run(delete(t.outbox))
        # Slack has told nobody.
        seat.profile.deleted = True
        await house.start("http", *PROGRAM, f"{point}:1")
        organization = (await rows.run(select(t.person.c.organization_id).where(t.person.c.id == cleo)))[0][0]
        day = datetime.now(UTC)
        plan = {
            "id": "p", "organization_id": organization, "person_id": cleo, "topic": "checkin", "thread_id": "",
            "next_due_at": int(day.timestamp()), "local_date": day.date().isoformat(), "status": "active",
        }  # fmt: skip
        await rows.run(insert(t.plan).values(plan))
        assert await house.server.wait() == KILLED, house.server.log
        await house.start("http")
        await said_once(house, rows, cleo, "One question about this week", there="teams")
