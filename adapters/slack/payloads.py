"""The shapes of what Slack sends, as far as we read it; anything else in a payload is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:\-]{1,255}$")]
# Where nothing is, some payloads say so with an empty text.
Maybe = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:\-]{0,255}$")] | None
T = TypeVar("T")


class Malformed(Exception):
    """It is signed, but it does not look like anything Slack sends."""


def parsed(raw: bytes, content_type: str) -> dict[str, object]:
    """The body as a mapping: JSON, a form, or the JSON in a form's `payload`."""
    try:
        if content_type == "application/json":
            body = msgspec.json.decode(raw)
        elif content_type == "application/x-www-form-urlencoded":
            body = dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=200, errors="strict"))
            body = msgspec.json.decode(body["payload"]) if "payload" in body else body
        else:
            raise Malformed("content type")
    except (ValueError, RecursionError) as wrong:
        raise Malformed(type(wrong).__name__) from None
    if not isinstance(body, dict):
        raise Malformed("not an object")
    return body


def shaped(body: Mapping[str, object], shape: type[T]) -> T:
    try:
        return msgspec.convert(body, shape)
    except (msgspec.ValidationError, RecursionError) as wrong:
        raise Malformed(type(wrong).__name__) from None


class Way(Struct, frozen=True, array_like=True):
    """How an answer gets back to where somebody acted, as long as Slack allows it.

    It travels in the private metadata of a form that is opened there, all but the trigger, which opens one thing, and
    the hash of the view as it was. `within` says what that view is, or that nothing stands there to go back to.
    """

    url: str = ""
    channel: str = ""
    message: str = ""
    ephemeral: bool = False
    trigger: str = ""
    view: str = ""
    within: Literal["", "modal", "home", "shortcut"] = ""
    hash: str = ""


class About(Struct, frozen=True, array_like=True):
    """What a button or a form is about: its card's thread and version, what it does, and its value or its way back."""

    thread: str
    version: int
    verb: str
    value: str = ""
    way: Way = Way()


def written(about: About) -> str:
    """As a button's value or a form's private metadata."""
    parts = (about.thread, about.version, about.verb, about.value)
    return msgspec.json.encode(parts if about.way == Way() else (*parts, about.way)).decode()


def about_of(text: str | None) -> About | None:
    """What we wrote there, or None where it isn't ours."""
    try:
        return msgspec.json.decode(text or "", type=About)
    except (ValueError, RecursionError):
        return None


def without_nul(text: str) -> str:
    """A character no keyboard sends and not every database holds."""
    return text.replace("\0", "")


class Ref(Struct, frozen=True):
    id: Id
    team_id: Maybe = None
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False

    @property
    def leaves(self) -> bool:
        """Whether somebody is gone, or is no more than a guest from now on."""
        return not self.is_bot and (self.deleted or self.is_restricted or self.is_ultra_restricted)


class Where(Struct, frozen=True):
    """A workspace, or the organization above it."""

    id: Maybe = None


class Tokens(Struct, frozen=True):
    bot: tuple[str, ...] = ()


class Rewritten(Struct, frozen=True):
    """A message as it is after a change, or as it was before it."""

    ts: Maybe = None
    user: Maybe = None
    bot_id: str | None = None
    text: str | None = None
    blocks: tuple[object, ...] | None = None
    subtype: str | None = None


class Seen(Struct, frozen=True):
    """A home as it stands on somebody's screen."""

    hash: str | None = None


class Happening(Struct, frozen=True):
    type: str
    user: Id | Ref | None = None
    subtype: str | None = None
    channel: Maybe = None
    channel_type: str | None = None
    text: str | None = None
    bot_id: str | None = None
    thread_ts: Maybe = None
    team: Maybe = None
    user_team: Maybe = None
    tokens: Tokens = Tokens()
    blocks: tuple[object, ...] | None = None
    ts: Maybe = None
    deleted_ts: Maybe = None
    message: Rewritten | None = None
    previous_message: Rewritten | None = None
    tab: str | None = None
    view: Seen | None = None


class Callback(Struct, frozen=True):
    event: Happening
    event_id: Maybe = None
    team_id: Maybe = None
    enterprise_id: Maybe = None
    event_time: Annotated[int, Meta(ge=0, le=10**17)] = 0


class Slash(Struct, frozen=True):
    command: Annotated[str, Meta(pattern=r"^/[^\s]{1,255}$")]
    trigger_id: Id
    user_id: Id
    team_id: Maybe = None
    enterprise_id: Maybe = None
    text: str = ""
    response_url: str = ""


class Chosen(Struct, frozen=True):
    value: str


class Standing(Struct, frozen=True):
    """What one input stands at; which of these it is depends on its type."""

    value: str | None = None
    selected_option: Chosen | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_users: tuple[Id, ...] | None = None

    def __str__(self) -> str:
        option = self.selected_option.value if self.selected_option else ""
        several = " ".join(self.selected_users or ())
        return without_nul(self.value or option or self.selected_date or self.selected_time or several)


class State(Struct, frozen=True):
    values: dict[str, dict[str, Standing]] = {}


class Words(Struct, frozen=True):
    text: str = ""


class Action(Struct, frozen=True):
    action_id: Annotated[str, Meta(max_length=255)]
    type: str = ""
    value: str | None = None
    text: Words | None = None


class Container(Struct, frozen=True):
    type: str = ""
    is_ephemeral: bool = False
    message_ts: Maybe = None
    channel_id: Maybe = None


class Sheet(Struct, frozen=True):
    """A modal or a home in which somebody pressed, as it stood."""

    id: Id
    type: str = ""
    hash: str = ""
    title: Words | None = None
    state: State | None = None
    blocks: tuple[object, ...] = ()


class Posted(Struct, frozen=True):
    """A message as it stood when somebody pressed; Slack sends none along where only its reader sees it."""

    text: str | None = None
    blocks: tuple[object, ...] | None = None


class Actions(Struct, frozen=True):
    user: Ref
    actions: Annotated[tuple[Action, ...], Meta(min_length=1)]
    trigger_id: Id
    team: Where | None = None
    enterprise: Where | None = None
    container: Container = Container()
    response_url: str | None = None
    state: State | None = None
    message: Posted | None = None
    view: Sheet | None = None


class Noted(Struct, frozen=True):
    """The message that a shortcut was used on."""

    user: Maybe = None
    bot_id: str | None = None
    text: str | None = None


class Shortcut(Struct, frozen=True):
    user: Ref
    callback_id: Annotated[str, Meta(max_length=255)]
    trigger_id: Id
    team: Where | None = None
    enterprise: Where | None = None
    message: Noted | None = None


class FormBlock(Struct, frozen=True):
    type: str = ""
    block_id: str = ""


class View(Struct, frozen=True):
    id: Id
    private_metadata: str = ""
    state: State = State()
    blocks: tuple[FormBlock, ...] = ()


class Submission(Struct, frozen=True):
    user: Ref
    view: View
    team: Where | None = None
    enterprise: Where | None = None
    trigger_id: Maybe = None
