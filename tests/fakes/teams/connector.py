"""The Bot Connector: conversations, activities and members, each call checked as the real one checks it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.fakes.slack.shapes import Json, items, obj, objects, text
from tests.fakes.teams import cards
from tests.fakes.teams.refusal import Refused
from tests.fakes.teams.state import CARD, Conversation, Message, Profile, State, Tenant

MOST_BYTES: Final = 100 * 1024
MOST_CARDS: Final = 10
KNOWN_ATTACHMENTS: Final = frozenset(
    f"application/vnd.microsoft.{name}"
    for name in (
        "card.adaptive card.hero card.thumbnail card.receipt card.signin card.audio card.video "
        "teams.card.o365connector teams.card.list teams.card.file.consent teams.card.file.info"
    ).split()
)
_FIELDS: Final = frozenset(
    "type id timestamp localTimestamp localTimezone channelId serviceUrl callerId from conversation recipient "
    "textFormat attachmentLayout membersAdded membersRemoved reactionsAdded reactionsRemoved topicName "
    "historyDisclosed locale text speak inputHint summary suggestedActions attachments entities channelData "
    "action replyToId label valueType value name relatesTo code expiration importance deliveryMode listenFor "
    "textHighlights semanticAction".split()
)


@dataclass(frozen=True)
class Call:
    """One call: what was sent, the parts of the path, and the query."""

    state: State
    tenant: Tenant
    body: Json
    path: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def where(self) -> Conversation:
        """The conversation that the path names; whoever is not in it does not hear that it exists."""
        named = self.path["id"]
        if not named.startswith(("a:", "19:")):
            raise Refused(400, "BadArgument", "Failed to decrypt conversation id")
        found = self.tenant.conversations.get(named)
        if found is None:
            raise Refused(404, "ConversationNotFound", "Conversation not found.")
        _in_roster(self.tenant, found)
        return found

    @property
    def roster(self) -> Conversation:
        """The conversation, or the channel whose thread it is: a channel has members, and is written to in threads."""
        threads = (one for one in self.tenant.conversations.values() if one.id.startswith(f"{self.path['id']};"))
        return next(threads, None) or self.where

    @property
    def open(self) -> Conversation:
        """The same, where the app may write."""
        found = self.where
        if found.kind == "personal" and self.tenant.profiles[found.members[0]].blocked:
            raise Refused(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
        return found

    @property
    def own(self) -> Message:
        """The app's own message that the path names."""
        message = self.open.find(self.path["activity"])
        if message is None:
            raise Refused(404, "ActivityNotFoundInConversation", "The message ID provided can't be found.")
        if not message.from_bot:
            raise Refused(403, "NotEnoughPermissions", "The bot can change only what it wrote itself.")
        return message


def create(call: Call) -> Json:
    """The chat with one person, or a thread in a channel."""
    asked, tenant = call.body, call.tenant
    # Microsoft's own client writes tenantID; the service does not mind.
    named = next((text(value) for name, value in asked.items() if name.lower() == "tenantid"), "")
    named = named or text(obj(obj(asked.get("channelData")).get("tenant")).get("id"))
    if text(obj(asked.get("bot")).get("id")) not in {"", call.state.bot, call.state.app}:
        raise Refused(401, "BotNotRegistered", "No registration found for this bot.")
    thread = text(obj(obj(asked.get("channelData")).get("channel")).get("id"))
    first = asked.get("activity")
    if thread:
        where = _new_thread(call, thread, first)
    else:
        members = list(objects(asked.get("members")))
        if not named or asked.get("isGroup") is True or len(members) != 1:
            raise Refused(
                400, "BadSyntax", "Incorrect conversation creation parameters: a tenant, one member, no group"
            )
        if named != tenant.id:
            raise Refused(403, "ForbiddenOperationException", "The tenant is not the one of this service URL.")
        where = tenant.direct(_installed_for(tenant, text(members[0].get("id"))).id)
    found: Json = {"id": where.id}
    return {**found, "activityId": _post(call.state, where, obj(first), "").id} if isinstance(first, dict) else found


