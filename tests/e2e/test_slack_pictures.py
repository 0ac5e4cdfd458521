"""What people see on Slack, as the fake's page draws it: the pictures in docs/slack.md (PICTURE=1 takes them anew)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.store import Store
from bot.vault import Keyring
from tests.support.hall import Hall
from tests.support.hall_slack import SlackSeats, on_slack

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "slack.md"
TEXTS = (
    "They argued about halves and then drew them.",
    "Two pairs disagreed, and one of them changed its mind.",
    "Start Monday's launch with their disagreement.",
    "More than two pairs talking.",
)


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    store = await Store.open(f"sqlite:///{tmp_path}/pictures.db", Keyring.of("k1"))
    async with on_slack(store, "http") as one:
        yield one
    await store.close()


async def test_messages_forms_and_homes_as_people_see_them(hall: Hall, page: Page, tmp_path: Path) -> None:
    assert isinstance(hall.seats, SlackSeats)
    sam, ana = hall.seats.user("sam"), hall.seats.user("ana")
    for who in (sam, ana):
        assert (await who.open_home("home")).ok
    await _lines(hall, "ana", "/beside now", "[Tried it]", *TEXTS, "[Share with Sam]", "[Share the step]")
    await _lines(hall, "sam", "/coteach @ana thu 10:15 45m launch", "[Send to Ana]")
    await _lines(hall, "sam", "/coteach @ben fri 9:00 30m menu", "[Send to Ben]")
    await _lines(hall, "ben", "[Works for me]")
    address = hall.seats.url
    await page.set_viewport_size({"width": 620, "height": 900})
    await page.goto(f"{address}/people/ana")
    messages = page.locator(".messages article")
    await expect(messages.last).to_contain_text("Sam would like to be beside you Thursday 15 October 10:15")
    await _picture(page, ".messages article", "slack-card", tmp_path)
    await expect(page.locator(".home")).to_contain_text("Start Monday's launch with their disagreement.")
    await _picture(page, ".home", "slack-home-teacher", tmp_path)
    home = ana.home()
    assert home is not None
    assert (await ana.press(home, "Thursday 15 October, 10:15, Sam")).ok
    await page.reload()
    await expect(page.locator("dialog button")).to_have_text(
        ["Works for me", "Another time", "Change the part or role", "Not this week", "Close"]
    )
    await _picture(page, "dialog", "slack-sheet", tmp_path)
    assert (await sam.shortcut_on(ana, "Could you come Monday at 9:00 for the launch?", "propose")).ok
    await page.goto(f"{address}/people/{sam.id}")
    await expect(page.get_by_role("dialog")).to_contain_text("See the preview")
    await _picture(page, "dialog", "slack-form", tmp_path)
    await sam.close()
    await page.reload()
    await expect(page.locator(".home")).to_contain_text("Friday 16 October, 09:00, Ben")
    await expect(page.locator(".home")).to_contain_text("Ana, Tuesday 13 October")
    assert await page.locator(".home").get_by_text("disagreement").count() == 0
    await _picture(page, ".home", "slack-home-coach", tmp_path)
    await page.goto(address)
    await expect(page.locator(".person")).to_have_count(len(hall.seats.everybody))


async def _lines(hall: Hall, who: str, *lines: str) -> None:
    for line in lines:
        await hall.settle()
        await hall.do(who, line)
    await hall.settle()


async def _picture(page: Page, what: str, name: str, folder: Path) -> None:
    """Small, and of nothing but what it is about."""
    found = page.locator(what).last
    taken = await found.screenshot(path=folder / f"{name}.png")
    assert 3_000 < len(taken) < 90_000
    assert f"({name}.png)" in PAGE.read_text("utf-8")
    if os.environ.get("PICTURE"):
        (DOCS / f"{name}.png").write_bytes(taken)
    assert (DOCS / f"{name}.png").exists(), "take them: PICTURE=1"
