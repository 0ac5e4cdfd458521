"""A morning in two workspaces, from the installation to the removal of one, with nothing of the other touched."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.platform import Pace
from bot.store import tables as t
from tests.contract.test_slack.lodging import Browser, Lodging, lodging
from tests.fakes.slack import Profile, Slack, User, View, Workspace
from tests.support.school import press as presses
from tests.support.school import read, told, with_button

ZONE = "America/New_York"
PEOPLE = {"kim": "Kim Admin", "sam": "Sam Rivera", "ana": "Ana Ruiz"}
SCHOOL = {
    "name": "School", "zone": ZONE, "opens": "07:00", "closes": "18:00", "safeguarding": "Ms Idris, room 12",
    "support": "Mr Otieno", "emergency": "911", "crisis": "988",
}  # fmt: skip
QUICK = Pace(start=100.0, most=100.0, conversation=0.0)  # this Slack takes whatever comes
STEP = "Start Monday's launch with their disagreement."
TEXTS = (
    "Asking how they knew it was fair.", "Two pairs disagreed and drew it.", STEP, "Somebody changing their mind.",
)  # fmt: skip


@pytest.fixture(params=["http", pytest.param("socket", marks=pytest.mark.slow)])
async def host(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Lodging]:
    async with Slack(echo=False) as slack:
        slack.pace.on = False
        for workspace in (slack.team, slack.workspace("Hillside")):
            for name, full in PEOPLE.items():
                workspace.user(name, Profile("", "", full, tz=ZONE))
        async with lodging(tmp_path, slack, way=request.param) as one:
            one.platform.pace = QUICK
            yield one
        assert slack.state.complaints == []


class Morning:
    """One workspace's people, and what they do."""

    def __init__(self, host: Lodging, workspace: Workspace) -> None:
        self.host = host
        self.workspace = workspace
        self.kim, self.sam, self.ana = (workspace.user(name) for name in PEOPLE)

    async def press(self, user: User, label: str, **values: str) -> None:
        await presses(user, label, **values)
        await self.host.settle()

    async def say(self, user: User, words: str) -> None:
        assert (await user.say(words)).ok
        await self.host.settle()

    async def send(self, user: User, **values: object) -> None:
        result = await user.submit(None, values)  # type: ignore[arg-type]  # ids, or words
        assert result.ok, result.as_json()
        assert result.errors == {}
        await self.host.settle()

    async def set_up(self) -> None:
        """Kim lets us in and chooses Sam; Sam has told Ana."""
        browser = Browser(self.host.url)
        to_slack = (await browser.open("/slack/install")).location
        assert (await browser.open(self.workspace.agree(self.kim, to_slack))).status == 200
        await browser.session.close()
        await self.host.settle()
        await self.press(self.kim, "Choose coaches")
        await self.send(self.kim, who=[self.sam.id])
        assert (await self.sam.command("/beside", "setup")).ok
        await self.send(self.sam, **SCHOOL)
        await self.send(self.sam, who=[self.ana.id])
        assert read(self.ana) == []
        await self.press(self.sam, "I have told them: say hello")

    async def whole(self) -> None:
        await self.set_up()
        await self.meet()
        await self.reflect()
        await self.share()
        await self.look_home()
        await self.visit()

    async def meet(self) -> None:
        """Nothing is asked before the yes."""
        (hello,) = read(self.ana)
        assert hello.startswith("Hi Ana, I'm Beside, a chat tool that asks questions. Sam set me up")
        for label in ("Sounds fine", "Straight to day and time", "Keep this day and time"):
            await self.press(self.ana, label)
        assert "I'll ask one question on" in read(self.ana)[0]

    async def reflect(self) -> None:
        assert (await self.ana.command("/beside", "now")).ok
        await self.host.settle()
        for text in TEXTS:
            await self.say(self.ana, text)
        assert f"“{STEP}”" in read(self.ana)[-1]

    async def share(self) -> None:
        await self.press(self.ana, "Share with Sam")
        await self.press(self.ana, "Share the step")
        assert f"“{STEP}”" in read(self.sam)[-1]
        assert TEXTS[3] not in read(self.sam)[-1]

    async def visit(self) -> None:
        """Sam offers a time, Ana another, and both have it."""
        preview = (await self.sam.command("/coteach", "@ana thu 10:15 45m launch")).shown
        assert preview is not None
        await self.press(self.sam, "Send to Ana")
        assert "Sam would like to be beside you" in read(self.ana)[-1]
        await self.press(self.ana, "Another time")
        near = next(label for label in with_button(self.ana, "Another day or time").buttons if "October" in label)
        await self.press(self.ana, near)
        assert near in told(self.sam)[-1].shown
        await self.press(self.sam, "Works for me")
        assert [read(self.sam)[-1].startswith("Booked"), any(one.startswith("Booked") for one in read(self.ana))] == [
            True,
            True,
        ]
        self.find_it_at_home(near.partition(",")[0])

    async def look_home(self) -> None:
        """Each has a place for what is theirs: she for her step, he for what she shared."""
        for user in (self.ana, self.sam):
            assert (await user.open_home("home")).ok
            await self.host.settle()
        hers, his = self.homes()
        assert f"“{STEP}”" in hers.shown
        assert [one for one in his.buttons if "Ana" in one] != []

    def find_it_at_home(self, label: str) -> None:
        """What was booked stands on both homes, and nobody opened them again."""
        hers, his = self.homes()
        assert [one for one in hers.buttons if label in one and one.endswith(", Sam")] != [], hers.buttons
        assert [one for one in his.buttons if label in one and one.endswith(", Ana")] != [], his.buttons

    def homes(self) -> tuple[View, View]:
        hers, his = self.ana.home(), self.sam.home()
        assert hers is not None
        assert his is not None
        return hers, his


async def rows(host: Lodging, organization: str) -> str:
    """All that is kept of an organization, in short."""
    found = hashlib.sha256()
    async with host.store.engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            column = table.c.id if table is t.organization else table.c.organization_id
            for row in sorted(map(str, await connection.execute(select(table).where(column == organization)))):
                found.update(row.encode())
    return found.hexdigest()


@pytest.mark.req("ROOM-1", "LIFE-6")
async def test_a_morning_in_two_workspaces(host: Lodging) -> None:
    lincoln, hillside = (Morning(host, one) for one in host.slack.workspaces.values())
    await asyncio.gather(lincoln.whole(), hillside.whole())
    there = await host.store.home_of("slack", hillside.workspace.id)
    assert there is not None
    before, said = await rows(host, there), read(hillside.ana)
    for told_ in await lincoln.workspace.uninstall():
        assert told_.ok
    await host.settle()
    assert await host.token(lincoln.workspace.id) is None
    assert (await rows(host, there), read(hillside.ana)) == (before, said)
    # One goes on, and nobody writes to the other.
    count = host.slack.count("chat.postMessage")
    await hillside.say(hillside.ana, "who can see this?")
    assert "Sam" in read(hillside.ana)[-1]
    assert host.slack.count("chat.postMessage") == count + 1
    assert all(call.error == "" for call in host.slack.state.calls if call.team == hillside.workspace.id)
