"""The shapes of what Teams sends, as far as we read it; anything else in an activity is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from bot.cards import Card, Form

Id = Annotated[str, Meta(pattern=r"^[\x21-\x7e]{1,512}$")]
Body = dict[str, object]
SHOWN, ABOUT, LABEL = "shown", "beside", "label"  # what our actions carry besides what stands in the inputs
LARGEST = 40_000  # bytes of what comes back with a press: with it in its buttons, a larger one could not have gone out
PROPOSE = "propose"  # the one command of our message extension: a time, from a message or from nothing


class Malformed(Exception):
    """It came with a good token, but it does not look like anything Teams sends."""


class Party(Struct, frozen=True):
    id: Id
    name: str | None = None
    aad: Id | None = field(default=None, name="aadObjectId")


class Tenant(Struct, frozen=True):
    id: Id | None = None


class Conversation(Struct, frozen=True, rename="camel"):
    id: Id
    tenant_id: Id | None = None
    conversation_type: str | None = None


class ChannelData(Struct, frozen=True, rename="camel"):
    tenant: Tenant | None = None
    event_type: object = None


class Entity(Struct, frozen=True):
    """A mention, or what the client tells about itself."""

    type: str | None = None
    text: str | None = None
    mentioned: Party | None = None
    timezone: str | None = None


class Attachment(Struct, frozen=True, rename="camel"):
    """What came along, by its kind alone: where it lies is not read, and so it is never fetched."""

    content_type: str | None = None


class Pressed(Struct, frozen=True):
    data: Body | None = None


class Value(Struct, frozen=True):
    action: Pressed | None = None
    trigger: str | None = None


class Named(Struct, frozen=True):
    """Who wrote a message that was pointed at: the directory's id."""

    id: Id | None = None


class Writer(Struct, frozen=True):
    user: Named | None = None


class Written(Struct, frozen=True):
    """What stands in it, mostly as HTML."""

    content: str | None = None


class Pointed(Struct, frozen=True):
    by: Writer | None = field(default=None, name="from")
    body: Written | None = None


class Dialog(Struct, frozen=True, rename="camel"):
    """What the invokes around a dialog bring along."""

    data: object = None
    command_id: str | None = None
    message_payload: Pointed | None = None


class Activity(Struct, frozen=True, rename="camel"):
    type: str
    channel_id: str
    service_url: Annotated[str, Meta(max_length=300)]
    conversation: Conversation
    by: Party = field(name="from")
    recipient: Party
    id: Id | None = None
    name: str | None = None
    action: str | None = None
    text: str | None = None
    text_format: str | None = None
    locale: str | None = None
    timestamp: str | None = None
    local_timezone: str | None = None
    entities: tuple[Entity, ...] | None = None
    attachments: tuple[Attachment, ...] | None = None
    channel_data: ChannelData | None = None
    reply_to_id: Id | None = None
    members_added: tuple[Party, ...] | None = None
    members_removed: tuple[Party, ...] | None = None
    value: object = None


class About(Struct, frozen=True, array_like=True):
    """What a button or a form is about: its card's thread and version, what it does, its value, and which it is."""

    thread: str
    version: int
    verb: str
    value: str = ""
    form: bool = False


class Act(Struct, frozen=True):
    """What one of our actions brought back. `shown` is what it stood on, where that was small enough to travel."""

    about: About
    label: str = ""
    inputs: Mapping[str, str] = {}
    shown: Card | Form | None = None


def parsed(raw: bytes) -> Body:
    try:
        body = msgspec.json.decode(raw)
    except (ValueError, RecursionError, OverflowError) as wrong:
        raise Malformed(type(wrong).__name__) from None
    if not isinstance(body, dict):
        raise Malformed("not an object")
    return body


def shaped(body: Mapping[str, object]) -> Activity:
    try:
        return msgspec.convert(body, Activity)
    except (ValueError, RecursionError, OverflowError) as wrong:
        raise Malformed(type(wrong).__name__) from None


def act_of(data: object) -> Act | None:
    """What we wrote into an action, or None where it isn't ours."""
    if not isinstance(data, dict) or ABOUT not in data:
        return None
    try:
        about = msgspec.convert(data[ABOUT], About)
    except (ValueError, RecursionError, OverflowError):
        return None
    label = data.get(LABEL)
    inputs = {
        str(name): without_nul(value) if isinstance(value, str) else ""
        for name, value in data.items()
        if name not in (ABOUT, LABEL, SHOWN)
    }
    return Act(about, label if isinstance(label, str) else "", inputs, _shown(data.get(SHOWN)))


def pressed(activity: Activity) -> Act | None:
    """The action behind an invoke, or behind a message that an older client sends for one.

    A client that fetches a card anew by itself has pressed nothing.
    """
    if activity.type == "message":
        return act_of(activity.value)
    try:
        value = msgspec.convert(activity.value, Value)
    except (ValueError, RecursionError, OverflowError):
        raise Malformed("value") from None
    return act_of(value.action.data) if value.action and value.trigger != "automatic" else None


def dialog(activity: Activity) -> Dialog:
    try:
        return Dialog() if activity.value is None else msgspec.convert(activity.value, Dialog)
    except (ValueError, RecursionError, OverflowError):
        raise Malformed("value") from None


def carried(about: About, label: str, shown: Card | Form | None) -> dict[str, Any]:
    """The data of an action. Whose words stand on a card is our business: their ids stay here."""
    data: dict[str, Any] = {ABOUT: msgspec.to_builtins(about), LABEL: label}
    return data | ({SHOWN: _nameless(msgspec.to_builtins(shown))} if shown is not None else {})


def _nameless(tree: Any) -> Any:  # noqa: ANN401 - any part of a card
    match tree:
        case {"type": "own", "text": text}:
            return {"type": "own", "text": text, "by": ""}
        case dict():
            return {name: _nameless(value) for name, value in tree.items()}
        case list() | tuple():
            return [_nameless(value) for value in tree]
        case _:
            return tree


def without_nul(text: str) -> str:
    """A character no keyboard sends and not every database holds."""
    return text.replace("\0", "")


def _shown(value: object) -> Card | Form | None:
    if value is None:
        return None
    try:
        return msgspec.convert(value, Card | Form) if len(msgspec.json.encode(value)) <= LARGEST else None
    except (ValueError, RecursionError, OverflowError):
        return None
