"""Collects the gallery from the dialogs and draws every snapshot again: `make gallery`."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store import Store
from bot.vault import Keyring
from tests.contract import gallery, snapshots
from tests.contract.driver import NAMES, driver
from tests.support.dialog import Stage, play


async def collect() -> None:
    """Each shape goes to the first dialog that shows it."""
    had: set[str] = set()
    for dialog in gallery.dialogs():
        with TemporaryDirectory() as folder:
            store = await Store.open(f"sqlite:///{folder}/beside.sqlite3", Keyring.of("k1"))
            stage = await Stage.open(store)
            await play(stage, gallery.DIALOGS / f"{dialog}.txt")
            await store.close()
        new = {shape: shown for shape, shown in gallery.seen(stage).items() if shape not in had}
        had |= new.keys()
        _keep(gallery.KEPT / f"{dialog}.json", gallery.written(new.values()))


def draw() -> None:
    for name in NAMES:
        one = driver(name)
        for sheet in snapshots.SHEETS:
            _keep(snapshots.path(name, one, sheet), snapshots.drawn(one, sheet).encode())


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    for folder in (gallery.KEPT, snapshots.FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    asyncio.run(collect())
    draw()


if __name__ == "__main__":
    main()
