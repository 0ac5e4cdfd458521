"""Every invoke, with the status and the body that it is answered: a card, words, a dialog, or that nothing is here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.teams.payloads import PROPOSE, About, carried
from bot.cards import (
    NOTHING,
    Answer,
    Button,
    Buttons,
    Card,
    Form,
    Nothing,
    OnlyYou,
    Open,
    Replace,
    Text,
    TextField,
    Wrong,
)
from tests.contract import adaptive
from tests.support.teams_cloud import Beside, Cloud, Key, cloudy

CARD = Card(blocks=(Text(("Tuesday.",)), Buttons((Button("send", "Send"),))), thread="t1", version=1, title="A visit")
FORM = Form(
    verb="keep", title="A time", fields=(TextField("words", "Words"),), submit="Keep", cancel="Close", thread="t1",
    version=1,
)  # fmt: skip
PRESS = carried(About("t1", 1, "send"), "Send", CARD)
KEEP = carried(About("t1", 1, "keep", form=True), "Keep", FORM) | {"words": "typed"}
TYPE = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"
DONE = {"statusCode": 501, "type": "application/vnd.microsoft.error"}
KEY = Key("first")  # one for all of them: making it is most of a small test


@pytest.fixture
async def beside() -> AsyncIterator[Beside]:
    async with cloudy(Cloud(KEY)) as one:
        yield one


async def asked(beside: Beside, name: str, value: object, answer: Answer = NOTHING) -> dict[str, Any]:
    beside.door.answer = lambda _: answer
    body = beside.cloud.activity(None, type="invoke", name=name, value=value)
    status, told = await beside.answer(body)
    assert status == 200
    assert isinstance(told, dict)
    return told


def press(data: dict[str, Any]) -> dict[str, Any]:
    return {"action": {"type": "Action.Execute", "verb": "beside", "data": data}, "trigger": "manual"}


@pytest.mark.parametrize(
    ("data", "answer", "kind", "reads"),
    [
        (PRESS, Replace(Card(blocks=(Text(("Sent.",)),))), TYPE, ["Sent."]),
        (PRESS, Open(FORM), TYPE, ["A time", "Words", "[Keep]", "[Close]"]),
        (PRESS, NOTHING, TYPE, ["Tuesday.", "Send"]),
        (PRESS, Nothing(stays=True), TYPE, ["Tuesday.", "[Send]"]),
        (PRESS, OnlyYou(Card(blocks=(Text(("Gone.",)),))), WORDS, ["Gone."]),
        (KEEP, Wrong({"words": "Too short."}), TYPE, ["A time", "Words", "typed", "Too short.", "[Keep]", "[Close]"]),
        (KEEP, OnlyYou(Card(blocks=(Text(("Kept.",)),))), TYPE, ["Kept."]),
    ],
)
async def test_a_press_or_a_form_is_answered_in_its_place(
    beside: Beside, data: dict[str, Any], answer: Answer, kind: str, reads: list[str]
) -> None:
    told = await asked(beside, "adaptiveCard/action", press(data), answer)
    assert (told["statusCode"], told["type"]) == (200, kind)
    assert [one for one in ([told["value"]] if kind == WORDS else adaptive.read(told["value"])) if one] == reads


DIALOGS = [
    ("composeExtension/fetchTask", {"commandId": PROPOSE}),
    ("composeExtension/submitAction", {"commandId": PROPOSE, "data": KEEP}),
    ("task/fetch", {"data": PRESS}),
    ("task/submit", {"data": KEEP}),
]


@pytest.mark.parametrize(("name", "value"), DIALOGS)
@pytest.mark.parametrize(
    ("answer", "title", "reads"),
    [
        (Open(FORM), "A time", ["A time", "Words", "[Keep]", "[Close]"]),
        (Replace(CARD), "A visit", ["Tuesday.", "[Send]"]),
        (OnlyYou(Card(blocks=(Text(("Nobody.",)),))), "Beside", ["Nobody."]),
    ],
)
async def test_a_dialog_opens_or_goes_on_with_a_card_that_it_can_send(
    beside: Beside, name: str, value: dict[str, Any], answer: Answer, title: str, reads: list[str]
) -> None:
    told = await asked(beside, name, value, answer)
    assert told["task"]["type"] == "continue"
    shown = told["task"]["value"]
    assert (shown["title"], shown["card"]["contentType"]) == (title, TYPE)
    card = shown["card"]["content"]
    assert adaptive.problems(card) == []
    assert [one for one in adaptive.read(card) if one] == reads
    assert [node for node in adaptive.nodes(card) if node.get("type") == "Action.Execute"] == []


@pytest.mark.parametrize(("name", "value"), DIALOGS)
async def test_a_dialog_with_nothing_left_to_show_closes(beside: Beside, name: str, value: dict[str, Any]) -> None:
    assert await asked(beside, name, value) == {}


@pytest.mark.parametrize("name", ["composeExtension/submitAction", "task/submit"])
async def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(beside: Beside, name: str) -> None:
    told = await asked(beside, name, {"data": KEEP}, Wrong({"words": "Too short."}))
    reads = [one for one in adaptive.read(told["task"]["value"]["card"]["content"]) if one]
    assert reads == ["A time", "Words", "typed", "Too short.", "[Keep]", "[Close]"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("adaptiveCard/action", press({"other": 1})),
        ("adaptiveCard/action", press(PRESS) | {"trigger": "automatic"}),
        ("composeExtension/fetchTask", {"commandId": "else"}),
        ("composeExtension/submitAction", {"data": {"other": 1}}),
        ("composeExtension/query", {"commandId": "search"}),
        ("composeExtension/queryLink", {"url": "https://a.test"}),
        ("task/fetch", {"data": {}}),
        ("task/submit", {"data": "words"}),
        ("fileConsent/invoke", {"action": "accept"}),
        ("message/submitAction", {"actionName": "feedback"}),
        ("signin/verifyState", {"state": "x"}),
        ("config/fetch", {}),
        ("something/new", None),
        (None, None),
    ],
)
async def test_what_nothing_here_is_asked_by_is_well_received_and_not_done(
    beside: Beside, name: str | None, value: object
) -> None:
    body = beside.cloud.activity(None, type="invoke", name=name, value=value)
    status, told = await beside.answer({key: one for key, one in body.items() if one is not None})
    assert (status, told | DONE) == (200, told)
    assert told["value"]["code"] == "NotImplemented"
    assert beside.door.events == []


@pytest.mark.parametrize("name", [name for name, _ in DIALOGS])
@pytest.mark.parametrize(
    "value", [5, [], "x", {"data": PRESS, "commandId": 7}, {"commandId": PROPOSE, "messagePayload": []}]
)
async def test_an_invoke_of_another_shape_is_refused(beside: Beside, name: str, value: object) -> None:
    assert await beside.tell(beside.cloud.activity(None, type="invoke", name=name, value=value)) == 400
    assert await beside.tell() == 200
