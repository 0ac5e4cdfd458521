"""Handing someone's words back: which line answers a reply, and which of the words it quotes."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256

from msgspec import Struct

from bot.cards import Text
from bot.records import Own
from bot.safety import labels
from bot.stems import Library, Need, ReflectLine, Stem
from bot.words import filled

ECHO = 140
SHORT = 5
LONG = 60
PART = 4
READ = 40_000

# A sentence ends at a line break, or at . ! ? before a space; three dots with a small letter after them go on.
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|vs|approx|mr|mrs|ms|dr)\.$", re.IGNORECASE)
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)]*+(?=\s)|\n")
_NEXT = re.compile(r"\s*(\S?)")
_ABBREVIATION = 12  # no abbreviation is longer, with what stands before it
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SPACE = re.compile(r"\s+")
_JOINED = re.compile(r",?\s(?:and|but|y|e|pero)\s", re.IGNORECASE)


class Reflected(Struct, frozen=True):
    """A reflect-back: the id of its line, to be remembered, and the paragraph to show."""

    line_id: str
    text: Text


def echo(text: str) -> str:
    """The first sentence as it was written; where it is long it is cut at a word and says so with three dots."""
    return _cut(next(iter(sentences(text)), ""))


def reflect_back(
    library: Library,
    *,
    reply: str,
    by: str,
    stem: Stem | None,
    tapped_tried: bool,
    recent: tuple[str, ...],
    seed: str,
    audience: str = "teacher",
) -> Reflected:
    """The line for this reply. No evidence, no claim; a hard week is never answered with cheer.

    `recent` holds the lines of this person's last five replies: none of them comes back. A family with nothing left
    gives way to a plain line. Someone who had a plain line lately and wrote two things hears both side by side.
    """
    parts = two_parts(reply)
    met: set[Need] = {"step_tapped_tried"} if tapped_tried else set()
    met |= {"echo_a", "echo_b"} if parts else set()
    families = [_family(library, reply, stem), "plain"]
    if families[0] == "plain" and any(line.id in recent for line in library.reflect_back if line.family == "plain"):
        families.insert(0, "organise")
    heard = [line for line in library.reflect_back if line.audience in ("", audience)]
    lines = [line for line in heard if met.issuperset(line.needs)]
    line = _line(lines, families, recent, seed)
    quoted = dict(zip(("echo_a", "echo_b"), parts, strict=True)) if parts and "echo_a" in line.needs else None
    return _reflected(line, quoted or {"echo": echo(reply)}, by)


def reflect_not_yet(library: Library, *, step: str, by: str, recent: tuple[str, ...], seed: str) -> Reflected:
    """The line for a step that has not been tried; the step stands in it whole, as it was written."""
    return _reflected(_line(list(library.reflect_back), ["not_yet"], recent, seed), {"echo": step}, by)


def sentences(text: str) -> tuple[str, ...]:
    """What was written, sentence by sentence, untouched but for the space around each."""
    found, start = [], 0
    for end in _END.finditer(text):
        if end[0] != "\n" and (_abbreviated(text, start, end.end()) or _goes_on(text, end)):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def _abbreviated(text: str, start: int, end: int) -> bool:
    return bool(_ABBREVIATED.search(text[max(start, end - _ABBREVIATION) : end]))


def _goes_on(text: str, end: re.Match[str]) -> bool:
    if end[0] not in ("...", "…"):
        return False
    after = _NEXT.match(text, end.end())
    return bool(after and after[1].islower())


def two_parts(text: str) -> tuple[str, str] | None:
    """Two things someone said side by side: two sentences, or two halves around an "and" or a "but"."""
    first, *more = sentences(text) or ("",)
    if more and _words(first) >= PART and _words(more[0]) >= PART:
        return _cut(first), _cut(more[0])
    for joint in _JOINED.finditer(first):
        left, right = first[: joint.start()], first[joint.end() :]
        if _words(left) >= PART and _words(right) >= PART:
            return _cut(left), _cut(right)
    return None


def _family(library: Library, reply: str, stem: Stem | None) -> str:
    read = "\n".join(_SPACE.sub(" ", s.replace("’", "'")) for s in sentences(reply[:READ]))
    bare = read.lower().replace("'", "")
    said = {one for signals in library.signals for one in signals.any if _bare(one) in bare}
    found = [
        signals.family
        for signals in library.signals
        if any(one in said and _pattern(one).search(read) for one in signals.any)
    ]
    if "honest" in found:
        return "honest"
    if _words(reply) < SHORT:
        return "short"
    if stem is not None and stem.strength in found:
        return stem.strength
    return found[0] if found else "plain"


@cache
def _bare(signal: str) -> str:
    """What has to stand somewhere, before it is looked for as words: that costs next to nothing."""
    return signal.removeprefix("^").removesuffix("*").lower().replace("'", "")


@cache
def _pattern(signal: str) -> re.Pattern[str]:
    """A signal as whole words: `^` only at the start of a sentence, `*` with any ending, apostrophes optional."""
    words = re.escape(signal.removeprefix("^").removesuffix("*")).replace("'", "'?")
    start, end = r"^[^\w\n]*" if signal.startswith("^") else r"(?<!\w)", r"\w*" if signal.endswith("*") else r"(?!\w)"
    return re.compile(start + words + end, re.IGNORECASE | re.MULTILINE)


def _line(lines: list[ReflectLine], families: list[str], recent: tuple[str, ...], seed: str) -> ReflectLine:
    for family in families:
        if fresh := [line for line in lines if line.family == family and line.id not in recent]:
            return min(fresh, key=lambda line: sha256(f"{seed} {line.id}".encode()).hexdigest())
    # Too few lines for so many replies: the one said longest ago. `recent` is latest first.
    return max((line for line in lines if line.family == families[-1]), key=lambda line: recent.index(line.id))


def _reflected(line: ReflectLine, quoted: dict[str, str], by: str) -> Reflected:
    own: dict[str, str | Own] = {name: Own(words, by) for name, words in quoted.items()}
    return Reflected(line.id, Text(filled(line.text, own, where=line.id)))


def _cut(words: str) -> str:
    if len(words) <= ECHO:
        return words
    room = words[: ECHO - 2]
    whole = room.rsplit(maxsplit=1)[0] if len(room.split()) > 1 else room
    return whole[: ECHO - 3].rstrip(" ,;:") + "..."


def is_short(text: str) -> bool:
    """Fewer than five words: taken as they are, and never asked to be more."""
    return _words(text) < SHORT


def is_long(text: str) -> bool:
    """More than sixty words: enough for two weeks' follow-ups."""
    return _words(text) > LONG


def quotable(text: str) -> str:
    """The sentences that may be said back: not those that sort students. Nobody is corrected for them either."""
    parts = sentences(text)
    fit = [part for part in parts if not labels(part)]
    return text if len(fit) == len(parts) else " ".join(fit)


def _words(text: str) -> int:
    return len(_WORD.findall(text))
