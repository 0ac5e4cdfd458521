"""The cards beside the plain path: short answers, being stuck, asking for advice or for a person, a student's name."""

from __future__ import annotations

from bot.cards import Button, Card, Form, Label, Seen, Text, TextField
from bot.flow import Facts
from bot.flows.drawing import message, rows
from bot.flows.reflection import cards
from bot.flows.reflection.states import Walk
from bot.records import Own, Person


def brief(facts: Facts, reflected: Text | None, empty: bool) -> Card:
    """A short answer is enough: there is a way on, and a way out."""
    if empty:
        ways = (cards.button(facts, "else"), cards.button(facts, "leave_there"))
        return message(facts.say("reflection.some_weeks"), answers=ways)
    before = (reflected,) if reflected else ()
    answers = (cards.button(facts, "leave_there"), cards.button(facts, "one_more"))
    return message(*before, facts.say("reflection.leave_or_more"), answers=answers)


def advised(facts: Facts, walk: Walk) -> Card:
    """A question comes before anyone else's ideas."""
    question = Text((facts.library.stem(walk.stem).text,))
    first = (facts.say("reflection.advice_first"),) if walk.advice == 1 else ()
    return message(*first, question, answers=(cards.button(facts, "leave_advice"),), hint=cards.hint(facts))


def helping(facts: Facts, walk: Walk) -> Card:
    """A person instead of more questions; asked a third time, in one line."""
    coach = cards.coach_of(facts)
    if coach is None:
        key = "advice_coach" if facts.me.role == "coach" else "advice_alone"
        more = (cards.button(facts, "another_one"),) if walk.advice == 2 else ()
        return message(facts.say(f"reflection.{key}"), answers=(*more, cards.button(facts, "leave_advice")))
    names = ("another_one", "leave_advice") if walk.advice == 2 else ("leave_advice",)
    invite = Button("invite", facts.say.button("reflection.invite", coach=coach.first), value=coach.handle)
    text = facts.say("reflection.advice_fair" if walk.advice == 2 else "reflection.advice_short", coach=coach.first)
    asking = (cards.button(facts, "ask_ten", coach=coach.first), invite)
    return message(text, answers=(*asking, *(cards.button(facts, name) for name in names)))


def saved_notes(facts: Facts) -> Card:
    return message(facts.say("reflection.notes_saved"), quiet=(cards.button(facts, "delete_notes", "quiet"),))


def stuck(facts: Facts, walk: Walk) -> Card:
    coach = cards.coach_of(facts)
    asking = (cards.button(facts, "ask_coach", coach=coach.first),) if coach else ()
    three = (cards.button(facts, "three"),) if len(walk.small) < 3 else ()
    return message(facts.say("reflection.stuck"), answers=(*three, *asking, cards.button(facts, "leave_now")))


def ask_coach(facts: Facts, coach: Person, words: Own | None) -> Card:
    """Exactly what the coach would get, before anything is sent."""
    return Card(
        title=facts.say.plain("reflection.preview_title", coach=coach.first),
        framed=True,
        blocks=(
            Label(facts.say.plain("reflection.exactly", coach=coach.first)),
            *wish(facts, words),
            *rows(
                (cards.button(facts, "send", "confirm"), cards.button(facts, "change_words")),
                (cards.button(facts, "dont_send", "quiet"),),
            ),
            Seen(facts.say.plain("reflection.until_send")),
        ),
    )


def wish(facts: Facts, words: Own | None) -> tuple[Text, ...]:
    """What the coach gets: who would like to think with them, about what, and one line of ours."""
    first = facts.me.first
    asked = facts.say("reflection.coach_asked", first=first, words=words) if words else None
    return asked or facts.say("reflection.coach_asked_plain", first=first), facts.say("reflection.maybe_ideas")


def wish_form(facts: Facts, words: Own | None) -> Form:
    about = facts.say.plain("reflection.about_label")
    return Form(
        verb="change_words",
        title=facts.say.plain("reflection.about_title"),
        fields=(TextField("words", about, words or "", True, long=True, max_length=240),),
        submit=facts.say.button("reflection.keep_words"),
        cancel=facts.say.button("reflection.close_form"),
    )


def small_question(facts: Facts, walk: Walk, *before: Text) -> Card:
    question = Text((facts.library.stem(walk.small[-1]).text,))
    return message(*before, question, answers=(cards.button(facts, "stop_here"),), hint=cards.hint(facts))
