"""A message that somebody pointed at, as a line that could have been typed: its writer first, then its words."""

from __future__ import annotations

import re
from html import unescape

from adapters.teams.payloads import Pointed, without_nul

MOST = 1000
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ID = re.compile(r"[A-Za-z0-9:._-]{1,120}")


def line_of(pointed: Pointed | None) -> str:
    """Nothing where no message was pointed at. A name in it is only a word: its writer alone is meant."""
    if pointed is None:
        return ""
    html = pointed.body.content if pointed.body and pointed.body.content else ""
    words = unescape(_TAG.sub(" ", _BREAK.sub("\n", html)))
    words = " ".join(without_nul(words).replace("<", " ").replace(">", " ").split())[:MOST]
    who = pointed.by.user.id if pointed.by and pointed.by.user else None
    writer = f'<at id="{who}">@</at>' if who and _ID.fullmatch(who) else ""
    return f"{writer} {words}".strip()
