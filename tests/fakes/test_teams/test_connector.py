"""The Bot Connector, called by Microsoft's own client: what it does, what it refuses, how it slows down and fails."""

import asyncio
import json
from collections.abc import Awaitable
from urllib.parse import quote

import aiohttp
import pytest
from botbuilder.schema import Activity, Attachment, ChannelAccount, ConversationParameters, ErrorResponseException
from botframework.connector.aio import ConnectorClient
from msrest.exceptions import ClientException

from tests.fakes.slack.shapes import Json, obj
from tests.fakes.teams import CARD, Kind, Profile, Teams, User
from tests.fakes.test_teams.app import DONE, OFFER, App, card, connector, token


def said(words: str) -> Activity:
    return Activity(type="message", text=words)


def shown(content: Json) -> Activity:
    return Activity(type="message", summary="an offer", attachments=[Attachment(content_type=CARD, content=content)])


async def refusal(call: Awaitable[object]) -> tuple[int, str]:
    """Status and code that Microsoft's own client makes of the answer."""
    with pytest.raises(ErrorResponseException) as caught:
        await call
    error = caught.value.error
    return caught.value.response.status_code, error.error.code if error and error.error else ""


async def post(teams: Teams, path: str, body: object, verb: str = "POST") -> tuple[int, Json]:
    """A call by hand, for what the client would not send."""
    header = {"Authorization": f"Bearer {(await token(teams))[1]['access_token']}"}
    async with aiohttp.ClientSession(headers=header) as session:
        url = f"{teams.team.service_url}v3/conversations{path}"
        async with session.request(verb, url, json=body) as answer:
            return answer.status, obj(json.loads(await answer.read() or b"{}"))


async def test_opens_one_conversation_with_a_person(teams: Teams, client: ConnectorClient, ana: User) -> None:
    asked = ConversationParameters(
        is_group=False, bot=ChannelAccount(id=teams.state.bot), members=[ChannelAccount(id=ana.id)]
    )
    assert await refusal(client.conversations.create_conversation(asked)) == (400, "BadSyntax")
    asked.tenant_id = teams.team.id
    first = await client.conversations.create_conversation(asked)
    asked.members = [ChannelAccount(id=ana.aad)]
    again = await client.conversations.create_conversation(asked)
    assert first.id == again.id == ana.channel.id
    assert first.id.startswith("a:1")
    asked.activity = said("the first")
    assert (await client.conversations.create_conversation(asked)).activity_id == ana.messages()[0].id
    assert [one.text for one in ana.messages()] == ["the first"]


async def test_cannot_reach_who_does_not_have_the_app(teams: Teams, client: ConnectorClient, ana: User) -> None:
    asked = ConversationParameters(members=[ChannelAccount(id=ana.id)], tenant_id=teams.team.id)
    create = client.conversations.create_conversation
    send = client.conversations.send_to_conversation
    ana.profile.installed = False
    assert await refusal(create(asked)) == (403, "ForbiddenOperationException")
    assert await refusal(send(ana.channel.id, said("x"))) == (403, "BotNotInConversationRoster")
    ana.profile.installed = True
    ana.block()
    assert await refusal(create(asked)) == (403, "ConversationBlockedByUser")
    assert await refusal(send(ana.channel.id, said("x"))) == (403, "ConversationBlockedByUser")
    ana.block(blocked=False)
    teams.team.tenant.enabled = False
    assert await refusal(send(ana.channel.id, said("x"))) == (403, "BotDisabledByAdmin")
    teams.team.tenant.enabled = True
    asked.members = [ChannelAccount(id="29:1nobody")]
    assert await refusal(create(asked)) == (400, "BadSyntax")
    ana.profile.deleted = True
    assert await refusal(send(ana.channel.id, said("x"))) == (404, "ConversationNotFound")
    assert ana.messages() == []


async def test_posts_answers_changes_and_takes_back(client: ConnectorClient, ana: User) -> None:
    talk, here = client.conversations, ana.channel.id
    posted = await talk.send_to_conversation(here, shown(OFFER))
    assert ana.messages()[0].shown == (
        "Tuesday, 10:15\nRole\n( ) Extra eyes\n( ) Station\nNote\n( ) I am sure\n[Send]\n[Not now]"
    )
    assert ana.messages()[0].buttons == ["Send", "Not now"]
    answered = await talk.reply_to_activity(here, posted.id, said("**more**"))
    assert [one.reply_to for one in ana.messages()] == ["", posted.id]
    await talk.update_activity(here, posted.id, shown(DONE))
    assert [(one.shown, one.edits) for one in ana.messages()] == [("Booked.", 1), ("**more**", 0)]
    await talk.delete_activity(here, answered.id)
    assert len(ana.messages()) == 1
    assert await refusal(talk.update_activity(here, "1", said("x"))) == (404, "ActivityNotFoundInConversation")
    assert await refusal(talk.delete_activity(here, answered.id)) == (404, "ActivityNotFoundInConversation")
    assert await refusal(talk.send_to_conversation("a:1nowhere", said("x"))) == (404, "ConversationNotFound")
    assert await refusal(talk.send_to_conversation("nonsense", said("x"))) == (400, "BadArgument")


