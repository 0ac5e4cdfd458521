"""What time it is: the machine's, or the playground's, which can be moved forward; and by whose rules of zones."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH

Now = Callable[[], datetime]


def real() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """Runs at the speed of time from wherever it was set; it is never set back while it runs."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._since = time.monotonic()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._since)

    def move(self, to: datetime) -> None:
        self._at, self._since = max(to, self()), time.monotonic()

    def reset(self, to: datetime) -> None:
        self._at, self._since = to, time.monotonic()


def zone_rules() -> str:
    """Which edition of the zones' rules is in force here: the system's, where it has one, and the one we bring."""
    found = []
    for folder in map(Path, TZPATH):
        for name in ("tzdata.zi", "+VERSION"):
            if (folder / name).is_file():
                with (folder / name).open(encoding="utf-8", errors="replace") as file:
                    found.append(file.readline().strip("# \n"))
    return " / ".join([*found, f"tzdata {version('tzdata')}"])
