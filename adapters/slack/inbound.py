"""What Slack tells us, as our events: pure, and strict about the shape of what it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from adapters.slack.crowd import Found, Wanted, of_command, of_fields
from adapters.slack.payloads import (
    Actions,
    Callback,
    Happening,
    Malformed,
    Ref,
    Rewritten,
    Shortcut,
    Slash,
    State,
    Submission,
    Way,
    about_of,
    shaped,
    without_nul,
)
from adapters.slack.settle import settled
from adapters.slack.sheets import answered
from adapters.slack.words import mentioned, noted, said
from bot.events import Account, Commanded, Edited, FromPlatform, Joined, Left, Pressed, Removed, Said, Submitted

# The one shortcut there is, from anywhere and on a message.
PROPOSE = "propose"


class Heard(Struct, frozen=True):
    """An event and the way back; which boxes its form has, or which message of ours it was written below.

    `answered` is the message of a press as it will look when its question needs nothing more. `home` is the workspace
    that let us in, `homes` the ids it goes by. `wanted` are people that were chosen in it.
    """

    event: FromPlatform
    way: Way = Way()
    answered: Mapping[str, object] = {}
    boxes: tuple[str, ...] = ()
    below: str = ""
    blocks: tuple[object, ...] = ()
    wanted: Wanted = Wanted()
    home: str = ""
    homes: tuple[str, ...] = ()


def event(body: Mapping[str, object]) -> Heard | None:
    """An Events API callback. None: nothing a person did, or nothing we listen to; that needs no id to be let go."""
    told = shaped(body, Callback)
    heard = _happened(told)
    if heard is not None and not told.event_id:
        raise Malformed("no event id")
    return heard


def _happened(told: Callback) -> Heard | None:
    what, workspace = told.event, told.team_id or told.enterprise_id or ""
    key = f"slack:{workspace}:{told.event_id}"
    user, home = (what.user.id, what.user.team_id) if isinstance(what.user, Ref) else (what.user, None)
    by = Account(
        platform="slack",
        team=home or what.user_team or what.team or workspace,
        user=user or "",
        channel=what.channel or "" if what.type == "app_home_opened" or what.channel_type == "im" else "",
    )
    match what.type:
        case "message" if what.channel_type == "im" and _by_a_person(what):
            files = what.subtype == "file_share"
            words = Said(
                key=key, by=by, text=without_nul(what.text or ""), files=files, message=_place(what, what.ts)
            )  # fmt: skip
            return Heard(words, below=what.thread_ts or "", blocks=what.blocks or ())
        case "message" if what.channel_type == "im" and (rewritten := _rewritten(what)):
            return _amended(key, by, what, rewritten)
        case "app_home_opened" if user:
            if what.tab != "home":
                return Heard(Joined(key=key, by=by))
            stands = what.view.hash if what.view else None
            return Heard(Joined(key=key, by=by, home=True), Way(within="home", hash=stands or ""))
        case "team_join" if isinstance(what.user, Ref) and not what.user.is_bot:
            return Heard(Joined(key=key, by=by))
        case "user_change" if isinstance(what.user, Ref) and what.user.leaves:
            return Heard(Left(key=key, by=by))
        case "app_uninstalled":
            return Heard(_shown_out(told, key, workspace))
        case "tokens_revoked" if what.tokens.bot:
            return Heard(_shown_out(told, key, workspace))
        case _:
            return None


def _shown_out(told: Callback, key: str, workspace: str) -> Left:
    """At which second, also where it is told in thousandths or millionths."""
    time = told.event_time
    at = time if time < 10**11 else time // 10**3 if time < 10**14 else time // 10**6
    return Left(key=key, by=Account(platform="slack", team=workspace, user=""), at=at)


def _by_a_person(what: Happening) -> bool:
    """A file may come with words or without; edits, deletions and what other apps say do not count as said."""
    return what.subtype in (None, "", "file_share") and bool(what.user) and not what.bot_id


def _rewritten(what: Happening) -> Rewritten | None:
    """Somebody's own message after they changed it, or before they deleted it. Ours change too: nobody did that."""
    about = {"message_changed": what.message, "message_deleted": what.previous_message}.get(what.subtype or "")
    return about if about is not None and about.user and not about.bot_id else None


def _amended(key: str, by: Account, what: Happening, about: Rewritten) -> Heard | None:
    by = msgspec.structs.replace(by, user=about.user or "")
    if what.subtype == "message_deleted" or about.subtype == "tombstone":
        return Heard(Removed(key=key, by=by, message=_place(what, what.deleted_ts or about.ts)))
    was, now = (what.previous_message.text if what.previous_message else None), about.text or ""
    if was == now:
        return None  # a link was unfolded below it
    return Heard(
        Edited(key=key, by=by, message=_place(what, about.ts), text=without_nul(now)), blocks=about.blocks or ()
    )


def _place(what: Happening, ts: str | None) -> str:
    """A message is known by its channel and its time."""
    return f"slack:{what.channel}:{ts}" if what.channel and ts else ""


def command(body: Mapping[str, object]) -> Heard:
    """A slash command. Where it was typed is no place to write to: it may be between two other people."""
    told = shaped(body, Slash)
    team = told.team_id or told.enterprise_id or ""
    by = Account(platform="slack", team=team, user=told.user_id)
    done = Commanded(
        key=f"slack:{team}:{told.trigger_id}", by=by, command=told.command[1:], text=without_nul(told.text)
    )
    way = Way(trigger=told.trigger_id, url=told.response_url)
    return Heard(done, way, wanted=of_command(told.command[1:], told.text))


