"""Who somebody is beyond their id: the address that the chat's roster has of them, where a roster of ours names it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.teams.people import Known, Profile, judged
from tests.support.teams_cloud import SECOND, TENANT, Beside, Cloud, Key, cloudy

MEMBER = {"id": "29:ana", "tenantId": TENANT, "userRole": "user", "email": "Ana@school.example"}
KEY = Key("first")  # one for all of them: making it is most of a small test


@pytest.fixture
async def beside() -> AsyncIterator[Beside]:
    async with cloudy(Cloud(KEY)) as one:
        one.cloud.member = MEMBER
        yield one


async def test_the_address_is_asked_for_once_and_comes_with_the_first_message(beside: Beside) -> None:
    told = await asyncio.gather(*(beside.tell(beside.cloud.activity(id=str(n))) for n in range(5)))
    assert set(told) == {200}
    assert [one.by.email for one in beside.door.events] == ["ana@school.example"] * 5
    assert beside.cloud.asked.count("member") == 1


async def test_among_others_nobody_is_looked_up(beside: Beside) -> None:
    mention = {"type": "mention", "text": "<at>B</at>", "mentioned": {"id": beside.cloud.activity()["recipient"]["id"]}}
    place = {"id": "19:x@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
    body = beside.cloud.activity("<at>B</at> coteach ana", conversation=place, entities=[mention])
    assert await beside.tell(body) == 200
    assert (beside.door.events[0].by.email, beside.cloud.asked.count("member")) == ("", 0)


@pytest.mark.parametrize("told", [302, 404, 429, 500])
async def test_whoever_cannot_be_looked_up_is_heard_all_the_same(beside: Beside, told: object) -> None:
    beside.cloud.status["member"] = [told]
    assert await beside.tell() == 200
    assert await beside.tell(beside.cloud.activity(id="2")) == 200
    assert [one.by.email for one in beside.door.events] == ["", ""]
    assert beside.cloud.asked.count("member") == 1, "a failure is not asked for again at once"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, "ana@school.example"),
        ({"email": ""}, "ana.r@school.example"),
        ({"email": "no address", "tenant": TENANT.upper()}, "ana.r@school.example"),
        ({"email": "a\nb@school.example", "upn": "x"}, ""),
        ({"tenant": ""}, ""),
        ({"role": "something new"}, ""),
        ({"tenant": SECOND}, "ana@school.example"),
    ],
)
def test_only_an_address_that_our_own_tenant_vouches_for_counts(changed: dict[str, Any], found: str) -> None:
    known = {"email": "Ana@school.example", "upn": "ana.r@school.example", "role": "user", "tenant": TENANT}
    assert judged(Profile(**(known | changed)), frozenset((TENANT, SECOND))) == Known(found)


@pytest.mark.parametrize(
    ("changed", "barred"),
    [({"role": "guest"}, "guest"), ({"role": "anonymous"}, "stranger"), ({"tenant": "another"}, "stranger")],
)
async def test_a_guest_and_somebody_of_another_tenant_are_none_of_ours(
    beside: Beside, changed: dict[str, str], barred: str
) -> None:
    names = {"role": "userRole", "tenant": "tenantId"}
    beside.cloud.member = MEMBER | {names[name]: value for name, value in changed.items()}
    assert await beside.tell() == 200
    (event,) = beside.door.events
    assert (event.by.email, event.by.barred) == ("", barred)
