"""The control panel: everything a test may do or look at, as JSON over HTTP, for a test in another process."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Final, TypeVar, cast

import msgspec
from aiohttp import web

from tests.fakes.slack.screen import HeldBack, NotOnScreen
from tests.fakes.slack.shapes import Json, obj, text
from tests.fakes.teams.courier import Delivery, NotConnected
from tests.fakes.teams.faults import Fault
from tests.fakes.teams.people import User, Workspace
from tests.fakes.teams.screen import Value
from tests.fakes.teams.state import Conversation, Message, Profile
from tests.fakes.teams.tokens import WRONG

if TYPE_CHECKING:
    from tests.fakes.teams.server import Teams


class Asked:
    """One request to the panel."""

    def __init__(self, teams: "Teams", arguments: Json) -> None:
        self.teams = teams
        self.arguments = arguments

    def text(self, name: str, otherwise: str = "") -> str:
        return text(self.arguments.get(name)) or otherwise

    def number(self, name: str, otherwise: float) -> float:
        found = self.arguments.get(name)
        return found if isinstance(found, int | float) else otherwise

    @property
    def user(self) -> User:
        return self.teams.user(self.text("user"))

    @property
    def workspace(self) -> Workspace:
        name = self.text("workspace")
        known = [one for one in self.teams.workspaces.values() if name in {one.id, one.tenant.name}]
        if name and not known:
            raise NotOnScreen(f"there is no tenant {name}")
        return known[0] if known else self.teams.team

    @property
    def how(self) -> Delivery:
        given = obj(self.arguments.get("how"))
        if text(given.get("wrong")) not in {"", *WRONG}:
            raise NotOnScreen(f"there is no wrong token {given['wrong']!r}; there are {sorted(WRONG)}")
        return _made(Delivery, given)

    @property
    def values(self) -> Mapping[str, Value]:
        return cast("Mapping[str, Value]", obj(self.arguments.get("values")))

    @property
    def message(self) -> Message:
        return self.user.find(self.text("id") or self.text("ts"))

    @property
    def place(self) -> Conversation | None:
        """The conversation by its id or name; None for the one with the app."""
        name = self.text("where")
        known = self.user.tenant.conversations.values()
        found = next((one for one in known if name and name in {one.id, one.name}), None)
        if name and found is None:
            raise NotOnScreen(f"there is no conversation {name}")
        return found


async def serve(teams: "Teams", verb: str, arguments: Json) -> web.Response:
    """One verb; what cannot be done is 400 with the reason."""
    if verb not in VERBS:
        return web.json_response({"error": f"no {verb}; there are {', '.join(sorted(VERBS))}"}, status=404)
    try:
        found = await VERBS[verb](Asked(teams, arguments))
    except (NotOnScreen, HeldBack, NotConnected, msgspec.ValidationError) as fact:
        return web.json_response({"error": str(fact), "kind": type(fact).__name__}, status=400)
    return web.json_response(found, dumps=lambda value: json.dumps(value, default=str))


def message_json(user: User, message: Message) -> Json:
    """A message as a test wants to read it."""
    return {
        "id": message.id,
        "ts": message.id,
        "conversation": message.conversation,
        "text": message.text,
        "shown": message.shown_to(user.id),
        "buttons": message.buttons_of(user.id),
        "fields": message.fields,
        "from_bot": message.from_bot,
        "only_for": message.only_for,
        "edits": message.edits,
        "activity": message.activity,
    }


async def connect(asked: Asked) -> Json:
    asked.teams.connect(asked.text("url"))
    return {"app_id": asked.teams.app_id, "secret": asked.teams.secret}


async def make_workspace(asked: Asked) -> Json:
    workspace = asked.teams.workspace(asked.text("name", "Lincoln"))
    workspace.tenant.enabled = msgspec.convert(asked.arguments.get("enabled", workspace.tenant.enabled), bool)
    return {"id": workspace.id, "name": workspace.tenant.name, "service_url": workspace.service_url}


async def make_user(asked: Asked) -> Json:
    name = asked.text("name")
    given = {key: value for key, value in asked.arguments.items() if key not in {"workspace", "how"}}
    profile = _made(Profile, {"id": "", "real_name": name.capitalize(), **given, "name": name})
    user = asked.workspace.user(name, profile)
    return {**asdict(user.profile), "channel": user.channel.id}


async def make_place(asked: Asked) -> Json:
    """A chat of several, or with `kind` channel a thread in a channel, of the `people` named."""
    names = msgspec.convert(asked.arguments.get("people", []), list[str])
    people = [asked.teams.user(one) for one in names]
    make = asked.workspace.channel if asked.text("kind") == "channel" else asked.workspace.chat
    return {"id": make(asked.text("name"), *people).id}


async def say(asked: Asked) -> Json:
    return (await asked.user.say(asked.text("text"), where=asked.place, how=asked.how)).as_json()


async def command(asked: Asked) -> Json:
    return (await asked.user.command(asked.text("command"), asked.text("text"), how=asked.how)).as_json()


async def look(asked: Asked) -> Json:
    return (await asked.user.look(asked.message, how=asked.how)).as_json()


async def press(asked: Asked) -> Json:
    """In the message `id`, or in the newest that has such a button."""
    user, button = asked.user, asked.text("button")
    if asked.text("id") or asked.text("ts"):
        return (await user.press(asked.message, button, asked.values, how=asked.how)).as_json()
    return (await user.tap(button, asked.values, how=asked.how)).as_json()


async def submit(asked: Asked) -> Json:
    where = asked.message if asked.text("id") or asked.text("ts") else None
    return (await asked.user.submit(where, asked.values, how=asked.how)).as_json()


async def edit(asked: Asked) -> Json:
    return (await asked.user.edit(asked.message, asked.text("text"), how=asked.how)).as_json()


async def delete(asked: Asked) -> Json:
    return (await asked.user.delete(asked.message, how=asked.how)).as_json()


async def react(asked: Asked) -> Json:
    return (await asked.user.react(asked.message, asked.text("kind", "like"), how=asked.how)).as_json()


async def typing(asked: Asked) -> Json:
    return (await asked.user.type(how=asked.how)).as_json()


async def join(asked: Asked) -> Json:
    """Come into a conversation of several, or with `leave` go out of it."""
    name = asked.text("where")
    known = asked.user.tenant.conversations.values()
    places = [one for one in known if one.kind != "personal" and name in {one.id, one.name}]
    if not places:
        raise NotOnScreen(f"there is no conversation {name}")
    leaves = msgspec.convert(asked.arguments.get("leave", False), bool)
    do = asked.workspace.leave if leaves else asked.workspace.join
    return (await do(places[0], asked.user, how=asked.how)).as_json()


async def install(asked: Asked) -> Json:
    return {"results": [one.as_json() for one in await asked.user.install(how=asked.how)]}


async def uninstall(asked: Asked) -> Json:
    return (await asked.user.uninstall(how=asked.how)).as_json()


async def block(asked: Asked) -> Json:
    asked.user.block(blocked=msgspec.convert(asked.arguments.get("blocked", True), bool))
    return {}


async def change(asked: Asked) -> Json:
    await asked.user.change(**msgspec.convert(obj(asked.arguments.get("news")), dict[str, str | bool]))
    return asdict(asked.user.profile)


async def event(asked: Asked) -> Json:
    activity = obj(asked.arguments.get("activity"))
    return (await asked.user.event(activity, where=asked.place, how=asked.how)).as_json()


async def reopen(asked: Asked) -> Json:
    asked.user.reopen()
    return {}


async def redeliver(asked: Asked) -> Json:
    """Once more the delivery of that place among all that were sent, -1 being the last, as Teams' retry."""
    sent = asked.teams.courier.sent
    place = int(asked.number("place", -1))
    if not -len(sent) <= place < len(sent):
        raise NotOnScreen(f"{len(sent)} were delivered, there is no {place}")
    result = sent[place]
    await asked.teams.courier.again(result, int(asked.number("number", 1)))
    return result.as_json()


