"""Workspaces that let us in by themselves, each asked with its own token: whether it is good, and what it may do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.doctor.finding import Finding
from bot.doctor.online import Away, asked, clock_there, lacking, socket_mode, word

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store
    from bot.store.homes import Home

AT_ONCE = 5


async def installed(settings: Settings, store: Store) -> list[Finding]:
    """One line for each that is still there, in the order in which they came; a few are asked at once."""
    if not (settings.slack and settings.slack_installs):
        return []
    room = asyncio.Semaphore(AT_ONCE)
    found: list[tuple[Home, str]] = []
    for organization in await store.organizations():
        async with store.begin(organization) as tx:
            for home in await tx.homes():
                token = await tx.token("slack", home.team) if home.platform == "slack" and home.gone is None else None
                # The one of the settings was asked with theirs.
                if token is not None and token != _own(settings):
                    found.append((home, token))

    found.sort(key=lambda those: (those[0].since, those[0].team))

    async def one(home: Home, token: str) -> tuple[Finding, list[Finding]]:
        async with room:
            return await _one(settings, home, token)

    each = await asyncio.gather(*(one(*those) for those in found))
    lines = [finding for finding, _ in each]
    if settings.slack_bot_token is None:  # else said already
        lines += next((there for _, there in each if there), [])
        lines += await socket_mode(settings)
    return lines


async def _one(settings: Settings, home: Home, token: str) -> tuple[Finding, list[Finding]]:
    named = f"{home.name} ({home.team})"
    again = f"Its admin lets Beside in again at {settings.public_url.rstrip('/')}/slack/install."
    try:
        said, headers = await asked(settings, "auth.test", SecretStr(token))
    except Away as away:
        return Finding("wrong", f"{named}: {away.finding.what}", away.finding.mend), []
    there = clock_there(headers)
    if not said.get("ok"):
        return Finding("wrong", f"{named}: Slack refuses its token ({word(said.get('error'))}).", again), there
    if home.team not in (said.get("team_id"), said.get("enterprise_id")):
        return Finding("wrong", f"{named}: its token is that of another workspace.", again), there
    needed, wished = lacking(headers.get("x-oauth-scopes"), settings.slack_features)
    if needed is None:
        mend = "Compare them on the app's pages."
        return Finding("warn", f"{named}: Slack does not say which scopes are granted.", mend), there
    if needed:
        return Finding("wrong", f"{named}: Slack has not granted {', '.join(needed)}.", again), there
    if wished:
        what = f"{named}: Slack has not granted {', '.join(wished)}, so fewer ways to choose teachers work there."
        return Finding("warn", what, again), there
    return Finding("ok", f"{named}: Slack knows us, and has granted every scope."), there


def _own(settings: Settings) -> str:
    return settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
