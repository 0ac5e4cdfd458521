"""The main job in a real browser against the real server: a reflection, a visit booked, and the step a week later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support import postgres
from tests.support.process import serving

DOCS = Path(__file__).parents[2] / "docs"
PICTURE = DOCS / "playground.png"
# Every tap on a card and every line that is sent, by whose side of the page it is on.
COUNT = """() => {
  window.taps = {}; window.lines = {};
  const add = (kept, at) => {
    const name = at.closest('section[aria-labelledby]')?.getAttribute('aria-labelledby');
    const who = document.getElementById(name)?.textContent.trim() ?? 'the page';
    kept[who] = (kept[who] ?? 0) + 1;
  };
  document.addEventListener('click', ({target}) => {
    if (target.closest('[data-message] button')) add(window.taps, target);
  }, true);
  document.addEventListener('submit', ({target}) => {
    if (!target.closest('[data-message]')) add(window.lines, target);
  }, true);
}"""
STEP = "Start Monday's launch with their disagreement."
TEXTS = (
    "Asking how they knew it was fair. They argued about halves for ages.",
    "Quiet, then two pairs disagreed and drew it.",
    STEP,
    "More than two pairs talking, and somebody changing their mind on purpose, out loud.",
)


def bot_messages(pane: Locator) -> Locator:
    return pane.locator('[data-message][data-from="beside"]')


async def write(pane: Locator, name: str, text: str) -> None:
    await pane.get_by_role("textbox", name=f"Write as {name}").fill(text)
    await pane.get_by_role("button", name="Send", exact=True).click()


async def reflect(page: Page) -> None:
    """Four short texts and one tap: five messages, then the summary card."""
    ana = page.get_by_role("region", name="Ana")
    await expect(page.locator("#now")).to_contain_text("Tuesday 13 October, 09:0")
    await page.get_by_role("button", name="Next nudge").click()
    await expect(bot_messages(ana)).to_contain_text(
        ["Hi Ana. Last time you wrote: Ask two questions before I explain. How did it go?"]
    )
    await ana.get_by_role("button", name="Partly").click()
    await expect(bot_messages(ana)).to_have_count(2)
    for n, text in enumerate(TEXTS, 3):
        await write(ana, "Ana", text)
        await expect(bot_messages(ana)).to_have_count(n)
    summary = bot_messages(ana).last
    await expect(summary).to_contain_text("Your step")
    await expect(summary).to_contain_text(STEP)
    await expect(summary).to_contain_text("I'll bring it back Thursday 22 October.")
    await expect(summary).to_contain_text("Just for you")


async def book(page: Page) -> None:
    """One line and one tap for the coach, one tap for the teacher; both cards read Booked."""
    ana, sam = page.get_by_role("region", name="Ana"), page.get_by_role("region", name="Sam")
    await page.evaluate(COUNT)
    await write(sam, "Sam", "/coteach @ana tue 10:15 45m launch")
    preview = bot_messages(sam).last
    await expect(preview).to_contain_text("Only you can see this yet")
    await expect(preview).to_contain_text("Tuesday 20 October, 10:15 to 11:00")
    await pictured(preview, "visit-preview.png")
    key = await preview.get_attribute("data-message")
    await preview.get_by_role("button", name="Send to Ana").click()
    await expect(sam.locator(f'[data-message="{key}"]')).to_contain_text("Sent to Ana")
    invitation = ana.locator("[data-message]", has=page.get_by_role("button", name="Works for me"))
    invited = await invitation.get_attribute("data-message")
    await pictured(invitation, "visit-invitation.png")
    await invitation.get_by_role("button", name="Works for me").click()
    await expect(ana.locator(f'[data-message="{invited}"]')).to_contain_text("Booked")
    await expect(bot_messages(sam).last).to_contain_text("Booked")
    await expect(bot_messages(sam).last).to_contain_text("Launch, Ana leads")
    assert await page.evaluate("[window.lines, window.taps]") == [{"Sam": 1}, {"Sam": 1, "Ana": 1}]
    await write(ana, "Ana", "How do they decide what is fair?")
    await ana.get_by_role("button", name="What they say to each other").click()
    for pane in (ana, sam):
        card = pane.locator("[data-message]", has_text="Booked")
        await expect(card).to_have_count(1)
        await expect(card).to_contain_text("How do they decide what is fair?")
        await expect(card).to_contain_text("What they say to each other")
    await pictured(sam.locator("[data-message]", has_text="Booked"), "visit-booked.png")


async def pictured(card: Locator, name: str) -> None:
    """For the page that shows what a visit looks like, where pictures are made."""
    if os.environ.get("PICTURE"):
        await card.screenshot(path=DOCS / name)


async def a_week_on(page: Page) -> None:
    ana = page.get_by_role("region", name="Ana")
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator("#now")).to_contain_text("Thursday 22 October")
    opening = ana.locator("[data-message]", has=page.get_by_role("button", name="Tried it"))
    await expect(opening).to_contain_text(f"Hi Ana. Last time you wrote: {STEP} How did it go?")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_teacher_reflects_a_coach_books_and_the_step_comes_back(
    page: Page, tmp_path: Path, postgres_server: postgres.Server, database: str
) -> None:
    settings = {}
    if database == "postgresql":
        url = postgres_server.make_database("main_job")
        settings = {"BESIDE_DATABASE_URL": url, "BESIDE_KEYS": "k1:" + "A" * 43 + "="}
    async with serving(tmp_path, database == "sqlite", **settings) as server:
        await page.emulate_media(reduced_motion="reduce")
        await page.goto(server.url)
        await reflect(page)
        await book(page)
        picture = await page.screenshot(path=tmp_path / "playground.png")
        assert len(picture) > 20_000
        if os.environ.get("PICTURE"):
            PICTURE.write_bytes(picture)
        await a_week_on(page)
        await page.reload()
        await expect(bot_messages(page.get_by_role("region", name="Ana")).last).to_contain_text(STEP)
        await page.goto("about:blank")  # before the server goes, so that the page does not ask for it
    assert all(text not in server.log for text in TEXTS)
    if database == "postgresql":
        postgres_server.drop_database("main_job")


async def test_what_was_said_is_still_there_after_a_restart(page: Page, tmp_path: Path, forgiven: list[str]) -> None:
    forgiven.append("ERR_CONNECTION_REFUSED")  # while the server is away, the open page asks for it
    async with serving(tmp_path) as server:
        await page.goto(server.url)
        await reflect(page)
    async with serving(tmp_path) as server:
        await page.goto(server.url)
        ana = page.get_by_role("region", name="Ana")
        await expect(bot_messages(ana)).to_have_count(6)
        await ana.get_by_role("button", name="That's it").click()
        await expect(bot_messages(ana).last).to_contain_text("Saved. You can change or delete it any time.")
