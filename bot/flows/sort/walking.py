"""One person's way through a sort: what is there, names, sizes, each group, and a next step (flows.md, 5)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import NOTHING, Card, Replace, Text
from bot.effects import Drop, Effect, Keep, Say
from bot.events import Pressed, Said, Submitted
from bot.flow import Facts, Turn, derived
from bot.flows import aside
from bot.flows.drawing import message
from bot.flows.reflection import advance, answering, asking, beside, keeping
from bot.flows.reflection import current as ending_card
from bot.flows.reflection.states import Stepping, Walk
from bot.flows.sort import between, cards, telling
from bot.flows.sort.between import hearing, put
from bot.flows.sort.states import Answer, Group, Side, Sorting
from bot.flows.wording import as_pressed, in_words, pressed
from bot.records import NextStep, Own, Reflection
from bot.safety import ask
from bot.safety import command as typed

LEAST, MOST = 2, 4
# What both answer, and neither sees before having answered.
BOTH = (cards.THERE, cards.NOTICE)
_ASKED = ("there", "again", "sort", "names", "notice", "ideas", "questions", "next")
_PAST = {"names": "all_named", "rename": "keep_name", "more": "on", "sort": "sorted"}


def step(state: Sorting, side: Side, event: Said | Pressed | Submitted, facts: Facts) -> Turn | None:
    """None where nothing comes of it."""
    if side.at == "ending" and side.ending is not None:
        return _ending(state, side, event, facts)
    if side.aside is not None:
        return _aside(state, side, event, facts)
    if isinstance(event, Said):
        return _typed(state, side, event, facts)
    if isinstance(event, Pressed) and event.value == cards.place(side):
        return _pressed(state, side, event.verb, facts)
    return None


def _typed(state: Sorting, side: Side, event: Said, facts: Facts) -> Turn | None:
    press = as_pressed(event, cards.asked(state, side, facts), facts)
    if (wish := typed(event.text)) and wish.name in ("skip", "enough"):
        press = pressed(event, _PAST.get(side.at, "pass_by"), facts, cards.place(side))
    if press is not None:
        return in_words(press, lambda one: _pressed(state, side, one.verb, facts) or Turn(state), facts)
    if side.at in _ASKED and (turn := aside.wished(event.text, cards.STEMS[side.at], side.advice, facts)):
        return _astray(state, side, turn, facts)
    return _said(state, side, event.text.strip(), facts)


def _said(state: Sorting, side: Side, text: str, facts: Facts) -> Turn | None:
    kind = ask(text)
    if side.at in ("names", "rename"):
        return _named(state, side, text, facts)
    if side.at in ("size", "more"):
        kept = Keep(replace(keeping.answer(facts, text, "", ""), about=_about(state, side, facts)))
        key = "size_words" if side.at == "size" else "noted"
        return go(state, side, facts, (kept,), (facts.say(f"sort.{key}"),))
    if side.at not in _ASKED:
        return None
    if kind in ("numbers", "compared") and kind not in side.told and (kind == "numbers" or facts.me.role == "teacher"):
        return _set_aside(state, side, kind, text, facts)
    if kind == "none":
        # Nothing to say is no answer for anybody else to read, and nobody is asked for more.
        kept = Keep(replace(keeping.answer(facts, text, "", ""), about=_about(state, side, facts)))
        turn = after(state, side, facts)
        return replace(turn, effects=(kept, *turn.effects))
    state, effects, before, facts = _answered(state, side, text, facts)
    if side.at == "there" and "again" not in side.told and telling.only_missing(text):
        return go(state, replace(side, at="again", told=(*side.told, "again")), facts, effects)
    return after(state, side, facts, effects, before)


def _pressed(state: Sorting, side: Side, verb: str, facts: Facts) -> Turn | None:
    match side.at, verb:
        case "there" | "again" | "notice" | "ideas" | "questions" | "next", "pass_by":
            return after(state, side, facts)
        case "sort", "sorted":
            return go(state, replace(side, at="names"), facts)
        case "names", "all_named":
            return sizes(state, side, facts)
        case "rename", "rename":
            state, gone = _without(state, side.naming)
            return go(state, replace(side, at="names", naming=()), facts, gone)
        case "rename", "keep_name":
            return _more_names(state, replace(side, at="names", naming=()), facts)
        case "size", "few" | "some" | "most" as size:
            groups = tuple(replace(g, size=size) if n == side.group else g for n, g in enumerate(state.groups))
            return sizes(replace(state, groups=groups), replace(side, group=side.group + 1), facts)
        case "size", "pass_by":
            return sizes(state, replace(side, group=side.group + 1), facts)
        case "more", "ideas" | "questions" as more:
            return go(state, replace(side, at=more), facts)
        case "more", "on":
            return after(state, side, facts)
        case "wait", "alone":
            return between.alone(state, side, facts)
        case _:
            return None


def go(
    state: Sorting, side: Side, facts: Facts, effects: tuple[Effect, ...] = (), before: tuple[Text, ...] = ()
) -> Turn:  # fmt: skip
    """On to where this side now stands, and its question."""
    new = put(state, side)
    card = cards.asked(new, side, facts, *before)
    said = (Say(to=facts.me.id, card=card, name=side.at),) if card else ()
    return Turn(new, (*effects, *said), hear=hearing(new))


def after(
    state: Sorting, side: Side, facts: Facts, effects: tuple[Effect, ...] = (), before: tuple[Text, ...] = ()
) -> Turn:  # fmt: skip
    """What comes after what this side was asked."""
    match side.at:
        case "there" | "again" if between.pen(state, facts) == side.person:
            effects = between.both(state, replace(side, at="sort"), cards.THERE, "", facts, effects)
            return go(state, replace(side, at="sort"), facts, effects, before)
        case "there" | "again":
            effects = between.both(state, replace(side, at="wait"), cards.THERE, "", facts, effects)
            turn = between.brought(state, replace(side, at="wait"), facts, effects)
            return turn or go(state, replace(side, at="wait"), facts, effects)
        case "sort":
            return go(state, replace(side, at="names"), facts, effects, before)
        case "notice" if effects:
            effects = between.both(state, side, cards.NOTICE, state.groups[side.group].name, facts, effects)
            return go(state, replace(side, at="more"), facts, effects, before)
        case "next":
            return _step_asked(state, side, facts, effects, before)
        case _:
            return _next_group(state, side, facts, effects, before)


def sizes(state: Sorting, side: Side, facts: Facts) -> Turn:
    """How much of the work each group holds, in place; then each group by itself."""
    new = replace(side, at="size", group=side.group if side.at == "size" else 0)
    effects: tuple[Effect, ...] = ()
    if new.group >= len(state.groups):
        state, effects = between.bring(state, facts)
        new = replace(side, at="notice" if state.groups else "next", group=0)
    if side.at != "size":
        return go(state, new, facts, effects)
    card = cards.asked(state, new, facts)
    there = put(state, new)
    return Turn(there, effects, Replace(card) if card else NOTHING, hearing(there))


def _next_group(
    state: Sorting, side: Side, facts: Facts, effects: tuple[Effect, ...], before: tuple[Text, ...]
) -> Turn:  # fmt: skip
    if side.group + 1 < len(state.groups):
        return go(state, replace(side, at="notice", group=side.group + 1), facts, effects, before)
    if between.pen(state, facts) == side.person:
        return go(state, replace(side, at="next"), facts, effects, before)
    new = put(state, replace(side, at="done"))
    said = Say(to=facts.me.id, card=cards.done(new, facts), name="done")
    return Turn(new, (*effects, said), hear=hearing(new))


def _answered(
    state: Sorting, side: Side, text: str, facts: Facts
) -> tuple[Sorting, tuple[Effect, ...], tuple[Text, ...], Facts]:
    """Kept as it was written and handed back; the facts hold it from here on."""
    stem = facts.library.stem(cards.STEMS[side.at])
    question = facts.say.plain("sort.there_again") if side.at == "again" else stem.text
    together = bool(state.other) and stem.id in BOTH
    record = replace(
        keeping.answer(facts, text, question, stem.id), about=_about(state, side, facts),
        visibility="coach" if together else "private",
    )  # fmt: skip
    group = state.groups[side.group].name if record.about else ""
    line, back = answering.handed_back(Walk(day=facts.here.date(), stem=stem.id), text, facts)
    answers = (*state.answers, Answer(side.person, stem.id, group, record.id)) if together else state.answers
    effects = (Keep(record), asking.noted(facts, stem, line or "labels"))
    return replace(state, answers=answers), effects, back, knowing(facts, record)


def knowing(facts: Facts, *records: Reflection) -> Facts:
    return replace(facts, reflections=(*facts.reflections, *records))


def _about(state: Sorting, side: Side, facts: Facts) -> Own | None:
    """The group's name, in whose words it is."""
    if side.at not in ("size", "notice", "more", "ideas", "questions") or side.group >= len(state.groups):
        return None
    name = cards.group_name(state, side.group, facts)
    return name if isinstance(name, Own) else None


