"""Every card and form of the gallery, drawn by the renderer that Microsoft publishes, in a real Chromium.

The schema says what a card may hold; this says that it is drawn, that all of it can be read, and that nothing runs
over on a telephone. Where the renderer comes from: `tests/data/adaptivecards/README.md`.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, Final

from adapters.teams.send import drawing
from bot.cards import plain
from tests.contract import adaptive, snapshots
from tests.contract.gallery import Shown
from tests.contract.synthetic import EXTREMES
from tests.support.browser import launched, watched

RENDERER: Final = Path(__file__).parents[2] / "data" / "adaptivecards" / "adaptivecards.min.js"
NARROW: Final = 320
# As Teams sets it up: six actions in a row, headings, and its own face.
HOST: Final = {
    "fontFamily": "Segoe UI, system-ui, sans-serif",
    "supportsInteractivity": True,
    "actions": {"maxActions": adaptive.ACTIONS, "actionsOrientation": "horizontal", "buttonSpacing": 8},
}
DRAW: Final = """
([cards, host, narrow]) => {
  const marks = /\\\\([\\\\`*_{}\\[\\]()#+\\-.!|~>])/g;
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    const box = document.createElement("div");
    box.textContent = text.replace(marks, "$1").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
    result.outputHtml = `<p>${box.innerHTML}</p>`;
    result.didProcess = true;
  };
  return cards.map((json) => {
    const card = new AdaptiveCards.AdaptiveCard(), told = new AdaptiveCards.SerializationContext();
    card.hostConfig = new AdaptiveCards.HostConfig(host);
    card.parse(json, told);
    const faults = [];
    for (let n = 0; n < told.eventCount; n++) faults.push(told.getEventAt(n).message);
    faults.push(...card.validateProperties().validationEvents.map((one) => one.message));
    const drawn = card.render();
    if (!drawn) return { faults: [...faults, "nothing was drawn"], reads: "", buttons: [] };
    const room = document.createElement("main");
    document.body.replaceChildren(room);
    room.append(drawn);
    room.style.width = `${narrow}px`;
    if (room.scrollWidth > narrow) faults.push(`${room.scrollWidth} wide where there are ${narrow}`);
    const named = [...drawn.querySelectorAll("input, textarea, select")].filter((one) => !(
      one.labels?.length || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")));
    if (named.length) faults.push(`${named.length} fields without a name`);
    const boxes = [...drawn.querySelectorAll("input:not([type=radio]), textarea")]
      .flatMap((one) => [one.value, one.placeholder]);
    const lists = [...drawn.querySelectorAll("option")].map((one) => one.textContent);
    const buttons = [...drawn.querySelectorAll("button.ac-pushButton")].map((one) => one.textContent);
    return { faults, reads: [drawn.textContent, ...boxes, ...lists].join(" "), buttons };
  });
}
"""


def every() -> list[tuple[str, dict[str, Any]]]:
    shown: list[Shown] = [one for sheet in snapshots.SHEETS for one in snapshots.sheet(sheet)]
    shown += EXTREMES.values()
    return [(plain(one)[:60], card) for one in shown for card in drawing(one)]


def bare(text: str) -> str:
    """Letters and digits alone: where lines break is the renderer's business, and so are its bullets and boxes."""
    return re.sub(r"[\W_]", "", html.unescape(text))


async def test_the_renderer_of_microsoft_draws_every_card_whole() -> None:
    cards = every()
    assert len(cards) > 300
    async with launched() as browser, watched(browser) as page:
        await page.set_content("<!doctype html><style>body { margin: 0; overflow-wrap: anywhere }</style>")
        await page.add_script_tag(path=RENDERER)
        drawn = await page.evaluate(DRAW, [[card for _, card in cards], HOST, NARROW])
    wrong: dict[str, list[str]] = {}
    for (name, card), found in zip(cards, drawn, strict=True):
        faults = list(found["faults"])
        reads = bare(found["reads"])
        pieces = [one.removesuffix(" (chosen)") for one in adaptive.read(card)]
        wanted = [one[1:-1] for one in pieces if one.startswith("[") and one.endswith("]")]
        faults += [f"no button {one!r}" for one in wanted if one not in found["buttons"]]
        faults += [f"not to be read: {one[:60]!r}" for one in pieces if _word(one) not in reads]
        if faults:
            wrong[name] = faults
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)[:4000]


def _word(piece: str) -> str:
    was = re.fullmatch(r"\(was (.*)\)", piece, re.DOTALL)
    return bare(was[1] if was else piece)
