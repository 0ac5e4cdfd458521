"""Every dialog again, in front of the platform: what the recorder was told is what people read on their screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bot.store import Store
from bot.vault import Keyring
from tests.fakes.teams import ONCE, Delivery
from tests.support.hall import on_teams, play
from tests.support.hall_slack import on_slack

DIALOGS = sorted((Path(__file__).parents[1] / "dialogs").glob("*.txt"))


HERE = [path for path in DIALOGS if "@slack" not in path.read_text("utf-8")]


async def goes(path: Path, url: str, how: Delivery = ONCE) -> None:
    store = await Store.open(url, Keyring.of("k1"))
    try:
        async with on_teams(store, how) as hall:
            await play(hall, path)
    finally:
        await store.close()


def some(*often: str, dialogs: list[Path] = DIALOGS) -> list[ParameterSet]:
    """Every dialog; those that are not named take too long for every change."""
    return [
        pytest.param(path, id=path.stem, marks=[] if path.stem in often else [pytest.mark.slow]) for path in dialogs
    ]


@pytest.mark.parametrize("path", some("across_week", "coteach_typed", "off_topic", "reflection"))
async def test_the_dialog_goes_as_written_on_teams(path: Path, sqlite_url: str) -> None:
    await goes(path, sqlite_url)


@pytest.mark.req("ONCE-1", "ONCE-2")
@pytest.mark.parametrize("how", [Delivery(times=3), Delivery(copies=20)], ids=["three times", "twenty at once"])
@pytest.mark.parametrize("path", some("coteach"))
async def test_everything_told_again_is_one_and_is_answered_the_same(
    path: Path, database_url: str, how: Delivery
) -> None:
    await goes(path, database_url, how)


@pytest.mark.parametrize("way", ["http", "socket"])
@pytest.mark.parametrize("path", some("coteach_times", dialogs=HERE))
async def test_the_dialog_goes_as_written_on_slack(path: Path, sqlite_url: str, way: str) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    try:
        async with on_slack(store, way) as hall:
            await play(hall, path)
    finally:
        await store.close()
