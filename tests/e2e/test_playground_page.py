"""The playground's page in a real browser: what hands, eyes and ears meet there."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, Locator, Page, expect

from bot.cards import (
    NOTHING,
    Answer,
    Button,
    Buttons,
    Card,
    Choices,
    Contact,
    DateField,
    Details,
    Exact,
    Fact,
    Form,
    Heading,
    Label,
    OnlyYou,
    Open,
    Option,
    People,
    PickField,
    Quote,
    Replace,
    Seen,
    Text,
    TextField,
    TimeField,
    Wrong,
)
from bot.events import FromPlatform, Pressed, Said, Submitted
from bot.records import Own
from tests.fakes.playground import ANA, SAM, MemoryHouse, Playground, playground
from tests.support.ports import held

AXE = Path(__file__).parents[1] / "data" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STEP = Own("Ask two questions before I explain.", "p-ana")

QUESTION = Card(
    blocks=(
        Text(("Hi Ana. Last time you wrote: ", STEP, " How did it go?")),
        Buttons((Button("tried", "Tried it"), Button("partly", "Partly"))),
        Buttons((Button("later", "Not now", "quiet"), Button("sees", "Who sees this?", "quiet"))),
    ),
    thread="t",
    version=1,
    hint="A word will do.",
)
OFFER = Card(
    title="Preview of an invitation",
    framed=True,
    thread="o",
    version=1,
    blocks=(
        Label("Only you can see this yet"),
        Heading("Beside Ana, in the launch"),
        Details((Fact("When", "Wednesday 21 October, 9:00", was="Tuesday 20 October, 10:15"),)),
        Quote(STEP),
        Exact((STEP,), "Ana, Thursday 15 October"),
        Choices("role", "Your part", (Option("eyes", "Extra eyes and ears"), Option("turns", "Take turns")), "eyes"),
        Buttons(
            (Button("send", "Send to Ana", "confirm"), Button("change", "Change"), Button("no", "Not now", "quiet"))
        ),
        Seen("You and Sam", 2),
    ),
)
SENT = Card(title="Invitation", framed=True, thread="o", version=2, blocks=(Label("Sent to Ana"),))
CARE = Card(
    title="People who can help now",
    grave=True,
    framed=True,
    thread="c",
    version=1,
    blocks=(
        Text(("There are people who can help, right now.",)),
        People((Contact("Emergency", "911"), Contact("Someone to talk with", "988, day and night"))),
        Buttons((Button("ok", "I'm okay, carry on", "quiet"),)),
    ),
)
PARTS = tuple(Option(name, name) for name in ("Number talk", "Launch", "Main lesson", "Menu", "Closure"))
FORM = Form(
    verb="keep", title="Beside Ana", submit="Keep these", cancel="Close without changes", thread="o", version=1,
    fields=(
        DateField("day", "Day", "2026-10-20"),
        TimeField("time", "Time", "10:15"),
        TextField("minutes", "Minutes", "45", max_length=3),
        PickField("part", "Part of the block", PARTS, "Launch"),
        TextField("q", "A question to offer", optional=True, long=True, hint="Left empty, it is Ana's to choose."),
    ),
)  # fmt: skip


@pytest.fixture
async def at() -> AsyncIterator[Playground]:
    async with playground(MemoryHouse()) as one:
        one.house.show(ANA, "q", QUESTION)
        one.house.write(SAM, "s", "/coteach @Ana tue 10:15 45m launch", "command")
        one.house.show(SAM, "o", OFFER)
        yield one


@pytest.fixture
async def ana(at: Playground, page: Page) -> Locator:
    await page.goto(at.url)
    return page.get_by_role("region", name="Ana")


@pytest.fixture
async def sam(ana: Locator, page: Page) -> Locator:
    return page.get_by_role("region", name="Sam")


def box(pane: Locator) -> Locator:
    return pane.get_by_role("textbox", name=re.compile("^Write as"))


def log(pane: Locator) -> Locator:
    return pane.get_by_role("log")


async def write(pane: Locator, text: str) -> None:
    await box(pane).fill(text)
    await box(pane).press("Enter")


def goes_on(house: MemoryHouse) -> Callable[[FromPlatform], Answer]:
    """A door behind which the question's conversation goes on with whatever comes."""

    def reply(_: FromPlatform) -> Answer:
        house.gone_on["t"] += 1
        return NOTHING

    return reply


