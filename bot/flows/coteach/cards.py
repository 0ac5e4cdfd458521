"""The cards and forms of co-teaching, each drawn for its reader and in the reader's time."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.calendars.free import free_near
from bot.cards import Block, Button, Buttons, Card, Details, Fact, Heading, Label, Seen, Text
from bot.flow import Facts
from bot.flows.coteach import serial
from bot.flows.coteach.states import Booked, Draft, Held, Offered
from bot.flows.drawing import message, rows
from bot.records import CoteachRole, Person, Slot
from bot.spoken import at_time, listing, long_date

ROLES: tuple[CoteachRole, ...] = ("extra_eyes_ears", "take_turns", "model_a_move")
PARTS = ("any", "number_talk", "launch", "main_lesson", "menu", "closure", "whole")
MODEL = 20
NEXT = 4
LISTEN = ("listen_1", "listen_2", "listen_3", "listen_4")


def button(facts: Facts, verb: str, style: str = "answer", value: str = "", **slots: str) -> Button:
    return Button(verb, facts.say.button(f"coteach.{verb}", **slots), style, value)  # type: ignore[arg-type]  # one of three


def sides(draft: Draft, facts: Facts) -> tuple[Person, Person]:
    """(coach, teacher) of this draft."""
    proposer, other = facts.people[draft.proposer], facts.people[draft.other]
    return (proposer, other) if proposer.role == "coach" else (other, proposer)


def reader(draft: Draft, facts: Facts, who: str) -> tuple[Person, Person]:
    """(who reads, the one beside them)."""
    return facts.people[who], facts.people[draft.other if who == draft.proposer else draft.proposer]


def role(draft: Draft, facts: Facts) -> str:
    name = facts.say.button(f"coteach.role_{draft.role}")
    if draft.role == "model_a_move" and draft.model_minutes:
        return facts.say.plain("coteach.model_for", role=name, minutes=str(draft.model_minutes))
    return name


def role_label(draft: Draft, facts: Facts, who: str) -> str:
    """The role is the coach's, whoever reads of it."""
    coach, _ = sides(draft, facts)
    if who == coach.id:
        return facts.say.plain("coteach.your_role")
    return facts.say.plain("coteach.their_role", coach=coach.first)


def part(draft: Draft, facts: Facts) -> str:
    return facts.say.plain(f"coteach.part_{draft.part}")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def slot_of(draft: Draft, facts: Facts) -> Slot | None:
    return facts.slots[0] if facts.slots else None


def clashes(draft: Draft, start: datetime, facts: Facts) -> bool:
    """Whether either person has something booked at one of its times, this very slot apart."""
    return bool(serial.clashing(replace(draft, start=start), facts))


def doubts(draft: Draft, facts: Facts) -> tuple[Text, ...]:
    """That somebody's own calendar has something then: said, never a refusal, since it may be this very lesson."""
    found = []
    for who in (draft.other, draft.proposer):
        if serial.meeting(draft, facts.away.get(who, ()), facts.now):
            mine = who == facts.me.id
            found.append(
                facts.say("calendars.away_mine") if mine else facts.say("calendars.away", other=facts.people[who].first)
            )
    return tuple(found)


def near(draft: Draft, facts: Facts) -> tuple[datetime, ...]:
    """Up to three free times nearest to the one wished for; what people's own calendars hold is not free either."""
    own = {slot.id for slot in facts.slots}
    people = (draft.proposer, draft.other)
    booked = [busy for who in people for busy in facts.busy.get(who, ()) if busy.slot not in own]
    away = [busy for who in people for busy in facts.away.get(who, ())]
    wish = draft.start or facts.now
    return free_near(wish, draft.minutes, school=facts.school, now=facts.now, taken=(*booked, *away))


def time_buttons(draft: Draft, facts: Facts) -> tuple[Button, ...]:
    return moments(near(draft, facts), facts)


def moments(ats: tuple[datetime, ...], facts: Facts) -> tuple[Button, ...]:
    return tuple(Button("at", at_time(at, facts.me.zone, facts.say), value=at.isoformat()) for at in ats)


def bare(card: Card) -> Card:
    """The card once it is answered: what it says, without its buttons."""
    return replace(card, blocks=tuple(block for block in card.blocks if not isinstance(block, Buttons)))


COPY = "copy"


def copied(card: Card) -> Card:
    """The same card beside the one that stands already: what is called off here is to be so there as well."""
    return replace(card, blocks=tuple(_copied(block) for block in card.blocks))


def _copied(block: Block) -> Block:
    if not isinstance(block, Buttons):
        return block
    return replace(block, row=tuple(replace(b, value=COPY) if b.verb == "cancel" else b for b in block.row))


def chat_off(draft: Draft, facts: Facts) -> bool:
    """A teacher who said no thanks was told that the coach sees just this."""
    _, teacher = sides(draft, facts)
    return teacher.id == draft.other and teacher.chat == "declined"


def most_of_it(draft: Draft) -> bool:
    """Whether a modelled move would be more than a small part: one lesson part, and at most twenty minutes."""
    small = draft.part not in ("any", "whole") and 1 <= draft.model_minutes <= min(MODEL, draft.minutes)
    return draft.role == "model_a_move" and not small


