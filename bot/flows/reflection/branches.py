"""Beside the plain path: the light version (2.8), and being stuck (1.8)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cards import Open, Replace, Text, Wrong
from bot.effects import Keep, Say, Unplan
from bot.events import AnyEvent, Pressed, Said, Submitted
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.reflection import beside, cards, closing
from bot.flows.reflection.answering import reflect
from bot.flows.reflection.asking import REMINDER
from bot.flows.reflection.keeping import LONGEST, answer
from bot.flows.reflection.states import Adding, Asked, Asking, Rested, Smaller, Stuck, Tapping, Walk
from bot.flows.sharing import sent
from bot.records import Own
from bot.reflecting import echo, quotable, reflect_back
from bot.safety import ask

# Whoever writes this much beside the wish itself has said something to keep.
SAYS_MORE = 8
# Where it is, what better could look like, what is in reach (flows.md, 1.8).
_PATH = (("st-08", "st-04"), ("st-01",), ("st-03", "st-05"))


def step(state: Asked | Stuck | Asking | Smaller | Tapping | Adding, event: AnyEvent, facts: Facts) -> Turn:
    walk, me = state.walk, facts.me
    match state, event:
        case Tapping(), Pressed(verb=verb) if verb in cards.LIGHT:
            return _tapped(walk, verb, facts)
        case Tapping(), Said(text=text):
            return _said_instead(walk, text, facts)
        case Adding(), Pressed(verb="nothing_more"):
            return Turn(Rested(walk), (), Replace(beside.saved_notes(facts)))
        case Adding(), Said(text=text):
            kept = Keep(answer(facts, text, facts.say.plain("reflection.light_more"), ""))
            return Turn(Rested(walk), (kept, Say(to=me.id, card=beside.saved_notes(facts))))
        case Asked(), Pressed(verb="stuck"):
            return Turn(
                Stuck(walk), (Unplan(person=me.id, topic=REMINDER),), Replace(beside.stuck(facts, walk)), (me.id,)
            )
        case Stuck(), Said(text=text):
            return reflect(walk, text, facts)
        case Stuck(), Pressed(verb="three"):
            return _small(walk, facts)
        case Stuck(), Pressed(verb="leave_now"):
            return Turn(Rested(walk), (), Replace(message(facts.say("reflection.leave_it"))))
        case Stuck(), Pressed(verb="ask_coach"):
            return preview(walk, words_of(facts), facts)
        case Asking(), Pressed() | Submitted():
            return _asking(state, event, facts)
        case Smaller(), Pressed(verb="stop_here"):
            return closing.ask_step(walk, facts)
        case Smaller(), Said(text=text):
            return _small_answer(walk, text, facts)
        case _:
            return Turn(state, hear=(me.id,))


def _tapped(walk: Walk, verb: str, facts: Facts) -> Turn:
    me = facts.me
    quiet = Unplan(person=me.id, topic=REMINDER)
    if verb == "rather_not":
        return Turn(Rested(walk), (quiet, Say(to=me.id, card=message(facts.say("reflection.leave_it")))))
    chosen = facts.say.button(f"reflection.{verb}")
    kept = Keep(answer(facts, chosen, facts.say.plain("reflection.light"), ""))
    return Turn(Adding(walk), (kept, quiet, Say(to=me.id, card=cards.light_more(facts), name="more")), hear=(me.id,))


def _said_instead(walk: Walk, text: str, facts: Facts) -> Turn:
    """The light version asks for one thing; typed words are that thing."""
    kept = Keep(answer(facts, text, facts.say.plain("reflection.light"), ""))
    said = Say(to=facts.me.id, card=beside.saved_notes(facts))
    return Turn(Rested(walk), (kept, Unplan(person=facts.me.id, topic=REMINDER), said))


def _small(walk: Walk, facts: Facts, *before: Text) -> Turn:
    choice = _PATH[len(walk.small)]
    # The same person in the same conversation gets the same one of the two.
    stem = choice[int(derived(facts.thread, *choice)[:2], 16) % len(choice)]
    walk = replace(walk, small=(*walk.small, stem))
    card = beside.small_question(facts, walk, *before)
    return Turn(Smaller(walk), (Say(to=facts.me.id, card=card, name="small"),), hear=(facts.me.id,))


def _small_answer(walk: Walk, text: str, facts: Facts) -> Turn:
    stem = facts.library.stem(walk.small[-1])
    kept = Keep(answer(facts, text, stem.text, stem.id))
    # Who is stuck is handed their words back without praise.
    honest = tuple(signals for signals in facts.library.signals if signals.family == "honest")
    before: tuple[Text, ...] = ()
    if fit := quotable(text):
        back = reflect_back(
            replace(facts.library, signals=honest), reply=fit, by=facts.me.id, stem=None, tapped_tried=False,
            recent=cards.recent(facts), seed=f"{facts.thread} {stem.id}", audience=facts.me.role,
        )  # fmt: skip
        before = (back.text,)
    done = len(walk.small) == len(_PATH)
    turn = closing.ask_step(walk, facts, before=before) if done else _small(walk, facts, *before)
    return replace(turn, effects=(kept, *turn.effects))


def words_of(facts: Facts) -> Own | None:
    """What they would like to think about: the last thing they told here, in full where it fits a note."""
    for reply in reversed(facts.reflections):
        text = reply.words.text
        if ask(text) not in ("advice", "stuck", "none") or len(text.split()) >= SAYS_MORE:
            return Own(text if len(text) <= LONGEST else echo(text), facts.me.id)
    return None


def preview(walk: Walk, words: Own | None, facts: Facts) -> Turn:
    """What the coach would get, before anything is sent."""
    coach = cards.coach_of(facts)
    if coach is None:
        return Turn(Stuck(walk), hear=(facts.me.id,))
    return Turn(Asking(walk, words, facts.version), (), Replace(beside.ask_coach(facts, coach, words)), (facts.me.id,))


def _asking(state: Asking, event: Pressed | Submitted, facts: Facts) -> Turn:
    walk, coach = state.walk, cards.coach_of(facts)
    match event:
        case Pressed(verb="change_words"):
            return Turn(state, (), Open(beside.wish_form(facts, state.words)), (facts.me.id,))
        case Submitted(verb="change_words", fields=fields):
            words = fields.get("words", "").strip()
            if len(words) > LONGEST:
                return Turn(state, (), Wrong({"words": facts.say.plain("reflection.wish_long")}), (facts.me.id,))
            return preview(walk, Own(words, facts.me.id) if words else None, facts)
        case Pressed(verb="send", version=shown) if coach and shown >= state.version:
            said = Say(to=coach.id, card=message(*beside.wish(facts.read_by(coach), state.words)), name="asked")
            known = (sent(facts, coach.id, "asked"),) if state.words else ()
            return Turn(
                Rested(walk), (said, *known), Replace(message(facts.say("reflection.asked_coach", coach=coach.first)))
            )
        case Pressed(verb="dont_send"):
            return Turn(Rested(walk), (), Replace(message(facts.say("reflection.not_sent"))))
        case _:
            return Turn(state, hear=(facts.me.id,))
