"""A Teams message where the login cloud takes 300 ms an answer: kept in SQLite before the 200, beside stock botbuilder.

The fake Teams, `beside serve` and botbuilder's echo are three programs. The turn is what Teams waits for: from its
request to our 200. Both have had one message before, so what can be kept from it is kept.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.coteach import SCHOOLS, free
from benchmarks.report import Row, row, told
from tests.fakes.teams import Remote, running

ROOT = Path(__file__).parent.parent
LATENCY, ONE, AT_ONCE, ROUNDS = "0.3", 5, 10, 3
TEACHERS = tuple(f"teacher{n}" for n in range(AT_ONCE))
STOCK = "stock botbuilder echo, which stores nothing"


class Program:
    """One of the two, and the longest its loop has stood still."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self.url = f"{url}/api/messages"
        self.ones: list[float] = []
        self.tens: list[float] = []
        self.stalls: list[float] = []

    def stall(self) -> float:
        """In milliseconds, since it was asked last."""
        self._process.send_signal(signal.SIGUSR1)
        return float(_line(self._process, "stall ").split()[1])


def _line(process: subprocess.Popen[str], holding: str) -> str:
    for line in process.stdout or ():
        if holding in line:
            return line
    raise RuntimeError(f"{process.args} ended")


async def main() -> list[Row]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(AT_ONCE + 2))
    with running("--tls", "--no-pace", "--latency", LATENCY) as teams, tempfile.TemporaryDirectory() as folder:
        health = await teams.do("health")
        environment = os.environ | health["settings"] | {"PYTHONPATH": str(ROOT)}
        await _school(teams, Path(folder), environment)
        peer = environment | {"REQUESTS_CA_BUNDLE": health["ca_file"]}
        with (
            _program(["-m", "benchmarks.watched"], folder, environment | {"BESIDE_PORT": str(free())}) as ours,
            _program(
                ["-m", "benchmarks.stock_botbuilder", str(free()), json.dumps(health["stock"])], folder, peer
            ) as stock,
        ):
            for program in (ours, stock):
                await _connected(teams, program)
                await _say(teams, TEACHERS[0], "warm")
            for number in range(ROUNDS):
                for program in (ours, stock):
                    await _round(teams, program, number)

    def both(figure: Callable[[Program], float]) -> tuple[float, float]:
        return figure(ours) * 1e3, figure(stock) * 1e3

    rows = [
        row("teams_turn_p50", *both(lambda one: statistics.median(one.ones)), "ms", "<= 0.1", STOCK),
        row("teams_ten_at_once", *both(lambda one: statistics.median(one.tens)), "ms", "<= 0.1", STOCK),
        row("loop_stall_ms@teams", statistics.median(ours.stalls), None, "ms", "<= 50"),
    ]
    for one in rows:
        print(told(one))
    return rows


async def _school(teams: Remote, folder: Path, environment: dict[str, str]) -> None:
    rows = ["name,handle,platform,account,role,coach,school"]
    for name in TEACHERS:
        user = await teams.do("user", name=name)
        rows.append(f"{name.title()} Lee,{name},teams,{user['aad']},teacher,,Lakeside")
    (folder / "schools.csv").write_text(SCHOOLS)
    (folder / "people.csv").write_text("\n".join(rows))
    for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
        command = [sys.executable, "-m", "bot", kind, "import", file, "--yes"]
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: ASYNC221, S603 - ours


async def _round(teams: Remote, program: Program, number: int) -> None:
    await _connected(teams, program)
    program.stall()
    for n in range(ONE):
        program.ones.append(await _say(teams, TEACHERS[n % AT_ONCE], f"one {number} {n}"))
    begun = time.perf_counter()
    await asyncio.gather(*(_say(teams, name, f"ten {number}") for name in TEACHERS))
    program.tens.append(time.perf_counter() - begun)
    program.stalls.append(program.stall())


async def _connected(teams: Remote, program: Program) -> None:
    await teams.do("connect", url=program.url)


async def _say(teams: Remote, user: str, text: str) -> float:
    """The seconds that Teams waited."""
    result = await teams.do("say", user=user, text=text)
    assert result["ok"], result
    return float(result["seconds"][0])


@contextmanager
def _program(arguments: list[str], folder: str, environment: dict[str, str]) -> Iterator[Program]:
    process = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, *arguments], cwd=folder, env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield Program(process, _line(process, "at http").partition("at ")[2].split()[0])
    finally:
        process.terminate()
        process.communicate(timeout=15)
