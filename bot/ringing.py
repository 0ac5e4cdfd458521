"""Times of the week: a school's bells, when a coach may be asked for, and which day “next Tuesday” is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

Which = Literal["", "this_week", "next_week"]


class Period(Struct, frozen=True):
    """One block of a school day, in minutes after local midnight."""

    id: str
    label: str
    start: int
    end: int


class BellDay(Struct, frozen=True):
    """A day's bells under the name by which days call them: `MO`, `A`, `Day 3`, `early release`."""

    name: str
    periods: tuple[Period, ...] = ()


class Rung(Struct, frozen=True):
    """On that date the bells of that name ring, whatever else would."""

    day: date
    name: str


class Bells(Struct, frozen=True, kw_only=True):
    """When blocks meet. Weekdays have the bells that are named like them (`MO`).

    With a rotation, the school days from `since` on take its names in turn; `weekly` turns once a week instead, and
    then a weekday's own bells within it are named like `A MO`. `dated` goes before both.
    """

    days: tuple[BellDay, ...] = ()
    rotation: tuple[str, ...] = ()
    since: date | None = None
    weekly: bool = False
    dated: tuple[Rung, ...] = ()


class OpenTime(Struct, frozen=True, array_like=True):
    """A time of the week at which a coach may be asked for: `weekday` from Monday = 0, minutes after local midnight."""

    weekday: int
    opens: int
    closes: int


class NextDay(Struct, frozen=True, array_like=True):
    """Which day “next Tuesday” is where it may be two: as somebody `said` last, and what it `means` to them.

    It means something once they said the same twice, or chose it in their settings.
    """

    said: Which = ""
    means: Which = ""
