"""A whole run of attacks on Slack's door, each told what it deserves: outside, refused, or one effect and no more.

They are made from good requests, one thing wrong with each, and all go through the same door one after the other.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from msgspec import Struct
from pydantic import SecretStr

from adapters.slack.connection import connect
from bot.cards import NOTHING, Answer
from bot.events import FromPlatform
from bot.settings import Settings
from tests.contract.test_slack.shapes import Json, envelope, interaction, pressed, said, view
from tests.fakes.slack.courier import FORM, JSON, signature
from tests.fakes.slack.payloads import TOKEN

SECRET = "the-secret-in-use"
CANARY = "canary-of-this-test"
OURS: Json = {"type": "button", "action_id": "keep:0", "value": '["thread",1,"keep",""]'}
VALUES: Json = {"day": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}}}
GOOD = {
    "said": envelope(said(text=CANARY)),
    "home": envelope({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "view": view("home")}),
    "pressed": pressed(OURS),
    "sheet": pressed(OURS, view=view(), container={"type": "view", "view_id": "V1"}, message=None),
    "sent": interaction("view_submission", view=view(state={"values": VALUES})),
    "shortcut": interaction("message_action", callback_id="propose", message={"user": "U2", "text": CANARY}),
}


class Probe(Struct, frozen=True):
    """`right` are the answers that fit; the same bytes come so many `times` at once, and `heard` of them count."""

    name: str
    body: bytes
    right: frozenset[int]
    kind: str = JSON
    skew: float = 0
    secret: str = SECRET
    headers: tuple[tuple[str, str], ...] = ()
    bare: bool = False
    times: int = 1
    heard: int | None = None


def packed(name: str, body: object) -> tuple[bytes, str]:
    """As Slack would send it: events as JSON, interactions in a form."""
    written = json.dumps(body)
    if name in ("said", "home"):
        return written.encode(), JSON
    return urlencode({"payload": written}).encode(), FORM


OUTSIDE, REFUSED, READ = frozenset({401}), frozenset({400}), frozenset({200, 400})
ODD: dict[str, object] = {
    "null": None, "true": True, "a number": 5, "a fraction": -1.5, "a huge number": 10**400, "nothing": "",
    "a long text": "x" * 70_000, "a list": [], "a list of lists": [[[]]], "an object": {}, "an object in it": {"id": 5},
    "a NUL": "U\x00", "a surrogate": "\ud800", "a path": "../../etc/passwd", "a query": "' OR 1=1 --",
    "a template": "{{7*7}}${7*7}", "markup": "<!channel><script>alert(1)</script>", "a newline": "U1\r\nX-Evil: 1",
}  # fmt: skip


def unsigned() -> Iterator[Probe]:
    """Everything Slack ever sends, from somebody who is not Slack."""
    for name, body in GOOD.items():
        raw, kind = packed(name, body)
        yield Probe(f"{name}: unsigned", raw, OUTSIDE, kind, bare=True)
        yield Probe(f"{name}: another secret", raw, OUTSIDE, kind, secret="somebody-else's")
        yield Probe(f"{name}: no secret", raw, OUTSIDE, kind, secret="")
        yield Probe(f"{name}: the token of old as the secret", raw, OUTSIDE, kind, secret=TOKEN)
        for skew in (-301, -3600, -86_400, 310, 86_400):
            yield Probe(f"{name}: {skew} seconds away", raw, OUTSIDE, kind, skew=skew)
        for header in ("X-Slack-Signature", "X-Slack-Request-Timestamp"):
            for value in ("", "0", "v0=", "v0=" + "0" * 64, "9" * 400, "ü", "null"):
                yield Probe(f"{name}: {header} is {value[:12]!r}", raw, OUTSIDE, kind, headers=((header, value),))


def strange() -> Iterator[Probe]:
    """Signed, and not what it should be."""
    for raw in (
        b"",
        b"null",
        b"[]",
        b"5",
        b'"x"',
        b"{",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"{}" * 2,
        b'{"a":NaN}',
        b"[" * 100_000,
    ):
        for kind in (JSON, FORM, "text/plain", "multipart/form-data; boundary=x", "application/xml"):
            right = READ if kind == FORM and b"=" in raw else REFUSED
            yield Probe(f"{raw[:12]!r} as {kind[:20]}", raw, right | ({200} if kind == FORM else frozenset()), kind)
    for raw in (b"payload=", b"payload=5", b"payload=%FF", b"payload=[]", b"payload=%7B%22type%22%3A", b"payload"):
        yield Probe(f"{raw!r}", raw, READ, FORM)
    deep = '{"a":' * 2000 + "1" + "}" * 2000
    yield Probe("deep", deep.encode(), REFUSED)
    yield Probe(
        "deep in blocks", json.dumps(envelope(said(blocks="DEEP"))).replace('"DEEP"', _deep(600)).encode(), READ
    )
    yield Probe("a thousand fields", ("&".join(f"f{n}=" for n in range(1000))).encode(), REFUSED, FORM)
    yield Probe("too much", b" " * (1024 * 1024 + 1), frozenset({413}))
    for coding in ("gzip", "br", "deflate", "zstd"):
        yield Probe(f"packed by {coding}", b"{}", frozenset({415}), headers=(("Content-Encoding", coding),))


def _deep(levels: int) -> str:
    return '[{"type":"rich_text_section","elements":' * levels + "[]" + "}]" * levels


PATHS = {
    "said": "type team_id event_id event event.type event.user event.channel event.text event.ts event.thread_ts "
            "event.blocks event.files authorizations",
    "home": "event.tab event.view event.view.hash",
    "pressed": "user user.id team trigger_id container response_url state.values actions message",
    "sheet": "view view.id view.type view.hash view.blocks view.title view.state",
    "sent": "user view view.id view.state view.blocks view.private_metadata",
    "shortcut": "callback_id trigger_id message message.user message.text user.id",
}  # fmt: skip


def wrong_types() -> Iterator[Probe]:
    """One field of a good request at a time is something else."""
    odd = itertools.cycle(ODD)
    for name, paths in PATHS.items():
        for path in paths.split():
            for _ in range(4):
                what = next(odd)
                raw, kind = packed(name, _changed(GOOD[name], path.split("."), ODD[what]))
                yield Probe(f"{name}: {path} is {what}", raw, READ, kind)


def _changed(body: Json, path: list[str], to: object) -> Json:
    head, *rest = path
    inner = body.get(head)
    return {**body, head: _changed(inner, rest, to) if rest and isinstance(inner, dict) else to}


def again() -> Iterator[Probe]:
    """The same, several times at once: each is heard as the same happening, by its key."""
    for name, body in GOOD.items():
        raw, kind = packed(name, body | {"event_id": "EvAgain", "trigger_id": "9.9.again"})
        yield Probe(f"{name}: five at once", raw, frozenset({200}), kind, times=5, heard=1)
        yield Probe(f"{name}: and once more", raw, frozenset({200}), kind, heard=1)
    for name, more in (
        ("an unknown workspace", {"team_id": "T9999"}), ("no workspace", {"team_id": None}),
        ("an unknown event", {"event": {"type": "never_heard_of"}}), ("an unknown kind", {"type": "never_heard_of"}),
    ):  # fmt: skip
        yield Probe(name, json.dumps(GOOD["said"] | more).encode(), READ)
    strange_url = pressed(OURS, response_url="http://169.254.169.254/latest/meta-data", message=None)
    yield Probe("an address that is not Slack's", packed("pressed", strange_url)[0], frozenset({200}), FORM)


def probes() -> tuple[Probe, ...]:
    return (*unsigned(), *strange(), *wrong_types(), *again())


class Door:
    """Writes down what came through."""

    def __init__(self) -> None:
        self.events: list[FromPlatform] = []

    async def handle(self, event: FromPlatform) -> Answer:
        self.events.append(event)
        return NOTHING


@pytest.fixture
async def attacked() -> AsyncIterator[tuple[str, Door]]:
    door = Door()

    async def api(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": "T0001", "user_id": "U1BOT", "bot_id": "B1"})

    slack, house = web.Application(), web.Application()
    slack.router.add_route("*", "/api/{method}", api)
    runners = [web.AppRunner(slack, access_log=None), web.AppRunner(house, access_log=None, auto_decompress=False)]
    await runners[0].setup()
    await web.TCPSite(runners[0], "127.0.0.1", 0).start()
    named = Settings(
        slack_signing_secret=SecretStr(SECRET), slack_bot_token=SecretStr("xoxb-fake"),
        slack_api_url=f"http://127.0.0.1:{runners[0].addresses[0][1]}/api/",
    )  # fmt: skip
    await connect(house, door, named)
    await runners[1].setup()
    await web.TCPSite(runners[1], "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runners[1].addresses[0][1]}/slack/events", door
    for runner in reversed(runners):
        await runner.cleanup()


def headers(probe: Probe) -> dict[str, str]:
    stamp = str(int(time.time() + probe.skew))
    made = {"Content-Type": probe.kind}
    if not probe.bare:
        made |= {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(probe.secret, stamp, probe.body),
        }
    return made | dict(probe.headers)


@pytest.mark.req("DOOR-1", "DOOR-2", "DOOR-4", "FEED-1", "FEED-2", "ONCE-1")
async def test_every_attack_is_told_what_it_deserves_and_has_one_effect_at_most(
    attacked: tuple[str, Door], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    url, door = attacked
    run, wrong = probes(), []
    assert len(run) >= 260
    async with aiohttp.ClientSession() as session:
        for probe in run:
            before = len(door.events)
            told = await asyncio.gather(*(_post(session, url, probe) for _ in range(probe.times)))
            heard = {event.key for event in door.events[before:]}
            fits = {status for status, _ in told} <= probe.right and not any(body.strip(b"{}") for _, body in told)
            fits = fits and (probe.right != OUTSIDE or not heard) and len(heard) <= 1
            if not fits or (probe.heard is not None and len(heard) != probe.heard):
                wrong.append((probe.name, told, len(heard)))
        assert wrong == []
        raw, kind = packed("said", GOOD["said"] | {"event_id": "EvNext"})
        assert await _post(session, url, Probe("the next good one", raw, frozenset({200}), kind)) == (200, b"")
    assert door.events[-1].key.endswith("EvNext")
    assert CANARY not in caplog.text
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text
    assert "169.254" not in caplog.text


async def _post(session: aiohttp.ClientSession, url: str, probe: Probe) -> tuple[int, bytes]:
    async with session.post(url, data=io.BytesIO(probe.body), headers=headers(probe)) as answer:
        return answer.status, await answer.read()
