"""What Teams tells us, as our events: pure, and strict about the shape of what it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from html import unescape
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from adapters.teams.crowd import CHOOSING, Wanted, wanted
from adapters.teams.payloads import PROPOSE, Act, Activity, Attachment, Malformed, act_of, dialog, pressed, without_nul
from adapters.teams.quoting import line_of
from bot.events import (
    BACK,
    QUIETLY,
    Account,
    Commanded,
    Edited,
    FromPlatform,
    Joined,
    Left,
    Pressed,
    Removed,
    Said,
    Submitted,
)  # fmt: skip

ALL: tuple[Literal["only_you", "replace", "open"], ...] = ("only_you", "replace", "open")
ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
LOCALE = re.compile(r"[A-Za-z0-9-]{1,35}")
PICTURES = ("image/", "video/", "audio/")
FILES = ("application/vnd.microsoft.teams.file.download.info", "reference")
_LINE = re.compile(r"\s*(/?)(\w+)(?:\s+(.*))?\s*", re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9:._-]{1,120}")
Commands = Mapping[str, frozenset[str]]


class Heard(Struct, frozen=True):
    """An event, and how it can be answered: an invoke in its own response, anything else not at all.

    `dialog` says that the answer opens in a dialog or goes on in one; `place` is where others read along, `wanted`
    whom a command chooses.
    """

    event: FromPlatform
    invoke: bool = False
    act: Act | None = None
    dialog: bool = False
    place: str = ""
    wanted: Wanted = Wanted()


def heard(activity: Activity, commands: Commands) -> Heard | None:
    """None: nothing a person did, or nothing we listen to."""
    match activity.type:
        case "message":
            return _message(activity, commands)
        case "messageUpdate" | "messageDelete" if _private(activity) and activity.by.id != activity.recipient.id:
            return _amended(activity, commands)
        case "invoke":
            return _invoked(activity)
        case "installationUpdate" if _private(activity) and activity.action in ("add", "add-upgrade"):
            return Heard(Joined(key=key(activity), by=account(activity)))
        case "installationUpdate" if _private(activity) and activity.action in ("remove", "remove-upgrade"):
            return Heard(Left(key=key(activity), by=account(activity)))
        case "conversationUpdate" if _private(activity) and _with_us(activity, activity.members_added):
            return Heard(Joined(key=key(activity), by=account(activity)))
        case "conversationUpdate" if _private(activity) and _with_us(activity, activity.members_removed):
            return Heard(Left(key=key(activity), by=account(activity)))
        case _:
            return None


def key(activity: Activity) -> str:
    """The activity's own id is unique in its conversation, and the same when it is told again."""
    if activity.id is None:
        raise Malformed("id")
    return f"teams:{tenant(activity)}:{activity.conversation.id}:{activity.id}"


def tenant(activity: Activity) -> str:
    data = activity.channel_data.tenant if activity.channel_data else None
    return (activity.conversation.tenant_id or (data.id if data else None) or "").lower()


def account(activity: Activity) -> Account:
    """Where they are written to is their private chat, and never one where others read along."""
    zone = activity.local_timezone or next((one.timezone for one in activity.entities or () if one.timezone), None)
    return Account(
        platform="teams",
        team=tenant(activity),
        user=activity.by.aad or activity.by.id,
        channel=where(activity) if _private(activity) else "",
        name=without_nul(activity.by.name or ""),
        zone=zone if zone and ZONE.fullmatch(zone) else "",
        locale=activity.locale if activity.locale and LOCALE.fullmatch(activity.locale) else "",
    )


def where(activity: Activity) -> str:
    return f"{activity.service_url} {activity.conversation.id}"


def _invoked(activity: Activity) -> Heard | None:
    """A press, or a dialog that opens or goes on. Where a dialog opens is no place to write to."""
    match activity.name:
        case "adaptiveCard/action":
            act = pressed(activity)
            return None if act is None else Heard(_acted(activity, act, ("only_you",)), invoke=True, act=act)
        case "composeExtension/fetchTask" if (asked := dialog(activity)).command_id == PROPOSE:
            by, text = replace(account(activity), channel=""), line_of(asked.message_payload)
            event = Commanded(key=key(activity), by=by, command="coteach", text=text, quoted=bool(text))
            return Heard(event, invoke=True, dialog=True)
        case "composeExtension/submitAction" | "task/fetch" | "task/submit":
            act = act_of(dialog(activity).data)
            if act is None:
                return None
            done = _acted(activity, act, ())
            return Heard(replace(done, by=replace(done.by, channel=""), on=""), invoke=True, dialog=True, act=act)
        case _:
            return None


def _message(activity: Activity, commands: Commands) -> Heard | None:
    act = pressed(activity) if activity.value is not None else None
    if act is not None:
        return Heard(_acted(activity, act, ALL), act=act)
    files = any(map(_file, activity.attachments or ()))
    if (not activity.text and not files) or activity.by.id == activity.recipient.id:
        return None
    text, to_us = _addressed(activity)
    command = _command(text, commands) or (_called(text, commands) if to_us and not _private(activity) else None)
    if command is not None and (to_us or _private(activity)):
        name, rest = command
        among = not _private(activity)
        asked = Commanded(
            key=key(activity), by=account(activity), posts=ALL, command=name, text=_named(rest, activity), among=among
        )
        return Heard(asked, place=where(activity) if among else "", wanted=wanted(name, rest, activity))
    if not _private(activity):
        return None  # words said among others are not for us to keep
    words = _spoken(text, activity)
    said = Said(
        key=key(activity), by=account(activity), posts=ALL, text=words, files=files, message=_place(activity)
    )  # fmt: skip
    return Heard(said) if words.strip() or files else None


