"""Cleaning what a platform sent: its markup, its escapes, and the coach's own words, which are nobody's date."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from msgspec import Struct

LONGEST = 2000
# What was understood is covered with one of these, so that its neighbours never join.
DATE, TIME, LENGTH, OTHER, NOTED = "\x01", "\x02", "\x03", "\x04", "\x06"
MARKS = DATE + TIME + LENGTH + OTHER + NOTED
# Stands for a piece of markup until we know what it is.
_FIRST_HELD = 0xE000

_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&quot;": '"', "&#39;": "'"}
_ENTITY = re.compile("|".join(_ENTITIES))
_TEAMS = r"<at(?:\s+id=\"(?P<id>[^\"<>]{1,120})\"|\s[^<>]{0,120})?>(?P<at>[^<>]{0,120})</at>"
_SLACK = r"<(?P<slack>[@#!][^<>]{1,300})>"
_LINK = r"<(?P<link>(?:https?://|mailto:|tel:)[^<>|]{1,900})(?:\|(?P<label>[^<>]{0,300}))?>"
_TAG = r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>]{0,200})?/?>"
_MARKUP = re.compile(rf"{_TEAMS}|{_SLACK}|{_LINK}|{_TAG}", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_CLOCKLIKE = re.compile(r"[0-9:.h-]{1,11}(?:[ap]m)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff]")
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
_OWN_HIDDEN = re.compile("[\u200b\u2060\ufeff]")
_FOCUS = r"(?P<focus>(?<![\w-])focus(?:\s*[:=：＝]|\s+on(?!\w)))"
_QUOTES = (
    r"\"(?P<q1>[^\"]*)\"|[“„”](?P<q2>[^“„”]*)[”“]|«(?P<q3>[^«»]*)»"
    r"|(?<!\w)['‘](?P<q4>(?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)"
)
_OWN = re.compile(f"{_FOCUS}|{_QUOTES}", re.IGNORECASE)
# `1 ½ h` is one length, `at 1 ½ h` a time and a length.
_FRACTION = re.compile(r"(?:(?<![\d:.])(\d{1,2})|(?<!\bat )(?<!@ )(?<![\w:.@-])([1-3]) )?([½¼¾])", re.IGNORECASE)
_DECIMALS = {"½": ".5", "¼": ".25", "¾": ".75"}
_SIGNS = str.maketrans(dict.fromkeys("–—‐‑‒―−→", "-") | {"∶": ":", "’": "'", "‘": "'", "“": '"', "”": '"', "×": "x"})


class Piece(Struct, frozen=True):
    """One piece of markup. `what` says how far it can be trusted: an id, a name, a group, an instant, a link.

    `id` goes before the name where a mention brought both and the id is known.

    A tag says nothing: it only stands where it is part of somebody's own words.
    """

    what: Literal["id", "name", "group", "instant", "link", "tag"]
    said: str
    id: str = ""


class Cleaned(Struct, frozen=True):
    """The line without its focus; markup stands in it as one character each, a key of `pieces`."""

    text: str
    focus: str | None
    pieces: dict[str, Piece]


class Rest:
    """A text that somebody else wants a day read from: see `bot.when.days.days`."""

    def __init__(self, text: str) -> None:
        self.text = text


def clean(text: str) -> str:
    """The text without what makes reading hard: fractions, hidden characters, and many sorts of dash."""
    text = text[:LONGEST]
    if any(sign in text for sign in _DECIMALS):
        text = _FRACTION.sub(lambda found: (found[1] or found[2] or "0") + _DECIMALS[found[3]], text)
    return _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).translate(_SIGNS)[:LONGEST]


def parted(raw: str) -> Cleaned:
    """Markup first, then the coach's own words as they were typed, then everything that makes reading hard."""
    held: list[tuple[Piece, str]] = []
    text = _MARKUP.sub(lambda found: _hold(found, held), _CONTROL.sub(" ", raw[:LONGEST]))
    text = _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)
    text = _URL.sub(lambda found: _held(Piece("link", found[0]), found[0], held), text)
    text, own = _own_words(text)
    pieces = {chr(_FIRST_HELD + n): piece for n, (piece, _) in enumerate(held)}
    for mark, (piece, typed) in zip(pieces, held, strict=True):
        # What is somebody's own words stands there as it was typed, with the spaces it had.
        own = re.sub(f" ?{mark} ?", lambda _, typed=typed: typed, own)  # type: ignore[misc]  # bound at once
        text = text.replace(mark, " ") if piece.what == "tag" else text
    own = _OWN_HIDDEN.sub("", own.replace("\xa0", " ")).strip()
    kept = {mark: piece for mark, piece in pieces.items() if mark in text}
    return Cleaned(clean(text), own or None, kept)


def _hold(found: re.Match[str], held: list[tuple[Piece, str]]) -> str:
    if found["at"] is not None:
        name = _ENTITY.sub(lambda e: _ENTITIES[e[0]], found["at"])
        return _held(Piece("name", name, found["id"] or ""), name if found["id"] else found[0], held)
    if found["slack"]:
        return _held(_slack(found["slack"]), found[0], held)
    if found["link"]:
        label = found["label"] or ""
        # Slack makes links of things like 10.15; those are still a time.
        return (
            label
            if label and _CLOCKLIKE.fullmatch(label)
            else _held(Piece("link", label or found["link"]), found[0], held)
        )
    return _held(Piece("tag", found[0]), found[0], held)


def _held(piece: Piece, typed: str, held: list[tuple[Piece, str]]) -> str:
    held.append((piece, typed))
    return f" {chr(_FIRST_HELD + len(held) - 1)} "


def _slack(inside: str) -> Piece:
    head = inside.partition("|")[0]
    if head.startswith("@"):
        return Piece("id", head[1:])
    if head.startswith("!date^"):
        return Piece("instant", head.split("^")[1])
    return Piece("group", head)


def _own_words(text: str) -> tuple[str, str]:
    """What is left to read, and what was quoted or said after `focus`, in that order."""
    kept: list[str] = []
    rest: list[str] = []
    at = 0
    for found in _OWN.finditer(text):
        rest.append(text[at : found.start()])
        at = found.end()
        if found["focus"]:
            tail = text[at:].strip()
            whole = re.fullmatch(r"[\"“'‘]([^\"“”]*)[\"”'’]", tail, re.DOTALL)
            kept.append(whole[1] if whole else tail)
            at = len(text)
            break
        kept.append((found["q1"] or found["q2"] or found["q3"] or found["q4"] or "").strip())
    rest.append(text[at:])
    return " , ".join(rest), " ".join(words for words in kept if words)
