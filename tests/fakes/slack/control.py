"""The control panel: everything a test may do or look at, as JSON over HTTP, for a test in another process."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Final, TypeVar, cast

import msgspec
from aiohttp import web

from tests.fakes.slack import webapi
from tests.fakes.slack.courier import Delivery, NotConnected, Result
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.people import User, Workspace
from tests.fakes.slack.screen import HeldBack, NotOnScreen, Value
from tests.fakes.slack.shapes import Json, obj, text
from tests.fakes.slack.socket import APP_TOKEN, Reason
from tests.fakes.slack.state import Message, Profile, View
from tests.fakes.slack.views import view_json

if TYPE_CHECKING:
    from tests.fakes.slack.server import Slack


class Asked:
    """One request to the panel."""

    def __init__(self, slack: "Slack", arguments: Json) -> None:
        self.slack = slack
        self.arguments = arguments

    def text(self, name: str, otherwise: str = "") -> str:
        return text(self.arguments.get(name)) or otherwise

    def number(self, name: str, otherwise: float) -> float:
        found = self.arguments.get(name)
        return found if isinstance(found, int | float) else otherwise

    @property
    def user(self) -> User:
        return self.slack.user(self.text("user"))

    @property
    def workspace(self) -> Workspace:
        name = self.text("workspace")
        known = [one for one in self.slack.workspaces.values() if name in {one.id, one.team.name}]
        if name and not known:
            raise NotOnScreen(f"there is no workspace {name}")
        return known[0] if known else self.slack.team

    @property
    def how(self) -> Delivery:
        return _made(Delivery, obj(self.arguments.get("how")))

    @property
    def values(self) -> Mapping[str, Value]:
        return cast("Mapping[str, Value]", obj(self.arguments.get("values")))

    @property
    def message(self) -> Message:
        return self.user.find(self.text("ts"))

    @property
    def where(self) -> Message | View:
        """A message by `ts`, a view by `view`, or the modal on top."""
        if self.text("ts"):
            return self.message
        here = [one for one in (self.user.view(), self.user.home()) if one and self.text("view", one.id) == one.id]
        if not here:
            raise NotOnScreen(f"{self.user.name} has no such view open")
        return here[0]

    @property
    def view(self) -> View:
        where = self.where
        if isinstance(where, Message):
            raise NotOnScreen("that is a message, not a form")
        return where


async def serve(slack: "Slack", verb: str, arguments: Json) -> web.Response:
    """One verb; what cannot be done is 400 with the reason."""
    if verb not in VERBS:
        return web.json_response({"error": f"no {verb}; there are {', '.join(sorted(VERBS))}"}, status=404)
    try:
        found = await VERBS[verb](Asked(slack, arguments))
    except (NotOnScreen, HeldBack, NotConnected, msgspec.ValidationError) as fact:
        return web.json_response({"error": str(fact), "kind": type(fact).__name__}, status=400)
    return web.json_response(found, dumps=lambda value: json.dumps(value, default=str))


def message_json(asked: Asked, message: Message) -> Json:
    """A message as a test wants to read it."""
    team = asked.user.team
    more = {"shown": message.shown, "buttons": message.buttons, "only_for": message.only_for, "edits": message.edits}
    return {**webapi.message_json(team, message), "channel": message.channel, "from_bot": message.from_bot, **more}


def seen_view(asked: Asked, view: View | None) -> Json:
    if view is None:
        return {"view": None}
    more = {"shown": view.shown, "buttons": view.buttons, "fields": view.fields}
    return {"view": {**view_json(asked.user.team, view), **more}}


async def connect(asked: Asked) -> Json:
    asked.slack.connect(asked.text("url"), asked.text("secret"))
    return {"secret": asked.slack.secret}


async def make_workspace(asked: Asked) -> Json:
    workspace = asked.slack.workspace(asked.text("name", "Lincoln"))
    if "scopes" in asked.arguments:
        workspace.team.scopes = set(msgspec.convert(asked.arguments["scopes"], list[str]))
    return {"id": workspace.id, "name": workspace.team.name, "token": workspace.token, "bot": workspace.team.bot_user}


async def make_user(asked: Asked) -> Json:
    user = asked.workspace.user(asked.text("name"), _profile(asked))
    return {**asdict(user.profile), "channel": user.channel.id}


async def join(asked: Asked) -> Json:
    user, result = await asked.workspace.join(asked.text("name"), _profile(asked), how=asked.how)
    return {**result.as_json(), "user": user.id}


async def say(asked: Asked) -> Json:
    return (await asked.user.say(asked.text("text"), thread=asked.text("thread"), how=asked.how)).as_json()


async def command(asked: Asked) -> Json:
    words, channel = asked.text("text"), asked.text("channel")
    return (await asked.user.command(asked.text("command"), words, channel=channel, how=asked.how)).as_json()


async def press(asked: Asked) -> Json:
    return (await asked.user.press(asked.where, asked.text("button"), asked.values, how=asked.how)).as_json()


async def choose(asked: Asked) -> Json:
    value = cast("Value", asked.arguments.get("value"))
    return _perhaps(await asked.user.choose(asked.where, asked.text("field"), value, how=asked.how))


async def submit(asked: Asked) -> Json:
    return (await asked.user.submit(asked.view, asked.values, how=asked.how)).as_json()


async def close(asked: Asked) -> Json:
    return _perhaps(await asked.user.close(asked.view, how=asked.how))


async def edit(asked: Asked) -> Json:
    return (await asked.user.edit(asked.message, asked.text("text"), how=asked.how)).as_json()


async def delete(asked: Asked) -> Json:
    return (await asked.user.delete(asked.message, how=asked.how)).as_json()


async def home(asked: Asked) -> Json:
    return (await asked.user.open_home(asked.text("tab", "messages"), how=asked.how)).as_json()


async def change(asked: Asked) -> Json:
    news = msgspec.convert(obj(asked.arguments.get("news")), dict[str, str | bool])
    return (await asked.user.change(how=asked.how, **news)).as_json()


async def event(asked: Asked) -> Json:
    return (await asked.workspace.event(obj(asked.arguments.get("event")), how=asked.how)).as_json()


async def uninstall(asked: Asked) -> Json:
    return {"results": [one.as_json() for one in await asked.workspace.uninstall(how=asked.how)]}


async def revoke(asked: Asked) -> Json:
    return (await asked.workspace.revoke(how=asked.how)).as_json()


async def install(asked: Asked) -> Json:
    asked.workspace.install()
    return {}


async def agree(asked: Asked) -> Json:
    """Somebody lets the app in, or says `no`, at Slack's page of this address; `to` is where their browser goes."""
    return {"to": asked.workspace.agree(asked.user, asked.text("address"), no=asked.text("no"))}


