"""Which conversation an event belongs to: commands first, then care, then the thread that hears, then the one line."""

from __future__ import annotations

from msgspec.structs import replace

from bot import safety
from bot.events import (
    BACK,
    BESIDE,
    AnyEvent,
    Commanded,
    Due,
    Edited,
    Found,
    Joined,
    Left,
    LetIn,
    Pressed,
    Removed,
    Said,
    Submitted,
)
from bot.flow import Flow
from bot.flows import BY_NAME, FLOWS
from bot.flows.coteach.listing import NAMES as LOOKS
from bot.records import Person

_TYPED = {word: flow for flow in FLOWS for word in flow.typed}
_WORDS = {(c.name, c.word): flow for flow in FLOWS for c in flow.commands}
_KNOWN = {word for _, word in _WORDS} | set(_TYPED)
_TOPICS = {topic: flow for flow in FLOWS for topic in flow.topics}
_GRAVE = {"student_safety", "danger", "distress"}
# What a home asks for with a button.
_ASKED = ("mine", "settings", "who", "help")
_AFTER_A_YES = ("start", "now", "resume", "skip", "sort")
# What answers an invitation by its time, or opens times to choose from.
_TAKES = ("works", "another", "ask_open")
_ADMINS = ("stop", "help", "who", "delete", "forget", "bot", "about", "link", "mine", "export")


def looks(event: Commanded) -> bool:
    """Whether it asks how things are, which may have changed since it was asked a moment ago; or for a form, anew."""
    return event.quoted or (event.command == "coteach" and event.text.strip().casefold() in LOOKS)


def meant(event: AnyEvent) -> AnyEvent:
    """A button that opens another conversation is the command it stands for, and so is a command in other words.

    Grave words are heard, however late they were written into a message.
    """
    if isinstance(event, Pressed) and event.verb == "forget":
        return Commanded(key=event.key, by=event.by, command="beside", text="forget", posts=event.posts)
    if isinstance(event, Pressed) and event.verb == "beside" and event.value in _ASKED:
        return Commanded(key=event.key, by=event.by, command="beside", text=event.value, posts=event.posts)
    if isinstance(event, Pressed) and event.verb == "show":
        return replace(event, thread=event.value, verb=BACK, value=BESIDE)
    if isinstance(event, Edited) and _GRAVE & set(safety.notice(event.text)):
        return Said(key=event.key, by=event.by, text=event.text)
    if isinstance(event, Pressed) and event.verb == "invite" and event.value:
        return Commanded(key=event.key, by=event.by, command="coteach", text=f"@{event.value}", posts=event.posts)
    if isinstance(event, Commanded) and event.command == "beside":
        wish = None if event.text.partition(" ")[0].lower() in _KNOWN else safety.command(event.text)
        # "/beside ajustes" is "/beside settings".
        return replace(event, text=f"{wish.name} {wish.rest}".rstrip()) if wish else event
    return event


def opens(event: AnyEvent, me: Person, standing: str) -> Flow | None:
    """The flow in which this event opens a new thread; None where a thread of the flow `standing` takes it."""
    if me.role == "admin" and isinstance(event, Commanded | Said):
        return _of_an_admin(event, standing)
    if _needs_a_zone(event, me, standing):
        return BY_NAME["zone"]
    match event:
        case Commanded(command=name, text=text):
            word = text.strip().partition(" ")[0].lower()
            flow = _WORDS.get((name, word)) or _WORDS.get((name, "")) or BY_NAME["house"]
            return flow if flow.name == "coteach" else _wished(word, flow, me)
        case Said(text=text, files=True) if not text.strip():
            return BY_NAME["house"]
        case Said(text=text):
            return _said(text, me, standing)
        case Edited() | Removed():
            return None if standing else BY_NAME["amending"]
        case Due(topic=topic):
            return _TOPICS.get(topic)
        case Found():
            return BY_NAME["link"]
        case LetIn():
            return BY_NAME["setup"]
        case Joined():
            return BY_NAME["meeting"] if _unmet(me) else None
        case Pressed() | Submitted() | Left():
            return None


def _needs_a_zone(event: AnyEvent, me: Person, standing: str) -> bool:
    """Before a time is offered, or an offered one is taken, it is known on whose wall it stands."""
    match event:
        case _ if me.zone_by != "presumed":
            return False
        case Commanded(command="coteach", text=text):
            return text.strip().partition(" ")[0].casefold() not in LOOKS
        case Pressed(verb=verb):
            return standing == "coteach" and verb in _TAKES
        case _:
            return False


def _of_an_admin(event: Commanded | Said, standing: str) -> Flow | None:
    """Nothing is asked of an admin: whatever is none of these words leads to who coaches here."""
    if isinstance(event, Said) and (standing == "care" or safety.notice(event.text)):
        return None if standing == "care" else BY_NAME["care"]
    wish = safety.command(event.text)
    word = wish.name if wish else event.text.strip().partition(" ")[0].lower()
    return _TYPED.get(word, BY_NAME["house"]) if word in _ADMINS else BY_NAME["setup"]


def _said(text: str, me: Person, standing: str) -> Flow | None:
    wish = safety.command(text)
    if wish and wish.name == "unwrite" and standing != "care":
        wish = safety.Typed("delete")
    if wish and wish.name not in ("unwrite", "enough") and not (wish.name == "skip" and standing):
        return _wished(wish.name, _TYPED.get(wish.name, BY_NAME["house"]), me)
    if standing == "care":
        # The care card that stands there listens for more of the same itself.
        return None
    if safety.notice(text):
        return BY_NAME["care"]
    if _unmet(me):
        return BY_NAME["meeting"]
    if me.chat == "stopped" or (me.chat == "declined" and me.role == "teacher"):
        return BY_NAME["house"]
    if standing:
        return None
    asks = (me.role == "coach" or me.chat == "on") and safety.ask(text) in ("advice", "stuck")
    return BY_NAME["reflection" if asks else "note"]


def _wished(word: str, flow: Flow, me: Person) -> Flow:
    """No question before a yes: who has not given one is met first, who has gone is told how to come back."""
    if me.role != "teacher" or word not in _AFTER_A_YES:
        return flow
    if me.chat in ("new", "asked") or (me.chat == "declined" and word == "start"):
        return BY_NAME["meeting"]
    return flow if me.chat == "on" or word == "start" else BY_NAME["house"]


def _unmet(me: Person) -> bool:
    return me.role == "teacher" and me.chat == "new"
