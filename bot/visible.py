"""Text as it may be drawn anywhere: nothing in it hides, turns a line around, or is longer than it may be."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Control characters, direction overrides, and what has no width and joins nothing. The joiners U+200C and U+200D,
# and the marks U+200E and U+200F, stay: emoji families, Persian and mixed-direction lines need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# What is set apart from the line around it, in a direction of its own: first its sign, then the words, then the end.
_APART, _END = "\u2068", "\u2069"
_SET_APART = re.compile(f"{_APART}([^\u2066-\u2069\n]*){_END}")
# Hebrew, Arabic and the other scripts that are written from right to left.
_LEFTWARD = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def clean(text: str) -> str:
    """The same words without what can't be seen or turns a line around; what is set apart stays so."""
    if text.isprintable():
        return text  # all that is taken out or told apart here is none of the characters that print
    text = _LINE_ENDS.sub("\n", text)
    if _APART not in text:
        return _UNSEEN.sub("", text)
    # Every second piece is what stood between a pair of signs.
    parts = [_UNSEEN.sub("", part) for part in _SET_APART.split(text)]
    return "".join(f"{_APART}{part}{_END}" if n % 2 else part for n, part in enumerate(parts))


def isolated(words: str) -> str:
    """Somebody's words as they stand within a line of ours: those from right to left turn nothing around them."""
    if not _LEFTWARD.search(words):
        return words
    lines = _UNSEEN.sub("", _LINE_ENDS.sub("\n", words)).split("\n")
    return "\n".join(f"{_APART}{line}{_END}" if line else line for line in lines)


def pieces(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters, cut after a space where there is one; joined it is the same."""
    parts, start = [], 0
    while len(text) - start > limit:
        end = start + limit
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1
        parts.append(text[start : cut if cut > start else end])
        start += len(parts[-1])
    return [*parts, text[start:]] if text[start:] or not parts else parts
