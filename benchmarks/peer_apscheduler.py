"""The usual way: one APScheduler job per teacher, kept by its SQLAlchemy job store. Run as a process of its own.

    python -m benchmarks.peer_apscheduler schedule|start|storm NUMBER URL

`schedule` adds the jobs and says how long that took; `start` opens a store that holds them; `storm` has them all due
in one minute and says when the last one ran, and for how long the event loop stood still meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import pickle  # noqa: TID251 - how the peer keeps a job
import resource
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # noqa: TID251 - the peer, not us
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger  # noqa: TID251 - the same
from apscheduler.util import datetime_to_utc_timestamp
from sqlalchemy import create_engine, event

from benchmarks.stall import Stall

DONE: list[float] = []
BATCH = 1000


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


def weekly(n: int) -> CronTrigger:
    """On a school day, at an hour of the teacher's own."""
    return CronTrigger(day_of_week=n % 5, hour=15, minute=n % 60, timezone="America/New_York")


async def schedule(number: int, url: str) -> dict[str, float]:
    made = scheduler(url)
    made.start(paused=True)
    begun = time.perf_counter()
    for n in range(number):
        made.add_job(remind, weekly(n), args=[f"person-{n}"], id=f"person-{n}")
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
    """The jobs of `schedule`, which all happen to be due. They are written in bulk: that is not what is timed."""
    made = scheduler(url)
    made.start(paused=True)
    at = datetime.now(UTC) - timedelta(seconds=1)
    store: SQLAlchemyJobStore = made._jobstores["default"]  # noqa: SLF001 - the peer's own, which it does not show
    for first in range(0, number, BATCH):
        rows = [_row(made, store, n, at) for n in range(first, min(first + BATCH, number))]
        with store.engine.begin() as connection:
            connection.execute(store.jobs_t.insert(), rows)
    async with Stall() as stall:
        begun = time.perf_counter()
        made.resume()
        async with asyncio.timeout(1500):
            while len(DONE) < number:  # noqa: ASYNC110 - looking costs it less than being told each time
                await asyncio.sleep(0.01)
        took = DONE[-1] - begun
    made.shutdown(wait=False)
    return {"seconds": took, "stall_ms": stall.longest * 1e3}


def _row(made: AsyncIOScheduler, store: SQLAlchemyJobStore, n: int, at: datetime) -> dict[str, object]:
    """As the store's own `add_job` writes it."""
    job = Job(
        made, id=f"person-{n}", func=remind, args=[f"person-{n}"], kwargs={}, trigger=weekly(n), name="remind",
        executor="default", misfire_grace_time=None, coalesce=True, max_instances=1, next_run_time=at,
    )  # fmt: skip
    state = pickle.dumps(job.__getstate__(), store.pickle_protocol)
    return {"id": job.id, "next_run_time": datetime_to_utc_timestamp(at), "job_state": state}


if __name__ == "__main__":
    what, count, address = sys.argv[1:]
    found = asyncio.run({"schedule": schedule, "start": start, "storm": storm}[what](int(count), address))
    print(json.dumps(found | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
