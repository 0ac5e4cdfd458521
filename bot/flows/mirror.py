"""The coach's mirror: a coach answers about themselves first, and teachers beside them can read it (flows.md, 8)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import Block, Button, Card, Exact, Label, Replace, Seen, Text
from bot.effects import Keep, Say
from bot.events import AnyEvent, Commanded, Pressed, Said
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.drawing import message, rows
from bot.flows.meeting import cards as meeting
from bot.flows.naming import swapped
from bot.flows.reflection.keeping import answer
from bot.flows.sharing import opened
from bot.flows.telling import reply
from bot.flows.wording import as_pressed, in_words
from bot.safety import command as typed

STEMS = ("fm-01", "fm-03")


class Asking(Struct, frozen=True, tag="asking"):
    """One of the two questions stands there."""

    stem: str


class Showing(Struct, frozen=True, tag="showing"):
    """What they wrote is shown to them; nobody else reads it yet, and by no older card than `version`."""

    version: int = 0


class Done(Struct, frozen=True, tag="done"):
    """Read by the teachers, or kept."""


State = Asking | Showing | Done


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    if isinstance(event, Said) and isinstance(state, Asking | Showing):
        press = as_pressed(event, current(state, facts), facts)
        turn = in_words(press, lambda press: _step(state, press, facts), facts)
        if turn is not None:
            return turn
    return _step(state, event, facts)


def _step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    me = facts.me
    match state, event:
        case None, Said() | Commanded() if me.role == "teacher":
            records = tuple(one for one in facts.mirrors if one.person != me.id)
            card = meeting.mirror(records, facts) if records else message(facts.say("mirror.nothing"))
            return reply(event, facts, card, Done(), opened(facts, records))
        case None, Said() | Commanded():
            turn = reply(event, facts, _question(STEMS[0], facts), Asking(STEMS[0]))
            return replace(turn, hear=(me.id,))
        case Asking(stem), Pressed(verb="skip_part"):
            return _after(stem, facts)
        case Asking(stem), Said(text=text) if (wish := typed(text)) and wish.name == "skip":
            return _told(_after(stem, facts), facts)
        case Asking(stem), Said(text=text):
            kept = answer(facts, swapped(text, facts), facts.library.stem(stem).text, stem)
            turn = _told(_after(stem, replace(facts, reflections=(*facts.reflections, kept))), facts)
            return replace(turn, effects=(Keep(kept), *turn.effects))
        case Showing(version=version), Pressed(verb="let_read", version=shown) if shown >= version:
            seen = tuple(Keep(replace(one, visibility="partners")) for one in facts.reflections)
            old = tuple(
                Keep(replace(one, visibility="private"))
                for one in facts.mirrors
                if one.person == me.id and one.stem in {new.stem for new in facts.reflections}
                and one.id not in {new.id for new in facts.reflections}
            )  # fmt: skip
            return Turn(Done(), (*old, *seen), Replace(message(facts.say("mirror.read"))))
        case Showing(), Pressed(verb="keep_mirror"):
            return Turn(Done(), (), Replace(message(facts.say("mirror.kept"))))
        case _:
            return Turn(state)


def _told(turn: Turn, facts: Facts) -> Turn:
    card = turn.answer.card if isinstance(turn.answer, Replace) else _question(STEMS[0], facts)
    return Turn(turn.state, (Say(to=facts.me.id, card=card),), hear=turn.hear)


def _after(stem: str, facts: Facts) -> Turn:
    if stem == STEMS[0]:
        return Turn(Asking(STEMS[1]), (), Replace(_question(STEMS[1], facts)), (facts.me.id,))
    if not facts.reflections:
        return Turn(Done(), (), Replace(message(facts.say("mirror.kept"))))
    return Turn(Showing(facts.version), (), Replace(_preview(facts)), (facts.me.id,))


def _question(stem: str, facts: Facts) -> Card:
    first = (facts.say("mirror.why"),) if stem == STEMS[0] else ()
    question = Text((facts.library.stem(stem).text,))
    return message(*first, question, answers=(button(facts, "skip_part"),))


def button(facts: Facts, verb: str, style: Literal["answer", "confirm"] = "answer") -> Button:
    return Button(verb, facts.say.button(f"mirror.{verb}"), style)


def _preview(facts: Facts) -> Card:
    blocks: list[Block] = [facts.say("mirror.preview")]
    for one in facts.reflections:
        blocks += [Label(one.question), Exact((one.words,))]
    ways = (button(facts, "let_read", "confirm"), button(facts, "keep_mirror"))
    title = facts.say.plain("mirror.title")
    seen = Seen(facts.say.plain("reflection.until_share"))
    return Card(title=title, framed=True, blocks=(*blocks, *rows(ways), seen))


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Asking(stem):
            return _question(stem, facts)
        case Showing():
            return _preview(facts)
        case Done():
            return None


flow = Flow(
    name="mirror",
    states=State,
    step=step,
    current=current,
    commands=(Command("beside", "/beside mirror", word="mirror"),),
    typed=("mirror",),
    looks_anew=True,
    reads=("asks", "mirrors"),
)
