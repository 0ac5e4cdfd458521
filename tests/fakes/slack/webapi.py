"""The Web API: what each method does to the state, and what it answers or refuses."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from tests.fakes.slack import views
from tests.fakes.slack.blocks import MOST_TEXT_IN_ALL, message_problems, text_in_all
from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.shapes import Json, items, obj, text
from tests.fakes.slack.state import Channel, Message, Profile, State, Team

_METADATA_MOST: Final = 8_000
_POSTED_MOST: Final = 40_000
_UPDATED_MOST: Final = 4_000


@dataclass(frozen=True)
class Call:
    """One call by an app that is who it says."""

    state: State
    team: Team
    fields: Json

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else text(value)

    def flag(self, name: str) -> bool:
        return self.fields.get(name) in (True, "1", "true", "True")

    def number(self, name: str, otherwise: int) -> int:
        given = self.text(name)
        if given and not given.isdecimal():
            raise Refused("invalid_arguments", messages=[f"[ERROR] must be a number [json-pointer:/{name}]"])
        return int(given) if given else otherwise

    def json(self, name: str) -> object:
        """A field that is JSON, or JSON in a string, as forms send it."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refused("invalid_blocks_format" if name == "blocks" else "invalid_json") from None

    def channel(self, *, people: bool = False) -> Channel:
        """The conversation meant; `people` allows a person's id to stand for the conversation with them."""
        name = self.text("channel")
        if people and name in self.team.profiles:
            return self.team.direct(name)
        found = self.team.channels.get(name)
        if found is None:
            raise Refused("channel_not_found")
        return found

    def writable(self, *, people: bool = False) -> Channel:
        channel = self.channel(people=people)
        if channel.archived or (channel.kind == "im" and self.team.profiles[channel.user].deleted):
            raise Refused("is_archived")
        if channel.kind == "channel":
            raise Refused("not_in_channel")
        return channel

    def profile(self, name: str) -> Profile:
        found = self.team.profiles.get(self.text(name))
        if found is None:
            raise Refused("user_not_found")
        return found

    def content(self, most: int, *, needed: bool = True) -> tuple[str, list[object]]:
        """The text and blocks of a message, refused as Slack refuses them."""
        words, given = self.text("text"), self.json("blocks")
        if given is not None and not isinstance(given, list):
            raise Refused("invalid_blocks_format")
        blocks = items(given)
        if not words and not blocks and needed:
            raise Refused("no_text")
        if len(words) > most:
            raise Refused("msg_too_long")
        if found := message_problems(words, blocks):
            raise Refused("invalid_blocks", messages=[f"[ERROR] {one}" for one in found])
        if text_in_all(blocks) > MOST_TEXT_IN_ALL:
            raise Refused("msg_blocks_too_long")
        return words, blocks

    def metadata(self) -> Json:
        given = self.json("metadata")
        if given is None:
            return {}
        found = obj(given)
        if not text(found.get("event_type")) or not isinstance(found.get("event_payload"), dict):
            raise Refused("invalid_metadata_format")
        if len(json.dumps(found)) > _METADATA_MOST:
            raise Refused("metadata_too_large")
        return found


def message_json(team: Team, message: Message, *, metadata: bool = True) -> Json:
    """A message as Slack writes it."""
    found: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": team.id}
    if message.from_bot:
        profile = {"id": team.bot_id, "app_id": team.app_id, "name": "Beside", "deleted": False, "team_id": team.id}
        found |= {"bot_id": team.bot_id, "app_id": team.app_id, "bot_profile": profile}
    if message.blocks:
        found["blocks"] = message.blocks
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.edits:
        found["edited"] = {"user": message.user, "ts": message.ts}
    if message.metadata and metadata:
        found["metadata"] = message.metadata
    return found


def profile_json(team: Team, person: Profile, *, email: bool, locale: bool = False) -> Json:
    """A person as Slack writes them."""
    offset = datetime.now(UTC).astimezone(ZoneInfo(person.tz)).utcoffset() if person.tz else None
    names: Json = {"real_name": person.real_name, "display_name": person.name, "team": person.home_team or team.id}
    if email and person.email:
        names["email"] = person.email
    found: Json = {
        "id": person.id, "team_id": person.home_team or team.id, "name": person.name, "deleted": person.deleted,
        "real_name": person.real_name, "tz": person.tz, "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0, "profile": names, "is_admin": False,
        "is_owner": False, "is_primary_owner": False, "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted, "is_bot": person.is_bot, "is_app_user": False, "updated": 1,
    }  # fmt: skip
    if team.enterprise and not person.home_team:
        found["enterprise_user"] = {"id": person.id, "enterprise_id": team.enterprise, "teams": [team.id]}
    if person.home_team and person.home_team != team.id:
        found["is_stranger"] = True
    if not person.tz:
        found = {name: value for name, value in found.items() if not name.startswith("tz")}
    if locale:
        found["locale"] = person.locale
    return found


