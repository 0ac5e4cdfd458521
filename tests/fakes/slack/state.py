"""What a Slack remembers: workspaces, people, conversations, messages, open views, and ids that are used up."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.fakes.slack import screen
from tests.fakes.slack.screen import Draft
from tests.fakes.slack.shapes import Json, items, text

TRIGGER_LIVES: Final = 3.0
RESPONSE_URL_LIVES: Final = 30 * 60.0
RESPONSE_URL_USES: Final = 5
SCOPES: Final = frozenset({"chat:write", "commands", "im:history", "im:write", "users:read"})


@dataclass
class Profile:
    """Who somebody is. `tz` is an IANA name; a stranger's `home_team` is another workspace."""

    id: str
    name: str
    real_name: str
    tz: str = "America/New_York"
    locale: str = "en-US"
    email: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    home_team: str = ""


@dataclass
class Message:
    """A message as it stands now. `only_for` is set on one that only one person sees."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[object] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    thread_ts: str = ""
    from_bot: bool = False
    only_for: str = ""
    edits: int = 0
    gone: bool = False
    by_response_url: bool = False
    draft: Draft = field(default_factory=dict)

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.only_for)

    @property
    def shown(self) -> str:
        """What is read on the screen: the blocks where there are any, else the text."""
        return screen.words(self.blocks) if self.blocks else self.text

    @property
    def buttons(self) -> list[str]:
        return screen.buttons(self.blocks)

    def show(self, words: str, blocks: list[object], *, again: str) -> None:
        """Put new content in place. Choices made in the old one are gone, as they are on a real screen."""
        self.text, self.blocks, self.draft = words, screen.with_ids(blocks, again), {}
        self.edits += 1


@dataclass
class View:
    """A modal or a home tab. `asked` is what the app sent, with ids filled in."""

    id: str
    team: str
    user: str
    asked: Json
    hash: str
    root: str = ""
    previous: str = ""
    draft: Draft = field(default_factory=dict)

    @property
    def blocks(self) -> list[object]:
        return items(self.asked.get("blocks"))

    @property
    def shown(self) -> str:
        return screen.words(self.blocks)

    @property
    def buttons(self) -> list[str]:
        return screen.buttons(self.blocks)

    @property
    def fields(self) -> list[str]:
        return [one.block_id for one in screen.fields(self.blocks)]

    @property
    def title(self) -> str:
        title = self.asked.get("title")
        return text(title.get("text")) if isinstance(title, dict) else ""


@dataclass
class Channel:
    """A conversation: `im` between the app and one person, or a public channel by name."""

    id: str
    kind: Literal["im", "channel"]
    user: str = ""
    name: str = "directmessage"
    archived: bool = False
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        return next((one for one in reversed(self.messages) if one.ts == ts and not one.gone), None)


@dataclass
class Team:
    """One workspace with the app in it. `status` is installed, uninstalled or revoked.

    `enterprise` is the Enterprise Grid organization it belongs to; `wide` says that the whole of it let the app in.
    """

    id: str
    name: str
    token: str
    app_id: str
    bot_user: str
    bot_id: str
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    status: str = "installed"
    enterprise: str = ""
    wide: bool = False
    profiles: dict[str, Profile] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    views: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)

    def direct(self, user: str) -> Channel:
        """The conversation between the app and this person; there is one, and it is always the same."""
        return self.channels.setdefault(f"D{user[1:]}", Channel(f"D{user[1:]}", "im", user))

    def all_views(self) -> Iterator[View]:
        yield from (view for stack in self.views.values() for view in stack)
        yield from self.homes.values()


@dataclass
class Trigger:
    """A right to open a view, once, for three seconds."""

    team: str
    user: str
    made_at: float
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """A right to answer one interaction: `ts` is the message it came from, empty for a command."""

    team: str
    channel: str
    user: str
    made_at: float
    ts: str = ""
    left: int = RESPONSE_URL_USES


@dataclass
class Code:
    """What a person who lets the app in sends it back with: good once, for ten minutes, at one address."""

    team: str
    user: str
    redirect: str
    scopes: set[str]
    made_at: float
    used: bool = False


@dataclass(frozen=True)
class Called:
    """One call of the Web API or a response URL, as it was answered."""

    method: str
    team: str
    channel: str
    fields: Json
    status: int
    error: str
    at: float


class State:
    """Everything one Slack remembers. Its clock can be moved ahead, to let triggers and addresses grow old."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: deque[Called] = deque(maxlen=20_000)
        self.counts: Counter[str] = Counter()
        self.codes: dict[str, Code] = {}
        self.complaints: list[str] = []
        self.ahead = 0.0
        self.tell: Callable[[Team, Json], None] = lambda team, event: None
        self._seed = int(time.time() * 1000)
        self._made = 0
        self._last = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def stamp(self) -> str:
        """A message's name and moment; no two are the same, and later ones are greater."""
        self._last = max(self.now(), self._last + 0.000_002)
        return f"{self._last:.6f}"

    def make_id(self, prefix: str) -> str:
        """An id no other Slack on this machine has made, so that one started anew never repeats an old event."""
        self._made += 1
        number, digits = self._seed * 1_000_000 + self._made, ""
        while number:
            number, rest = divmod(number, 36)
            digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
        return prefix + digits

    def trigger(self, team: Team, user: str, view: str = "") -> str:
        made = f"{self.make_id('')}.{team.id}.{self.make_id('').lower()}"
        self.triggers[made] = Trigger(team.id, user, self.now(), view)
        return made

    def response_url(self, team: Team, kind: str, channel: str, user: str, ts: str = "") -> str:
        """The path of a new response URL."""
        path = f"/{kind}/{team.id}/{self.make_id('')}"
        self.response_urls[path] = ResponseUrl(team.id, channel, user, self.now(), ts)
        return path

    def post(self, team: Team, channel: Channel, message: Message) -> Message:
        """The message is in the conversation; whoever listens to it is told."""
        message.blocks = screen.with_ids(message.blocks, f"{message.ts[-6:]}b")
        channel.messages.append(message)
        return message

    def keys(self, name: str = "key") -> Counter[str]:
        """How many messages were posted under each key that stands in their metadata: above one is a duplicate."""
        found: Counter[str] = Counter()
        for team in self.teams.values():
            for channel in team.channels.values():
                for message in channel.messages:
                    payload = message.metadata.get("event_payload")
                    if isinstance(payload, dict) and payload.get(name):
                        found[str(payload[name])] += 1
        return found
