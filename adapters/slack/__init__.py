"""Slack: whether it is set up, and how it is connected. Nothing heavy is imported before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.platform import Ground, Platform
    from bot.settings import Settings

# One token serves one workspace, whose id only Slack knows: any team that the signing secret vouches for.
TEAM = "*"


def wanted(settings: Settings) -> bool:
    return settings.slack


async def connect(ground: Ground) -> Platform:
    from adapters.slack.connection import connect as connected

    return await connected(ground.app, ground.door, ground.settings)
