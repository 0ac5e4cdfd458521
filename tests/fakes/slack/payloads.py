"""What Slack sends to an app: events, commands and interactions, byte for byte in its own shapes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.fakes.slack import screen
from tests.fakes.slack.screen import Control
from tests.fakes.slack.shapes import Json
from tests.fakes.slack.state import Channel, Message, Profile, State, Team, View
from tests.fakes.slack.views import view_json
from tests.fakes.slack.webapi import message_json

TOKEN: Final = "verification-is-by-signature"
_MARKS: Final = re.compile(
    r"(?P<url>https?://[^\s<>|]*[\w/=#&%~+-])|@(?P<person>[\w.-]*\w)|(?<!\S)#(?P<channel>[\w-]+)"
)


@dataclass(frozen=True)
class Piece:
    """A piece of what somebody typed: plain words, or what Slack makes of a name or an address."""

    kind: str
    said: str
    id: str = ""


def pieces(team: Team, typed: str) -> Iterator[Piece]:
    """What a person typed, taken apart as Slack does: people and channels it knows, addresses, and the rest."""
    people = {one.name: one.id for one in team.profiles.values()}
    channels = {one.name: one.id for one in team.channels.values() if one.kind == "channel"}
    end = 0
    for found in _MARKS.finditer(typed):
        person, channel, url = found["person"], found["channel"], found["url"]
        if not (url or person in people or person in team.groups or channel in channels):
            continue
        yield Piece("text", typed[end : found.start()])
        end = found.end()
        if url:
            yield Piece("link", url)
        elif person in people:
            yield Piece("user", person, people[person])
        elif person in team.groups:
            yield Piece("usergroup", person, team.groups[person][0])
        else:
            yield Piece("channel", channel, channels[channel])
    yield Piece("text", typed[end:])


def escaped(team: Team, typed: str, *, named: bool) -> str:
    """The `text` of what a person typed; `named` as in commands with should_escape, `<@U123|name>`."""
    found = []
    for piece in pieces(team, typed):
        match piece.kind:
            case "user":
                found.append(f"<@{piece.id}|{piece.said}>" if named else f"<@{piece.id}>")
            case "usergroup":
                found.append(f"<!subteam^{piece.id}|@{piece.said}>" if named else f"<!subteam^{piece.id}>")
            case "channel":
                found.append(f"<#{piece.id}|{piece.said}>")
            case "link":
                found.append(f"<{_entities(piece.said)}>")
            case _:
                found.append(_entities(piece.said))
    return "".join(found)


def typed_blocks(team: Team, typed: str, block_id: str) -> list[object]:
    """The rich text Slack adds to what a person typed."""
    names = {"text": "text", "link": "url", "user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id"}
    parts = [{"type": one.kind, names[one.kind]: one.id or one.said} for one in pieces(team, typed) if one.said]
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def envelope(state: State, team: Team, event: Json) -> Json:
    """An event of the Events API in its envelope, with an id of its own."""
    bot: Json = {
        "enterprise_id": team.enterprise or None,
        "team_id": None if team.wide else team.id,
        "user_id": team.bot_user,
        "is_bot": True,
        "is_enterprise_install": team.wide,
    }
    above: Json = {"enterprise_id": team.enterprise} if team.enterprise else {}
    return {
        "token": TOKEN,
        "team_id": team.id,
        **above,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "api_app_id": team.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": state.make_id("Ev"),
        "event_time": int(state.now()),
        "authorizations": [bot],
        "is_ext_shared_channel": False,
        "event_context": state.make_id("4-"),
    }


def command(team: Team, who: Profile, channel: Channel, name: str, text: str, trigger: str, url: str) -> dict[str, str]:
    """A slash command, as a form."""
    return {
        "token": TOKEN,
        "team_id": team.id,
        "team_domain": team.name.lower(),
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": who.id,
        "user_name": who.name,
        "command": name,
        "text": text,
        "api_app_id": team.app_id,
        "is_enterprise_install": "true" if team.wide else "false",
        "response_url": url,
        "trigger_id": trigger,
        **({"enterprise_id": team.enterprise, "enterprise_name": team.name} if team.enterprise else {}),
    }


def action_on_message(
    state: State, team: Team, who: Profile, message: Message, control: Control, trigger: str, url: str
) -> Json:
    """A press or a choice in a message. Slack does not send an ephemeral message along."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.is_ephemeral,
    }
    found: Json = {
        **_interaction("block_actions", team, who),
        "container": container,
        "trigger_id": trigger,
        "channel": {"id": message.channel, "name": "directmessage"},
        "state": {"values": screen.state_values(message.blocks, message.draft)},
        "response_url": url,
        "actions": [_action(state, control, message.draft)],
    }
    if not message.is_ephemeral:
        found["message"] = message_json(team, message)
    return found


def action_on_view(state: State, team: Team, who: Profile, view: View, control: Control, trigger: str) -> Json:
    """A press or a choice in a modal or a home tab."""
    return {
        **_interaction("block_actions", team, who),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger,
        "view": view_json(team, view),
        "actions": [_action(state, control, view.draft)],
    }


def shortcut(team: Team, who: Profile, callback_id: str, trigger: str) -> Json:
    """A shortcut from the search box or the compose box: it comes from nowhere, and has no address to answer to."""
    return {
        **_interaction("shortcut", team, who), "callback_id": callback_id, "trigger_id": trigger, "action_ts": "1.2",
    }  # fmt: skip


def shortcut_on(
    team: Team, who: Profile, channel: Channel, message: Json, callback_id: str, trigger: str, url: str
) -> Json:
    """A shortcut from the menu of a message, in any conversation that this person sees."""
    return {
        **_interaction("message_action", team, who), "callback_id": callback_id, "trigger_id": trigger,
        "action_ts": "1.2", "message_ts": message["ts"], "message": message, "response_url": url,
        "channel": {"id": channel.id, "name": channel.name},
    }  # fmt: skip


def submission(team: Team, who: Profile, view: View, trigger: str) -> Json:
    """A form sent."""
    return {
        **_interaction("view_submission", team, who),
        "trigger_id": trigger,
        "view": view_json(team, view),
        "response_urls": [],
    }


def closing(team: Team, who: Profile, view: View, *, cleared: bool) -> Json:
    """A form put away, for views that asked to be told."""
    return {**_interaction("view_closed", team, who), "view": view_json(team, view), "is_cleared": cleared}


def _interaction(kind: str, team: Team, who: Profile) -> Json:
    return {
        "type": kind,
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": who.home_team or team.id},
        "api_app_id": team.app_id,
        "token": TOKEN,
        "team": {"id": team.id, "domain": team.name.lower()},
        "enterprise": {"id": team.enterprise, "name": team.name} if team.enterprise else None,
        "is_enterprise_install": team.wide,
    }


def _action(state: State, control: Control, draft: screen.Draft) -> Json:
    found: Json = {"action_id": control.action_id, "block_id": control.block_id, "type": control.kind}
    if control.kind == "button":
        found |= {name: control.element[name] for name in ("text", "value", "style", "url") if name in control.element}
    else:
        found |= draft.get(control.key, {})
    return {**found, "action_ts": state.stamp()}


def _entities(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
