"""One Slack, one of us, and the people these tests are about."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from pydantic import SecretStr

from adapters.slack.connection import SlackPlatform, connect
from adapters.slack.socket import LINES
from bot.cards import (
    NOTHING,
    Answer,
    Button,
    Buttons,
    Card,
    Choices,
    DateField,
    Form,
    Option,
    Text,
    TextField,
    TimeField,
)
from bot.events import Account, FromPlatform
from bot.platform import Parcel, Receipt
from bot.settings import Settings
from tests.fakes.slack import APP_TOKEN, Message, Profile, Slack, User

THREAD = "0f4c2f7e-7a52-5b7e-9d3e-2f5f5f5f5f5f"
PART = Choices("part", "Which part of the lesson?", (Option("launch", "Launch"), Option("menu", "Menu")), "launch")
OFFER = Card(
    blocks=(Text(("Tuesday, 10:15 to 11:00.",)), PART, Buttons((Button("send", "Send", "confirm", "slot-1"),))),
    thread=THREAD,
    version=1,
)
SENT = Card(blocks=(Text(("Sent to Ana.",)),), thread=THREAD, version=2)
FORM = Form(
    verb="offer",
    title="Offer a time",
    submit="Send",
    cancel="Leave it",
    thread=THREAD,
    version=4,
    fields=(
        TextField("focus", "What to listen to", optional=True),
        DateField("day", "Day"),
        TimeField("time", "Time", "10:15"),
    ),
)


class Recorder:
    """A door that writes down who came, and answers what the test chooses."""

    def __init__(self) -> None:
        self.events: list[FromPlatform] = []
        self.answer: Callable[[FromPlatform], Answer] = lambda _: NOTHING
        self.fails: Exception | None = None
        self.takes = 0.0

    async def handle(self, event: FromPlatform) -> Answer:
        self.events.append(event)
        await asyncio.sleep(self.takes)
        if self.fails is not None:
            raise self.fails
        return self.answer(event)

    def always(self, answer: Answer) -> None:
        self.answer = lambda _: answer

    @property
    def keys(self) -> set[str]:
        return {event.key for event in self.events}


class House:
    """One Slack, one of us, and the people the tests are about."""

    def __init__(self, slack: Slack, door: Recorder, platform: SlackPlatform) -> None:
        self.slack = slack
        self.door = door
        self.platform = platform
        self.ana = slack.team.user("ana", Profile("", "", "Ana Reyes", tz="America/Chicago", locale="es-MX"))

    def parcel(
        self, card: Card = SENT, *, key: str = "due/1", revises: Receipt | None = None, to: User | None = None
    ) -> Parcel:
        user = to or self.ana
        return Parcel(
            key=key,
            organization="org",
            person="person-ana",
            to=Account(platform="slack", team=self.slack.team.id, user=user.id),
            card=card,
            revises=revises,
            since=datetime.now(UTC),
        )


@asynccontextmanager
async def connected(slack: Slack, api_url: str = "", way: str = "http") -> AsyncIterator[House]:
    """`way` is http, socket or both: how what people do gets to us."""
    door, app = Recorder(), web.Application()
    settings = Settings(
        slack_signing_secret=SecretStr(f"the-old-one, {slack.secret}") if way != "socket" else None,
        slack_app_token=SecretStr(APP_TOKEN) if way != "http" else None,
        slack_bot_token=SecretStr(slack.team.token),
        slack_api_url=api_url or slack.api_url,
    )
    platform = await connect(app, door, settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        if way != "http":
            slack.socket_mode()
            await slack.switchboard.linked(LINES)
        yield House(slack, door, platform)
    finally:
        await slack.quiet()
        await runner.cleanup()


async def until(fact: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not fact():  # noqa: ASYNC110 - a fact of the fake, which raises no event when it comes true
            await asyncio.sleep(0.01)


async def posted(house: House, user: User, card: Card = OFFER) -> Message:
    receipt = await house.platform.deliver(house.parcel(card, key=f"card/{user.id}", to=user))
    return user.find(receipt.id)