def auth_test(call: Call) -> Json:
    team = call.team
    return {
        "url": f"https://{team.name.lower()}.slack.com/", "team": team.name, "team_id": team.id, "user": "beside",
        "user_id": team.bot_user, "bot_id": team.bot_id, "is_enterprise_install": team.wide,
        **({"enterprise_id": team.enterprise} if team.enterprise else {}),
    }  # fmt: skip


def users_info(call: Call) -> Json:
    person, email = call.profile("user"), "users:read.email" in call.team.scopes
    return {"user": profile_json(call.team, person, email=email, locale=call.flag("include_locale"))}


def users_list(call: Call) -> Json:
    everybody = sorted(call.team.profiles.values(), key=lambda one: one.id)
    start, limit = call.number("cursor", 0), call.number("limit", 1000) or 1000
    email, locale = "users:read.email" in call.team.scopes, call.flag("include_locale")
    page = [profile_json(call.team, one, email=email, locale=locale) for one in everybody[start : start + limit]]
    rest = str(start + limit) if start + limit < len(everybody) else ""
    return {"members": page, "cache_ts": int(call.state.now()), "response_metadata": {"next_cursor": rest}}


def lookup_by_email(call: Call) -> Json:
    wanted = call.text("email").casefold()
    found = [one for one in call.team.profiles.values() if one.email.casefold() == wanted and not one.deleted]
    if not wanted or not found:
        raise Refused("users_not_found")
    return {"user": profile_json(call.team, found[0], email=True)}


def conversations_members(call: Call) -> Json:
    start, limit, members = call.number("cursor", 0), call.number("limit", 100), call.channel().members
    rest = str(start + limit) if start + limit < len(members) else ""
    return {"members": members[start : start + limit], "response_metadata": {"next_cursor": rest}}


def usergroup_users(call: Call) -> Json:
    found = [members for known, members in call.team.groups.values() if known == call.text("usergroup")]
    if not found:
        raise Refused("no_such_subteam")
    return {"users": found[0]}


def conversations_open(call: Call) -> Json:
    names = [name for name in call.text("users").split(",") if name]
    if len(names) != 1:
        raise Refused("users_list_not_supplied" if not names else "missing_scope")
    person = call.team.profiles.get(names[0])
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    known = f"D{person.id[1:]}" in call.team.channels
    return {"channel": {"id": call.team.direct(person.id).id}, "no_op": known, "already_open": known}


def conversations_history(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "im":
        raise Refused("not_in_channel")
    limit = call.number("limit", 100)
    if not 0 < limit < 1000:
        raise Refused("invalid_limit")
    oldest, latest = _moment(call, "oldest", 0.0), _moment(call, "cursor", _moment(call, "latest", float("inf")))
    inclusive = call.flag("inclusive")
    found = [
        one
        for one in reversed(channel.messages)
        if not (one.gone or one.only_for)
        and one.thread_ts in {"", one.ts}
        and (oldest < float(one.ts) < latest or (inclusive and float(one.ts) in {oldest, latest}))
    ]
    page, metadata = found[:limit], call.flag("include_all_metadata")
    answer: Json = {
        "messages": [message_json(call.team, one, metadata=metadata) for one in page], "has_more": len(found) > limit,
        "pin_count": 0,
    }  # fmt: skip
    if len(found) > limit:
        answer["response_metadata"] = {"next_cursor": page[-1].ts}
    return answer


def _moment(call: Call, name: str, otherwise: float) -> float:
    given = call.text(name)
    try:
        return float(given) if given else otherwise
    except ValueError:
        raise Refused("invalid_cursor" if name == "cursor" else f"invalid_ts_{name}") from None


def post_message(call: Call) -> Json:
    channel = call.writable(people=True)
    words, blocks = call.content(_POSTED_MOST)
    message = Message(
        call.state.stamp(), channel.id, call.team.bot_user, words, blocks, call.metadata(),
        thread_ts=call.text("thread_ts"), from_bot=True,
    )  # fmt: skip
    call.state.post(call.team, channel, message)
    call.state.tell(call.team, {**message_json(call.team, message), **heard(channel, message)})
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.team, message)}


