"""A school on a fake Slack, served by Beside as its own process: who is there, what they do, what they read."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.demo import OPENS
from tests.fakes.slack import APP_TOKEN, Message, Profile, Slack, User
from tests.support.process import Server, beside, serving

KEYS: Final = "k1:" + "A" * 43 + "="
SECRETS: Final = ("xoxb-fake", "a-signing-secret", "/hooks/")
NAMES: Final = {"sam": "Sam Rivera", "ana": "Ana Ruiz", "ben": "Ben Okafor", "cleo": "Cleo Park", "max": "Max Stranger"}
SCHOOLS: Final = (
    "school,zone,hours,weekend,safeguarding contact,support contact,emergency number,crisis line\n"
    "Lincoln,{zone},07:00-18:00,none,Ms Idris room 12,Mr Otieno 555-0100,911,988\n"
)
# Sam coaches Ana and Ben; Cleo has no coach, and Max is in no file.
ROSTER: Final = """name,handle,role,school,platform,account,coach
Sam Rivera,sam,coach,Lincoln,{sam},
Ana Ruiz,ana,teacher,Lincoln,{ana},sam
Ben Okafor,ben,teacher,Lincoln,{ben},sam
Cleo Park,cleo,teacher,Lincoln,{cleo},
"""


def morning() -> str:
    """A zone where it is nine in the morning now, whatever the time is here: people may be written to there."""
    now = datetime.now(UTC)
    named = sorted(name for name in available_timezones() if name.startswith(("Africa/", "America/", "Asia/", "Pac")))
    return next(name for name in (*named, "Atlantic/Cape_Verde", "Atlantic/South_Georgia") if _hour(now, name) == 9)


def _hour(now: datetime, zone: str) -> int:
    return now.astimezone(ZoneInfo(zone)).hour


class School:
    """The people, by handle, and the server they talk to."""

    def __init__(self, slack: Slack, server: Server, zone: str, opens: datetime | None = None) -> None:
        self.slack = slack
        self.server = server
        self.zone = zone
        self.opens = opens
        people = {name: slack.team.user(name, Profile("", "", full, tz=zone)) for name, full in NAMES.items()}
        self.sam, self.ana, self.ben, self.cleo, self.max = people.values()
        for user in people.values():
            assert user.channel.kind == "im"  # asking for it opens it

    @property
    def here(self) -> datetime:
        """Now, on the school's wall; the playground's clock begins when it opens, and a test is soon over."""
        return (self.opens or datetime.now(UTC)).astimezone(ZoneInfo(self.zone))

    def day(self, days: int) -> str:
        """A day so far from today, as `Tuesday 20 October`."""
        at = self.here + timedelta(days=days)
        return f"{at:%A} {at.day} {at:%B}"

    def iso(self, days: int) -> str:
        return (self.here + timedelta(days=days)).date().isoformat()

    async def connect(self, way: str = "http") -> None:
        await reach(self.slack, self.server, way)

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """A look into the SQLite file, beside the server that has it open."""
        with closing(sqlite3.connect(self.server.folder / "beside.sqlite3", timeout=60)) as file, file:
            return list(file.execute(sql, values))

    def bring_near(self, handle: str, topic: str = "checkin", days: int = 0) -> None:
        """What is planned for this person is due now; `days` from today is the date it was planned for."""
        self.query(
            "update plan set next_due_at = ?, local_date = ? where topic = ? and status = 'active' "
            "and person_id = (select id from person where handle = ?)",
            int(datetime.now(UTC).timestamp()), self.iso(days), topic, handle,
        )  # fmt: skip


def doors(slack: Slack, way: str) -> dict[str, str]:
    """The secret that lets Slack in by this way: http or socket."""
    if way == "socket":
        return {"BESIDE_SLACK_APP_TOKEN": APP_TOKEN}
    return {"BESIDE_SLACK_SIGNING_SECRET": slack.secret}


async def reach(slack: Slack, server: Server, way: str) -> None:
    """From now on Slack reaches this server, by this way."""
    if way == "socket":
        slack.socket_mode()
        await slack.switchboard.linked()
    else:
        slack.connect(f"{server.url}/slack/events")


@asynccontextmanager
async def lincoln(
    folder: Path, typed: bool = False, /, *, on_web: str = "", clock: str = "real", way: str = "http", **settings: str
) -> AsyncIterator[tuple[School, Server]]:
    """School and roster are imported by the command line, then the server is started; Slack runs in this process.

    Those named in `on_web` (`sam ana`) are in the playground, the others on Slack, which reaches us by `way`.
    """
    zone = morning() if clock == "real" else "America/New_York"
    async with Slack() as slack:
        slack.pace.on = False
        slack.courier.deadline = 30.0  # a hang guard: Slack waits for three seconds
        with_slack = {
            **doors(slack, way),
            "BESIDE_SLACK_BOT_TOKEN": slack.team.token,
            "BESIDE_SLACK_API_URL": slack.api_url,
            **settings,
        }
        await fill(folder, slack, zone, on_web.split(), with_slack)
        async with serving(folder, typed, **with_slack) as server:
            school = School(slack, server, zone, None if clock == "real" else OPENS)
            await school.connect(way)
            try:
                yield school, server
            finally:
                await slack.quiet()
        assert slack.state.complaints == []


_filled: dict[str, dict[str, bytes]] = {}


async def fill(folder: Path, slack: Slack, zone: str, on_web: list[str], settings: dict[str, str]) -> None:
    """The two files, kept by the command line with `--yes`. The same school on SQLite is brought once and copied."""
    same = f"{zone} {on_web}" if "BESIDE_DATABASE_URL" not in settings else ""
    for name, content in _filled.get(same, {}).items():
        (folder / name).write_bytes(content)
    if same in _filled:
        return
    people = {name: slack.team.user(name, Profile("", "", full, tz=zone)) for name, full in NAMES.items()}
    accounts = {name: "web," if name in on_web else f"slack,{user.id}" for name, user in people.items()}
    (folder / "schools.csv").write_text(SCHOOLS.format(zone=zone), "utf-8")
    (folder / "people.csv").write_text(ROSTER.format(**accounts), "utf-8")
    for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
        ended = await beside(folder, kind, "import", file, "--yes", **settings)
        assert (ended.code, ended.err) == (0, ""), ended.out + ended.err
        assert ended.out.rstrip().endswith("Kept.")
    if same:
        _filled[same] = files(folder)


def files(folder: Path) -> dict[str, bytes]:
    """Every file in it, byte by byte."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def told(user: User) -> list[Message]:
    """What Beside wrote to this person, as it stands now."""
    return [one for one in user.messages() if one.from_bot]


