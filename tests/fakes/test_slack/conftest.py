"""A Slack with Ana in it, the SDK's client, and an app that listens."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Profile, Slack, User
from tests.fakes.test_slack.app import App


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack(echo=False) as one:
        yield one


@pytest.fixture
def ana(slack: Slack) -> User:
    return slack.team.user("ana", Profile("", "", "Ana Ruiz", tz="America/Chicago", email="ana@lincoln.example"))


@pytest.fixture
def client(slack: Slack, ana: User) -> AsyncWebClient:
    return AsyncWebClient(slack.team.token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def app(slack: Slack) -> AsyncIterator[App]:
    listening = App(slack)
    server = web.Application()
    server.router.add_post("/slack/events", listening.handle)
    runner = web.AppRunner(server, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield listening
    await slack.quiet()
    await runner.cleanup()
