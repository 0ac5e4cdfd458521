"""`/coteach` over signed HTTP with a durable commit before the answer, on both databases, beside stock Bolt.

One peer stores nothing; the other finds its token in the SDK's own SQLite store. The fake Slack runs in this process,
ours and the peers in their own; one command after the other, then 16 at once, by turns.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from benchmarks.report import Row, row, told
from tests.fakes.slack import Slack
from tests.support import postgres

BOLT = "stock Bolt, which stores nothing"
KEYS = "k1:" + base64.b64encode(bytes(32)).decode()
STORED = "stock Bolt with the SDK's SQLite store"
ROOT = Path(__file__).parent.parent
ONE, MANY, AT_ONCE, ROUNDS = 60, 320, 16, 9

SCHOOLS = (
    "school,zone,hours,weekend,safeguarding contact,support contact,emergency number,crisis line\n"
    "Lakeside,America/New_York,08:00-15:00,SA SU,Ms Idris,Mr Okafor,911,988\n"
)


async def main() -> list[Row]:
    rows: list[Row] = []
    with postgres.private_server(durable=True) as server:
        for database, url in (("sqlite", ""), ("postgresql", server.make_database("coteach"))):
            rows += await _on(database, url)
    for one in rows:
        print(told(one), flush=True)
    return rows


async def _on(database: str, url: str) -> list[Row]:
    async with Slack(echo=False) as slack:
        slack.pace.on = False
        people = [slack.team.user(name) for name in ("sam", "ana")]
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "BESIDE_SLACK_SIGNING_SECRET": slack.secret, "BESIDE_SLACK_BOT_TOKEN": slack.team.token,
                "BESIDE_SLACK_API_URL": slack.api_url, "PYTHONPATH": str(ROOT), "BENCH_TEAM": slack.team.id,
            }  # fmt: skip
            if url:
                environment |= {"BESIDE_DATABASE_URL": url, "BESIDE_KEYS": KEYS}
            _school(Path(folder), environment, people[0].id, people[1].id)
            ports = [free(), free(), free()]
            with (
                _process(["-m", "bot", "serve"], folder, environment | {"BESIDE_PORT": str(ports[0])}),
                _process(["-m", "benchmarks.stock_bolt", str(ports[1])], folder, environment),
                _process(["-m", "benchmarks.stock_bolt", str(ports[2]), "bolt.sqlite3"], folder, environment),
            ):
                return await _measure(slack, people[0].id, ports, database)


def _school(folder: Path, environment: dict[str, str], sam: str, ana: str) -> None:
    (folder / "schools.csv").write_text(SCHOOLS)
    rows = f"Sam Lee,sam,slack,{sam},coach,,Lakeside\nAna Lee,ana,slack,{ana},teacher,sam,Lakeside\n"
    (folder / "people.csv").write_text("name,handle,platform,account,role,coach,school\n" + rows)
    for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
        command = [sys.executable, "-m", "bot", kind, "import", file, "--yes"]
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours


async def _measure(slack: Slack, sam: str, ports: list[int], database: str) -> list[Row]:
    async with aiohttp.ClientSession() as session:
        for port in ports:
            await _up(session, port)
            await _command(session, slack, sam, port, "first")
        ones: list[list[float]] = [[] for _ in ports]
        rates: list[list[float]] = [[] for _ in ports]
        tails: list[list[float]] = [[] for _ in ports]
        for number in range(ROUNDS):
            for n, port in enumerate(ports):
                ones[n] += await _one_by_one(session, slack, sam, port, number)
                took, times = await _at_once(session, slack, sam, port, number)
                rates[n].append(MANY / took)
                tails[n].append(statistics.quantiles(times, n=100)[98])
    p50 = [statistics.median(times) * 1e3 for times in ones]
    rate = [statistics.median(each) for each in rates]
    p99 = statistics.median(tails[0]) * 1e3
    return [
        row(f"slack_command_p50@{database}", p50[0], p50[1], "ms", "<= 0.5", BOLT),
        row(f"slack_command_rate@{database}", rate[0], rate[1], "a second", ">= 0.5", BOLT),
        row(f"slack_command_rate_beside_store@{database}", rate[0], rate[2], "a second", ">= 1", STORED),
        row(f"slack_command_p99@{database}", p99, None, "ms", "<= 250"),
    ]


async def _one_by_one(session: aiohttp.ClientSession, slack: Slack, sam: str, port: int, number: int) -> list[float]:
    return [await _command(session, slack, sam, port, f"{number}-one-{n}") for n in range(ONE)]


async def _at_once(
    session: aiohttp.ClientSession, slack: Slack, sam: str, port: int, number: int
) -> tuple[float, list[float]]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(n: int) -> float:
        async with gate:
            return await _command(session, slack, sam, port, f"{number}-many-{n}")

    begun = time.perf_counter()
    times = await asyncio.gather(*(one(n) for n in range(MANY)))
    return time.perf_counter() - begun, list(times)


_numbers = count()


async def _command(session: aiohttp.ClientSession, slack: Slack, sam: str, port: int, key: str) -> float:
    """A new command each time, of another minute or length, so that none is taken for a repeat of another."""
    n = next(_numbers)
    text = f"@ana tue {8 + n % 6}:{n // 6 % 60:02d} {30 + n // 360 % 20}m launch"
    body = urlencode({
        "command": "/coteach", "text": text, "user_id": sam, "user_name": "sam", "team_id": slack.team.id,
        "team_domain": "t", "channel_id": "C1", "channel_name": "general", "api_app_id": "A1", "token": "t",
        "trigger_id": f"{port}.{key}", "response_url": f"{slack.url}/hooks/commands/T/1",
    })  # fmt: skip
    stamp = str(int(time.time()))
    signature = SignatureVerifier(slack.secret).generate_signature(timestamp=stamp, body=body)
    headers = {
        "X-Slack-Signature": signature or "", "X-Slack-Request-Timestamp": stamp,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    begun = time.perf_counter()
    async with session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as answer:
        told = await answer.text()
        assert answer.status == 200, (answer.status, told[:200])
        assert told, f"{port} took {time.perf_counter() - begun:.1f} s, longer than it may: is the machine busy?"
    return time.perf_counter() - begun


async def _up(session: aiohttp.ClientSession, port: int) -> None:
    for _ in range(200):
        try:
            async with session.get(f"http://127.0.0.1:{port}/"):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    raise TimeoutError(f"nothing answers on {port}")


@contextmanager
def _process(arguments: list[str], folder: str, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
