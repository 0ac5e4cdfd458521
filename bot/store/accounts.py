"""Where people are: everybody's accounts on the organization's platforms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import and_, case, delete, exists, select, update

from bot.clock import zone_rules
from bot.events import Account
from bot.records import Person
from bot.store import asking
from bot.store import tables as t
from bot.store.asking import ANY_TEAM
from bot.store.lanes import NOWHERE, lane_of
from bot.store.people import People, person_from
from bot.store.work import seconds


class Accounts(People):
    async def found(self, name: str) -> None:
        """This organization exists; where it does already, it keeps its name."""
        new = {"id": self.organization, "name": name, "zone_rules": zone_rules()}
        await self._insert_new(t.organization, new)

    async def person_of(self, account: Account) -> Person | None:
        """By platform and user id; else by e-mail, and then the account is completed with the user id."""
        if not account.user:
            return None
        known = {"platform": account.platform, "user": account.user, "team": account.team}
        if (row := await self._row(asking.known_as, **known)) is not None:
            return person_from(row)
        return await self._completed(account) if account.email else None

    async def _completed(self, account: Account) -> Person | None:
        a = t.account.c
        mine = and_(
            a.organization_id == self.organization, a.platform == account.platform,
            a.team.in_((account.team, ANY_TEAM)),
        )  # fmt: skip
        exact = (a.team == ANY_TEAM, a.person_id)
        email = await self._looked_up(account.email.casefold())
        row = await self._row(select(a.person_id).where(mine, a.email == email, a.user_id == "").order_by(*exact))
        if row is None:
            return None
        completed = update(t.account).where(mine, a.person_id == row.person_id)
        await self._run(completed.values(user_id=account.user, team=account.team))
        return await self.person(row.person_id)

    async def of_email(self, platform: str, email: str) -> Person | None:
        """Whoever a file or a list named by this e-mail there."""
        a = t.account.c
        hashed = await self._looked_up(email.casefold())
        mine = (a.organization_id == self.organization, a.platform == platform, a.email == hashed)
        row = await self._row(select(a.person_id).where(*mine).order_by(a.person_id))
        return None if row is None else await self.person(row.person_id)

    async def add_account(self, person: str, account: Account, email: str = "") -> None:
        """An account that was told, not yet used; what is known of it already stays."""
        if account.team == ANY_TEAM:
            account = replace(account, team=await self._only_team(account.platform))
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
            if same and account.team == ANY_TEAM:
                values |= {"team": known.team}
        await self._upsert(t.account, values, "organization_id", "person_id", "platform")
        await self._moved_in(person)

    async def _only_team(self, platform: str) -> str:
        """The workspace that is meant where no other can be."""
        i = t.installation.c
        rows = await self._rows(
            select(i.team).where(i.organization_id == self.organization, i.platform == platform).limit(2)
        )
        return str(rows[0].team) if len(rows) == 1 else ANY_TEAM

    async def touch_account(self, person: str, account: Account, at: datetime) -> None:
        """Where they were heard last is where they are answered."""
        rows = await self._rows(asking.accounts, who=person)
        known = next((row for row in rows if row.platform == account.platform), None)
        if known is None:
            return
        elsewhere = max((row.used_at for row in rows if row is not known), default=-1)
        now = max(seconds(at), elsewhere + 1)
        fresh = known.used_at >= max(now - 60, elsewhere + 1) and not known.gone
        fresh = fresh and account.channel in ("", known.channel)
        if fresh and known.team == account.team:
            return
        place = account.channel or known.channel
        await self._run(
            asking.here_now, who=person, there=account.platform, now=now, place=place, at_team=account.team
        )  # fmt: skip
        await self._moved_in(person)

    async def _moved_in(self, person: str) -> None:
        """What waited for a person whom nobody could reach goes to the lane where they are now."""
        lane = lane_of(self.organization, await self.account_of(person))
        if lane == NOWHERE:
            return
        o = t.outbox.c
        waiting = (o.organization_id == self.organization, o.person_id == person, o.lane_id == NOWHERE)
        if await self._run(update(t.outbox).where(*waiting, o.state == "ready").values(lane_id=lane)):
            await self._lower((lane,), 0)

    def _accounts(self, person: str) -> Any:
        a = t.account.c
        return select(t.account).where(a.organization_id == self.organization, a.person_id == person)

    async def account_of(self, person: str) -> Account | None:
        """The one used last, else the first that can be written to."""
        row = await self._row(asking.reachable, who=person)
        return None if row is None else account_from(row)

    async def leave_lane(self, person: str, platform: str) -> None:
        """What is on its way to this person there goes to wherever else they are."""
        a, o = t.account.c, t.outbox.c
        others = self._accounts(person).where(a.platform != platform, a.gone == "", a.user_id != "")
        row = await self._row(others.order_by(a.used_at.desc(), a.platform).limit(1))
        if row is None:
            return
        lane = lane_of(self.organization, account_from(row))
        there = o.lane_id.startswith(f"{self.organization}/{platform}:", autoescape=True)
        waiting = and_(
            o.organization_id == self.organization, o.person_id == person, there, o.kind != "due", o.state == "ready"
        )
        # What stands in both places is revised in the other one already.
        said = t.outbox.alias()
        both = exists().where(
            said.c.organization_id == self.organization,
            said.c.thread_id == o.thread_id,
            said.c.person_id == person,
            said.c.name == o.name,
            said.c.kind == "say",
            said.c.lane_id == lane,
        )
        await self._run(delete(t.outbox).where(waiting, o.kind == "revise", both))
        # A home, and a message of ours to be taken back, are of that place alone.
        await self._run(delete(t.outbox).where(waiting, o.kind.in_(("home", "unsay"))))
        moved = {"lane_id": lane, "kind": case((o.kind == "revise", "say"), else_=o.kind), "revises": ""}
        if await self._run(update(t.outbox).where(waiting).values(moved)):
            await self._lower((lane,), 0)

    async def mark_account(self, person: str, platform: str, reason: str) -> None:
        """Nothing more can be said to them there, by that reason."""
        await self.leave_lane(person, platform)
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


def account_from(row: Any) -> Account:
    return Account(platform=row.platform, team=row.team, user=row.user_id, channel=row.channel)
