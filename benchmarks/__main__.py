"""`make bench`: everything, or what is named. The rows go to results.json, and docs/performance.md is made of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from benchmarks import coteach, delivery, guard, start, teams, when
from benchmarks.report import Row, keep

# Another figure is another function here; its rows replace those of the same name.
WAYS: dict[str, Callable[[], list[Row]]] = {
    "start": start.main,
    "guard": guard.main,
    "when": when.main,
    "coteach": lambda: asyncio.run(coteach.main()),
    "teams": lambda: asyncio.run(teams.main()),
    "delivery": delivery.main,
    "memory": delivery.memory,
}


def main(wanted: list[str]) -> None:
    if unknown := set(wanted) - WAYS.keys():
        raise SystemExit(f"There is no {', '.join(sorted(unknown))} here, only {', '.join(WAYS)}.")
    for way in wanted:
        keep(WAYS[way]())


if __name__ == "__main__":
    main(sys.argv[1:] or list(WAYS))
