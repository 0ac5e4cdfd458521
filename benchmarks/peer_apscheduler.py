"""The usual way: one APScheduler job per teacher, kept by its SQLAlchemy job store. Run as a process of its own.

    python -m benchmarks.peer_apscheduler schedule|start|storm NUMBER URL

`schedule` adds the jobs and says how long that took; `start` opens a store that holds them; `storm` has them all due
in one minute and says when the last one ran, and for how long the event loop stood still meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # noqa: TID251 - the peer, not us
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger  # noqa: TID251 - the same
from sqlalchemy import create_engine, event

from benchmarks.stall import Stall

DONE: list[float] = []


async def remind(person: str) -> None:
    DONE.append(time.perf_counter())


def scheduler(url: str) -> AsyncIOScheduler:
    engine = create_engine(url)
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _as_durable_as_we)
    return AsyncIOScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)}, timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True},
    )  # fmt: skip


def _as_durable_as_we(connection: sqlite3.Connection, _: object) -> None:
    """The same journal as ours: its own default is slower by far."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


async def schedule(number: int, url: str) -> dict[str, float]:
    """Weekly, on a school day, at an hour of the teacher's own."""
    made = scheduler(url)
    made.start(paused=True)
    begun = time.perf_counter()
    for n in range(number):
        trigger = CronTrigger(day_of_week=n % 5, hour=15, minute=n % 60, timezone="America/New_York")
        made.add_job(remind, trigger, args=[f"person-{n}"], id=f"person-{n}")
    took = time.perf_counter() - begun
    made.shutdown(wait=False)
    return {"seconds": took}


async def start(number: int, url: str) -> dict[str, float]:
    begun = time.perf_counter()
    made = scheduler(url)
    made.start()
    await asyncio.sleep(0)
    made.get_jobs()
    took = time.perf_counter() - begun
    made.shutdown(wait=False)
    return {"seconds": took}


async def storm(number: int, url: str) -> dict[str, float]:
    made = scheduler(url)
    made.start(paused=True)
    at = datetime.now(UTC) - timedelta(seconds=1)
    for n in range(number):
        made.add_job(
            remind, "interval", weeks=1, start_date=at, next_run_time=at, args=[f"person-{n}"], id=f"person-{n}"
        )
    async with Stall() as stall:
        begun = time.perf_counter()
        made.resume()
        async with asyncio.timeout(300):
            while len(DONE) < number:  # noqa: ASYNC110 - looking costs it less than being told each time
                await asyncio.sleep(0.01)
        took = DONE[-1] - begun
    made.shutdown(wait=False)
    return {"seconds": took, "stall_ms": stall.longest * 1e3}


if __name__ == "__main__":
    what, count, address = sys.argv[1:]
    found = asyncio.run({"schedule": schedule, "start": start, "storm": storm}[what](int(count), address))
    print(json.dumps(found | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
