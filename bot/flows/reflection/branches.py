"""Beside the plain path: the light version (2.8), and being stuck (1.8)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Replace, Text
from bot.effects import Keep, Say, Unplan
from bot.events import AnyEvent, Pressed, Said
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.reflection import cards, closing
from bot.flows.reflection.asking import REMINDER, answer
from bot.flows.reflection.states import Adding, Asked, Rested, Smaller, Stuck, Tapping, Walk
from bot.reflecting import reflect_back

# Where it is, what better could look like, what is in reach (flows.md, 1.8).
_PATH = (("st-08", "st-04"), ("st-01",), ("st-03", "st-05"))


def step(state: Asked | Stuck | Smaller | Tapping | Adding, event: AnyEvent, facts: Facts) -> Turn:
    walk, me = state.walk, facts.me
    match state, event:
        case Tapping(), Pressed(verb=verb) if verb in cards.LIGHT:
            return _tapped(walk, verb, facts)
        case Adding(), Pressed(verb="nothing_more"):
            return Turn(Rested(walk), (), Replace(message(facts.say("reflection.saved"))))
        case Adding(), Said(text=text):
            kept = Keep(answer(facts, text, facts.say.plain("reflection.light_more"), ""))
            return Turn(Rested(walk), (kept, Say(to=me.id, card=message(facts.say("reflection.saved")))))
        case Asked(), Pressed(verb="stuck"):
            return Turn(Stuck(walk), (Unplan(person=me.id, topic=REMINDER),), Replace(cards.stuck(facts)))
        case Stuck(), Pressed(verb="three"):
            return _small(walk, facts)
        case Stuck(), Pressed(verb="leave_now"):
            return Turn(Rested(walk), (), Replace(message(facts.say("reflection.leave_it"))))
        case Stuck(), Pressed(verb="ask_coach"):
            return _ask_coach(walk, facts)
        case Smaller(), Pressed(verb="stop_here"):
            return closing.ask_step(walk, facts)
        case Smaller(), Said(text=text):
            return _small_answer(walk, text, facts)
        case _:
            return Turn(state, hear=(me.id,) if isinstance(state, Asked | Smaller | Adding) else ())


def _tapped(walk: Walk, verb: str, facts: Facts) -> Turn:
    me = facts.me
    quiet = Unplan(person=me.id, topic=REMINDER)
    if verb == "rather_not":
        return Turn(Rested(walk), (quiet, Say(to=me.id, card=message(facts.say("reflection.leave_it")))))
    chosen = facts.say.button(f"reflection.{verb}")
    kept = Keep(answer(facts, chosen, facts.say.plain("reflection.light"), ""))
    return Turn(Adding(walk), (kept, quiet, Say(to=me.id, card=cards.light_more(facts), name="more")), hear=(me.id,))


def _small(walk: Walk, facts: Facts, *before: Text) -> Turn:
    choice = _PATH[len(walk.small)]
    # The same person in the same conversation gets the same one of the two.
    stem = choice[int(derived(facts.thread, *choice)[:2], 16) % len(choice)]
    walk = replace(walk, small=(*walk.small, stem))
    card = cards.small_question(facts, walk, *before)
    return Turn(Smaller(walk), (Say(to=facts.me.id, card=card, name="small"),), hear=(facts.me.id,))


def _small_answer(walk: Walk, text: str, facts: Facts) -> Turn:
    stem = facts.library.stem(walk.small[-1])
    kept = Keep(answer(facts, text, stem.text, stem.id))
    if len(walk.small) == len(_PATH):
        turn = closing.ask_step(walk, facts)
    else:
        recent = tuple(asked.line for asked in facts.asked if asked.line)[:5]
        back = reflect_back(
            facts.library, reply=text, by=facts.me.id, stem=None, tapped_tried=False, recent=recent,
            seed=f"{facts.thread} {stem.id}",
        )  # fmt: skip
        turn = _small(walk, facts, back.text)
    return replace(turn, effects=(kept, *turn.effects))


def _ask_coach(walk: Walk, facts: Facts) -> Turn:
    coach = cards.coach_of(facts)
    if coach is None:
        return Turn(Stuck(walk))
    said = message(facts.say("reflection.coach_asked_plain", first=facts.me.first), facts.say("reflection.ideas_too"))
    return Turn(
        Rested(walk),
        (Say(to=coach.id, card=said, name="asked"),),
        Replace(message(facts.say("reflection.asked_coach", coach=coach.first))),
    )
