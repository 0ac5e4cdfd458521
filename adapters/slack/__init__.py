"""Slack: whether it is set up, and how it is connected. Nothing heavy is imported before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.platform import Ground, Platform
    from bot.settings import Settings


def wanted(settings: Settings) -> bool:
    return settings.slack


def team(settings: Settings) -> str:
    """One token serves one workspace, whose id only Slack knows: any that the signing secret vouches for.

    Where workspaces let us in by themselves, each is known by its own id.
    """
    return "" if settings.slack_installs else "*"


async def connect(ground: Ground) -> Platform:
    from adapters.slack.connection import connect as connected

    return await connected(ground.app, ground.door, ground.settings, ground.installs)
