"""Where somebody stands among what is theirs. Ids, never words."""

from __future__ import annotations

from msgspec import Struct


class Listed(Struct, frozen=True, tag="listed"):
    """A page of all that they wrote, latest first."""

    page: int = 0


class Opened(Struct, frozen=True, tag="opened"):
    """One of their notes or steps, with what can be done with it."""

    id: str
    page: int = 0


class Previewed(Struct, frozen=True, tag="previewed"):
    """What the coach would see is shown, and nothing is shared: not by an older preview than `version` either."""

    id: str
    page: int = 0
    version: int = 0


class Deleting(Struct, frozen=True, tag="deleting"):
    """It goes with the next press, or stays."""

    id: str
    page: int = 0


class Logged(Struct, frozen=True, tag="logged"):
    """Who was shown or opened what, latest first."""

    page: int = 0


class Handed(Struct, frozen=True, tag="handed"):
    """All of it is on its way to them."""


State = Listed | Opened | Previewed | Deleting | Logged | Handed
