"""Every dialog file, played on real parts, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import Store
from bot.vault import Keyring
from tests.support.dialog import Stage, play

DIALOGS = sorted((Path(__file__).parent.parent / "dialogs").glob("*.txt"))


@pytest.mark.parametrize("path", DIALOGS, ids=lambda path: path.stem)
async def test_the_dialog_goes_as_written_and_a_repeated_line_changes_nothing(path: Path, database_url: str) -> None:
    store = await Store.open(database_url, Keyring.of("k1"))
    try:
        await play(await Stage.open(store), path)
    finally:
        await store.close()
