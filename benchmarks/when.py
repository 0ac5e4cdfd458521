"""How long a typed co-teaching line takes to be read, and the longest text that means it no good."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from benchmarks.report import Row, row, told
from bot import when
from bot.whening import world_of

DATA = Path(__file__).parent.parent / "tests" / "data"
ROUNDS = 9
HOSTILE = (
    "45m ", "1", "7 ",
    "<@U0ANA> ", "@ana ", "every tue ", "tue/thu ", "9:00-10:00 ", "P3 ", "next ", "a week from tue ",
    "focus ", "half ", "10.15 ", "\ufdfa", "1½ h ", "sept ", "until ", "- ", "x6 ", "launch ",
    "7 week ½h-or tue sept 3rd ", "7 7 7 7 every 7 ½ / - th wed sept h ",
)  # fmt: skip


def main() -> list[Row]:
    world = world_of(DATA / "coteach_world.json")
    people = tuple(when.Person(id=one.id, handle=one.handle, name=one.name) for one in world.people)
    around = when.World(people=people, self=world.self, school=when.School())
    now = datetime.fromisoformat("2026-09-15T14:20:00-04:00")

    def read(text: str) -> None:
        when.parse(text, now=now, tz="America/New_York", locale="en-US", world=around)

    lines = [json.loads(line)["input"] for line in (DATA / "coteach_examples.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        read(line)
    each = [_usual(read, line) for line in lines]
    worst, half = (max(_usual(read, (unit * size)[:size]) for unit in HOSTILE) for size in (2000, 1000))
    rows = [
        row("when_line_ms", statistics.median(each) * 1000, None, "ms", "<= 1"),
        row("when_hostile_ms", worst * 1000, None, "ms", "<= 20"),
        row("when_growth", worst / half, None, "times, twice the text", "<= 3"),
    ]
    for one in rows:
        print(told(one))
    return rows


def _usual(read: Callable[[str], None], text: str) -> float:
    """The median of several rounds, in seconds of this process alone."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        read(text)
        taken.append(time.process_time() - begun)
    return statistics.median(taken)