def read(user: User) -> list[str]:
    return [one.shown for one in told(user)]


def with_button(user: User, label: str) -> Message:
    """The newest message, for all or only for them, that has this button."""
    found = [one for one in (*told(user), *user.ephemerals()) if label in one.buttons]
    assert found, (
        f"{user.name} has no button {label!r}; there is {[*read(user), *(o.shown for o in user.ephemerals())]}"
    )
    return max(found, key=lambda one: float(one.ts))


async def until(fact: Callable[[], object], why: Callable[[], object] = lambda: "") -> None:
    """Wait for something to be so; what is so instead is in the failure."""
    try:
        async with asyncio.timeout(100):
            while not fact():  # noqa: ASYNC110 - the fake raises no event when something comes true
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"it did not come true; there is {why()}") from None


async def arrives(user: User, words: str, count: int = 0) -> Message:
    """The message with these words, once it is there; `count` is how many there then are in all."""
    await until(
        lambda: any(words in one for one in read(user)) and (not count or len(read(user)) == count),
        lambda: (len(read(user)), read(user)),
    )
    return next(one for one in reversed(told(user)) if words in one.shown)


async def press(user: User, label: str, **values: str) -> None:
    """The newest button of that label; everything about it has to go well."""
    result = await user.press(with_button(user, label), label, values)
    assert result.ok, (label, result.as_json())


async def meet(user: User) -> None:
    """The first meeting as most people have it: sounds fine, and the usual day and hour."""
    await arrives(user, "I'm Beside")
    await press(user, "Sounds fine")
    await press(user, "Straight to day and time")
    await press(user, "Keep this day and time")
    await arrives(user, "I'll ask one question on")
