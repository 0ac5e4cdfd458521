"""Planning, the Monday storm and the outbox, beside APScheduler with one job per teacher, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.report import Row, row, told
from tests.support import postgres

ROOT = Path(__file__).parent.parent
TEACHERS, JOBS, DUE, PARCELS = 100_000, 10_000, 10_000, 20_000
FEW, MANY = 10_000, 1_000_000
NAIVE = "APScheduler, a job each"


def main() -> list[Row]:
    rows: list[Row] = []
    with postgres.private_server(durable=True) as server:
        for database in ("sqlite", "postgresql"):
            rows += _on(database, server)
    for one in rows:
        print(told(one), flush=True)
    return rows


def _on(database: str, server: postgres.Server) -> Iterator[Row]:
    def run(program: str, what: str, number: int) -> dict[str, float]:
        with _place(database, server, plain=program != "peer_apscheduler") as url:
            return _run(program, what, number, url)

    ours, peer = run("ours", "schedule", TEACHERS), run("peer_apscheduler", "schedule", JOBS)
    scaled = peer["seconds"] * TEACHERS / JOBS
    yield row(f"schedule_100k@{database}", ours["seconds"], scaled, "s", "<= 0.05", f"{NAIVE}; {JOBS:,}, scaled")
    yield row(f"memory@{database}", ours["mb"], peer["mb"], "MB", "<= 1", f"{NAIVE}; ours holds ten times as many")
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


def _run(program: str, what: str, number: int, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", f"benchmarks.{program}", what, str(number), url]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=600)  # noqa: S603 - ours
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
