"""The yardstick for Adaptive Cards: it takes a good card, and says what is wrong with a bad one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.adaptive import problems, read, size

Json = dict[str, Any]

SAID = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "*How* did it <go>?", "weight": "Bolder"}]}
TEXT = {"type": "Input.Text", "id": "focus", "label": "What to listen to", "isMultiline": True, "value": "the launch"}
PART: Json = {
    "type": "Input.ChoiceSet", "id": "part", "label": "Which part?", "style": "expanded", "value": "menu",
    "choices": [{"title": "Launch", "value": "launch"}, {"title": "Menu", "value": "menu"}],
}  # fmt: skip
SEND = {"type": "Action.Execute", "verb": "beside", "title": "Send", "data": {"verb": "send", "id": "focus"}}
HEADING = {"type": "TextBlock", "style": "heading", "text": "Beside Ana \\(1\\) \\*now\\* R&amp;D", "wrap": True}


def card(*body: Json, **more: object) -> Json:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": "Beside Ana",
        "body": list(body),
        **more,
    }


def row(*actions: Json) -> Json:
    return {"type": "ActionSet", "actions": list(actions)}


@pytest.mark.parametrize(
    "good",
    [
        card(),
        card(HEADING, SAID, TEXT, PART, row(SEND)),
        card(SAID, actions=[SEND]),
        card(SAID, msteams={"width": "Full"}),
        card({"type": "Container", "style": "emphasis", "items": [SAID]}),
        card(row(*[SEND] * 6)),
        card({"type": "Input.Date", "id": "day", "label": "Day", "isRequired": True, "errorMessage": "Day?"}),
        card({"type": "Input.Time", "id": "time", "label": "Time", "value": "10:15"}),
        card(row({"type": "Action.OpenUrl", "title": "Open it", "url": "https://b.test/x"})),
        card(row(SEND | {"fallback": {"type": "Action.Submit", "title": "Send", "data": {"id": "focus"}}})),
    ],
    ids=str,
)
def test_takes_a_good_card(good: Json) -> None:
    assert problems(good) == []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (card(version="1.6"), "is not '1.5'"),
        (card(fallbackText=""), "says nothing where it cannot be drawn"),
        (card({"type": "Markdown", "text": "x"}), "body/0"),
        (card(SAID | {"color": "Loud"}), "body/0"),
        (card(TEXT | {"maxLenght": 3}), "body/0"),
        (card(bodyy=[]), "Additional properties"),
        (card(TEXT, TEXT), "the id 'focus' stands 2 times"),
        (card(TEXT | {"id": ""}), "sends nothing"),
        (card(TEXT | {"label": " "}), "no accessible name"),
        (card(TEXT | {"maxLength": 3}), "holds more than it takes"),
        (card(TEXT | {"isRequired": True}), "does not say so"),
        (card(PART | {"value": "closing"}), "is no choice"),
        (card(PART | {"choices": PART["choices"] * 2}), "stands 2 times"),
        (card(row(*[SEND] * 7)), "7 actions in one row"),
        (card(actions=[SEND] * 7), "7 actions in one row"),
        (card(row(SEND | {"title": ""})), "without a title"),
        (card(row({"type": "Action.OpenUrl", "title": "x", "url": "javascript:alert(1)"})), "does not open"),
        (card(HEADING | {"text": "[x](javascript:alert(1))"}), "comes alive"),
        (card(HEADING | {"text": "<at>all</at>"}), "comes alive"),
        (card(HEADING | {"text": "*loud* words"}), "comes alive"),
        (card(HEADING | {"text": "first\n- second"}), "comes alive"),
        (card(TEXT | {"value": "{{DATE(2026-11-01T00:00:00Z, SHORT)}}"}), "shown as a date"),
        (card(TEXT | {"value": "é" * 40_000}), "bytes, and 80000 are taken"),
    ],
    ids=str,
)
def test_says_what_is_wrong_with_a_bad_card(bad: Json, why: str) -> None:
    assert why in " / ".join(problems(bad))


def test_another_limit_may_be_asked_for_and_bytes_are_counted_as_they_are_sent() -> None:
    heavy = card(TEXT | {"value": "é" * 14_000})
    assert 28_000 < size(heavy) < 29_000
    assert problems(heavy) == []
    assert problems(heavy, 28_000) == [f"it has {size(heavy)} bytes, and 28000 are taken"]


def test_reads_what_a_person_reads() -> None:
    struck = {
        "type": "RichTextBlock",
        "inlines": ["Day: ", {"type": "TextRun", "text": "Monday", "strikethrough": True}],
    }
    inside = {"type": "Container", "items": [struck, {"type": "ColumnSet", "columns": [{"items": [SAID]}]}]}
    facts = {"type": "FactSet", "facts": [{"title": "Day", "value": "Tuesday"}]}
    assert [piece for piece in read(card(HEADING, inside, facts, TEXT, PART, row(SEND), actions=[SEND])) if piece] == [
        "Beside Ana (1) *now* R&D", "Day: ", "(was Monday)", "*How* did it <go>?", "Day", "Tuesday",
        "What to listen to", "the launch", "Which part?", "Launch", "Menu (chosen)", "[Send]", "[Send]",
    ]  # fmt: skip


def test_does_not_pass_over_what_it_cannot_read() -> None:
    with pytest.raises(AssertionError, match="Media"):
        read(card({"type": "Media"}))
