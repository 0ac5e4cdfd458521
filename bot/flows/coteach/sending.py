"""From a preview to an invitation that is out: asked now, or held until messages to the other are open."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.cadence import Lately, may_contact
from bot.cards import Open, Replace
from bot.effects import Keep, Plan, Say, Unplan
from bot.flow import Facts, Turn, derived
from bot.flows.coteach import cards, forms, inviting, previewing, serial
from bot.flows.coteach.states import Closed, Draft, Drafting, Held, Offered, Previewed
from bot.flows.drawing import message
from bot.flows.holding import HELD, later, open_to, opens
from bot.flows.suggesting import suggestion
from bot.records import Slot
from bot.spoken import at_time, long_date

TIME = "time_came"


def slot(draft: Draft, facts: Facts, status: str, **changed: object) -> Slot:
    coach, teacher = cards.sides(draft, facts)
    old = cards.slot_of(draft, facts)
    made = Slot(
        id=derived(facts.thread, "slot"), organization=facts.me.organization, thread=facts.thread,
        coach=coach.id, teacher=teacher.id, proposer=draft.proposer, start=draft.start or facts.now,
        minutes=draft.minutes, lesson_part=draft.part, role=draft.role, model_minutes=draft.model_minutes,
        focus_question=old.focus_question if old else None, listen_to=old.listen_to if old else None,
        status=status,  # type: ignore[arg-type]  # one of Slot's own
        sequence=old.sequence + 1 if old else 0, repeat=draft.repeat, apart=draft.apart, at=facts.now,
    )  # fmt: skip
    return replace(made, **changed)


def send(draft: Draft, facts: Facts, *, as_it_is: bool = False) -> Turn:
    """Only what both can have: a time ahead that is free, and a modelled move that is a small part.

    A question to offer that would tell is shown to the coach first, and goes `as_it_is` if they like.
    """
    if draft.start is None or draft.start <= facts.now:
        return Turn(Drafting(draft), (), Open(forms.whole(draft, facts, forms.notes(facts, (), ("past",)))))
    if cards.clashes(draft, draft.start, facts) or cards.chat_off(draft, facts):
        return Turn(Previewed(draft, facts.version), (), Replace(previewing.preview(draft, facts)))
    if draft.offer and not as_it_is:
        other = facts.people[draft.other]
        if thought := suggestion(draft.offer, other, facts, edit="change", send="as_it_is"):
            return Turn(Previewed(draft, facts.version), (), Replace(thought))
    if draft.role != "model_a_move":
        draft = replace(draft, model_minutes=0)
    elif draft.part == "whole" and facts.me.role == "coach":
        return Turn(Previewed(draft, facts.version), (), Replace(inviting.most(draft, facts)))
    elif cards.most_of_it(draft):
        return Turn(Previewed(draft, facts.version), (), Open(forms.model(draft, facts)))
    return out(draft, facts)


def out(draft: Draft, facts: Facts) -> Turn:
    """Asked now or held. The coach reads the same sentence for every reason why it is held."""
    other, say = facts.people[draft.other], facts.say
    school = facts.schools.get(other.school, facts.school)
    kept = Keep(slot(draft, facts, "proposed"))
    if open_to(other, facts):
        state = Offered(draft, by=facts.me.id, asked=other.id, version=facts.version)
        card = inviting.invitation(state, facts.read_by(other))
        said = Say(to=other.id, card=card, name="slot", unasked="invitation")
        sent, asked = say("coteach.sent", other=other.first), say("coteach.asked", other=other.first)
        return Turn(state, (kept, said), Replace(cards.settled(draft, facts, sent, asked)), (other.id,))
    day = long_date(opens(other, school, facts).astimezone(facts.zone).date(), facts.say)
    held = say("coteach.held", other=other.first, day=day)
    waits = (kept, later(other, school, facts), _until_then(draft, facts))
    return Turn(Held(draft), waits, Replace(cards.settled(draft, facts, held)))


def _until_then(draft: Draft, facts: Facts) -> Plan:
    """The proposer hears when its time comes and it is still here, whatever the reason: that moment tells none."""
    at, zone = draft.start or facts.now, facts.people[draft.proposer].zone
    return Plan(person=draft.proposer, topic=TIME, at=at, day=at.astimezone(ZoneInfo(zone)).date())


def time_came(state: Held, facts: Facts) -> Turn:
    """`facts.me` is the proposer. A series still waits with the visits that are left of it."""
    if (rest := serial.left(state.draft, facts)) is not None:
        return Turn(Held(rest), (Keep(slot(rest, facts, "proposed")), _until_then(rest, facts)))
    return _closed(state.draft, facts, "not_reached")


def _closed(draft: Draft, facts: Facts, key: str) -> Turn:
    """It goes out no more, and the proposer may offer another time."""
    proposer, other = facts.people[draft.proposer], facts.people[draft.other]
    there = facts.read_by(proposer)
    when = at_time(draft.start or facts.now, proposer.zone, there.say)
    text = there.say(f"coteach.{key}", other=other.first, when=when)
    told = message(text, answers=(cards.button(there, "offer_again"),))
    gone = (Unplan(person=other.id, topic=HELD), Unplan(person=proposer.id, topic=TIME))
    said = (Say(to=proposer.id, card=told),) if may_contact(proposer, facts.school, facts.now, Lately()) else ()
    return Turn(Closed(draft, "passed"), (Keep(slot(draft, facts, "did_not_happen")), *gone, *said))


def try_again(state: Held, facts: Facts) -> Turn:
    """`facts.me` is the one it is for."""
    draft = serial.left(state.draft, facts)
    if draft is None:
        # Its time came without the proposer's moment, such as while nothing ran: nobody is asked.
        return Turn(Closed(state.draft, "passed"), (Keep(slot(state.draft, facts, "did_not_happen")),))
    if not may_contact(facts.me, facts.school, facts.now, facts.lately.get(facts.me.id, Lately())):
        return Turn(state, (later(facts.me, facts.school, facts),))
    if draft.repeat is None and cards.clashes(draft, draft.start or facts.now, facts):
        return _closed(draft, facts, "booked_since")
    offered = Offered(draft, by=draft.proposer, asked=facts.me.id, version=facts.version)
    said = Say(to=facts.me.id, card=inviting.invitation(offered, facts), name="slot", unasked="invitation")
    rest = (Keep(slot(draft, facts, "proposed")),) if draft != state.draft else ()
    return Turn(offered, (*rest, said, Unplan(person=draft.proposer, topic=TIME)), hear=(facts.me.id,))
