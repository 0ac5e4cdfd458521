"""The browser playground: whether it is open, and how it is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.platform import Ground, Platform
    from bot.settings import Settings


def wanted(settings: Settings) -> bool:
    return settings.with_playground


def team(settings: Settings) -> str:
    return "playground"


async def connect(ground: Ground) -> Platform:
    from adapters.web.connection import connect as connected

    return connected(ground.app, ground.door, ground.house)
