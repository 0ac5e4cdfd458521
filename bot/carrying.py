"""Effects carried out: what a turn decided, written in its own transaction."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from bot import rescheduling
from bot.cards import Buttons
from bot.effects import Drop, Effect, Forget, Join, Keep, LetGo, Plan, Return, Revise, Ring, Say, Unplan, Wake
from bot.events import AnyEvent, Due
from bot.flow import Facts
from bot.flows import BY_NAME
from bot.gathering import gather
from bot.outside.links import Ways
from bot.outside.mailing import cares, invite
from bot.posting import lives_until
from bot.records import Slot
from bot.store import Tx


async def carry(tx: Tx, event: AnyEvent, effect: Effect, n: int, facts: Facts) -> None:
    """One effect, in the transaction that its turn was decided in."""
    key = f"{event.key}/{n}"
    match effect:
        case Say(to=to, unasked=unasked):
            await post(tx, event, key, effect, facts)
            if unasked:
                await tx.contacted(key, to, unasked, facts.now)
        case Revise(to=to, card=card, name=name):
            again = Say(to=to, card=card, name=name)
            waits = any(isinstance(block, Buttons) for block in card.blocks)
            for m, stands in enumerate(await tx.standing(facts.thread, to, name, waits=waits)):
                await post(tx, event, f"{key}/{m}", again, facts, revises=stands)
        case Keep(Slot() as slot) if facts.mail:
            before = await tx.get("slot", slot.id)
            await tx.keep(slot, facts.now)
            if cares(before, slot):
                await invite(tx, slot, facts)
        case Keep(record):
            await tx.keep(record, facts.now)
        case Drop(kind=kind, id=id):
            await tx.drop(kind, id)
        case Plan(person=person, topic=topic, at=at, day=day):
            thread = "" if any(topic in known.topics for known in BY_NAME.values()) else facts.thread
            await tx.plan(key=f"{person}:{topic}:{thread}", person=person, topic=topic, at=at, day=day, thread=thread)
        case Unplan(person=person, topic=topic, thread=thread):
            own = "" if any(topic in known.topics for known in BY_NAME.values()) else thread or facts.thread
            await tx.unplan(person, topic, own)
        case Wake(person=person, topic=topic):
            await tx.wake(person, topic, facts.now)
        case Return(to=to, thread=thread):
            await _return(tx, event, key, to, thread, facts)
        case Ring(school):
            moved = await rescheduling.found(tx, await tx.schools((school.id,)), (school,), facts.now)
            await tx.save_school(school)
            await rescheduling.ask(tx, moved, facts.now)
        case Join(person=person, account=account):
            await tx.join(person, account)
        case LetGo(person=person, platform=platform):
            await tx.let_go(person, platform)
        case Forget(person=person):
            await tx.forget(person)


async def post(tx: Tx, event: AnyEvent, key: str, said: Say, facts: Facts, revises: str | None = None) -> None:
    await tx.post(
        key=key,
        person=said.to,
        kind="revise" if revises else "say",
        name=said.name,
        thread=facts.thread,
        topic=event.topic if isinstance(event, Due) else "",
        card=replace(said.card, thread=facts.thread, version=facts.version),
        at=facts.now,
        expires_at=lives_until(event, said, facts),
        priority=0 if isinstance(event, Due) else 1,
        revises_key=revises,
        on=said.on,
    )


async def _return(tx: Tx, event: AnyEvent, key: str, to: str, id: str, facts: Facts) -> None:
    """That thread hears the person again, and its card of now is said again."""
    thread = await tx.thread(id)
    if thread is None or to not in thread.people:
        return
    flow = BY_NAME[thread.flow]
    state = msgspec.convert(thread.state, flow.states)
    back = await gather(
        tx,
        event,
        facts.me,
        flow,
        thread,
        state,
        platform=facts.platform,
        now=facts.now,
        heard=facts.listening,
        ways=Ways(facts.public_url, facts.mail),
    )
    card = flow.current(state, back)
    if card is not None:
        said = Say(to=to, card=card, name="again")
        await post(tx, event, key, said, replace(back, version=thread.version))
        await tx.hear(id, (to,), facts.now)