async def test_two_people_stand_side_by_side(ana: Locator, sam: Locator, page: Page) -> None:
    await expect(log(ana)).to_have_accessible_name("Ana and Beside")
    await expect(page.get_by_role("group", name="Move the clock").get_by_role("button")).to_have_count(4)
    for name in ("+1 hour", "Next morning", "Next nudge", "+1 week", "Reset"):
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    await expect(ana.get_by_text("A word will do.")).to_be_visible()
    left, right = await ana.bounding_box(), await sam.bounding_box()
    assert left
    assert right
    assert left["width"] == right["width"]


async def test_enter_sends_and_shift_enter_breaks_the_line(ana: Locator, at: Playground) -> None:
    at.door.reply = goes_on(at.house)
    await box(ana).fill("It went well.")
    await box(ana).press("Shift+Enter")
    await box(ana).press_sequentially("Truly.")
    await box(ana).press("Enter")
    said = ana.locator("[data-from=ana]")
    await expect(said).to_have_count(1)
    await expect(said).to_have_attribute("data-rev", re.compile("."))
    assert isinstance(at.door.events[0], Said)
    assert at.door.events[0].text == "It went well.\nTruly."
    await expect(box(ana)).to_have_value("")
    await expect(box(ana)).to_be_focused()
    # The question has its answer now, so its buttons are gone.
    await expect(ana.get_by_role("button", name="Tried it")).to_have_count(0)


async def test_a_press_becomes_a_message_and_the_hand_is_at_the_box(ana: Locator, at: Playground) -> None:
    await ana.get_by_role("button", name="Partly").dblclick()
    await expect(ana.locator("[data-from=ana]")).to_have_text("Ana chose: Partly")
    await expect(ana.locator("[data-message=q] button")).to_have_count(0)
    await expect(box(ana)).to_be_focused()
    assert len(at.door.events) == 1


async def test_the_second_click_of_two_leaves_the_hand_at_the_box(ana: Locator, page: Page) -> None:
    button = ana.get_by_role("button", name="Partly")
    place = await button.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.up()
    await expect(ana.locator("[data-message=q] button")).to_have_count(0)
    await expect(box(ana)).to_be_focused()
    await page.mouse.down(click_count=2)
    await page.mouse.up(click_count=2)
    await expect(box(ana)).to_be_focused()


async def test_what_a_press_changes_stays_in_sight_above_the_choice(sam: Locator, at: Playground) -> None:
    for n in range(30):
        at.house.write(SAM, f"w{n}", f"Line {n}")
    await sam.page.reload()
    at.door.reply = lambda _: Replace(SENT)
    await sam.get_by_role("button", name="Send to Ana").click()
    await expect(sam.locator("[data-from=sam]").last).to_have_text("Sam chose: Send to Ana")
    await expect(sam.get_by_text("Sent to Ana")).to_be_in_viewport()
    await write(sam, "And on.")
    await expect(sam.get_by_text("And on.")).to_be_in_viewport()


async def test_an_aside_leaves_the_answers_where_they_are(ana: Locator, at: Playground) -> None:
    at.door.reply = lambda _: OnlyYou(Card(blocks=(Text(("Only you.",)),)))
    await ana.get_by_role("button", name="Who sees this?").click()
    await expect(log(ana).get_by_text("Only you.")).to_be_visible()
    await expect(ana.get_by_role("button", name="Tried it")).to_be_visible()


async def test_a_card_takes_the_choice_along_and_is_replaced_in_place(sam: Locator, at: Playground) -> None:
    at.door.reply = lambda _: Replace(SENT)
    await sam.get_by_text("Take turns").click()
    await sam.get_by_role("button", name="Send to Ana").click()
    await expect(sam.get_by_role("article", name="Invitation")).to_have_text("Sent to Ana")
    await expect(sam.locator("[data-message=o]")).to_have_count(1)
    event = at.door.events[0]
    assert isinstance(event, Pressed)
    assert event.inputs == {"role": "turns"}


