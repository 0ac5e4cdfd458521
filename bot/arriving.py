"""Whoever writes or presses has been heard: where they are, which language they read, and their rhythm follow."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.data import LANGUAGE, language_of
from bot.events import FromPlatform
from bot.records import Person
from bot.returning import back_in_rhythm
from bot.store import Tx


async def arrived(tx: Tx, event: FromPlatform, me: Person, now: datetime) -> Person:
    await tx.touch_account(me.id, event.by, now)
    told = in_locale(me, event.by.locale)
    if told != me:
        await tx.keep(told)
    await back_in_rhythm(tx, event, told, now)
    return told


def in_locale(me: Person, locale: str) -> Person:
    """Who set another language than their platform's keeps it; anybody else reads what the platform speaks."""
    if locale in ("", me.locale) or not LANGUAGE.fullmatch(locale):
        return me
    follows = me.language == spoken(me.locale)
    return replace(me, locale=locale, language=spoken(locale) if follows else me.language)


def spoken(locale: str) -> str:
    """The language we have that serves this locale best."""
    return language_of(locale, "words")
