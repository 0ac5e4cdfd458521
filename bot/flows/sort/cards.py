"""The cards of a sort."""

from __future__ import annotations

from typing import Literal

from bot.cards import Block, Button, Card, Label, Quote, Seen, Text
from bot.flow import Facts
from bot.flows.drawing import message, rows
from bot.flows.reflection import beside
from bot.flows.sort.states import Answer, Side, Sorting
from bot.records import Own, Person, Reflection
from bot.reflecting import echo

# How many may be asked along from one card; a command can name anybody.
MOST_ASKED = 4
SIZES = ("few", "some", "most")
THERE, SORT, NAMES, NEXT = "sws-01", "sws-03", "sws-04", "sws-08"
NOTICE, IDEAS, QUESTIONS = "sws-06", "sws-05", "sws-07"
STEMS = {"there": THERE, "again": THERE, "sort": SORT, "names": NAMES, "notice": NOTICE, "more": NOTICE, "next": NEXT}
STEMS |= {"ideas": IDEAS, "questions": QUESTIONS}


def button(
    facts: Facts, verb: str, value: str = "", style: Literal["answer", "confirm", "quiet"] = "answer", **slots: str
) -> Button:
    return Button(verb, facts.say.button(f"sort.{verb}", **slots), style, value)


def beginning(facts: Facts, told: bool = False) -> Card:
    """What is needed; with whom is asked only where there is somebody."""
    named = {who for found in facts.mentions.values() for who in found}
    near = [one for one in facts.partners if one.id in named] or list(facts.partners)
    near.sort(key=lambda one: (one.name.casefold(), one.id))
    along = tuple(button(facts, "along", one.id, other=one.first) for one in near[:MOST_ASKED])
    more = () if told else (button(facts, "what", style="quiet"),)
    line = facts.say("sort.what") if told else facts.say("sort.begin")
    return message(line, answers=(button(facts, "ready"), *along), quiet=more)


def invitation(facts: Facts, by: Person) -> Card:
    """To whoever is asked along: yes or no, and no reason."""
    answers = (button(facts, "join"), button(facts, "not_this_time"))
    return message(facts.say("sort.invited", first=by.first), answers=answers)


def asked(state: Sorting, side: Side, facts: Facts, *before: Text) -> Card | None:
    """What this person is asked now."""
    say, hint, here = facts.say, facts.say.plain("reflection.hint"), place(side)
    match side.at:
        case "there":
            return message(*before, stem(facts, THERE), answers=(button(facts, "pass_by", here),), hint=hint)
        case "again":
            return message(*before, say("sort.there_again"), answers=(button(facts, "pass_by", here),), hint=hint)
        case "sort":
            lines = (*before, stem(facts, SORT), say("sort.on_the_table"))
            return message(*lines, answers=(button(facts, "sorted", here),), hint=hint)
        case "names":
            return _naming(state, side, facts, before)
        case "rename":
            two = (button(facts, "rename", here), button(facts, "keep_name", here))
            return message(*before, say("sort.doing"), answers=two)
        case "size":
            ways = tuple(button(facts, size, here) for size in SIZES)
            return message(*before, _about(facts, "sort.size", state, side), answers=ways)
        case "notice":
            lines = (*before, _about(facts, "sort.about", state, side), stem(facts, NOTICE))
            return message(*lines, answers=(button(facts, "pass_by", here),), hint=hint)
        case "more":
            ways = tuple(button(facts, verb, here) for verb in ("ideas", "questions", "on"))
            return message(*before, _about(facts, "sort.more", state, side), answers=ways)
        case "ideas" | "questions" as at:
            lines = (*before, _about(facts, "sort.about", state, side), stem(facts, STEMS[at]))
            return message(*lines, answers=(button(facts, "pass_by", here),), hint=hint)
        case "next":
            return message(*before, stem(facts, NEXT), answers=(button(facts, "pass_by", here),), hint=hint)
        case "wait":
            other = name_of(state, facts)
            on = () if _joined(state) else (button(facts, "alone", here),)
            return message(*before, say("sort.waits", other=other), answers=on)
        case _:
            return None


def place(side: Side) -> str:
    """What a button says it answers: one of an older question answers nothing."""
    return f"{side.at}-{side.group}"


def _naming(state: Sorting, side: Side, facts: Facts, before: tuple[Text, ...]) -> Card:
    hint = facts.say.plain("sort.names_hint")
    if not state.groups:
        return message(*before, stem(facts, NAMES), hint=hint)
    names = _names(state, facts)
    ways = rows((button(facts, "all_named", place(side)),))
    return Card(blocks=(*before, Label(facts.say.plain("sort.so_far")), *names, *ways), hint=hint)


def stem(facts: Facts, id: str) -> Text:
    return Text((facts.library.stem(id).text,))


def _about(facts: Facts, key: str, state: Sorting, side: Side) -> Text:
    return facts.say(key, name=group_name(state, side.group, facts))


def _names(state: Sorting, facts: Facts) -> tuple[Block, ...]:
    names = (group_name(state, number, facts) for number in range(len(state.groups)))
    return tuple(Quote(name) if isinstance(name, Own) else Text((name,)) for name in names)


def group_name(state: Sorting, number: int, facts: Facts) -> Own | str:
    """As it is written now; a name that was taken back or deleted leaves a number."""
    record = record_of(state.groups[number].name, facts) if number < len(state.groups) else None
    if record is not None:
        return Own(echo(record.words.text), record.words.by)
    return facts.say.plain("sort.a_group", number=str(number + 1))


def record_of(id: str, facts: Facts) -> Reflection | None:
    return next((one for one in (*facts.reflections, *facts.theirs) if one.id == id), None)


def groups(state: Sorting, by: Person, facts: Facts) -> Card:
    """The names, to whoever did not write them."""
    names = _names(state, facts)
    label = Label(facts.say.plain("sort.named_these", other=by.first))
    return Card(blocks=(label, *names, Seen(facts.say.plain("reflection.two_paths", other=by.first), 2)))


def both(of: tuple[Answer, ...], state: Sorting, reader: Person, facts: Facts) -> Card:
    """What each answered, once both have; a reader's own stands there beside the other's."""
    other = next((facts.people[one.person] for one in of if one.person != reader.id), reader)
    blocks: list[Block] = [Label(facts.say.plain("sort.both"))]
    number = next((n for n, group in enumerate(state.groups) if group.name == of[0].group), None)
    if number is not None:
        blocks.append(facts.say("sort.about", name=group_name(state, number, facts)))
    for one in of:
        if (record := record_of(one.record, facts)) is not None:
            blocks += [Label(facts.people[one.person].first), Quote(record.words)]
    seen = Seen(facts.say.plain("reflection.two_paths_undo", other=other.first), 2)
    return Card(title=facts.say.plain("sort.both"), framed=True, blocks=(*blocks, seen))


def done(state: Sorting, facts: Facts) -> Card:
    """Over; who has it stands there as it is."""
    if _joined(state):
        return message(facts.say("sort.kept_both", other=name_of(state, facts)))
    return beside.saved_notes(facts)


def name_of(state: Sorting, facts: Facts) -> str:
    """The other one's."""
    others = [one.person for one in state.sides if one.person != facts.me.id]
    who = facts.people.get(others[0] if others else state.other)
    return who.first if who else facts.say.plain("house.somebody")


def _joined(state: Sorting) -> bool:
    return len(state.sides) > 1
