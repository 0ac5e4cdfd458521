"""What a conversation is: a pure step from state, event and facts to a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from bot.cadence import Lately
from bot.cards import NOTHING, Answer, Card
from bot.effects import Effect
from bot.events import Account, AnyEvent
from bot.linking import Linking
from bot.records import (
    Asked,
    Busy,
    Calendar,
    NextStep,
    Partnership,
    Person,
    Question,
    Reflection,
    School,
    Showing,
    Slot,
    Subscription,
)
from bot.stems import Library
from bot.words import Lines

_BESIDE = UUID("6f1b3a52-2d53-5f0e-9a54-0d1c6c1b7e1d")


def derived(*parts: str) -> str:
    """An id made from what it belongs to, so that a repeated event makes the same one."""
    return uuid5(_BESIDE, "\x1f".join(parts)).hex


def does_coach(one: Person) -> bool:
    """Whether they choose who is with them, and offer visits: a coach who was taken out does not."""
    return one.role == "coach" and one.coaching


class Command(Struct, frozen=True):
    """A slash command, or one word after `/beside`. `example` fills the box; what it does stands in the words."""

    name: str
    example: str
    word: str = ""
    roles: tuple[str, ...] = ("teacher", "coach")

    def explained(self, say: Lines, partner: str) -> str:
        key = f"house.does_{self.name}_{self.word or self.roles[0]}"
        return say.plain(key, **({"partner": partner} if "partner" in say.slots(key) else {}))


class Shared(Struct, frozen=True, kw_only=True):
    """What somebody let me read on one card: whose it is, when, and its records where they are wanted.

    `key` is the id of the first of its showings.
    """

    key: str
    by: str
    at: datetime
    records: tuple[Reflection | NextStep, ...] = ()


class Made(Struct, frozen=True):
    """A record that a message became, and the part of it that the message holds; `at` is when it was written."""

    record: Reflection | NextStep
    part: str
    at: datetime


class Facts(Struct, frozen=True, kw_only=True):
    """What is so while a step decides. `people` holds everybody this thread or command names, me included.

    `thread` is the thread's id, `version` the one that cards drawn in this turn will carry. `asked` is latest
    first. `busy` holds booked intervals by person. `step` is the open one, `steps` the latest few by id;
    `reflections` and `slots` are those of this thread, `theirs` what others share in it, `coming` mine that are
    not over, latest touched first. `wrote_long` says that last time's second answer was long.
    `colleagues` are those words, in small letters, of what was just written that name somebody here.
    `listening` is the thread that heard this person until now.
    `questions` are those that I wrote for my organization.
    `accounts` are my chats, `linking` what became of a code that was typed, `holder` whose the other account is.
    `lately` is what people were sent unasked, for the gate alone. `had` is the local date, of those around today,
    whose check-in has been.
    `away` is what people's own calendars take: shown as a doubt, never a refusal, and listed to nobody.
    `booked` are the visits ahead at my school, where new bells were typed.
    `calendar` is what I chose for calendars, `feed` the secret of my feed, `mail` whether e-mail can be sent.
    `handles` are those that are taken here, `coaches` those who coach here by name, and `holders` whose the accounts
    are, by user id or e-mail, of the people who were just chosen; `pairs` those of the coach who is taken out.
    `showings` is what others were shown of my words, latest first; `own` all that I wrote, latest first,
    or only what others have now; `visiting` those on whose card of a visit my words stand; `mirrors` what
    my partners wrote about themselves for me; `waiting` are the invitations that I am to answer and `shared` what
    others let me read; `made` what the message that was changed or deleted has become; `zones` where the schools of my
    organization are, those of most of them first.
    """

    now: datetime
    me: Person
    school: School
    thread: str
    version: int
    key: str
    say: Lines
    library: Library
    platform: str = "web"
    commands: tuple[Command, ...] = ()
    people: Mapping[str, Person] = {}
    mentions: Mapping[str, tuple[str, ...]] = {}
    partners: tuple[Person, ...] = ()
    colleagues: frozenset[str] = frozenset()
    schools: Mapping[str, School] = {}
    asked: tuple[Asked, ...] = ()
    team_asked: frozenset[str] = frozenset()
    answered: int = 0
    wrote_long: bool = False
    step: NextStep | None = None
    steps: Mapping[str, NextStep] = {}
    reflections: tuple[Reflection, ...] = ()
    theirs: tuple[Reflection, ...] = ()
    accounts: tuple[Account, ...] = ()
    linking: Linking | None = None
    holder: str = ""
    listening: str = ""
    busy: Mapping[str, tuple[Busy, ...]] = {}
    slots: tuple[Slot, ...] = ()
    coming: tuple[Slot, ...] = ()
    next_checkin: datetime | None = None
    had: date | None = None
    questions: tuple[Question, ...] = ()
    lately: Mapping[str, Lately] = {}
    showings: tuple[Showing, ...] = ()
    own: tuple[Reflection | NextStep, ...] = ()
    mirrors: tuple[Reflection, ...] = ()
    visiting: tuple[str, ...] = ()
    made: tuple[Made, ...] = ()
    public_url: str = ""
    mail: bool = False
    away: Mapping[str, tuple[Busy, ...]] = {}
    calendar: Calendar | None = None
    feed: str = ""
    subscriptions: tuple[Subscription, ...] = ()
    handles: frozenset[str] = frozenset()
    coaches: tuple[Person, ...] = ()
    holders: Mapping[str, Person] = {}
    pairs: tuple[Partnership, ...] = ()
    booked: tuple[Slot, ...] = ()
    waiting: tuple[Slot, ...] = ()
    shared: tuple[Shared, ...] = ()
    zones: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.me.zone)

    @property
    def here(self) -> datetime:
        """Now, on the wall of the person who acts."""
        return self.now.astimezone(self.zone)

    def read_by(self, reader: Person) -> Facts:
        """The same facts in the words of somebody else, who reads what comes of them."""
        same = reader.language == self.me.language
        return self if same else replace(self, say=Lines.load(reader.language), library=Library.load(reader.language))


class Turn(Struct, frozen=True):
    """Where we are now, what should happen, what the person who acted is shown, and whose free text comes here next.

    A turn that leaves the state as it is and has nothing to add is quiet: the unexpected is not an error.
    """

    state: Any
    effects: tuple[Effect, ...] = ()
    answer: Answer = NOTHING
    hear: tuple[str, ...] = ()


Read = Literal[
    "asks", "time", "chats", "contacts", "questions", "showings", "own", "mirrors", "made", "rhythm", "calendars",
    "bells", "theirs", "home", "crowd", "zones"
]  # fmt: skip


def _nobody(state: Any) -> tuple[str, ...]:
    return ()


def _nothing_more(state: Any) -> tuple[Read, ...]:
    return ()


class Flow(Struct, frozen=True, kw_only=True):
    """One conversation. `states` is the type its state is kept as, `current` the card of where it stands now.

    `typed` are the plain words (`bot.safety.command`) that open it; `topics` the planned moments it answers.
    `names` lists people whom a state is about beyond those who were written to.
    `reads` says which facts it needs beyond the people: what was asked and kept, whose time is booked, where I am,
    what was sent unasked, what others were shown, all that is mine, what partners wrote about themselves, what became
    of a message, which day has had its check-in, or what I chose for calendars; `reads_in` what a state needs beyond.
    A flow that `looks_anew` shows what is so now, also where it was asked for a moment ago.
    A flow that `passes_on` leaves words it has no use for to whoever asked before it.
    A flow that `guards_time` has its people's rows locked, in id order, before the facts are read.
    """

    name: str
    states: Any
    step: Callable[[Any, AnyEvent, Facts], Turn]
    current: Callable[[Any, Facts], Card | None]
    names: Callable[[Any], tuple[str, ...]] = _nobody
    commands: tuple[Command, ...] = ()
    typed: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    guards_time: bool = False
    passes_on: bool = False
    looks_anew: bool = False
    reads: tuple[Read, ...] = ()
    reads_in: Callable[[Any], tuple[Read, ...]] = _nothing_more
