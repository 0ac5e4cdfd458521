"""What is planned and what is on its way, as one organization's events write it; and the playground's remarks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import and_, delete, func, select, update

from bot.cards import Card, Form
from bot.events import Account
from bot.platform import Remark
from bot.store import asking
from bot.store import tables as t
from bot.store.asking import ANY_TEAM
from bot.store.contacting import Contacting
from bot.store.hands import Taken
from bot.store.lanes import MAIL, NOWHERE, lane_of, platform_of
from bot.store.work import moment, seconds


class Planned(Struct, frozen=True):
    """A moment that is planned for a person: the instant, and the local date it belongs to."""

    key: str
    person: str
    topic: str
    at: datetime
    day: date
    thread: str = ""


class Sending(Contacting):
    async def plan(self, *, key: str, person: str, topic: str, at: datetime, day: date, thread: str = "") -> None:
        await self.plan_all([Planned(key, person, topic, at, day, thread)])

    async def plan_all(self, plans: Sequence[Planned]) -> None:
        """One row for each person, topic and thread: planning it again moves it."""
        rows = [
            {
                "id": one.key, "organization_id": self.organization, "person_id": one.person, "topic": one.topic,
                "thread_id": one.thread, "next_due_at": seconds(one.at), "local_date": one.day.isoformat(),
                "status": "active",
            }
            for one in plans
        ]  # fmt: skip
        if len(rows) == 1:
            await self._run(asking.planned_again, **rows[0])
        elif rows:
            await self._connection.execute(asking.planning(self._sqlite), rows)

    async def unplan(self, person: str, topic: str, thread: str = "") -> None:
        await self._run(asking.unplanned, who=person, about=topic, conversation=thread)

    async def planned(self, person: str, topic: str, thread: str = "") -> datetime | None:
        row = await self._row(asking.planned, who=person, topic=topic, conversation=thread)
        return None if row is None else moment(row.next_due_at)

    async def wake(self, person: str, topic: str, at: datetime) -> None:
        """Whatever waits under that topic is looked at now."""
        p = t.plan.c
        mine = and_(
            p.organization_id == self.organization, p.person_id == person, p.topic == topic, p.status == "active"
        )
        await self._run(update(t.plan).where(mine).values(next_due_at=seconds(at)))

    async def post(
        self,
        *,
        key: str,
        person: str,
        kind: str,
        name: str,
        thread: str,
        card: Card | Form,
        at: datetime,
        expires_at: datetime | None,
        priority: int,
        revises_key: str | None = None,
        on: str = "",
        topic: str = "",
    ) -> None:
        """A parcel, sealed, in the lane of where the person is; the same key is kept once."""
        lane = await self._lane_for(person, revises_key, on)
        values = {
            "organization_id": self.organization,
            "occurrence_key": key,
            "lane_id": lane,
            "person_id": person,
            "kind": kind,
            "name": name,
            "thread_id": thread,
            "topic": topic,
            "local_date": "",
            "card": await self._seal(card, "outbox", "card", key),
            "revises": revises_key or "",
            "visible_at": seconds(at),
            "expires_at": seconds(expires_at) if expires_at else None,
            "priority": priority,
            "state": "ready",
            "attempts": 0,
            "last_error": "",
            "fence": 0,
            "started_at": None,
            "sent_at": None,
            "channel": "",
            "message": "",
        }
        if await self._insert_new(t.outbox, values):
            await self._lower((lane,), seconds(at))

    async def _lane_for(self, person: str, revises: str | None, on: str) -> str:
        """Where the person is; what is revised is revised where it stands, as long as they can be reached there."""
        if on == MAIL:
            return lane_of(self.organization, Account(platform=MAIL, team=ANY_TEAM, user=person))
        if on:
            chosen = next((account for account in await self.accounts(person) if account.platform == on), None)
            return lane_of(self.organization, chosen or await self.account_of(person))
        if revises:
            o, a = t.outbox.c, t.account.c
            row = await self._row(
                select(o.lane_id).where(
                    o.organization_id == self.organization, o.occurrence_key == revises, o.person_id == person
                )
            )
            if row is not None and row.lane_id != NOWHERE:
                there = (a.platform == platform_of(row.lane_id), a.gone == "", a.user_id != "")
                if await self._row(self._accounts(person).where(*there)) is not None:
                    return str(row.lane_id)
        return lane_of(self.organization, await self.account_of(person))

    async def standing(self, thread: str, person: str, name: str, *, waits: bool) -> tuple[str | None, ...]:
        """On each platform where the person is, the parcel that first brought what stands there under that name.

        None is one more message to say: it stands nowhere that they can be reached, or it waits for them, and where
        they were heard last it does not stand.
        """
        rows = await self._rows(asking.said, conversation=thread, who=person, called=name)
        last = await self.account_of(person)
        here = platform_of(lane_of(self.organization, last))
        at = {here, *(account.platform for account in await self.accounts(person))}
        stands = {platform_of(row.lane_id): str(row.occurrence_key) for row in rows}
        found = tuple(key for where, key in stands.items() if where in at)
        return (*found, None) if not found or (waits and here not in stands) else found

    async def said_on(self, person: str, message: str) -> str | None:
        """The parcel that brought this person the message of that id."""
        o = t.outbox.c
        mine = (o.organization_id == self.organization, o.person_id == person, o.kind == "say")
        row = await self._row(select(o.occurrence_key).where(*mine, o.message == message).limit(1))
        return None if row is None else str(row.occurrence_key)

    async def finish_due(self, key: str) -> None:
        o = t.outbox.c
        await self._run(
            update(t.outbox)
            .where(o.organization_id == self.organization, o.occurrence_key == key, o.kind == "due")
            .values(state="sent")
        )

    async def hand_back(self, taken: Taken, reason: str, at: datetime, *, anew: bool = False) -> None:
        """What its drainer still holds is ready again, in this transaction and not in one of its own.

        `anew` says in a message of its own what could not be revised: that one stands from now on.
        """
        o = t.outbox.c
        held = (o.organization_id == self.organization, o.state == "sending", o.fence == taken.fence)
        values = {"state": "ready", "last_error": reason, "visible_at": seconds(at)}
        values |= {"kind": "say", "revises": ""} if anew else {}
        await self._run(update(t.outbox).where(*held, o.number == taken.number).values(values))

    async def card(self, key: str) -> Card | Form | None:
        """What a parcel says, opened."""
        o = t.outbox.c
        row = await self._row(select(o.card).where(o.organization_id == self.organization, o.occurrence_key == key))
        if row is None or row.card is None:
            return None
        return msgspec.convert(await self._open(row.card, "outbox", "card", key), Card | Form)

    # ── the playground ──

    async def remark(self, remark: Remark) -> Remark:
        """Kept, or written over under its key: what is replaced stays where it stood."""
        r, whole = t.remark.c, t.organization.c
        if not self._sqlite:
            # Two remarks at once would get one number.
            await self._rows(select(whole.id).where(whole.id == self.organization).with_for_update())
        old = await self._row(select(r.number).where(r.organization_id == self.organization, r.key == remark.key))
        row = old or await self._row(select(func.max(r.number) + 1).where(r.organization_id == self.organization))
        number = (row[0] if row else None) or 1
        body = await self._seal({"card": remark.card, "words": remark.words}, "remark", "body", remark.key)
        values = {
            "organization_id": self.organization,
            "key": remark.key,
            "person_id": remark.person,
            "at": seconds(remark.at),
            "kind": remark.kind,
            "body": body,
            "number": number,
        }
        await self._upsert(t.remark, values, "organization_id", "key")
        return msgspec.structs.replace(remark, order=number)

    async def remarks(self, person: str, after: int = 0) -> tuple[Remark, ...]:
        r = t.remark.c
        rows = await self._rows(
            select(t.remark)
            .where(r.organization_id == self.organization, r.person_id == person, r.number > after)
            .order_by(r.number)
        )
        found = []
        for row in rows:
            body = await self._open(row.body, "remark", "body", row.key)
            found.append(
                msgspec.convert(
                    {
                        **body,
                        "key": row.key,
                        "person": row.person_id,
                        "at": moment(row.at),
                        "kind": row.kind,
                        "order": row.number,
                    },
                    Remark,
                )
            )
        return tuple(found)

    async def clear_remarks(self) -> None:
        await self._run(delete(t.remark).where(t.remark.c.organization_id == self.organization))

    async def stored_clock(self) -> datetime | None:
        """The playground's clock as it was kept, or later: what was on its way by then is not to come once more."""
        o, c = t.outbox.c, t.clock.c
        on_its_way = select(func.max(o.visible_at)).where(
            o.organization_id == self.organization, o.state.in_(("ready", "sending"))
        )
        kept = select(c.at).where(c.organization_id == self.organization)
        known = [row[0] for row in (await self._row(kept), await self._row(on_its_way)) if row and row[0] is not None]
        return moment(max(known)) if known else None

    async def set_clock(self, at: datetime) -> None:
        await self._upsert(t.clock, {"organization_id": self.organization, "at": seconds(at)}, "organization_id")