async def messages(asked: Asked) -> Json:
    user = asked.user
    return {"messages": [message_json(user, one) for one in user.messages(asked.place)]}


async def ephemerals(asked: Asked) -> Json:
    user = asked.user
    return {"messages": [message_json(user, one) for one in user.ephemerals()]}


async def fault(asked: Asked) -> Json:
    return asdict(asked.teams.faults.add(_made(Fault, asked.arguments)))


async def heal(asked: Asked) -> Json:
    asked.teams.heal()
    return {}


async def rotate(asked: Asked) -> Json:
    """A new key signs; `keep_old` says whether the old one stays published."""
    keep = msgspec.convert(asked.arguments.get("keep_old", True), bool)
    return {"kid": asked.teams.mint.rotate(keep_old=keep).kid}


async def token(asked: Asked) -> Json:
    """The Authorization header of a delivery: genuine, or `wrong` in the way of that name; all names in `known`."""
    header = asked.teams.mint.header(asked.text("service_url", asked.workspace.service_url), asked.how.wrong)
    return {"header": header, "known": sorted(WRONG)}


async def revoke(asked: Asked) -> Json:
    """No token the app has is good any more; it gets a new one when it asks."""
    asked.teams.login.revoke()
    return {}


async def counts(asked: Asked) -> Json:
    """Calls by method; messages by place and content; and what the app does that it should not."""
    found = asked.teams.state
    return {"calls": dict(found.counts), "keys": dict(found.keys()), "complaints": found.complaints}


