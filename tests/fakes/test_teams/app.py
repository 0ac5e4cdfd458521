"""A small app to hold the fake against: it keeps what it hears and answers what it was told to."""

import asyncio
import json
from typing import Final

import aiohttp
from aiohttp import web
from botframework.connector.aio import ConnectorClient
from msrest.authentication import BasicTokenAuthentication

from tests.fakes.slack.shapes import Json
from tests.fakes.teams import CARD, Teams

OFFER: Final[Json] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "fallbackText": "Tuesday, 10:15",
    "body": [
        {"type": "TextBlock", "text": "Tuesday, 10:15", "wrap": True},
        {
            "type": "Input.ChoiceSet",
            "id": "role",
            "label": "Role",
            "value": "eyes",
            "choices": [{"title": "Extra eyes", "value": "eyes"}, {"title": "Station", "value": "station"}],
        },
        {"type": "Input.Text", "id": "note", "label": "Note", "maxLength": 20},
        {"type": "Input.Toggle", "id": "sure", "title": "I am sure", "valueOn": "yes", "valueOff": "no"},
    ],
    "actions": [
        {"type": "Action.Execute", "title": "Send", "verb": "send", "id": "s", "data": {"thread": "t1", "note": "x"}},
        {"type": "Action.Submit", "title": "Not now", "data": {"no": True}, "associatedInputs": "none"},
    ],
}
DONE: Final[Json] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "fallbackText": "Booked.",
    "body": [{"type": "TextBlock", "text": "Booked."}],
}


def card(content: Json, summary: str = "an offer") -> Json:
    """A message that is a card."""
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": CARD, "content": content}],
    }


def answered(kind: str, value: object, status: int = 200) -> Json:
    return {"statusCode": status, "type": kind, "value": value}


class App:
    """It answers every delivery with the next of `answers` (status and body), or with 200 and nothing."""

    def __init__(self) -> None:
        self.heard: list[Json] = []
        self.tokens: list[str] = []
        self.answers: list[tuple[int, object]] = []
        self.pause = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        self.heard.append(json.loads(await request.read()))
        self.tokens.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.pause)
        status, body = self.answers.pop(0) if self.answers else (200, None)
        if isinstance(body, str):
            return web.Response(text=body, status=status)
        return web.json_response(body, status=status) if body is not None else web.Response(status=status)


async def token(teams: Teams, **changes: str) -> tuple[int, Json]:
    """What the token endpoint answers; a field that is empty is left out."""
    form = {
        "grant_type": "client_credentials",
        "client_id": teams.app_id,
        "client_secret": teams.secret,
        "scope": "https://api.botframework.com/.default",
        **changes,
    }
    tenant = form.pop("tenant", teams.team.id)
    sent = {name: value for name, value in form.items() if value}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{teams.login_url}/{tenant}/oauth2/v2.0/token", data=sent) as answer,
    ):
        return answer.status, await answer.json()


def connector(teams: Teams, bearer: str) -> ConnectorClient:
    """Microsoft's own client for the connector."""
    return ConnectorClient(BasicTokenAuthentication({"access_token": bearer}), base_url=teams.team.service_url)
