"""A real Chromium for tests: the one of this machine, never downloaded by us, and a page that tolerates no fault."""

import os
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, async_playwright

from tests.support.network import is_loopback

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip


class NoBrowser(Exception):
    """There is no Chromium here. Run `make setup-browser`, or name one as CHROMIUM."""


def chromium_path() -> str:
    """CHROMIUM, else the first of the usual names on the PATH."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else _NAMES:
        if found := shutil.which(name):
            return found
    raise NoBrowser(f"no {named or 'Chromium'} found: run `make setup-browser`, or set CHROMIUM to a program")


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """One Chromium that speaks to nobody but this machine."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def watched(browser: Browser, forgiven: Iterable[str] = ()) -> AsyncIterator[Page]:
    """A page of its own context. At its end, whatever went wrong in it is the test's fault.

    `forgiven` holds parts of console lines that the test itself provokes, such as the browser's own line about a
    503; it is read at the end, so a test may still add to it.
    """
    faults: list[str] = []
    context = await browser.new_context(locale="en-US", timezone_id="UTC", viewport={"width": 1280, "height": 860})

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def uncaught(error: Error) -> None:
        faults.append(f"uncaught: {error.stack or error.message}")

    def requested(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and not is_loopback(address.hostname or ""):
            faults.append(f"asked another host: {request.url}")

    def watch(page: Page) -> None:
        page.on("console", console)
        page.on("pageerror", uncaught)

    context.on("request", requested)
    context.on("page", watch)
    page = await context.new_page()
    page.set_default_timeout(30_000)
    try:
        yield page
    finally:
        await context.close()
    left = [fault for fault in faults if not any(part in fault for part in forgiven)]
    assert not left, "the page was at fault:\n" + "\n".join(left)
