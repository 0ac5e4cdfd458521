"""The worked examples: what a coach types becomes exactly one of four things."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import when

DATA = Path(__file__).parent.parent / "data"
WORLD = json.loads((DATA / "coteach_world.json").read_text("utf-8"))
EXAMPLES = [json.loads(line) for line in (DATA / "coteach_examples.jsonl").read_text("utf-8").splitlines()]
# One example falls on a public holiday. That calendar is a package of its own, so the day is told as a closed one.
PUBLIC = {"US": [when.ClosedDay("2026-10-12", "Columbus Day")]}
NOW = "2026-09-15T14:20:00-04:00"
ZONE = "America/New_York"


def school(name: str) -> when.School:
    """A school of the examples."""
    found = WORLD["schools"][name]
    bell = found["bell"] and {
        day: tuple(when.Period(p["id"], p["label"], p["start"], p["end"]) for p in periods)
        for day, periods in found["bell"].items()
    }
    closed = [when.ClosedDay(day["date"], day["name"]) for day in found["closed"]]
    return when.School(
        name=found["name"], weekend=tuple(found["weekend"]), hours=tuple(found["hours"]), bell=bell,
        closed=(*closed, *PUBLIC.get(found["country"], ())), default_minutes=found["default_minutes"],
    )  # fmt: skip


def world(name: str = "lincoln") -> when.World:
    """Everybody of the examples, at one of their schools."""
    people = tuple(when.Person(id=p["id"], handle=p["handle"], name=p["name"]) for p in WORLD["people"])
    return when.World(people=people, self=WORLD["self"], school=school(name))


def read(
    text: str, *, now: str = NOW, tz: str = ZONE, locale: str = "en-US", at: str | when.World = "lincoln"
) -> dict[str, Any]:
    """The result as JSON values."""
    where = world(at) if isinstance(at, str) else at
    moment = datetime.fromisoformat(now)
    return when.result_json(when.parse(text, now=moment, tz=tz, locale=locale, world=where), tz)


def comparable(name: str, value: Any) -> object:  # noqa: ANN401 - any JSON value
    """Moments as instants, choices as sets."""
    if name == "choices":
        return {comparable("start", one) if re.match(r"\d{4}-", str(one)) else one for one in value}
    return datetime.fromisoformat(value).astimezone(UTC) if name in ("start", "end") else value


def agrees(example: dict[str, Any], found: dict[str, Any]) -> None:
    """The result is what the example expects: all that it names, moments as instants, choices as sets."""
    wanted = example["expect"]
    assert found["kind"] == wanted["kind"], (example["id"], found)
    asked_alike = (
        wanted["kind"] == "ask"
        and found["field"] == wanted["field"]
        and comparable("choices", found["choices"]) == comparable("choices", wanted["choices"])
    )
    left_out = {"note", "occurrences"} | ({"reason"} if asked_alike else set())
    for name, value in wanted.items():
        if name not in left_out:
            assert comparable(name, found[name]) == comparable(name, value), (example["id"], example["input"], name)
    starts = [comparable("start", one) for one in wanted.get("occurrences", ())]
    assert [comparable("start", one) for one in found.get("occurrences", ())][: len(starts)] == starts


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_reads_the_worked_example(example: dict[str, Any]) -> None:
    where = {name: example[name] for name in ("now", "tz", "locale")}
    agrees(example, read(example["input"], **where, at=example["school"]))


def test_a_result_is_plain_json_with_the_offset_of_the_zone() -> None:
    found = read("@ben 5/11 10.15", now="2026-10-21T09:05:00+01:00", tz="Europe/London", locale="en-GB", at="riverside")
    assert found["start"] == "2026-11-05T10:15:00+00:00"
    assert json.loads(json.dumps(found)) == found
    asked = read("@ana next thu 9am")
    assert asked["choices"] == ["2026-09-17T09:00:00-04:00", "2026-09-24T09:00:00-04:00"]


def test_public_holidays_count_where_the_school_has_a_country() -> None:
    there = when.World(people=world().people, self="U0COACH", school=when.School(country="US", subdiv="NY"))
    assert read("@ana 12 oct 9am", at=there)["warnings"] == ["holiday"]
    assert read("@ana 13 oct 9am", at=there)["warnings"] == []
    nowhere = when.World(people=world().people, self="U0COACH", school=when.School(country="Faraway", subdiv="Far"))
    assert read("@ana 12 oct 9am", at=nowhere)["warnings"] == []
