"""Which conversation an event belongs to: commands first, then care, then the thread that hears, then the one line."""

from __future__ import annotations

from bot import safety
from bot.events import AnyEvent, Commanded, Due, Joined, Left, Pressed, Said, Submitted
from bot.flow import Flow
from bot.flows import BY_NAME, FLOWS
from bot.records import Person

_TYPED = {word: flow for flow in FLOWS for word in flow.typed}
_WORDS = {(c.name, c.word): flow for flow in FLOWS for c in flow.commands}
_TOPICS = {topic: flow for flow in FLOWS for topic in flow.topics}


def opens(event: AnyEvent, me: Person, listening: bool) -> Flow | None:
    """The flow in which this event opens a new thread; None where a standing thread takes it."""
    match event:
        case Commanded(command=name, text=text):
            word = text.strip().partition(" ")[0].lower()
            return _WORDS.get((name, word)) or _WORDS.get((name, "")) or BY_NAME["house"]
        case Said(text=text):
            return _said(text, me, listening)
        case Due(topic=topic):
            return _TOPICS.get(topic)
        case Joined():
            return BY_NAME["meeting"] if _unmet(me) else None
        case Pressed() | Submitted() | Left():
            return None


def _said(text: str, me: Person, listening: bool) -> Flow | None:
    wish = safety.command(text)
    if wish and wish.name == "start" and me.role == "teacher" and me.chat in ("new", "asked", "declined"):
        return BY_NAME["meeting"]
    if wish and not (wish.name == "skip" and listening):
        return _TYPED.get(wish.name, BY_NAME["house"])
    if safety.notice(text):
        return BY_NAME["care"]
    if _unmet(me):
        return BY_NAME["meeting"]
    if me.chat == "stopped" or (me.chat == "declined" and me.role == "teacher"):
        return BY_NAME["house"]
    return None if listening else BY_NAME["note"]


def _unmet(me: Person) -> bool:
    return me.role == "teacher" and me.chat == "new"
