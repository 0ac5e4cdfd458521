"""Dialogs, and the relay for a client that sends no tokens."""

import aiohttp
import jwt
import pytest

from tests.fakes.slack.shapes import Json, obj
from tests.fakes.teams import CARD, NotOnScreen, Teams, User
from tests.fakes.teams.dialogs import fetch, point
from tests.fakes.test_teams.app import OFFER, App

FORM: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "fallbackText": "When?",
    "body": [{"type": "Input.Text", "id": "when", "label": "When", "value": "tue"}],
    "actions": [{"type": "Action.Submit", "title": "Keep", "data": {"thread": "t1"}}],
}


def dialog(card: Json, title: str = "A time") -> Json:
    held: Json = {"contentType": CARD, "content": card}
    return {"task": {"type": "continue", "value": {"title": title, "height": "large", "width": "medium", "card": held}}}


async def test_a_message_is_pointed_at_and_what_is_filled_in_comes_with_its_data(
    app: App, teams: Teams, ana: User
) -> None:
    place = teams.team.channel("maths", ana)
    wrote = (await ana.say("tue <3", where=place)).said
    app.answers = [(200, dialog(FORM)), (200, {})]
    opened = await point(ana, "propose", wrote)
    payload = obj(obj(app.heard[0]["value"])["messagePayload"])
    assert app.heard[0]["name"] == "composeExtension/fetchTask"
    assert obj(payload["from"])["user"] == {
        "userIdentityType": "aadUser", "id": ana.aad, "displayName": "Ana Ruiz",
    }  # fmt: skip
    assert obj(payload["body"])["content"] == "<div><p>tue &lt;3</p></div>"
    assert (opened.title, opened.standing, opened.buttons) == ("A time", {"when": "tue"}, ["Keep"])
    assert (await opened.press("Keep", {"When": "wed"})).ok
    assert app.heard[1]["name"] == "composeExtension/submitAction"
    assert obj(app.heard[1]["value"])["data"] == {"thread": "t1", "when": "wed"}
    assert opened.card is None
    with pytest.raises(NotOnScreen):
        await opened.press("Keep")


async def test_a_button_opens_one_too_and_answers_of_a_wrong_shape_are_problems(app: App, ana: User) -> None:
    app.answers = [(200, dialog(FORM)), (200, {"statusCode": 501})]
    opened = await fetch(ana, {"x": 1})
    assert app.heard[0]["name"] == "task/fetch"
    result = await opened.press("Keep")
    assert (app.heard[1]["name"], result.ok, opened.title) == ("task/submit", False, "A time")
    wrong: list[object] = [dialog(OFFER), dialog(FORM, ""), {"task": {"type": "else"}}, "no json"]
    for answer in wrong:
        app.answers = [(200, answer)]
        failed = await fetch(ana, {})
        assert failed.told is not None
        assert (failed.told.ok, failed.card) == (False, None)


async def test_the_relay_puts_on_the_token_that_teams_would(app: App, teams: Teams) -> None:
    body = {"type": "message", "serviceUrl": "http://127.0.0.1:1/_connector", "text": "hello"}
    app.answers = [(202, {"done": True})]
    async with aiohttp.ClientSession() as session:
        async with session.head(teams.relay_url) as there:
            assert there.status == 200
        async with session.post(teams.relay_url, json=body) as told:
            assert (told.status, await told.json()) == (202, {"done": True})
    assert app.heard == [body]
    claims = jwt.decode(app.tokens[0].removeprefix("Bearer "), options={"verify_signature": False})
    assert (claims["serviceurl"], claims["aud"]) == (body["serviceUrl"], teams.app_id)