def update(call: Call) -> Json:
    channel, message = _own(call, "cant_update_message")
    words, blocks = call.content(_UPDATED_MOST)
    before = message_json(call.team, message)
    if "blocks" not in call.fields and message.blocks:
        call.state.complaints.append("chat.update without blocks keeps the old ones: send blocks=[] to be rid of them")
        blocks = message.blocks
    message.show(words, blocks, again=f"{message.ts[-6:]}u{message.edits}")
    message.metadata = call.metadata() or message.metadata
    call.state.tell(call.team, changed(call.state, call.team, channel, message, before))
    return {"channel": channel.id, "ts": message.ts, "text": words, "message": message_json(call.team, message)}


def delete(call: Call) -> Json:
    channel, message = _own(call, "cant_delete_message")
    message.gone = True
    call.state.tell(call.team, deleted(call.state, call.team, channel, message))
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    channel = call.writable(people=True)
    if call.profile("user").id != channel.user:
        raise Refused("user_not_in_channel")
    words, blocks = call.content(_POSTED_MOST)
    message = Message(
        call.state.stamp(), channel.id, call.team.bot_user, words, blocks, from_bot=True, only_for=channel.user
    )
    call.state.post(call.team, channel, message)
    return {"message_ts": message.ts}


def _own(call: Call, otherwise: str) -> tuple[Channel, Message]:
    """The app's own ordinary message: ephemeral ones and answers to a response URL are out of its reach."""
    channel = call.writable()
    message = channel.find(call.text("ts"))
    if message is None or message.only_for:
        raise Refused("message_not_found")
    if message.user != call.team.bot_user or message.by_response_url:
        raise Refused(otherwise)
    return channel, message


def heard(channel: Channel, message: Message) -> Json:
    """What a message event has beside the message."""
    return {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}


def changed(state: State, team: Team, channel: Channel, message: Message, before: Json) -> Json:
    """The event of an edit."""
    at = state.stamp()
    return {
        "type": "message", "subtype": "message_changed", "message": message_json(team, message), "hidden": True,
        "previous_message": before, "channel": channel.id, "channel_type": channel.kind, "ts": at, "event_ts": at,
    }  # fmt: skip


def deleted(state: State, team: Team, channel: Channel, message: Message) -> Json:
    """The event of a deletion."""
    at = state.stamp()
    return {
        "type": "message", "subtype": "message_deleted", "previous_message": message_json(team, message),
        "hidden": True, "deleted_ts": message.ts, "channel": channel.id, "channel_type": channel.kind, "ts": at,
        "event_ts": at,
    }  # fmt: skip


def _views(do: Callable[[State, Team, Json], Json], *names: str) -> Callable[[Call], Json]:
    def method(call: Call) -> Json:
        given: Json = {name: call.text(name) for name in names}
        return do(call.state, call.team, {**given, "view": call.json("view")})

    return method


# Each method with the scope it needs.
METHODS: Final[Mapping[str, tuple[Callable[[Call], Json], str]]] = {
    "auth.test": (auth_test, ""),
    "users.info": (users_info, "users:read"),
    "users.list": (users_list, "users:read"),
    "users.lookupByEmail": (lookup_by_email, "users:read.email"),
    "conversations.members": (conversations_members, "channels:read"),
    "usergroups.users.list": (usergroup_users, "usergroups:read"),
    "conversations.open": (conversations_open, "im:write"),
    "conversations.history": (conversations_history, "im:history"),
    "chat.postMessage": (post_message, "chat:write"),
    "chat.update": (update, "chat:write"),
    "chat.delete": (delete, "chat:write"),
    "chat.postEphemeral": (post_ephemeral, "chat:write"),
    "views.open": (_views(views.open_view, "trigger_id"), ""),
    "views.push": (_views(views.push_view, "trigger_id"), ""),
    "views.update": (_views(views.update_view, "view_id", "external_id", "hash"), ""),
    "views.publish": (_views(views.publish_view, "user_id", "hash"), ""),
}


def run(state: State, method: str, token: str, fields: Json) -> Json:
    """One call, from its token to its answer; raises `Refused`."""
    if method not in METHODS:
        raise Refused("unknown_method", req_method=method)
    if not token:
        raise Refused("not_authed")
    if token.startswith("xapp-"):
        raise Refused("not_allowed_token_type")
    team = next((one for one in state.teams.values() if one.token == token), None)
    if team is None:
        raise Refused("invalid_auth")
    if team.status != "installed":
        raise Refused("account_inactive" if team.status == "uninstalled" else "token_revoked")
    do, scope = METHODS[method]
    if scope and scope not in team.scopes:
        raise Refused("missing_scope", needed=scope, provided=",".join(sorted(team.scopes)))
    return do(Call(state, team, fields))
