"""The house these tests are in."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.test_slack.house import (
    House,
    connected,
)
from tests.fakes.slack import Slack


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with Slack() as slack, connected(slack) as one:
        yield one
    assert slack.state.complaints == []
