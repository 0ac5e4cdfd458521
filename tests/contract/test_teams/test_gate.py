"""The gate against everything that the fake can forge, and against keys that change under it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.teams import Seat, seated
from tests.fakes.teams import WRONG, Delivery


@pytest.fixture(scope="module")
async def seat() -> AsyncIterator[Seat]:
    async with seated() as one:
        yield one


@pytest.mark.req("DOOR-6")
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_forged_token_is_refused_and_nobody_is_asked(seat: Seat, wrong: str) -> None:
    seat.heard.clear()
    result = await seat.ana.say("hello", how=Delivery(wrong=wrong))
    assert [reply.status for reply in result.replies] == [401]
    assert seat.heard == []


@pytest.mark.req("DOOR-7", "DOOR-9")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"channelData": {"tenant": {"id": "other"}}}, 403),
        ({"channelData": None}, 403),
        ({"serviceUrl": "https://evil.test/"}, 401),
        ({"channelId": "webchat"}, 401),
        ({"id": None}, 400),
    ],
)
async def test_a_changed_activity_is_refused(seat: Seat, fields: dict[str, object], status: int) -> None:
    seat.heard.clear()
    result = await seat.ana.say("hello", how=Delivery(fields=fields))
    assert [reply.status for reply in result.replies] == [status]
    assert seat.heard == []


@pytest.mark.req("DOOR-6")
async def test_a_rotated_key_is_good_at_the_first_try() -> None:
    async with seated() as seat:
        for keep_old in (True, False, False):
            seat.teams.mint.rotate(keep_old=keep_old)
            assert (await seat.ana.say("hello")).ok
        assert len(seat.heard) == 3
