"""`make bench`: everything, or what is named. The rows go to results.json, and docs/performance.md is made of them."""

from __future__ import annotations

import asyncio
import sys

from benchmarks import coteach, delivery, start, teams
from benchmarks.report import Row, keep

WAYS = ("start", "coteach", "teams", "delivery")


def main(wanted: list[str]) -> None:
    rows: list[Row] = []
    if "start" in wanted:
        rows += start.main()
    if "coteach" in wanted:
        rows += asyncio.run(coteach.main())
    if "teams" in wanted:
        rows += asyncio.run(teams.main())
    if "delivery" in wanted:
        rows += delivery.main()
    keep(rows)


if __name__ == "__main__":
    main(sys.argv[1:] or list(WAYS))
