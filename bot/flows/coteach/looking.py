"""Where each of the two is in looking back, and its cards: of the other one sees what was shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.cards import Block, Button, Card, Exact, Label, Quote, Seen, Text
from bot.effects import Revise
from bot.flow import Facts
from bot.flows import aside
from bot.flows.coteach.cards import button, sides
from bot.flows.coteach.states import Booked, Draft, Look, Noticing, Visit
from bot.flows.drawing import message, rows
from bot.flows.reflection.states import Asking
from bot.records import NextStep, Person, Reflection
from bot.spoken import long_date, stretch
from bot.stems import Stem

# Where somebody may type, and the button that "skip" means there.
PAST: Mapping[str, str] = {"happened": "leave_it", "stem": "enough", "step": "no_step", "noticing": "not_now"}
ASKED = tuple(PAST)
_TYPED = {"launch": "launch", "main_lesson": "main", "menu": "menu", "closure": "closure", "whole": "whole"}


def current(state: Booked, look: Look, facts: Facts) -> Card | None:
    """What this person is asked now, drawn again."""
    coach, teacher = sides(state.draft, facts)
    if look.aside is not None:
        return aside.current(look.aside, facts)
    match look.at:
        case "happened" if state.visit and state.visit.happened is None:
            return happened(state.draft, state.visit.start, facts)
        case "stem":
            return stem(facts.library.stem(look.stem), facts)
        case "step":
            return try_again(facts, ())
        case "noticing":
            return specific(facts, teacher, ())
        case "keeping":
            return keeping(state, look, facts)
        case "done" if state.visit and shared_by(facts.me, state.visit, facts):
            return shared(coach if facts.me.id == teacher.id else teacher, facts)
        case _:
            return None


def happened(draft: Draft, start: datetime, facts: Facts) -> Card:
    local = start.astimezone(facts.zone).date()
    today = local == facts.here.date()
    text = (
        facts.say("coteach.happened_today")
        if today
        else facts.say("coteach.happened_on", day=long_date(local, facts.say))
    )
    verbs = ("happened_yes", "happened_moved", "happened_no")
    return message(text, answers=tuple(button(facts, verb) for verb in verbs))


def find_another(draft: Draft, other: Person, facts: Facts) -> Card:
    """Nobody asks why; another time begins with the same length and part."""
    line = f"{other.handle} {draft.minutes}m {_TYPED.get(draft.part, '')}".rstrip()
    answers = (
        Button("invite", facts.say.button("coteach.find_another"), value=line),
        button(facts, "leave_it"),
    )
    return message(facts.say("coteach.did_not"), answers=answers)


def over(draft: Draft, facts: Facts, who: Person) -> Revise:
    """Where "Booked" stood: that it did not happen, to its reader."""
    return Revise(to=who.id, card=_did_not_happen(draft, facts.read_by(who), who), name="slot")


def _did_not_happen(draft: Draft, facts: Facts, who: Person) -> Card:
    title = facts.say.plain("coteach.did_not_title")
    when = stretch(draft.start or facts.now, draft.minutes, who.zone, facts.say)
    return Card(title=title, framed=True, blocks=(Label(title), Text((when,))))


def stem(asked: Stem, facts: Facts) -> Card:
    hint = facts.say.plain("reflection.hint")
    return message(Text((asked.text,)), answers=(button(facts, "enough"),), hint=hint)


def try_again(facts: Facts, before: tuple[Text, ...]) -> Card:
    hint = facts.say.plain("reflection.hint")
    return message(*before, facts.say("coteach.try_again"), answers=(button(facts, "no_step"),), hint=hint)


def specific(facts: Facts, teacher: Person, before: tuple[Text, ...]) -> Card:
    answers = (button(facts, "notice"), button(facts, "not_now"))
    return message(*before, facts.say("coteach.specific", other=teacher.first), answers=answers)


def step_kept(made: NextStep, facts: Facts) -> Text:
    day = long_date(made.check_on, facts.say) if made.check_on else ""
    return facts.say("coteach.step_kept", step=made.words, day=day)


def keeping(state: Booked, look: Look, facts: Facts, *before: Text) -> Card:
    """What was answered, exactly as the other would see it."""
    coach, teacher = sides(state.draft, facts)
    other = coach if facts.me.id == teacher.id else teacher
    foot = facts.say.plain("reflection.exact_foot", first=facts.me.first, day=long_date(facts.here.date(), facts.say))
    exact: tuple[Block, ...] = (Exact((look.words,), foot),) if look.words else ()
    return Card(
        title=facts.say.plain("reflection.preview_title", coach=other.first),
        framed=True,
        blocks=(
            *before,
            Label(facts.say.plain("coteach.would_see", other=other.first)),
            *exact,
            *rows((button(facts, "share_look", "confirm", other=other.first), button(facts, "just_me"))),
            Seen(facts.say.plain("reflection.until_share")),
        ),
    )


def shared(other: Person, facts: Facts) -> Card:
    text = facts.say("reflection.shared", coach=other.first)
    return message(text, quiet=(button(facts, "unshare_look", "quiet"),))


def together(visit: Visit, teacher: Person, coach: Person, facts: Facts, reader: Person) -> Card:
    """What both may read: the teacher's on top. The reader's own stands there only beside the other's."""
    other = teacher if reader.id == coach.id else coach
    blocks: list[Block] = [Label(facts.say.plain("coteach.looked_back", day=_day(visit.start, reader, facts)))]
    for who in (teacher, coach):
        for reply in shared_by(who, visit, facts):
            blocks += [Label(who.first), Quote(reply.words)]
    title = facts.say.plain("reflection.shared_title", first=other.first)
    paths = Seen(facts.say.plain("reflection.two_paths_undo", other=other.first), 2)
    return Card(title=title, framed=True, blocks=(*blocks, paths))


