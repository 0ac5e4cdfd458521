"""`beside guard`: lines in, one line of JSON out for each."""

import io
import json

import pytest

from bot.__main__ import main


def told(
    lines: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str
) -> list[object]:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["guard", *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_line_has_its_hits(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        '{"text": "You should stop.", "kind": "coach", "id": 7}\n'
        "What did you see?\n\n"
        '{"text": "Did it happen?", "kind": "operational"}\n'
        '{"text": "Te recomiendo parar.", "language": "es"}\n'
    )
    first, *between, last = told(lines, monkeypatch, capsys)
    assert first == {
        "hits": [
            {
                "rule": "TELL-1", "category": "telling", "span": "You should",
                "reason": "It tells somebody what to do. Asking leaves the deciding where it belongs.",
                "instead": "What have you been weighing up?",
            }
        ]
    }  # fmt: skip
    assert between == [{"hits": []}, {"hits": []}]
    assert isinstance(last, dict)
    assert last["hits"][0]["rule"] == "TELL-2"


def test_plain_lines_take_the_kind_and_the_language_that_were_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told("Did it happen?", monkeypatch, capsys, "--kind", "operational") == [{"hits": []}]
    assert told("You should stop.", monkeypatch, capsys, "--language", "es") == [{"hits": []}]


@pytest.mark.parametrize("line", ['{"text": ', '{"kind": "coach"}', '{"text": "So.", "kind": "shouted"}', "{}"])
def test_a_line_that_cannot_be_read_is_named(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"What else?\n{line}\n"))
    assert main(["guard"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Line 2 is not JSON with a text")
    assert "stem, bot, operational, coach" in said