def _amended(activity: Activity, commands: Commands) -> Heard | None:
    """They changed or deleted a message of theirs. It keeps its id, so what it reads now is part of the key.

    One that was deleted may come back; a command is done, and says nothing to keep.
    """
    by, place = account(activity), _place(activity)
    if activity.type == "messageDelete":
        return Heard(Removed(key=f"{key(activity)}:deleted:{activity.timestamp}", by=by, message=place))
    text = _spoken(_addressed(activity)[0], activity)
    told = f"{activity.timestamp} {text}"
    mark = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    restored = activity.channel_data is not None and activity.channel_data.event_type == "undeleteMessage"
    back = restored and _command(text, commands) is None
    now = Edited(key=f"{key(activity)}:{mark}", by=by, message=place, text=text, back=back)
    return Heard(now) if text.strip() else None


def _place(activity: Activity) -> str:
    return f"teams:{activity.conversation.id}:{activity.id}"


def _file(attachment: Attachment) -> bool:
    """A picture or a file. The HTML of a message comes along in the same list, and so do quotes and cards."""
    kind = (attachment.content_type or "").casefold()
    return kind.startswith(PICTURES) or kind in FILES


def _acted(activity: Activity, act: Act, posts: tuple[Literal["only_you", "replace", "open"], ...]) -> FromPlatform:
    about, by = act.about, account(activity)
    on = activity.reply_to_id or "" if activity.type == "invoke" else ""
    if about.form:
        return Submitted(
            key=key(activity), by=by, thread=about.thread, version=about.version, verb=about.verb,
            fields=dict(act.inputs), posts=posts if posts == ALL else (), on=on,
        )  # fmt: skip
    value = QUIETLY if about.verb == BACK and not posts else about.value  # a dialog with nothing left to show closes
    return Pressed(
        key=key(activity), by=by, thread=about.thread, version=about.version, verb=about.verb, value=value,
        inputs=dict(act.inputs), posts=posts, on=on,
    )  # fmt: skip


def afterwards(form: Submitted) -> Pressed:
    """A form that was kept stands where a card stood: what is there now is asked for."""
    return Pressed(
        key=f"{form.key}/after",
        by=form.by,
        thread=form.thread,
        version=form.version,
        verb=BACK,
        value=QUIETLY,
        on=form.on,
    )


def _private(activity: Activity) -> bool:
    return activity.conversation.conversation_type == "personal"


def _with_us(activity: Activity, members: tuple[object, ...] | None) -> bool:
    return any(getattr(one, "id", "") == activity.recipient.id for one in members or ())


def _addressed(activity: Activity) -> tuple[str, bool]:
    """The text without our own mention, and whether there was one."""
    text, to_us = without_nul(activity.text or "").replace("&nbsp;", " ").replace("\xa0", " "), False
    for entity in activity.entities or ():
        if entity.type == "mention" and entity.mentioned and entity.mentioned.id == activity.recipient.id:
            to_us = True
            text = text.replace(entity.text, " ") if entity.text else text
    return (text.strip() if to_us else text), to_us


def _command(text: str, commands: Commands) -> tuple[str, str] | None:
    """`coteach` takes any text; `beside` alone or before one of its words, so that a sentence stays one."""
    found = _LINE.fullmatch(text)
    if found is None or (name := found[2].casefold()) not in commands:
        return None
    rest = (found[3] or "").strip()
    known = commands[name]
    word = rest.partition(" ")[0].casefold().strip(".!")
    return (name, rest) if found[1] or not known or not rest or word in known else None


def _called(text: str, commands: Commands) -> tuple[str, str] | None:
    """`@Beside help` among others: our name in front of one of the words is the command, and nothing else is."""
    word, _, rest = text.strip().partition(" ")
    known = word.casefold() in commands.get("beside", frozenset()) and (not rest.strip() or word.casefold() in CHOOSING)
    return ("beside", f"{word} {rest.strip()}".strip()) if known else None


def _named(text: str, activity: Activity) -> str:
    """A command keeps its mentions as they came, each with the id that Teams gave along."""
    for entity in activity.entities or ():
        mark, who = entity.text, entity.mentioned
        if entity.type == "mention" and mark and who and mark.startswith("<at>") and mark in text:
            ident = who.aad or who.id
            if _ID.fullmatch(ident):
                text = text.replace(mark, f'<at id="{ident}">{mark.removeprefix("<at>")}')
    return text


def _spoken(text: str, activity: Activity) -> str:
    """A message as it was typed: mentions by name."""
    for entity in activity.entities or ():
        if entity.type == "mention" and entity.text:
            name = (entity.mentioned.name if entity.mentioned else None) or re.sub(r"<[^<>]*>", "", entity.text)
            text = text.replace(entity.text, f"@{without_nul(name)}")
    return unescape(text) if activity.text_format == "xml" else text
