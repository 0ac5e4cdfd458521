"""A Monday: many are due in one minute in a large workspace, a few in a small one, and Slack takes so much and no more.

In real time it takes minutes, so it runs with the faults; `tests/unit/test_pacing.py` has the pace by itself.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cards import Card, Text
from bot.clock import real
from bot.events import Account
from bot.outbox import Outbox
from bot.records import Person, School
from bot.timer import Timer
from tests.contract.test_slack.lodging import Lodging, lodging
from tests.fakes.slack import Slack, Workspace
from tests.support.school import morning

MANY, FEW = 500, 20


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Lodging]:
    """Two workspaces. Slack takes one message a second in a conversation, and five in a workspace."""
    async with Slack(echo=False) as slack:
        slack.pace.whole = 5.0
        hillside = slack.workspace("Hillside")
        async with lodging(tmp_path, slack, now=real) as one:
            for workspace in (slack.team, hillside):
                assert (await one.let_in(workspace, workspace.user("kim"))).status == 200
            yield one
        assert slack.state.complaints == []


async def fill(host: Lodging, workspace: Workspace, count: int) -> list[str]:
    """So many teachers, each with a line that waits already and a question that is due."""
    organization = await host.store.home_of("slack", workspace.id)
    assert organization is not None
    zone, now = morning(), datetime.now(UTC)
    here = now.astimezone(ZoneInfo(zone))
    async with host.store.begin(organization) as tx:
        school = School(id=f"{organization}-s", organization=organization, name="L", zone=zone, weekend=())
        await tx.save_school(school)
        for n in range(count):
            user = workspace.user(f"t{n}")
            who = f"{organization}-{n}"
            await tx.keep(
                Person(
                    id=who, organization=organization, handle=f"t{n}", name=f"T {n}", role="teacher", school=school.id,
                    zone=zone, chat="on", minute=here.hour * 60 + here.minute - 15,
                )
            )  # fmt: skip
            await tx.add_account(who, Account(platform="slack", team=workspace.id, user=user.id))
            await tx.plan(
                key=f"{who}:checkin:", person=who, topic="checkin", at=now - timedelta(minutes=1), day=here.date()
            )
            if count == FEW or n % 10 == 0:
                line = Card(blocks=(Text(("First things first.",)),))
                await tx.post(
                    key=f"{who}-first", person=who, kind="say", name="", thread="t", card=line, at=now,
                    expires_at=None, priority=1,
                )  # fmt: skip
    return [workspace.user(f"t{n}").id for n in range(count)]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.req("ONCE-5", "KEEP-8")
async def test_all_are_written_to_once_and_in_order_and_the_small_workspace_does_not_wait(host: Lodging) -> None:
    lincoln, hillside = host.slack.workspaces.values()
    await fill(host, lincoln, MANY)
    await fill(host, hillside, FEW)
    outbox = Outbox(host.store, host.engine, {"slack": host.platform}, real)
    timer = Timer(host.store, outbox, real)
    begun = time.time()
    sending = asyncio.create_task(outbox.run())
    timer.start()

    def asked(workspace: Workspace) -> int:
        return sum("One question" in one.shown for user in workspace.people.values() for one in user.messages())

    async with asyncio.timeout(500):
        while asked(lincoln) < MANY or asked(hillside) < FEW:  # noqa: ASYNC110 - the fake raises no event
            await asyncio.sleep(0.5)
    timer.stop()
    await outbox.stop()
    await sending
    for workspace, first in ((lincoln, MANY // 10), (hillside, FEW)):
        chats = [[one.shown for one in user.messages()] for user in workspace.people.values() if user.name != "kim"]
        assert all(sum("One question" in line for line in chat) == 1 for chat in chats)
        ordered = [chat for chat in chats if "First things first." in chat]
        assert len(ordered) == first
        assert all(chat.index("First things first.") == 0 for chat in ordered)
    assert set(host.slack.state.keys().values()) == {1}
    last = max(float(one.ts) for user in hillside.people.values() for one in user.messages())
    assert last - begun < 60, f"the small workspace took {last - begun:.0f} s"
