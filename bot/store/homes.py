"""Workspaces that let us in, and what becomes of their people's messages while one has shown us out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import and_, delete, exists, or_, select, update

from bot.cadence import next_checkin
from bot.events import Account
from bot.store import tables as t
from bot.store.asking import ANY_TEAM
from bot.store.conflict import Conflict
from bot.store.copies import Copies
from bot.store.lanes import lane_of
from bot.store.people import person_from
from bot.store.work import moment, seconds

# Why nobody of a workspace can be written to. Whoever is marked so is reached again once we are let in again.
OUT = (
    "uninstalled", "not_installed", "account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed",
    "team_access_not_granted",
)  # fmt: skip


class Home(Struct, frozen=True, kw_only=True):
    """A workspace of this organization: since when we are in it, and since when we are out again.

    One that is `expected` has not let us in yet.
    """

    platform: str
    team: str
    name: str
    installer: str = ""
    since: datetime
    gone: datetime | None = None
    expected: bool = False


class Homes(Copies):
    async def install(
        self, platform: str, team: str, name: str, token: str | None, *, at: datetime | None = None, by: str = ""
    ) -> None:
        """Let in, or let in again: the token is the new one, and whoever could not be reached meanwhile can be.

        Settings that speak for a workspace let nobody in: since when it is there, and gone, stays as it was.
        """
        await self._alone()
        if await self._row(select(t.organization.c.id).where(*self._on_its_way_out())) is not None:
            raise Conflict("this organization is being erased")
        sealed = None
        if token is not None:
            about = self._about("installation", "token", f"{platform}:{team}")
            sealed = (await self._own_key()).seal(token, about)
        i = t.installation.c
        there = (i.platform == platform, i.team == team)
        mine = select(i.installed_at, i.gone_at).where(i.organization_id == self.organization, *there)
        before = await self._row(mine) if at is None else None
        since, gone = (before.installed_at, before.gone_at) if before else (seconds(at) if at else 0, None)
        await self._run(delete(t.installation).where(*there))
        values = {
            "organization_id": self.organization, "platform": platform, "team": team, "name": name, "token": sealed,
            "installer": by, "installed_at": since, "gone_at": gone,
        }  # fmt: skip
        await self._insert_new(t.installation, values)
        if at is not None:
            await self._settle(platform, team)
            await self.back(platform, team, at)

    async def expect(self, platform: str, team: str) -> None:
        """Once that workspace lets us in it is this organization's. Whoever is named on that platform is there."""
        values = {
            "organization_id": self.organization, "platform": platform, "team": team, "name": team, "token": None,
            "installer": "", "installed_at": 0, "gone_at": None,
        }  # fmt: skip
        if await self._insert_new(t.installation, values):
            await self._settle(platform, team)

    async def awaited(self, platform: str, limit: int) -> tuple[str, ...]:
        """Some whom an import named on that platform while no workspace of this organization is there."""
        a = t.account.c
        if any(home.platform == platform for home in await self.homes()):
            return ()
        told = (a.organization_id == self.organization, a.platform == platform, a.team == ANY_TEAM, a.user_id != "")
        rows = await self._rows(select(a.user_id).where(*told).order_by(a.person_id).limit(limit))
        return tuple(row.user_id for row in rows)

    async def claim(
        self, platform: str, team: str, name: str, token: str | None, *, at: datetime, by: str,
        known: Collection[str] = (),
    ) -> bool:  # fmt: skip
        """Let in as the first, if nobody is here yet, or if somebody whom an import named is `known` there.

        Of two that come at once only one is let in.
        """
        await self._alone()
        theirs = set(known) & set(await self.awaited(platform, 1_000))
        if not theirs and (await self.everybody() or await self.homes()):
            return False
        await self.install(platform, team, name, token, at=at, by=by)
        return True

    async def token(self, platform: str, team: str) -> str | None:
        i = t.installation.c
        row = await self._row(
            select(i.token).where(i.organization_id == self.organization, i.platform == platform, i.team == team)
        )
        if row is None or row.token is None:
            return None
        about = self._about("installation", "token", f"{platform}:{team}")
        return (await self._own_key()).unseal(row.token, about)

    async def homes(self) -> tuple[Home, ...]:
        """The workspaces of this organization, oldest first."""
        i = t.installation.c
        rows = await self._rows(
            select(t.installation).where(i.organization_id == self.organization).order_by(i.installed_at, i.team)
        )
        return tuple(
            Home(
                platform=row.platform, team=row.team, name=row.name, installer=row.installer,
                since=moment(row.installed_at), gone=moment(row.gone_at) if row.gone_at is not None else None,
                expected=row.token is None and row.installed_at == 0 and row.gone_at is None,
            )
            for row in rows
        )  # fmt: skip

    async def let_out(self, platform: str, team: str) -> None:
        """It never was a workspace of its own, such as one that stood for any."""
        i = t.installation.c
        mine = (i.organization_id == self.organization, i.platform == platform, i.team == team)
        await self._run(delete(t.installation).where(*mine))

    async def shut_out(self, platform: str, team: str, reason: str, at: datetime, *, told: bool = True) -> None:
        """Nobody of that workspace can be written to, by that reason; its token goes at once.

        News that are older than the last time we were let in are no news. What waits for people who are elsewhere
        too goes there; what waits for the others rests in sight. `told` is whether the workspace itself said so, and
        not only a call that was refused.
        """
        i = t.installation.c
        mine = (i.organization_id == self.organization, i.platform == platform, i.team == team)
        row = await self._row(select(i.installed_at).where(*mine))
        if row is None:
            # Settings that speak for any workspace speak for this one.
            mine = (i.organization_id == self.organization, i.platform == platform, i.team == ANY_TEAM)
            row = await self._row(select(i.installed_at).where(*mine))
        if told and row is not None and row.installed_at > seconds(at):
            return
        if told:
            await self._run(update(t.installation).where(*mine).values(token=None, gone_at=seconds(at)))
        a, o = t.account.c, t.outbox.c
        other = t.account.alias()
        elsewhere = exists().where(
            other.c.organization_id == a.organization_id, other.c.person_id == a.person_id,
            other.c.platform != platform, other.c.gone == "", other.c.user_id != "",
        )  # fmt: skip
        here = self._here(platform, team)
        for one in await self._rows(select(a.person_id).where(*here, a.gone == "", elsewhere).order_by(a.person_id)):
            await self.leave_lane(one.person_id, platform)
        await self._run(update(t.account).where(*here, a.gone == "").values(gone=reason))
        waiting = (o.organization_id == self.organization, o.state == "ready", o.kind != "due")
        here_too = self._waits(platform, team)
        await self._run(delete(t.outbox).where(*waiting, here_too, o.kind == "home"))
        await self._run(update(t.outbox).where(*waiting, here_too).values(state="dead", last_error=reason))

    async def back(self, platform: str, team: str, at: datetime) -> None:
        """We are let in: what rested because we were not goes out, unless it is too late, and rhythms go on."""
        a, o, i = t.account.c, t.outbox.c, t.installation.c
        returned = (i.organization_id == self.organization, i.platform == platform, i.team == team)
        again_in = update(t.installation).where(*returned, i.gone_at.is_not(None))
        await self._run(again_in.values(gone_at=None, installed_at=seconds(at)))
        rested = (o.organization_id == self.organization, self._waits(platform, team), o.state == "dead")
        fresh = or_(o.expires_at.is_(None), o.expires_at > seconds(at))
        again = (*rested, o.last_error.in_(OUT), fresh)
        lanes = [row.lane_id for row in await self._rows(select(o.lane_id).where(*again).distinct())]
        if lanes:
            ready = {"state": "ready", "attempts": 0, "last_error": "", "visible_at": seconds(at), "fence": 0}
            await self._run(update(t.outbox).where(*again).values(ready))
            await self._lower(lanes, seconds(at))
        mine = self._here(platform, team)
        rows = await self._rows(
            select(t.person)
            .join(t.account, and_(a.person_id == t.person.c.id, a.organization_id == t.person.c.organization_id))
            .where(*mine, a.gone.in_(OUT))
        )
        await self._run(update(t.account).where(*mine, a.gone.in_(OUT)).values(gone=""))
        await self._go_on(rows, at)

    async def _go_on(self, rows: Collection[Any], at: datetime) -> None:
        """A question that came due while nobody could be written to is not asked; the next one is."""
        schools = await self.schools()
        p = t.plan.c
        for person in map(person_from, rows):
            await self._moved_in(person.id)
            school = schools.get(person.school)
            if person.role != "teacher" or school is None:
                continue
            if person.chat == "on" and await self.planned(person.id, "checkin") is None:
                had = await self.had_checkin(person.id, at.astimezone(ZoneInfo(person.zone)).date())
                when, day = next_checkin(person, school, at, had=had)
                await self.plan(key=f"{person.id}:checkin:", person=person.id, topic="checkin", at=when, day=day)
            unmet = (p.organization_id == self.organization, p.person_id == person.id, p.topic == "meeting")
            if person.chat == "new" and await self._row(select(p.id).where(*unmet, p.status == "done")):
                day = at.astimezone(ZoneInfo(person.zone)).date()
                await self.plan(key=f"{person.id}:meeting:", person=person.id, topic="meeting", at=at, day=day)

    async def _settle(self, platform: str, team: str) -> None:
        """Whoever was in a file before any workspace was there is in this one, if it is the only one."""
        i, a, o = t.installation.c, t.account.c, t.outbox.c
        others = (i.organization_id == self.organization, i.platform == platform, i.team != team)
        if await self._row(select(i.team).where(*others)):
            return
        told = (a.organization_id == self.organization, a.platform == platform, a.team == ANY_TEAM)
        await self._run(update(t.account).where(*told).values(team=team))
        old, new = self._lane(platform, ANY_TEAM), self._lane(platform, team)
        waiting = (o.organization_id == self.organization, o.lane_id == old, o.state == "ready")
        if await self._run(update(t.outbox).where(*waiting).values(lane_id=new)):
            await self._lower((new,), 0)

    def _on_its_way_out(self) -> tuple[Any, ...]:
        w = t.organization.c
        return (w.id == self.organization, w.erased_at.is_not(None))

    def _here(self, platform: str, team: str) -> tuple[Any, ...]:
        """Accounts in that workspace, also of those who were only told so far; `*` is any workspace."""
        a = t.account.c
        there = () if team == ANY_TEAM else (a.team.in_((team, ANY_TEAM)),)
        return (a.organization_id == self.organization, a.platform == platform, *there)

    def _waits(self, platform: str, team: str) -> Any:
        """What is in that workspace's lanes."""
        o = t.outbox.c
        if team == ANY_TEAM:
            return o.lane_id.startswith(self._lane(platform, ""), autoescape=True)
        return o.lane_id.in_((self._lane(platform, team), self._lane(platform, ANY_TEAM)))

    def _lane(self, platform: str, team: str) -> str:
        return lane_of(self.organization, Account(platform=platform, team=team, user=""))
