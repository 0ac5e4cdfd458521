"""Every dialog again, in front of the platform: what the recorder was told is what people read on their screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import Store
from bot.vault import Keyring
from tests.support.hall import on_teams, play

DIALOGS = sorted((Path(__file__).parents[1] / "dialogs").glob("*.txt"))
OFTEN = ("across", "coteach", "coteach_typed", "off_topic", "reflection")


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=[] if path.stem in OFTEN else [pytest.mark.slow]) for path in DIALOGS],
)
async def test_the_dialog_goes_as_written_on_teams(path: Path, sqlite_url: str) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    try:
        async with on_teams(store) as hall:
            await play(hall, path)
    finally:
        await store.close()
