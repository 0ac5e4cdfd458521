"""Where one thing on a line has several readings: a button for each, and something else, which opens the form."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from bot import when
from bot.cards import Button, Card
from bot.flow import Facts
from bot.flows.coteach import cards, nexts
from bot.flows.coteach.reading import PARTS, chosen_time, timed
from bot.flows.coteach.states import Draft
from bot.flows.drawing import message
from bot.spoken import at_time, stretch

TWO = 2


def days(draft: Draft, result: when.Ask) -> tuple[str, ...]:
    """What the buttons of the two days carry that `next` may be; nothing where something else is asked."""
    return nexts.both(_starts(draft, result), result.reason)


def known(draft: Draft, result: when.Ask, facts: Facts) -> Draft:
    """With the day or the time that every answer has, so that the form need not ask for it again."""
    walls = [nexts.datetime_of(value).astimezone(facts.zone) for value in _starts(draft, result)]
    days, times = {f"{wall:%Y-%m-%d}" for wall in walls}, {f"{wall:%H:%M}" for wall in walls}
    if len(days) == 1:
        draft = replace(draft, day=days.pop())
    return replace(draft, time=times.pop()) if len(times) == 1 else draft


def card(draft: Draft, result: when.Ask, facts: Facts) -> Card:
    """The question and its answers. Two days without a word of repeating may also mean both."""
    starts, choices = _starts(draft, result), result.choices
    if nextly := days(draft, result):
        buttons = tuple(_start(nexts.VERB, value.partition(" ")[2], value, draft, facts) for value in nextly)
    elif starts:
        buttons = tuple(_start("choose_start", value, value, draft, facts) for value in starts)
    else:
        buttons = tuple(_choice(result.field, choice, facts) for choice in choices)
    if result.reason == "alternatives" and result.field == "date" and len(choices) == TWO:
        both = " ".join(value.partition(" ")[0] for value in starts)
        buttons = (*buttons, cards.button(facts, "choose_both", value=both))
    text = facts.say(f"coteach.which_{result.field}")
    return message(text, answers=buttons, quiet=(cards.button(facts, "something_else", "quiet"),))


def _starts(draft: Draft, result: when.Ask) -> tuple[str, ...]:
    """Every start there is to choose from, with the minutes it would take."""
    starts = [one.astimezone(UTC) for one in result.choices if isinstance(one, datetime)]
    lengths = result.lengths if len(result.lengths) == len(starts) else (draft.minutes,) * len(starts)
    return tuple(timed(start, minutes) for start, minutes in zip(starts, lengths, strict=True))


def _start(verb: str, when: str, value: str, draft: Draft, facts: Facts) -> Button:
    start, minutes = chosen_time(when, draft, facts)
    wall = (start or facts.now).astimezone(facts.zone)
    label = stretch(wall, minutes, facts.me.zone, facts.say)
    if wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset():
        # On the wall it comes twice: only the name of the zone's own time tells which.
        label = f"{at_time(wall, facts.me.zone, facts.say)} {wall:%Z}"
    return Button(verb, label, value=value)


def _choice(field: str, choice: object, facts: Facts) -> Button:
    if field == "repeat" and choice == "every_2_weeks":
        return cards.button(facts, "choose_weeks")
    if field == "repeat":
        return cards.button(facts, "choose_twice")
    if field == "teacher":
        return Button("choose_other", facts.people[str(choice)].name, value=str(choice))
    if field == "part":
        name = PARTS[str(choice)]
        return Button("choose_part", cards.capital(facts.say.plain(f"coteach.part_{name}")), value=name)
    return Button("choose_minutes", str(choice), value=str(choice))
