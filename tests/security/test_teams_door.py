"""Teams' door: only what Teams signed for us comes in, and nothing it signed brings the house down."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
import pytest
from aiohttp import web

from adapters.teams.hosts import allowed
from bot.events import Said
from tests.support.teams_cloud import APP, SECOND, TENANT, Beside, Cloud, Key, cloudy

NOW = int(time.time())
KEY = Key("first")  # one for all of them: making it is most of a small test
STRANGER = Key("first")  # signs with the id of a key that is not theirs
UNKNOWN = Key("unknown")
CANARY = "canary-of-this-test"


@pytest.fixture
async def beside() -> AsyncIterator[Beside]:
    async with cloudy(Cloud(KEY)) as one:
        yield one


def raw(header: object, claims: object, signature: bytes = b"x") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def hs256(cloud: Cloud) -> str:
    """Signed with the public key, as if it were a secret."""
    public = cloud.keys[0].public()["n"]
    return jwt.encode(cloud.claims(), public, algorithm="HS256", headers={"kid": "first"})


def in_other(cloud: Cloud, algorithm: str) -> str:
    return jwt.encode(cloud.claims(), cloud.keys[0].private, algorithm=algorithm, headers={"kid": "first"})


def turned(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["exp"] += 1
    return ".".join((head, base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("="), signature))


BAD: dict[str, Callable[[Cloud], str | None]] = {
    "none at all": lambda c: None,
    "empty": lambda c: "",
    "basic": lambda c: "Basic YTpi",
    "bearer of nothing": lambda c: "Bearer ",
    "another scheme": lambda c: f"Token {c.token()}",
    "lower case scheme": lambda c: f"bearer {c.token()}",
    "two in one": lambda c: f"Bearer {c.token()}, Bearer {c.token()}",
    "junk": lambda c: "Bearer junk",
    "a.b.c": lambda c: "Bearer a.b.c",
    "two parts": lambda c: f"Bearer {c.token().rpartition('.')[0]}",
    "no signature": lambda c: f"Bearer {c.token().rpartition('.')[0]}.",
    "header is a list": lambda c: f"Bearer {raw([], c.claims())}",
    "claims are a list": lambda c: f"Bearer {raw({'alg': 'RS256', 'kid': 'first'}, [])}",
    "very long": lambda c: f"Bearer {c.token(x='x' * 5000)}",
    "alg none": lambda c: f"Bearer {raw({'alg': 'none', 'kid': 'first'}, c.claims(), b'')}",
    "alg none as RS256": lambda c: f"Bearer {raw({'alg': 'RS256', 'kid': 'first'}, c.claims(), b'')}",
    "HS256 with the public key": lambda c: f"Bearer {hs256(c)}",
    "RS384": lambda c: f"Bearer {in_other(c, 'RS384')}",
    "PS256": lambda c: f"Bearer {in_other(c, 'PS256')}",
    "no kid": lambda c: f"Bearer {jwt.encode(c.claims(), c.keys[0].private, algorithm='RS256')}",
    "kid is a number": lambda c: f"Bearer {raw({'alg': 'RS256', 'kid': 1}, c.claims())}",
    "key nobody knows": lambda c: f"Bearer {c.token(UNKNOWN)}",
    "key of a stranger": lambda c: f"Bearer {c.token(STRANGER)}",
    "changed after signing": lambda c: f"Bearer {turned(c.token())}",
    "another issuer": lambda c: f"Bearer {c.token(iss='https://login.test')}",
    "emulator v1": lambda c: f"Bearer {c.token(iss='https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/')}",
    "emulator v2": lambda c: (
        f"Bearer {c.token(iss='https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0')}"
    ),
    "issuer with a slash": lambda c: f"Bearer {c.token(iss='https://api.botframework.com/')}",
    "no issuer": lambda c: f"Bearer {c.token(iss=None)}",
    "another audience": lambda c: f"Bearer {c.token(aud='22222222-2222-3333-4444-555555555555')}",
    "several audiences": lambda c: f"Bearer {c.token(aud=[APP, 'other'])}",
    "empty audience": lambda c: f"Bearer {c.token(aud='')}",
    "no audience": lambda c: f"Bearer {c.token(aud=None)}",
    "expired": lambda c: f"Bearer {c.token(exp=NOW - 1000, nbf=NOW - 5000)}",
    "no exp": lambda c: f"Bearer {c.token(exp=None)}",
    "exp is a word": lambda c: f"Bearer {c.token(exp='soon')}",
    "nbf ahead": lambda c: f"Bearer {c.token(nbf=NOW + 5000, exp=NOW + 9000)}",
    "no nbf": lambda c: f"Bearer {c.token(nbf=None)}",
    "no serviceurl": lambda c: f"Bearer {c.token(serviceurl=None)}",
    "another serviceurl": lambda c: f"Bearer {c.token(serviceurl='https://smba.trafficmanager.net/other/')}",
    "serviceurl is a list": lambda c: f"Bearer {c.token(serviceurl=[c.service])}",
}


def test_the_table_is_long_enough() -> None:
    assert len(BAD) >= 26


@pytest.mark.req("DOOR-6", "DOOR-8")
@pytest.mark.parametrize("name", BAD)
async def test_a_bad_token_is_refused_and_nobody_is_asked(beside: Beside, name: str) -> None:
    status = await beside.tell(headers={"Authorization": BAD[name](beside.cloud)})
    assert status == 401
    assert beside.door.events == []
    assert beside.platform.refused.total() == 1


@pytest.mark.req("DOOR-6", "DOOR-7")
async def test_with_one_tenant_alone_every_bad_token_is_refused_too() -> None:
    async with cloudy(teams_tenants=TENANT) as beside:
        cloud = beside.cloud
        told = {name: await beside.tell(headers={"Authorization": bad(cloud)}) for name, bad in BAD.items()}
        assert told == dict.fromkeys(BAD, 401)
        assert beside.door.events == []
        second: dict[str, Any] = {
            "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": SECOND},
            "channelData": {"tenant": {"id": SECOND}},
        }
        assert await beside.tell(cloud.activity(**second)) == 403
        assert await beside.tell() == 200
        assert len(beside.door.events) == 1


async def test_two_tokens_are_none(beside: Beside) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(beside.url.rpartition(":")[2]))
    body = json.dumps(beside.cloud.activity()).encode()
    token = f"Authorization: Bearer {beside.cloud.token()}\r\n"
    head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{token}{token}"
    writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    assert (await reader.readline()).startswith(b"HTTP/1.1 40")
    writer.close()
    assert beside.door.events == []


@pytest.mark.req("DOOR-6")
@pytest.mark.parametrize("away", [{}, {"exp": -200}, {"nbf": 200}, {"iat": 9000}])
async def test_a_good_token_comes_in_also_where_clocks_differ(beside: Beside, away: dict[str, int]) -> None:
    now = int(time.time())  # asked now: a long run of other tests may lie before this one
    more: dict[str, Any] = {name: now + seconds for name, seconds in away.items()}
    assert await beside.tell(token=beside.cloud.token(**more)) == 200
    (event,) = beside.door.events
    assert isinstance(event, Said)
    assert (event.text, event.by.user[:8], event.by.zone) == ("hello", "0a0a0a0a", "America/Chicago")


@pytest.mark.req("DOOR-6")
async def test_a_key_without_the_channel_is_no_key_for_it() -> None:
    cloud = Cloud()
    cloud.keys = [Key("first", ("webchat", "skype"))]
    async with cloudy(cloud) as beside:
        assert await beside.tell() == 401
        cloud.keys[0].endorsements = ()
        assert await beside.tell() == 401
        assert beside.door.events == []


@pytest.mark.req("DOOR-6")
async def test_a_rotated_key_works_at_the_first_try_and_made_up_ones_ask_little(beside: Beside) -> None:
    cloud = beside.cloud
    assert await beside.tell() == 200
    cloud.keys = [Key("second")]
    assert await beside.tell(beside.cloud.activity(id="2")) == 200
    asked = cloud.asked.count("keys")
    told = await asyncio.gather(*(beside.tell(token=cloud.token(UNKNOWN)) for _ in range(50)))
    assert set(told) == {401}
    assert cloud.asked.count("keys") <= asked + 2
    assert await beside.tell(beside.cloud.activity(id="3")) == 200


@pytest.mark.parametrize(
    "fault", [500, 404, web.Response(text="not json"), web.json_response([]), web.json_response({"keys": []}), "cut"]
)
async def test_with_no_keys_to_be_had_nobody_comes_in_and_later_somebody_does(fault: object) -> None:
    cloud = Cloud()
    cloud.status["keys"] = [fault, fault]
    async with cloudy(cloud) as beside:
        await asyncio.sleep(0.05)
        assert await beside.tell() in (401, 200)
        cloud.status.clear()
        beside.platform._keys._vain = -10.0  # noqa: SLF001 - the pause between looks is over
        assert await beside.tell(beside.cloud.activity(id="2")) == 200


@pytest.mark.req("DOOR-7")
@pytest.mark.parametrize(
    ("conversation", "channel", "status"),
    [
        (TENANT, TENANT, 200),
        (SECOND, SECOND, 200),
        (TENANT.upper(), TENANT, 200),
        ("other", "other", 403),
        (TENANT, SECOND, 403),
        (TENANT, "other", 403),
        ("other", TENANT, 403),
        (None, TENANT, 403),
        (TENANT, None, 403),
        (None, None, 403),
        ("", "", 400),
    ],
)
async def test_only_our_tenants_are_let_in(
    beside: Beside, conversation: str | None, channel: str | None, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    body = beside.cloud.activity()
    body["conversation"] = {"id": "a:1", "conversationType": "personal"} | (
        {} if conversation is None else {"tenantId": conversation}
    )
    body["channelData"] = {} if channel is None else {"tenant": {"id": channel}}
    assert await beside.tell(body) == status
    assert len(beside.door.events) == (status == 200)
    # Whoever runs this sees why, by a figure and one line, and nothing that the activity says.
    why = {200: [], 400: ["malformed"]}.get(status, ["tenant" if conversation and channel else "no_tenant"])
    assert [*beside.platform.refused] == why
    assert [one.getMessage() for one in caplog.records if one.name == "beside.teams"] == [
        f"teams request refused: {reason}" for reason in why
    ]


@pytest.mark.parametrize("channel", ["emulator", "webchat", "msteams2", "directline"])
async def test_other_channels_are_refused(beside: Beside, channel: str) -> None:
    assert await beside.tell(beside.cloud.activity(channelId=channel)) == 401
    assert beside.door.events == []


@pytest.mark.req("DOOR-9")
@pytest.mark.parametrize(
    ("address", "let_in"),
    [
        ("https://smba.trafficmanager.net/teams/", True),
        ("https://smba.trafficmanager.net/amer/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee/", True),
        ("https://smba.infra.gcc.teams.microsoft.com/teams/", True),
        ("https://europe.botframework.com", True),
        ("http://smba.trafficmanager.net/teams/", False),
        ("https://smba.trafficmanager.net.evil.test/", False),
        ("https://evil.test/smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net@evil.test/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://evilbotframework.com/", False),
        ("https://smba.trafficmanager.net/../x", False),
        ("https://smba.trafficmanager.net/teams/?x=1", False),
        ("https://smba.trafficmanager.net/{x}/", False),
        ("https://smba.trafficmanager.net/teams/#x", False),
        ("https://smba.trafficmanager.net/te ams/", False),
        ("ftp://smba.trafficmanager.net/", False),
        ("//smba.trafficmanager.net/", False),
        ("http://127.0.0.1:9/teams/", False),
        ("https://localhost/teams/", False),
        ("https://169.254.169.254/", False),
        ("", False),
    ],
)
def test_we_write_to_microsoft_and_to_nobody_else(address: str, let_in: bool) -> None:
    assert allowed(address, "") is let_in
    assert allowed(address, "https://login.microsoftonline.com") is let_in


def test_this_machine_is_written_to_only_while_the_login_is_here_too() -> None:
    assert allowed("http://127.0.0.1:9/teams/", "http://127.0.0.1:8")
    assert not allowed("http://127.0.0.1:9/teams/", "https://login.microsoftonline.com")


async def test_a_foreign_service_url_is_refused_even_where_the_token_names_it(beside: Beside) -> None:
    foreign = "https://evil.test/teams/"
    told = await beside.tell(beside.cloud.activity(serviceUrl=foreign), beside.cloud.token(serviceurl=foreign))
    assert (told, beside.door.events) == (401, [])


MALFORMED = [
    b"", b" ", b"null", b"[]", b"1", b'"x"', b"true", b"{", b"{}", b"{]", b"NaN", b'{"a":NaN}', b"\xff\xfe{}",
    b"\xef\xbb\xbf{}", b'{"type":"\xed\xa0\x80"}', b'{"type":"\\ud800"}', '{"type":"message"}'.encode("utf-16"),
    b"[" * 1000, b"[" * 200_000, b'{"a":' * 1000, b'{"a":' * 100_000, b'{"type":' + b"9" * 5000 + b"}",
    b'{"type":"message"}', b'{"type":null}', b"--x\r\n", b"a=b&c=d",
]  # fmt: skip
WRONG: list[dict[str, object]] = [
    {"type": 1}, {"type": []}, {"channelId": 1}, {"channelId": {}}, {"serviceUrl": 1}, {"serviceUrl": []},
    {"from": "ana"}, {"from": {}}, {"from": {"id": 1}}, {"from": {"id": ""}}, {"from": {"id": "a b"}},
    {"from": {"id": "x" * 600}}, {"recipient": []}, {"recipient": {"id": None}}, {"conversation": "a"},
    {"conversation": {}}, {"conversation": {"id": 7}}, {"conversation": {"id": "a b", "tenantId": TENANT}},
    {"id": 5}, {"id": "a\0b"}, {"id": ""}, {"text": 5}, {"text": {}}, {"text": ["x"]}, {"entities": {}},
    {"entities": [1]}, {"entities": [{"type": 3}]}, {"entities": [{"mentioned": "x"}]}, {"channelData": []},
    {"channelData": {"tenant": 1}}, {"locale": 5}, {"localTimezone": []}, {"membersAdded": "x"},
    {"membersAdded": [{}]}, {"name": 5}, {"action": {}}, {"textFormat": 1},
    {"type": "invoke", "name": "adaptiveCard/action", "value": 5},
    {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": "x"}},
    {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": []}}},
]  # fmt: skip


def test_the_malformed_are_many() -> None:
    assert len(MALFORMED) + len(WRONG) >= 40


@pytest.mark.req("FEED-1")
@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_body_is_refused_and_the_next_one_is_heard(beside: Beside, body: bytes) -> None:
    assert await beside.tell(body) == 400
    assert beside.door.events == []
    assert await beside.tell() == 200


@pytest.mark.req("FEED-1")
@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
async def test_a_field_of_another_kind_is_refused(beside: Beside, wrong: dict[str, Any]) -> None:
    assert await beside.tell(beside.cloud.activity(**wrong)) in (400, 401)
    assert beside.door.events == []


@pytest.mark.req("FEED-2", "FEED-3")
async def test_what_is_too_large_encoded_or_of_another_type_is_not_read(beside: Beside) -> None:
    huge = json.dumps(beside.cloud.activity("x" * 1_100_000)).encode()
    assert await beside.tell(io.BytesIO(huge)) == 413
    assert await beside.tell(io.BytesIO(huge), headers={"Authorization": None}) == 413

    async def dripping() -> AsyncIterator[bytes]:
        for start in range(0, len(huge), 65536):
            yield huge[start : start + 65536]

    async with beside.session.post(
        f"{beside.url}/api/messages", data=dripping(),
        headers={"Authorization": f"Bearer {beside.cloud.token()}", "Content-Type": "application/json"},
    ) as told:  # fmt: skip
        assert told.status == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data"):
        assert await beside.tell(headers={"Content-Type": kind}) == 415
    assert await beside.tell(headers={"Content-Encoding": "gzip"}) == 415
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        async with beside.session.request(method, f"{beside.url}/api/messages") as told:
            assert told.status == 405
    assert beside.door.events == []
    assert await beside.tell() == 200


@pytest.mark.req("FEED-6")
@pytest.mark.parametrize(
    "more",
    [
        {"type": "typing"}, {"type": "messageReaction"},
        {"type": "event"}, {"type": "endOfConversation"}, {"type": "something new"}, {"type": "trace"},
        {"type": "invoke", "name": "composeExtension/query"}, {"type": "invoke"}, {"text": ""}, {"text": "  "},
        {"type": "conversationUpdate"}, {"type": "installationUpdate"}, {"type": "invoke", "name": "task/fetch"},
        {"from": {"id": f"28:{APP}"}},
    ],
)  # fmt: skip
async def test_what_nobody_listens_to_is_well_received(beside: Beside, more: dict[str, Any]) -> None:
    assert await beside.tell(beside.cloud.activity(**more)) == 200
    assert beside.door.events == []


@pytest.mark.req("LOG-1", "LOG-5")
async def test_refusals_are_counted_and_told_once_and_hold_no_words(
    beside: Beside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    body = beside.cloud.activity(CANARY)
    for _ in range(100):
        assert await beside.tell(body, "a.b.c") == 401
    for _ in range(20):
        assert await beside.tell(body | {"id": 5}) == 400
    beside.door.fails = ValueError(CANARY)
    assert await beside.tell(body) == 503
    assert beside.platform.refused == {"unreadable_token": 100, "malformed": 20}
    lines = [one.getMessage() for one in caplog.records if one.name.startswith("beside")]
    assert sorted(line.partition(" id=")[0] for line in lines) == [
        "teams request failed:", "teams request refused: malformed", "teams request refused: unreadable_token",
    ]  # fmt: skip
    assert CANARY not in caplog.text
    assert beside.cloud.token()[:20] not in caplog.text


@pytest.mark.req("DOOR-6")
async def test_a_slow_login_cloud_does_not_hold_the_loop() -> None:
    cloud = Cloud()
    async with cloudy(cloud) as beside:
        cloud.delay = 0.3
        longest, last = 0.0, time.perf_counter()

        async def watch() -> None:
            nonlocal longest, last
            while True:
                await asyncio.sleep(0.005)
                longest, last = max(longest, time.perf_counter() - last), time.perf_counter()

        watching = asyncio.create_task(watch())
        bodies = [cloud.activity(id=str(n)) for n in range(10)]
        started = time.perf_counter()
        assert set(await asyncio.gather(*(beside.tell(body) for body in bodies))) == {200}
        took = time.perf_counter() - started
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert len(beside.door.events) == 10
    assert took < 10 * 2 * cloud.delay, "they waited one after the other"
    assert longest < 1.0, "the loop was held"
