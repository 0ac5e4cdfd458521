"""Microsoft's own Agents Playground in Chromium against Beside: the conversations, as that client shows them.

`make test-teams-client` runs it by hand, in a network of its own that reaches this machine alone. The playground is a
tool of Microsoft's for development, under its own terms; it is installed for the run and no part of Beside. It sends no
tokens, so the fake's relay puts them on. It knows no commands of a manifest and no refresh of cards.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from playwright.async_api import FloatRect, Locator, Page, expect

from tests.fakes.teams.server import Teams
from tests.fakes.teams.state import APP
from tests.support.browser import launched
from tests.support.process import Server, beside, serving
from tests.support.school import SCHOOLS, morning

PERSON: Final = "0a0a0a0a-1111-2222-3333-000000000002"

NOBODY: Final = "0a0a0a0a-1111-2222-3333-000000000001"  # in the roster, and not in front of the playground
ROSTER: Final = """name,handle,role,school,platform,account,coach
Sam Rivera,sam,coach,Lincoln,teams,{sam},
Ana Ruiz,ana,teacher,Lincoln,teams,{ana},sam
"""
STEP: Final = "Start Monday's launch with their disagreement."
TEXTS: Final = (
    ("Asking how they knew it was fair. They argued about halves.", "all for today"),
    ("Quiet, then two pairs disagreed and drew it.", "one small thing"),
    (STEP, "it is helping"),
    ("More than two pairs talking.", "Your step"),
)


def config(tenant: str) -> str:
    """Who the playground's people are: its own ids for them and for their tenant are none that a roster takes."""

    def person(id: str, name: str, aad: str) -> dict[str, str]:
        first, _, last = name.partition(" ")
        address = f"{first.lower()}@lincoln.example"
        return {
            "id": id, "name": name, "userPrincipleName": address, "aadObjectId": aad, "givenName": first,
            "surname": last, "email": address,
        }  # fmt: skip

    # It wants five others; JSON is YAML too.
    others = [person(f"29:{n}", f"Other Person{n}", f"0a0a0a0a-1111-2222-3333-0000000001{n:02}") for n in range(5)]
    return json.dumps(
        {
            "version": "0.1.1", "tenantId": tenant, "bot": {"id": f"28:{APP}", "name": "Beside"},
            "currentUser": person("29:ana", "Ana Ruiz", PERSON), "users": others,
            "personalChat": {"id": "personal-chat-id"}, "groupChat": {"id": "group-chat-id", "name": "Group Chat"},
            "team": {
                "id": "team-id", "name": "Maths", "aadGroupId": "0a0a0a0a-1111-2222-3333-000000000031",
                "channels": [{"id": "channel-announcements-id", "name": "Announcements"}],
            },
        }
    )  # fmt: skip


class Chat:
    """The private chat in the playground's page."""

    def __init__(self, page: Page, shots: Path | None) -> None:
        self.page = page
        self.shots = shots

    async def say(self, words: str) -> None:
        box = self.page.get_by_role("textbox").last
        await box.click()
        await self.page.keyboard.insert_text(words)
        await self.page.get_by_role("button", name="Send Message").click()

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).last.click()

    async def arrives(self, words: str) -> Locator:
        found = self.page.get_by_text(words).last
        await expect(found).to_be_visible(timeout=20_000)
        return found

    async def gone(self, label: str) -> None:
        await expect(self.page.get_by_role("button", name=label, exact=True)).to_have_count(0, timeout=20_000)

    async def shot(self, name: str) -> None:
        if self.shots is not None:
            await asyncio.sleep(1)
            # What stands left and right of the chat is the playground's own.
            clip: FloatRect = {"x": 331, "y": 50, "width": 618, "height": 780}
            await self.page.screenshot(path=self.shots / f"teams-{name}.png", clip=clip)


async def first_meeting(chat: Chat, server: Server, zone: str) -> None:
    """A message and a card; each press replaces the card where it stands."""
    await chat.arrives("I'm Beside")
    await chat.press("Sounds fine")
    await chat.gone("Sounds fine")
    await chat.press("Straight to day and time")
    await chat.press("Keep this day and time")
    await chat.arrives("I'll ask one question on")


