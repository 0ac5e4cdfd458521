"""`beside when`: typed lines in, and what each means out."""

import io
import json
from typing import Any

import pytest

from bot.__main__ import main
from tests.unit.test_when import DATA, agrees

LINE = {"input": "@ana tue 10:15", "now": "2026-09-15T14:20:00-04:00", "tz": "America/New_York", "school": "lincoln"}
WORLD = DATA / "coteach_world.json"


def told(lines: str, monkeypatch: pytest.MonkeyPatch, world: object = WORLD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return main(["when", "--world", str(world)])


@pytest.mark.parametrize(
    ("lines", "world", "number"),
    [
        ("coteach_examples", "coteach_world", 60),
        ("coteach_more", "coteach_more_world", 147),
        ("coteach_fresh", "coteach_fresh_world", 60),
        ("coteach_blind", "coteach_blind_world", 80),
        ("coteach_kept_1", "coteach_kept_1_world", 50),
        ("coteach_kept_2", "coteach_kept_2_world", 50),
        ("coteach_kept_3", "coteach_kept_3_world", 50),
    ],
)
def test_every_line_of_the_corpora_means_what_it_says_there(
    lines: str, world: str, number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DATA / f"{lines}.jsonl").read_text("utf-8")
    examples: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    assert told(text, monkeypatch, DATA / f"{world}.json") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) == len(examples) == number
    for example, result in zip(examples, found, strict=True):
        agrees(example, result)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"now": "2026-09-15T14:20:00"}, "a now without an offset"),
        ({"tz": "Here/There"}, "a zone that nobody knows"),
        ({"tz": "../etc"}, "a zone that nobody knows"),
        ({"school": "elsewhere"}, "a school that the world does not have"),
        ({"input": 7}, "not JSON with an input"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    changed: dict[str, object], why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(f"{json.dumps(LINE)}\n{json.dumps(LINE | changed)}\n", monkeypatch) == 2
    said = capsys.readouterr().err
    assert said.startswith("Line 2 ")
    assert why in said


def test_a_world_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told("", monkeypatch, DATA / "nowhere.json") == 2
    assert "nowhere.json can't be read" in capsys.readouterr().err
    assert told("", monkeypatch, DATA / "coteach_examples.jsonl") == 2
    assert "is no world of people and schools" in capsys.readouterr().err