async def test_a_form_says_what_is_missing_keeps_what_was_typed_and_gives_the_hand_back(
    sam: Locator, page: Page, at: Playground
) -> None:
    def reply(event: FromPlatform) -> Answer:
        if not isinstance(event, Submitted):
            return Open(FORM)
        if event.fields["minutes"] != "20":
            return Wrong({"minutes": "That is most of the block.", "": "Nothing is sent yet."})
        return Replace(SENT)

    at.door.reply = reply
    change = sam.get_by_role("button", name="Change")
    await change.click()
    dialog = page.get_by_role("dialog", name="Beside Ana")
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(change).to_be_focused()
    await change.click()
    await dialog.get_by_label("A question to offer").fill("How do they decide?")
    await dialog.get_by_role("button", name="Keep these").click()
    await expect(dialog.get_by_text("That is most of the block.")).to_be_visible()
    await expect(dialog.get_by_text("Nothing is sent yet.")).to_be_visible()
    await expect(dialog.get_by_label("Minutes")).to_be_focused()
    await expect(dialog.get_by_label("A question to offer")).to_have_value("How do they decide?")
    await dialog.get_by_label("Minutes").fill("20")
    await dialog.get_by_role("button", name="Keep these").click()
    await expect(dialog).to_have_count(0)
    await expect(sam.get_by_role("article", name="Invitation")).to_be_visible()
    await expect(box(sam)).to_be_focused()


async def test_a_slash_opens_the_commands(sam: Locator, at: Playground) -> None:
    commands = sam.get_by_role("listbox", name="Commands").get_by_role("option")
    await box(sam).press_sequentially("/")
    await expect(commands).to_have_count(3)
    await box(sam).press("Escape")
    await expect(commands).to_have_count(0)
    await box(sam).press_sequentially("n")
    await expect(commands).to_have_text(["/noticeI saw, then students"])
    await box(sam).press("Tab")
    await expect(box(sam)).to_have_value("/notice @Ana ")
    await box(sam).fill("/")
    await box(sam).press("ArrowUp")
    await box(sam).press("Enter")
    await expect(box(sam)).to_have_value("/help")
    await box(sam).press("Enter")
    await expect(sam.locator("[data-from=sam] .cmd").last).to_have_text("Sam: /help")
    # A command written out in full is sent at once.
    await write(sam, "/coteach")
    await expect(sam.locator("[data-from=sam] .cmd").last).to_have_text("Sam: /coteach")


async def test_a_list_of_commands_that_is_taller_than_the_page_is_walked_within_it(sam: Locator, page: Page) -> None:
    await page.set_viewport_size({"width": 1280, "height": 260})
    commands = sam.get_by_role("listbox", name="Commands").get_by_role("option")
    await box(sam).press_sequentially("/")
    await expect(commands.first).to_be_in_viewport(ratio=1)
    await box(sam).press("ArrowUp")
    await expect(commands.last).to_be_in_viewport(ratio=1)
    await box(sam).press("ArrowDown")
    await expect(commands.first).to_be_in_viewport(ratio=1)


async def test_what_arrives_is_added_and_never_pulls_a_reader_away(ana: Locator, at: Playground) -> None:
    for n in range(30):
        at.house.write(ANA, f"w{n}", f"Line {n}")
    await ana.page.reload()
    await box(ana).focus()
    await log(ana).evaluate("log => { log.scrollTop = 0 }")
    await at.deliver(ANA, "new", Card(blocks=(Text(("A new line.",)),)))
    below = ana.get_by_role("button", name="New message below")
    await expect(below).to_be_visible()
    assert await log(ana).evaluate("log => log.scrollTop") == 0
    await expect(box(ana)).to_be_focused()
    await below.click()
    await expect(below).to_be_hidden()
    await expect(log(ana).get_by_text("A new line.")).to_be_in_viewport()


async def test_a_revised_card_stays_one_message(sam: Locator, at: Playground) -> None:
    await expect(sam.locator("[data-message=o]")).to_contain_text("Only you can see this yet")
    await at.deliver(SAM, "p2", SENT, revises="o")
    await expect(sam.locator("[data-message=o]")).to_have_text("Beside: Sent to Ana")
    await expect(sam.locator("[data-from=beside]")).to_have_count(1)


