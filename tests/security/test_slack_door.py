"""Slack's door: only what Slack signed comes in, and nothing it signed brings the house down."""

import hashlib
import hmac
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote, urlencode

import aiohttp
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.slack.connection import connect
from adapters.slack.door import genuine, secrets_of
from adapters.slack.inbound import action, command, event, submission
from adapters.slack.payloads import Malformed, parsed
from bot.cards import NOTHING, Answer
from bot.events import FromPlatform
from bot.settings import Settings

SECRET = "the-secret-in-use"
NEXT = "the-secret-to-come"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CANARY = "canary-of-this-test"

SAID: dict[str, object] = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": CANARY, "ts": "1.1"},
}
COMMAND = {
    "command": "/coteach", "text": CANARY, "trigger_id": "1.2.a", "user_id": "U1", "team_id": "T1",
    "channel_id": "D1", "response_url": "https://hooks.slack.com/commands/T1/1/x",
}  # fmt: skip
PRESSED: dict[str, object] = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "trigger_id": "1.3.a",
    "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1", "is_ephemeral": False},
    "response_url": "https://hooks.slack.com/actions/T1/1/x",
    "state": {"values": {"part:1": {"part": {"type": "radio_buttons", "selected_option": {"value": "menu"}}}}},
    "actions": [{"type": "button", "action_id": "keep:0", "block_id": "b", "value": '["thread",1,"keep",""]'}],
}
SUBMITTED: dict[str, object] = {
    "type": "view_submission",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "trigger_id": "1.4.a",
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "beside",
        "private_metadata": '["thread",1,"keep",""]',
        "blocks": [{"type": "input", "block_id": "day"}],
        "state": {"values": {"day": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}}}},
    },
}
BODY = json.dumps(SAID).encode()


class Recorder:
    def __init__(self) -> None:
        self.events: list[FromPlatform] = []

    async def handle(self, event: FromPlatform) -> Answer:
        self.events.append(event)
        return NOTHING