def send(call: Call) -> Json:
    """An activity, or one in answer to another."""
    where, reply_to = call.open, call.path.get("activity", "")
    if reply_to and where.kind == "personal" and where.find(reply_to) is None:
        raise Refused(404, "ActivityNotFoundInConversation", "The message ID provided can't be found.")
    if text(call.body.get("type")) == "typing":
        call.state.typing[where.id] += 1
        return {}
    return {"id": _post(call.state, where, call.body, reply_to).id}


def update(call: Call) -> Json:
    """Another content in the place of a message."""
    message = call.own
    _check(call.state, call.body)
    message.show(call.body)
    return {"id": message.id}


def delete(call: Call) -> None:
    call.own.gone = True


def members(call: Call) -> list[Json]:
    return [member_json(call.tenant, call.tenant.profiles[one]) for one in call.roster.members]


def paged(call: Call) -> Json:
    """Members, so many at a time; the token is where the next page begins."""
    everyone, token, size = members(call), call.query.get("continuationToken", ""), call.query.get("pageSize", "200")
    if token and not (token.startswith("page-") and token[5:].isdigit()):
        raise Refused(400, "BadArgument", "The continuation token is not one.")
    start, step = int(token[5:]) if token else 0, min(max(int(size) if size.isdigit() else 200, 1), 500)
    found: Json = {"members": everyone[start : start + step]}
    return {**found, "continuationToken": f"page-{start + step}"} if start + step < len(everyone) else found


def member(call: Call) -> Json:
    found = call.tenant.person(call.path["member"])
    if found is None or found.id not in call.roster.members:
        raise Refused(404, "MemberNotFoundInConversation", "Member not found in conversation.")
    return member_json(call.tenant, found)


# Every method by name: its verb, its path under conversations, the status of a good answer, and what it does.
CALLS: Final[Mapping[str, tuple[str, str, int, Callable[[Call], object]]]] = {
    "conversations.create": ("POST", "", 201, create),
    "activities.send": ("POST", "/{id}/activities", 201, send),
    "activities.reply": ("POST", "/{id}/activities/{activity}", 201, send),
    "activities.update": ("PUT", "/{id}/activities/{activity}", 200, update),
    "activities.delete": ("DELETE", "/{id}/activities/{activity}", 200, delete),
    "members.list": ("GET", "/{id}/members", 200, members),
    "members.paged": ("GET", "/{id}/pagedmembers", 200, paged),
    "members.get": ("GET", "/{id}/members/{member}", 200, member),
}


def member_json(tenant: Tenant, who: Profile) -> Json:
    """A person in a roster."""
    first, _, last = who.real_name.partition(" ")
    found: Json = {
        "id": who.id,
        "name": who.real_name,
        "objectId": who.aad,
        "aadObjectId": who.aad,
        "givenName": first,
        "surname": last,
        "userPrincipalName": who.email or f"{who.name}@{tenant.name.lower()}.example",
        "tenantId": who.home_tenant or tenant.id,
        "userRole": "guest" if who.is_guest else "user",
    }
    return {**found, "email": who.email} if who.email else found


