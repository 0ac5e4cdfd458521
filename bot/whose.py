"""Whose an import is: of an organization by its name, by its workspace, or of the only one there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.flow import derived
from bot.imports import folded

if TYPE_CHECKING:
    from bot.store import Store

_NAME = "Beside"
_SAMPLE = "demo"
_SEVERAL = "There are several organizations. Say whose these are: --organization NAME."
_WORKSPACE = re.compile(r"[TE][A-Z0-9]{2,20}")
Whose = tuple[str, str, bool]


async def chosen(store: Store, wanted: str | None) -> Whose | None:
    """Whose import it is: id, name, and whether it is there already. The sample school is never meant unless named."""
    there = await store.organizations()
    own = [one for one in there if one != _SAMPLE]
    if wanted is None:
        if len(own) > 1:
            return None
        return (own[0], own[0], True) if own else ("org-1", _NAME, False)
    if wanted in there:
        return wanted, wanted, True
    if (home := await store.lodging(wanted)) is not None:
        return home, wanted, True
    ident = "org-1" if folded(wanted) == folded(_NAME) else "org-" + derived("organization", folded(wanted))[:8]
    return ident, wanted, ident in there


async def whose(store: Store, wanted: str | None, team: str | None) -> Whose | str:
    """The same, where the Slack workspace may be named; or one line of why that cannot be."""
    if team is None:
        return await chosen(store, wanted) or _SEVERAL
    if not _WORKSPACE.fullmatch(team):
        return f"“{team[:30]}” is no Slack workspace's id. It begins with T, or with E for a whole Enterprise Grid."
    home = await store.home_of("slack", team)
    if wanted is None:
        return (home, home, True) if home is not None else await _without_one(store, team)
    found = await chosen(store, wanted)
    if found is None or (home is not None and home != found[0]):
        return f"{team} belongs to another organization already. Leave --organization out."
    if home is None and found[2] and await _is_somewhere(store, found[0]):
        return f"{found[1]} is in another Slack workspace already. Leave --organization out."
    return found


async def _without_one(store: Store, team: str) -> Whose:
    """The only organization without a workspace on Slack; else a new one, which is then that workspace's."""
    own = [one for one in await store.organizations() if one != _SAMPLE]
    free = [one for one in own if not await _is_somewhere(store, one)]
    if len(free) == 1:
        return free[0], free[0], True
    return ("org-" + derived("organization", "slack", team), team, False) if own else ("org-1", _NAME, False)


async def _is_somewhere(store: Store, organization: str) -> bool:
    async with store.begin(organization) as tx:
        return any(home.platform == "slack" for home in await tx.homes())


async def waits_for(store: Store, organization: str, team: str, known: bool) -> bool:
    """Whether it has to be written down that this workspace is that organization's, before it lets us in."""
    if not known:
        return True
    async with store.begin(organization) as tx:
        return not any((home.platform, home.team) == ("slack", team) for home in await tx.homes())
