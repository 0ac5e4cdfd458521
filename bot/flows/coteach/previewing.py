"""What the proposer sees before anything is sent."""

from __future__ import annotations

from bot.cards import Card, Choices, Details, Fact, Heading, Label, Option
from bot.flow import Facts
from bot.flows.coteach import cards, nexts, serial
from bot.flows.coteach.states import Draft
from bot.flows.drawing import rows
from bot.spoken import listing, long_date


def preview(draft: Draft, facts: Facts) -> Card:
    """Everything that would be sent, before it is; where the time is taken, other times instead of the send button."""
    _, other = cards.reader(draft, facts, draft.proposer)
    _, teacher = cards.sides(draft, facts)
    say = facts.say
    heading = say.plain("coteach.beside", other=other.first)
    if draft.part != "any":
        heading = say.plain("coteach.beside_in", other=other.first, part=cards.part(draft, facts))
    warnings = tuple(say(f"coteach.warn_{name}", school=facts.school.name) for name in draft.warnings)
    if draft.next_read:
        warnings = (nexts.told(draft, facts), *warnings)
    if draft.elsewhere:
        warnings = (say("coteach.elsewhere", typed=draft.elsewhere), *warnings)
    if draft.unread:
        warnings = (*warnings, say("coteach.unread", words=draft.unread))
    clashing, off = serial.clashing(draft, facts), cards.chat_off(draft, facts)
    taken = bool(clashing)
    times = cards.time_buttons(draft, facts) if taken and draft.repeat is None else ()
    if taken and draft.repeat is not None:
        days = listing([long_date(one.start.astimezone(facts.zone).date(), facts.say) for one in clashing], facts.say)
        warnings = (*warnings, say("coteach.overlap_series", days=days))
        times = (cards.button(facts, "leave_out"),) if len(clashing) < len(serial.visits_of(draft)) else ()
    elif taken:
        warnings = (*warnings, say("coteach.overlap" if times else "coteach.overlap_none"))
    else:
        warnings = (*warnings, *cards.doubts(draft, facts))
    if draft.repeat is not None and (days := serial.left_out(draft, facts)):
        warnings = (*warnings, say("coteach.left_out", days=days))
    if off:
        warnings = (*warnings, say("coteach.chat_off", other=other.first))
    send = () if taken or off else (cards.button(facts, "send", "confirm", other=other.first),)
    question = say.plain("coteach.question_open", teacher=teacher.first)
    asked = Fact(say.plain("coteach.question"), draft.offer or question, soft=draft.offer is None)
    legend = cards.role_label(draft, facts, draft.proposer)
    fits = draft.role == "model_a_move" and draft.model_minutes
    modelled = (Fact(say.plain("coteach.to_model"), say.plain("coteach.minutes", n=str(draft.model_minutes))),)
    return Card(
        title=say.plain("coteach.preview_title"),
        framed=True,
        blocks=(
            Label(say.plain("coteach.only_you")),
            Heading(heading),
            Details(
                (
                    Fact(say.plain("coteach.when"), serial.spoken(draft, facts, facts.me.zone, other.zone)),
                    Fact(say.plain("coteach.part"), cards.capital(cards.part(draft, facts)), soft=draft.part == "any"),
                    asked,
                    *(modelled if fits else ()),
                )
            ),
            *warnings,
            Choices("role", legend, tuple(Option(r, say.button(f"coteach.role_{r}")) for r in cards.ROLES), draft.role),
            *rows(
                (*times, *send, *nexts.other_day(draft, facts), cards.button(facts, "change")),
                (cards.button(facts, "not_now", "quiet"),),
            ),
        ),
    )