def content_problems(state: State, activity: Json) -> list[str]:
    """Why a message cannot be shown; what can but should not goes to the complaints."""
    found = list[str]()
    attachments = activity.get("attachments")
    if attachments is not None and not isinstance(attachments, list):
        return ["attachments is not a list"]
    if not isinstance(activity.get("text", ""), str):
        return ["text is not a string"]
    if not text(activity.get("text")).strip() and not attachments:
        found.append("a message has a text or an attachment")
    if activity.get("textFormat", "markdown") not in {"markdown", "plain", "xml"}:
        found.append(f"textFormat is {activity.get('textFormat')!r}")
    if activity.get("attachmentLayout", "list") not in {"list", "carousel"}:
        found.append(f"attachmentLayout is {activity.get('attachmentLayout')!r}")
    if len(items(attachments)) > MOST_CARDS:
        found.append(f"{len(items(attachments))} attachments, and {MOST_CARDS} are the most")
    for one in items(attachments):
        kind = text(obj(one).get("contentType"))
        if kind == CARD:
            found += cards.problems(obj(one).get("content"))
            state.complaints += cards.complaints(obj(obj(one).get("content")))
        elif kind not in KNOWN_ATTACHMENTS and not kind.startswith(("image/", "text/")):
            found.append(f"unknown attachment type {kind!r}")
    for entity in objects(activity.get("entities")):
        if entity.get("type") == "mention" and text(entity.get("text")) not in text(activity.get("text")):
            found.append("a mention whose text is not in the message")
    return found


def _check(state: State, activity: Json) -> None:
    """Raises `Refused` where the real one would."""
    if len(json.dumps(activity, ensure_ascii=False).encode()) > MOST_BYTES:
        raise Refused(413, "MessageSizeTooBig", "Message size too large.")
    kind = activity.get("type")
    if not isinstance(kind, str) or not kind:
        raise Refused(400, "BadSyntax", "Activity type is required.")
    if kind != "message":
        raise Refused(400, "BadSyntax", f"Activities of type {kind} cannot be sent here.")
    sender = text(obj(activity.get("from")).get("id"))
    if sender not in {"", state.bot, state.app}:
        raise Refused(403, "Forbidden", "The bot cannot write in the name of somebody else.")
    if found := content_problems(state, activity):
        raise Refused(400, "BadArgument", "; ".join(found))
    if unknown := activity.keys() - _FIELDS:
        state.complaints.append(f"an activity has {sorted(unknown)}, which Teams does not know")
    if activity.get("attachments") and not (activity.get("text") or activity.get("summary")):
        state.complaints.append("a card without text or summary: the notification says only that a card was sent")


def _post(state: State, where: Conversation, activity: Json, reply_to: str) -> Message:
    _check(state, activity)
    made = Message(state.stamp(), where.id, state.bot, activity, from_bot=True, reply_to=reply_to)
    where.messages.append(made)
    return made


def _in_roster(tenant: Tenant, where: Conversation) -> None:
    if not tenant.enabled:
        raise Refused(403, "BotDisabledByAdmin", "The tenant admin disabled this bot")
    alone = tenant.profiles[where.members[0]] if where.kind == "personal" else None
    if not where.installed or (alone and not alone.installed):
        raise Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
    if alone and alone.deleted:
        raise Refused(404, "ConversationNotFound", "Conversation not found.")


def _installed_for(tenant: Tenant, id: str) -> Profile:
    found = tenant.person(id)
    if found is None:
        raise Refused(400, "BadSyntax", "Bad format of conversation ID: failed to decrypt pairwise id")
    if not tenant.enabled:
        raise Refused(403, "BotDisabledByAdmin", "The tenant admin disabled this bot")
    if not found.installed:
        raise Refused(403, "ForbiddenOperationException", "Bot is not installed in user's personal scope")
    if found.blocked:
        raise Refused(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")
    if found.deleted:
        raise Refused(404, "ConversationNotFound", "Conversation not found.")
    return found


def _new_thread(call: Call, channel: str, first: object) -> Conversation:
    """A post in a channel, which is a conversation of its own."""
    tenant = call.tenant
    beside = next((one for one in tenant.conversations.values() if one.id.partition(";")[0] == channel), None)
    if beside is None:
        raise Refused(404, "ConversationNotFound", "Conversation not found.")
    _in_roster(tenant, beside)
    if not isinstance(first, dict):
        raise Refused(400, "BadSyntax", "A thread in a channel begins with an activity.")
    _check(call.state, obj(first))
    thread = f"{channel};messageid={call.state.stamp()}"
    made = Conversation(thread, "channel", list(beside.members), beside.name, beside.team)
    tenant.conversations[made.id] = made
    return made
