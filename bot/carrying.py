"""Carrying out a turn: new state, records and parcels, written in one transaction or not at all."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from bot import rescheduling
from bot.answering import stamped
from bot.cards import Answer, Buttons, Open
from bot.effects import (
    Drop,
    Effect,
    Forget,
    Hand,
    Join,
    Keep,
    LetGo,
    Plan,
    Redraw,
    Return,
    Revise,
    Ring,
    Say,
    Unplan,
    Wake,
)  # fmt: skip
from bot.events import AnyEvent, Due, Said
from bot.flow import Facts, Flow, Turn
from bot.flows import BY_NAME
from bot.forgetting import forgotten
from bot.gathering import gather
from bot.outside.links import Ways
from bot.outside.mailing import cares, invite
from bot.posting import lives_until
from bot.records import NextStep, Record, Reflection, Slot
from bot.store import Thread, Tx


async def carry_out(tx: Tx, event: AnyEvent, flow: Flow, thread: Thread, turn: Turn, facts: Facts) -> Answer:
    # Whoever is written to here belongs to it, and whoever will be once their moment has come.
    said_to = {effect.to for effect in turn.effects if isinstance(effect, Say)}
    waited_for = {one.person for one in turn.effects if isinstance(one, Plan) and not _opens_a_flow(one.topic)}
    people = tuple(sorted({*thread.people, facts.me.id, *said_to, *waited_for}))
    new = Thread(
        id=thread.id, flow=flow.name, state=msgspec.to_builtins(turn.state), version=facts.version, people=people
    )
    await tx.put_thread(new, thread.version, facts.now)
    for n, effect in enumerate(turn.effects):
        await _effect(tx, event, effect, n, facts)
    # What one does takes no words from another, who may be answering something else by now.
    if thread.version or turn.hear:
        await tx.hear(thread.id, turn.hear, facts.now, anew={facts.me.id, *said_to})
    await tx.redraw_homes(event.key, {*people, *_readers(turn, facts)}, facts.now)
    if isinstance(event, Said) and event.message:
        await tx.came_from(event.message, facts.me.id, thread.id, facts.now)
    answer = turn.answer
    if isinstance(answer, Open):
        answer = replace(answer, late=facts.say.plain("house.too_late"))
    return stamped(answer, thread.id, facts.version)


def _readers(turn: Turn, facts: Facts) -> set[str]:
    """On whose home it may stand too: who has a copy of what was changed, or of all that was forgotten."""
    forgotten = any(isinstance(effect, Forget) for effect in turn.effects)
    had = {showing.reader for showing in facts.showings if showing.reader} if forgotten else set()
    return had | {effect.to for effect in turn.effects if isinstance(effect, Revise)}


async def _effect(tx: Tx, event: AnyEvent, effect: Effect, n: int, facts: Facts) -> None:
    key = f"{event.key}/{n}"
    match effect:
        case Say(to=to, unasked=unasked):
            await _post(tx, event, key, effect, facts)
            if unasked:
                await tx.contacted(key, to, unasked, facts.now)
        case Revise():
            await _revise(tx, event, key, effect, facts)
        case Keep(record):
            await _keep(tx, event, record, facts)
        case Drop(kind=kind, id=id):
            await tx.drop(kind, id)
        case Plan(person=person, topic=topic, at=at, day=day):
            thread = "" if _opens_a_flow(topic) else facts.thread
            await tx.plan(key=f"{person}:{topic}:{thread}", person=person, topic=topic, at=at, day=day, thread=thread)
        case Unplan(person=person, topic=topic, thread=thread):
            await tx.unplan(person, topic, "" if _opens_a_flow(topic) else thread or facts.thread)
        case Wake(person=person, topic=topic):
            await tx.wake(person, topic, facts.now)
        case Return(to=to, thread=thread):
            await _again(tx, event, key, to, thread, facts)
        case Ring(school):
            moved = await rescheduling.found(tx, await tx.schools((school.id,)), (school,), facts.now)
            await tx.save_school(school)
            await rescheduling.ask(tx, moved, facts.now)
        case Redraw(to=to, thread=thread, name=name):
            await _again(tx, event, key, to, thread, facts, name=name)
        case Join(person=person, account=account):
            await tx.join(person, account)
            if account.email:
                await tx.add_account(person, account, account.email)
        case LetGo(person=person, platform=platform):
            await tx.let_go(person, platform)
        case Hand(person=person):
            await tx.hand(key, person, facts.now)
        case Forget(person=person):
            await forgotten(tx, event, key, person, facts)


def _opens_a_flow(topic: str) -> bool:
    return any(topic in known.topics for known in BY_NAME.values())


async def _keep(tx: Tx, event: AnyEvent, record: Record, facts: Facts) -> None:
    """What a message made is known by it, so that changing or deleting the message reaches it."""
    if isinstance(event, Said) and event.message and isinstance(record, Reflection | NextStep):
        before = await tx.get("reflection" if isinstance(record, Reflection) else "next_step", record.id)
        await tx.made_by(event.message, facts.me.id, facts.thread, record, before, facts.now)
    mailed = isinstance(record, Slot) and facts.mail
    before = await tx.get("slot", record.id) if mailed and isinstance(record, Slot) else None
    await tx.keep(record, facts.now)
    if mailed and isinstance(record, Slot) and cares(before, record):
        await invite(tx, record, facts)


async def _revise(tx: Tx, event: AnyEvent, key: str, effect: Revise, facts: Facts, *, elsewhere: bool = False) -> None:
    again = Say(to=effect.to, card=effect.card, name=effect.name)
    thread = effect.thread or facts.thread
    waits = any(isinstance(block, Buttons) for block in effect.card.blocks)
    for m, stands in enumerate(await tx.standing(thread, effect.to, effect.name, waits=waits)):
        # What stands nowhere any more in another conversation needs no replacing.
        if stands is not None or not (elsewhere or effect.thread):
            await _post(tx, event, f"{key}/{m}", again, facts, revises=stands, thread=thread)


async def _post(
    tx: Tx, event: AnyEvent, key: str, said: Say, facts: Facts, revises: str | None = None, thread: str = ""
) -> None:
    await tx.post(
        key=key,
        person=said.to,
        kind="revise" if revises else "say",
        name=said.name,
        thread=thread or facts.thread,
        topic=event.topic if isinstance(event, Due) else "",
        card=replace(said.card, thread=facts.thread, version=facts.version),
        at=facts.now,
        expires_at=lives_until(event, said, facts),
        priority=0 if isinstance(event, Due) else 1,
        revises_key=revises,
        on=said.on,
    )


async def _again(tx: Tx, event: AnyEvent, key: str, to: str, id: str, facts: Facts, name: str = "") -> None:
    """Another conversation's card of now: in the place of its message of that name, or said once more and heard."""
    thread = await tx.thread(id)
    if thread is None or to not in thread.people:
        return
    flow = BY_NAME[thread.flow]
    state = msgspec.convert(thread.state, flow.states)
    there = await gather(
        tx, event, await tx.person(facts.me.id) or facts.me, flow, thread, state, platform=facts.platform,
        now=facts.now, heard=facts.listening, ways=Ways(facts.public_url, facts.mail),
    )  # fmt: skip
    card = flow.current(state, there)
    if card is None:
        return
    now = replace(there, version=thread.version)
    if name:
        await _revise(tx, event, key, Revise(to=to, card=card, name=name), now, elsewhere=True)
        return
    await _post(tx, event, key, Say(to=to, card=card, name="again"), now)
    await tx.hear(id, (to,), facts.now)
