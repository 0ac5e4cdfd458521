"""What a platform brings so that the contract can be held against it, and how its driver is found."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import adapters
from bot.cards import Card, Form
from bot.events import Account, FromPlatform
from bot.platform import Platform

Drawn = Any  # a tree of JSON, or HTML
NAMES = sorted(folder.name for folder in pkgutil.iter_modules(adapters.__path__))


class Seat(Protocol):
    """One person in front of the platform's fake, with our adapter connected to it and a door that writes down.

    Every act goes the whole way: the fake makes the raw form, sends it, and the adapter's own ingress reads it.
    """

    platform: Platform
    account: Account

    @property
    def heard(self) -> list[FromPlatform]:
        """What reached the door, in order."""
        ...

    async def say(self, text: str) -> None: ...

    async def share(self, text: str) -> None:
        """Send a picture with these words, or with none (where a platform takes `FILES`)."""
        ...

    async def edit(self, text: str) -> None:
        """Change the message that was said last (where `AMENDS`)."""
        ...

    async def unsay(self) -> None:
        """Take back the message that was said last (where `AMENDS`)."""
        ...

    async def command(self, command: str, text: str) -> None: ...

    async def press(self, card: Card, label: str, inputs: dict[str, str]) -> None:
        """Show them the card, set its choices, and press the button of that label."""
        ...

    async def submit(self, form: Form, fields: dict[str, str]) -> None:
        """Open the form in front of them, fill these fields, leave the others, and send it. Only that is heard."""
        ...

    async def join(self) -> None:
        """Where people come (`Joined`)."""
        ...

    async def leave(self) -> None:
        """Where people go (`Left`)."""
        ...

    def sees(self) -> list[str]:
        """The text of each message of ours that stands in front of them, oldest first."""
        ...

    def cut(self) -> bool:
        """The next message is taken and the answer to it lost. False where a platform leaves no such doubt."""
        ...


class Driver(Protocol):
    """A module `tests/contract/<platform>.py` with these names; nothing else knows the platform."""

    SUFFIX: str  # of a snapshot: `json` or `html`
    LABEL: int  # the longest label of a button or an option that is drawn whole where it stands
    WHOLE: int  # how many characters of content are drawn whole
    COMES_AND_GOES: bool  # whether the platform tells of people who come and go
    AMENDS: bool  # whether the platform tells of a message that was changed or taken back
    FILES: bool  # whether a picture or a file can be sent to us there

    def draw(self, shown: Card | Form) -> Drawn: ...

    def written(self, drawn: Drawn) -> str:
        """One drawing in a snapshot: in lines, so that a change can be read."""
        ...

    def problems(self, drawn: Drawn) -> list[str]:
        """What the platform would refuse: its schema, its limits, and what a screen reader could not name."""
        ...

    def read(self, drawn: Drawn) -> list[str]:
        """What a person reads, piece by piece from top to bottom, and nothing of the platform's own furniture.

        A button is `[label]`; what a choice or a list stands at is followed by `(chosen)`; what a value was before
        it changed is `(was …)`, after the value; what stands in a box is a piece of its own.
        """
        ...

    def seated(self) -> AbstractAsyncContextManager[Seat]: ...


def driver(name: str) -> Driver:
    """The driver of a platform. A folder in `adapters/` without one fails every test of the contract."""
    found: Driver = importlib.import_module(f"tests.contract.{name}")
    return found
