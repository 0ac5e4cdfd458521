"""A coach chooses everybody of a large channel: it is said that it takes a while, and nobody is written to twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.demo import OPENS
from bot.flows.setup.adding import FEW
from tests.contract.test_slack.house import until
from tests.contract.test_slack.lodging import Lodging, lodging
from tests.contract.test_slack.test_setting_up import QUICK, coach, of, sends
from tests.fakes.slack import Message, Profile, Slack, User
from tests.support.school import press, read, told

CLOCK = MovableClock(OPENS)


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Lodging]:
    CLOCK.move(OPENS)
    async with Slack(echo=False) as slack:
        slack.pace.on = False
        for name, full in (("kim", "Kim Admin"), ("sam", "Sam Rivera"), ("ana", "Ana Ruiz")):
            slack.team.user(name, Profile("", "", full, tz="America/New_York", email=f"{name}@school.example"))
        async with lodging(tmp_path, slack, features="email groups channels", now=CLOCK) as one:
            one.platform.pace = QUICK
            assert (await one.let_in(slack.team, slack.user("kim"))).status == 200
            await one.settle()
            yield one
        assert slack.state.complaints == []


def staff(host: Lodging, count: int) -> list[User]:
    team = host.slack.team
    people = [
        team.user(f"t{n}", Profile("", "", f"Teacher {n}", tz="America/New_York", email=f"T{n}@school.example"))
        for n in range(count)
    ]
    guest = team.user("guest", Profile("", "", "Gus Guest", is_restricted=True))
    team.channel("staff").members = [*(one.id for one in people), guest.id, host.slack.user("sam").id]
    return people


def seen(user: User, words: str) -> Message:
    """The newest message with these words, for all or only for them."""
    found = [one for one in (*told(user), *user.ephemerals()) if words in one.shown]
    return max(found, key=lambda one: float(one.ts))


def stands(user: User, words: str) -> bool:
    return any(words in one.shown for one in (*told(user), *user.ephemerals()))


async def goes_on(host: Lodging, seconds: int = 2) -> None:
    CLOCK.move(CLOCK() + timedelta(seconds=seconds))
    await host.settle()


async def all_welcomed(host: Lodging, sam: User, people: list[User]) -> None:
    for _ in range(len(people) // FEW + 1):
        await goes_on(host)
    assert [len(read(one)) for one in people] == [1] * len(people)
    assert all(read(one)[0].startswith("Hi Teacher, I'm Beside") for one in people)
    done = [line for line in read(sam) if line.startswith("I'll say hello to Teacher 0, Teacher 1,")]
    assert len(done) == 1
    assert f"and {len(people) - 40:,} more, once each" in done[0]


async def chooses(host: Lodging, count: int) -> tuple[User, list[User]]:
    people = staff(host, count)
    sam = await coach(host)
    await sam.close()
    host.slack.fail("slow", "users.list", seconds=1.5)
    asked = host.slack.count("users.info")
    shown = (await sam.command("/beside", "setup #staff")).shown
    assert shown is not None
    assert shown.shown.startswith("I'm looking them up")
    await until(lambda: stands(sam, f"I'd write to {count}"))
    preview = seen(sam, f"I'd write to {count}")
    assert "Guests of the workspace" in preview.shown
    assert "Gus Guest" in preview.shown
    assert f"and {count - 40:,} more" in preview.shown
    # The list of the workspace told of everybody; only whoever typed was asked of alone.
    assert host.slack.count("users.info") <= asked + 2
    return sam, people


async def test_fifty_of_a_channel_are_looked_up_said_so_and_each_is_met_once(host: Lodging) -> None:
    sam, people = await chooses(host, 50)
    preview = seen(sam, "I'd write to 50")
    again = await asyncio.gather(*(sam.press(preview, "I have told them: say hello") for _ in range(2)))
    assert [one.ok for one in again] == [True, True]
    await host.settle()
    assert stands(sam, "I'm writing down 50 people")
    await all_welcomed(host, sam, people)
    async with host.store.begin("org-1") as tx:
        assert sum(one.role == "teacher" for one in await tx.everybody()) == 50


@pytest.mark.slow
async def test_whoever_came_while_they_were_written_down_is_not_met_twice(host: Lodging) -> None:
    sam, people = await chooses(host, 60)
    (kim,) = of(host, "kim")
    await press(kim, "Choose coaches")
    await sends(host, kim, {"who": [people[58].id]})  # they coach now
    assert (await sam.command("/beside", "setup @t57")).ok
    await press(sam, "I have told them: say hello")
    await host.settle()
    first = seen(sam, "I'd write to 60")
    assert (await sam.press(first, "I have told them: say hello")).ok
    for _ in range(3):
        await goes_on(host)
    assert [len(read(one)) for one in people] == [1] * 60
    assert read(people[58])[0].startswith("Hi Teacher, Kim chose you as a coach.")
    async with host.store.begin("org-1") as tx:
        assert len(await tx.everybody()) == 62


async def test_a_list_in_the_form_closes_it_and_what_slack_refuses_for_a_while_is_asked_again(host: Lodging) -> None:
    people = staff(host, 45)
    sam = await coach(host)
    host.slack.fail("429", "users.list", retry_after=2)
    lines = "\n".join(f"Somebody, t{n}@school.example" for n in range(45)) + "\nNo One, none@school.example"
    before = asyncio.get_running_loop().time()
    await sends(host, sam, {"who_list": lines})
    assert asyncio.get_running_loop().time() - before < 2.5
    assert sam.view() is None
    assert read(sam)[-1].startswith("I'm looking them up")
    await until(lambda: host.slack.count("users.list") == 2)
    for _ in range(40):
        await host.settle()
        if "I'd write to 45" in read(sam)[-1]:
            break
        await asyncio.sleep(0.05)
    assert "No One" in read(sam)[-1].partition("Not found by e-mail")[2]
    assert host.slack.count("users.lookupByEmail") == 0
    assert all(read(one) == [] for one in people)


async def test_of_whom_slack_says_nothing_nobody_is_taken_for_a_member(host: Lodging) -> None:
    sam = await coach(host)
    host.slack.fail("error", "users.info", times=None, error="internal_error")
    await sends(host, sam, {"who": [host.slack.user("ana").id]})
    assert "Slack did not say who they are" in read(sam)[-1]


@pytest.mark.slow
async def test_five_hundred_are_each_met_once(host: Lodging) -> None:
    sam, people = await chooses(host, 500)
    await press(sam, "I have told them: say hello")
    await all_welcomed(host, sam, people)
