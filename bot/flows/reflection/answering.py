"""What becomes of an answer: kept as it was written, handed back, and followed by one question at most (2.3)."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.cards import Card, Text
from bot.effects import Effect, Keep, Say
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.reflection import asking, beside, cards, closing
from bot.flows.reflection.keeping import answer
from bot.flows.reflection.states import Brief, Followed, Walk
from bot.reflecting import is_short, quotable, reflect_back
from bot.safety import ask
from bot.stems import pick_follow_up

# After a sentence that sorts students, the next question looks for strength (flows.md, 1.9).
_STRENGTH = ("wr-int-02", "dc-02")


def reflect(walk: Walk, text: str, facts: Facts) -> Turn:
    """Kept as it was written; handed back in the same words, with one follow-up, or none after a long one (2.4)."""
    me, kind = facts.me, ask(text)
    stem = facts.library.stem(walk.stem) if walk.stem else None
    question = stem.text if stem else ""
    if kind == "numbers" or (kind == "compared" and me.role == "teacher"):
        turn = set_aside(walk, kind, text, question, facts)
        return replace(turn, effects=(*turn.effects, *((asking.noted(facts, stem, kind),) if stem else ())))
    line, back = handed_back(walk, text, facts)
    kept: tuple[Effect, ...] = (Keep(answer(facts, text, question, walk.stem)), asking.quiet(facts))
    kept = (*kept, asking.noted(facts, stem, line or "labels")) if stem else kept
    if is_short(text):
        said = Say(to=me.id, card=beside.brief(facts, next(iter(back), None), empty=False), name="brief")
        return Turn(Brief(walk), (*kept, *lighter(facts), said), hear=(me.id,))
    if facts.wrote_long:
        turn = closing.ask_step(walk, facts, before=back)
        return replace(turn, effects=(*kept, *turn.effects))
    follow_up = pick_follow_up(stem) if stem else facts.say.plain("reflection.types_instead")
    if kind == "labels" and me.role == "teacher":
        follow_up = facts.library.stem(_STRENGTH[int(derived(facts.thread)[:2], 16) % len(_STRENGTH)]).text
        walk = replace(walk, aside="labels")
    said = Say(to=me.id, card=cards.follow_up(facts, next(iter(back), None), follow_up), name="follow_up")
    return Turn(Followed(replace(walk, follow_up=follow_up)), (*kept, said), hear=(me.id,))


def follow_up_again(walk: Walk, facts: Facts) -> Card | None:
    """The follow-up drawn again from the kept reply."""
    if walk.aside in ("numbers", "compared", "more") or not facts.reflections:
        return cards.follow_up(facts, None, walk.follow_up)
    back = handed_back(replace(walk, tapped=""), facts.reflections[-1].words.text, replace(facts, asked=()))[1]
    return cards.follow_up(facts, next(iter(back), None), walk.follow_up)


def handed_back(walk: Walk, text: str, facts: Facts) -> tuple[str, tuple[Text, ...]]:
    """The id of the line and the paragraph that says their words back; none where nothing of them may be."""
    fit = quotable(text)
    if not fit:
        return "", ()
    stem = facts.library.stem(walk.stem) if walk.stem else None
    back = reflect_back(
        facts.library, reply=fit, by=facts.me.id, stem=stem, tapped_tried=walk.tapped in ("tried", "partly"),
        recent=cards.recent(facts), seed=facts.thread, audience=facts.me.role,
    )  # fmt: skip
    return back.line_id, (back.text,)


def nothing(walk: Walk, text: str, facts: Facts) -> Turn:
    """Nothing to say is an answer; nobody is asked for more words."""
    stem = facts.library.stem(walk.stem) if walk.stem else None
    kept = Keep(answer(facts, text, stem.text if stem else "", stem.id if stem else ""))
    noted = (asking.noted(facts, stem, "short"),) if stem else ()
    said = Say(to=facts.me.id, card=beside.brief(facts, None, empty=True), name="brief")
    effects = (kept, *noted, *lighter(facts), asking.quiet(facts), said)
    return Turn(Brief(walk, empty=True), effects, hear=(facts.me.id,))


def set_aside(walk: Walk, kind: str, text: str, question: str, facts: Facts) -> Turn:
    """Numbers stay with whoever has them, and classrooms are not compared: the thinking is asked about instead."""
    line = facts.say(f"reflection.{kind}")
    walk = replace(walk, aside=kind, follow_up=facts.say.plain(f"reflection.{kind}"))
    card = message(line, answers=(cards.button(facts, "all_today"),), hint=cards.hint(facts))
    kept = Keep(answer(facts, text, question, walk.stem))
    said = Say(to=facts.me.id, card=card, name="follow_up")
    return Turn(Followed(walk), (kept, asking.quiet(facts), said), hear=(facts.me.id,))


def lighter(facts: Facts) -> tuple[Effect, ...]:
    """Two short weeks in a row: the next one is answered by a tap."""
    monday = facts.here.date() - timedelta(days=facts.here.weekday())
    short = {line.id for line in facts.library.reflect_back if line.family == "short"} | {"short"}
    before = [
        asked.line
        for asked in facts.asked
        if asked.line and monday - timedelta(weeks=1) <= asked.at.astimezone(facts.zone).date() < monday
    ]
    again = bool(before) and short.issuperset(before)
    return (Keep(replace(facts.me, light_once=True)),) if again and facts.me.role == "teacher" else ()
