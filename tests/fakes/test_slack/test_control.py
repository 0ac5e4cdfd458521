"""The same Slack as a program of its own, steered and read over its control panel."""

from collections.abc import Iterator
from typing import cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import NotDone, Remote, Slack, running
from tests.fakes.slack.shapes import Json, obj
from tests.fakes.test_slack.app import CARD, FORM, App


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Remote]:
    with running("--quiet", "--no-pace") as remote:
        yield remote


async def test_a_program_of_its_own_can_be_called_and_read(elsewhere: Remote) -> None:
    team = await elsewhere.do("workspace", name="Garfield", scopes=["chat:write", "im:write"])
    cleo = await elsewhere.do("user", workspace="Garfield", name="cleo", tz="Europe/Berlin", is_restricted=True)
    assert (cleo["tz"], cleo["is_restricted"], cleo["real_name"]) == ("Europe/Berlin", True, "Cleo")
    client = AsyncWebClient(str(team["token"]), base_url=elsewhere.api_url, retry_handlers=[])
    key: Json = {"event_type": "beside", "event_payload": {"key": "k"}}
    for _ in range(6):
        await client.chat_postMessage(channel=str(cleo["id"]), text="Tuesday", blocks=CARD, metadata=key)
    found = cast("list[Json]", (await elsewhere.do("messages", user="cleo"))["messages"])
    assert found[0]["shown"] == "Tuesday, 10:15\n( ) Extra eyes\n( ) Station\n[Send]"
    assert [one["buttons"] for one in found] == [["Send"]] * 6
    counts = await elsewhere.do("counts")
    assert (obj(counts["calls"])["chat.postMessage"], counts["keys"]) == (6, {"k": 6})


async def test_a_program_of_its_own_fails_when_asked(elsewhere: Remote) -> None:
    team = await elsewhere.do("workspace")
    client = AsyncWebClient(str(team["token"]), base_url=elsewhere.api_url, retry_handlers=[])
    await elsewhere.do("fault", kind="error", method="auth.test", error="fatal_error", times=None)
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.auth_test()
    await elsewhere.do("heal")
    await client.auth_test()
    made = cast("list[Json]", (await elsewhere.do("calls", method="auth.test"))["calls"])
    assert [(one["error"], one["status"]) for one in made] == [("error", 200), ("", 200)]


async def test_says_what_cannot_be_done(elsewhere: Remote) -> None:
    for verb, arguments, why in (
        ("dance", {}, "there are .*workspace"),
        ("say", {"user": "nobody", "text": "x"}, "nobody called nobody"),
        ("say", {"user": "cleo", "text": "x", "how": {"often": 3}}, "there is no \\['often'\\]"),
        ("fault", {"kind": "earthquake"}, "Invalid enum value 'earthquake'"),
        ("view", {}, "nobody called"),
    ):
        with pytest.raises(NotDone, match=why):
            await elsewhere.do(verb, **cast("Json", arguments))


async def test_people_can_be_steered_from_elsewhere(slack: Slack, app: App) -> None:
    panel = Remote(slack.url)
    app.listens("event", "message")
    app.listens("command", "/coteach", {"text": "Tuesday", "blocks": CARD})
    app.listens("action", "send")
    app.listens("action", "role")
    app.listens("view", "slot")
    await panel.do("user", name="ana")
    assert (await panel.do("say", user="ana", text="hello", how={"times": 2}))["statuses"] == [200, 200]
    assert (await panel.do("say", user="ana", text="hello", how={"forged": True}))["statuses"] == [401]
    shown = await panel.do("command", user="ana", command="/coteach", text="@ana tue 10:15")
    pressed = await panel.do("press", user="ana", ts=shown["shown"], button="Send", values={"role": "St"})
    assert (pressed["ok"], len(cast("list[Json]", pressed["before"]))) == (True, 1)
    assert obj(app.heard[-1])["type"] == "block_actions"
    client = AsyncWebClient(slack.team.token, base_url=slack.api_url)
    await client.views_open(trigger_id=str(app.heard[-1]["trigger_id"]), view=FORM)
    assert obj((await panel.do("view", user="ana"))["view"])["fields"] == ["day"]
    assert (await panel.do("submit", user="ana", values={"day": "2026-09-22"}))["ok"]
    assert (await panel.do("view", user="ana"))["view"] is None
    again = await panel.do("redeliver", number=2)
    assert (again["kind"], again["statuses"]) == ("view_submission", [200, 200])
    stands = await panel.do("settings", pace=False, deadline=0.5, retry_delays=[0], advance=60)
    assert (stands["pace"], stands["ahead"], slack.courier.retry_delays) == (False, 60, (0.0,))
    assert slack.pace.on is False
