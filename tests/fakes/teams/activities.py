"""What Teams sends to an app: activities in the shapes of its own clients."""

import html
import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from tests.fakes.slack.shapes import Json
from tests.fakes.teams.screen import Action
from tests.fakes.teams.state import Conversation, Message, Profile, State, Tenant

_AT: Final = re.compile(r"@(\w[\w.-]*\w|\w)")
BOT_NAME: Final = "Beside"


def frame(state: State, tenant: Tenant, who: Profile, where: Conversation, url: str, kind: str) -> Json:
    """What every activity of a person has."""
    now = datetime.fromtimestamp(state.now(), UTC)
    local = now.astimezone(ZoneInfo(who.tz)) if who.tz else now
    country = who.locale.rpartition("-")[2].upper()
    client: Json = {"locale": who.locale, "country": country, "platform": "Web", "type": "clientInfo"}
    if who.tz:
        client["timezone"] = who.tz
    conversation: Json = {"conversationType": where.kind, "tenantId": tenant.id, "id": where.id}
    channel: Json = {"tenant": {"id": who.home_tenant or tenant.id}}
    if where.kind != "personal":
        conversation["isGroup"] = True
    if where.kind == "groupChat" and where.name:
        conversation["name"] = where.name
    if where.kind == "channel":
        bare = where.id.partition(";")[0]
        channel |= {
            "teamsChannelId": bare,
            "teamsTeamId": where.team,
            "channel": {"id": bare},
            "team": {"id": where.team},
        }
    found: Json = {
        "type": kind,
        "id": state.stamp(),
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond:06}0Z",
        "localTimestamp": local.isoformat(timespec="milliseconds"),
        "channelId": "msteams",
        "serviceUrl": url,
        "from": {"id": who.id, "name": who.real_name, "aadObjectId": who.aad},
        "conversation": conversation,
        "recipient": {"id": state.bot, "name": BOT_NAME},
        "entities": [client],
        "channelData": channel,
        "locale": who.locale,
    }
    return {**found, "localTimezone": who.tz} if who.tz else found


def marked(state: State, tenant: Tenant, where: Conversation, typed: str) -> tuple[str, str, list[Json]]:
    """What a person typed, as text with names in tags, as HTML, and the mentions in it.

    In a chat with the app only the app can be named; in others whoever is in it.
    """
    known = {BOT_NAME.lower(): (state.bot, BOT_NAME)}
    if where.kind != "personal":
        people = (tenant.profiles[one] for one in where.members if one in tenant.profiles)
        known |= {one.name.lower(): (one.id, one.real_name) for one in people}
    said, rich, mentions, end = "", "", list[Json](), 0
    for found in _AT.finditer(typed):
        if found[1].lower() not in known:
            continue
        who, name = known[found[1].lower()]
        tag = f"<at>{name}</at>"
        span = f'<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="{len(mentions)}">{name}</span>'
        before = typed[end : found.start()]
        said, rich, end = f"{said}{before}{tag}", f"{rich}{html.escape(before)}{span}", found.end()
        mentions.append({"mentioned": {"id": who, "name": name}, "text": tag, "type": "mention"})
    return said + typed[end:], f"<p>{rich}{html.escape(typed[end:])}</p>", mentions


def message(state: State, tenant: Tenant, who: Profile, where: Conversation, url: str, typed: str) -> Json:
    """A message as typed. Its HTML comes along as an attachment, as the clients send it."""
    said, rich, mentions = marked(state, tenant, where, typed)
    found = frame(state, tenant, who, where, url, "message")
    client = found["entities"]
    entities = [*mentions, *(client if isinstance(client, list) else [])]
    attachments = [{"contentType": "text/html", "content": rich}]
    return {**found, "text": said, "textFormat": "plain", "attachments": attachments, "entities": entities}


def shared(message: Json, url: str, name: str) -> Json:
    """That message with a file from the person's own drive, or with a picture that was pasted into it."""
    where = f"{url}/drive/{name or 'pasted'}"
    picture: Json = {"contentType": "image/*", "contentUrl": where}
    file: Json = {
        "contentType": "application/vnd.microsoft.teams.file.download.info", "contentUrl": where, "name": name,
        "content": {"downloadUrl": where, "uniqueId": "1150D938", "fileType": name.rpartition(".")[2]},
    }  # fmt: skip
    rich = message["attachments"]
    along = [file if name else picture, *(rich if isinstance(rich, list) else [])]
    without = set() if message["text"] else {"text", "textFormat"}
    return {**{key: value for key, value in message.items() if key not in without}, "attachments": along}


def execute(frame: Json, state: State, message: Message, action: Action, values: Json, trigger: str = "manual") -> Json:
    """A press of Action.Execute: an invoke, with every input merged into the action's data."""
    data = action.action.get("data")
    sent: Json = {
        "type": "Action.Execute",
        "title": action.label,
        "verb": action.action.get("verb"),
        "data": {**(data if isinstance(data, dict) else {}), **values},
    }
    if action.id:
        sent["id"] = action.id
    channel = frame["channelData"]
    source: Json = {"source": {"name": "message"}, "legacy": {"replyToId": message.id}}
    return {
        **frame,
        "id": state.make_id("f:"),
        "name": "adaptiveCard/action",
        "replyToId": message.id,
        "channelData": {**(channel if isinstance(channel, dict) else {}), **source},
        "value": {"action": sent, "trigger": trigger},
    }


def submit(frame: Json, message: Message, action: Action, values: Json) -> Json:
    """A press of Action.Submit: a message with a value and no text."""
    data = action.action.get("data")
    value: object = {**(data if isinstance(data, dict) else {}), **values}
    if isinstance(data, str) and not values:
        value = data
    channel = frame["channelData"]
    legacy: Json = {"legacy": {"replyToId": message.id}, "postback": True}
    return {
        **frame,
        "replyToId": message.id,
        "value": value,
        "channelData": {**(channel if isinstance(channel, dict) else {}), **legacy},
    }


def changed(frame: Json, message: Message, kind: str, event: str) -> Json:
    """A message edited, taken back or brought back."""
    channel = frame["channelData"]
    found: Json = {
        **frame,
        "type": kind,
        "id": message.id,
        "channelData": {**(channel if isinstance(channel, dict) else {}), "eventType": event},
    }
    if kind == "messageUpdate":
        found |= {name: message.activity[name] for name in ("text", "textFormat", "attachments", "entities")}
    return found
