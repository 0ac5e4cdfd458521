"""What people do in Teams, and what reaches the app and the screen."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest
from botframework.connector.aio import ConnectorClient

from tests.fakes.slack.shapes import Json, items, obj
from tests.fakes.teams import CARD, ONCE, Delivery, HeldBack, NotOnScreen, Profile, Teams, User
from tests.fakes.teams.courier import NotConnected
from tests.fakes.test_teams.app import DONE, OFFER, App, answered
from tests.fakes.test_teams.test_connector import shown

MESSAGE = "application/vnd.microsoft.activity.message"


async def offer(client: ConnectorClient, user: User, content: Json = OFFER) -> None:
    await client.conversations.send_to_conversation(user.channel.id, shown(content))


async def test_words_arrive_as_teams_sends_them(teams: Teams, app: App, ana: User) -> None:
    result = await ana.say("coteach @ben tue 10:15 <3")
    heard = app.heard[0]
    assert (result.ok, result.statuses) == (True, [200])
    assert {name: heard[name] for name in ("type", "channelId", "text", "textFormat", "locale", "localTimezone")} == {
        "type": "message",
        "channelId": "msteams",
        "text": "coteach @ben tue 10:15 <3",
        "textFormat": "plain",
        "locale": "en-US",
        "localTimezone": "America/Chicago",
    }
    assert heard["from"] == {"id": ana.id, "name": "Ana Ruiz", "aadObjectId": ana.aad}
    assert ana.id.startswith("29:1")
    assert heard["recipient"] == {"id": f"28:{teams.app_id}", "name": "Beside"}
    talk = {"conversationType": "personal", "tenantId": teams.team.id, "id": ana.channel.id}
    assert heard["conversation"] == talk
    assert obj(heard["channelData"])["tenant"] == {"id": teams.team.id}
    assert items(heard["attachments"])[0] == {
        "contentType": "text/html",
        "content": "<p>coteach @ben tue 10:15 &lt;3</p>",
    }
    assert obj(items(heard["entities"])[-1])["timezone"] == "America/Chicago"
    assert str(heard["localTimestamp"])[-6:] in {"-05:00", "-06:00"}
    assert [one.text for one in ana.messages()] == ["coteach @ben tue 10:15 <3"]


async def test_a_command_is_typed_like_anything_else(app: App, ana: User) -> None:
    await ana.command("/coteach", "@ben tue 10:15")
    assert (app.heard[0]["type"], app.heard[0]["text"]) == ("message", "/coteach @ben tue 10:15")


async def test_a_name_is_a_mention_where_it_can_be_one(teams: Teams, app: App, ana: User) -> None:
    await ana.say("@Beside hello @ana")
    assert app.heard[0]["text"] == "<at>Beside</at> hello @ana"
    ben = teams.team.user("ben", Profile("", "", "Ben Okafor"))
    chat = teams.team.chat("planning", ana, ben)
    await ana.say("@beside coteach @ben tue", where=chat)
    heard = app.heard[1]
    assert heard["text"] == "<at>Beside</at> coteach <at>Ben Okafor</at> tue"
    assert [obj(one).get("mentioned") for one in items(heard["entities"])] == [
        {"id": teams.state.bot, "name": "Beside"},
        {"id": ben.id, "name": "Ben Okafor"},
        None,
    ]
    assert obj(heard["conversation"])["conversationType"] == "groupChat"
    assert (await ana.say("among us", where=chat)).replies == []
    thread = teams.team.channel("maths", ana)
    await ana.say("@Beside hello", where=thread)
    assert obj(app.heard[2]["channelData"])["teamsTeamId"] == thread.team
    with pytest.raises(NotOnScreen):
        await ben.say("@Beside hello", where=thread)


async def test_a_press_carries_every_input_and_the_card_is_replaced(
    app: App, client: ConnectorClient, ana: User
) -> None:
    await offer(client, ana)
    app.answers = [(200, answered(CARD, DONE))]
    card = ana.messages()[0]
    result = await ana.press(card, "Send", {"Role": "Station", "note": "bring paper"})
    heard = app.heard[0]
    assert (result.ok, heard["type"], heard["name"], heard["replyToId"]) == (
        True,
        "invoke",
        "adaptiveCard/action",
        card.id,
    )
    assert heard["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Send",
            "id": "s",
            "verb": "send",
            "data": {"thread": "t1", "role": "station", "note": "bring paper", "sure": "no"},
        },
        "trigger": "manual",
    }
    assert [(one.shown, one.buttons) for one in ana.messages()] == [("Booked.", [])]
    with pytest.raises(NotOnScreen, match="there are \\[\\]"):
        await ana.press(card, "Send")
    ana.reopen()
    assert ana.messages()[0].buttons == ["Send", "Not now"]


async def test_untouched_inputs_go_along_with_what_stands_in_them(app: App, client: ConnectorClient, ana: User) -> None:
    await offer(client, ana)
    app.answers = [(200, answered(MESSAGE, "Sent."))]
    result = await ana.submit(values={"sure": "on"})
    data = obj(obj(obj(app.heard[0]["value"])["action"])["data"])
    assert (data["role"], data["note"], data["sure"]) == ("eyes", "", "yes")
    assert result.shown
    assert ([one.text for one in ana.ephemerals()], len(ana.messages())) == (["Sent."], 1)


async def test_a_submit_is_a_message_with_a_value(app: App, client: ConnectorClient, ana: User) -> None:
    await offer(client, ana)
    assert (await ana.tap("Not now")).ok
    heard = app.heard[0]
    assert (heard["type"], heard["value"], heard["replyToId"]) == ("message", {"no": True}, ana.messages()[0].id)
    assert "text" not in heard
    app.answers = [(500, None)] * 4
    assert (await ana.tap("Not now")).problems == ["Something went wrong. Please try again."]


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (500, None, "Unable to reach app"),
        (200, None, "the answer to an invoke is JSON"),
        (200, "hello", "the answer to an invoke is JSON"),
        (200, {"status": 200}, "is {statusCode, type, value}"),
        (200, answered(CARD, {"type": "AdaptiveCard"}), "/version is None"),
        (200, answered(CARD, "x"), "the content of a card is an object"),
        (200, answered(MESSAGE, {"text": "x"}), "no such answer"),
        (200, answered("application/json", {}), "no such answer"),
        (200, answered("application/vnd.microsoft.error", {"code": "Gone", "message": "Too late"}, 400), "Gone: Too"),
        (200, answered("application/vnd.microsoft.error", "x", 400), "has a code and a message"),
    ],
)
async def test_an_answer_to_a_press_has_its_shape(
    app: App, client: ConnectorClient, ana: User, status: int, body: object, problem: str
) -> None:
    await offer(client, ana)
    app.answers = [(status, body)]
    result = await ana.tap("Send")
    assert (result.ok, len(result.replies)) == (False, 1)
    assert problem in result.problems[0]
    assert ana.messages()[0].buttons == ["Send", "Not now"]


async def test_nobody_presses_what_they_do_not_see(teams: Teams, app: App, client: ConnectorClient, ana: User) -> None:
    await offer(client, ana)
    card, ben = ana.messages()[0], teams.team.user("ben")
    with pytest.raises(NotOnScreen, match="ben does not see that"):
        await ben.press(card, "Send")
    with pytest.raises(NotOnScreen, match="there are \\['Send', 'Not now'\\]"):
        await ana.press(card, "Cancel")
    with pytest.raises(NotOnScreen, match="has no 'Leader'"):
        await ana.press(card, "Send", {"role": "Leader"})
    with pytest.raises(NotOnScreen, match="no one field is called 'day'"):
        await ana.press(card, "Send", {"day": "x"})
    with pytest.raises(HeldBack, match="takes 20 characters"):
        await ana.press(card, "Send", {"note": "x" * 21})
    assert app.heard == []


async def test_the_client_itself_holds_back_what_is_required(app: App, client: ConnectorClient, ana: User) -> None:
    body = [
        {"type": "Input.Text", "id": "a", "label": "A", "isRequired": True, "errorMessage": "A word, please."},
        {"type": "Input.Date", "id": "d", "label": "Day", "min": "2026-09-01", "value": "2026-09-22"},
        {"type": "Input.Number", "id": "n", "label": "Minutes", "max": 90},
    ]
    send = {"type": "Action.Execute", "title": "Send", "verb": "v"}
    await offer(client, ana, {**DONE, "body": body, "actions": [send]})
    with pytest.raises(HeldBack, match=r"A word, please\."):
        await ana.submit()
    with pytest.raises(HeldBack, match="'Day' does not take '2026-08-01'"):
        await ana.submit(values={"a": "x", "Day": "2026-08-01"})
    with pytest.raises(HeldBack, match="'Minutes' does not take '100'"):
        await ana.submit(values={"Day": "2026-09-02", "n": "100"})
    assert app.heard == []


async def test_what_an_app_escaped_is_read_as_it_was_meant(app: App, client: ConnectorClient, ana: User) -> None:
    told = {"type": "TextBlock", "text": r"2 \* 3 &lt; 7, \_as said\_"}
    await offer(client, ana, {**DONE, "body": [told]})
    assert ana.messages()[0].shown == "2 * 3 < 7, _as said_"


async def test_what_is_under_a_button_is_opened_first(app: App, client: ConnectorClient, ana: User) -> None:
    inner = {
        "type": "AdaptiveCard",
        "body": [{"type": "Input.Text", "id": "why", "label": "Why"}],
        "actions": [{"type": "Action.Execute", "title": "Say so", "verb": "so"}],
    }
    hidden = {"type": "TextBlock", "text": "more", "id": "more", "isVisible": False}
    actions = [
        {"type": "Action.ShowCard", "title": "Another time", "card": inner},
        {"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["more"]},
        {"type": "Action.OpenUrl", "title": "Calendar", "url": "https://lincoln.example/c.ics"},
    ]
    await offer(client, ana, {**OFFER, "body": [*items(OFFER["body"]), hidden], "actions": actions})
    with pytest.raises(NotOnScreen):
        await ana.tap("Say so")
    await ana.tap("Another time")
    await ana.tap("Say so", {"why": "late", "role": "Station"})
    data = obj(obj(obj(app.heard[0]["value"])["action"])["data"])
    assert (data["why"], data["role"]) == ("late", "station")
    assert "more" not in ana.messages()[0].shown
    await ana.tap("More")
    assert "more" in ana.messages()[0].shown
    assert (await ana.tap("Calendar")).url == "https://lincoln.example/c.ics"


async def test_in_a_chat_of_several_a_press_changes_one_screen(
    teams: Teams, app: App, client: ConnectorClient, ana: User
) -> None:
    ben = teams.team.user("ben")
    chat = teams.team.chat("planning", ana, ben)
    await client.conversations.send_to_conversation(chat.id, shown(OFFER))
    app.answers = [(200, answered(CARD, DONE))]
    message = ana.messages(chat)[0]
    await ana.press(message, "Send", {"note": "mine"})
    await ben.press(message, "Send")
    assert obj(obj(obj(app.heard[1]["value"])["action"])["data"])["note"] == ""
    assert (message.shown_to(ana.id), message.shown_to(ben.id).splitlines()[0]) == ("Booked.", "Tuesday, 10:15")
    await client.conversations.update_activity(chat.id, message.id, shown(DONE))
    assert message.shown_to(ben.id) == "Booked."


async def test_a_card_may_ask_to_be_fetched_anew(app: App, client: ConnectorClient, ana: User) -> None:
    again = {"action": {"type": "Action.Execute", "verb": "again", "data": {"v": 1}}, "userIds": [ana.id]}
    await offer(client, ana, {**OFFER, "refresh": again})
    await offer(client, ana)
    app.answers = [(200, answered(CARD, DONE))]
    first, second = ana.messages()
    assert (await ana.look(first)).ok
    heard = obj(app.heard[0]["value"])
    assert (heard["trigger"], obj(heard["action"])["data"]) == ("automatic", {"v": 1})
    assert first.shown == "Booked."
    assert (await ana.look(second)).replies == []


async def test_tells_of_installing_joining_editing_and_the_rest(
    teams: Teams, app: App, client: ConnectorClient, ana: User
) -> None:
    await ana.install()
    said = (await ana.say("helo")).said
    assert said
    await ana.edit(said, "hello")
    await ana.delete(said)
    await ana.undelete(said)
    await offer(client, ana)
    await ana.react(ana.messages()[-1])
    await ana.type()
    await ana.event({"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {}})
    await ana.event({"type": "dance"})
    thread, ben = teams.team.channel("maths", ana), teams.team.user("ben")
    await teams.team.join(thread, ben)
    await teams.team.leave(thread, ben)
    await ana.uninstall()
    heard = [(one["type"], obj(one["channelData"]).get("eventType") or one.get("action")) for one in app.heard]
    assert heard == [
        ("conversationUpdate", None),
        ("installationUpdate", "add"),
        ("message", None),
        ("messageUpdate", "editMessage"),
        ("messageDelete", "softDeleteMessage"),
        ("messageUpdate", "undeleteMessage"),
        ("messageReaction", None),
        ("typing", None),
        ("event", None),
        ("dance", None),
        ("conversationUpdate", "teamMemberAdded"),
        ("conversationUpdate", "teamMemberRemoved"),
        ("installationUpdate", "remove"),
    ]
    assert app.heard[0]["membersAdded"] == [{"id": teams.state.bot}]
    assert app.heard[3]["text"] == "hello"
    assert app.heard[6]["reactionsAdded"] == [{"type": "like"}]
    assert app.heard[10]["membersAdded"] == [{"id": ben.id, "aadObjectId": ben.aad}]


# ── Delivering ──


async def test_delivers_again_what_was_not_taken(teams: Teams, app: App, ana: User) -> None:
    app.answers = [(500, None), (429, None), (200, None)]
    result = await ana.say("hello")
    assert (result.statuses, [one.retry for one in result.replies]) == ([500, 429, 200], [0, 1, 2])
    assert [one["id"] for one in app.heard] == [app.heard[0]["id"]] * 3
    app.answers = [(500, None)] * 9
    assert (await ana.say("again")).statuses == [500] * 4
    app.answers = [(403, None)]
    assert (await ana.say("no")).statuses == [403]


async def test_delivers_again_what_nobody_answered_in_time(teams: Teams, app: App, ana: User) -> None:
    teams.courier.factor, app.pause = 0.01, 0.5
    teams.courier.retry_delays = (0.0,)
    result = await ana.say("hello")
    assert [one.failed for one in result.replies] == ["timeout", "timeout"]


async def test_delivers_copies_at_once(app: App, ana: User) -> None:
    result = await ana.say("hello", how=Delivery(copies=20, times=2))
    assert result.statuses == [200] * 40
    assert len({str(one) for one in app.heard}) == 1


@pytest.mark.parametrize(
    ("how", "holds"),
    [
        (Delivery(wrong="alg none"), lambda app: app.tokens[0].endswith(".")),
        (Delivery(fields={"serviceUrl": "https://elsewhere.example/"}), lambda app: "elsewhere" in str(app.heard[0])),
        (
            Delivery(fields={"channelData.tenant.id": "other", "conversation.tenantId": None}),
            lambda app: (
                (obj(app.heard[0]["channelData"])["tenant"], "tenantId" in obj(app.heard[0]["conversation"]))
                == ({"id": "other"}, False)
            ),
        ),
        (Delivery(fields={"channelData": None}), lambda app: "channelData" not in app.heard[0]),
        (Delivery(raw='{"type": "message"}'), lambda app: app.heard == [{"type": "message"}]),
        (Delivery(headers={"Authorization": "Basic x"}), lambda app: app.tokens == ["Basic x"]),
        (ONCE, lambda app: app.tokens[0].startswith("Bearer ey")),
    ],
)
async def test_a_forger_is_played_too(app: App, ana: User, how: Delivery, holds: Callable[[App], bool]) -> None:
    await ana.say("hello", how=how)
    assert holds(app)


async def test_somebody_has_to_listen(ana: User) -> None:
    with pytest.raises(NotConnected):
        await ana.say("hello")


async def test_a_page_shows_what_each_of_them_sees(teams: Teams, app: App, client: ConnectorClient, ana: User) -> None:
    await ana.say("<script>alert(1)</script>")
    await asyncio.gather(offer(client, ana), offer(client, teams.team.user("ben")))
    async with aiohttp.ClientSession() as session, session.get(teams.url) as answer:
        everybody = await answer.text()
    async with aiohttp.ClientSession() as session, session.get(f"{teams.url}/people/ben") as answer:
        alone = await answer.text()
    assert "&lt;script&gt;" in everybody
    assert "<script>" not in everybody
    assert everybody.count("<button>Send</button>") == 2
    assert (alone.count("<h2>"), alone.count("<option selected>Extra eyes</option>")) == (1, 1)
