"""A Teams with Ana in it, Microsoft's client for the connector, and an app that listens."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from botframework.connector.aio import ConnectorClient

from tests.fakes.teams import Profile, Teams, User
from tests.fakes.test_teams.app import App, connector, token


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as one:
        yield one


@pytest.fixture
def ana(teams: Teams) -> User:
    return teams.team.user("ana", Profile("", "", "Ana Ruiz", tz="America/Chicago", email="ana@lincoln.example"))


@pytest.fixture
async def client(teams: Teams, ana: User) -> ConnectorClient:
    return connector(teams, str((await token(teams))[1]["access_token"]))


@pytest.fixture
async def app(teams: Teams) -> AsyncIterator[App]:
    listening = App()
    server = web.Application()
    server.router.add_post("/api/messages", listening.handle)
    runner = web.AppRunner(server, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
    yield listening
    await runner.cleanup()