def _set_aside(state: Sorting, side: Side, kind: str, text: str, facts: Facts) -> Turn:
    """Numbers stay with whoever has them; the thinking is asked about, once (1.9)."""
    stem = cards.STEMS[side.at]
    kept = Keep(replace(keeping.answer(facts, text, facts.library.stem(stem).text, stem)))
    new = put(state, replace(side, told=(*side.told, kind)))
    way = cards.button(facts, "pass_by", cards.place(side))
    card = message(facts.say(f"reflection.{kind}"), answers=(way,), hint=facts.say.plain("reflection.hint"))
    return Turn(new, (kept, Say(to=facts.me.id, card=card, name=side.at)), hear=hearing(new))


def _named(state: Sorting, side: Side, text: str, facts: Facts) -> Turn:
    """One name a line, two to four in all. A level or a color is asked about once, and stays if it is kept."""
    state, gone = _without(state, side.naming)
    facts = replace(facts, reflections=tuple(r for r in facts.reflections if r.id not in side.naming))
    side, found = replace(side, at="names", naming=()), telling.names(text)
    if not found or len(state.groups) + len(found) > MOST or any(len(name) > keeping.LONGEST for name in found):
        # Nothing that was written is lost; it is only no name.
        kept = (Keep(keeping.answer(facts, text, "", "")),) if found else ()
        key = "name_long" if any(len(name) > keeping.LONGEST for name in found) else "four_at_most"
        return go(state, side, facts, (*gone, *kept), (facts.say(f"sort.{key}"),))
    question = facts.library.stem(cards.NAMES).text
    made: list[Reflection] = []
    for n, name in enumerate(found):
        record = keeping.answer(knowing(facts, *made), name, question, cards.NAMES)
        shared = "coach" if state.other else "private"
        made.append(replace(record, id=derived(facts.key, "name", str(n)), visibility=shared))
    state = replace(state, groups=(*state.groups, *(Group(record.id) for record in made)))
    effects: tuple[Effect, ...] = (*gone, *(Keep(record) for record in made))
    facts = knowing(facts, *made)
    level = tuple(record.id for record in made if telling.ranks(record.words.text))
    if level and "name" not in side.told:
        side = replace(side, at="rename", naming=level, told=(*side.told, "name"))
        return go(state, side, facts, effects)
    turn = _more_names(state, side, facts)
    return replace(turn, effects=(*effects, *turn.effects))