def noticing(made: Noticing, coach: Person, facts: Facts) -> Card:
    """From one person to another, in the coach's words."""
    question: tuple[Block, ...] = (Quote(made.question),) if made.question else ()
    return Card(
        title=facts.say.plain("coteach.noticing_title", coach=coach.first),
        framed=True,
        blocks=(
            Label(facts.say.plain("coteach.from", other=coach.first)),
            facts.say("coteach.saw", words=made.saw),
            facts.say("coteach.students", words=made.students),
            *question,
            Seen(facts.say.plain("reflection.two_paths", other=coach.first), 2),
        ),
    )


def _day(start: datetime, reader: Person, facts: Facts) -> str:
    return long_date(start.astimezone(ZoneInfo(reader.zone)).date(), facts.say)


def hearing(state: Booked, facts: Facts) -> tuple[str, ...]:
    """Whoever is asked something that they may type."""
    coach, teacher = sides(state.draft, facts)
    if state.visit is None:
        return (teacher.id,) if state.asking else ()
    looks = ((teacher, state.visit.teacher), (coach, state.visit.coach))
    return tuple(who.id for who, look in looks if look.at in ASKED and not isinstance(look.aside, Asking))


def shared_by(who: Person, visit: Visit, facts: Facts) -> tuple[Reflection, ...]:
    """What that person lets the other read in this conversation, of the visit they look back on."""
    return tuple(
        reply
        for reply in (*facts.reflections, *facts.theirs)
        if reply.person == who.id and reply.visibility == "coach" and reply.at >= visit.start
    )


def look_of(visit: Visit, draft: Draft, facts: Facts) -> Look:
    coach, _ = sides(draft, facts)
    return visit.coach if facts.me.id == coach.id else visit.teacher


def with_look(state: Booked, look: Look, facts: Facts, **changed: object) -> Booked:
    coach, _ = sides(state.draft, facts)
    visit = replace(state.visit or Visit(start=facts.now), **changed)
    visit = replace(visit, coach=look) if facts.me.id == coach.id else replace(visit, teacher=look)
    return replace(state, visit=visit)
