"""Beside with a store of its own, into which workspaces let us by themselves; and a browser that stands at the door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from adapters.slack.connection import SlackPlatform, connect
from adapters.slack.socket import LINES
from bot.clock import MovableClock, Now, real
from bot.demo import OPENS
from bot.engine import Engine
from bot.installing import Installing
from bot.outbox import Outbox
from bot.settings import Settings
from bot.store import Store
from bot.timer import Timer
from bot.vault import Keyring
from tests.fakes.slack import APP_TOKEN, Slack, User, Workspace
from tests.fakes.slack.oauth import CLIENT_ID, CLIENT_SECRET

FIRST = "org-1"


@dataclass
class Seen:
    """What a browser shows."""

    status: int
    text: str
    location: str = ""


class Browser:
    """Somebody's browser: it keeps its cookies and goes where it is sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def open(self, path: str, **more: str) -> Seen:
        at = urlsplit(path)
        where = f"{self.url}{at.path}" + (f"?{at.query}" if at.query else "")
        async with self.session.get(where, allow_redirects=False, headers=more) as answer:
            return Seen(answer.status, await answer.text(), answer.headers.get("Location", ""))


@dataclass
class Lodging:
    slack: Slack
    store: Store
    platform: SlackPlatform
    installs: Installing
    url: str
    browser: Browser
    engine: Engine
    outbox: Outbox
    timer: Timer
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def asked(self) -> str:
        """The address at Slack that the install page leads to."""
        return (await self.browser.open("/slack/install")).location

    async def let_in(self, workspace: Workspace, by: User) -> Seen:
        """From the install page to the last one."""
        return await self.browser.open(workspace.agree(by, await self.asked()))

    async def settle(self) -> None:
        """What is due is decided, and what is ready goes out; one after the other, as each sends for the others too.

        A sweep ends when no lane is ready, and one that another sweep drains in that moment is not.
        """
        async with self.gate:
            await self.timer.tick()
            await self.outbox.sweep()

    async def token(self, team: str) -> str | None:
        return await self.installs.token("slack", team)


@asynccontextmanager
async def lodging(
    folder: Path, slack: Slack, token: str = "", features: str = "", now: Now | None = None, way: str = "http"
) -> AsyncIterator[Lodging]:
    """Every workspace of this Slack has the app's pages, and none has let us in."""
    for workspace in slack.workspaces.values():
        workspace.team.status = "uninstalled"
    store = await Store.open(f"sqlite:///{folder / 'beside.sqlite3'}", Keyring.of("k1"))
    await store.create_organization(FIRST, "Beside")
    clock = now or MovableClock(OPENS)
    engine, installs, app = Engine(store, clock), Installing(store, FIRST, real), web.Application()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    settings = Settings(
        slack_signing_secret=SecretStr(slack.secret) if way == "http" else None,
        slack_app_token=SecretStr(APP_TOKEN) if way == "socket" else None, slack_client_id=CLIENT_ID,
        slack_client_secret=SecretStr(CLIENT_SECRET), slack_bot_token=SecretStr(token) if token else None,
        slack_api_url=slack.api_url, slack_features=features, public_url="http://127.0.0.1:1",
    )  # fmt: skip
    await installs.stands_for("slack", "")
    platform = await connect(app, engine, settings, installs)
    outbox = Outbox(store, engine, {"slack": platform}, clock)
    timer = Timer(store, outbox, clock)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.connect(f"{url}/slack/events")
    if way == "socket":
        slack.socket_mode()
        await slack.switchboard.linked(LINES)
    browser = Browser(url)
    try:
        yield Lodging(slack, store, platform, installs, url, browser, engine, outbox, timer)
    finally:
        await browser.session.close()
        await slack.quiet()
        await runner.cleanup()
        await store.close()
