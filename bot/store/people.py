"""Who is who: people, schools, partnerships."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import or_, select, update

from bot.records import ClosedDay, Contacts, HalfDay, Partnership, Person, School, Term
from bot.ringing import Bells, NextDay, OpenTime
from bot.store import asking
from bot.store import tables as t
from bot.store.forgetting import Forgetting
from bot.store.work import maybe, moment, seconds

_MOST_WORDS = 100
_LONGEST_WORD = 100  # no part of a name is longer, and a database takes no pattern of any length
_OPEN_TIMES = msgspec.json.Decoder(tuple[OpenTime, ...])
_NEXT_DAY = msgspec.json.Decoder(NextDay)
_CLOSED = msgspec.json.Decoder(tuple[ClosedDay, ...])
_CONTACTS = msgspec.json.Decoder(Contacts | None)
_TERMS = msgspec.json.Decoder(tuple[Term, ...])
_HALF_DAYS = msgspec.json.Decoder(tuple[HalfDay, ...])
_BELLS = msgspec.json.Decoder(Bells)


class People(Forgetting):
    async def person(self, id: str) -> Person | None:
        return (await self.people((id,))).get(id)

    async def people(self, ids: Collection[str]) -> dict[str, Person]:
        rows = await self._rows(asking.people, ids=sorted(ids)) if ids else []
        return {row.id: person_from(row) for row in rows}

    async def everybody(self) -> tuple[Person, ...]:
        p = t.person.c
        rows = await self._rows(select(t.person).where(p.organization_id == self.organization).order_by(p.name, p.id))
        return tuple(map(person_from, rows))

    async def handles(self) -> dict[str, str]:
        p = t.person.c
        return {
            row.handle: row.id
            for row in await self._rows(select(p.handle, p.id).where(p.organization_id == self.organization))
        }

    async def lock(self, ids: Iterable[str]) -> None:
        """These people's rows, in id order, until the commit; SQLite's writer is alone anyway."""
        if self._sqlite:
            return
        await self._rows(asking.locked, ids=sorted(ids))

    async def named(
        self, words: Collection[str], users: Collection[str], platform: str, team: str
    ) -> tuple[dict[str, Person], dict[str, tuple[str, ...]]]:
        """Whoever a line may mean: a handle, a word of a name, or a platform's own user id."""
        there = {"platform": platform, "team": team, "users": sorted(users)}
        ids = {row.person_id for row in (await self._rows(asking.mentioned, **there) if users else ())}
        short = sorted(word for word in words if word.isprintable() and len(word) <= _LONGEST_WORD)
        likes = [_like(word) for word in short[:_MOST_WORDS]]
        rows = await self._rows(asking.named, ids=sorted(ids), likes=likes)
        people = {
            row.id: person_from(row)
            for row in rows
            if row.id in ids or row.handle.casefold() in words or set(row.name.casefold().split()) & set(words)
        }
        if not people:
            return {}, {}
        accounts = await self._rows(asking.users, platform=platform, ids=sorted(people))
        mentions: dict[str, tuple[str, ...]] = {}
        for row in accounts:
            mentions[row.person_id] = (*mentions.get(row.person_id, ()), row.user_id)
        return people, mentions

    async def school(self, id: str) -> School | None:
        return (await self.schools((id,))).get(id)

    async def schools(self, ids: Collection[str] | None = None) -> dict[str, School]:
        if ids is None:
            rows = await self._rows(select(t.school).where(t.school.c.organization_id == self.organization))
        else:
            rows = await self._rows(asking.schools, ids=sorted(ids))
        return {row.id: _school_from(row) for row in rows}

    async def zone_rules(self, rules: str) -> int:
        """These are the rules that zones have here now; where others were known, plans follow. How many moved."""
        w = t.organization.c
        known = await self._run(
            update(t.organization).where(w.id == self.organization, w.zone_rules != rules).values(zone_rules=rules)
        )
        return await self._follow_the_wall(await self.everybody(), await self.schools()) if known else 0

    async def save_school(self, school: School) -> None:
        await self._upsert(
            t.school,
            {
                "id": school.id,
                "organization_id": self.organization,
                "name": school.name,
                "zone": school.zone,
                "opens": school.opens,
                "closes": school.closes,
                "weekend": " ".join(school.weekend),
                "closed": msgspec.json.encode(school.closed).decode(),
                "contacts": msgspec.json.encode(school.contacts).decode(),
                "sample": school.sample,
                "terms": msgspec.json.encode(school.terms).decode(),
                "half_days": msgspec.json.encode(school.half_days).decode(),
                "bells": msgspec.json.encode(school.bells).decode(),
                "country": school.country,
                "subdivision": school.subdivision,
            },
            "id",
        )

    async def partners(self, person: Person) -> tuple[Person, ...]:
        """The other side of every open partnership, by name."""
        others = asking.teachers_of if person.role == "coach" else asking.coaches_of
        return tuple(map(person_from, await self._rows(others, who=person.id)))

    async def partnerships(self, person: str) -> tuple[Partnership, ...]:
        """All of them, also those that ended, oldest first."""
        q = t.partnership.c
        rows = await self._rows(
            select(t.partnership)
            .where(q.organization_id == self.organization, or_(q.coach == person, q.teacher == person))
            .order_by(q.since, q.id)
        )
        return tuple(
            Partnership(
                id=row.id, organization=self.organization, coach=row.coach, teacher=row.teacher,
                since=moment(row.since), until=maybe(row.until),
            )
            for row in rows
        )  # fmt: skip

    async def _keep_person(self, person: Person) -> None:
        values = msgspec.structs.asdict(person)
        values["organization_id"] = self.organization
        del values["organization"]
        for name in ("open_times", "next_day"):
            values[name] = msgspec.json.encode(getattr(person, name)).decode()
        for name in ("quiet_until", "contacts_until"):
            values[name] = day.isoformat() if (day := getattr(person, name)) else None
        before = await self.person(person.id)
        await self._upsert(t.person, values, "id")
        if before is not None and before.zone != person.zone:
            await self._follow_the_wall((person,), await self.schools((person.school,)))

    async def _keep_partnership(self, pair: Partnership) -> None:
        values = {
            "id": pair.id,
            "organization_id": self.organization,
            "coach": pair.coach,
            "teacher": pair.teacher,
            "since": seconds(pair.since),
            "until": seconds(pair.until) if pair.until else None,
        }
        await self._upsert(t.partnership, values, "id")


def _like(word: str) -> str:
    """A pattern for a folded word. Databases fold ASCII alone for certain, so any other letter may be any."""
    return "".join(f"\\{c}" if c in "\\%_" else c if c.isascii() else "_" for c in word)


def person_from(row: Any) -> Person:
    values = row._asdict()
    values["organization"] = values.pop("organization_id")
    days = {n: date.fromisoformat(values[n]) if values[n] else None for n in ("quiet_until", "contacts_until")}
    plain = {"open_times": _OPEN_TIMES.decode(row.open_times), "next_day": _NEXT_DAY.decode(row.next_day)}
    return Person(**(values | days | plain))


def _school_from(row: Any) -> School:
    return School(
        id=row.id,
        organization=row.organization_id,
        name=row.name,
        zone=row.zone,
        opens=row.opens,
        closes=row.closes,
        weekend=tuple(row.weekend.split()),
        closed=_CLOSED.decode(row.closed),
        contacts=_CONTACTS.decode(row.contacts),
        sample=row.sample,
        terms=_TERMS.decode(row.terms),
        half_days=_HALF_DAYS.decode(row.half_days),
        bells=_BELLS.decode(row.bells),
        country=row.country,
        subdivision=row.subdivision,
    )
