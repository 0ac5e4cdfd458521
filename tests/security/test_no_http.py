"""What comes in and is no HTTP: refused, told in one line, and quoted nowhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest
from aiohttp import web

from bot.serve import hushed
from tests.support.teams_cloud import served

WORDS = "They argued about halves for ages"
LIBRARY = logging.getLogger("aiohttp.server")
NO_HTTP = (
    # A length that is too short: the rest of a message is read as the next request.
    f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}{WORDS} and more\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost {WORDS}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {WORDS}{'x' * 20_000}\r\n\r\n",
    f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{WORDS}\r\n\r\n",
    f"{WORDS}\r\n\r\n",
)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log as `beside serve` keeps it, and the library's as it was afterwards."""
    had = [*LIBRARY.filters]
    hushed()
    yield caplog
    LIBRARY.filters[:] = had


async def test_what_is_no_http_is_refused_without_a_word_of_it_in_the_log(lines: pytest.LogCaptureFixture) -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    app = web.Application()
    app.router.add_route("*", "/", echo)
    async with served(app) as url:
        for raw in NO_HTTP:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
            writer.write(raw.encode())
            async with asyncio.timeout(10):
                told = await reader.read()
            assert b" 400 " in told
            writer.close()
    assert WORDS not in lines.text
    assert "Traceback" not in lines.text
    told_of = [one.getMessage() for one in lines.records if one.name == LIBRARY.name]
    assert len(told_of) == 1
    assert told_of[0].startswith("request refused: ")
