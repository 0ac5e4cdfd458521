"""`make bench`: everything, or what is named."""

from __future__ import annotations

import asyncio
import sys

from benchmarks import coteach, start, teams

if __name__ == "__main__":
    wanted = sys.argv[1:] or ["start", "coteach", "teams"]
    if "start" in wanted:
        start.main()
    if "coteach" in wanted:
        asyncio.run(coteach.main())
    if "teams" in wanted:
        asyncio.run(teams.main())
