"""`GET /calendar/…`: a person's own feed by its secret, and one slot's file by its link.

What is wrong, switched off or forgotten gets one and the same answer, and no address is ever logged.
"""

from __future__ import annotations

import asyncio
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.calendars.files import Told, feed, file_of
from bot.outside.links import meant
from bot.records import Person, Slot
from bot.words import Lines

if TYPE_CHECKING:
    from bot.clock import Now
    from bot.store import Store, Tx

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HEADERS: Final = {
    "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}  # fmt: skip


def mount(app: web.Application, store: Store, now: Now) -> None:
    """Puts both routes up."""

    async def feed_(request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        found = await store.feed_of(secret) if _SECRET.fullmatch(secret) else None
        data = await feed_file(store, *found, now) if found else None
        return _given(request, data, "beside.ics")

    async def file_(request: web.Request) -> web.Response:
        found = await meant(store, request.match_info["token"])
        data = await slot_file(store, *found, now) if found else None
        return _given(request, data, "beside.ics", attached=True)

    app.router.add_get("/calendar/{secret}.ics", feed_)
    app.router.add_get("/calendar/file/{token}.ics", file_)


def _given(request: web.Request, data: bytes | None, name: str, *, attached: bool = False) -> web.Response:
    if data is None:
        return web.Response(status=404, text="There is no calendar here.\n", headers=_HEADERS)
    etag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": etag}
    if _known(request.headers.get("If-None-Match", ""), etag):
        return web.Response(status=304, headers=headers)
    headers["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{name}"'
    return web.Response(body=data, content_type="text/calendar", charset="utf-8", headers=headers)


def _known(asked: str, etag: str) -> bool:
    """Weakly compared, as for a GET (RFC 9110, 13.1.2)."""
    tags = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return "*" in tags or etag in tags


async def feed_file(store: Store, organization: str, person: str, now: Now) -> bytes | None:
    async with store.begin(organization) as tx:
        me = await tx.person(person)
        if me is None:
            return None
        slots = await tx.slots_of(person)
        told = await told_of(tx, me, slots)
    # Hundreds of slots take a while, and others are waiting.
    pairs = [(slot, told[slot.id]) for slot in slots if slot.id in told]
    return await asyncio.to_thread(feed, pairs, Lines.load(me.language), now())


async def slot_file(store: Store, organization: str, person: str, slot: str, now: Now) -> bytes | None:
    async with store.begin(organization) as tx:
        me, one = await tx.person(person), await tx.get("slot", slot)
        if me is None or not isinstance(one, Slot) or me.id not in (one.coach, one.teacher):
            return None
        told = await told_of(tx, me, (one,))
    return file_of(one, told[one.id], Lines.load(me.language), now()) if one.id in told else None


async def told_of(tx: Tx, me: Person, slots: tuple[Slot, ...]) -> dict[str, Told]:
    """What may be told to this person of each slot: the other's name, and the teacher's words if the teacher agrees."""
    others = {slot.id: slot.teacher if slot.coach == me.id else slot.coach for slot in slots}
    people = await tx.people(sorted(set(others.values())))
    agrees = {teacher: (await tx.calendar(teacher)).question for teacher in {slot.teacher for slot in slots}}
    schools = await tx.schools(sorted({one.school for one in (me, *people.values())}))
    return {
        slot.id: Told(
            me=me, other=people[others[slot.id]], question=agrees[slot.teacher],
            zone=schools[me.school].zone if me.school in schools else me.zone,
        )
        for slot in slots
        if others[slot.id] in people
    }  # fmt: skip
