"""Text on its way to Teams: plain words stay plain, wherever Teams would read markup in them."""

from __future__ import annotations

import re

from bot import visible

_GAP = "\u200b"
_DATES = re.compile(r"\{\{(?=\s*(?:DATE|TIME)\s*\()", re.IGNORECASE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")
_ADDRESS = re.compile(r"(?i)\b(?=(?:https?:|www\.|mailto:))")


def clean(text: str) -> str:
    """The same words without what can't be seen or turns a line around, for fields that show text as it is.

    Cards turn `{{DATE(…)}}` into a date everywhere; a gap between the braces leaves it as it was typed.
    """
    return _DATES.sub(f"{{{_GAP}{{", visible.clean(text))


def untagged(text: str) -> str:
    """For fields that may read tags, such as the line in a notification: `<at>` names nobody."""
    return _TAG.sub(f"<{_GAP}", clean(text))


def inert(text: str) -> str:
    """For fields that are read as Markdown: nothing in it formats, links, mentions or shows a picture."""
    apart = _ADDRESS.sub(_GAP, clean(text))
    return _SIGNS.sub(r"\\\1", apart.replace("&", "&amp;").replace("<", "&lt;"))