def shortcut(body: Mapping[str, object]) -> Heard | None:
    """A time is to be proposed: to nobody yet, or to whoever wrote a message, with what it says of a time."""
    if body.get("callback_id") != PROPOSE:
        return None
    told = shaped(body, Shortcut)
    asked = Commanded(
        key=f"slack:{_team(told)}:{told.trigger_id}",
        by=_account(told, ""),
        command="coteach",
        text=noted(told.message.text or "", _writer(told)) if told.message else "",
        quoted=True,
    )
    return Heard(asked, Way(trigger=told.trigger_id, within="shortcut"))


def _writer(told: Shortcut) -> str:
    """Who wrote the message, where that is another person."""
    wrote = told.message
    return wrote.user or "" if wrote and not wrote.bot_id and wrote.user != told.user.id else ""


def action(body: Mapping[str, object]) -> Heard | None:
    """A button of ours. Links, and choices that wait for their button, raise nothing."""
    match body:
        case {"actions": [{"type": "button", "value": str(value)}, *_]} if (about := about_of(value)) is not None:
            told = shaped(body, Actions)
        case {"actions": [{}, *_]}:
            return None
        case _:
            raise Malformed("no action")
    first, where = told.actions[0], told.container
    ours, there = where.type == "message" and not where.is_ephemeral, told.view
    standing = told.state or (there.state if there else None) or State()
    pressed = Pressed(
        key=f"slack:{_team(told)}:{told.trigger_id}:{first.action_id}",
        by=_account(told, where.channel_id or "" if ours and (where.channel_id or "").startswith("D") else ""),
        thread=about.thread,
        version=about.version,
        verb=about.verb,
        value=about.value,
        inputs={name: str(at) for block in standing.values.values() for name, at in block.items()},
        aside=there is not None and there.type == "modal",
    )
    way = Way(
        trigger=told.trigger_id,
        url=told.response_url or "",
        channel=where.channel_id or "",
        message=where.message_ts or "",
        ephemeral=not ours,
        view=there.id if there else "",
        within="" if there is None else "home" if there.type == "home" else "modal",
        hash=there.hash if there else "",
    )
    label = first.text.text if first.text else ""
    if there is not None:
        return Heard(pressed, way, answered(there, label))
    return Heard(pressed, way, settled(told.message, label) if where.type == "message" and where.message_ts else {})


def submission(body: Mapping[str, object]) -> Heard | None:
    """A form. Sent again after a correction it is a new happening, so its trigger or its content is in the key."""
    match body:
        case {"view": {"private_metadata": str(written)}} if (about := about_of(written)) is not None:
            told = shaped(body, Submission)
        case {"view": {}}:
            return None
        case _:
            raise Malformed("no view")
    fields: dict[str, str] = {}
    for block, inputs in told.view.state.values.items():
        name = block.partition("#")[0]
        for at in inputs.values():
            fields[name] = _joined(fields.get(name, ""), str(at))
    content = hashlib.sha256(json.dumps(sorted(fields.items())).encode()).hexdigest()[:32]
    submitted = Submitted(
        key=f"slack:{_team(told)}:{told.view.id}:{told.trigger_id or content}",
        by=_account(told, ""),
        thread=about.thread,
        version=about.version,
        verb=about.verb,
        fields=fields,
    )
    names = tuple(block.block_id for block in told.view.blocks if block.type == "input")
    way = msgspec.structs.replace(about.way, trigger=told.trigger_id or "")
    return Heard(submitted, way, boxes=names, wanted=of_fields(fields))


def mentions(heard: Heard) -> tuple[str, ...]:
    """Whose names are needed to read this message as it was written."""
    return mentioned(heard.event.text)[:8] if isinstance(heard.event, Said | Edited) else ()


def read(heard: Heard, by: Account, thread: str, names: Mapping[str, str], crowd: Found = ((), ())) -> FromPlatform:
    """The event with what had to be looked up: who it was, which card it answers, whom it names."""
    match heard.event:
        case Said(text=text) as words:
            return msgspec.structs.replace(words, by=by, thread=thread, text=said(text, names, heard.blocks))
        case Edited(text=text) as words:
            return msgspec.structs.replace(words, by=by, text=said(text, names, heard.blocks))
        case Submitted() | Commanded() as choice:
            return msgspec.structs.replace(choice, by=by, people=crowd[0], unread=crowd[1])
        case other:
            return msgspec.structs.replace(other, by=by)


def still_looking(choice: Commanded | Submitted, by: Account) -> Commanded | Submitted:
    """Before everybody is found who was chosen: that they are looked up, and by whom it was asked."""
    told = msgspec.structs.replace(choice, key=f"{choice.key}/looking", by=by, unread=("looking",))
    return told if isinstance(told, Submitted) else msgspec.structs.replace(told, text=told.text.partition(" ")[0])


def _joined(before: str, piece: str) -> str:
    """Long words come back in several boxes; the cut was at a space, which Slack may have trimmed."""
    apart = before and piece and not (before[-1].isspace() or piece[0].isspace())
    return f"{before} {piece}" if apart else before + piece


def _account(told: Actions | Submission | Shortcut, channel: str) -> Account:
    return Account(platform="slack", team=told.user.team_id or _team(told), user=told.user.id, channel=channel)


def _team(told: Actions | Submission | Shortcut) -> str:
    above = (where.id for where in (told.team, told.enterprise) if where and where.id)
    return next(above, told.user.team_id or "")
