"""A coach on one platform and a teacher on another: one invitation, one visit, and both cards say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.school import arrives, lincoln, meet, press, read, told, with_button

WHEN = "Tuesday 13 October, 10:15 to 11:00"
LINE = "/coteach @ana tue 10:15 45m launch"
QUESTION = "How do they decide what is fair?"
LISTENING = "What they say to each other"


async def write(pane: Locator, name: str, text: str) -> None:
    await pane.get_by_role("textbox", name=f"Write as {name}").fill(text)
    await pane.get_by_role("button", name="Send", exact=True).click()


def holding(page: Page, pane: Locator, label: str) -> Locator:
    return pane.locator("[data-message]", has=page.get_by_role("button", name=label, exact=True)).last


async def here(page: Page, pane: Locator, label: str) -> Locator:
    """The card with that button, by its own name, so that it is found again when the button is gone."""
    card = holding(page, pane, label)
    return pane.locator(f'[data-message="{await card.get_attribute("data-message")}"]')


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_a_coach_on_slack_and_a_teacher_in_the_playground(page: Page, tmp_path: Path, way: str) -> None:
    async with lincoln(tmp_path, on_web="ana", clock="playground", way=way, BESIDE_PLAYGROUND="1") as (school, server):
        await page.goto(server.url)
        ana, sam = page.get_by_role("region", name="Ana"), school.sam
        await write(ana, "Ana", "hello")
        await ana.get_by_role("button", name="Sounds fine").last.click()
        await ana.get_by_role("button", name="Straight to day and time").click()
        await ana.get_by_role("button", name="Keep this day and time").click()
        await expect(ana).to_contain_text("I'll ask one question on")
        preview = (await sam.command("/coteach", "ana tue 10:15 45m launch")).shown
        assert preview is not None
        assert WHEN in preview.shown
        await press(sam, "Send to Ana")
        assert preview.shown.startswith("Sent to Ana")
        await expect(ana).to_contain_text("Sam would like to be beside you Tuesday 13 October 10:15")
        invitation = await here(page, ana, "Works for me")
        await ana.get_by_role("button", name="Another time").click()
        await ana.get_by_role("button", name="Tuesday 13 October, 10:45").click()
        await expect(invitation).to_contain_text("You will hear as soon as Sam answers.")
        counter = await arrives(sam, "Ana asks for another time", 1)
        await press(sam, "Works for me")
        assert counter.shown.startswith("Booked")
        await expect(ana.locator("[data-message]", has_text="Booked")).to_contain_text("10:45 to 11:30")
        await expect(ana).to_contain_text("What are some things you'd like us to be curious about together?")
        await write(ana, "Ana", QUESTION)
        await ana.get_by_role("button", name=LISTENING).click()
        await expect(ana.locator("[data-message]", has_text="Booked")).to_contain_text(LISTENING)
        await arrives(sam, f"Listening to: “{LISTENING}”", 1)
        assert QUESTION in counter.shown
        await press(sam, "Cancel")
        assert counter.shown.startswith("Cancelled: Tuesday 13 October, 10:45.")
        await expect(ana).to_contain_text("Sam cancelled Tuesday 13 October, 10:45.")
        await expect(ana.locator("[data-message]", has_text="Booked")).to_have_count(0)
        await page.goto("about:blank")


async def test_a_teacher_on_slack_and_a_coach_in_the_playground(page: Page, tmp_path: Path) -> None:
    async with lincoln(tmp_path, on_web="sam", clock="playground", BESIDE_PLAYGROUND="1") as (school, server):
        ana = school.ana
        await ana.say("hello")
        await meet(ana)
        await page.goto(server.url)
        sam = page.get_by_role("region", name="Sam")
        await write(sam, "Sam", LINE)
        await expect(holding(page, sam, "Send to Ana")).to_contain_text(WHEN)
        preview = await here(page, sam, "Send to Ana")
        await sam.get_by_role("button", name="Send to Ana").click()
        await expect(preview).to_contain_text("Sent to Ana")
        invitation = await arrives(ana, "Sam would like to be beside you Tuesday 13 October 10:15")
        assert invitation == with_button(ana, "Works for me")
        await press(ana, "Works for me")
        assert invitation.shown.startswith("Booked")
        booked = sam.locator("[data-message]", has_text="Booked")
        await expect(booked).to_contain_text(WHEN)
        await arrives(ana, "What are some things you'd like us to be curious about together?")
        await ana.say(QUESTION)
        await arrives(ana, "What kinds of student talk might we both listen to?")
        await press(ana, LISTENING)
        await expect(booked).to_contain_text(LISTENING)
        await expect(booked).to_contain_text(QUESTION)
        await expect(booked).to_have_count(1)
        before = len(read(ana))
        await sam.get_by_role("button", name="Move it").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("Time", exact=True).fill("13:00")
        await form.get_by_role("button", name="Send to Ana").click()
        asked = await arrives(ana, "Sam asks for another time", before + 1)
        assert f"Tuesday 13 October, 13:00 to 13:45 ({WHEN})" in asked.shown
        await press(ana, "Works for me")
        assert asked.shown.startswith("Booked")
        await expect(sam.locator("[data-message]", has_text="Booked").last).to_contain_text("13:00 to 13:45")
        assert told(ana)[-1] == asked
        await page.goto("about:blank")
