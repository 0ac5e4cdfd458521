"""Where a weekly reflection can stand."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.flows.naming import Named
from bot.records import Own


class Walk(Struct, frozen=True, kw_only=True):
    """What one reflection carries along: the step it began with, the stem, the step it made. Ids, never words.

    `since` is when it began, `until` when the next check-in comes: from then on this is an older one. `advice` counts
    how often advice was asked for, `aside` says what was set aside. Only `named` holds words, for ten minutes.
    """

    day: date
    nudged: bool = False
    snoozes: int = 0
    step: str = ""
    tapped: str = ""
    stem: str = ""
    changed_stem: bool = False
    follow_up: str = ""
    made: str = ""
    small: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    advice: int = 0
    aside: str = ""
    named: tuple[Named, ...] = ()


class Opened(Struct, frozen=True, tag="opened"):
    """The opening with last time's step stands there (2.1)."""

    walk: Walk


class Snoozing(Struct, frozen=True, tag="snoozing"):
    """Another time is being chosen or, with `when`, was."""

    walk: Walk
    when: datetime | None = None


class NotYet(Struct, frozen=True, tag="not_yet"):
    """The step waits to be kept, made smaller or swapped."""

    walk: Walk


class Rewording(Struct, frozen=True, tag="rewording"):
    """New words for the old step are awaited; `how` is changed, smaller or swap."""

    walk: Walk
    how: str


class Asked(Struct, frozen=True, tag="asked"):
    """A stem was asked (2.2)."""

    walk: Walk


class Followed(Struct, frozen=True, tag="followed"):
    """The reply was reflected back, with a follow-up (2.3)."""

    walk: Walk


class Tapping(Struct, frozen=True, tag="tapping"):
    """The light version's one tap (2.8)."""

    walk: Walk


class Adding(Struct, frozen=True, tag="adding"):
    """The light version's optional line."""

    walk: Walk


class Stuck(Struct, frozen=True, tag="stuck"):
    """Three short questions, a person, or leaving it (1.8)."""

    walk: Walk


class Asking(Struct, frozen=True, tag="asking"):
    """What the coach would get is shown, and nothing is sent. `words` say what about, where they say anything.

    A button of an older preview than `version` sends nothing.
    """

    walk: Walk
    words: Own | None = None
    version: int = 0


class Smaller(Struct, frozen=True, tag="smaller"):
    """One of the three short questions was asked; `walk.small` lists those asked."""

    walk: Walk


class Advised(Struct, frozen=True, tag="advised"):
    """Advice was asked for, and a question came instead (1.7)."""

    walk: Walk


class Helping(Struct, frozen=True, tag="helping"):
    """Advice was asked for again: a person is offered, and no more questions."""

    walk: Walk


class Brief(Struct, frozen=True, tag="brief"):
    """A short answer was taken as it is (1.10); `empty` where it said that there is nothing to say."""

    walk: Walk
    empty: bool = False


class Stepping(Struct, frozen=True, tag="stepping"):
    """The next step is awaited, in their words (2.5)."""

    walk: Walk


class Knowing(Struct, frozen=True, tag="knowing"):
    """The step is kept; how we'll know is awaited (2.6)."""

    walk: Walk


class Summed(Struct, frozen=True, tag="summed"):
    """The summary card stands there (2.7); `settled` once they said that's it."""

    walk: Walk
    settled: bool = False


class Previewed(Struct, frozen=True, tag="previewed"):
    """What the coach would see is shown, and nothing is shared: not by an older preview than `version` either."""

    walk: Walk
    notes: bool = False
    version: int = 0


class Shared(Struct, frozen=True, tag="shared"):
    """`coach` has a copy, until it is taken back."""

    walk: Walk
    notes: bool = False
    coach: str = ""


class Rested(Struct, frozen=True, tag="rested"):
    """Over for this week; whatever was answered is kept."""

    walk: Walk


State = (
    Opened | Snoozing | NotYet | Rewording | Asked | Followed | Tapping | Adding | Stuck | Asking | Smaller | Advised
    | Helping | Brief | Stepping | Knowing | Summed | Previewed | Shared | Rested
)  # fmt: skip

# What may still be answered in words, up to the next step.
OPEN = (
    Opened, Snoozing, NotYet, Rewording, Asked, Followed, Tapping, Adding, Stuck, Smaller, Advised, Helping, Brief,
    Stepping,
)  # fmt: skip