async def nudge(chat: Chat, server: Server, zone: str) -> None:
    """A message that nobody asked for just now: the check-in has come."""
    with closing(sqlite3.connect(server.folder / "beside.sqlite3", timeout=60)) as file, file:
        file.execute(
            "update plan set next_due_at = ?, local_date = ? where topic = 'checkin' and status = 'active' "
            "and person_id = (select id from person where handle = 'ana')",
            (int(datetime.now(UTC).timestamp()), _here(zone).date().isoformat()),
        )
    await chat.arrives("One question about this week")


async def reflection(chat: Chat, server: Server, zone: str) -> None:
    for words, then in TEXTS:
        await chat.say(words)
        await chat.arrives(then)
    await chat.shot("reflection")
    await chat.press("Change the words")
    await chat.page.get_by_role("textbox", name="The words").last.fill("ab")
    await chat.press("Keep these words")
    await chat.arrives("A step is 3 to 240 characters.")
    await chat.press("Close without changes")
    await chat.press("Share with Sam")
    await chat.arrives("Sam will see exactly this")
    await chat.press("Share the step")
    await chat.arrives("Shared with Sam.")


async def coteaching(chat: Chat, server: Server, zone: str) -> None:
    day = _here(zone).date() + timedelta(days=1)
    await chat.say(f"coteach @sam {day.isoformat()} 10:15 45m launch")
    await chat.arrives("10:15 to 11:00")
    await chat.shot("coteaching")
    await chat.press("Send to Sam")
    await chat.gone("Send to Sam")
    await chat.arrives("Sent to Sam")


def _here(zone: str) -> datetime:
    return datetime.now(ZoneInfo(zone))


PARTS: Final[tuple[Callable[[Chat, Server, str], Awaitable[None]], ...]] = (
    first_meeting, nudge, reflection, coteaching,
)  # fmt: skip


@asynccontextmanager
async def playground(cli: Path, endpoint: str, folder: Path, port: int) -> AsyncIterator[str]:
    """Their program, which opens no window and tells nobody anything."""
    program = await asyncio.create_subprocess_exec(
        "node", str(cli), "start", "--app-endpoint", endpoint, "--channel-id", "msteams", "--port", str(port),
        "--disable-telemetry", cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert program.stdout is not None
        async with asyncio.timeout(30):
            while b"Listening" not in (line := await program.stdout.readline()):
                assert line, "the playground ended before it listened"
        yield f"http://localhost:{port}"
    finally:
        if program.returncode is None:
            program.terminate()
        await program.wait()


async def run(cli: Path, shots: Path | None) -> None:
    zone = morning()
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        async with Teams() as teams:
            given = teams.settings
            (folder / "schools.csv").write_text(SCHOOLS.format(zone=zone), "utf-8")
            (folder / "people.csv").write_text(ROSTER.format(ana=PERSON, sam=NOBODY), "utf-8")
            (folder / ".m365agentsplayground.yml").write_text(config(teams.team.id), "utf-8")
            for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
                ended = await beside(folder, kind, "import", file, "--yes", **given)
                assert ended.code == 0, ended.out + ended.err
            async with serving(folder, True, **given) as server:
                teams.connect(f"{server.url}/api/messages")
                async with playground(cli, teams.relay_url, folder, 56150) as url, launched() as browser:
                    page = await browser.new_page(viewport={"width": 1280, "height": 900})
                    page.set_default_timeout(20_000)
                    await page.goto(url)
                    chat = Chat(page, shots)
                    for part in PARTS:
                        try:
                            await part(chat, server, zone)
                        except BaseException:
                            await chat.shot("failed")
                            sys.stderr.write(server.log)
                            raise
                        sys.stdout.write(f"ok {part.__name__}\n")
                assert "Traceback" not in server.log, server.log


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.teams.client", description=__doc__)
    parser.add_argument("cli", type=Path, help="cli.js of the npm package @microsoft/m365agentsplayground")
    parser.add_argument("--shots", type=Path, default=None, help="a folder for pictures of what is on the screen")
    options = parser.parse_args()
    asyncio.run(run(options.cli.resolve(), options.shots))


if __name__ == "__main__":
    main()