async def test_a_safety_card_is_announced_and_can_be_called(ana: Locator, at: Playground) -> None:
    await at.deliver(ANA, "care", CARE)
    card = ana.get_by_role("alert", name="People who can help now")
    await expect(card.get_by_role("link", name="Emergency 911")).to_have_attribute("href", "tel:911")


async def test_what_is_taller_than_the_pane_stands_at_its_beginning(ana: Locator, at: Playground, page: Page) -> None:
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.reload()
    tall = replace(CARE, blocks=(*CARE.blocks[:2], *(Text((f"Line {n}.",)) for n in range(40)), CARE.blocks[2]))
    await at.deliver(ANA, "care", tall)
    await expect(ana.get_by_role("link", name="Emergency 911")).to_be_in_viewport()
    await page.reload()
    await expect(ana.get_by_role("link", name="Emergency 911")).to_be_in_viewport()


async def test_words_that_can_never_be_kept_go_back_into_the_box(ana: Locator, page: Page, forgiven: list[str]) -> None:
    forgiven.append("413")
    await box(ana).fill("so long " * 20_000)
    await box(ana).press("Enter")
    await expect(ana.get_by_role("alert")).to_contain_text("That is more than fits in one message.")
    await expect(ana.get_by_role("button", name="Try again")).to_have_count(0)
    await ana.get_by_role("button", name="Change the words").click()
    await expect(ana.get_by_role("alert")).to_have_count(0)
    await expect(box(ana)).to_have_value(re.compile("so long so long"))
    await page.reload()
    await expect(ana.get_by_role("alert")).to_have_count(0)


async def test_what_is_slow_says_so_and_what_failed_is_not_lost(
    ana: Locator, page: Page, at: Playground, forgiven: list[str]
) -> None:
    forgiven.append("503")
    at.door.slow = 1.0
    await write(ana, "Slowly.")
    await expect(ana.get_by_text("Keeping it")).to_be_visible()
    await expect(ana.get_by_text("Keeping it")).to_have_count(0)
    at.door.slow = 0.0
    at.door.trouble += [RuntimeError(), RuntimeError()]
    await write(ana, "Kept here.")
    await expect(ana.get_by_role("alert")).to_have_text(
        "Not kept yet. Beside could not keep it just now. Your words are still here."
    )
    await page.reload()
    await expect(ana.get_by_role("alert")).to_contain_text("Not kept yet.")
    await ana.get_by_role("button", name="Try again").click()
    await expect(ana.get_by_role("alert")).to_have_count(0)
    await expect(ana.locator("[data-from=ana]")).to_have_text(["Ana: Slowly.", "Ana: Kept here."])
    async with asyncio.timeout(100):  # it stands there at once, and is on its way
        while (heard := [event.text for event in at.door.events if isinstance(event, Said)]) == ["Slowly."]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert heard == ["Slowly.", "Kept here."]
    await page.reload()
    await expect(ana.locator("[data-from=ana]")).to_have_count(2)


async def test_a_draft_survives_a_reload(ana: Locator, page: Page) -> None:
    await box(ana).fill("Half a thou")
    await page.reload()
    await expect(box(ana)).to_have_value("Half a thou")


async def test_a_lost_server_is_said_and_everything_comes_back_in_order(page: Page, forgiven: list[str]) -> None:
    forgiven += ["net::ERR_"]  # a line that is cut has many names
    house, ana = MemoryHouse(), page.get_by_role("region", name="Ana")
    house.show(ANA, "q", QUESTION)
    with held() as port:
        async with playground(house, port=port) as one:
            await page.goto(one.url)
            await one.deliver(ANA, "before", Card(blocks=(Text(("Before.",)),)))
            await expect(log(ana).get_by_text("Before.")).to_be_visible()
        await expect(ana.get_by_text("Beside is out of reach just now.")).to_be_visible()
        await write(ana, "One.")
        await ana.get_by_role("button", name="Partly").click()
        await write(ana, "Two.")
        await expect(ana.get_by_role("alert")).to_have_count(3)
        async with playground(house, port=port) as one:
            await expect(ana.get_by_text("Beside is out of reach just now.")).to_have_count(0, timeout=100_000)
            await expect(ana.get_by_role("alert")).to_have_count(0)
            mine = ana.locator("[data-from=ana]")
            await expect(mine).to_have_text(["Ana: One.", "Ana chose: Partly", "Ana: Two."])
            assert [type(event) for event in one.door.events] == [Said, Pressed, Said]
            await page.goto("about:blank")


