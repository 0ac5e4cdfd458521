"""What is wrong with a set-up, and what to do about it: one finding a line, never a secret."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from bot.clock import real
from bot.doctor import kept, place
from bot.doctor.finding import Finding, as_json, code
from bot.settings import Settings, WrongSettings, load, secret_files

if TYPE_CHECKING:
    from bot.store import Store

__all__ = ["Finding", "as_json", "check", "code", "run"]


def run(*, online: bool = False) -> list[Finding]:
    """All findings of this machine's set-up, also where the settings themselves are wrong."""
    first = place.environment(os.environ)
    try:
        settings = load()
    except WrongSettings as wrong:
        return [*first, *(Finding("wrong", line) for line in wrong.lines)]
    return [*first, *place.readable(secret_files(os.environ)), *asyncio.run(_opened(settings, online))]


async def check(settings: Settings, store: Store | None, online: bool = False) -> list[Finding]:
    """What these settings and this database show. Without `online` nobody else is asked."""
    found = place.shapes(settings)
    if (file := place.sqlite_file(settings)) is not None:
        mine = {"The key": file.with_name(file.name + ".key")}
        if settings.slack or settings.teams_app_id:
            mine["The database"] = file
        found += [*place.readable(mine), place.disk(file.absolute().parent)]
    if store is not None:
        found += await kept.look(store)
        if not settings.with_playground:
            found += kept.lags(await store.backlog(real()))
    if online:
        from bot.doctor.online import slack
        from bot.doctor.online_installed import installed
        from bot.doctor.online_teams import teams

        found += await slack(settings)
        found += await installed(settings, store) if store is not None else []
        found += await teams(settings)
    return found


async def _opened(settings: Settings, online: bool) -> list[Finding]:
    store, found = await kept.open_as_it_is(settings)
    try:
        return [*found, *await check(settings, store, online)]
    finally:
        if store is not None:
            await store.close()
