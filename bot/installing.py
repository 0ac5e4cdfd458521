"""Workspaces that let us in by themselves (`bot.platform.Installs`): each is an organization, old or new."""

from __future__ import annotations

from contextlib import suppress

from bot.cards import NOTHING
from bot.clock import Now
from bot.flow import derived
from bot.parting import Parting
from bot.platform import Installed
from bot.store import Conflict, Store
from bot.words import Lines

ANY, SAMPLE = "*", "demo"
# Of so many organizations, and of so many people in each, it is asked whether they are in a new workspace.
ORGANIZATIONS, ASKED = 20, 3


class Installing:
    """`first` is the organization that the settings and the command line are about."""

    def __init__(self, store: Store, first: str, now: Now) -> None:
        self._store = store
        self._first = first
        self._now = now
        self._parting = Parting(store, first, now)

    async def stands_for(self, platform: str, team: str) -> None:
        """The settings speak for that workspace, or for any; or for none, and then none is taken for ours."""
        if team:
            await self._parting.settled(self._first)
            await self._store.install(self._first, platform, team, platform)
        else:
            await self._store.let_out(self._first, platform, ANY)

    async def once(self, key: str) -> bool:
        async with self._store.begin(self._first) as tx:
            if await tx.first(key, self._now()) is not None:
                return False
            await tx.remember(key, NOTHING)
        return True

    async def keep(self, installed: Installed) -> None:
        """Its own organization as before; the first one while nobody is in it; or one that begins now.

        Where that one is erased in this very moment it begins anew, with nothing of what was.
        """
        while True:
            with suppress(Conflict):
                return await self._keep(installed)

    async def _keep(self, installed: Installed) -> None:
        platform, team, name, token = installed.platform, installed.team, installed.name, installed.token
        at, by = self._now(), installed.by
        await self._parting.settled(self._first)
        organization = self._first if installed.ours else await self._store.home_of(platform, team)
        if organization is None:
            for one in [self._first, *(await self._others() if installed.known else ())]:
                async with self._store.begin(one) as tx:
                    known = installed.known
                    if await tx.claim(platform, team, name, token, at=at, by=by, known=known):
                        self._store.forget_homes()
                        return
            organization = await self._store.home_of(platform, team)  # another request may have been quicker
        if organization is None:
            organization = "org-" + derived("organization", platform, team)
            await self._parting.settled(organization)
            await self._store.create_organization(organization, name)
        await self._store.install(organization, platform, team, name, token, at=at, by=by)

    async def awaited(self, platform: str) -> tuple[str, ...]:
        found: list[str] = []
        for organization in [self._first, *await self._others()]:
            async with self._store.begin(organization) as tx:
                found += await tx.awaited(platform, ASKED)
        return tuple(found)

    async def _others(self) -> list[str]:
        return [one for one in await self._store.organizations() if one not in (self._first, SAMPLE)][:ORGANIZATIONS]

    async def back(self, platform: str) -> None:
        async with self._store.begin(self._first) as tx:
            await tx.back(platform, ANY, self._now())

    async def token(self, platform: str, team: str) -> str | None:
        organization = await self._store.home_of(platform, team)
        return None if organization is None else await self._store.token(organization, platform, team)

    def words(self, key: str, locale: str) -> str:
        return Lines.load(locale).plain(key)
