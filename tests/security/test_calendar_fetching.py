"""An address that somebody gives must not make us call anybody inside, wait for ever, or swallow a flood."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.calendars.taken import BYTES, Unreadable
from bot.outside.expanding import TooLong, expanded
from bot.outside.fetching import NotFetched, checked, fetch, is_open

NOW = datetime(2026, 10, 13, 13, tzinfo=UTC)
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART:20261014T140000Z\r\nDTEND:20261014T150000Z\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def standing(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def refused(address: str, **how: object) -> str:
    with pytest.raises(NotFetched) as fault:
        await fetch(address, **how)  # type: ignore[arg-type]  # given by name
    assert "//" not in str(fault.value)  # a word, never the address
    return str(fault.value)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.9.9", "192.168.1.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1",
        "2001:db8::1", "3fff::1", "5f00::1", "100::1", "192.88.99.1", "192.0.0.9", "not an address",
    ],
)  # fmt: skip
def test_an_address_of_somebody_inside_is_closed(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_network_is_open(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example/a.ics", "ftp://calendar.example/a", "file:///etc/passwd", "https://", "https:///a", "",
        "https://me:secret@calendar.example/a", "https://calendar.example:8443/a", "https://127.0.0.1/a",
        "https://[::1]/a", "https://169.254.169.254/latest", "https://2130706433/", "https://0x7f.1/", "https://127.1/",
        "https://localhost/a", "https://metadata.internal/a", "https://printer.local/a", "https://10.0.0.1./a",
        "https://calendar.example/" + "a" * 2000, "javascript:alert(1)", "http://127.0.0.1:8080/a",
    ],
)  # fmt: skip
async def test_an_address_that_may_not_be_asked_is_not_even_looked_up(address: str) -> None:
    asked: list[str] = []

    async def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    assert await refused(address, look_up=look_up) in ("bad_address", "not_allowed")
    assert not asked


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1"])
async def test_a_name_that_stands_for_somebody_inside_is_refused_also_among_others(inside: str) -> None:
    async def look_up(host: str, port: int) -> list[str]:
        return ["93.184.216.34", inside]

    assert await refused("https://calendar.example/a.ics", look_up=look_up) == "not_allowed"


async def test_what_was_looked_up_is_what_is_called_so_a_name_cannot_change_its_mind() -> None:
    """A second look-up, which a name could answer otherwise, never happens."""
    looked: list[str] = []
    called: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.Response(text="secret")

    async with standing(handler) as here:
        port = here.rpartition(":")[2]

        async def look_up(host: str, _: int) -> list[str]:
            looked.append(host)
            # Nobody listens at the first; at the second, somebody inside does.
            return ["127.0.0.2"] if len(looked) == 1 else ["127.0.0.1"]

        assert await refused(f"http://localhost:{port}/a", loopback=True, look_up=look_up) == "away"
    assert looked == ["localhost"]
    assert not called


@pytest.mark.parametrize(
    ("location", "word"),
    [
        ("https://169.254.169.254/latest/meta-data", "not_allowed"),
        ("https://inside.example/a", "not_allowed"),
        ("http://calendar.example/a", "bad_address"),
        ("file:///etc/passwd", "bad_address"),
        ("//10.0.0.1/a", "bad_address"),
        ("", "too_many_redirects"),
        ("/again", "too_many_redirects"),
    ],
)
async def test_every_redirect_is_judged_like_the_first_address(location: str, word: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": location})

    async def look_up(host: str, port: int) -> list[str]:
        return {"inside.example": ["10.0.0.7"]}.get(host, ["93.184.216.34"])

    async with standing(handler) as here:
        assert await refused(f"{here}/a.ics", loopback=True, look_up=look_up) == word


async def test_without_the_tests_own_setting_this_machine_is_not_read() -> None:
    async def handler(request: web.Request) -> web.Response:
        raise AssertionError("it was called")

    async with standing(handler) as here:
        assert await refused(f"{here}/a.ics") == "bad_address"


async def test_a_calendar_comes_with_its_mark_and_is_not_sent_again_unchanged() -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        assert "Authorization" not in request.headers
        return web.Response(text=EVENT.format(more=""), headers={"ETag": '"1"'})

    async with standing(handler) as here:
        first = await fetch(f"{here}/a.ics", loopback=True)
        assert first.data is not None
        assert first.etag == '"1"'
        assert (await fetch(f"{here}/a.ics", etag=first.etag, loopback=True)).data is None


async def test_a_flood_is_cut_off_also_where_it_does_not_say_how_long_it_is() -> None:
    sent = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(400):
            await answer.write(b"x" * 64 * 1024)
            sent += 64 * 1024
        return answer

    async with standing(handler) as here:
        assert await refused(f"{here}/a.ics", loopback=True) == "too_large"
    assert sent < 20 * BYTES


async def test_a_packed_flood_is_not_unpacked() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        return web.Response(body=gzip.compress(b"x" * 50 * BYTES), headers={"Content-Encoding": "gzip"})

    async with standing(handler) as here:
        assert await refused(f"{here}/a.ics", loopback=True) == "refused"


def test_webcal_means_https() -> None:
    assert str(checked("webcal://calendar.example/a.ics")) == "https://calendar.example/a.ics"


# ── expanding ──


async def test_a_calendar_is_expanded_in_a_process_of_its_own() -> None:
    found = await expanded(EVENT.format(more="RRULE:FREQ=DAILY;COUNT=3\r\n").encode(), "America/New_York", NOW, 30)
    assert len(found.times) == 3


def endless() -> bytes:
    """Five thousand events that each come every day for fifty years."""
    many = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:19760101T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
        for n in range(5_000)
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{many}END:VCALENDAR\r\n".encode()
    assert len(data) < BYTES
    return data


async def test_what_would_take_for_ever_is_killed_when_nobody_waits_any_longer() -> None:
    with pytest.raises(TooLong):
        await expanded(endless(), "UTC", NOW, 0.5)


@pytest.mark.slow
async def test_what_would_take_for_ever_has_two_seconds_of_its_own_time() -> None:
    with pytest.raises(TooLong):
        await expanded(endless(), "UTC", NOW, 250)


async def test_what_is_no_calendar_is_told_in_a_word() -> None:
    with pytest.raises(Unreadable, match="no_calendar"):
        await expanded(b"<html>", "UTC", NOW, 30)
