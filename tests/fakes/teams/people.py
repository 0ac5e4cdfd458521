"""The person's side: what people do in Teams, each deed delivered to the app as Teams delivers it."""

import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from tests.fakes.slack.screen import NotOnScreen
from tests.fakes.slack.shapes import Json, items, obj, text
from tests.fakes.teams import activities, cards, screen
from tests.fakes.teams.courier import ONCE, Courier, Delivery, Result
from tests.fakes.teams.screen import Action, Value
from tests.fakes.teams.state import CARD, Conversation, Message, Profile, State, Tenant

MESSAGE = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True)
class World:
    """What every deed needs: the state, the way to the app, and this server's own address."""

    state: State
    courier: Courier
    url: str

    def service_url(self, tenant: Tenant) -> str:
        return f"{self.url}/amer/{tenant.id}/"


class User:
    """One person in one tenant."""

    def __init__(self, world: World, tenant: Tenant, profile: Profile) -> None:
        self.world = world
        self.tenant = tenant
        self.profile = profile

    @property
    def id(self) -> str:
        """Their Teams id, `29:…`."""
        return self.profile.id

    @property
    def aad(self) -> str:
        """Their id in the tenant's directory."""
        return self.profile.aad

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def channel(self) -> Conversation:
        """Their conversation with the app."""
        return self.tenant.direct(self.id)

    # What they see

    def messages(self, where: Conversation | None = None) -> list[Message]:
        """The conversation in its order and its current state, theirs and the app's; nothing only-you."""
        return [one for one in (where or self.channel).messages if not one.gone and not one.only_for]

    def ephemerals(self) -> list[Message]:
        """The lines that a press showed to them alone."""
        everywhere = [one for place in self.tenant.conversations.values() for one in place.messages]
        return [one for one in everywhere if one.only_for == self.id and not one.gone]

    def find(self, id: str) -> Message:
        """A message they can see, by its id."""
        for place in self._places():
            for message in place.messages:
                if message.id == id and not message.gone and message.only_for in {"", self.id}:
                    return message
        raise NotOnScreen(f"{self.name} sees no message {id}")

    def with_button(self, label: str) -> Message:
        """The newest message of the app that has this button on their screen."""
        mine = [one for place in self._places() for one in place.messages if one.from_bot and not one.gone]
        found = [one for one in mine if label in one.buttons_of(self.id)]
        if not found:
            there = [(one.shown_to(self.id), one.buttons_of(self.id)) for one in mine]
            raise NotOnScreen(f"{self.name} has no button {label!r}; there is {there}")
        return max(found, key=lambda one: int(one.id))

    def reopen(self) -> None:
        """Look again from another device: every message as the service keeps it, without what a press had replaced."""
        for place in self._places():
            for message in place.messages:
                message.screens.pop(self.id, None)

    # What they do

    async def say(self, words: str, *, where: Conversation | None = None, how: Delivery = ONCE) -> Result:
        """Write to the app, or in a conversation of several, where only words that name `@Beside` reach it."""
        place = where or self.channel
        self._in(place)
        world = self.world
        activity = activities.message(
            world.state, self.tenant, self.profile, place, world.service_url(self.tenant), words
        )
        said = Message(str(activity["id"]), place.id, self.id, activity)
        place.messages.append(said)
        if place.kind != "personal" and f"<at>{activities.BOT_NAME}</at>" not in text(activity["text"]):
            return Result("kept", said=said)
        result = await world.courier.bring(activity, how)
        result.said = said
        return result

    async def share(self, name: str, words: str = "", *, how: Delivery = ONCE) -> Result:
        """Put a file in the chat, with words or without. A picture that is pasted has no name: `share("")`."""
        world = self.world
        activity = activities.message(
            world.state, self.tenant, self.profile, self.channel, world.service_url(self.tenant), words
        )
        activity = activities.shared(activity, world.url, name)
        said = Message(str(activity["id"]), self.channel.id, self.id, activity)
        self.channel.messages.append(said)
        result = await world.courier.bring(activity, how)
        result.said = said
        return result

    async def command(self, command: str, words: str = "", *, how: Delivery = ONCE) -> Result:
        """A command, which in Teams is typed like anything else."""
        return await self.say(f"{command} {words}".strip(), how=how)

    async def press(
        self, where: Message, button: str, values: Mapping[str, Value] | None = None, *, how: Delivery = ONCE
    ) -> Result:
        """Press a button by its words, verb or id, after filling in `values` (input id or label).

        Raises `HeldBack` where the client itself would not let it go.
        """
        action = self._touch(where, button, values)
        match action.kind:
            case "Action.Execute":
                screen.hold_back(action.inputs, where.screen(self.id).draft)
                return await self._execute(where, action, how)
            case "Action.Submit":
                screen.hold_back(action.inputs, where.screen(self.id).draft)
                return await self._submit(where, action, how)
            case "Action.ShowCard":
                where.screen(self.id).opened ^= {action.label}
                return Result("kept")
            case "Action.ToggleVisibility":
                self._toggle(where, action)
                return Result("kept")
            case _:
                return Result("kept", url=text(action.action.get("url")))

    async def look(self, where: Message, *, how: Delivery = ONCE) -> Result:
        """Come to a card that asks to be fetched anew for who sees it; the client then does so by itself."""
        self._sees(where)
        asked = next((obj(card["refresh"]) for card in where.kept_cards if "refresh" in card), None)
        place = self.tenant.conversations[where.conversation]
        if asked is None or (self.id not in items(asked.get("userIds")) and len(place.members) > 60):
            return Result("kept")
        told = self._frame("invoke", place)
        action = Action(obj(asked.get("action")), ())
        result = await self.world.courier.bring(
            activities.execute(told, self.world.state, where, action, {}, "automatic"), how
        )
        self._after(where, place, result)
        return result

    async def tap(self, button: str, values: Mapping[str, Value] | None = None, *, how: Delivery = ONCE) -> Result:
        """Press the button of that name in the newest message that has one."""
        return await self.press(self.with_button(button), button, values, how=how)

    async def submit(
        self, where: Message | None = None, values: Mapping[str, Value] | None = None, *, how: Delivery = ONCE
    ) -> Result:
        """Fill in the newest card that asks for something, and press its first button that sends it."""
        asking = [one for one in self.messages() if one.from_bot and self._sending(one)]
        if where is None and not asking:
            raise NotOnScreen(f"{self.name} has no form open")
        message = where or asking[-1]
        sending = self._sending(message)
        if not sending:
            raise NotOnScreen("that card has nothing to fill in and send")
        return await self.press(message, sending[0].label, values, how=how)

    async def edit(self, message: Message, words: str, *, how: Delivery = ONCE) -> Result:
        """Change what they wrote."""
        place = self._wrote(message)
        world = self.world
        new = activities.message(world.state, self.tenant, self.profile, place, world.service_url(self.tenant), words)
        message.show({**new, "id": message.id})
        return await world.courier.bring(activities.changed(new, message, "messageUpdate", "editMessage"), how)

    async def delete(self, message: Message, *, how: Delivery = ONCE) -> Result:
        """Take back what they wrote."""
        place = self._wrote(message)
        message.gone = True
        told = activities.changed(self._frame("messageDelete", place), message, "messageDelete", "softDeleteMessage")
        return await self.world.courier.bring(told, how)

    async def undelete(self, message: Message, *, how: Delivery = ONCE) -> Result:
        """Bring back what they took back."""
        message.gone = False
        place = self._wrote(message)
        told = activities.changed(self._frame("messageUpdate", place), message, "messageUpdate", "undeleteMessage")
        return await self.world.courier.bring(told, how)

    async def react(self, message: Message, kind: str = "like", *, away: bool = False, how: Delivery = ONCE) -> Result:
        """Put a reaction on a message of the app, or take it away."""
        self._sees(message)
        place = self.tenant.conversations[message.conversation]
        told = self._frame("messageReaction", place)
        name = "reactionsRemoved" if away else "reactionsAdded"
        return await self.world.courier.bring({**told, name: [{"type": kind}], "replyToId": message.id}, how)

    async def type(self, *, how: Delivery = ONCE) -> Result:
        """Begin to type."""
        return await self.world.courier.bring(self._frame("typing", self.channel), how)

    async def install(self, *, how: Delivery = ONCE) -> list[Result]:
        """Take the app: two activities say so, in this order."""
        self.profile.installed = True
        added: Json = {"membersAdded": [{"id": self.world.state.bot}]}
        told = self._frame("conversationUpdate", self.channel)
        return [await self.world.courier.bring({**told, **added}, how), await self._installation("add", how)]

    async def uninstall(self, *, how: Delivery = ONCE) -> Result:
        """Drop the app: it can no longer write here."""
        self.profile.installed = False
        return await self._installation("remove", how)

    def block(self, *, blocked: bool = True) -> None:
        """Block the app, or no longer. Teams does not tell it; it learns when it writes."""
        self.profile.blocked = blocked

    async def change(self, **news: str | bool) -> None:
        """Another zone, name, or `deleted=True`. Teams tells the app nothing."""
        known = {one.name for one in fields(Profile)}
        if wrong := news.keys() - known:
            raise NotOnScreen(f"a profile has no {sorted(wrong)}; it has {sorted(known)}")
        for name, value in news.items():
            setattr(self.profile, name, value)

    async def event(self, activity: Json, *, where: Conversation | None = None, how: Delivery = ONCE) -> Result:
        """Any other activity of this person's, in the frame every one has."""
        frame = self._frame(text(activity.get("type")) or "event", where or self.channel)
        return await self.world.courier.bring({**frame, **activity}, how)

    # How it gets there

    def _frame(self, kind: str, where: Conversation) -> Json:
        world = self.world
        url = world.service_url(self.tenant)
        return activities.frame(world.state, self.tenant, self.profile, where, url, kind)

    async def _installation(self, action: str, how: Delivery) -> Result:
        told = self._frame("installationUpdate", self.channel)
        return await self.world.courier.bring({**told, "action": action}, how)

    async def _execute(self, where: Message, action: Action, how: Delivery) -> Result:
        place = self.tenant.conversations[where.conversation]
        values: Json = {**screen.values(action.inputs, where.screen(self.id).draft)}
        told = activities.execute(self._frame("invoke", place), self.world.state, where, action, values)
        result = await self.world.courier.bring(told, how)
        if how.genuine or result.answer.ok:
            self._after(where, place, result)
        return result

    async def _submit(self, where: Message, action: Action, how: Delivery) -> Result:
        place = self.tenant.conversations[where.conversation]
        told = self._frame("message", place)
        back = obj(obj(action.action.get("data")).get("msteams"))
        if back.get("type") in {"messageBack", "imBack"}:
            told |= {"text": text(back.get("text")) or text(back.get("value")), "textFormat": "plain"}
        values: Json = {**screen.values(action.inputs, where.screen(self.id).draft)}
        result = await self.world.courier.bring(activities.submit(told, where, action, values), how)
        if not result.answer.ok:
            result.problems.append("Something went wrong. Please try again.")
        return result

    def _after(self, where: Message, place: Conversation, result: Result) -> None:
        """What the client does with the answer to a press; an answer of a wrong shape is a problem."""
        reply = result.answer
        if not reply.ok:
            result.problems.append(f"Unable to reach app. Please try again. ({reply.status} {reply.failed})".strip())
            return
        try:
            answer = json.loads(reply.body)
        except ValueError:
            result.problems.append(f"the answer to an invoke is JSON, not {reply.body[:80]!r}")
            return
        if not isinstance(answer, dict) or not isinstance(answer.get("statusCode"), int):
            result.problems.append("the answer to adaptiveCard/action is {statusCode, type, value}")
            return
        kind, value = answer.get("type"), answer.get("value")
        match answer["statusCode"], kind:
            case 200, _ if kind == CARD:
                card = obj(value)
                result.problems += cards.problems(value)
                self.world.state.complaints += cards.complaints(card)
                if not result.problems:
                    where.replace(self.id, card)
                    result.shown = where
            case 200, _ if kind == MESSAGE and isinstance(value, str) and value:
                state = self.world.state
                line: Json = {"type": "message", "text": value}
                result.shown = Message(
                    state.stamp(), place.id, state.bot, line, from_bot=True, reply_to=where.id, only_for=self.id
                )
                place.messages.append(result.shown)
            case status, "application/vnd.microsoft.error" if status >= 400:
                error = obj(value)
                if not (text(error.get("code")) and text(error.get("message"))):
                    result.problems.append("an error in the answer has a code and a message")
                result.problems.append(f"{text(error.get('code'))}: {text(error.get('message'))}")
            case status, _:
                result.problems.append(f"no such answer to adaptiveCard/action: {status} {kind!r} {str(value)[:80]}")

    # What they can touch

    def _touch(self, where: Message, button: str, values: Mapping[str, Value] | None) -> Action:
        self._sees(where)
        seen, mine = where.cards(self.id), where.screen(self.id)
        everything = [one for card in seen for one in screen.inputs(card, mine.opened)]
        for name, value in (values or {}).items():
            field = screen.find_input(everything, name)
            mine.draft[field.id] = screen.held(field, value)
        return screen.find_button(seen, button, mine.opened)

    def _sending(self, message: Message) -> list[Action]:
        opened = message.screen(self.id).opened
        here = [one for card in message.cards(self.id) for one in screen.actions(card, opened)]
        return [one for one in here if one.inputs and one.kind in {"Action.Execute", "Action.Submit"}]

    def _toggle(self, where: Message, action: Action) -> None:
        """Show or hide, on this screen only."""
        card = json.loads(json.dumps(where.cards(self.id)[0]))
        for target in items(action.action.get("targetElements")):
            name = target if isinstance(target, str) else text(obj(target).get("elementId"))
            for element in screen.walk(card["body"], hidden=True):
                if element.get("id") == name:
                    now = element.get("isVisible") is not False
                    element["isVisible"] = obj(target).get("isVisible", not now)
        where.screen(self.id).card = card

    def _sees(self, where: Message) -> None:
        """People touch only what is on their own screen."""
        place = self.tenant.conversations.get(where.conversation)
        if where.gone or place is None or self.id not in place.members or where.only_for not in {"", self.id}:
            raise NotOnScreen(f"{self.name} does not see that any more")

    def _wrote(self, message: Message) -> Conversation:
        if message.sender != self.id or message.gone:
            raise NotOnScreen(f"{self.name} has no such message to change")
        return self.tenant.conversations[message.conversation]

    def _in(self, place: Conversation) -> None:
        if self.id not in place.members:
            raise NotOnScreen(f"{self.name} is not in that conversation")

    def _places(self) -> list[Conversation]:
        return [one for one in self.tenant.conversations.values() if self.id in one.members]


