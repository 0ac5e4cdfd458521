"""Microsoft Teams: whether it is set up, and how it is connected. Nothing heavy is imported before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.platform import Ground, Platform
    from bot.settings import Settings


def wanted(settings: Settings) -> bool:
    return bool(settings.teams_app_id and settings.teams_app_password and settings.teams_tenants)


def team(settings: Settings) -> str:
    """The tenants that may reach us are named in the settings, and all of them belong to the one organization."""
    return "*"


async def connect(ground: Ground) -> Platform:
    from adapters.teams.connection import connect as connected

    return await connected(ground.app, ground.door, ground.settings, ground.commands)