class Door:
    """Our own door on a port of its own, with a platform that counts who calls it."""

    def __init__(self, url: str, recorder: Recorder, calls: list[str], session: aiohttp.ClientSession) -> None:
        self.url = url
        self.recorder = recorder
        self.calls = calls
        self._session = session

    async def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        async with self._session.post(
            self.url, data=io.BytesIO(body), headers=headers, skip_auto_headers=["Content-Type"]
        ) as answer:
            return answer.status, await answer.read()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    recorder, calls = Recorder(), list[str]()

    async def api(request: web.Request) -> web.Response:
        if request.match_info["method"] != "auth.test":
            calls.append(request.match_info["method"])
        return web.json_response({"ok": True, "team_id": "T1", "team": "Lincoln", "user_id": "UB", "bot_id": "B1"})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", api)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    site_app = web.Application()
    site_runner = web.AppRunner(site_app, access_log=None, shutdown_timeout=1, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await connect(
        site_app,
        recorder,
        Settings(
            slack_signing_secret=SecretStr(f"{SECRET}, {NEXT}"),
            slack_bot_token=SecretStr("xoxb-fake"),
            slack_api_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/",
        ),
    )
    await site_runner.setup()
    await web.TCPSite(site_runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Door(f"http://127.0.0.1:{site_runner.addresses[0][1]}/slack/events", recorder, calls, session)
    await site_runner.cleanup()
    await runner.cleanup()


def sign(body: bytes, secret: str = SECRET, stamp: str | None = None) -> str:
    moment = (str(int(time.time())) if stamp is None else stamp).encode()
    return "v0=" + hmac.new(secret.encode(), b"v0:" + moment + b":" + body, hashlib.sha256).hexdigest()


def headers(body: bytes = BODY, secret: str = SECRET, skew: float = 0, kind: str = JSON) -> dict[str, str]:
    stamp = str(int(time.time() + skew))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(body, secret, stamp),
    }


def payload(body: object) -> bytes:
    return urlencode({"payload": json.dumps(body)}).encode()


def with_signature(change: str) -> dict[str, str]:
    return headers() | {"X-Slack-Signature": change}


def with_time(stamp: str) -> dict[str, str]:
    """A stamp that Slack never writes, under a signature that is right for it."""
    return headers() | {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": sign(BODY, stamp=stamp)}


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in headers().items() if name not in names}


def forgeries() -> dict[str, tuple[bytes, dict[str, str]]]:
    """Each made at the moment it is used, so that nothing but what it is about is wrong with it."""
    good = sign(BODY)
    return {
        "no signature": (BODY, without("X-Slack-Signature")),
        "no timestamp": (BODY, without("X-Slack-Request-Timestamp")),
        "neither": (BODY, without("X-Slack-Signature", "X-Slack-Request-Timestamp")),
        "an empty signature": (BODY, with_signature("")),
        "only the scheme": (BODY, with_signature("v0=")),
        "no scheme": (BODY, with_signature(good.removeprefix("v0="))),
        "an upper-case scheme": (BODY, with_signature(good.replace("v0", "V0"))),
        "another scheme": (BODY, with_signature(good.replace("v0", "v1"))),
        "upper-case digits": (BODY, with_signature("v0=" + good[3:].upper())),
        "a digit too few": (BODY, with_signature(good[:-1])),
        "a digit too many": (BODY, with_signature(good + "0")),
        "another digit": (BODY, with_signature(good[:-1] + ("0" if good[-1] != "0" else "1"))),
        "two in one": (BODY, with_signature(f"{good}, {good}")),
        "nothing but zeros": (BODY, with_signature("v0=" + "0" * 64)),
        "words": (BODY, with_signature("let me in")),
        "non-ASCII": (BODY, with_signature("v0=" + "é" * 64)),
        "other digits": (BODY, with_signature("v0=" + "٣" * 64)),
        "a foreign secret": (BODY, headers(secret="somebody-else's")),
        "an empty secret": (BODY, headers(secret="")),
        "both secrets as one": (BODY, headers(secret=f"{SECRET}, {NEXT}")),
        "the secret with a space": (BODY, headers(secret=f" {NEXT}")),
        "a byte changed": (BODY.replace(b"U1", b"U2"), headers()),
        "a byte added": (BODY + b" ", headers()),
        "a byte removed": (BODY[:-1], headers()),
        "no body": (b"", headers()),
        "a signature of nothing": (BODY, headers(b"")),
        "too old": (BODY, headers(skew=-301)),
        "from yesterday": (BODY, headers(skew=-86_400)),
        "too new": (BODY, headers(skew=310)),
        "a time in words": (BODY, with_time("abc")),
        "an empty time": (BODY, with_time("")),
        "a time with a point": (BODY, with_time(f"{time.time():.1f}")),
        "a time as a power": (BODY, with_time("1e400")),
        "a time without end": (BODY, with_time("9" * 5000)),
        "a negative time": (BODY, with_time("-1790000000")),
        "a time with a sign": (BODY, with_time(f"+{int(time.time())}")),
        "milliseconds": (BODY, with_time(str(int(time.time() * 1000)))),
        "zero": (BODY, with_time("0")),
        "not a number": (BODY, with_time("nan")),
        "other digits of time": (BODY, with_time("١٧٩٠٠٠٠٠٠٠")),
        "ssl_check": (b"ssl_check=1&token=x", {"Content-Type": FORM}),
        "url_verification": (b'{"type":"url_verification","challenge":"x"}', {"Content-Type": JSON}),
        "a socket mode mark": (BODY, without("X-Slack-Signature") | {"X-Slack-Bolt-Lazy-Only": "1"}),
        "not JSON": (b"{{{", {"Content-Type": JSON}),
        "bad UTF-8": (b"\xff\xfe\x00", {"Content-Type": JSON}),
        "very deep": (b"[" * 100_000, {"Content-Type": JSON}),
        "a bad payload": (b"payload=%7B%7B", {"Content-Type": FORM}),
        "no content type": (BODY, {}),
    }


@pytest.mark.req("DOOR-1", "DOOR-2", "DOOR-3", "DOOR-4")
@pytest.mark.parametrize("name", forgeries())
async def test_a_forgery_stays_outside(door: Door, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    body, given_headers = forgeries()[name]
    assert await door.post(body, given_headers) == (401, b"")
    assert door.recorder.events == []
    assert door.calls == []
    lines = [record.getMessage() for record in caplog.records]
    kept_quiet = [CANARY, SECRET, given_headers.get("X-Slack-Signature") or CANARY]
    assert not [line for line in lines if any(word in line for word in kept_quiet)]
    assert "slack request refused: unsigned" in lines


async def test_two_of_a_header_are_one_too_many(door: Door) -> None:
    async with aiohttp.ClientSession() as session:
        for name in ("X-Slack-Signature", "X-Slack-Request-Timestamp"):
            twice = [*headers().items(), (name, headers()[name])]
            async with session.post(door.url, data=BODY, headers=twice) as answer:
                assert answer.status == 401


@pytest.mark.req("DOOR-2", "DOOR-5")
@pytest.mark.parametrize(("secret", "skew"), [(SECRET, 0), (NEXT, 0), (SECRET, -290), (SECRET, 290)])
async def test_what_slack_signed_comes_in(door: Door, secret: str, skew: float) -> None:
    assert await door.post(BODY, headers(secret=secret, skew=skew)) == (200, b"")
    assert len(door.recorder.events) == 1


@pytest.mark.req("DOOR-2")
@pytest.mark.parametrize(("away", "right"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_five_minutes_are_five_minutes(away: int, right: bool) -> None:
    stamp = "1790000000"
    assert genuine(BODY, [stamp], [sign(BODY, stamp=stamp)], (SECRET.encode(),), 1790000000 + away) is right


@pytest.mark.req("DOOR-5")
def test_an_empty_secret_is_none() -> None:
    assert secrets_of(" , ,") == ()
    assert secrets_of(f" {SECRET} ,{NEXT},") == (SECRET.encode(), NEXT.encode())
    assert not genuine(BODY, ["1790000000"], [sign(BODY, "", "1790000000")], (), 1790000000)


@pytest.mark.req("DOOR-4")
async def test_a_signed_greeting_is_answered(door: Door) -> None:
    hello = b'{"type":"url_verification","challenge":"abc"}'
    assert await door.post(hello, headers(hello)) == (200, b'{"challenge": "abc"}')
    check = b"ssl_check=1&token=x"
    assert (await door.post(check, headers(check, kind=FORM)))[0] == 200
    assert door.recorder.events == []


@pytest.mark.req("FEED-2")
async def test_too_much_and_packed_bodies_stay_outside(door: Door) -> None:
    big = b" " * (1024 * 1024 + 1)
    assert (await door.post(big, headers(big)))[0] == 413

    async def without_a_length() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    async with aiohttp.ClientSession() as session, session.post(door.url, data=without_a_length()) as answer:
        assert answer.status == 413
    fits = BODY + b" " * (1024 * 1024 - len(BODY))
    assert (await door.post(fits, headers(fits)))[0] == 200
    for packing in ("gzip", "deflate", "br", "identity"):
        assert (await door.post(BODY, headers() | {"Content-Encoding": packing}))[0] == 415
    many = urlencode({f"f{number}": "" for number in range(100_000)}).encode()[:1_000_000]
    assert (await door.post(many, headers(many, kind=FORM)))[0] == 400


async def test_there_is_one_way_in(door: Door) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "PUT", "DELETE"):
            async with session.request(method, door.url) as answer:
                assert answer.status == 405


def changed(body: Mapping[str, object], *path: str, to: object) -> dict[str, object]:
    head, *rest = path
    inner = body.get(head)
    return {**body, head: changed(inner, *rest, to=to) if rest and isinstance(inner, dict) else to}


ODD: list[object] = [None, True, 5, -1.5, "", "x" * 70_000, [], ["a"], {}, {"id": 5}]
PATHS = {
    "said": (SAID, ["type", "team_id", "event_id", "event", "event.type", "event.user", "event.channel", "event.text"]),
    "pressed": (
        PRESSED,
        ["user", "user.id", "team", "trigger_id", "container", "response_url", "state.values", "actions"],
    ),
    "submitted": (SUBMITTED, ["user", "view", "view.id", "view.state", "view.blocks", "view.private_metadata"]),
}
MALFORMED: list[tuple[bytes, str]] = [
    (b"", JSON), (b"", FORM), (b"null", JSON), (b"[]", JSON), (b"5", JSON), (b'"x"', JSON), (b"{", JSON),
    (b"[" * 200_000, JSON), (b'{"a":' * 1000, JSON), (b"\xef\xbb\xbf" + BODY, JSON),
    (BODY.decode().encode("utf-16"), JSON),
    (b'{"type":NaN}', JSON), (b'{"event_time":' + b"9" * 5000 + b"}", JSON), (b'{"a":"\\ud800 b"}', JSON),
    (BODY + b"\x00", JSON), (b"\xff", JSON), (BODY, "text/plain"), (BODY, "multipart/form-data"), (BODY, "a/b;c=d;;"),
    (b"payload=5", FORM), (b"payload=[]", FORM), (b"payload=%7B", FORM), (b"payload=%FF", FORM), (b"payload", FORM),
    (b"payload=" + quote(json.dumps(PRESSED)).encode() + b"&payload=5", FORM), (b"%00=%00", FORM),
    (b"command=coteach&user_id=U1&trigger_id=1", FORM), (b"command=%2Fx&user_id=%00", FORM),
    *((json.dumps(changed(SAID, *path.split("."), to=odd)).encode(), JSON) for path in PATHS["said"][1] for odd in ODD),
    *((payload(changed(body, *path.split("."), to=odd)), FORM) for body, paths in (PATHS["pressed"], PATHS["submitted"])
      for path in paths for odd in ODD),
]  # fmt: skip


@pytest.mark.req("FEED-1")
async def test_signed_nonsense_is_refused_and_the_next_good_request_comes_in(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for body, kind in MALFORMED:
        started = time.monotonic()
        status, said = await door.post(body, headers(body, kind=kind))
        assert status in {200, 400}, body[:200]
        assert said in {b"", b"{}"}, body[:200]
        assert time.monotonic() - started < 20  # a hang guard
    door.recorder.events.clear()
    assert await door.post(BODY, headers()) == (200, b"")
    assert len(door.recorder.events) == 1
    assert CANARY not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("read", "good", "path"),
    [
        (event, SAID, "event_id"),
        (event, SAID, "event.user"),
        (action, PRESSED, "trigger_id"),
        (submission, SUBMITTED, "view.id"),
        (command, COMMAND, "trigger_id"),
    ],
)
def test_an_id_is_an_id(read: object, good: Mapping[str, object], path: str) -> None:
    assert callable(read)
    assert read(good) is not None
    for odd in ("", "a b", "a\x00", "<@U1>", "x" * 300, 5, ["a"]):
        with pytest.raises(Malformed):
            read(changed(good, *path.split("."), to=odd))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.req("FEED-1")
@given(data=st.data())
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_reading_is_either_an_event_or_a_refusal(data: st.DataObject) -> None:
    read, good = data.draw(
        st.sampled_from([(event, SAID), (action, PRESSED), (submission, SUBMITTED), (command, COMMAND)])
    )

    def shaken(node: object) -> object:
        if data.draw(st.integers(0, 9)) == 0:
            return data.draw(JUNK)
        if isinstance(node, dict):
            return {key: shaken(value) for key, value in node.items() if data.draw(st.integers(0, 15))}
        return [shaken(one) for one in node] if isinstance(node, list) else node

    body = shaken(good)
    try:
        raw = json.dumps(body).encode()
        read(parsed(raw, JSON))
    except (Malformed, UnicodeEncodeError):
        return


@pytest.mark.req("LOG-5")
async def test_a_flood_of_forgeries_is_one_line_in_the_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(200):
        assert (await door.post(BODY, {}))[0] == 401
    assert len([record for record in caplog.records if record.name == "beside.slack"]) == 1