async def test_the_clock_is_seen_to_move(ana: Locator, page: Page, at: Playground) -> None:
    at.house.go_on.clear()
    hour = page.get_by_role("button", name="+1 hour")
    await hour.click()
    await expect(page.get_by_text("The clock is moving.")).to_be_visible()
    await expect(hour).to_have_attribute("aria-disabled", "true")
    at.house.go_on.set()
    await expect(page.get_by_role("time")).to_have_text("Thursday 15 October, 16:20")
    await expect(hour).to_have_attribute("aria-disabled", "false")
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.get_by_role("time")).to_have_text("Thursday 22 October, 16:20")
    await at.deliver(ANA, "new", Card(blocks=(Text(("A week on.",)),)))
    await expect(ana.locator(".day")).to_have_text(["Thursday 15 October, 15:20", "Thursday 22 October, 16:20"])


async def test_reset_asks_first_and_begins_again(ana: Locator, page: Page, at: Playground) -> None:
    await box(ana).fill("Half a thou")
    await page.get_by_role("button", name="Reset").click()
    dialog = page.get_by_role("dialog", name="Start the playground again?")
    await expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    await dialog.get_by_role("button", name="Keep it").click()
    await expect(log(ana).get_by_text("How did it go?")).to_be_visible()
    await page.get_by_role("button", name="Reset").click()
    await dialog.get_by_role("button", name="Start again").click()
    await expect(log(ana).get_by_text("Nothing yet.")).to_be_visible()
    await expect(box(ana)).to_have_value("")


async def test_any_person_can_be_opened(ana: Locator, sam: Locator, page: Page) -> None:
    await page.get_by_label("Teacher on this side").select_option("Ben")
    ben = page.get_by_role("region", name="Ben")
    await expect(log(ben).get_by_text("Nothing yet. What Ben writes is here, in Ben’s words.")).to_be_visible()
    await page.get_by_label("Person on this side").select_option("Ana")
    await expect(page.get_by_role("region", name="Ana")).to_be_visible()
    await expect(ben).to_be_visible()


async def test_on_a_phone_two_tabs_with_arrow_keys(ana: Locator, sam: Locator, page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(ana).to_be_visible()
    await expect(sam).to_be_hidden()
    await page.get_by_role("tab", name="Ana, teacher").press("ArrowRight")
    await expect(page.get_by_role("tab", name="Sam, coach")).to_be_focused()
    await expect(sam).to_be_visible()
    await expect(ana).to_be_hidden()


async def test_without_script_it_can_be_read_and_written(at: Playground, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    try:
        page = await context.new_page()
        await page.goto(at.url)
        ana = page.get_by_role("region", name="Ana")
        await box(ana).fill("By hand.")
        await ana.get_by_role("button", name="Send").click()
        await expect(ana.locator("[data-from=ana]")).to_have_text("Ana: By hand.")
    finally:
        await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nobody_is_shut_out(at: Playground, browser: Browser, scheme: Literal["light", "dark"]) -> None:
    """axe-core finds nothing, on three widths, with every block, a list and a form open, and nothing runs over."""
    at.door.reply = lambda event: Open(FORM) if isinstance(event, Pressed) else NOTHING
    at.house.show(ANA, "care", CARE)
    for width, height in ((1280, 860), (768, 1024), (360, 740)):
        context = await browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True
        )
        try:
            page = await context.new_page()
            await page.goto(at.url)
            await page.evaluate(AXE.read_text("utf-8"))
            await box(page.get_by_role("region", name="Ana")).press_sequentially("/")
            await _clean(page)
            if width == 360:
                await page.get_by_role("tab", name="Sam, coach").click()
                await _clean(page)
            await page.get_by_role("button", name="Change").click()
            await expect(page.get_by_role("dialog")).to_be_visible()
            await _clean(page)
        finally:
            await context.close()


async def _clean(page: Page) -> None:
    found = await page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
