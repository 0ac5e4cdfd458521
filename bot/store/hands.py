"""What passes between the store and whoever drains a lane: lanes held and left, rows taken and marked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from bot.events import Account
from bot.platform import Receipt

AGAIN = "sent again"


class Held(Struct, frozen=True):
    """A lane in our hands: its fence, and the pace at which it was left (milliseconds; `next_ms` since the epoch)."""

    fence: int
    gap_ms: int = 0
    next_ms: int = 0


class Left(Struct, frozen=True, kw_only=True):
    """A lane that is given back: whether there is more to do now, until when it has to rest, and its pace."""

    more: bool = False
    paused_until: datetime | None = None
    gap_ms: int = 0
    next_ms: int = 0


class Taken(Struct, frozen=True, kw_only=True):
    """One row in the hands of a lane's drainer. `fate` is unsure where an earlier drainer may have sent it.

    What it says is still `sealed`, and only its own organization's transaction opens it. `again` says that it was sent
    once more without knowing, and that nobody knows what became of that either.
    """

    number: int
    key: str
    lane: str
    organization: str
    kind: str
    person: str
    attempts: int
    fate: Literal["fresh", "unsure"]
    topic: str
    day: date
    thread: str
    fence: int
    again: bool = False
    sealed: str | None
    to: Account | None
    revises: Receipt | None
    since: datetime | None
    expires_at: datetime | None


class Mark(Struct, frozen=True, kw_only=True):
    """What became of a row. Only `sent` is written whoever says it: the others need the row still in these hands."""

    taken: Taken
    state: Literal["sent", "ready", "sending", "dead", "late", "ambiguous"]
    receipt: Receipt | None = None
    reason: str = ""
    at: datetime | None = None
