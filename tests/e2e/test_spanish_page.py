"""Spanish from the settings to the summary card, in a real browser against the real server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.test_main_job import bot_messages, write
from tests.support.process import serving

PICTURE = Path(__file__).parents[2] / "docs" / "spanish.png"
STEP = "Empezar la apertura del lunes con su desacuerdo."
TEXTS = (
    "Les pregunté cómo sabían que era justo. Discutieron mucho rato sobre las mitades.",
    "Silencio, y luego dos parejas no se pusieron de acuerdo y lo dibujaron.",
    STEP,
    "Que hablen más de dos parejas, y que alguien cambie de idea en voz alta.",
)


# The dialog `spanish.txt` says the same quickly; this shows it on the page.
@pytest.mark.slow
async def test_a_teacher_reflects_in_spanish_while_the_coach_reads_english(page: Page, tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        await page.emulate_media(reduced_motion="reduce")
        await page.goto(server.url)
        ana, sam = page.get_by_role("region", name="Ana"), page.get_by_role("region", name="Sam")
        await write(ana, "Ana", "/beside settings")
        await bot_messages(ana).last.get_by_role("button", name="Change").click()
        await page.get_by_role("dialog").get_by_text("Español", exact=True).click()
        await page.get_by_role("button", name="Keep these").click()
        kept = "Guardado. La próxima pregunta llega el jueves 15 de octubre."
        await expect(bot_messages(ana).last).to_contain_text(kept)
        await page.reload()
        await page.get_by_role("button", name="Next nudge").click()
        await ana.get_by_role("button", name="En parte").click()
        await expect(ana.get_by_role("button", name="Pregúntame otra cosa")).to_be_visible()
        asked = await bot_messages(ana).count()
        for n, text in enumerate(TEXTS, asked + 1):
            await write(ana, "Ana", text)
            await expect(bot_messages(ana)).to_have_count(n)
        summary = bot_messages(ana).last
        await expect(summary).to_contain_text(STEP)
        await expect(summary).to_contain_text("Lo traigo de vuelta el jueves 22 de octubre.")
        await expect(ana.get_by_role("log")).to_have_attribute("lang", "es")
        await summary.get_by_role("button", name="Compartir con Sam").click()
        await ana.get_by_role("button", name="Compartir el paso").click()
        await expect(bot_messages(sam).last).to_contain_text("Ana shared a step")
        await expect(bot_messages(sam).last).to_contain_text(STEP)
        picture = await page.screenshot(path=tmp_path / "spanish.png")
        assert len(picture) > 20_000
        if os.environ.get("PICTURE"):
            PICTURE.write_bytes(picture)
        await page.goto("about:blank")  # before the server goes, so that the page does not ask for it
    assert all(text not in server.log for text in TEXTS)
