"""Event to transaction: the only place where deciding meets doing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from bot import homes, joining, trouble
from bot.answering import barred, line, stamped, words_for
from bot.arriving import admitted, arrived
from bot.cards import NOTHING, Answer, Card, Nothing, OnlyYou, Replace
from bot.carrying import carry_out
from bot.events import (
    BACK,
    BESIDE,
    QUIETLY,
    AnyEvent,
    Commanded,
    Due,
    Edited,
    Found,
    FromPlatform,
    Joined,
    Left,
    LetIn,
    Pressed,
    Removed,
    Said,
    Submitted,
)  # fmt: skip
from bot.flow import Facts, Flow, derived
from bot.flows import BY_NAME, zone
from bot.gathering import gather
from bot.leaving import left
from bot.metrics import Metrics
from bot.outside.links import Ways, linked_answer
from bot.posting import copied, posted
from bot.records import Person
from bot.routing import looks, meant, opens
from bot.store import Conflict, Store, Thread, Tx, moment

T = TypeVar("T")
TRIES = 12
SAME_COMMAND = timedelta(seconds=60)


class Engine:
    """The one door (`bot.platform.Door`). Each event is one transaction; its key makes a repeat change nothing."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], wake: Callable[[], None] = lambda: None,
        *, metrics: Metrics | None = None, ways: Ways | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._now = now
        self._ways = ways or Ways()
        self.wake = wake
        self._metrics = metrics or Metrics()

    async def handle(self, event: FromPlatform) -> Answer:
        """The committed answer; the same key gets the same one again.

        A fault in a conversation is answered in plain words where the person can simply press or type again; for
        free text it is raised, so that the platform tells it to us once more.
        """
        with self._metrics.inbound(event.by.platform, type(event).__name__.lower()) as heard:
            organization = await self._store.organization_of(event.by.platform, event.by.team)
            if organization is None:
                heard.outcome = "stranger"
                return line("house.in_your_chat" if event.among else "house.not_here", event)
            if event.by.barred and not isinstance(event, Left | LetIn):
                heard.outcome = "stranger"
                return line(barred(event.by), event)
            try:
                answer = await self._once_more(lambda: self._from_platform(organization, event))
            except Exception as fault:
                heard.outcome, told = "failed", trouble.told(event, fault)
                if isinstance(event, Said):
                    raise
                return told
        return line("house.in_your_chat", event) if event.among else answer

    async def due(self, event: Due) -> None:
        """A planned moment; whatever becomes of it, its row is finished in the same transaction."""
        await self._once_more(lambda: self._from_clock(event))

    async def _once_more(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Steps are pure: who loses a race simply decides again on what is so now."""
        for n in range(TRIES):
            try:
                return await attempt()
            except Conflict:
                await asyncio.sleep(min(0.005 * 2**n, 0.25))
        return await attempt()

    async def _from_platform(self, organization: str, event: FromPlatform) -> Answer:
        async with self._store.begin(organization) as tx:
            answer = await self._answer(tx, event, self._now())
        if tx.posted:
            self.wake()
        return answer

    async def _answer(self, tx: Tx, event: FromPlatform, now: datetime) -> Answer:
        if (told := await tx.first(event.key, now)) is not None:
            self._metrics.duplicate(event.by.platform)
            return await linked_answer(tx, event.by, told, self._ways.address)
        me = await tx.person_of(event.by)
        if me is None and isinstance(event, LetIn):
            me = await admitted(tx, event.by, now)
        if isinstance(event, Left) and not event.by.user:
            if event.at:
                await tx.shut_out(event.by.platform, event.by.team, "uninstalled", moment(event.at))
                await tx.remember(event.key, NOTHING)
            return NOTHING
        if me is None:
            answer: Answer = await self._from_stranger(tx, event, now)
        else:
            me = await arrived(tx, event, me, now)
            copy_of = await copied(tx, event, me)
            answer = await self._decide(tx, meant(event), me, event.by.platform, now)
            answer = await posted(tx, event, me, answer, now, copy_of)
            if isinstance(event, Joined) and event.home:
                answer = await homes.opened(tx, event, me.id, now, self._ways)
        await tx.remember(event.key, answer)
        # A link is made for each showing, and kept nowhere.
        return await linked_answer(tx, event.by, answer, self._ways.address)

    async def _from_stranger(self, tx: Tx, event: FromPlatform, now: datetime) -> Answer:
        """One kind line, unless this account and somebody we know say that they are one."""
        linking = await joining.linked(tx, event, "", now)
        if linking is None:
            return line("house.not_here", event)
        me = await tx.person(linking.person) if linking.account is not None else None
        if me is not None and linking.account is not None:
            on = linking.account.platform
            found = Found(key=event.key, by=event.by, on=on)
            await self._turn(tx, found, me, None, platform=on, now=now, heard="")
        return OnlyYou(joining.stranger(linking, tx.organization, words_for(event)))

    async def _from_clock(self, event: Due) -> None:
        now = self._now()
        async with self._store.begin(event.organization) as tx:
            if await tx.first(event.key, now) is None:
                me = await tx.person(event.person)
                account = await tx.account_of(event.person)
                if me is not None and account is not None:
                    await self._decide(tx, event, me, account.platform, now)
                await tx.remember(event.key, NOTHING)
            await tx.finish_due(event.key)

    async def _decide(self, tx: Tx, event: AnyEvent, me: Person, platform: str, now: datetime) -> Answer:
        if isinstance(event, Left):
            await left(tx, me, platform, now)
            return NOTHING
        if isinstance(event, Commanded) and not looks(event):
            same = await self._same_command(tx, event, me, now)
            if same is not None:
                return same
        hearing = await tx.listening(me.id)
        heard = hearing[0] if hearing else ""
        # Who asked last hears first. Words that nothing has a use for open something of their own: none are swallowed.
        for standing in await self._standing(tx, event, me, hearing):
            answer = await self._turn(tx, event, me, standing, platform=platform, now=now, heard=heard)
            if answer is not None:
                return answer
        return NOTHING

    async def _turn(
        self, tx: Tx, event: AnyEvent, me: Person, standing: Thread | None, *, platform: str, now: datetime, heard: str
    ) -> Answer | None:
        """One step of the conversation this belongs to; None where nothing came of it."""
        flow = opens(event, me, standing.flow if standing else "")
        if flow is not None:
            thread = Thread(id=derived(event.key), flow=flow.name, state=None, version=0, people=(me.id,))
        elif standing is None:
            return line("house.gone", event) if isinstance(event, Pressed | Submitted) else None
        else:
            thread, flow = standing, BY_NAME[standing.flow]
        with self._metrics.flow(flow.name):
            return await self._step(tx, event, me, flow, thread, platform=platform, now=now, heard=heard)

    async def _step(
        self, tx: Tx, event: AnyEvent, me: Person, flow: Flow, thread: Thread, *, platform: str, now: datetime,
        heard: str,
    ) -> Answer | None:  # fmt: skip
        state = None if thread.state is None else msgspec.convert(thread.state, flow.states)
        facts = await gather(
            tx, event, me, flow, thread, state, platform=platform, now=now, heard=heard, ways=self._ways
        )
        if isinstance(event, Pressed) and event.verb == BACK:
            return self._back(flow, state, thread, facts, how=event.value)
        turn = flow.step(state, event, facts)
        if turn.state == state and not turn.effects and isinstance(turn.answer, Nothing):
            return None if state is None else self._stands(flow, state, event, facts)
        answer = await carry_out(tx, event, flow, thread, turn, facts)
        if isinstance(turn.state, zone.Known) and not isinstance(event, Due | Found):
            then = zone.wished(event, turn.state.wish) if state else replace(event, key=f"{event.key}/then")
            answer = await self._decide(tx, then, await tx.person(me.id) or me, platform, now)
            # What was asked for takes the place of the question that stood in between.
            return Replace(answer.card) if state and isinstance(answer, OnlyYou) else answer
        return answer

    async def _same_command(self, tx: Tx, event: Commanded, me: Person, now: datetime) -> Answer | None:
        """A second identical command within a minute is the same request, while its first answer still stands."""
        text = " ".join(event.text.split())
        key = await tx.recent_command(me.id, event.command, text, now - SAME_COMMAND)
        if key is not None:
            thread = await tx.thread(derived(key))
            if thread is not None and thread.version == 1 and not BY_NAME[thread.flow].looks_anew:
                return await tx.told(key)
        await tx.note_command(event.key, me.id, event.command, text)
        return None

    async def _standing(self, tx: Tx, event: AnyEvent, me: Person, hearing: tuple[str, ...]) -> list[Thread | None]:
        """The conversations this may answer: the one it names, else those that hear this person; never a stranger's."""
        match event:
            case Said(thread=named):
                wanted: tuple[str, ...] = (named, *hearing)
            case Pressed(thread=named) | Submitted(thread=named) | Due(thread=named):
                wanted = (named,)
            case Edited(message=message) | Removed(message=message):
                wanted = tuple(source.thread for source in await tx.sources(message, me.id) if not source.kind)
            case _:
                wanted = ()
        found: list[Thread | None] = []
        for name in dict.fromkeys(wanted):
            thread = await tx.thread(name) if name else None
            if isinstance(event, Edited | Removed) and thread is not None and thread.flow != "note":
                continue
            if thread is not None and me.id in thread.people:
                found.append(thread)
                if not BY_NAME[thread.flow].passes_on:
                    break
        return [*found, None] if isinstance(event, Said) or not found else found

    def _stands(self, flow: Flow, state: Any, event: AnyEvent, facts: Facts) -> Answer | None:
        """The unexpected is not an error: an old button shows where things are now."""
        if not isinstance(event, Pressed | Submitted):
            return None
        card = flow.current(state, facts)
        if card is None:
            return OnlyYou(Card(blocks=(facts.say("house.gone"),)))
        shown = replace(card, blocks=(facts.say("house.stale"), *card.blocks))
        return stamped(OnlyYou(shown), facts.thread, facts.version - 1)

    def _back(self, flow: Flow, state: Any, thread: Thread, facts: Facts, *, how: str) -> Answer:
        """Nothing happens: the card of now is shown where a form stood, or one line where there is none."""
        card = None if state is None else flow.current(state, facts)
        if card is None and how == QUIETLY:
            return NOTHING
        if how == BESIDE:
            # From a home only visits are opened, which two people have together.
            card = card if flow.guards_time else None
            return stamped(OnlyYou(card or Card(blocks=(facts.say("house.gone"),))), thread.id, thread.version)
        return stamped(Replace(card or Card(blocks=(facts.say("house.left"),))), thread.id, thread.version)
