"""Socket Mode, held against the official client: what it hears, what it may say, and how its lines end."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import APP_TOKEN, Delivery, NotDone, Remote, Slack, User
from tests.fakes.slack.courier import NotSigned
from tests.fakes.slack.shapes import Json, obj
from tests.fakes.test_slack.app import CARD


class Listener:
    """Acknowledges everything, with `payload` where there is one; `silent` so many times first."""

    def __init__(self) -> None:
        self.heard: list[SocketModeRequest] = []
        self.payload: Json | None = None
        self.silent = 0

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if len(self.heard) > self.silent:
            told = SocketModeResponse(envelope_id=request.envelope_id, payload=self.payload)
            await client.send_socket_mode_response(told)


@pytest.fixture
async def listener(slack: Slack) -> AsyncIterator[Listener]:
    one = Listener()
    client = SocketModeClient(APP_TOKEN, web_client=AsyncWebClient(base_url=slack.api_url), ping_interval=1)
    client.socket_mode_request_listeners.append(one)
    await client.connect()  # type: ignore[no-untyped-call]
    slack.socket_mode()
    await slack.switchboard.linked()
    yield one
    await slack.quiet()
    await client.close()  # type: ignore[no-untyped-call]


async def test_an_event_comes_in_an_envelope(slack: Slack, listener: Listener, ana: User) -> None:
    assert (await ana.say("hello")).statuses == [200]
    (request,) = listener.heard
    assert (request.type, request.accepts_response_payload, request.retry_attempt) == ("events_api", False, 0)
    assert obj(request.payload["event"])["text"] == "hello"
    assert slack.state.complaints == []


async def test_a_command_is_answered_in_its_acknowledgement(slack: Slack, listener: Listener, ana: User) -> None:
    listener.payload = {"text": "Tuesday", "blocks": CARD}
    asked = await ana.command("/coteach", "@ana tue")
    (request,) = listener.heard
    assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
    assert request.payload["text"] == f"<@{ana.id}|ana> tue"
    assert asked.shown is not None
    assert asked.shown.only_for == ana.id
    listener.payload = None
    assert (await ana.press(asked.shown, "Send")).ok
    assert (listener.heard[-1].type, listener.heard[-1].payload["type"]) == ("interactive", "block_actions")


async def test_what_is_not_acknowledged_is_told_again(slack: Slack, listener: Listener, ana: User) -> None:
    listener.silent, slack.courier.deadline = 2, 0.3
    assert (await ana.say("hello")).statuses == [0, 0, 200]
    assert [one.retry_attempt for one in listener.heard] == [0, 1, 2]
    assert listener.heard[1].retry_reason == "timeout"
    assert len({one.payload["event_id"] for one in listener.heard}) == 1
    assert len({one.envelope_id for one in listener.heard}) == 3
    listener.silent = 9
    assert (await ana.command("/coteach")).problems == ["operation_timeout"]


async def test_a_copy_comes_in_an_envelope_of_its_own(slack: Slack, listener: Listener, ana: User) -> None:
    assert (await ana.say("hello", how=Delivery(times=2, copies=3))).statuses == [200] * 6
    assert len({one.envelope_id for one in listener.heard}) == 6
    with pytest.raises(NotSigned):
        await ana.say("hello", how=Delivery(forged=True))


async def test_the_official_client_comes_back_after_a_goodbye_and_after_a_cut(
    slack: Slack, listener: Listener, ana: User
) -> None:
    await slack.switchboard.goodbye("warning", grace=0.1)
    await slack.switchboard.linked()
    assert (await ana.say("hello")).ok
    slack.switchboard.drop()
    await slack.switchboard.linked()
    assert (await ana.say("hello")).ok


async def test_nobody_is_there(slack: Slack, ana: User) -> None:
    slack.socket_mode()
    assert {one.failed for one in (await ana.say("hello")).replies} == {"connection_failed"}
    assert (await ana.command("/coteach")).problems == ["dispatch_failed"]


async def test_only_an_app_token_opens_a_line_and_opens_nothing_else(slack: Slack, client: AsyncWebClient) -> None:
    for token, error in ((slack.team.token, "not_allowed_token_type"), ("xapp-1-other", "invalid_auth")):
        with pytest.raises(SlackApiError, match=error):
            await client.apps_connections_open(app_token=token)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await AsyncWebClient(APP_TOKEN, base_url=slack.api_url, retry_handlers=[]).auth_test()


async def test_a_ticket_is_good_for_one_line_and_ten_lines_are_the_most(slack: Slack, client: AsyncWebClient) -> None:
    async with aiohttp.ClientSession() as session:
        lines = []
        for number in range(1, 11):
            url = str((await client.apps_connections_open(app_token=APP_TOKEN))["url"])
            lines.append(await session.ws_connect(url))
            hello = await lines[-1].receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", number)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await session.ws_connect(url)
        url = str((await client.apps_connections_open(app_token=APP_TOKEN))["url"])
        eleventh = await session.ws_connect(url)
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        assert (await eleventh.receive()).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (json.dumps({"envelope_id": "never-sent"}), "an acknowledgement of nothing"),
        ("not json", "an acknowledgement of nothing"),
        ("ENVELOPE+payload", "an answer where none is taken"),
        ("ENVELOPE+extra", "an acknowledgement has no"),
        ("ENVELOPE twice", "an acknowledgement of nothing"),
    ],
)
async def test_a_wrong_acknowledgement_is_complained_of(
    slack: Slack, client: AsyncWebClient, ana: User, words: str, complaint: str
) -> None:
    slack.socket_mode()
    slack.courier.deadline, slack.courier.retry_delays = 0.5, ()
    async with aiohttp.ClientSession() as session:
        line = await session.ws_connect(str((await client.apps_connections_open(app_token=APP_TOKEN))["url"]))
        await line.receive_json()
        saying = asyncio.create_task(ana.say("hello"))
        name = (await line.receive_json())["envelope_id"]
        odd: dict[str, Json] = {"ENVELOPE+payload": {"payload": {"text": "hi"}}, "ENVELOPE+extra": {"also": 1}}
        sent = json.dumps({"envelope_id": name, **odd.get(words, {})}) if words.startswith("ENVELOPE") else words
        for _ in range(2 if words == "ENVELOPE twice" else 1):
            await line.send_str(sent)
        await saying
        await line.close()
    assert [one for one in slack.state.complaints if complaint in one] == slack.state.complaints != []


async def test_lines_can_be_steered_from_elsewhere(slack: Slack, listener: Listener, ana: User) -> None:
    panel = Remote(slack.url)
    stands = await panel.do("line")
    assert (stands["open"], stands["opened"], stands["complaints"]) == (1, 1, [])
    await panel.do("goodbye", reason="refresh_requested", grace=0.1)
    await slack.switchboard.linked()
    await panel.do("drop")
    await slack.switchboard.linked()
    assert (await panel.do("say", user="ana", text="hello"))["ok"]
    assert (await panel.do("line"))["opened"] == 3
    with pytest.raises(NotDone, match="Invalid enum value"):
        await panel.do("goodbye", reason="bored")