async def test_cannot_change_what_people_wrote(app: App, client: ConnectorClient, ana: User) -> None:
    mine = (await ana.say("mine")).said
    assert mine
    talk = client.conversations
    assert await refusal(talk.update_activity(ana.channel.id, mine.id, said("x"))) == (403, "NotEnoughPermissions")
    assert await refusal(talk.delete_activity(ana.channel.id, mine.id)) == (403, "NotEnoughPermissions")
    assert [one.text for one in ana.messages()] == ["mine"]


async def test_a_thread_in_a_channel_has_a_name_that_must_be_quoted(
    teams: Teams, client: ConnectorClient, ana: User
) -> None:
    thread = teams.team.channel("maths", ana)
    assert ";messageid=" in thread.id
    await client.conversations.send_to_conversation(thread.id, said("by the client"))
    for written in (quote(thread.id, safe=""), quote(thread.id, safe=":@;="), quote(thread.id, safe="").lower()):
        assert (await post(teams, f"/{written}/activities", {"type": "message", "text": "by hand"}))[0] == 201
    assert len(ana.messages(thread)) == 4
    beside = {"channel": {"id": thread.id.partition(";")[0]}}
    started = {"isGroup": True, "channelData": beside, "activity": {"type": "message", "text": "a new thread"}}
    status, made = await post(teams, "", started)
    assert (status, made["id"] != thread.id) == (201, True)
    assert [one.text for one in ana.messages(teams.team.tenant.conversations[str(made["id"])])] == ["a new thread"]


async def test_says_who_is_in_a_conversation(teams: Teams, client: ConnectorClient, ana: User) -> None:
    talk = client.conversations
    people = [teams.team.user(f"t{number}", Profile("", "", f"Teacher {number}")) for number in range(5)]
    chat = teams.team.chat("planning", ana, *people)
    assert [one.name for one in await talk.get_conversation_members(ana.channel.id)] == ["Ana Ruiz"]
    one = await talk.get_conversation_member(chat.id, ana.id)
    assert (one.name, one.aad_object_id, one.additional_properties["email"]) == (
        "Ana Ruiz",
        ana.aad,
        "ana@lincoln.example",
    )
    assert one.additional_properties["tenantId"] == teams.team.id
    first = await talk.get_conversation_paged_members(chat.id, page_size=4)
    rest = await talk.get_conversation_paged_members(chat.id, page_size=4, continuation_token=first.continuation_token)
    assert (len(first.members), len(rest.members), rest.continuation_token) == (4, 2, None)
    stranger = talk.get_conversation_member(ana.channel.id, people[0].id)
    assert await refusal(stranger) == (404, "MemberNotFoundInConversation")


async def test_listens_only_to_tokens_it_gave(teams: Teams, client: ConnectorClient, ana: User) -> None:
    async def calls(bearer: str) -> tuple[int, str]:
        return await refusal(connector(teams, bearer).conversations.send_to_conversation(ana.channel.id, said("x")))

    assert await calls("nonsense") == (401, "")
    assert await calls(teams.mint.sign(teams.mint.claims(teams.team.service_url))) == (401, "")
    assert await calls(teams.login.sign(teams.team.id, aud="https://graph.microsoft.com")) == (401, "")
    assert await calls(teams.login.sign(teams.team.id, appid="other")) == (401, "")
    teams.advance(3600)
    assert await refusal(client.conversations.send_to_conversation(ana.channel.id, said("x"))) == (401, "")
    fresh = str((await token(teams))[1]["access_token"])
    await connector(teams, fresh).conversations.send_to_conversation(ana.channel.id, said("x"))
    teams.login.revoke()
    assert await calls(fresh) == (401, "")
    assert len(ana.messages()) == 1


BAD: list[tuple[str, object, int, str]] = [
    ("no object", ["x"], 400, "BadSyntax"),
    ("no type", {"text": "x"}, 400, "BadSyntax"),
    ("a type of nobody", {"type": "dance", "text": "x"}, 400, "BadSyntax"),
    ("nothing to say", {"type": "message", "text": "  "}, 400, "BadArgument"),
    ("another's name", {"type": "message", "text": "x", "from": {"id": "29:1other"}}, 403, "Forbidden"),
    ("a format of nobody", {"type": "message", "text": "x", "textFormat": "rtf"}, 400, "BadArgument"),
    ("an attachment of nobody", {"type": "message", "attachments": [{"contentType": "x"}]}, 400, "BadArgument"),
    (
        "too many cards",
        {**card(DONE), "attachments": [{"contentType": CARD, "content": DONE}] * 11},
        400,
        "BadArgument",
    ),
    ("too much", {"type": "message", "text": "x" * 103_000}, 413, "MessageSizeTooBig"),
    (
        "a mention that is not said",
        {"type": "message", "text": "x", "entities": [{"type": "mention", "text": "<at>Ana</at>"}]},
        400,
        "BadArgument",
    ),
]


