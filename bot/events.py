"""What happened: a person said, pressed, submitted or commanded something, or a moment has come."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

Barred = Literal["", "guest", "stranger", "bot", "gone", "silent"]
Unread = Literal["channel", "group", "email", "many", "looking"]


class Account(Struct, frozen=True, kw_only=True):
    """Who somebody is on a platform. Empty fields are not known; `zone` is an IANA name.

    `barred` says why they are none of ours: a guest of the workspace, or somebody from another one; a machine, or an
    account that is off; or one of whom the platform says nothing.
    """

    platform: str
    team: str
    user: str
    channel: str = ""
    name: str = ""
    zone: str = ""
    locale: str = ""
    email: str = ""
    barred: Barred = ""


# The verb of a button that shows the card of now again, whatever conversation it is in; and the value with which it
# says nothing where there is none, or shows it beside the card that was pressed.
BACK, QUIETLY, BESIDE = "beside:back", "quietly", "beside"


class Event(Struct, frozen=True, kw_only=True):
    """`key` is the platform's own id of this happening: the same key means the same happening, told again.

    `posts` names the answers that cannot be given where this happened, by their tags: they come as messages.
    `on` is the platform's id of the message that was acted on, where a card replaced in the answer is replaced only
    on one screen: then the message is revised as well. `among` says that others read along where this happened: what
    is answered comes to the private chat, and there it is only said that it does.
    """

    key: str
    by: Account
    posts: tuple[Literal["only_you", "replace", "open"], ...] = ()
    on: str = ""
    among: bool = False


class Said(Event, frozen=True, tag="said"):
    """Free text in the private chat. `thread` is set when it answers one card or platform thread.

    `files` says that a picture or a file came along; what is in it is not ours to fetch. `message` is the platform's
    own id of it, where it can be changed or deleted there later.
    """

    text: str
    thread: str = ""
    files: bool = False
    message: str = ""


class Edited(Event, frozen=True, tag="edited"):
    """They changed a message of theirs: `text` is how it reads now. `back` says that they had deleted it before."""

    message: str
    text: str
    back: bool = False


class Removed(Event, frozen=True, tag="removed"):
    """They deleted a message of theirs."""

    message: str


class Pressed(Event, frozen=True, tag="pressed"):
    """A button. `inputs` holds what the card's choices and boxes stood at.

    `aside` says that the card was a copy, such as one opened from a home: its message is to say the same.
    """

    thread: str
    version: int
    verb: str
    value: str = ""
    inputs: dict[str, str] = {}
    aside: bool = False


class Submitted(Event, frozen=True, tag="submitted"):
    """A form. `fields` holds every field by name: dates as YYYY-MM-DD, times as HH:MM.

    `people` are those who were chosen in it, as the platform knows them; `unread` says what of it could not be looked
    up there: a channel, a group, an e-mail, or more people than at once. `looking` says that they are still looked up:
    the same comes again, with them.
    """

    thread: str
    version: int
    verb: str
    fields: dict[str, str] = {}
    people: tuple[Account, ...] = ()
    unread: tuple[Unread, ...] = ()


class Commanded(Event, frozen=True, tag="commanded"):
    """A slash command: `command` without its slash, `text` raw as the platform sends it.

    A `quoted` text is a message of somebody's that was pointed at: what is understood of it fills a form, and no more.
    `people` and `unread` as in a form, where the command is one that chooses people.
    """

    command: str
    text: str = ""
    quoted: bool = False
    people: tuple[Account, ...] = ()
    unread: tuple[Unread, ...] = ()


class Joined(Event, frozen=True, tag="joined"):
    """Somebody opened the chat for the first time, or was added to the team.

    `home` says that they look at the home a platform keeps for them: it is the answer.
    """

    home: bool = False


class LetIn(Event, frozen=True, tag="let_in"):
    """A workspace has just let us in, and this is who did it."""


class Left(Event, frozen=True, tag="left"):
    """Somebody is gone from the platform; without a user the whole workspace has shown us out, `at` that second."""

    at: int = 0


class Found(Event, frozen=True, tag="found"):
    """The code that was given to a known person in the chat `on` was typed by an account that nobody knows."""

    on: str


class Due(Struct, frozen=True, kw_only=True, tag="due"):
    """A planned moment has come. `key` is its occurrence key (person, local date, topic)."""

    key: str
    organization: str
    person: str
    topic: str
    day: date
    thread: str = ""


FromPlatform = Said | Edited | Removed | Pressed | Submitted | Commanded | Joined | LetIn | Left
AnyEvent = FromPlatform | Due | Found
