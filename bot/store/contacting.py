"""What was sent to whom unasked: for the weekly cap and the rhythm. Nothing of it is ever shown to anybody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.cadence import Lately, weeks_until_next
from bot.store import asking
from bot.store import tables as t
from bot.store.asking import RHYTHM
from bot.store.lanes import occurrence
from bot.store.threads import Threads
from bot.store.work import moment, seconds

# A window of seven days, wherever the person is by now.
_MEMORY = timedelta(days=9)
_NEVER_CAME = ("dead", "late", "cancelled")


class Contacting(Threads):
    async def contacted(self, key: str, person: str, kind: str, at: datetime) -> None:
        """That this parcel goes out unasked; what no longer counts for anything goes."""
        c = t.contact.c
        mine = (c.organization_id == self.organization, c.person_id == person)
        past = or_(c.answered, c.kind.not_in(RHYTHM))
        await self._run(delete(t.contact).where(*mine, past, c.at < seconds(at - _MEMORY)))
        values = {
            "organization_id": self.organization, "key": key, "person_id": person, "kind": kind, "at": seconds(at),
            "answered": False,
        }  # fmt: skip
        await self._insert_new(t.contact, values)

    async def lately(self, people: Collection[str], now: datetime) -> dict[str, Lately]:
        """What may still count for these people. A parcel that never came counts for nothing."""
        rows = await self._rows(asking.lately, ids=sorted(people), since_then=seconds(now - _MEMORY))
        found = {person: Lately() for person in people}
        for row in rows:
            before = found[row.person_id]
            # One whose sending is in doubt may have come, and may not: it counts, and is no silence.
            came = row.state in (None, "sent")
            counts = row.state not in _NEVER_CAME and row.at > seconds(now - _MEMORY)
            found[row.person_id] = Lately(
                unasked=(*before.unasked, moment(row.at)) if counts else before.unasked,
                unanswered=before.unanswered + (row.kind == "nudge" and not row.answered and came),
                nudged=moment(row.at) if row.kind == "nudge" and row.state not in _NEVER_CAME else before.nudged,
                resting=before.resting or (row.kind == "goodbye" and not row.answered),
            )
        return found

    async def had_checkin(self, person: str, about: date) -> date | None:
        """The latest of that date and its neighbours whose check-in has come, was held or is on its way."""
        days = [(about + timedelta(days=n)).isoformat() for n in (-1, 0, 1)]
        o, keys = t.outbox.c, {occurrence(person, "checkin", day): day for day in days}
        known = select(o.occurrence_key).where(o.organization_id == self.organization, o.occurrence_key.in_(keys))
        had = [keys[row.occurrence_key] for row in await self._rows(known)]
        return date.fromisoformat(max(had)) if had else None

    async def heard_from(self, person: str, now: datetime) -> bool:
        """A reply, of whatever kind; whether the rhythm had slowed down until now."""
        if await self._row(asking.silent, who=person) is None:
            return False
        c = t.contact.c
        open_ = (c.organization_id == self.organization, c.person_id == person, ~c.answered, c.kind.in_(RHYTHM))
        before = (await self.lately((person,), now))[person]
        await self._run(update(t.contact).where(*open_).values(answered=True))
        return before.resting or weeks_until_next(before.unanswered) > 1
