"""The same school on a fake Teams, served by Beside as its own process."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5
from zoneinfo import ZoneInfo

from tests.fakes.teams import Message, Profile, Teams, User
from tests.support.process import Server, beside, serving
from tests.support.school import KEYS, NAMES, ROSTER, SCHOOLS, files, morning, until


class TeamsSchool:
    """The people, by handle, and the server they talk to."""

    def __init__(self, teams: Teams, server: Server, zone: str) -> None:
        self.teams = teams
        self.server = server
        self.zone = zone
        self.sam, self.ana, self.ben, self.cleo, self.max = people(teams, zone).values()

    @property
    def here(self) -> datetime:
        return datetime.now(UTC).astimezone(ZoneInfo(self.zone))

    def day(self, days: int) -> str:
        """A day so far from today, as `Tuesday 20 October`."""
        at = self.here + timedelta(days=days)
        return f"{at:%A} {at.day} {at:%B}"

    def iso(self, days: int) -> str:
        return (self.here + timedelta(days=days)).date().isoformat()

    def connect(self) -> None:
        self.teams.connect(f"{self.server.url}/api/messages")

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """A look into the SQLite file, beside the server that has it open."""
        with closing(sqlite3.connect(self.server.folder / "beside.sqlite3", timeout=60)) as file, file:
            return list(file.execute(sql, values))

    def bring_near(self, handle: str, topic: str = "checkin", days: int = 0) -> None:
        """What is planned for this person is due now."""
        self.query(
            "update plan set next_due_at = ?, local_date = ? where topic = ? and status = 'active' "
            "and person_id = (select id from person where handle = ?)",
            int(datetime.now(UTC).timestamp()), self.iso(days), topic, handle,
        )  # fmt: skip


def people(teams: Teams, zone: str) -> dict[str, User]:
    """The same people in every Teams, so that a school that was brought once can be copied."""
    return {
        name: teams.team.user(name, Profile("", "", full, tz=zone, aad=str(uuid5(NAMESPACE_DNS, f"{name}.example"))))
        for name, full in NAMES.items()
    }


_filled: dict[str, dict[str, bytes]] = {}


async def fill(folder: Path, teams: Teams, zone: str, **settings: str) -> None:
    """The two files, kept by the command line with `--yes`. The same school on SQLite is brought once and copied."""
    same = f"{zone} {settings.get('BESIDE_KEYS')}" if "BESIDE_DATABASE_URL" not in settings else ""
    for name, content in _filled.get(same, {}).items():
        (folder / name).write_bytes(content)
    if same in _filled:
        return
    accounts = {name: f"teams,{user.aad}" for name, user in people(teams, zone).items()}
    (folder / "schools.csv").write_text(SCHOOLS.format(zone=zone), "utf-8")
    (folder / "people.csv").write_text(ROSTER.format(**accounts), "utf-8")
    for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
        ended = await beside(folder, kind, "import", file, "--yes", **settings)
        assert (ended.code, ended.err) == (0, ""), ended.out + ended.err
    if same:
        _filled[same] = files(folder)


@asynccontextmanager
async def lincoln(folder: Path, typed: bool = False, /, **settings: str) -> AsyncIterator[TeamsSchool]:
    """School and roster come in by files, everybody has installed the app, and the server is started."""
    zone = morning()
    async with Teams() as teams:
        teams.pace.on = False
        given = teams.settings | settings
        await fill(folder, teams, zone, **given)
        async with serving(folder, typed, **given) as server:
            school = TeamsSchool(teams, server, zone)
            school.connect()
            yield school
        assert teams.state.complaints == []


def told(user: User) -> list[Message]:
    """What Beside wrote to this person, as it stands now."""
    return [one for one in user.messages() if one.from_bot]


def read(user: User) -> list[str]:
    return [one.shown for one in told(user)]


async def arrives(user: User, words: str, count: int = 0) -> Message:
    """The message with these words, once it is there; `count` is how many there then are in all."""
    await until(
        lambda: any(words in one for one in read(user)) and (not count or len(read(user)) == count),
        lambda: (len(read(user)), read(user)),
    )
    return next(one for one in reversed(told(user)) if words in one.shown)


async def press(user: User, label: str, **values: str) -> Message:
    """The newest button of that label; everything about it has to go well."""
    await until(lambda: any(label in one.buttons for one in told(user)), lambda: read(user))
    message = user.with_button(label)
    result = await user.press(message, label, values)
    assert result.ok, (label, result.problems, result.replies)
    return message


async def meet(user: User) -> None:
    """The first meeting as most people have it: installed, sounds fine, and the usual day and hour."""
    for result in await user.install():
        assert result.ok, result.problems
    await arrives(user, "I'm Beside")
    await press(user, "Sounds fine")
    await press(user, "Straight to day and time")
    await press(user, "Keep this day and time")
    await arrives(user, "I'll ask one question on")


__all__ = ["KEYS", "TeamsSchool", "arrives", "fill", "lincoln", "meet", "press", "read", "told", "until"]
