"""Who is who: schools, people, accounts, partnerships."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Row, and_, delete, func, or_, select, update

from bot import vault
from bot.events import Account
from bot.records import ClosedDay, Contacts, Partnership, Person, School
from bot.store import tables as t
from bot.store.work import Work, seconds

ANY_TEAM = "*"


class People(Work):
    async def found(self, name: str) -> None:
        """This organization exists; where it does already, it keeps its name."""
        await self._insert_new(t.organization, {"id": self.organization, "name": name})

    async def install(self, platform: str, team: str, name: str, token: str | None) -> None:
        sealed = None
        if token is not None:
            about = self._about("installation", "token", f"{platform}:{team}")
            sealed = vault.seal(await self._own_key(), "d", token.encode(), about)
        i = t.installation.c
        await self._run(delete(t.installation).where(i.platform == platform, i.team == team))
        values = {
            "organization_id": self.organization,
            "platform": platform,
            "team": team,
            "name": name,
            "token": sealed,
        }
        await self._insert_new(t.installation, values)

    async def token(self, platform: str, team: str) -> str | None:
        i = t.installation.c
        row = await self._row(
            select(i.token).where(i.organization_id == self.organization, i.platform == platform, i.team == team)
        )
        if row is None or row.token is None:
            return None
        about = self._about("installation", "token", f"{platform}:{team}")
        return vault.unseal(await self._own_key(), row.token, about).decode()

    async def erase_all(self) -> None:
        """Every row of this organization, in every table."""
        for table in reversed(t.metadata.sorted_tables):
            column = table.c.id if table is t.organization else table.c.organization_id
            await self._run(delete(table).where(column == self.organization))

    async def person_of(self, account: Account) -> Person | None:
        """By platform and user id; else by e-mail, and then the account is completed with the user id."""
        a = t.account.c
        mine = and_(
            a.organization_id == self.organization, a.platform == account.platform, a.team.in_((account.team, ANY_TEAM))
        )
        row = await self._row(select(a.person_id).where(mine, a.user_id == account.user))
        if row is None and account.email:
            email = await self._looked_up(account.email.casefold())
            row = await self._row(select(a.person_id).where(mine, a.email == email, a.user_id == ""))
            if row is not None:
                await self._run(
                    update(t.account)
                    .where(mine, a.person_id == row.person_id)
                    .values(user_id=account.user, team=account.team)
                )
        return None if row is None else await self.person(row.person_id)

    async def add_account(self, person: str, account: Account, email: str = "") -> None:
        """An account that was told, not yet used; what is known of it already stays."""
        hashed = await self._looked_up(email.casefold()) if email else ""
        known = await self._row(self._accounts(person).where(t.account.c.platform == account.platform))
        values = {
            "organization_id": self.organization,
            "person_id": person,
            "platform": account.platform,
            "team": account.team,
            "user_id": account.user,
            "email": hashed,
            "channel": "",
            "gone": "",
            "used_at": 0,
        }
        if known is not None:
            same = (account.user or known.user_id) == known.user_id
            values |= {
                "used_at": known.used_at,
                "channel": known.channel if same else "",
                "email": hashed or known.email,
            }
            values |= {"user_id": account.user or known.user_id, "gone": known.gone if same else ""}
        await self._upsert(t.account, values, "organization_id", "person_id", "platform")
        await self._moved_in(person)

    async def touch_account(self, person: str, account: Account, at: datetime) -> None:
        """Where they were heard last is where they are answered."""
        known = await self._row(self._accounts(person).where(t.account.c.platform == account.platform))
        now = seconds(at)
        if known is None:
            return
        fresh = known.used_at >= now - 60 and not known.gone and account.channel in ("", known.channel)
        if fresh and known.team == account.team:
            return
        a = t.account.c
        await self._run(
            update(t.account)
            .where(a.organization_id == self.organization, a.person_id == person, a.platform == account.platform)
            .values(channel=account.channel or known.channel, gone="", used_at=now, team=account.team)
        )
        await self._moved_in(person)

    async def _moved_in(self, person: str) -> None:
        """What waited for a person whom nobody could reach goes to the lane where they are now."""
        account = await self.account_of(person)
        if account is None:
            return
        lane = f"{account.platform}:{account.team}"
        o = t.outbox.c
        moved = await self._run(
            update(t.outbox)
            .where(
                o.organization_id == self.organization, o.person_id == person, o.state == "ready", o.lane_id == "none:"
            )
            .values(lane_id=lane)
        )
        if moved:
            await self._lane(lane, 0)

    async def _lane(self, lane: str, ready: int) -> None:
        raise LookupError(lane)  # in `Sending`

    def _accounts(self, person: str) -> Any:
        a = t.account.c
        return select(t.account).where(a.organization_id == self.organization, a.person_id == person)

    async def account_of(self, person: str) -> Account | None:
        """The one used last, else the first that can be written to."""
        a = t.account.c
        row = await self._row(
            self._accounts(person).where(a.gone == "", a.user_id != "").order_by(a.used_at.desc(), a.platform).limit(1)
        )
        return (
            None
            if row is None
            else Account(platform=row.platform, team=row.team, user=row.user_id, channel=row.channel)
        )

    async def mark_account(self, person: str, platform: str, reason: str) -> None:
        a = t.account.c
        await self._run(
            update(t.account)
            .where(a.organization_id == self.organization, a.person_id == person, a.platform == platform)
            .values(gone=reason)
        )

    async def keep_channel(self, person: str, platform: str, channel: str) -> None:
        """The conversation that a first message opened."""
        a = t.account.c
        await self._run(
            update(t.account)
            .where(
                a.organization_id == self.organization, a.person_id == person, a.platform == platform, a.channel == ""
            )
            .values(channel=channel)
        )

    async def on_platform(self, platform: str) -> tuple[Person, ...]:
        a, p = t.account.c, t.person.c
        joined = t.person.join(t.account, and_(a.person_id == p.id, a.organization_id == p.organization_id))
        rows = await self._rows(
            select(t.person).select_from(joined).where(p.organization_id == self.organization, a.platform == platform)
        )
        return tuple(map(person_from, rows))

    async def person(self, id: str) -> Person | None:
        return (await self.people((id,))).get(id)

    async def people(self, ids: Collection[str]) -> dict[str, Person]:
        if not ids:
            return {}
        p = t.person.c
        rows = await self._rows(select(t.person).where(p.organization_id == self.organization, p.id.in_(sorted(ids))))
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
        p = t.person.c
        await self._rows(
            select(p.id)
            .where(p.organization_id == self.organization, p.id.in_(sorted(ids)))
            .order_by(p.id)
            .with_for_update()
        )

    async def named(
        self, words: Collection[str], users: Collection[str], platform: str, team: str
    ) -> tuple[dict[str, Person], dict[str, tuple[str, ...]]]:
        """Whoever a line may mean: a handle, a word of a name, or a platform's own user id."""
        a, p = t.account.c, t.person.c
        mentioned = (
            await self._rows(
                select(a.person_id).where(
                    a.organization_id == self.organization,
                    a.platform == platform,
                    a.team.in_((team, ANY_TEAM)),
                    a.user_id.in_(sorted(users)),
                )
            )
            if users
            else []
        )
        ids = {row.person_id for row in mentioned}
        named = [
            func.lower(p.handle).in_(sorted(words)),
            *(func.lower(p.name).like(f"%{_escaped(w)}%", escape="\\") for w in sorted(words)[:40] if len(w) > 1),
        ]
        rows = await self._rows(
            select(t.person)
            .where(p.organization_id == self.organization, or_(p.id.in_(sorted(ids)), *named))
            .limit(200)
        )
        people = {
            row.id: person_from(row)
            for row in rows
            if row.id in ids or row.handle.casefold() in words or set(row.name.casefold().split()) & set(words)
        }
        if not people:
            return {}, {}
        accounts = await self._rows(
            select(a.person_id, a.user_id).where(
                a.organization_id == self.organization, a.platform == platform, a.person_id.in_(sorted(people))
            )
        )
        mentions: dict[str, tuple[str, ...]] = {}
        for row in accounts:
            mentions[row.person_id] = (*mentions.get(row.person_id, ()), row.user_id)
        return people, mentions

    async def school(self, id: str) -> School | None:
        return (await self.schools((id,))).get(id)

    async def schools(self, ids: Collection[str] | None = None) -> dict[str, School]:
        s = t.school.c
        statement = select(t.school).where(s.organization_id == self.organization)
        if ids is not None:
            statement = statement.where(s.id.in_(sorted(ids)))
        return {row.id: _school_from(row) for row in await self._rows(statement)}

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
            },
            "id",
        )

    async def partners(self, person: Person) -> tuple[Person, ...]:
        """The other side of every open partnership, by name."""
        q, p = t.partnership.c, t.person.c
        mine, other = (q.coach, q.teacher) if person.role == "coach" else (q.teacher, q.coach)
        rows = await self._rows(
            select(t.person)
            .join(t.partnership, other == p.id)
            .where(
                q.organization_id == self.organization,
                p.organization_id == self.organization,
                mine == person.id,
                q.until.is_(None),
            )
            .order_by(p.name, p.id)
        )
        return tuple(map(person_from, rows))

    async def _keep_person(self, person: Person) -> None:
        values = msgspec.structs.asdict(person)
        values["organization_id"] = values.pop("organization")
        values["quiet_until"] = person.quiet_until.isoformat() if person.quiet_until else None
        await self._upsert(t.person, values, "id")

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


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def person_from(row: Row[Any]) -> Person:
    quiet = date.fromisoformat(row.quiet_until) if row.quiet_until else None
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    values["organization"] = values.pop("organization_id")
    return Person(**(values | {"quiet_until": quiet}))


def _school_from(row: Row[Any]) -> School:
    return School(
        id=row.id,
        organization=row.organization_id,
        name=row.name,
        zone=row.zone,
        opens=row.opens,
        closes=row.closes,
        weekend=tuple(row.weekend.split()),
        closed=msgspec.json.decode(row.closed, type=tuple[ClosedDay, ...]),
        contacts=msgspec.json.decode(row.contacts, type=Contacts | None),
        sample=row.sample,
    )
