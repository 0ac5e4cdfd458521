"""A Teams in another process: steered over its panel; and the stock botbuilder, which lives in it unchanged."""

from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import cast

import pytest
from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import (  # noqa: TID251 - the stock adapter is what the fake is held against
    CloudAdapter,
    ConfigurationBotFrameworkAuthentication,
)

from tests.fakes.slack.shapes import Json, items, obj
from tests.fakes.teams import NotDone, Remote, Teams, User, running
from tests.fakes.test_teams.app import DONE, App, answered, card
from tests.fakes.test_teams.test_connector import post


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Remote]:
    with running("--tls", "--no-pace") as remote:
        yield remote


class Echo(ActivityHandler):  # type: ignore[misc]
    """The bot of every tutorial."""

    async def on_message_activity(self, turn: TurnContext) -> None:
        await turn.send_activity(f"You said: {turn.activity.text}")


@pytest.fixture
async def stock(elsewhere: Remote, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Remote]:
    """The stock adapter with an echo behind it, connected to the Teams in the other process."""
    stands = await elsewhere.do("health")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stands["ca_file"]))
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(SimpleNamespace(**obj(stands["stock"]))))

    async def messages(request: web.Request) -> web.StreamResponse:
        found = await adapter.process(request, Echo())
        return found if isinstance(found, web.StreamResponse) else web.Response()

    server = web.Application()
    server.router.add_post("/api/messages", messages)
    runner = web.AppRunner(server, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await elsewhere.do("connect", url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
    yield elsewhere
    await runner.cleanup()


async def test_the_stock_botbuilder_lives_here(stock: Remote) -> None:
    await stock.do("user", name="ana")
    result = await stock.do("say", user="ana", text="hello")
    assert result["ok"], result
    found = cast("list[Json]", (await stock.do("messages", user="ana"))["messages"])
    assert [(one["text"], one["from_bot"]) for one in found] == [("hello", False), ("You said: hello", True)]
    calls = obj((await stock.do("counts"))["calls"])
    asked = ("login.openid", "login.keys", "login.tenant", "login.token", "activities.reply")
    assert all(calls.get(name) for name in asked), calls


async def test_the_stock_botbuilder_trusts_too_much(stock: Remote) -> None:
    await stock.do("user", name="ben")
    for wrong, answers in (("no expiry", 201), ("long expired", 500), ("other audience", 401)):
        result = await stock.do("say", user="ben", text="hello", how={"wrong": wrong, "retries": False})
        assert result["statuses"] == [answers], wrong


async def test_says_what_cannot_be_done(elsewhere: Remote) -> None:
    for verb, arguments, why in (
        ("dance", {}, "there are .*workspace"),
        ("say", {"user": "nobody", "text": "x"}, "nobody called nobody"),
        ("token", {"how": {"often": 3}}, "there is no \\['often'\\]"),
        ("token", {"how": {"wrong": "odd"}}, "no wrong token 'odd'"),
        ("fault", {"kind": "earthquake"}, "Invalid enum value 'earthquake'"),
    ):
        with pytest.raises(NotDone, match=why):
            await elsewhere.do(verb, **cast("Json", arguments))


async def test_people_can_be_steered_from_elsewhere(teams: Teams, app: App, ana: User) -> None:
    panel = Remote(teams.url)
    assert obj((await panel.do("health"))["settings"]) == teams.settings
    assert (await panel.do("say", user="ana", text="hello", how={"times": 2}))["statuses"] == [200, 200]
    assert (await panel.do("redeliver"))["statuses"] == [200, 200, 200]
    await panel.do("install", user="ana")
    place = await panel.do("place", name="maths", kind="channel", people=["ana"])
    await panel.do("say", user="ana", text="@Beside hello", where="maths")
    assert obj(app.heard[-1]["conversation"])["id"] == place["id"]
    button: Json = {"type": "Action.Execute", "title": "Go", "verb": "go"}
    await post(teams, f"/{ana.channel.id}/activities", card({**DONE, "actions": [button]}))
    app.answers = [(200, answered("application/vnd.microsoft.card.adaptive", DONE))]
    assert (await panel.do("press", user="ana", button="Go"))["ok"]
    found = cast("list[Json]", (await panel.do("messages", user="ana"))["messages"])
    assert (found[-1]["shown"], found[-1]["edits"]) == ("Booked.", 1)
    await panel.do("reopen", user="ana")
    assert cast("list[Json]", (await panel.do("messages", user="ana"))["messages"])[-1]["buttons"] == ["Go"]
    await panel.do("react", user="ana", id=found[-1]["id"])
    assert (await panel.do("look", user="ana", id=found[-1]["id"]))["statuses"] == []
    await panel.do("command", user="ana", command="/coteach", text="@ben")
    assert app.heard[-1]["text"] == "/coteach @ben"
    await panel.do("user", name="ben")
    await panel.do("join", user="ben", where="maths")
    await panel.do("join", user="ben", where="maths", leave=True)
    assert "membersRemoved" in app.heard[-1]
    await panel.do("typing", user="ana")
    await panel.do("edit", user="ana", id=found[0]["id"], text="hello again")
    await panel.do("delete", user="ana", id=found[0]["id"])
    await panel.do("event", user="ana", activity={"type": "dance"})
    await panel.do("change", user="ana", news={"tz": "Europe/Berlin"})
    await panel.do("block", user="ana")
    await panel.do("uninstall", user="ana")
    assert (ana.profile.tz, ana.profile.blocked, ana.profile.installed) == ("Europe/Berlin", True, False)
    assert [one["type"] for one in app.heard[-5:]] == [
        "typing",
        "messageUpdate",
        "messageDelete",
        "dance",
        "installationUpdate",
    ]


async def test_the_cloud_can_be_steered_from_elsewhere(teams: Teams, ana: User) -> None:
    panel = Remote(teams.url)
    kid = (await panel.do("rotate", keep_old=False))["kid"]
    assert teams.mint.key.kid == kid
    known = items((await panel.do("token"))["known"])
    assert "alg none" in known
    assert str((await panel.do("token", how={"wrong": "a.b.c"}))["header"]) == "Bearer a.b.c"
    await panel.do("fault", kind="500", method="login.*", times=None)
    await panel.do("heal")
    await panel.do("revoke")
    stands = await panel.do("settings", pace=False, latency=0.3, factor=0.5, retry_delays=[0], advance=60, lives=60)
    assert (stands["pace"], stands["latency"], stands["ahead"], teams.courier.retry_delays) == (False, 0.3, 60, (0.0,))
    assert (await panel.do("calls", method="login.token"))["calls"] == []
    workspace = await panel.do("workspace", name="Garfield", enabled=False)
    assert str(workspace["service_url"]).endswith(f"/amer/{workspace['id']}/")
    assert (await panel.do("ephemerals", user="ana"))["messages"] == []
