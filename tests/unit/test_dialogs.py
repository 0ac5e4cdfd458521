"""Every dialog file, played on real parts, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cards import plain
from bot.store import Store
from bot.vault import Keyring
from tests.contract import gallery
from tests.support.dialog import Stage, play

DIALOGS = sorted((Path(__file__).parent.parent / "dialogs").glob("*.txt"))


# On PostgreSQL these in every run, the others in `make faults`; each touches other tables.
ON_BOTH = ("across", "coteach", "coteach_moving", "link", "reflection", "rhythm", "sharing")
PLACES = [
    pytest.param(path, kind, marks=[] if kind == "sqlite" or path.stem in ON_BOTH else [pytest.mark.slow])
    for kind in ("sqlite", "postgresql")
    for path in DIALOGS
]


@pytest.mark.parametrize(
    ("path", "database_url"), PLACES, indirect=["database_url"], ids=lambda one: getattr(one, "stem", one)
)
async def test_the_dialog_goes_as_written_and_a_repeated_line_changes_nothing(path: Path, database_url: str) -> None:
    store = await Store.open(database_url, Keyring.of("k1"))
    try:
        stage = await Stage.open(store)
        await play(stage, path)
    finally:
        await store.close()
    seen = gallery.seen(stage)
    new = [plain(shown) for shape, shown in seen.items() if shape not in gallery.whole()]
    assert not new, f"not in the gallery that every platform is held against; run `make gallery`: {new}"
    gone = [plain(shown) for shown in gallery.kept(path.stem) if gallery.shape(shown) not in seen]
    assert not gone, f"in the gallery, but no longer in this dialog; run `make gallery`: {gone}"