async def calls(asked: Asked) -> Json:
    method = asked.text("method")
    return {"calls": [asdict(one) for one in asked.teams.state.calls if method in {"", one.method}]}


async def settings(asked: Asked) -> Json:
    """Set `pace`, `latency`, `lives`, `multi_tenant`, `factor`, `retry_delays`, `secret`, or `advance` the clock."""
    teams, given = asked.teams, asked.arguments
    login, courier = teams.login, teams.courier
    teams.pace.on = msgspec.convert(given.get("pace", teams.pace.on), bool)
    login.latency = asked.number("latency", login.latency)
    login.lives = int(asked.number("lives", login.lives))
    login.multi_tenant = msgspec.convert(given.get("multi_tenant", login.multi_tenant), bool)
    courier.factor = asked.number("factor", courier.factor)
    teams.state.secret = asked.text("secret", teams.state.secret)
    if "retry_delays" in given:
        courier.retry_delays = tuple(msgspec.convert(given["retry_delays"], list[float]))
    teams.advance(asked.number("advance", 0))
    return {
        "pace": teams.pace.on,
        "latency": login.latency,
        "lives": login.lives,
        "multi_tenant": login.multi_tenant,
        "factor": courier.factor,
        "retry_delays": courier.retry_delays,
        "ahead": teams.state.ahead,
    }


async def health(asked: Asked) -> Json:
    """Where it is, and what an app is given to live in it."""
    teams = asked.teams
    return {
        "url": teams.url,
        "workspaces": [one.id for one in teams.workspaces.values()],
        "settings": teams.settings,
        "stock": vars(teams.stock),
        "ca_file": teams.ca_file,
    }


VERBS: Final[Mapping[str, Callable[[Asked], Awaitable[Json]]]] = {
    "workspace": make_workspace,
    "user": make_user,
    "place": make_place,
    **{
        do.__name__: do
        for do in (
            connect, say, command, look, press, submit, edit, delete, react, typing, join, install, uninstall, block,
            change, event, reopen, redeliver, messages, ephemerals, fault, heal, rotate, token, revoke, counts, calls,
            settings, health,
        )
    },
}  # fmt: skip

Shape = TypeVar("Shape", Delivery, Profile, Fault)


def _made(shape: type[Shape], given: Json) -> Shape:
    names = {one.name for one in fields(shape)}
    if wrong := given.keys() - names:
        raise NotOnScreen(f"there is no {sorted(wrong)}; there is {sorted(names)}")
    return msgspec.convert(given, shape)
