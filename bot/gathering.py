"""Reading the facts that a step decides on, in one transaction and as few queries as the flow needs."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from bot import joining
from bot.events import Account, AnyEvent, Commanded, Due, Edited, Pressed, Removed, Said, Submitted
from bot.flow import Facts, Flow, Made, Shared, does_coach
from bot.flows import commands
from bot.flows.coteach import states as coteach
from bot.flows.setup import adding
from bot.flows.setup.crowd import emails
from bot.outside.links import Ways
from bot.records import NextStep, Person, Reflection, School, Showing, Slot
from bot.reflecting import is_long
from bot.safety import capitalised
from bot.stems import Library
from bot.stems.own import with_own
from bot.store import Thread, Tx
from bot.words import Lines

_MENTION = re.compile(r"<@([A-Za-z0-9._:-]+)(?:\|[^>]*)?>|<at\s+id=\"([A-Za-z0-9._:-]{1,120})\">")
_WORD = re.compile(r"[^\s,@<>()]+")
_OPEN = ("open", "not_yet")
_ASKS_AHEAD = ("list", "week", "move", "cancel", "undo")
MEMORY = timedelta(weeks=10)
MOST_SHOWN = 5
MOST_WAITING = 20


async def gather(
    tx: Tx,
    event: AnyEvent,
    me: Person,
    flow: Flow,
    thread: Thread,
    state: Any,
    *,
    platform: str,
    now: datetime,
    heard: str,
    ways: Ways,
) -> Facts:
    """Everything the step may look at; nothing of another organization can be in it."""
    partners = await tx.partners(me)
    ids = {*thread.people, *(flow.names(state) if state is not None else ())}
    if isinstance(event, Submitted):
        ids |= set(event.fields.values())
    if isinstance(event, Pressed) and event.value:
        ids.add(event.value)
    known = {me.id: me, **{p.id: p for p in partners}}
    people = {who: known[who] for who in ids if who in known} | await tx.people(sorted(ids - set(known)))
    mentions: dict[str, tuple[str, ...]] = {}
    if isinstance(event, Commanded) and event.text:
        words = {word.casefold().strip(".;:!?") for word in _WORD.findall(event.text)}
        named, mentions = await tx.named(words, _mentioned(event.text), platform, event.by.team)
        people |= named
    people[me.id] = me
    everybody = {**people, **{p.id: p for p in partners}}
    if flow.guards_time:
        await tx.lock(sorted(everybody if state is None else people))
    schools = await tx.schools(sorted({p.school for p in everybody.values()}))
    facts = Facts(
        now=now,
        me=me,
        school=schools.get(me.school) or School(id="", organization=me.organization, name="", zone=me.zone),
        thread=thread.id,
        version=thread.version + 1,
        key=event.key,
        say=Lines.load(me.language),
        library=Library.load(me.language),
        platform=platform,
        commands=commands(me.role),
        people=people,
        mentions=mentions,
        partners=partners,
        schools=schools,
        next_checkin=await tx.planned(me.id, "checkin"),
        listening=heard,
        public_url=ways.address,
        mail=ways.mail,
        zones=await _zones(tx) if "zones" in flow.reads else (),
    )
    reads = (*flow.reads, *(flow.reads_in(state) if state is not None else ()))
    if "asks" in reads:
        facts = await _asks(tx, event, facts)
    if "questions" in reads:
        own = await tx.questions(facts.library.language)
        mine = tuple(one for one in own if one.by == me.id)
        facts = replace(facts, questions=mine, library=with_own(facts.library, own))
    if "contacts" in reads:
        facts = replace(facts, lately=await tx.lately(sorted(everybody), now))
    if "rhythm" in reads:
        facts = replace(facts, had=await tx.had_checkin(me.id, facts.here.date()))
    if "time" in reads:
        busy, away = await tx.busy(sorted(everybody), now), await tx.away(sorted(everybody), now)
        # What begins has no slots.
        facts = replace(facts, busy=busy, away=away, slots=await tx.slots(thread.id) if thread.version else ())
    if "calendars" in reads:
        facts = replace(
            facts, calendar=await tx.calendar(me.id), feed=await tx.feed_secret(me.id),
            subscriptions=await tx.subscriptions(me.id),
        )  # fmt: skip
    if "bells" in reads and isinstance(event, Submitted | Pressed) and event.verb in ("bells", "ring_bells"):
        facts = await _rung(tx, facts)
    if "showings" in reads or "own" in reads:
        facts = await _seen_by_others(tx, reads, thread, facts)
    if "mirrors" in reads:
        facts = replace(facts, mirrors=await tx.mirrors([me.id, *(partner.id for partner in partners)]))
    if "made" in reads and isinstance(event, Edited | Removed):
        facts = replace(facts, made=await _made(tx, event.message, me.id))
    if "time" in reads and isinstance(event, Commanded):
        facts = await _coming(tx, event, facts)
    if "home" in reads:
        facts = await _at_home(tx, event, facts)
    if "crowd" in reads:
        return await _leaver(tx, event, state, await _crowd(tx, event, state, facts))
    return await joining.chats(tx, event, state, facts) if "chats" in reads else facts


async def _zones(tx: Tx) -> tuple[str, ...]:
    there = Counter(school.zone for school in (await tx.schools(None)).values())
    return tuple(sorted(there, key=lambda zone: (-there[zone], zone)))


async def _crowd(tx: Tx, event: AnyEvent, state: Any, facts: Facts) -> Facts:
    """Who is here already, of the people who were chosen and of those who coach; and who is here by now."""
    chosen = event.people if isinstance(event, Commanded | Submitted) else ()
    holders: dict[str, Person] = {}
    for one in chosen:
        known = await tx.person_of(one)
        holders |= {one.user: known} if known is not None else {}
    for email in emails(event) if isinstance(event, Commanded | Submitted) else ():
        known = await tx.of_email(facts.platform, email)
        holders |= {email: known} if known is not None else {}
    for told in adding.next_few(state) if isinstance(event, Pressed | Due) else ():
        by_email = await tx.of_email(told.platform, told.email.text) if told.email and not told.user else None
        account = Account(platform=told.platform, team=told.team, user=told.user)
        known = by_email or await tx.person_of(account)
        holders |= {adding.key_of(told): known} if known is not None else {}
    coaches = tuple(person for person in await tx.everybody() if does_coach(person))
    return replace(facts, handles=frozenset(await tx.handles()), coaches=coaches, holders=holders)


async def _leaver(tx: Tx, event: AnyEvent, state: Any, facts: Facts) -> Facts:
    """The coach who is to be taken out, or was, and who was beside them."""
    who = event.fields.get("leaver", "") if isinstance(event, Submitted) else getattr(state, "coach", "")
    if who not in facts.people:
        return facts
    pairs = tuple(one for one in await tx.partnerships(who) if one.coach == who)
    return replace(facts, pairs=pairs, people={**await tx.people([one.teacher for one in pairs]), **facts.people})


async def _coming(tx: Tx, event: Commanded, facts: Facts) -> Facts:
    """What this person has ahead, and with whom, where the command asks for it."""
    if event.text.partition(" ")[0].casefold() not in _ASKS_AHEAD:
        return facts
    coming = await tx.coming(facts.me.id, facts.now)
    known = {**{p.id: p for p in facts.partners}, **facts.people}
    others = {who for slot in coming for who in (slot.coach, slot.teacher)} - set(known)
    return replace(facts, coming=coming, people={**known, **await tx.people(sorted(others))})


def _mentioned(text: str) -> tuple[str, ...]:
    """The platform's ids of whoever is mentioned, in Slack's way or in Teams'."""
    return tuple(slack or teams for slack, teams in _MENTION.findall(text))


