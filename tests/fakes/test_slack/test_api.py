"""The Web API, called by Slack's own SDK: what it does, what it refuses, how it slows down and fails."""

from collections.abc import Awaitable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Slack, User
from tests.fakes.slack.faults import Kind
from tests.fakes.slack.shapes import Json
from tests.fakes.test_slack.app import CARD, App


async def refusal(call: Awaitable[object]) -> str:
    """The error Slack's own client makes of the answer."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_says_who_the_app_is(slack: Slack, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (slack.team.id, slack.team.team.bot_user)
    assert answer.headers["x-oauth-scopes"] == "chat:write,commands,im:history,im:write,users:read"


async def test_says_who_people_are_and_keeps_their_address_behind_its_scope(
    slack: Slack, client: AsyncWebClient
) -> None:
    ana = (await client.users_info(user=slack.user("ana").id, include_locale=True))["user"]
    assert (ana["real_name"], ana["tz"], ana["locale"], ana["is_bot"]) == (
        "Ana Ruiz",
        "America/Chicago",
        "en-US",
        False,
    )
    assert ana["tz_offset"] in {-18000, -21600}
    assert "email" not in ana["profile"]
    slack.team.team.scopes.add("users:read.email")
    assert (await client.users_info(user=ana["id"]))["user"]["profile"]["email"] == "ana@lincoln.example"
    assert [one["name"] for one in (await client.users_list(limit=1))["members"]] == ["ana"]
    assert await refusal(client.users_info(user="U404")) == "user_not_found"


async def test_opens_one_conversation_with_a_person(slack: Slack, client: AsyncWebClient, ana: User) -> None:
    first = await client.conversations_open(users=ana.id)
    assert (
        first["channel"]["id"] == (await client.conversations_open(users=[ana.id]))["channel"]["id"] == ana.channel.id
    )
    assert await refusal(client.conversations_open(users="U404")) == "user_not_found"
    assert await refusal(client.conversations_open(users=slack.team.team.bot_user)) == "cannot_dm_bot"


async def test_posts_changes_and_takes_back_a_message(client: AsyncWebClient, ana: User) -> None:
    posted = await client.chat_postMessage(channel=ana.id, text="Tuesday", blocks=CARD)
    assert ana.messages()[0].shown == "Tuesday, 10:15\n( ) Extra eyes\n( ) Station\n[Send]"
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Booked.", blocks=[])
    assert [(one.shown, one.edits) for one in ana.messages()] == [("Booked.", 1)]
    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert ana.messages() == []
    assert (
        await refusal(client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x")) == "message_not_found"
    )


async def test_shows_an_ephemeral_message_to_one_person_only(slack: Slack, client: AsyncWebClient, ana: User) -> None:
    answer = await client.chat_postEphemeral(channel=ana.channel.id, user=ana.id, text="only you")
    assert [one.text for one in ana.ephemerals()] == ["only you"]
    assert (ana.messages(), slack.team.user("ben").ephemerals()) == ([], [])
    assert (await client.conversations_history(channel=ana.channel.id))["messages"] == []
    changing = client.chat_update(channel=ana.channel.id, ts=answer["message_ts"], text="x")
    assert await refusal(changing) == "message_not_found"


async def test_finds_a_message_by_the_metadata_it_was_sent_with(
    slack: Slack, client: AsyncWebClient, ana: User
) -> None:
    posted = []
    for number in range(3):
        key: Json = {"event_type": "beside", "event_payload": {"key": f"k{number % 2}"}}
        posted.append(await client.chat_postMessage(channel=ana.channel.id, text=f"no {number}", metadata=key))
    since = posted[0]["ts"]
    found = await client.conversations_history(channel=ana.channel.id, oldest=since, include_all_metadata=True)
    assert [one["metadata"]["event_payload"]["key"] for one in found["messages"]] == ["k0", "k1"]
    with_first = await client.conversations_history(channel=ana.channel.id, oldest=since, inclusive=True, limit=2)
    assert ([one["text"] for one in with_first["messages"]], with_first["has_more"]) == (["no 2", "no 1"], True)
    assert "metadata" not in with_first["messages"][0]
    cursor = with_first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=ana.channel.id, cursor=cursor)
    assert [one["text"] for one in rest["messages"]] == ["no 0"]
    assert slack.state.keys() == {"k0": 2, "k1": 1}


POSTS: list[tuple[str, Json, str]] = [
    ("nowhere", {"channel": "D404", "text": "x"}, "channel_not_found"),
    ("nothing", {"channel": "ana", "text": ""}, "no_text"),
    ("too much", {"channel": "ana", "text": "x" * 40_001}, "msg_too_long"),
    ("blocks that are none", {"channel": "ana", "text": "x", "blocks": [{"type": "nothing"}]}, "invalid_blocks"),
    ("blocks without text", {"channel": "ana", "text": " ", "blocks": CARD}, "invalid_blocks"),
    ("blocks not a list", {"channel": "ana", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
    ("metadata", {"channel": "ana", "text": "x", "metadata": {"event_type": "beside"}}, "invalid_metadata_format"),
    (
        "too many words in all",
        {"channel": "ana", "text": "x", "blocks": [{"type": "markdown", "text": "x" * 6001}] * 2},
        "msg_blocks_too_long",
    ),
]


@pytest.mark.parametrize(("fields", "error"), [case[1:] for case in POSTS], ids=[case[0] for case in POSTS])
async def test_refuses_what_cannot_be_posted(client: AsyncWebClient, ana: User, fields: Json, error: str) -> None:
    given = {**fields, "channel": ana.channel.id if fields["channel"] == "ana" else fields["channel"]}
    assert await refusal(client.api_call("chat.postMessage", json=given)) == error
    assert ana.messages() == []


async def test_says_where_blocks_are_wrong(client: AsyncWebClient, ana: User) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ana.id, text="x", blocks=[{"type": "header", "text": CARD[0]["text"]}])
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be plain_text [json-pointer:/blocks/0/text/type]"
    ]


async def test_lets_nobody_touch_what_is_not_theirs(slack: Slack, app: App, client: AsyncWebClient, ana: User) -> None:
    app.listens("event", "message")
    said = (await ana.say("mine")).said
    assert said
    assert await refusal(client.chat_update(channel=said.channel, ts=said.ts, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=said.channel, ts=said.ts)) == "cant_delete_message"
    assert await refusal(client.chat_postMessage(channel=slack.team.channel("maths").id, text="x")) == "not_in_channel"
    ana.profile.deleted = True
    assert await refusal(client.chat_postMessage(channel=ana.channel.id, text="x")) == "is_archived"


async def test_knows_its_tokens(slack: Slack, client: AsyncWebClient, ana: User) -> None:
    def with_token(token: str) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=slack.api_url, retry_handlers=[])

    assert await refusal(with_token("xoxb-other").auth_test()) == "invalid_auth"
    assert await refusal(with_token("").auth_test()) == "not_authed"
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"
    assert await refusal(client.apps_connections_open(app_token=slack.team.token)) == "not_allowed_token_type"
    slack.team.team.scopes.remove("im:write")
    assert await refusal(client.conversations_open(users=ana.id)) == "missing_scope"
    slack.team.team.status = "revoked"
    assert await refusal(client.auth_test()) == "token_revoked"
    slack.team.team.status = "uninstalled"
    assert await refusal(client.auth_test()) == "account_inactive"


async def test_keeps_workspaces_apart(slack: Slack, client: AsyncWebClient) -> None:
    cleo = slack.workspace("Garfield").user("cleo")
    assert await refusal(client.users_info(user=cleo.id)) == "user_not_found"
    assert await refusal(client.chat_postMessage(channel=cleo.channel.id, text="x")) == "channel_not_found"


async def test_slows_down_who_posts_too_fast_in_one_conversation(
    slack: Slack, client: AsyncWebClient, ana: User
) -> None:
    for _ in range(slack.pace.at_once):
        await client.chat_postMessage(channel=ana.id, text="x")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=ana.channel.id, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    await client.chat_postMessage(channel=slack.team.user("ben").id, text="x")
    slack.pace.on = False
    await client.chat_postMessage(channel=ana.id, text="x")
    assert len(ana.messages()) == slack.pace.at_once + 1


# ── Failing ──


@pytest.mark.parametrize(
    ("kind", "seen", "done"),
    [
        ("429", "ratelimited", 0),
        ("500", "internal_error", 0),
        ("502", "status: 502", 0),
        ("error", "internal_error", 0),
        ("cut_before", "cut", 0),
        ("cut_after", "cut", 1),
        ("hang", "cut", 0),
        ("slow", "ok", 1),
        ("garbage", '{"ok": tr', 1),
    ],
)
async def test_fails_as_platforms_fail(
    slack: Slack, client: AsyncWebClient, ana: User, kind: Kind, seen: str, done: int
) -> None:
    slack.fail(kind, "chat.postMessage", channel=ana.channel.id, seconds=0.05, retry_after=7)
    ben = slack.team.user("ben")
    await client.chat_postMessage(channel=ben.id, text="another conversation")
    try:
        await client.chat_postMessage(channel=ana.id, text="x")
        found = "ok"
    except SlackApiError as error:
        found = str(error)
    except (aiohttp.ClientError, ConnectionError):
        found = "cut"
    assert seen in found
    assert (len(ana.messages()), len(ben.messages())) == (done, 1)
    await client.chat_postMessage(channel=ana.id, text="well again")
    assert slack.count("chat.postMessage") == 3


async def test_a_dropped_connection_is_sent_once_more_by_the_sdk_itself_and_so_twice(slack: Slack, ana: User) -> None:
    client = AsyncWebClient(slack.team.token, base_url=slack.api_url)
    slack.fail("cut_after", "chat.postMessage")
    await client.chat_postMessage(
        channel=ana.id, text="x", metadata={"event_type": "beside", "event_payload": {"key": "k"}}
    )
    assert slack.state.keys() == {"k": 2}


async def test_a_429_may_come_without_a_word_on_when(slack: Slack, client: AsyncWebClient) -> None:
    slack.fail("429", times=None)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.auth_test()
        assert "Retry-After" not in caught.value.response.headers
    slack.heal()
    assert (await client.auth_test())["ok"]
    assert [one.error for one in slack.state.calls] == ["429", "429", ""]
