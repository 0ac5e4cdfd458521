"""What the one who is asked gets: an invitation, a change with was and now, or the question which part they keep."""

from __future__ import annotations

from bot.cards import Block, Card, Details, Fact, Label, Quote, Seen
from bot.flow import Facts
from bot.flows.coteach import cards, serial
from bot.flows.coteach.states import Draft, Offered
from bot.flows.drawing import message, rows


def invitation(state: Offered, facts: Facts) -> Card:
    """What the one who is asked gets: the first time in a sentence, a change with was and now."""
    draft, say = state.draft, facts.say
    me, other = cards.reader(draft, facts, state.asked)
    if state.was is not None:
        return _change(state, facts)
    words = {"other": other.first, "when": serial.short(draft, facts, me.zone), "minutes": str(draft.minutes)}
    if cards.most_of_it(draft):
        return _keeping(state, facts, words)
    key = "invite" if me.role == "teacher" else "invite_coach"
    wished = cards.role(draft, facts)
    wished = wished[:1].lower() + wished[1:]
    sentence = (
        say(f"coteach.{key}_any", role=wished, **words)
        if draft.part == "any"
        else say(f"coteach.{key}", role=wished, part=cards.part(draft, facts), **words)
    )
    offered: tuple[Block, ...] = ()
    if draft.offer:
        offered = (Label(say.plain("coteach.offered", coach=other.first)), Quote(draft.offer))
    return Card(
        title=say.plain("coteach.invite_title", other=other.first),
        framed=True,
        blocks=(
            Label(say.plain("coteach.from", other=other.first)),
            sentence,
            *(cards.changes(draft, facts, me.zone) if draft.repeat else ()),
            *offered,
            *rows(tuple(cards.button(facts, verb) for verb in ("works", "another", "change_part", "not_this_week"))),
            Seen(say.plain("coteach.two_paths", other=other.first), 2),
        ),
    )


def _keeping(state: Offered, facts: Facts, words: dict[str, str]) -> Card:
    """A model that would take most of the block is no invitation yet: the teacher says which part they keep."""
    say, other = facts.say, words["other"]
    return Card(
        title=say.plain("coteach.invite_title", other=other),
        framed=True,
        blocks=(
            Label(say.plain("coteach.from", other=other)),
            say("coteach.keep_which", **words),
            *rows(tuple(cards.button(facts, verb) for verb in ("change_part", "another", "not_this_week"))),
            Seen(say.plain("coteach.two_paths", other=other), 2),
        ),
    )


def _change(state: Offered, facts: Facts) -> Card:
    draft, was, say = state.draft, state.was or state.draft, facts.say
    me, other = cards.reader(draft, facts, state.asked)
    moved = (was.start, was.minutes, was.repeat) != (draft.start, draft.minutes, draft.repeat)

    def fact(label: str, now: str, before: str) -> Fact:
        return Fact(label, now, was="" if now == before else before)

    def when(of: Draft) -> str:
        return serial.spoken(of, facts, me.zone)

    def part(of: Draft) -> str:
        return cards.capital(cards.part(of, facts))

    last = "keep_booked" if state.booked else "not_this_week"
    return Card(
        title=say.plain("coteach.asks_title", other=other.first),
        framed=True,
        blocks=(
            Label(say.plain("coteach.asks_time" if moved else "coteach.asks_change", other=other.first)),
            Details(
                (
                    fact(say.plain("coteach.when"), when(draft), when(was)),
                    fact(say.plain("coteach.part"), part(draft), part(was)),
                    fact(cards.role_label(draft, facts, me.id), cards.role(draft, facts), cards.role(was, facts)),
                )
            ),
            *rows((cards.button(facts, "works"), cards.button(facts, "another"), cards.button(facts, last))),
            Seen(say.plain("coteach.two_paths", other=other.first), 2),
        ),
    )


def most(draft: Draft, facts: Facts) -> Card:
    """A coach who would model the whole block is asked what the teacher keeps in hand."""
    _, teacher = cards.sides(draft, facts)
    answers = (cards.button(facts, "shorten"), cards.button(facts, "ask_part", other=teacher.first))
    text = facts.say("coteach.model_most", other=teacher.first)
    return message(text, answers=answers, quiet=(cards.button(facts, "not_now", "quiet"),))
