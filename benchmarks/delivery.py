"""Planning, the Monday storm and the outbox, beside APScheduler with one job per teacher, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.report import Row, row, told
from tests.support import postgres

ROOT = Path(__file__).parent.parent
TEACHERS, JOBS, DUE, PARCELS = 100_000, 10_000, 10_000, 20_000
FEW, MANY = 10_000, 1_000_000
NAIVE = "APScheduler, a job each"
Run = Callable[[str, str, int], dict[str, float]]


def main() -> list[Row]:
    return _both(_delivered)


def memory() -> list[Row]:
    """What a process holds while 100,000 are due at once, ours and the peer's; and while it works through as many."""
    return _both(_held)


def _both(measured: Callable[[Run, str], Iterator[Row]]) -> list[Row]:
    rows: list[Row] = []
    with postgres.private_server(durable=True) as server:
        for database in ("sqlite", "postgresql"):
            for one in measured(partial(_run, database, server), database):
                print(told(one), flush=True)
                rows.append(one)
    return rows


def _held(run: Run, database: str) -> Iterator[Row]:
    ours, peer = run("ours", "storm", TEACHERS), run("peer_apscheduler", "storm", TEACHERS)
    both = f"{NAIVE}; {TEACHERS:,} due in one minute on both sides"
    yield row(f"memory@{database}", ours["mb"], peer["mb"], "MB", "<= 1", both)
    flat = run("ours", "flat", TEACHERS)
    first = f"our own after the first tenth of {TEACHERS:,} occurrences"
    yield row(f"memory_flat@{database}", flat["after"], flat["before"], "MB", "<= 1.1", first)


def _delivered(run: Run, database: str) -> Iterator[Row]:
    ours, peer = run("ours", "schedule", TEACHERS), run("peer_apscheduler", "schedule", JOBS)
    scaled = peer["seconds"] * TEACHERS / JOBS
    yield row(f"schedule_100k@{database}", ours["seconds"], scaled, "s", "<= 0.05", f"{NAIVE}; {JOBS:,}, scaled")
    ours, peer = run("ours", "storm", DUE), run("peer_apscheduler", "storm", DUE)
    yield row(f"storm_10k@{database}", DUE / ours["seconds"], DUE / peer["seconds"], "a second", ">= 10", NAIVE)
    yield row(f"loop_stall_ms@{database}", ours["stall_ms"], None, "ms", "<= 50", NAIVE)
    sent = run("ours", "lanes", PARCELS)
    least = 1500 if database == "sqlite" else 2000
    yield row(f"outbox_rate@{database}", PARCELS / sent["seconds"], None, "a second", f">= {least}")
    if database == "postgresql":
        peer = run("peer_procrastinate", "sent", JOBS // 5)
        rates = PARCELS / sent["seconds"], JOBS / 5 / peer["seconds"]
        yield row("outbox_rate_beside@postgresql", *rates, "a second", ">= 1", "Procrastinate, a job each")
    few, many = run("ours", "idle", FEW), run("ours", "idle", MANY)
    yield row(f"idle_tick_1m@{database}", many["seconds"] * 1e3, few["seconds"] * 1e3, "ms", "<= 1.5", "with 10,000")


@contextmanager
def _place(database: str, server: postgres.Server, *, plain: bool) -> Iterator[str]:
    """An empty database. APScheduler's store wants SQLAlchemy's name of a driver."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"
        return
    url = server.make_database("bench")
    try:
        yield url if plain else url.replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.drop_database("bench")


def _run(database: str, server: postgres.Server, program: str, what: str, number: int) -> dict[str, float]:
    """On an empty database; what the program printed last."""
    with _place(database, server, plain=program != "peer_apscheduler") as url:
        command = [sys.executable, "-m", f"benchmarks.{program}", what, str(number), url]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=3600)  # noqa: S603 - ours
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
