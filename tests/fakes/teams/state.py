"""What a Teams remembers: tenants, people, conversations, messages, and what was called."""

import json
import secrets
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.fakes.slack.shapes import Json, obj, objects
from tests.fakes.teams import screen

CARD: Final = "application/vnd.microsoft.card.adaptive"
APP: Final = "11111111-2222-4333-8444-555555555555"
SECRET: Final = "an-app-password-that-only-tests-know"


@dataclass
class Profile:
    """Who somebody is. `tz` is an IANA name; a guest's `home_tenant` is another tenant."""

    id: str
    name: str
    real_name: str
    tz: str = "America/New_York"
    locale: str = "en-US"
    email: str = ""
    aad: str = ""
    deleted: bool = False
    is_guest: bool = False
    home_tenant: str = ""
    installed: bool = True
    blocked: bool = False


@dataclass
class Screen:
    """One message before one person: the card that replaced it for them, what they opened, and what they typed."""

    card: Json | None = None
    opened: set[str] = field(default_factory=set)
    draft: dict[str, str] = field(default_factory=dict)


@dataclass
class Message:
    """A message as it stands now: `activity` is what the service keeps of it, `screens` what each person has of it.

    `only_for` is set on a line that only one person saw, and that the service does not keep.
    """

    id: str
    conversation: str
    sender: str
    activity: Json
    from_bot: bool = False
    reply_to: str = ""
    only_for: str = ""
    edits: int = 0
    gone: bool = False
    screens: dict[str, Screen] = field(default_factory=dict)

    @property
    def ts(self) -> str:
        """Its name and its moment: later ones are greater."""
        return self.id

    @property
    def text(self) -> str:
        said = self.activity.get("text")
        return said if isinstance(said, str) else ""

    @property
    def kept_cards(self) -> list[Json]:
        """The cards as the service keeps them."""
        found = objects(self.activity.get("attachments"))
        return [obj(one.get("content")) for one in found if one.get("contentType") == CARD]

    def screen(self, person: str) -> Screen:
        """That person's screen; for nobody in particular the only one there is, or one that nobody touched."""
        if person:
            return self.screens.setdefault(person, Screen())
        return next(iter(self.screens.values())) if len(self.screens) == 1 else Screen()

    def cards(self, person: str = "") -> list[Json]:
        """The cards on that person's screen."""
        seen = self.screen(person).card
        return [seen] if seen else self.kept_cards

    @property
    def words(self) -> str:
        """The text as it is read."""
        is_plain = not self.from_bot or self.activity.get("textFormat") == "plain"
        return screen.typed(self.text) if is_plain else screen.marked(self.text)

    def shown_to(self, person: str) -> str:
        """Everything that person reads there."""
        return "\n".join(one for one in (self.words, *map(screen.words, self.cards(person))) if one)

    @property
    def shown(self) -> str:
        """What is read on the screen: the text, and the cards under it."""
        return self.shown_to("")

    @property
    def buttons(self) -> list[str]:
        return self.buttons_of("")

    @property
    def fields(self) -> list[str]:
        opened = self.screen("").opened
        return [one.id for card in self.cards() for one in screen.inputs(card, opened)]

    def buttons_of(self, person: str) -> list[str]:
        """What the buttons on that person's screen say."""
        opened = self.screen(person).opened
        return [label for card in self.cards(person) for label in screen.buttons(card, opened)]

    def show(self, activity: Json) -> None:
        """Put new content in place. What was typed into the old one is gone, for everybody."""
        self.activity, self.screens = activity, {}
        self.edits += 1

    def replace(self, person: str, card: Json) -> None:
        """Another card in the same place on that person's screen."""
        self.screens[person] = Screen(card)
        self.edits += 1


@dataclass
class Conversation:
    """A chat with the app (`personal`), a chat of several, or a thread in a channel of a team."""

    id: str
    kind: Literal["personal", "groupChat", "channel"]
    members: list[str] = field(default_factory=list)
    name: str = ""
    team: str = ""
    installed: bool = True
    messages: list[Message] = field(default_factory=list)

    def find(self, id: str) -> Message | None:
        return next((one for one in reversed(self.messages) if one.id == id and not one.gone), None)


@dataclass
class Tenant:
    """One tenant with the app allowed in it. `enabled` is whether its admin lets the app work."""

    id: str
    name: str
    enabled: bool = True
    profiles: dict[str, Profile] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)

    def direct(self, person: str) -> Conversation:
        """The conversation between the app and this person; there is one, and it is always the same."""
        for found in self.conversations.values():
            if found.kind == "personal" and found.members == [person]:
                return found
        made = Conversation(f"a:1{secrets.token_urlsafe(60)}", "personal", [person])
        self.conversations[made.id] = made
        return made

    def person(self, name: str) -> Profile | None:
        """By Teams id, by directory id or by address."""
        return next((one for one in self.profiles.values() if name in {one.id, one.aad, one.email or None}), None)


@dataclass(frozen=True)
class Called:
    """One call of the connector or the login cloud, as it was answered."""

    method: str
    tenant: str
    conversation: str
    fields: Json
    status: int
    error: str
    at: float


class State:
    """Everything one Teams remembers. Its clock can be moved ahead, to let the app's tokens grow old."""

    def __init__(self) -> None:
        self.app = APP
        self.secret = SECRET
        self.tenants: dict[str, Tenant] = {}
        self.calls: deque[Called] = deque(maxlen=20_000)
        self.counts: Counter[str] = Counter()
        self.complaints: list[str] = []
        self.typing: Counter[str] = Counter()
        self.ahead = 0.0
        self._last = 0

    @property
    def bot(self) -> str:
        return f"28:{self.app}"

    def now(self) -> float:
        return time.time() + self.ahead

    def stamp(self) -> str:
        """A message's name: milliseconds, and no two are the same."""
        self._last = max(int(self.now() * 1000), self._last + 1)
        return str(self._last)

    def make_id(self, prefix: str = "") -> str:
        return f"{prefix}{uuid.uuid4()}"

    def all_messages(self) -> Iterator[tuple[Tenant, Conversation, Message]]:
        for tenant in self.tenants.values():
            for conversation in tenant.conversations.values():
                for message in conversation.messages:
                    yield tenant, conversation, message

    def keys(self) -> Counter[str]:
        """How many messages of the app arrived with the same content at the same place: above one is a duplicate."""
        found: Counter[str] = Counter()
        for tenant, conversation, message in self.all_messages():
            if message.from_bot and not message.only_for:
                names = [tenant.profiles[one].name for one in conversation.members if one in tenant.profiles]
                said = {name: message.activity.get(name) for name in ("text", "attachments")}
                found[f"{', '.join(names)}: {json.dumps(said, sort_keys=True)}"] += 1
        return found
