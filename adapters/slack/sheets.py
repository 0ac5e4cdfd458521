"""Cards where there is no message: as a home, and as a sheet, which lies over whatever somebody was looking at."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.slack.payloads import Sheet
from adapters.slack.render import Json, message, words_of
from adapters.slack.settle import left
from adapters.slack.words import short
from bot.cards import Card
from bot.visible import clean

NAME = 24
US = "Beside"


def sheet(card: Card) -> Json:
    """A modal without a form. Slack itself says "Close", in the language of whoever reads it."""
    return _modal(clean(card.title), message(card)["blocks"])


def home(card: Card) -> Json:
    """The home tab, whole: each time it is drawn it takes the place of the one before."""
    return {"type": "home", "callback_id": "beside:home", "blocks": message(card)["blocks"]}


def answered(there: Sheet, label: str) -> Mapping[str, object]:
    """The sheet as it stood, once its question needs nothing more; of anything else there is nothing to say."""
    if there.type != "modal" or not there.blocks:
        return {}
    return _modal(there.title.text if there.title else "", left(there.blocks, label))


def _modal(title: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal", "callback_id": "beside:sheet", "title": words_of(short(title, NAME) or US), "blocks": blocks,
    }  # fmt: skip
