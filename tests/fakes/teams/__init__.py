"""Microsoft Teams as it behaves: its login cloud, the Bot Connector, its deliveries, its people and its failures.

In a test: `async with Teams() as teams`, the app started with `teams.settings`, `teams.connect(its /api/messages)`,
`ana = teams.team.user("ana")`, then `await ana.say(…)`, `await ana.press(…)`, `await ana.submit(…)`; what she sees is
in `ana.messages()` and `ana.ephemerals()`. From another process: `remote.running()`.
"""

from tests.fakes.slack.screen import HeldBack, NotOnScreen
from tests.fakes.teams.courier import ONCE, Delivery, Reply, Result
from tests.fakes.teams.faults import Fault, Kind
from tests.fakes.teams.people import User, Workspace
from tests.fakes.teams.remote import NotDone, Remote, running
from tests.fakes.teams.server import METHODS, Teams
from tests.fakes.teams.state import APP, CARD, SECRET, Conversation, Message, Profile
from tests.fakes.teams.tokens import WRONG

__all__ = [
    "APP",
    "CARD",
    "METHODS",
    "ONCE",
    "SECRET",
    "WRONG",
    "Conversation",
    "Delivery",
    "Fault",
    "HeldBack",
    "Kind",
    "Message",
    "NotDone",
    "NotOnScreen",
    "Profile",
    "Remote",
    "Reply",
    "Result",
    "Teams",
    "User",
    "Workspace",
    "running",
]
