"""The same school on Slack and on Teams at once: one Beside between them, and who sits where is for the test to say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes import slack as slack_fake
from tests.fakes import teams as teams_fake
from tests.support import school
from tests.support.process import Server, beside
from tests.support.school import NAMES, ROSTER, SCHOOLS, doors, morning, reach

Message = slack_fake.Message | teams_fake.Message


class Chair:
    """One person in front of one of the two. What they do has to go well; a command is typed as it is typed there."""

    def __init__(self, user: slack_fake.User | teams_fake.User) -> None:
        self.user = user
        self.name = "slack" if isinstance(user, slack_fake.User) else "teams"

    @property
    def account(self) -> str:
        return self.user.id if isinstance(self.user, slack_fake.User) else self.user.aad

    async def say(self, words: str) -> None:
        result = await self.user.say(words)
        assert result.ok, (result.problems, result.replies)

    async def command(self, command: str, words: str) -> None:
        result = await self.user.command(f"/{command}", words)
        assert result.ok, (result.problems, result.replies)

    async def press(self, label: str) -> Message:
        message = await self.has(label)
        match self.user, message:
            case slack_fake.User() as user, slack_fake.Message():
                result: slack_fake.Result | teams_fake.Result = await user.press(message, label)
            case teams_fake.User() as user, teams_fake.Message():
                result = await user.press(message, label)
            case _:
                raise AssertionError("a message of another platform")
        assert result.ok, (label, result.problems, result.replies)
        return message

    async def has(self, label: str) -> Message:
        """The newest card with that button, once it is there."""
        await school.until(lambda: label in str([one.buttons for one in self._all()]), self.read)
        return max((one for one in self._all() if label in one.buttons), key=lambda one: float(one.ts))

    async def arrives(self, words: str) -> Message:
        """The newest message with these words, once it is there."""
        await school.until(lambda: words in "\n".join(self.read()), self.read)
        return next(one for one in reversed(self._all()) if words in one.shown)

    def read(self) -> list[str]:
        return [one.shown for one in self.user.messages() if one.from_bot]

    def _all(self) -> list[Message]:
        return [*(one for one in self.user.messages() if one.from_bot), *self.user.ephemerals()]


class Both:
    """The people by handle, each where the roster has them."""

    def __init__(self, slack: slack_fake.Slack, teams: teams_fake.Teams, server: Server, on_teams: list[str]) -> None:
        self.slack = slack
        self.teams = teams
        self.server = server
        self.zone = morning()
        self.here = {name: self.seat(name, "teams" if name in on_teams else "slack") for name in NAMES}

    def seat(self, name: str, platform: str) -> Chair:
        if platform == "teams":
            return Chair(self.teams.team.user(name, teams_fake.Profile("", "", NAMES[name], tz=self.zone)))
        user = self.slack.team.user(name, slack_fake.Profile("", "", NAMES[name], tz=self.zone))
        assert user.channel.kind == "im"  # asking for it opens it
        return Chair(user)

    async def start(self, way: str, *arguments: str) -> None:
        self.server.arguments = arguments or ("-m", "bot", "serve")
        await self.server.start()
        await reach(self.slack, self.server, way)
        self.teams.connect(f"{self.server.url}/api/messages")


@asynccontextmanager
async def both(folder: Path, *on_teams: str, way: str = "http", **settings: str) -> AsyncIterator[Both]:
    """Imported, and not yet started."""
    async with slack_fake.Slack() as slack, teams_fake.Teams() as teams:
        slack.pace.on = teams.pace.on = False
        slack.courier.deadline = 30.0  # a hang guard: Slack waits for three seconds
        given = teams.settings | doors(slack, way) | settings
        given |= {"BESIDE_SLACK_BOT_TOKEN": slack.team.token, "BESIDE_SLACK_API_URL": slack.api_url}
        house = Both(slack, teams, Server(folder, given), [*on_teams])
        accounts = {name: f"{chair.name},{chair.account}" for name, chair in house.here.items()}
        (folder / "schools.csv").write_text(SCHOOLS.format(zone=house.zone), "utf-8")
        (folder / "people.csv").write_text(ROSTER.format(**accounts), "utf-8")
        for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
            ended = await beside(folder, kind, "import", file, "--yes", **given)
            assert (ended.code, ended.err) == (0, ""), ended.out + ended.err
        try:
            yield house
            assert await house.server.stop() == 0, house.server.log
        finally:
            if house.server.running():
                await house.server.kill()
            await slack.quiet()
        assert "Traceback" not in house.server.log, house.server.log
    assert slack.state.complaints == teams.state.complaints == []
