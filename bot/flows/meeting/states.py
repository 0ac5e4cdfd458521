"""Where a first meeting can stand. Ids, never words."""

from __future__ import annotations

from msgspec import Struct


class Invited(Struct, frozen=True, tag="invited"):
    """What this is has been said; a yes or a no is awaited."""


class Asking(Struct, frozen=True, tag="asking"):
    """One of the questions stands there, each of which can be left out: strengths, experience, preferences, hopes."""

    part: str


class Choosing(Struct, frozen=True, tag="choosing"):
    """A day, an hour and how they like it are awaited, with the usual ones standing there.

    Who went straight there is asked nothing more.
    """

    straight: bool = False


class Sharing(Struct, frozen=True, tag="sharing"):
    """Their answers are shown, and nothing is shared: not by an older card than `version` either.

    `picking` is whether they choose among them, `out` holds those they leave out.
    """

    picking: bool = False
    out: tuple[str, ...] = ()
    version: int = 0


class Met(Struct, frozen=True, tag="met"):
    """It is over, one way or the other."""


State = Invited | Asking | Choosing | Sharing | Met
