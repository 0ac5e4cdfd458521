"""A small Bolt app to hold the fake against, and what it shows."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Slack
from tests.fakes.slack.shapes import Json

SEND: Json = {"type": "button", "action_id": "send", "text": {"type": "plain_text", "text": "Send"}, "value": "v1"}
ROLES: Json = {
    "type": "radio_buttons",
    "action_id": "role",
    "options": [
        {"text": {"type": "plain_text", "text": word}, "value": word[:2]} for word in ("Extra eyes", "Station")
    ],
}
CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Tuesday, 10:15"}},
    {"type": "actions", "block_id": "offer", "elements": [ROLES, SEND]},
]
FORM: Json = {
    "type": "modal",
    "callback_id": "slot",
    "private_metadata": "thread:1",
    "title": {"type": "plain_text", "text": "A slot"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "day",
            "label": {"type": "plain_text", "text": "Day"},
            "element": {"type": "datepicker", "action_id": "value"},
        }
    ],
}


class App:
    """A small Bolt app that writes down what reached its listeners and what came in at its door."""

    def __init__(self, slack: Slack) -> None:
        async def authorize(**_: object) -> AuthorizeResult:
            team = slack.team.team
            return AuthorizeResult(
                enterprise_id=None, team_id=team.id, bot_token=team.token, bot_user_id=team.bot_user, bot_id=team.bot_id
            )

        client = AsyncWebClient(base_url=slack.api_url)
        self.bolt = AsyncApp(
            signing_secret=slack.secret, authorize=authorize, client=client, process_before_response=True
        )
        self.heard: list[Json] = []
        self.door: list[tuple[dict[str, str], bytes]] = []
        self.before: Callable[[], Awaitable[int]] | None = None

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.door.append((headers, await request.read()))
        if self.before and (status := await self.before()) != 200:
            return web.Response(status=status)
        answer = await self.bolt.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    def listens(self, kind: str, name: str, answer: Json | str | None = None) -> None:
        """Write down and acknowledge, with `answer` where there is one."""

        async def listener(ack: Callable[..., Awaitable[None]], body: Json) -> None:
            self.heard.append(body)
            await (ack() if answer is None else ack(**answer) if isinstance(answer, dict) else ack(answer))

        event = {"type": "message", "subtype": name} if name.startswith("message_") else name
        getattr(self.bolt, kind)(event)(listener)