@pytest.mark.parametrize(("body", "status", "code"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
async def test_refuses_what_cannot_be_sent(teams: Teams, ana: User, body: object, status: int, code: str) -> None:
    answered, said = await post(teams, f"/{quote(ana.channel.id)}/activities", body)
    assert (answered, obj(said["error"])["code"]) == (status, code)
    assert ana.messages() == []


def with_body(*elements: Json, **more: object) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "fallbackText": "x", "body": list(elements), **more}


TEXT: Json = {"type": "TextBlock", "text": "x"}
FIELD: Json = {"type": "Input.Text", "id": "a", "label": "A"}
BAD_CARDS: list[tuple[str, object, str]] = [
    ("no object", "x", "the content of a card is an object"),
    ("no version", {"type": "AdaptiveCard", "body": [TEXT]}, "/version is None"),
    ("a later version", {"type": "AdaptiveCard", "version": "1.6", "body": [TEXT]}, "/version is '1.6'"),
    (
        "a press too early",
        with_body(TEXT, version="1.3", actions=[{"type": "Action.Execute", "verb": "v"}]),
        "Action.Execute works from 1.4",
    ),
    ("a refresh of nothing", with_body(TEXT, refresh={"action": {"type": "Action.Execute"}}), "/refresh/action/verb"),
    ("nothing in it", with_body(), "there is nothing in the card"),
    ("an unknown element", with_body({"type": "Carousel"}), "/body/0 is a 'Carousel'"),
    ("an element deep down", with_body({"type": "Container", "items": [{"type": "x"}]}), "/body/0/items/0 is a 'x'"),
    ("a text without text", with_body({"type": "TextBlock"}), "/body/0/text is missing"),
    ("an input without id", with_body({"type": "Input.Text"}), "/body/0/id is missing"),
    ("two inputs of one id", with_body(FIELD, {"type": "Container", "items": [FIELD]}), "two inputs are called 'a'"),
    ("an action of nobody", with_body(TEXT, actions=[{"type": "Action.Dance"}]), "/actions/0 is a 'Action.Dance'"),
    ("a press of nothing", with_body(TEXT, actions=[{"type": "Action.Execute"}]), "/actions/0/verb is missing"),
    (
        "data that is no object",
        with_body(TEXT, actions=[{"type": "Action.Execute", "verb": "v", "data": "x"}]),
        "/actions/0/data is not an object",
    ),
    (
        "a choice without value",
        with_body({"type": "Input.ChoiceSet", "id": "a", "choices": [{"title": "x"}]}),
        "/body/0/choices/0 needs a title and a value",
    ),
    (
        "wrong under a button",
        with_body(TEXT, actions=[{"type": "Action.ShowCard", "card": {"type": "AdaptiveCard", "body": [{}]}}]),
        "/actions/0/card/body/0 is a None",
    ),
]


@pytest.mark.parametrize(("content", "why"), [one[1:] for one in BAD_CARDS], ids=[one[0] for one in BAD_CARDS])
async def test_refuses_cards_it_could_not_draw(teams: Teams, ana: User, content: object, why: str) -> None:
    body = {"type": "message", "attachments": [{"contentType": CARD, "content": content}]}
    status, said = await post(teams, f"/{quote(ana.channel.id)}/activities", body)
    assert (status, obj(said["error"])["code"]) == (400, "BadArgument")
    assert why in str(obj(said["error"])["message"])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (with_body(*[{**TEXT, "text": "x" * 1000}] * 29), "some clients cut"),
        (with_body({**TEXT, "colour": "red"}), "TextBlock has ['colour']"),
        (with_body({**TEXT, "size": "huge"}), "TextBlock/size is 'huge'"),
        (with_body(TEXT, shape="round"), "a card has ['shape']"),
        (with_body({"type": "Input.Text", "id": "a"}), "Input.Text 'a' has no label"),
        (with_body({**FIELD, "isRequired": True}), "is required and says nothing"),
        (with_body(TEXT, actions=[{"type": "Action.Submit", "title": "x"}] * 7), "Teams shows 6"),
        (with_body(TEXT, fallbackText=""), "neither fallbackText nor speak"),
    ],
)
async def test_lets_pass_and_complains(teams: Teams, ana: User, content: Json, why: str) -> None:
    assert (await post(teams, f"/{quote(ana.channel.id)}/activities", card(content)))[0] == 201
    assert any(why in one for one in teams.state.complaints), teams.state.complaints