def _more_names(state: Sorting, side: Side, facts: Facts) -> Turn:
    return sizes(state, side, facts) if len(state.groups) == MOST else go(state, side, facts)


def _without(state: Sorting, names: tuple[str, ...]) -> tuple[Sorting, tuple[Effect, ...]]:
    left = tuple(group for group in state.groups if group.name not in names)
    return replace(state, groups=left), tuple(Drop(kind="reflection", id=name) for name in names)


def _step_asked(
    state: Sorting, side: Side, facts: Facts, effects: tuple[Effect, ...], before: tuple[Text, ...]
) -> Turn:  # fmt: skip
    """One next step, with the same agreements as the reflection's."""
    walk = Walk(day=facts.here.date(), stem=cards.NEXT)
    new = put(state, replace(side, at="ending", ending=Stepping(walk)))
    card = ending_card(Stepping(walk), facts)
    said = (Say(to=facts.me.id, card=replace(card, blocks=(*before, *card.blocks)), name="step"),) if card else ()
    return Turn(new, (*effects, *said), hear=hearing(new))


def _ending(state: Sorting, side: Side, event: Said | Pressed | Submitted, facts: Facts) -> Turn | None:
    turn = advance(side.ending, event, facts)
    new = put(state, replace(side, ending=turn.state))
    if turn.state == side.ending and not turn.effects and not isinstance(turn.answer, Replace):
        return replace(turn, state=state, hear=hearing(state))
    effects = tuple(_of_a_sort(effect, new, facts) for effect in turn.effects)
    return Turn(new, effects, turn.answer, hearing(new))


def _of_a_sort(effect: Effect, state: Sorting, facts: Facts) -> Effect:
    match effect:
        case Keep(NextStep(thread=thread, origin="weekly_reflection") as made) if thread == facts.thread:
            return Keep(replace(made, origin="student_work_sort"))
        case Say(card=card) if len(state.sides) > 1 and card == beside.saved_notes(facts):
            return replace(effect, card=cards.done(state, facts))
        case _:
            return effect


def _astray(state: Sorting, side: Side, turn: Turn, facts: Facts) -> Turn:
    there = turn.state
    new = put(state, replace(side, aside=there, advice=there.walk.advice))
    return replace(turn, state=new, hear=hearing(new))


def _aside(state: Sorting, side: Side, event: Said | Pressed | Submitted, facts: Facts) -> Turn | None:
    """Advice and a way on are met as anywhere; then the question stands there again."""
    came = aside.step(side.aside, event, facts) if side.aside else None
    if came is None:
        return None
    if isinstance(came, Turn):
        return _astray(state, side, came, facts)
    back = replace(side, aside=None)
    if came.said and isinstance(event, Said):
        return _said(state, back, event.text.strip(), facts)
    turn = go(state, back, facts, came.effects, came.before)
    card = cards.asked(turn.state, back, facts)
    return replace(turn, effects=came.effects, answer=Replace(card)) if came.quietly and card else turn


def current(state: Sorting, side: Side, facts: Facts) -> Card | None:
    if side.at == "ending" and side.ending is not None:
        return ending_card(side.ending, facts)
    if side.aside is not None:
        return aside.current(side.aside, facts)
    return cards.asked(state, side, facts)
