"""What each platform makes of the gallery, kept so that a change of a drawing is seen."""

from __future__ import annotations

from pathlib import Path

from tests.contract.driver import Driver
from tests.contract.gallery import Shown, dialogs, kept
from tests.contract.synthetic import SYNTHETIC

FOLDER = Path(__file__).parent / "snapshots"
SHEETS = (*dialogs(), "synthetic")


def sheet(name: str) -> tuple[Shown, ...]:
    """One part of the gallery: what a dialog shows that no dialog before it does, or what nobody drew yet."""
    return SYNTHETIC if name == "synthetic" else kept(name)


def path(platform: str, driver: Driver, name: str) -> Path:
    return FOLDER / platform / f"{name}.{driver.SUFFIX}"


def drawn(driver: Driver, name: str) -> str:
    """A sheet as this platform draws it."""
    parts = [driver.written(driver.draw(shown)) for shown in sheet(name)]
    return "[\n" + ",\n\n".join(parts) + "\n]\n" if driver.SUFFIX == "json" else "\n\n".join(parts) + "\n"