async def test_a_good_card_draws_no_complaint(teams: Teams, ana: User) -> None:
    assert (await post(teams, f"/{quote(ana.channel.id)}/activities", card(OFFER)))[0] == 201
    assert teams.state.complaints == []


async def test_tells_whether_something_arrived_twice(teams: Teams, client: ConnectorClient, ana: User) -> None:
    for words in ("once", "twice", "twice"):
        await client.conversations.send_to_conversation(ana.channel.id, said(words))
    assert sorted(teams.state.keys().values()) == [1, 2]
    assert (teams.count("activities.send"), teams.state.calls[-1].status) == (3, 201)


async def test_slows_down_who_writes_too_fast_in_one_conversation(teams: Teams, ana: User) -> None:
    assert teams.pace.in_conversation[0] == (7, 1.0)
    teams.pace.in_conversation = ((3, 600.0),)
    body, here = {"type": "message", "text": "x"}, f"/{quote(ana.channel.id)}/activities"
    answers = await asyncio.gather(*(post(teams, here, body) for _ in range(5)))
    assert sorted(one[0] for one in answers) == [201, 201, 201, 429, 429]
    assert {obj(one[1].get("error")).get("code") for one in answers} == {None, "Throttled"}
    header = {"Authorization": f"Bearer {(await token(teams))[1]['access_token']}"}
    url = f"{teams.team.service_url}v3/conversations{here}"
    async with aiohttp.ClientSession(headers=header) as session, session.post(url, json=body) as answer:
        assert 500 < int(answer.headers["Retry-After"]) <= 600
    ben = teams.team.user("ben")
    assert (await post(teams, f"/{quote(ben.channel.id)}/activities", body))[0] == 201
    teams.pace.on = False
    assert (await post(teams, here, body))[0] == 201


async def test_slows_down_an_app_that_writes_too_fast_in_a_tenant(teams: Teams, ana: User) -> None:
    teams.pace.in_tenant = ((1, 600.0),)
    people = [ana, teams.team.user("ben"), teams.workspace("Garfield").user("cleo")]
    statuses = []
    for user in people:
        header = {"Authorization": f"Bearer {(await token(teams))[1]['access_token']}"}
        url = f"{teams.url}/amer/{user.tenant.id}/v3/conversations/{quote(user.channel.id)}/activities"
        body = {"type": "message", "text": "x"}
        async with aiohttp.ClientSession(headers=header) as session, session.post(url, json=body) as answer:
            statuses.append(answer.status)
    assert statuses == [201, 429, 201]


# ── Failing ──


@pytest.mark.parametrize(
    ("kind", "seen", "done"),
    [
        ("403", "403", 0),
        ("412", "412", 0),
        ("429", "429", 0),
        ("500", "500", 0),
        ("502", "502", 0),
        ("503", "503", 0),
        ("504", "504", 0),
        ("cut_before", "cut", 0),
        ("cut_after", "cut", 1),
        ("hang", "cut", 0),
        ("slow", "ok", 1),
        ("garbage", "unreadable", 1),
    ],
)
async def test_fails_as_platforms_fail(teams: Teams, ana: User, kind: Kind, seen: str, done: int) -> None:
    teams.fail(kind, "activities.send", conversation=ana.channel.id, seconds=0.05, retry_after=7)
    ben, body = teams.team.user("ben"), {"type": "message", "text": "x"}
    assert (await post(teams, f"/{quote(ben.channel.id)}/activities", body))[0] == 201
    header = {"Authorization": f"Bearer {(await token(teams))[1]['access_token']}"}
    url = f"{teams.team.service_url}v3/conversations/{quote(ana.channel.id)}/activities"
    async with aiohttp.ClientSession(headers=header) as session:
        try:
            async with session.post(url, json=body) as answer:
                found = "ok" if answer.status == 201 else str(answer.status)
                waits = answer.headers.get("Retry-After")
                if answer.status == 200:
                    found = "unreadable" if not (await answer.text()).endswith("}") else "ok"
            assert (waits == "7") == (kind in {"403", "412", "429", "500", "503", "504"})
        except aiohttp.ClientError:
            found = "cut"
    assert (found, len(ana.messages()), len(ben.messages())) == (seen, done, 1)
    assert (await post(teams, f"/{quote(ana.channel.id)}/activities", body))[0] == 201


async def test_a_cut_line_is_an_error_to_microsofts_client(teams: Teams, client: ConnectorClient, ana: User) -> None:
    teams.fail("cut_after", "activities.send", times=None)
    with pytest.raises(ClientException):
        await client.conversations.send_to_conversation(ana.channel.id, said("x"))
    teams.heal()
    assert ana.messages()
