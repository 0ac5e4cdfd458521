"""Text as it may be drawn anywhere: nothing in it hides, turns a line around, or is longer than it may be."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Control characters, direction overrides, and what has no width and joins nothing. The joiners U+200C and U+200D,
# and the marks U+200E and U+200F, stay: emoji families, Persian and mixed-direction lines need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The same words without what can't be seen or turns a line around."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def pieces(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters, cut after a space where there is one; joined it is the same."""
    parts, start = [], 0
    while len(text) - start > limit:
        end = start + limit
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1
        parts.append(text[start : cut if cut > start else end])
        start += len(parts[-1])
    return [*parts, text[start:]] if text[start:] or not parts else parts
