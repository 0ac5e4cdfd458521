"""The cards of the weekly reflection, each drawn from facts and where it stands."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import (
    Block,
    Button,
    Card,
    DateField,
    Exact,
    Form,
    Label,
    Quote,
    Seen,
    Text,
    TextField,
)  # fmt: skip
from bot.flow import Facts
from bot.flows.drawing import message, rows
from bot.flows.reflection.states import Walk
from bot.records import NextStep, Own, Person
from bot.spoken import long_date, weekday

TAPS = ("tried", "partly", "not_yet", "changed", "dropped")
LIGHT = ("surprised", "idea_stayed", "heavy", "rather_not")


def button(facts: Facts, verb: str, style: str = "answer", **slots: str) -> Button:
    return Button(verb, facts.say.button(f"reflection.{verb}", **slots), style)  # type: ignore[arg-type]  # one of three


def hint(facts: Facts) -> str:
    return facts.say.plain("reflection.hint")


def recent(facts: Facts) -> tuple[str, ...]:
    """The reflect-back lines of the last five replies, latest first."""
    return tuple(asked.line for asked in facts.asked if asked.line)[:5]


def coach_of(facts: Facts) -> Person | None:
    """The person a teacher's shares and wishes go to."""
    return next((p for p in facts.partners if p.role == "coach" and facts.me.role == "teacher"), None)


def quiet_row(facts: Facts, walk: Walk) -> tuple[Button, ...]:
    names = ("not_now", "skip", "who") if walk.nudged and walk.snoozes < 2 else ("skip", "who")
    return tuple(button(facts, name, "quiet") for name in names)


def opening(facts: Facts, walk: Walk, step: NextStep) -> Card:
    return message(
        facts.say("reflection.opening_step", first=facts.me.first, step=step.words),
        answers=tuple(button(facts, tap) for tap in TAPS),
        quiet=quiet_row(facts, walk),
        hint=hint(facts),
    )


def snooze(facts: Facts, hours: tuple[str, ...]) -> Card:
    return message(
        facts.say("reflection.when_again"),
        answers=tuple(button(facts, name) for name in hours),
        quiet=(button(facts, "back", "quiet"),),
    )


def not_yet(facts: Facts, line: Text) -> Card:
    return message(line, answers=tuple(button(facts, name) for name in ("keep_it", "smaller", "swap")))


def rewording(facts: Facts, how: str) -> Card:
    return message(facts.say(f"reflection.{how}"), quiet=(button(facts, "leave_words", "quiet"),), hint=hint(facts))


def _greeting(facts: Facts, walk: Walk) -> tuple[Text, ...]:
    """A week that does not begin with a step begins with a greeting."""
    return () if walk.step or walk.aside == "again" else (facts.say("reflection.opening", first=facts.me.first),)


def stem(facts: Facts, walk: Walk) -> Card:
    """The question, alone or below the opening line of a week without a step."""
    names = ("stuck",) if walk.changed_stem else ("else", "stuck")
    before = _greeting(facts, walk)
    return message(
        *before,
        Text((facts.library.stem(walk.stem).text,)),
        answers=tuple(button(facts, name) for name in names),
        quiet=quiet_row(facts, walk) if before else (),
        hint=hint(facts),
    )


def follow_up(facts: Facts, reflected: Text | None, question: str) -> Card:
    before = (reflected,) if reflected else ()
    return message(*before, Text((question,)), answers=(button(facts, "all_today"),), hint=hint(facts))


def light(facts: Facts, walk: Walk) -> Card:
    before = _greeting(facts, walk)
    return message(
        *before,
        facts.say("reflection.light"),
        answers=tuple(button(facts, name) for name in LIGHT),
        quiet=quiet_row(facts, walk) if before else (),
    )


def light_more(facts: Facts) -> Card:
    return message(facts.say("reflection.light_more"), answers=(button(facts, "nothing_more"),), hint=hint(facts))


def next_step(facts: Facts, walk: Walk, *before: Text) -> Card:
    day = weekday((facts.next_checkin or facts.now).astimezone(facts.zone).weekday(), facts.say)
    kept = facts.steps.get(walk.step)
    last = (button(facts, "keep_last"),) if kept and kept.status != "dropped" else ()
    return message(
        *before,
        facts.say("reflection.next_step", next_day=day),
        answers=(*last, button(facts, "no_step")),
        hint=hint(facts),
    )


def how_we_know(facts: Facts) -> Card:
    return message(facts.say("reflection.how_we_know"), answers=(button(facts, "skip_this"),), hint=hint(facts))


