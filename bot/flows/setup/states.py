"""Where choosing people can stand. Ids and names, as the platform has them; an e-mail is sealed as the school's own."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from bot.records import Own

Why = Literal["", "guest", "stranger", "bot", "gone", "coach", "teacher", "already", "unknown", "me", "silent"]


class Candidate(Struct, frozen=True, kw_only=True):
    """One person who was chosen; `person` is who they are here already, `why` the reason they are left out."""

    name: str
    platform: str
    team: str
    user: str = ""
    zone: str = ""
    locale: str = ""
    email: Own | None = None
    person: str = ""
    unmet: bool = True
    why: Why = ""


class Welcoming(Struct, frozen=True, tag="welcoming"):
    """Who coaches here stands there, and can be added to."""


class Picking(Struct, frozen=True, tag="picking"):
    """A form waits: the school's, or the one where teachers are chosen."""


class Previewing(Struct, frozen=True, tag="previewing"):
    """Who would hear from us stands there, and who not; nothing is kept, and nobody was written to."""

    found: tuple[Candidate, ...]
    unread: tuple[str, ...] = ()


class Adding(Struct, frozen=True, tag="adding"):
    """So many of those who are welcomed are kept by now; the next few follow."""

    found: tuple[Candidate, ...]
    done: int


class Leaving(Struct, frozen=True, tag="leaving"):
    """What it would mean that this coach is taken out stands there; nothing is changed."""

    coach: str


class TakenOut(Struct, frozen=True, tag="taken_out"):
    """This coach was taken out then `by` that person, who may put them back, be it themselves."""

    coach: str
    at: datetime
    by: str


class Finished(Struct, frozen=True, tag="finished"):
    """It is over, one way or the other."""


State = Welcoming | Picking | Previewing | Adding | Leaving | TakenOut | Finished
