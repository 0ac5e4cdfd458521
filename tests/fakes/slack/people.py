"""The person's side: what people do in Slack, each deed delivered to the app as Slack delivers it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from tests.fakes.slack import oauth, payloads, screen, views
from tests.fakes.slack.courier import ONCE, Courier, Delivery, Result, answer_json
from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.respond import acknowledge
from tests.fakes.slack.screen import Control, NotOnScreen, Value
from tests.fakes.slack.shapes import Json, obj, text
from tests.fakes.slack.state import Channel, Message, Profile, State, Team, View
from tests.fakes.slack.webapi import changed, deleted, heard, message_json, profile_json


@dataclass(frozen=True)
class World:
    """What every deed needs: the state, the way to the app, and this server's own address."""

    state: State
    courier: Courier
    url: str


class User:
    """One person in one workspace."""

    def __init__(self, world: World, team: Team, profile: Profile) -> None:
        self.world = world
        self.team = team
        self.profile = profile

    @property
    def id(self) -> str:
        return self.profile.id

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def channel(self) -> Channel:
        """Their conversation with the app."""
        return self.team.direct(self.id)

    # What they see

    def messages(self) -> list[Message]:
        """The conversation in its order and its current state, theirs and the app's; nothing only-you."""
        return [one for one in self.channel.messages if not one.gone and not one.only_for]

    def ephemerals(self) -> list[Message]:
        """What only they see, in any conversation."""
        everywhere = [one for channel in self.team.channels.values() for one in channel.messages]
        return [one for one in everywhere if one.only_for == self.id and not one.gone]

    def view(self) -> View | None:
        """The modal on top."""
        stack = self.team.views.get(self.id)
        return stack[-1] if stack else None

    def home(self) -> View | None:
        """Their home tab."""
        return self.team.homes.get(self.id)

    def find(self, ts: str) -> Message:
        """A message they can see, by its ts."""
        for message in [*self.messages(), *self.ephemerals()]:
            if message.ts == ts:
                return message
        raise NotOnScreen(f"{self.name} sees no message {ts}")

    # What they do

    async def say(self, words: str, *, thread: str = "", how: Delivery = ONCE) -> Result:
        """Write in the conversation with the app; `@name` and addresses become what Slack makes of them."""
        state = self.world.state
        ts = state.stamp()
        blocks = payloads.typed_blocks(self.team, words, f"{ts[-6:]}t")
        said = payloads.escaped(self.team, words, named=False)
        message = Message(ts, self.channel.id, self.id, said, blocks, thread_ts=thread)
        state.post(self.team, self.channel, message)
        event = {**message_json(self.team, message), **heard(self.channel, message)}
        if self.profile.home_team not in {"", self.team.id}:
            event |= {"user_team": self.profile.home_team, "source_team": self.profile.home_team}
        if self.profile.is_bot:
            event |= {"bot_id": f"B{self.id[1:]}", "app_id": "A9999", "bot_profile": {"id": f"B{self.id[1:]}"}}
        else:
            event["client_msg_id"] = state.make_id("").lower()
        result = await self._event(event, how)
        result.said = message
        return result

    async def share(self, words: str = "", *, how: Delivery = ONCE) -> Result:
        """Put a picture in the conversation with the app, with words or without."""
        ts = self.world.state.stamp()
        message = Message(ts, self.channel.id, self.id, words)
        self.world.state.post(self.team, self.channel, message)
        file: Json = {
            "id": f"F{ts[-6:]}",
            "mimetype": "image/png",
            "url_private": "https://files.slack.test/pasted.png",
        }
        event = {**message_json(self.team, message), **heard(self.channel, message)}
        result = await self._event({**event, "subtype": "file_share", "files": [file]}, how)
        result.said = message
        return result

    async def command(self, command: str, words: str = "", *, channel: str = "", how: Delivery = ONCE) -> Result:
        """A slash command, in the conversation with the app or in a channel of that name."""
        state, where = self.world.state, self._named(channel) if channel else self.channel
        trigger = state.trigger(self.team, self.id)
        url = f"{self.world.url}/hooks{state.response_url(self.team, 'commands', where.id, self.id)}"
        said = payloads.escaped(self.team, words, named=True)
        form = payloads.command(self.team, self.profile, where, command, said, trigger, url)
        result = await self.world.courier.command(form, how)
        if result.answer.ok:
            try:
                if answer := answer_json(result.answer):
                    result.shown = acknowledge(state, self.team, where, self.id, answer)
            except (Refused, ValueError) as refused:
                result.problems.append(_said(refused))
        return result

    async def shortcut(self, callback_id: str, *, how: Delivery = ONCE) -> Result:
        """A shortcut from anywhere."""
        trigger = self.world.state.trigger(self.team, self.id)
        told = payloads.shortcut(self.team, self.profile, callback_id, trigger)
        return await self.world.courier.interaction(told, how)

    async def shortcut_on(
        self, writer: "User", words: str, callback_id: str, *, channel: str = "general", how: Delivery = ONCE
    ) -> Result:
        """A shortcut on what somebody wrote in a channel that the app is not in."""
        state = self.world.state
        where = self.team.channels.setdefault(f"C{channel.upper()}", Channel(f"C{channel.upper()}", "channel"))
        trigger = state.trigger(self.team, self.id)
        url = f"{self.world.url}/hooks{state.response_url(self.team, 'app', where.id, self.id)}"
        said = Message(state.stamp(), where.id, writer.id, payloads.escaped(self.team, words, named=False))
        written = message_json(self.team, said) | ({"bot_id": "B9999"} if writer.profile.is_bot else {})
        told = payloads.shortcut_on(self.team, self.profile, where, written, callback_id, trigger, url)
        return await self.world.courier.interaction(told, how)

    async def press(
        self, where: Message | View, button: str, values: Mapping[str, Value] | None = None, *, how: Delivery = ONCE
    ) -> Result:
        """Press a button by its action id or its words, after choosing `values` (block id, action id or label).

        As in Slack, each choice outside an input block is delivered on its own first; those are in `result.before`.
        """
        before = [await self.choose(where, name, value) for name, value in (values or {}).items()]
        result = await self._act(where, screen.find_button(where.blocks, button), how)
        result.before = [one for one in before if one is not None]
        result.problems += [f"a choice made before: {problem}" for one in result.before for problem in one.problems]
        return result

    async def choose(self, where: Message | View, field: str, value: Value, *, how: Delivery = ONCE) -> Result | None:
        """Choose or type; None where Slack keeps it to itself until the form is sent."""
        self._sees(where)
        control = screen.fill(where.blocks, where.draft, {field: value})[0]
        return await self._act(where, control, how) if control.speaks_at_once else None

    async def submit(
        self, view: View | None = None, values: Mapping[str, Value] | None = None, *, how: Delivery = ONCE
    ) -> Result:
        """Fill in a form and send it. Raises `HeldBack` where Slack's own form would not let it go."""
        view = view or self._top()
        self._sees(view)
        for name, value in (values or {}).items():
            await self.choose(view, name, value)
        screen.hold_back(view.blocks, view.draft)
        trigger = self.world.state.trigger(self.team, self.id, view.id)
        result = await self.world.courier.interaction(payloads.submission(self.team, self.profile, view, trigger), how)
        if result.answer.ok:
            try:
                self._after(view, answer_json(result.answer), result)
            except (Refused, ValueError) as refused:
                result.problems.append(_said(refused))
        return result

    async def close(
        self, view: View | None = None, *, all_of_them: bool = False, how: Delivery = ONCE
    ) -> Result | None:
        """Put the top view away, or all; the app is told of the views that asked for it."""
        view = view or self._top()
        self._sees(view)
        stack = self.team.views[self.id]
        if all_of_them or view.asked.get("clear_on_close"):
            stack.clear()
        else:
            stack.remove(view)
        if not view.asked.get("notify_on_close"):
            return None
        told = payloads.closing(self.team, self.profile, view, cleared=all_of_them)
        return await self.world.courier.interaction(told, how)

    async def edit(self, message: Message, words: str, *, how: Delivery = ONCE) -> Result:
        """Change what they wrote."""
        self._wrote(message)
        before = message_json(self.team, message)
        blocks = payloads.typed_blocks(self.team, words, f"{message.ts[-6:]}e{message.edits}")
        message.show(payloads.escaped(self.team, words, named=False), blocks, again=message.ts[-6:])
        return await self._event(changed(self.world.state, self.team, self.channel, message, before), how)

    async def delete(self, message: Message, *, how: Delivery = ONCE) -> Result:
        """Take back what they wrote."""
        self._wrote(message)
        message.gone = True
        return await self._event(deleted(self.world.state, self.team, self.channel, message), how)

    async def open_home(self, tab: str = "messages", *, how: Delivery = ONCE) -> Result:
        """Open the app; `tab` is messages or home."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.channel.id, "tab": tab}
        home = self.home()
        if tab == "home" and home is not None:
            event["view"] = views.view_json(self.team, home)
        return await self._event({**event, "event_ts": self.world.state.stamp()}, how)

    async def join(self, *, how: Delivery = ONCE) -> Result:
        """New in the workspace."""
        return await self._event({"type": "team_join", "user": self._json()}, how)

    async def change(self, *, how: Delivery = ONCE, **news: str | bool) -> Result:
        """A new zone, name, or `deleted=True`: the profile changes and the app is told."""
        known = {one.name for one in fields(Profile)}
        if wrong := news.keys() - known:
            raise NotOnScreen(f"a profile has no {sorted(wrong)}; it has {sorted(known)}")
        for name, value in news.items():
            setattr(self.profile, name, value)
        return await self._event({"type": "user_change", "user": self._json()}, how)

    # How it gets there

    async def _event(self, event: Json, how: Delivery) -> Result:
        return await self.world.courier.event(payloads.envelope(self.world.state, self.team, event), how)

    async def _act(self, where: Message | View, control: Control, how: Delivery) -> Result:
        self._sees(where)
        state = self.world.state
        if isinstance(where, View):
            trigger = state.trigger(self.team, self.id, where.id)
            payload = payloads.action_on_view(state, self.team, self.profile, where, control, trigger)
        else:
            trigger = state.trigger(self.team, self.id)
            url = f"{self.world.url}/hooks{state.response_url(self.team, 'actions', where.channel, self.id, where.ts)}"
            payload = payloads.action_on_message(state, self.team, self.profile, where, control, trigger, url)
        return await self.world.courier.interaction(payload, how)

    def _after(self, view: View, answer: Json, result: Result) -> None:
        """What the form does with the answer to it."""
        stack = self.team.views.get(self.id, [])
        match answer.get("response_action"):
            case None if not answer:
                if view in stack:
                    stack.remove(view)
            case "clear":
                stack.clear()
            case "update":
                views.replace(self.world.state, view, views.view_of_answer(self.team, answer.get("view")))
            case "push":
                views.push(self.world.state, self.team, self.id, views.view_of_answer(self.team, answer.get("view")))
            case "errors":
                errors = {name: text(words) for name, words in obj(answer.get("errors")).items()}
                inputs = {one.block_id for one in screen.fields(view.blocks) if one.block.get("type") == "input"}
                if not errors or not errors.keys() <= inputs or not all(errors.values()):
                    raise ValueError(f"errors for {sorted(errors)}, but the form has the inputs {sorted(inputs)}")
                result.errors = errors
            case other:
                raise ValueError(f"no response_action {other!r}")

    def _top(self) -> View:
        view = self.view()
        if view is None:
            raise NotOnScreen(f"{self.name} has no form open")
        return view

    def _sees(self, where: Message | View) -> None:
        """People touch only what is on their own screen, and only the view on top."""
        if isinstance(where, View):
            seen = where is self.view() or where is self.home()
        else:
            seen = not where.gone and where.channel in self.team.channels and where.only_for in {"", self.id}
        if not seen:
            raise NotOnScreen(f"{self.name} does not see that any more")

    def _wrote(self, message: Message) -> None:
        if message.user != self.id or message.gone:
            raise NotOnScreen(f"{self.name} has no such message to change")

    def _named(self, name: str) -> Channel:
        found = [one for one in self.team.channels.values() if one.kind == "channel" and one.name == name]
        if not found:
            raise NotOnScreen(f"there is no channel #{name}: workspace.channel({name!r}) makes one")
        return found[0]

    def _json(self) -> Json:
        email = "users:read.email" in self.team.scopes
        return profile_json(self.team, self.profile, email=email, locale=True)


class Workspace:
    """One workspace with the app in it, and its people."""

    def __init__(self, world: World, team: Team) -> None:
        self.world = world
        self.team = team
        self.people: dict[str, User] = {}

    @property
    def id(self) -> str:
        return self.team.id

    @property
    def token(self) -> str:
        return self.team.token

    def user(self, name: str, profile: Profile | None = None) -> User:
        """The person of that name; made if there is none yet, like `profile` where that is given."""
        if name not in self.people:
            letters = "".join(letter for letter in name.upper() if letter.isalnum() and letter.isascii())
            made = replace(profile or Profile("", "", name.capitalize()), name=name)
            made.id = made.id or f"U{self.id[1:]}{letters}"
            self.team.profiles[made.id] = made
            self.people[name] = User(self.world, self.team, made)
        return self.people[name]

    def by_id(self, name: str) -> User:
        """The person of that id or name."""
        for user in self.people.values():
            if name in {user.id, user.name}:
                return user
        raise NotOnScreen(f"there is nobody called {name}")

    def channel(self, name: str) -> Channel:
        """A public channel the app is not in."""
        made = Channel(f"C{self.id[1:]}{name.upper()}", "channel", name=name)
        return self.team.channels.setdefault(made.id, made)

    def group(self, name: str, *members: User) -> str:
        """A user group of these people, named by `@name`; its id."""
        group = f"S{self.id[1:]}{name.upper()}"
        self.team.groups[name] = group, [one.id for one in members]
        return group

    async def join(self, name: str, profile: Profile | None = None, *, how: Delivery = ONCE) -> tuple[User, Result]:
        """Somebody new, and the app is told."""
        user = self.user(name, profile)
        return user, await user.join(how=how)

    async def uninstall(self, *, how: Delivery = ONCE) -> list[Result]:
        """The app is taken out: its token answers account_inactive, and two events say so in this order."""
        self.team.status = "uninstalled"
        return [await self._event({"type": "app_uninstalled"}, how), await self._revoked(how)]

    async def revoke(self, *, how: Delivery = ONCE) -> Result:
        """The token is taken back: it answers token_revoked."""
        self.team.status = "revoked"
        return await self._revoked(how)

    async def event(self, event: Json, *, how: Delivery = ONCE) -> Result:
        """Any other event, in this workspace's envelope."""
        return await self._event(event, how)

    def install(self) -> None:
        """The app is back, with the same token."""
        self.team.status = "installed"

    def agree(self, user: User, address: str, *, no: str = "") -> str:
        """This person opens the page where Slack asks, and says yes, or `no`; where their browser goes then."""
        return oauth.agreed(self.world.state, self.team, user.id, address, no=no)

    def messages(self, user: User) -> list[Message]:
        return user.messages()

    def ephemerals(self, user: User) -> list[Message]:
        return user.ephemerals()

    def view(self, user: User) -> View | None:
        return user.view()

    async def _revoked(self, how: Delivery) -> Result:
        return await self._event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.team.bot_user]}}, how)

    async def _event(self, event: Json, how: Delivery) -> Result:
        stamped = {**event, "event_ts": event.get("event_ts") or self.world.state.stamp()}
        return await self.world.courier.event(payloads.envelope(self.world.state, self.team, stamped), how)


def _said(refused: Exception) -> str:
    """What went wrong with an answer, in one line."""
    if isinstance(refused, Refused):
        return " ".join([refused.error, *refused.messages])
    return f"could not use the answer: {refused}"