async def _asks(tx: Tx, event: AnyEvent, facts: Facts) -> Facts:
    me = facts.me
    match event:
        case Said(text=text):
            written: tuple[str, ...] = (text,)
        case Submitted(fields=fields):
            written = tuple(fields.values())
        case _:
            written = ()
    words = frozenset(word for text in written for word in capitalised(text))
    named = (await tx.named(words, [], facts.platform, ""))[0] if words else {}
    names = {word for person in named.values() for word in (person.handle, *person.name.casefold().split())}
    monday = (facts.here - timedelta(days=facts.here.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    steps = {step.id: step for step in await tx.recent_steps(me.id, 6)}
    latest: NextStep | None = next((step for step in steps.values() if step.status in _OPEN), None)
    return replace(
        facts,
        library=with_own(facts.library, await tx.questions(facts.library.language)),
        asked=await tx.asked(me.id, facts.now - MEMORY),
        answered=await tx.answered(me.id),
        team_asked=await tx.team_asked(me.id, monday),
        step=latest,
        steps=steps,
        reflections=await tx.reflections(me.id, facts.thread),
        colleagues=words & names,
        wrote_long=isinstance(event, Said) and await _wrote_long(tx, facts),
    )


async def _seen_by_others(tx: Tx, reads: tuple[str, ...], thread: Thread, facts: Facts) -> Facts:
    """What others were shown and who they are; and of what they have now the words, unless all are wanted."""
    if "theirs" in reads:
        others = [one for who in thread.people if who != facts.me.id for one in await tx.reflections(who, thread.id)]
        facts = replace(facts, theirs=tuple(one for one in others if one.visibility == "coach"))
    showings = await tx.showings(facts.me.id)
    readers = await tx.people(sorted({one.reader for one in showings if one.reader} - set(facts.people)))
    if "own" in reads:
        own = await tx.own(facts.me.id)
    else:
        there = [(one.kind, one.record) for one in showings if one.way == "shared" and one.until is None]
        found = [await tx.get(kind, record) for kind, record in dict.fromkeys(there[:MOST_SHOWN])]
        own = tuple(record for record in found if isinstance(record, Reflection | NextStep))
    visiting = await tx.read_on_visits(facts.me.id)
    readers |= await tx.people(sorted(set(visiting) - set(readers) - set(facts.people)))
    return replace(facts, showings=showings, own=own, visiting=visiting, people={**readers, **facts.people})


async def _rung(tx: Tx, facts: Facts) -> Facts:
    here = {one.id for one in await tx.everybody() if one.school == facts.me.school and one.role == "teacher"}
    return replace(facts, booked=await tx.slots_booked(here, facts.now))


async def _at_home(tx: Tx, event: AnyEvent, facts: Facts) -> Facts:
    """What lies ahead and which of it waits for this person, their open step, and what others let them read."""
    me = facts.me.id
    coming = await tx.coming(me, facts.now)
    waiting = tuple([slot for slot in coming[:MOST_WAITING] if await _asks_me(tx, slot, me)])
    steps = await tx.recent_steps(me, 6)
    wanted = event.value if isinstance(event, Pressed) and event.verb == "read" else ""
    cards: dict[tuple[str, str, str], list[Showing]] = {}
    for one in await tx.shown_to(me):
        cards.setdefault((one.person, one.thread, one.name), []).append(one)
    shared = tuple([await _shared(tx, on_it, wanted) for on_it in cards.values()])
    known = {**{p.id: p for p in facts.partners}, **facts.people}
    others = {who for slot in coming for who in (slot.coach, slot.teacher)} | {one.by for one in shared}
    return replace(
        facts, coming=coming, waiting=waiting, shared=shared, step=next((s for s in steps if s.status in _OPEN), None),
        people={**known, **await tx.people(sorted(others - set(known)))},
    )  # fmt: skip


async def _asks_me(tx: Tx, slot: Slot, me: str) -> bool:
    """Whether its invitation, or its move, is this person's to answer."""
    thread = await tx.thread(slot.thread) if slot.status != "cancelled" else None
    if thread is None or thread.flow != "coteach":
        return False
    state = msgspec.convert(thread.state, coteach.State)
    return isinstance(state, coteach.Offered) and state.asked == me


async def _shared(tx: Tx, showings: list[Showing], wanted: str) -> Shared:
    """One card; its words only where it is opened, and only those that are still shared."""
    first = showings[0]
    found = [await tx.get(one.kind, one.record) for one in showings] if first.id == wanted else []
    records = tuple(one for one in found if isinstance(one, Reflection | NextStep) and one.visibility == "coach")
    return Shared(key=first.id, by=first.person, at=first.at, records=records)


async def _made(tx: Tx, message: str, person: str) -> tuple[Made, ...]:
    found = []
    for source in await tx.sources(message, person):
        record = await tx.get(source.kind, source.record) if source.kind else None
        if isinstance(record, Reflection | NextStep):
            found.append(Made(record, source.part, source.at))
    return tuple(found)


async def _wrote_long(tx: Tx, facts: Facts) -> bool:
    """Whether the second answer of the conversation before this one was long enough for two (2.4)."""
    earlier = [reply for reply in await tx.reflections(facts.me.id, limit=6) if reply.thread != facts.thread]
    if not earlier or not (stem := earlier[-1].stem):
        return False
    last = earlier[-1]
    known = {one.id: one.text for one in facts.library.stems}
    return last.question != known.get(stem, last.question) and is_long(last.words.text)