class Workspace:
    """One tenant with the app in it, and its people."""

    def __init__(self, world: World, tenant: Tenant) -> None:
        self.world = world
        self.tenant = tenant
        self.people: dict[str, User] = {}

    @property
    def id(self) -> str:
        return self.tenant.id

    @property
    def service_url(self) -> str:
        """Where the app is asked to call for this tenant."""
        return self.world.service_url(self.tenant)

    def user(self, name: str, profile: Profile | None = None) -> User:
        """The person of that name; made if there is none yet, like `profile` where that is given."""
        if name not in self.people:
            made = replace(profile or Profile("", "", name.capitalize()), name=name)
            made.id = made.id or f"29:1{secrets.token_urlsafe(48)}"
            made.aad = made.aad or str(uuid.uuid4())
            self.tenant.profiles[made.id] = made
            self.people[name] = User(self.world, self.tenant, made)
        return self.people[name]

    def by_id(self, name: str) -> User:
        """The person of that Teams id, directory id or name."""
        for user in self.people.values():
            if name in {user.id, user.aad, user.name}:
                return user
        raise NotOnScreen(f"there is nobody called {name}")

    def chat(self, name: str, *people: User) -> Conversation:
        """A chat of these people and the app."""
        made = Conversation(f"19:{uuid.uuid4().hex}@thread.v2", "groupChat", [one.id for one in people], name)
        return self.tenant.conversations.setdefault(made.id, made)

    def channel(self, name: str, *people: User) -> Conversation:
        """A thread in a channel of a team that the app is in."""
        team, place = f"19:{uuid.uuid4().hex}@thread.tacv2", f"19:{uuid.uuid4().hex}@thread.tacv2"
        thread = f"{place};messageid={self.world.state.stamp()}"
        made = Conversation(thread, "channel", [one.id for one in people], name, team)
        return self.tenant.conversations.setdefault(made.id, made)

    async def join(self, where: Conversation, user: User, *, how: Delivery = ONCE) -> Result:
        """Somebody comes into a conversation of several, and the app is told."""
        where.members.append(user.id)
        return await self._moved(where, user, "membersAdded", "teamMemberAdded", how)

    async def leave(self, where: Conversation, user: User, *, how: Delivery = ONCE) -> Result:
        """Somebody goes out of it."""
        told = await self._moved(where, user, "membersRemoved", "teamMemberRemoved", how)
        where.members.remove(user.id)
        return told

    async def _moved(self, where: Conversation, user: User, list: str, event: str, how: Delivery) -> Result:
        who = {"id": user.id, "aadObjectId": user.aad}
        frame = activities.frame(
            self.world.state, self.tenant, user.profile, where, self.service_url, "conversationUpdate"
        )
        data = obj(frame["channelData"])
        if where.kind == "channel":
            data = {**data, "eventType": event}
        return await self.world.courier.bring({**frame, list: [who], "channelData": data}, how)
