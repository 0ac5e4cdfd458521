"""Slack as it behaves: its Web API, its deliveries, its people, its limits and its failures.

In a test: `async with Slack() as slack`, `slack.connect(address of the app's events)` or `slack.socket_mode()`, and
`ana = slack.team.user("ana")`. Then `await ana.say(…)`, `await ana.command(…)`, `await ana.press(…)`,
`await ana.submit(…)`; what she sees is in `ana.messages()`, `ana.ephemerals()` and `ana.view()`. From another process:
`remote.running()`.
"""

from tests.fakes.slack.courier import ONCE, Delivery, Reply, Result
from tests.fakes.slack.faults import Fault, Kind
from tests.fakes.slack.people import User, Workspace
from tests.fakes.slack.remote import NotDone, Remote, running
from tests.fakes.slack.screen import HeldBack, NotOnScreen
from tests.fakes.slack.server import SECRET, Slack
from tests.fakes.slack.socket import APP_TOKEN, Switchboard
from tests.fakes.slack.state import Message, Profile, View

__all__ = [
    "APP_TOKEN",
    "ONCE",
    "SECRET",
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
    "Slack",
    "Switchboard",
    "User",
    "View",
    "Workspace",
    "running",
]