def _step_blocks(facts: Facts, step: NextStep) -> tuple[Block, ...]:
    known: tuple[Block, ...] = ()
    if step.how_we_know is not None:
        known = (Label(facts.say.plain("reflection.how_label")), Quote(step.how_we_know))
    day = (facts.say("reflection.bring_back", day=long_date(step.check_on, facts.say)),) if step.check_on else ()
    return (Label(facts.say.plain("reflection.your_step")), Quote(step.words), *known, *day)


def who_sees(facts: Facts, step: NextStep, default: bool = False) -> Seen:
    coach = coach_of(facts)
    if step.visibility == "coach" and coach:
        return Seen(facts.say.plain("reflection.two_paths", other=coach.first), 2)
    return Seen(facts.say.plain("reflection.just_you_default" if default else "reflection.just_you"))


def summary(facts: Facts, step: NextStep, settled: bool = False) -> Card:
    """The summary card; once settled it says that it is saved, and keeps the ways to change that."""
    coach = coach_of(facts)
    shared = step.visibility == "coach"
    sharing = (button(facts, "share", coach=coach.first),) if coach else ()
    sharing = (button(facts, "take_back"),) if shared else sharing
    row = (button(facts, "thats_it", "confirm"), button(facts, "change_words"), button(facts, "another_day"), *sharing)
    end: tuple[Block, ...] = rows(row)
    if settled:
        end = (facts.say("reflection.saved"), *rows(row[1:], (button(facts, "delete_step", "quiet"),)))
    return Card(
        title=facts.say.plain("reflection.your_step"),
        framed=True,
        blocks=(*_step_blocks(facts, step), *end, who_sees(facts, step, default=not settled)),
    )


def which_day(facts: Facts, step: NextStep) -> Card:
    return Card(
        title=facts.say.plain("reflection.your_step"),
        framed=True,
        blocks=(
            *_step_blocks(facts, step),
            facts.say("reflection.another_day"),
            *rows((button(facts, "two_weeks"), button(facts, "pick_date")), (button(facts, "thats_it", "quiet"),)),
            who_sees(facts, step),
        ),
    )


def words_form(facts: Facts, step: NextStep) -> Form:
    return Form(
        verb="change_words",
        title=facts.say.plain("reflection.your_step"),
        fields=(
            TextField("words", facts.say.plain("reflection.words_label"), step.words, long=True, max_length=240),
            TextField(
                "how", facts.say.plain("reflection.how_label"), step.how_we_know or "", True, long=True, max_length=240
            ),
        ),
        submit=facts.say.button("reflection.keep_words"),
        cancel=facts.say.button("reflection.close_form"),
    )


def day_form(facts: Facts, step: NextStep) -> Form:
    proposed = (step.check_on or facts.here.date()) + timedelta(days=7)
    return Form(
        verb="pick_date",
        title=facts.say.plain("reflection.another_day"),
        fields=(DateField("day", facts.say.plain("reflection.date_label"), proposed.isoformat()),),
        submit=facts.say.button("reflection.keep_day"),
        cancel=facts.say.button("reflection.close_form"),
    )


def to_share(facts: Facts, step: NextStep, notes: bool) -> tuple[Own, ...]:
    """Exactly the words that would go to the coach."""
    if not notes:
        return (step.words,)
    known = (step.how_we_know,) if step.how_we_know else ()
    return (step.words, *known, *(reflection.words for reflection in facts.reflections))


def share_preview(facts: Facts, step: NextStep, notes: bool) -> Card:
    coach = coach_of(facts)
    name = coach.first if coach else ""
    chosen = ("share_both", "the_step") if notes else ("share_step", "step_notes")
    foot = facts.say.plain("reflection.exact_foot", first=facts.me.first, day=long_date(facts.here.date(), facts.say))
    return Card(
        title=facts.say.plain("reflection.preview_title", coach=name),
        framed=True,
        blocks=(
            Label(facts.say.plain("reflection.exactly", coach=name)),
            Exact(to_share(facts, step, notes), foot),
            *rows(
                (button(facts, chosen[0], "confirm"), button(facts, chosen[1])),
                (button(facts, "keep_private", "quiet"),),
            ),
            Seen(facts.say.plain("reflection.until_share")),
        ),
    )


def shared(facts: Facts, coach: Person) -> Card:
    return message(facts.say("reflection.shared", coach=coach.first), quiet=(button(facts, "take_back", "quiet"),))


def arrived(facts: Facts, step: NextStep, notes: bool) -> Card:
    """What the coach gets: the very words of the preview."""
    key = "reflection.arrived_notes" if notes else "reflection.arrived_step"
    return Card(
        title=facts.say.plain("reflection.shared_title", first=facts.me.first),
        framed=True,
        blocks=(
            Label(facts.say.plain(key, first=facts.me.first)),
            *(Quote(words) for words in to_share(facts, step, notes)),
            Seen(facts.say.plain("reflection.two_paths_undo", other=facts.me.first), 2),
        ),
    )
