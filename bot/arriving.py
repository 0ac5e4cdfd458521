"""Whoever writes or presses has been heard: where they are, which language they read, and their rhythm follow."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.data import LANGUAGE, language_of
from bot.events import Account, FromPlatform
from bot.flow import derived
from bot.flows.setup.crowd import handle_for, zone_of
from bot.records import Person
from bot.returning import back_in_rhythm
from bot.store import Tx


async def arrived(tx: Tx, event: FromPlatform, me: Person, now: datetime) -> Person:
    await tx.touch_account(me.id, event.by, now)
    told = by_name(in_zone(in_locale(me, event.by.locale), event.by.zone), event.by)
    if told != me:
        await tx.keep(told)
    await back_in_rhythm(tx, event, told, now)
    return told


async def admitted(tx: Tx, by: Account, now: datetime) -> Person:
    """Whoever lets us into a workspace is somebody we know from then on: an admin, who chooses who coaches."""
    handle = handle_for(by.name, await tx.handles())
    person = Person(
        id=derived(tx.organization, "person", handle), organization=tx.organization, handle=handle,
        name=by.name or handle, role="admin", school="", zone=zone_of(by.zone), locale=by.locale or "en-US",
        language=spoken(by.locale or "en"), chat="on", zone_by="told" if zone_of(by.zone, "") else "presumed",
    )  # fmt: skip
    await tx.keep(person)
    await tx.add_account(person.id, by, by.email)
    return person


def by_name(me: Person, by: Account) -> Person:
    """Who was chosen while their platform said nothing of them is called by their id until it does."""
    return replace(me, name=by.name) if by.name and me.name == by.user else me


def in_locale(me: Person, locale: str) -> Person:
    """Who set another language than their platform's keeps it; anybody else reads what the platform speaks."""
    if locale in ("", me.locale) or not LANGUAGE.fullmatch(locale):
        return me
    follows = me.language == spoken(me.locale)
    return replace(me, locale=locale, language=spoken(locale) if follows else me.language)


def in_zone(me: Person, zone: str) -> Person:
    """Until their first yes, the zone of somebody's own clock goes before the one they were listed with.

    After that their hours stay where they agreed to them, and only they move them, in settings. What they said
    themselves no clock changes.
    """
    told = zone_of(zone, "")
    if not told or me.zone_by == "self" or me.chat not in ("new", "asked"):
        return me
    return replace(me, zone=told, zone_by="told")


def spoken(locale: str) -> str:
    """The language we have that serves this locale best."""
    return language_of(locale, "words")