async def redeliver(asked: Asked) -> Json:
    """Once more the delivery of that place among all that were sent, -1 being the last, as Slack's retry."""
    sent = asked.slack.courier.sent
    place = int(asked.number("place", -1))
    if not -len(sent) <= place < len(sent):
        raise NotOnScreen(f"{len(sent)} were delivered, there is no {place}")
    result = sent[place]
    await asked.slack.courier.again(result, int(asked.number("number", 1)), asked.text("reason", "http_timeout"))
    return result.as_json()


async def messages(asked: Asked) -> Json:
    return {"messages": [message_json(asked, one) for one in asked.user.messages()]}


async def ephemerals(asked: Asked) -> Json:
    return {"messages": [message_json(asked, one) for one in asked.user.ephemerals()]}


async def view(asked: Asked) -> Json:
    return seen_view(asked, asked.user.home() if asked.text("tab") == "home" else asked.user.view())


async def fault(asked: Asked) -> Json:
    return asdict(asked.slack.faults.add(_made(Fault, asked.arguments)))


async def heal(asked: Asked) -> Json:
    asked.slack.heal()
    return {}


async def counts(asked: Asked) -> Json:
    """Calls by method; messages by the key in their metadata; and what the app does that Slack leaves open."""
    found = asked.slack.state
    keys = dict(found.keys(asked.text("name", "key")))
    return {"calls": dict(found.counts), "keys": keys, "complaints": found.complaints}


