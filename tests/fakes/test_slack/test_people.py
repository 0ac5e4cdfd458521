"""What people do, delivered to a real Bolt app: signed, timed, retried, and shown again on their screen."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import Delivery, NotOnScreen, Profile, Slack, User
from tests.fakes.slack.shapes import Json, obj
from tests.fakes.test_slack.app import CARD, ROLES, App


async def test_what_is_said_arrives_signed_and_in_slacks_envelope(slack: Slack, app: App, ana: User) -> None:
    app.listens("event", "message")
    slack.team.user("cleo")
    result = await ana.say("ask @cleo & <me>, https://example.org/a?b=1&c, not @nobody")
    assert result.ok
    [(headers, body)] = app.door
    verifier = SignatureVerifier(slack.secret)
    stamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    assert verifier.is_valid(body, stamp, signature)
    assert not verifier.is_valid(body + b" ", stamp, signature)
    [heard] = app.heard
    event = obj(heard["event"])
    cleo = slack.user("cleo").id
    assert event["text"] == (f"ask <@{cleo}> &amp; &lt;me&gt;, <https://example.org/a?b=1&amp;c>, not @nobody")
    assert (event["type"], event["channel_type"], event["user"], event["channel"]) == (
        "message", "im", ana.id, ana.channel.id
    )  # fmt: skip
    assert (heard["type"], heard["team_id"], heard["api_app_id"]) == ("event_callback", slack.team.id, "A0001")
    assert str(heard["event_id"]).startswith("Ev")


async def test_bots_and_people_from_elsewhere_are_marked(slack: Slack, app: App) -> None:
    app.listens("event", "message")
    bot = slack.team.user("robot", Profile("", "", "Robot", is_bot=True))
    stranger = slack.team.user("zoe", Profile("", "", "Zoe", home_team="T9999"))
    await bot.say("beep")
    await stranger.say("hello")
    beep, hello = (obj(obj(json.loads(body))["event"]) for _, body in app.door)
    assert beep["bot_id"]
    assert "client_msg_id" not in beep
    assert (hello["user_team"], "bot_id" in hello) == ("T9999", False)


async def test_an_event_is_retried_three_times_and_says_why(slack: Slack, app: App, ana: User) -> None:
    slack.courier.deadline = 0.2
    ways = iter([500, 0, 503])

    async def fail() -> int:
        way = next(ways, 200)
        await asyncio.sleep(0 if way else 0.3)
        return way

    app.before = fail
    app.listens("event", "message")
    result = await ana.say("hello")
    assert result.statuses == [500, 0, 503, 200]
    marks = [(headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in app.door]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_timeout"), ("3", "http_error")]
    assert len({body for _, body in app.door}) == 1


async def test_an_app_that_is_away_gets_the_event_when_it_is_back(slack: Slack, app: App, ana: User) -> None:
    app.listens("event", "message")
    here, slack.courier.url = slack.courier.url, "http://127.0.0.1:9/slack/events"
    result = await ana.say("hello")
    assert [reply.failed for reply in result.replies] == ["connection_failed"] * 4
    slack.courier.url = here
    assert (await slack.courier.again(result, 2, "connection_failed")).ok
    assert obj(app.heard[0]["event"])["text"] == "hello"


@pytest.mark.parametrize(
    ("how", "statuses"),
    [
        (Delivery(times=3), [200] * 3),
        (Delivery(copies=20), [200] * 20),
        (Delivery(skew=-299), [200]),
        (Delivery(skew=-301), [401]),
        (Delivery(forged=True), [401]),
        (Delivery(tampered=True), [401]),
        (Delivery(unsigned=True), [401]),
        (Delivery(headers={"x-slack-signature": "v0=00"}), [401]),
    ],
)
async def test_delivers_as_slack_never_would(app: App, ana: User, how: Delivery, statuses: list[int]) -> None:
    app.listens("event", "message")
    assert (await ana.say("hello", how=how)).statuses == statuses
    assert len({body for _, body in app.door}) == 1
    assert len(app.heard) == statuses.count(200)


async def test_a_command_has_its_mentions_escaped_and_its_answer_shown(slack: Slack, app: App) -> None:
    cleo, ana = slack.team.user("cleo"), slack.team.user("ana")
    app.listens("command", "/coteach", {"text": "Tuesday", "blocks": CARD, "response_type": "ephemeral"})
    result = await cleo.command("/coteach", "@ana tue 10:15 <45m>", how=Delivery(times=3))
    [body, *_] = app.heard
    assert body["text"] == f"<@{ana.id}|ana> tue 10:15 &lt;45m&gt;"
    assert (body["command"], body["user_id"], body["channel_id"]) == ("/coteach", cleo.id, cleo.channel.id)
    assert len({str(one["trigger_id"]) for one in app.heard}) == 1
    assert result.statuses == [200] * 3
    assert len(set(result.bodies)) == 1
    assert [one.buttons for one in cleo.ephemerals()] == [["Send"]]
    assert result.shown is cleo.ephemerals()[0]


async def test_a_command_that_fails_shows_what_the_person_would_read(slack: Slack, app: App, ana: User) -> None:
    app.listens("command", "/bad", {"text": "x", "blocks": [{"type": "nothing"}]})
    assert (await ana.command("/bad")).problems == [
        "invalid_blocks [ERROR] unsupported type: nothing [json-pointer:/blocks/0/type]"
    ]
    assert (await ana.command("/unknown")).problems == ["dispatch_failed"]
    slack.courier.deadline = 0.1
    app.before = lambda: asyncio.sleep(0.2, 200)
    assert (await ana.command("/bad")).problems == ["operation_timeout"]
    assert ana.ephemerals() == []


async def test_a_press_carries_what_was_chosen_and_the_card_is_replaced(slack: Slack, app: App, ana: User) -> None:
    app.listens("command", "/coteach", {"text": "Tuesday", "blocks": CARD})
    app.listens("action", "role")

    @app.bolt.action("send")
    async def sent(ack: Callable[[], Awaitable[None]], body: Json) -> None:
        await ack()
        app.heard.append(body)
        url = AsyncWebhookClient(str(body["response_url"]))
        assert (await url.send(text="Booked.", replace_original=True)).body == "ok"

    card = (await ana.command("/coteach")).shown
    assert card
    result = await ana.press(card, "Send", {"role": "Station"}, how=Delivery(copies=3))
    assert (result.statuses, [one.statuses for one in result.before]) == ([200] * 3, [[200]])
    chosen, pressed = app.heard[1], app.heard[2]
    value = {"type": "radio_buttons", "selected_option": cast("list[Json]", ROLES["options"])[1]}
    assert obj(obj(pressed["state"])["values"]) == {"offer": {"role": value}}
    assert obj(cast("list[Json]", chosen["actions"])[0])["selected_option"] == value["selected_option"]
    action = cast("list[Json]", pressed["actions"])[0]
    assert (action["action_id"], action["value"], action["block_id"]) == ("send", "v1", "offer")
    assert obj(pressed["container"])["is_ephemeral"] is True
    assert "message" not in pressed
    assert [(one.text, one.buttons) for one in ana.ephemerals()] == [("Booked.", [])]
    with pytest.raises(NotOnScreen):
        await ana.press(card, "Send")


async def test_nobody_presses_what_they_do_not_see(slack: Slack, client: AsyncWebClient, ana: User) -> None:
    ben = slack.team.user("ben")
    await client.chat_postEphemeral(channel=ana.channel.id, user=ana.id, text="x", blocks=CARD)
    with pytest.raises(NotOnScreen, match="ben does not see that"):
        await ben.press(ana.ephemerals()[0], "Send")
    with pytest.raises(NotOnScreen, match="there are \\['Send'\\]"):
        await ana.press(ana.ephemerals()[0], "Cancel")


async def test_a_response_url_works_five_times_in_half_an_hour(slack: Slack, app: App, ana: User) -> None:
    app.listens("command", "/coteach")
    await ana.command("/coteach")
    url = AsyncWebhookClient(str(app.heard[0]["response_url"]))
    refused = await url.send(text="x", blocks=[{"type": "nothing"}])
    assert (refused.status_code, refused.body) == (400, "invalid_blocks")
    for number in range(4):
        assert (await url.send(text=f"no {number}", replace_original=True)).status_code == 200
    assert [one.text for one in ana.ephemerals()] == ["no 0", "no 1", "no 2", "no 3"]
    assert slack.state.complaints[0] == "a command's response URL has nothing to replace or delete: it posts anew"
    assert (await url.send(text="x")).body == "used_url"
    await ana.command("/coteach")
    slack.advance(30 * 60 + 1)
    late = await AsyncWebhookClient(str(app.heard[1]["response_url"])).send(text="x")
    assert (late.status_code, late.body) == (404, "expired_url")
    assert slack.count("response_url") == 7


async def test_a_response_url_replaces_and_deletes_an_ordinary_message(
    slack: Slack, app: App, client: AsyncWebClient, ana: User
) -> None:
    app.listens("action", "send")
    await client.chat_postMessage(channel=ana.id, text="x", blocks=CARD)
    await ana.press(ana.messages()[0], "send")
    assert obj(app.heard[0]["message"])["text"] == "x"
    url = AsyncWebhookClient(str(app.heard[0]["response_url"]))
    await url.send(text="aside", replace_original=False)
    await url.send(text="changed", replace_original=True)
    assert ([one.text for one in ana.messages()], [one.text for one in ana.ephemerals()]) == (["changed"], ["aside"])
    await url.send(delete_original=True)
    assert ana.messages() == []
    assert slack.state.complaints == []
