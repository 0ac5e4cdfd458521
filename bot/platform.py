"""The port: what a platform offers us, what we offer a platform, and the parcel between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct

from bot.cards import Answer, Card, Form
from bot.events import Account, FromPlatform
from bot.records import Own

if TYPE_CHECKING:
    from aiohttp.web import Application

    from bot.settings import Settings


class Receipt(Struct, frozen=True):
    """Where a delivered message can be found again: the platform's conversation and its message id.

    `team` is the workspace, where it has to be known to reach it.
    """

    channel: str
    id: str
    team: str = ""


class Parcel(Struct, frozen=True, kw_only=True):
    """A committed message on its way. With `revises` it replaces that message in place.

    `key` is the same at every try. `since` is when the first try began, for looking it up.
    """

    key: str
    organization: str
    person: str
    to: Account
    card: Card | Form
    revises: Receipt | None = None
    since: datetime | None = None


class File(Struct, frozen=True, kw_only=True):
    """Something to keep: its name, what kind of file it is, and what is in it."""

    name: str
    kind: str
    body: bytes


class Later(Exception):
    """The platform definitely did not take it; try again, after `seconds` where it said so."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class Refused(Exception):
    """The platform will never take it (`account_inactive`, `msg_too_long`, …); it is not tried again.

    `gone` says that it will take nothing for this person: that is their account's fault, and not this message's.
    `shut` says that it will take nothing for anybody in this workspace.
    """

    def __init__(self, reason: str, *, gone: bool = False, shut: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gone = gone
        self.shut = shut


class Unsure(Exception):
    """It may or may not have been taken: the line broke after we wrote."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pace(Struct, frozen=True, kw_only=True):
    """How fast a platform takes messages: a second, in one workspace, at first and at most; and in one conversation.

    Between `start` and `most` the outbox feels its way: quicker while nothing is refused, half as quick after a 429.
    """

    start: float
    most: float
    conversation: float


class Platform(Protocol):
    """One connected platform. `deliver` raises `Later`, `Refused` or `Unsure`; it never retries by itself.

    `looks_up` says whether `find` can tell what became of a parcel. Where it cannot, `find` is never asked.
    """

    name: str
    looks_up: bool

    @property
    def pace(self) -> Pace | None:
        """None where there is no limit."""
        ...

    async def deliver(self, parcel: Parcel) -> Receipt: ...

    async def find(self, parcel: Parcel) -> Receipt | None:
        """Whether a parcel of unsure fate has arrived. Only asked after `Unsure` or a crash."""
        ...

    async def hand(self, parcel: Parcel, files: tuple[File, ...]) -> Receipt:
        """Files to keep, in the private chat, below what the card says; `Refused("no_files")` where there are none."""
        ...

    async def unsay(self, said: Receipt) -> None:
        """Take back a message of ours. Asked again after it has gone, that is no fault."""
        ...

    async def close(self) -> None: ...


@runtime_checkable
class Homely(Protocol):
    """A platform that keeps a home for each person, beside the chat."""

    async def draw(self, to: Account, card: Card) -> None:
        """Put this card there, in the place of what stood there."""
        ...


@runtime_checkable
class Guarded(Protocol):
    """A platform with a door of its own knows how often it turned something away, by a word for the reason."""

    @property
    def refused(self) -> Mapping[str, int]: ...


class Door(Protocol):
    """The one door. `handle` returns after the commit; the same event key gets the same answer again."""

    async def handle(self, event: FromPlatform) -> Answer: ...


class Installed(Struct, frozen=True, kw_only=True):
    """A workspace that has just let us in, `by` somebody there; `known` are those of `Installs.awaited` who are there.

    `ours` is the one whose token stands in the settings: it belongs to the organization that the settings are about.
    """

    platform: str
    team: str
    name: str
    token: str | None
    by: str = ""
    ours: bool = False
    known: tuple[str, ...] = ()


class Installs(Protocol):
    """The workspaces that let us in. Each is an organization of its own, unless it is known already."""

    async def once(self, key: str) -> bool:
        """Whether this key is used for the first time."""
        ...

    async def awaited(self, platform: str) -> tuple[str, ...]:
        """Some people, by their ids there, whom an import named before any workspace of theirs let us in."""
        ...

    async def keep(self, installed: Installed) -> None: ...

    async def back(self, platform: str) -> None:
        """The one workspace that the settings are about lets us in."""
        ...

    async def token(self, platform: str, team: str) -> str | None: ...

    def words(self, key: str, locale: str) -> str:
        """A sentence of ours, for a page that somebody sees whom nobody knows yet."""
        ...


class Remark(Struct, frozen=True, kw_only=True):
    """One message as the playground keeps it: `card` from Beside, or `words` a person typed or tapped.

    `kind` is card, words, tap or command. A remark written again under its `key` is replaced in place.
    """

    key: str
    person: str
    at: datetime
    kind: str
    card: Card | None = None
    words: Own | None = None
    order: int = 0


class Face(Struct, frozen=True, kw_only=True):
    """One person as the playground shows them."""

    id: str
    handle: str
    first: str
    name: str
    role: str
    partner: str = ""
    language: str = "en"


class Ground(Struct, frozen=True, kw_only=True):
    """What an adapter's `connect` is given: the application for its routes, the one door, settings, and the house.

    `commands` are the words after each command that mean something; a command with none takes any.
    """

    app: Application
    door: Door
    settings: Settings
    house: House
    installs: Installs
    commands: Mapping[str, frozenset[str]] = {}


class Adapter(Protocol):
    """What every folder in `adapters/` offers.

    `team` is the workspace that these settings stand for, or `*` for any; none where each lets us in by itself.
    """

    def wanted(self, settings: Settings) -> bool: ...

    def team(self, settings: Settings) -> str: ...

    async def connect(self, ground: Ground) -> Platform: ...


class House(Protocol):
    """What the playground may ask of the house: its people, its remarks, its clock. No other platform needs it."""

    def now(self) -> datetime: ...

    def zone(self) -> str: ...

    async def faces(self) -> tuple[Face, ...]: ...

    async def remarks(self, person: str, after: int = 0) -> tuple[Remark, ...]: ...

    async def remark(self, remark: Remark) -> Remark:
        """Keep it (or replace the one of its key) and return it with its order."""
        ...

    async def marks(self, threads: Collection[str]) -> Mapping[str, str]:
        """A mark of where each of these conversations stands: another mark says that it has gone on."""
        ...

    def move(self, by: str, person: str) -> AsyncIterator[datetime]:
        """Play the time until `by` (hour, morning, nudge, week): yields the clock at each stop and at the end."""
        ...

    async def reset(self) -> None:
        """Start the sample school again, clock and all."""
        ...

    def commands(self, role: str) -> tuple[tuple[str, str, str], ...]:
        """(command, what it does, what it fills the box with) for the list that opens on a slash."""
        ...
