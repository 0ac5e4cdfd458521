"""The house on the web as a stranger finds it: what cannot be read, who asks from where, and lines that say nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from bot.metrics import Metrics
from bot.web import application, runner

CANARY = "canary-of-this-test"
BODY = f'{{"text":"{CANARY}"}}'
POST = "POST /words HTTP/1.1\r\nHost: 127.0.0.1\r\n"
UNREAD = {
    "two ways to be long": f"{POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{BODY}",
    "two lengths": f"{POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{BODY}",
    "no length": f"{POST}Content-Length: {CANARY}\r\n\r\n{BODY}",
    "an unknown coding": f"{POST}Transfer-Encoding: x{CANARY}\r\n\r\n{BODY}",
    "a chunk that is none": f"{POST}Transfer-Encoding: chunked\r\n\r\n{CANARY}\r\n{BODY}",
    "a header with a NUL": f"{POST}X-Words: {CANARY}\0\r\n\r\n",
    "a header without end": f"{POST}X-Words: {CANARY * 1000}\r\n\r\n",
    "headers without end": POST + f"X-Words: {CANARY}\r\n" * 20_000 + "\r\n",
    "no method": f"{CANARY} / HTTP/1.1\r\n\r\n",
    "no web at all": f"\x16\x03\x01{CANARY}\r\n\r\n",
    "an address that is none": f"GET http://[::1/{CANARY} HTTP/1.1\r\nHost: [\r\n\r\n",
}


@asynccontextmanager
async def standing(idle: float = 60.0) -> AsyncIterator[str]:
    async def well() -> bool:
        return True

    async def look() -> None:
        return None

    async def words(request: web.Request) -> web.Response:
        raise ValueError(await request.text())

    app = application(well, Metrics(), look)
    app.router.add_post("/words", words)
    served = runner(app, idle)
    await served.setup()
    await web.TCPSite(served, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{served.addresses[0][1]}"
    finally:
        await served.cleanup()


async def told(url: str, raw: str, seconds: float = 5.0) -> bytes:
    """What stands on the line until it is closed."""
    reader, writer = await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)
    try:
        writer.write(raw.encode("latin-1"))
        with suppress(ConnectionError):
            return await asyncio.wait_for(reader.read(), seconds)
        return b""
    finally:
        writer.close()


@pytest.mark.req("FEED-3", "LOG-1", "LOG-5")
async def test_what_cannot_be_read_is_refused_and_nothing_of_it_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with standing() as url, aiohttp.ClientSession() as session:
        for name, raw in UNREAD.items():
            for _ in range(3):
                answer = await told(url, raw)
                assert answer == b"" or b" 400 " in answer.partition(b"\r\n")[0], (name, answer[:100])
        async with session.get(f"{url}/healthz") as healthy:
            assert healthy.status == 200
    lines = [one.getMessage() for one in caplog.records if one.name.startswith("beside")]
    assert lines
    assert all(line.startswith("request not read: ") for line in lines)
    assert len(lines) == len(set(lines))
    assert CANARY not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.req("LOG-1", "LOG-6")
async def test_what_fails_is_one_line_and_a_plain_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with (
        standing() as url, aiohttp.ClientSession() as session, session.post(f"{url}/words", data=BODY) as answer,
    ):  # fmt: skip
        assert answer.status == 503
        assert (await answer.text()).startswith("That did not work just now (")
    (line,) = (one.getMessage() for one in caplog.records if one.name.startswith("beside"))
    assert line.partition(" id=")[0] == "request failed:"
    assert line.endswith("error=ValueError")
    assert CANARY not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.req("DOOR-11")
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 200), ({"Host": "localhost"}, 200), ({"Host": "[::1]:9"}, 200), ({"Host": "evil.example"}, 404),
        ({"Host": "127.0.0.1.evil.example"}, 404), ({"Host": "["}, 404), ({"Host": ""}, 404),
        ({"X-Forwarded-For": "203.0.113.9"}, 404), ({"Forwarded": "for=203.0.113.9"}, 404),
        ({"X-Real-IP": "203.0.113.9"}, 404), ({"X-Forwarded-Host": "beside.example"}, 404),
    ],
)  # fmt: skip
async def test_figures_are_for_this_machine_alone(more: Mapping[str, str], status: int) -> None:
    async with (
        standing() as url, aiohttp.ClientSession() as session, session.get(f"{url}/metrics", headers=more) as answer,
    ):  # fmt: skip
        assert answer.status == status


@pytest.mark.req("FEED-2")
async def test_a_line_that_never_comes_to_its_end_is_closed() -> None:
    async with standing(idle=0.2) as url:
        assert await told(url, POST + "X-Words: and so o") == b""
        assert await told(url, "") == b""
