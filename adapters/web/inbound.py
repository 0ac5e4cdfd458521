"""Their words to ours: what the page sends becomes an event."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta, Struct

from bot.events import Account, Commanded, Pressed, Said, Submitted

_KEY = re.compile(r"[A-Za-z0-9_-]{8,100}\Z")
_COMMAND = re.compile(r"/([A-Za-z][\w-]*)(?:\s+(.*)|(@.*))?\Z", re.DOTALL)
# Without its slash a command is one where it names somebody: no sentence begins like that.
_BARE = re.compile(r"(coteach)\s+(@.*)()\Z", re.DOTALL | re.IGNORECASE)

Version = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Name = Annotated[str, Meta(max_length=300)]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Malformed(Exception):
    """A request that no page of ours sends."""


class Say(Struct, frozen=True):
    person: Name
    text: str


class Press(Struct, frozen=True):
    """`message` is the key of the card that holds the button, `label` what stood on it."""

    person: Name
    message: str
    verb: Name
    thread: Name = ""
    version: Version = 0
    value: str = ""
    label: Name = ""
    inputs: dict[str, str] = {}


class Submit(Struct, frozen=True):
    """`message` is the key of the card that opened the form, if one did."""

    person: Name
    verb: Name
    thread: Name = ""
    version: Version = 0
    fields: dict[str, str] = {}
    message: str = ""


class Move(Struct, frozen=True):
    by: Literal["hour", "morning", "nudge", "week"]
    person: Name = ""


Body = TypeVar("Body", Say, Press, Submit, Move)


def read(raw: bytes, content_type: str, body: type[Body]) -> Body:
    """The body as what it should be; anything else is `Malformed`."""
    try:
        if content_type == FORM:
            return msgspec.convert(pairs(raw), body, strict=False)
        if content_type == JSON:
            return msgspec.convert(_without_nul(msgspec.json.decode(raw)), body)
    except (ValueError, RecursionError) as fault:
        raise Malformed from fault
    raise Malformed


def _without_nul(value: object) -> object:
    """No database keeps U+0000 in a text."""
    match value:
        case str():
            return value.replace("\x00", "")
        case dict():
            return {_without_nul(name): _without_nul(inner) for name, inner in value.items()}
        case _:
            return value


def pairs(raw: bytes) -> dict[str, str]:
    """A plain form's fields."""
    try:
        found = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    except ValueError as fault:
        raise Malformed from fault
    return {name: value.replace("\x00", "") for name, value in found}


def key_of(header: str, raw: bytes, content_type: str) -> str:
    """The event key: the client's own, and for a plain form also its content, for its page may be sent twice."""
    given = pairs(raw).get("key", "") if content_type == FORM else header
    if not _KEY.match(given):
        raise Malformed
    return f"web:{given}" + (f"-{hashlib.sha256(raw).hexdigest()[:16]}" if content_type == FORM else "")


def account(person: str) -> Account:
    return Account(platform="web", team="playground", user=person)


def said(body: Say, person: str, key: str) -> Said | Commanded | None:
    """What was typed, or nothing where nothing was."""
    text = body.text.replace("\r\n", "\n").strip()
    if command := _COMMAND.match(text) or _BARE.match(text):
        words = (command[2] or command[3] or "").strip()
        return Commanded(key=key, by=account(person), command=command[1].lower(), text=words)
    return Said(key=key, by=account(person), text=text) if text else None


def pressed(body: Press, person: str, key: str) -> Pressed:
    return Pressed(
        key=key, by=account(person), thread=body.thread, version=body.version,
        verb=body.verb, value=body.value, inputs=body.inputs,
    )  # fmt: skip


def submitted(body: Submit, person: str, key: str) -> Submitted:
    return Submitted(
        key=key, by=account(person), thread=body.thread, version=body.version, verb=body.verb, fields=body.fields
    )
