"""How long the command takes to answer, and the playground to be ready."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Row, row, told

ROOT = Path(__file__).parent.parent


def main() -> list[Row]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "BESIDE_PORT": "0"}
    helped = [_helped(environment) for _ in range(7)]
    bare = [_bare(environment) for _ in range(7)]
    rows = [_row("help_s", helped, bare, "<= 12", "python -c pass")]
    started = [_started(environment) for _ in range(5)]
    sdk = [_imported(environment) for _ in range(5)]
    # The goal is of our own figure; the import stands there to say how fast the machine was.
    print(f"import slack_bolt: {statistics.median(sdk):.2f} s")
    rows.append(row("start_s", statistics.median(started), None, "s", "<= 1.5"))
    for one in rows:
        print(told(one))
    return rows


def _row(name: str, ours: list[float], theirs: list[float], goal: str, against: str) -> Row:
    return row(name, statistics.median(ours), statistics.median(theirs), "s", goal, against)


def _timed(arguments: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    return time.perf_counter() - begun


def _helped(environment: dict[str, str]) -> float:
    return _timed(["-m", "bot", "--help"], environment)


def _bare(environment: dict[str, str]) -> float:
    return _timed(["-c", "pass"], environment)


def _imported(environment: dict[str, str]) -> float:
    return _timed(["-c", "import slack_bolt.async_app"], environment)


def _started(environment: dict[str, str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        assert b"http://" in process.stdout.readline()
        took = time.perf_counter() - begun
        process.terminate()
        process.wait(15)
        process.stdout.close()
        return took
