"""Text on its way to Teams: plain words stay plain, wherever Teams would read markup in them."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Control characters, direction overrides, and what has no width and joins nothing. The joiners U+200C and U+200D,
# and the marks U+200E and U+200F, stay: emoji families, Persian and mixed-direction lines need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_GAP = "\u200b"
_DATES = re.compile(r"\{\{(?=\s*(?:DATE|TIME)\s*\()", re.IGNORECASE)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")
_ADDRESS = re.compile(r"(?i)\b(?=(?:https?:|www\.|mailto:))")


def clean(text: str) -> str:
    """The same words without what can't be seen or turns a line around, for fields that show text as it is.

    Cards turn `{{DATE(…)}}` into a date everywhere; a gap between the braces leaves it as it was typed.
    """
    return _DATES.sub(f"{{{_GAP}{{", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def untagged(text: str) -> str:
    """For fields that may read tags, such as the line in a notification: `<at>` names nobody."""
    return _TAG.sub(f"<{_GAP}", clean(text))


def inert(text: str) -> str:
    """For fields that are read as Markdown: nothing in it formats, links, mentions or shows a picture."""
    apart = _ADDRESS.sub(_GAP, clean(text))
    return _SIGNS.sub(r"\\\1", apart.replace("&", "&amp;").replace("<", "&lt;"))


def pieces(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters, cut after a space where there is one; joined it is the same."""
    parts, start = [], 0
    while len(text) - start > limit:
        end = start + limit
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1
        parts.append(text[start : cut if cut > start else end])
        start += len(parts[-1])
    return [*parts, text[start:]] if text[start:] or not parts else parts
