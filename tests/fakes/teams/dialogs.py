"""Dialogs: what opens from a message somebody points at, or from a button, and what comes of what is sent in it."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.slack.screen import NotOnScreen
from tests.fakes.slack.shapes import Json, obj, text
from tests.fakes.teams import activities, cards, screen
from tests.fakes.teams.courier import ONCE, Delivery, Result
from tests.fakes.teams.people import User
from tests.fakes.teams.screen import Value
from tests.fakes.teams.state import CARD, Conversation, Message

SUBMIT = {"composeExtension/fetchTask": "composeExtension/submitAction", "task/fetch": "task/submit"}


@dataclass
class Dialog:
    """One dialog before one person; closed when it has no card."""

    user: User
    where: Conversation
    asked: str
    value: Json
    title: str = ""
    card: Json | None = None
    told: Result | None = None

    @property
    def shown(self) -> str:
        return screen.words(self.card) if self.card else ""

    @property
    def buttons(self) -> list[str]:
        return screen.buttons(self.card) if self.card else []

    @property
    def standing(self) -> dict[str, str]:
        """What stands in its fields."""
        return {one.id: one.initial for one in screen.inputs(self.card)} if self.card else {}

    async def press(self, label: str, values: Mapping[str, Value] | None = None, *, how: Delivery = ONCE) -> Result:
        """Fill in and press; the dialog shows what comes back, or closes."""
        if self.card is None:
            raise NotOnScreen("the dialog is closed")
        fields = screen.inputs(self.card)
        draft: dict[str, str] = {}
        for name, value in (values or {}).items():
            field = screen.find_input(fields, name)
            draft[field.id] = screen.held(field, value)
        action = screen.find_button([self.card], label, set())
        screen.hold_back(action.inputs, draft)
        data = {**obj(action.action.get("data")), **screen.values(action.inputs, draft)}
        return await self._ask(SUBMIT[self.asked], {**self.value, "data": data}, how)

    async def _ask(self, name: str, value: Json, how: Delivery) -> Result:
        user, world = self.user, self.user.world
        url = world.service_url(user.tenant)
        frame = activities.frame(world.state, user.tenant, user.profile, self.where, url, "invoke")
        result = await world.courier.bring(
            {**frame, "id": world.state.make_id("f:"), "name": name, "value": value}, how
        )
        self.told = result
        self._shows(result)
        return result

    def _shows(self, result: Result) -> None:
        """What the client does with the answer; one of a wrong shape is a problem, and nothing changes."""
        reply = result.answer
        if not reply.ok:
            result.problems.append(f"Unable to reach app. Please try again. ({reply.status} {reply.failed})".strip())
            return
        try:
            answer = obj(json.loads(reply.body or b"{}"))
        except ValueError:
            result.problems.append(f"the answer to an invoke is JSON, not {reply.body[:80]!r}")
            return
        task = obj(answer.get("task"))
        value = obj(task.get("value"))
        if "statusCode" in answer:
            result.problems.append(f"Something went wrong. ({answer['statusCode']})")
        elif task.get("type") == "continue":
            held = obj(value.get("card"))
            card = obj(held.get("content"))
            result.problems += cards.problems(card)
            if held.get("contentType") != CARD or not text(value.get("title")):
                result.problems.append("a dialog has a title and an Adaptive Card")
            if any(one.kind == "Action.Execute" for one in screen.actions(card)):
                result.problems.append("a dialog knows no Action.Execute")
            if not result.problems:
                self.title, self.card = text(value.get("title")), card
        elif not answer or task.get("type") == "message":
            self.card = None
        else:
            result.problems.append(f"no such answer to a dialog: {reply.body[:80]!r}")


async def point(
    user: User, command: str, message: Message | None = None, *, where: Conversation | None = None,
    how: Delivery = ONCE,
) -> Dialog:  # fmt: skip
    """Choose the app's command under a message, or without one in the box where people write."""
    place = where or user.channel
    value: Json = {"commandId": command, "commandContext": "compose", "context": {"theme": "default"}}
    if message is not None:
        place = user.tenant.conversations[message.conversation]
        value |= {"commandContext": "message", "messagePayload": _payload(user, message)}
    dialog = Dialog(user, place, "composeExtension/fetchTask", value)
    await dialog._ask(dialog.asked, value, how)  # noqa: SLF001 - its own module
    return dialog


async def fetch(user: User, data: Json, *, how: Delivery = ONCE) -> Dialog:
    """A button that opens a dialog."""
    dialog = Dialog(user, user.channel, "task/fetch", {"context": {"theme": "default"}})
    await dialog._ask(dialog.asked, {**dialog.value, "data": data}, how)  # noqa: SLF001 - its own module
    return dialog


def _payload(user: User, message: Message) -> Json:
    """The message as the client hands it over: whose it is, and its HTML."""
    writer = user.tenant.profiles.get(message.sender)
    named: Json = {"userIdentityType": "aadUser", "id": writer.aad, "displayName": writer.real_name} if writer else {}
    return {
        "id": message.id,
        "messageType": "message",
        "from": {"user": named or None},
        "body": {"contentType": "html", "content": f"<div><p>{html.escape(message.text)}</p></div>"},
        "attachments": [],
        "mentions": [],
        "reactions": [],
    }