async def calls(asked: Asked) -> Json:
    method = asked.text("method")
    return {"calls": [asdict(one) for one in asked.slack.state.calls if method in {"", one.method}]}


async def settings(asked: Asked) -> Json:
    """Set `pace`, `echo`, `deadline`, `retry_delays`, or `advance` the clock; answers how they stand."""
    slack, given = asked.slack, asked.arguments
    slack.pace.on = msgspec.convert(given.get("pace", slack.pace.on), bool)
    slack.echo = msgspec.convert(given.get("echo", slack.echo), bool)
    slack.courier.deadline = asked.number("deadline", slack.courier.deadline)
    if "retry_delays" in given:
        slack.courier.retry_delays = tuple(msgspec.convert(given["retry_delays"], list[float]))
    slack.advance(asked.number("advance", 0))
    return {
        "pace": slack.pace.on,
        "echo": slack.echo,
        "deadline": slack.courier.deadline,
        "retry_delays": slack.courier.retry_delays,
        "ahead": slack.state.ahead,
    }


async def line(asked: Asked) -> Json:
    """Deliver over Socket Mode from now on, where `socket_mode` says so; how its lines stand."""
    if asked.arguments.get("socket_mode"):
        asked.slack.socket_mode()
    board = asked.slack.switchboard
    found = {"token": APP_TOKEN, "open": len(board.lines), "opened": board.opened, "most": board.most}
    return {**found, "late": board.late, "complaints": asked.slack.state.complaints}


async def goodbye(asked: Asked) -> Json:
    reason = msgspec.convert(asked.text("reason", "warning"), Reason)
    await asked.slack.switchboard.goodbye(reason, grace=asked.number("grace", 0.5))
    return {}


async def drop(asked: Asked) -> Json:
    asked.slack.switchboard.drop()
    return {}


async def quiet(asked: Asked) -> Json:
    await asked.slack.quiet()
    return {}


async def health(asked: Asked) -> Json:
    return {"url": asked.slack.url, "workspaces": [one.id for one in asked.slack.workspaces.values()]}


VERBS: Final[Mapping[str, Callable[[Asked], Awaitable[Json]]]] = {
    "workspace": make_workspace,
    "user": make_user,
    **{
        do.__name__: do
        for do in (
            connect, join, say, command, press, choose, submit, close, edit, delete, home, change, event, uninstall,
            revoke, install, agree, redeliver, messages, ephemerals, view, fault, heal, counts, calls, settings, quiet,
            health, line, goodbye, drop,
        )
    },
}  # fmt: skip

Shape = TypeVar("Shape", Delivery, Profile, Fault)


def _made(shape: type[Shape], given: Json) -> Shape:
    names = {one.name for one in fields(shape)}
    if wrong := given.keys() - names:
        raise NotOnScreen(f"there is no {sorted(wrong)}; there is {sorted(names)}")
    return msgspec.convert(given, shape)


def _profile(asked: Asked) -> Profile:
    """A person from the arguments: `name`, and whatever else of a profile is given."""
    name = asked.text("name")
    given = {key: value for key, value in asked.arguments.items() if key not in {"workspace", "how"}}
    return _made(Profile, {"id": "", "real_name": name.capitalize(), **given, "name": name})


def _perhaps(result: Result | None) -> Json:
    """Some deeds stay in Slack and reach the app later, or never."""
    return result.as_json() if result else {"kind": "kept", "statuses": [], "problems": [], "ok": True}
