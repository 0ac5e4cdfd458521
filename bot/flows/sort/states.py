"""Where a sort of student work can stand. Ids, never words."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from bot.flows.aside import Aside
from bot.flows.naming import Named
from bot.flows.reflection.states import State as Ending

Size = Literal["", "few", "some", "most"]
At = Literal[
    "there", "again", "sort", "names", "rename", "size", "notice", "more", "ideas", "questions", "next", "wait",
    "ending", "done"
]  # fmt: skip


class Group(Struct, frozen=True):
    """One group on the table: the record of its name, and how much of the work it holds."""

    name: str
    size: Size = ""


class Answer(Struct, frozen=True):
    """Who answered what about which group (nothing for the whole table), and the record of it."""

    person: str
    stem: str
    group: str
    record: str


class Side(Struct, frozen=True, kw_only=True):
    """How far one of the people is. `group` is the one they are asked about, `naming` holds names that are questioned.

    `aside` is what they asked for instead of an answer, `advice` how often that was advice; `told` lists what was said
    once. `ending` is the next step, as a reflection ends.
    """

    person: str
    at: At = "there"
    group: int = 0
    naming: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    aside: Aside | None = None
    advice: int = 0
    ending: Ending | None = None


class Beginning(Struct, frozen=True, tag="beginning"):
    """What is needed has been said; nothing has begun."""


class Sorting(Struct, frozen=True, tag="sorting"):
    """`other` is who was asked along, `held` until messages to them are open; joined, they have a side of their own.

    `named` holds words as they were written with what may be a student's name.
    """

    sides: tuple[Side, ...]
    other: str = ""
    held: bool = False
    version: int = 0
    groups: tuple[Group, ...] = ()
    answers: tuple[Answer, ...] = ()
    named: tuple[Named, ...] = ()


State = Beginning | Sorting