def settled(draft: Draft, facts: Facts, label: Text, *more: Text) -> Card:
    """The preview after its tap: the row is gone and its label says what became of it."""
    _, other = reader(draft, facts, draft.proposer)
    details = Details(
        (
            Fact(
                facts.say.plain("coteach.when"),
                serial.spoken(draft, facts, facts.me.zone, other.zone),
            ),
            Fact(facts.say.plain("coteach.part"), capital(part(draft, facts))),
            Fact(role_label(draft, facts, facts.me.id), role(draft, facts)),
        )
    )
    return Card(title=facts.say.plain("coteach.preview_title"), framed=True, blocks=(label, details, *more))


def other_times(state: Offered, facts: Facts, key: str = "near") -> Card:
    """Three free times near it, and a form for any other."""
    times = time_buttons(state.draft, facts)
    text = facts.say(f"coteach.{key}" if times else f"coteach.{key}_none")
    return message(text, answers=(*times, button(facts, "other_time")), quiet=(button(facts, "back", "quiet"),))


def booked(state: Booked, facts: Facts, who: str) -> Card:
    """The one summary both have, headed "Booked"."""
    draft, say = state.draft, facts.say
    me, _ = reader(draft, facts, who)
    coach, teacher = sides(draft, facts)
    slot = slot_of(draft, facts)
    focus = slot.focus_question if slot else None
    listen = slot.listen_to if slot else None
    leads = (
        say.plain("coteach.leads_all", teacher=teacher.first)
        if draft.part == "any"
        else say.plain("coteach.leads", part=capital(part(draft, facts)), teacher=teacher.first)
    )
    known: tuple[Fact, ...] = (
        Fact(say.plain("coteach.question"), focus or say.plain("coteach.question_later"), soft=focus is None),
    )
    if listen is not None:
        known = (*known, Fact(say.plain("coteach.listening"), listen))
    return Card(
        title=say.plain("coteach.booked_title"),
        framed=True,
        blocks=(
            Label(say.plain("coteach.booked")),
            Heading(capital(serial.spoken(draft, facts, me.zone))),
            Details(
                (
                    Fact(say.plain("coteach.part"), leads),
                    Fact(say.plain("coteach.role_of", coach=coach.first), role(draft, facts)),
                    *known,
                )
            ),
            *changes(draft, facts, me.zone),
            *rows((button(facts, "move"), *calendar_file(slot, facts)), (button(facts, "cancel", "quiet"),)),
            Seen(say.plain("coteach.both", coach=coach.first, teacher=teacher.first), 2),
        ),
    )


def calendar_file(slot: Slot | None, facts: Facts) -> tuple[Button, ...]:
    """Made a link as the card goes out to its reader (`bot.outside.links`)."""
    return (Button("calendar_file", facts.say.button("calendars.file"), value=slot.id),) if slot else ()


def changes(draft: Draft, facts: Facts, zone: str) -> tuple[Text, ...]:
    """What of a series is not as its rule says, or not at its usual hour where its reader is."""
    out = serial.left_out(draft, facts)
    gone = (facts.say("coteach.left_out", days=out),) if out else ()
    moved = tuple(
        facts.say("coteach.one_moved", day=long_date(one.day, facts.say), when=at_time(one.start, zone, facts.say))
        for one in draft.apart
        if one.start is not None
    )
    hours = [
        facts.say.plain("coteach.hour_from", time=f"{wall:%H:%M}", day=long_date(wall.date(), facts.say))
        for wall in serial.other_hours(draft, zone)
    ]
    other = (facts.say("coteach.other_hours", hours=listing(hours, facts.say)),) if hours else ()
    return (*gone, *moved, *other)


def which_visit(draft: Draft, facts: Facts, verb: str) -> Card:
    """Of a series: one of the next visits, or all that are left."""
    next_ones = serial.ahead(draft, facts.now)[:NEXT]
    one = tuple(
        Button(f"{verb}_one", at_time(v.start, facts.me.zone, facts.say), value=v.day.isoformat()) for v in next_ones
    )
    return message(facts.say("coteach.which_slot"), answers=(*one, button(facts, f"{verb}_all")))


def waiting(state: Offered | Held, facts: Facts) -> Card:
    """What the proposer sees of an invitation that nobody has answered yet; a move keeps what is booked."""
    draft = state.draft
    _, other = reader(draft, facts, facts.me.id)
    card = settled(draft, facts, facts.say("coteach.asked", other=other.first))
    if isinstance(state, Offered) and state.booked is not None:
        return card
    return replace(card, blocks=(*card.blocks, *rows((button(facts, "take_back", "quiet"),))))


def gone(draft: Draft, facts: Facts) -> Card:
    """A cancelled visit, which may be offered again."""
    when = at_time(draft.start or facts.now, facts.me.zone, facts.say)
    if draft.repeat is not None:
        when = serial.short(draft, facts, facts.me.zone)
    return message(facts.say("coteach.cancelled", when=when), answers=(button(facts, "offer_again"),))


def cancelled(draft: Draft, facts: Facts, who: str) -> Card:
    """What stands where "Booked" stood, for the one who did not cancel."""
    say = facts.say
    title = say.plain("coteach.cancelled_title")
    when = serial.spoken(draft, facts, facts.people[who].zone)
    return Card(title=title, framed=True, blocks=(Label(title), Heading(capital(when))))


def focus(facts: Facts) -> Card:
    return message(
        facts.say("coteach.focus"), answers=(button(facts, "decide"),), hint=facts.say.plain("reflection.hint")
    )


def listen(facts: Facts) -> Card:
    ideas = tuple(button(facts, name) for name in LISTEN)
    return message(facts.say("coteach.listen"), answers=ideas, quiet=(button(facts, "skip", "quiet"),))
