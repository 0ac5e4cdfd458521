"""A message whose question has been answered: its buttons and choices go, and what was chosen stands in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.slack.payloads import Posted
from adapters.slack.render import TWIN_OF_UPDATE, Json, chosen
from adapters.slack.words import inert
from bot.visible import clean

ASKING = frozenset({"radio_buttons", "static_select"})


def settled(posted: Posted | None, label: str) -> Json:
    """The message as it stood, answered. Of one that only its reader sees, Slack tells us nothing but the label."""
    if posted is None or not posted.blocks:
        return {"text": inert(clean(label)) or "…", "blocks": [*chosen(label)]}
    return {
        "text": (posted.text or inert(clean(label)) or "…")[:TWIN_OF_UPDATE],
        "blocks": left(posted.blocks, label),
    }


def left(blocks: Sequence[object], label: str) -> list[Any]:
    """What of these blocks stays, with what was chosen."""
    return [*_left(blocks, [*chosen(label)])]


def _left(blocks: Sequence[object], said: list[Json]) -> Iterator[object]:
    """Links stay; the label comes once, where the first row was."""
    for block in blocks:
        match block:
            case {"type": "actions", "elements": list() | tuple() as row, **rest}:
                yield from said
                said = []
                if links := [one for one in row if isinstance(one, dict) and one.get("url")]:
                    yield {"type": "actions", "elements": links, **rest}
            case {"type": "section", "accessory": {"type": kind}} if kind in ASKING:
                pass
            case _:
                yield block
