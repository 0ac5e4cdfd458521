"""Our answers to a press or a form, in the response itself: pure. What cannot be said there comes as a message."""

from __future__ import annotations

from typing import Any

from adapters.teams.forms import corrected, form_content
from adapters.teams.payloads import Act
from adapters.teams.render import TYPE, Json, content
from adapters.teams.words import clean, untagged
from bot.cards import Answer, Card, Form, Label, Nothing, OnlyYou, Open, Replace, Text, Wrong, plain, settled

WORDS = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
NAME = "Beside"


def response(answer: Answer, act: Act) -> Json:
    """How this answer is given to this act. A card that did not travel along stays as it is on the screen."""
    match answer:
        case Replace(card):
            return in_place(content(card))
        case Open(form):
            return in_place(form_content(form))
        case Wrong(errors) if isinstance(act.shown, Form):
            return in_place(form_content(corrected(act.shown, act.inputs, errors)))
        case OnlyYou(card) if act.about.form:
            return in_place(content(card))
        case OnlyYou(card):
            return in_words(plain(card))
        case Nothing(stays=True) if isinstance(act.shown, Card):
            return in_place(content(act.shown))
        case Nothing(stays=False) if (left := settle(act)) is not None:
            return in_place(content(left))
        case Nothing() | Wrong():
            return in_words(act.label)


def in_dialog(answer: Answer, act: Act | None) -> Json:
    """How this answer opens a dialog, goes on in one, or closes it."""
    match answer:
        case Open(form):
            return _goes_on(form.title, form_content(form))
        case Wrong(errors) if act is not None and isinstance(act.shown, Form):
            form = corrected(act.shown, act.inputs, errors)
            return _goes_on(form.title, form_content(form))
        case Replace(card) | OnlyYou(card):
            return _goes_on(card.title, content(card))
        case Nothing() | Wrong():
            return {}


def _goes_on(title: str, shown: Json) -> Json:
    card = {"contentType": TYPE, "content": submitting(shown)}
    value = {"title": clean(title) or NAME, "height": "large", "width": "medium", "card": card}
    return {"task": {"type": "continue", "value": value}}


def submitting(shown: Any) -> Any:  # noqa: ANN401 - any part of a card
    """The card with `Action.Submit` in the place of each `Action.Execute`, which dialogs do not know."""
    match shown:
        case {"type": "Action.Execute", "fallback": fallback}:
            return fallback
        case dict():
            return {name: submitting(value) for name, value in shown.items()}
        case list():
            return [submitting(value) for value in shown]
        case _:
            return shown


def unheard() -> Json:
    """The answer to an invoke that nothing here is asked by: well received, and not done."""
    return {"statusCode": 501, "type": ERROR, "value": {"code": "NotImplemented", "message": "There is nothing here."}}


def in_place(shown: Json) -> Json:
    return {"statusCode": 200, "type": TYPE, "value": shown}


def in_words(text: str) -> Json:
    """One line for whoever pressed. Teams wants one where it is given no card, so it says at least what was pressed."""
    return {"statusCode": 200, "type": WORDS, "value": untagged(text).strip() or "…"}


def settle(act: Act) -> Card | None:
    """What it stood on, answered: its buttons and choices go, and what was chosen stands in their place."""
    match act.shown:
        case Form(title=title):
            return Card(blocks=(Text((title,)), Label(act.label)))
        case Card():
            return settled(act.shown, act.label)
        case None:
            return None
