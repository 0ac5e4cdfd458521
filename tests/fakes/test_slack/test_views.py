"""Forms and home tabs, opened once with a trigger, filled in, stacked, put away; and who comes and goes."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import HeldBack, NotOnScreen, Profile, Slack, User
from tests.fakes.slack.shapes import Json, obj
from tests.fakes.test_slack.app import CARD, FORM, SEND, App


class Desk:
    """An app with one command that opens a form, and a client to do more with the trigger."""

    def __init__(self, app: App, client: AsyncWebClient) -> None:
        self.app = app
        self.client = client
        app.listens("command", "/form")

    async def trigger(self, user: User) -> str:
        await user.command("/form")
        return str(self.app.heard[-1]["trigger_id"])

    async def open(self, user: User, **more: object) -> str:
        """A form on this person's screen; returns its id."""
        answer = await self.client.views_open(trigger_id=await self.trigger(user), view={**FORM, **more})
        return str(answer["view"]["id"])


@pytest.fixture
def desk(app: App, client: AsyncWebClient) -> Desk:
    return Desk(app, client)


async def refusal(call: Awaitable[object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_trigger_opens_one_form_within_three_seconds(slack: Slack, desk: Desk, ana: User) -> None:
    trigger = await desk.trigger(ana)
    opened = await desk.client.views_open(trigger_id=trigger, view=FORM)
    view = ana.view()
    assert view
    assert (view.id, view.title, view.fields) == (opened["view"]["id"], "A slot", ["day"])
    assert await refusal(desk.client.views_open(trigger_id=trigger, view=FORM)) == "exchanged_trigger_id"
    late = await desk.trigger(ana)
    slack.advance(3.1)
    assert await refusal(desk.client.views_open(trigger_id=late, view=FORM)) == "expired_trigger_id"
    assert await refusal(desk.client.views_open(trigger_id="1.2.3", view=FORM)) == "invalid_trigger_id"


async def test_a_form_slack_would_refuse_says_where_and_keeps_the_trigger(desk: Desk, ana: User) -> None:
    trigger = await desk.trigger(ana)
    with pytest.raises(SlackApiError) as caught:
        await desk.client.views_open(trigger_id=trigger, view={**FORM, "callback_id": "x" * 256})
    response = caught.value.response
    assert (response["error"], response["response_metadata"]["messages"]) == (
        "invalid_arguments", ["[ERROR] must be less than 256 characters [json-pointer:/view/callback_id]"]
    )  # fmt: skip
    await desk.client.views_open(trigger_id=trigger, view=FORM)


async def test_a_form_is_sent_with_everything_in_it_and_closes(desk: Desk, ana: User) -> None:
    desk.app.listens("view", "slot")
    await desk.open(ana)
    with pytest.raises(HeldBack, match="'Day' is required"):
        await ana.submit()
    result = await ana.submit(ana.view(), {"Day": "2026-09-22"})
    assert result.ok
    sent = desk.app.heard[-1]
    view = obj(sent["view"])
    assert obj(view["state"])["values"] == {"day": {"value": {"type": "datepicker", "selected_date": "2026-09-22"}}}
    assert (sent["type"], view["private_metadata"], view["callback_id"]) == ("view_submission", "thread:1", "slot")
    assert view["hash"]
    assert ana.view() is None


async def test_field_errors_keep_the_form_open_with_what_was_typed(desk: Desk, ana: User) -> None:
    desk.app.listens("view", "slot", {"response_action": "errors", "errors": {"day": "That day is over."}})
    await desk.open(ana)
    result = await ana.submit(ana.view(), {"day": "2020-01-01"})
    assert (result.ok, result.errors) == (True, {"day": "That day is over."})
    view = ana.view()
    assert view
    assert view.draft == {("day", "value"): {"type": "datepicker", "selected_date": "2020-01-01"}}


ANSWERS: list[tuple[str, Json, str]] = [
    ("unknown field", {"response_action": "errors", "errors": {"night": "x"}}, "the form has the inputs ['day']"),
    ("empty error", {"response_action": "errors", "errors": {"day": ""}}, "errors for ['day']"),
    ("unknown action", {"response_action": "dance"}, "no response_action 'dance'"),
    ("bad view", {"response_action": "update", "view": {"type": "modal"}}, "missing required text object"),
]


@pytest.mark.parametrize(("answer", "problem"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS])
async def test_an_answer_slack_cannot_use_is_a_problem(desk: Desk, ana: User, answer: Json, problem: str) -> None:
    desk.app.listens("view", "slot", answer)
    await desk.open(ana)
    result = await ana.submit(ana.view(), {"day": "2026-09-22"})
    assert not result.ok
    assert problem in result.problems[0]
    assert ana.view()


async def test_forms_are_changed_stacked_and_cleared_by_the_answer(desk: Desk, ana: User) -> None:
    answers: list[Json] = [
        {"response_action": "push", "view": {**FORM, "title": {"type": "plain_text", "text": "Two"}}},
        {"response_action": "update", "view": {**FORM, "title": {"type": "plain_text", "text": "Two, again"}}},
        {"response_action": "clear"},
    ]

    @desk.app.bolt.view("slot")
    async def sent(ack: Callable[..., Awaitable[None]]) -> None:
        await ack(**answers.pop(0))

    await desk.open(ana)
    first = ana.view()
    titles = []
    for _ in range(3):
        await ana.submit(ana.view(), {"day": "2026-09-22"})
        view = ana.view()
        titles.append(view.title if view else "")
    assert titles == ["Two", "Two, again", ""]
    assert first
    with pytest.raises(NotOnScreen):
        await ana.submit(first)


async def test_a_form_is_updated_by_id_unless_it_has_changed_meanwhile(desk: Desk, ana: User) -> None:
    opened = await desk.open(ana)
    view = ana.view()
    assert view
    old = view.hash
    new = {**FORM, "title": {"type": "plain_text", "text": "Newer"}}
    await desk.client.views_update(view_id=opened, view=new, hash=old)
    assert view.title == "Newer"
    assert await refusal(desk.client.views_update(view_id=opened, view=new, hash=old)) == "hash_conflict"
    assert await refusal(desk.client.views_update(view_id="V404", view=new)) == "not_found"


async def test_three_forms_lie_on_each_other_and_no_more(desk: Desk, ana: User) -> None:
    more = {**FORM, "blocks": [{"type": "actions", "elements": [{**SEND, "action_id": "more"}]}]}
    desk.app.listens("action", "more")
    await desk.open(ana, blocks=more["blocks"])
    for _ in range(2):
        view = ana.view()
        assert view
        await ana.press(view, "more")
        pressed = desk.app.heard[-1]
        assert obj(pressed["view"])["id"] == view.id
        await desk.client.views_push(trigger_id=str(pressed["trigger_id"]), view=more)
    top = ana.view()
    assert top
    await ana.press(top, "more")
    last = str(desk.app.heard[-1]["trigger_id"])
    assert await refusal(desk.client.views_push(trigger_id=last, view=more)) == "push_limit_reached"


async def test_a_form_put_away_tells_the_app_that_asked(desk: Desk, ana: User) -> None:
    desk.app.listens("view_closed", "slot")
    await desk.open(ana)
    result = await ana.close()
    assert result
    assert (result.ok, desk.app.heard[-1]["type"], ana.view()) == (True, "view_closed", None)
    await desk.open(ana, notify_on_close=False)
    assert await ana.close() is None


async def test_a_home_tab_is_published_and_opened(desk: Desk, ana: User) -> None:
    desk.app.listens("event", "app_home_opened")
    await desk.client.views_publish(user_id=ana.id, view={"type": "home", "blocks": CARD})
    home = ana.home()
    assert home
    assert home.buttons == ["Send"]
    assert (await ana.open_home("home")).ok
    event = obj(desk.app.heard[-1]["event"])
    assert (event["tab"], obj(event["view"])["id"], event["channel"]) == ("home", home.id, ana.channel.id)
    assert await refusal(desk.client.views_publish(user_id=ana.id, view=FORM)) == "invalid_arguments"


async def test_people_come_and_change_and_the_app_is_told(slack: Slack, app: App) -> None:
    for name in ("team_join", "user_change"):
        app.listens("event", name)
    guest, result = await slack.team.join("dora", Profile("", "", "Dora Guest", is_restricted=True))
    assert result.ok
    assert (await guest.change(tz="Europe/Berlin", deleted=True)).ok
    joined, left = (obj(obj(heard["event"])["user"]) for heard in app.heard)
    assert (joined["is_restricted"], joined["deleted"]) == (True, False)
    assert (left["tz"], left["deleted"]) == ("Europe/Berlin", True)


async def test_an_app_taken_out_is_told_and_its_token_is_dead(slack: Slack, app: App, client: AsyncWebClient) -> None:
    for name in ("app_uninstalled", "tokens_revoked"):
        app.listens("event", name)
    results = await slack.team.uninstall()
    assert [one.ok for one in results] == [True, True]
    assert [obj(heard["event"])["type"] for heard in app.heard] == ["app_uninstalled", "tokens_revoked"]
    assert await refusal(client.auth_test()) == "account_inactive"
    slack.team.install()
    await client.auth_test()
    await slack.team.revoke()
    assert await refusal(client.auth_test()) == "token_revoked"


async def test_what_is_changed_or_taken_back_is_told(slack: Slack, app: App, ana: User) -> None:
    app.listens("event", "message")
    for subtype in ("message_changed", "message_deleted"):
        app.listens("event", subtype)
    said = (await ana.say("frist")).said
    assert said
    await ana.edit(said, "first")
    await ana.delete(said)
    events = [obj(heard["event"]) for heard in app.heard]
    assert [event.get("subtype") for event in events] == [None, "message_changed", "message_deleted"]
    assert (obj(events[1]["message"])["text"], obj(events[1]["previous_message"])["text"]) == ("first", "frist")
    assert ana.messages() == []


async def test_an_app_hears_itself_unless_told_otherwise(
    slack: Slack, app: App, client: AsyncWebClient, ana: User
) -> None:
    slack.echo = True
    posted = await client.chat_postMessage(channel=ana.id, text="hello")
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="hello again")
    await asyncio.wait_for(slack.quiet(), 60)
    told = [obj(obj(json.loads(body))["event"]) for _, body in app.door]
    assert [event.get("subtype") for event in told] == [None, "message_changed"]
    assert (told[0]["bot_id"], told[0]["user"]) == (slack.team.team.bot_id, slack.team.team.bot_user)
