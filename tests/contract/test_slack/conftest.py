"""The house these tests are in."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.test_slack.house import (
    House,
    connected,
)
from tests.fakes.slack import Slack


@pytest.fixture(params=["http", "socket"])
def way(request: pytest.FixtureRequest) -> str:
    """Both ways in which Slack reaches us."""
    return str(request.param)


@pytest.fixture
async def house(way: str) -> AsyncIterator[House]:
    async with Slack() as slack, connected(slack, way=way) as one:
        yield one
    assert slack.state.complaints == []
