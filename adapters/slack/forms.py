"""Our forms as modals: pure, within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from adapters.slack.payloads import About, Way, written
from adapters.slack.render import Json, fitted, heading, paragraph, picker, words_of
from adapters.slack.words import short
from bot.cards import DateField, Field, Form, PickField, TextField, TimeField, WhoField
from bot.visible import clean, pieces

BLOCKS = 100
NAME = 24
BOX = 3000
OPTION = 75
CROWD = 100


def view(form: Form, way: Way) -> Json:
    """The modal. The way back to where it was opened travels along in the private metadata."""
    back = msgspec.structs.replace(way, trigger="", hash="")
    title, submit, close = (clean(text) for text in (form.title, form.submit, form.cancel))
    return {
        "type": "modal",
        "callback_id": "beside",
        "title": words_of(short(title, NAME) or "…"),
        "submit": words_of(short(submit, NAME) or "…"),
        "close": words_of(short(close, NAME) or "…"),
        "private_metadata": written(About(form.thread, form.version, form.verb, "", back)),
        "blocks": fitted(_blocks(form), BLOCKS),
    }


def errors(sentences: dict[str, str], shown: tuple[str, ...]) -> dict[str, str]:
    """The sentences by box. One that belongs to no box on show stands at the first, as Slack has no other place."""
    placed: dict[str, str] = {}
    for name, sentence in sentences.items():
        at = name if name in shown else next(iter(shown), name)
        placed[at] = f"{placed[at]} {clean(sentence)}" if at in placed else clean(sentence)
    return placed


def _blocks(form: Form) -> Iterator[Json]:
    if len(clean(form.title)) > NAME:
        yield from heading(form.title)
    yield from paragraph(form.intro)
    known = {field.name for field in form.fields}
    for name, note in form.notes.items():
        if name not in known:
            yield from paragraph(note)
    for field in form.fields:
        yield from paragraph(form.notes.get(field.name, ""))
        yield from _field(field)
    for label in (form.submit, form.cancel):
        if len(clean(label)) > NAME:
            yield from paragraph(label)


def _field(field: Field) -> Iterator[Json]:
    match field:
        case TextField():
            yield from _boxes(field)
        case DateField(name, label, value, optional):
            start: Json = {"initial_date": value} if value else {}
            yield _input(name, label, {"type": "datepicker", "action_id": name} | start, optional)
        case TimeField(name, label, value, optional):
            start = {"initial_time": value} if value else {}
            yield _input(name, label, {"type": "timepicker", "action_id": name} | start, optional)
        case PickField(name, label, options, value, optional, many):
            for option in options:
                if len(clean(option.label)) > OPTION:
                    yield from paragraph(option.label)
            yield _input(name, label, picker(name, options, value, as_list=many), optional)
        case WhoField(name, label, value, optional):
            chosen: Json = {"initial_users": value.split()} if value else {}
            element: Json = {"type": "multi_users_select", "action_id": name, "max_selected_items": CROWD}
            yield _input(name, label, element | chosen, optional)


def _boxes(field: TextField) -> Iterator[Json]:
    """Words that do not fit into one box stand in several, which come back as one."""
    value = clean(field.value if isinstance(field.value, str) else field.value.text)
    parts = pieces(value, BOX)
    for number, part in enumerate(parts, 1):
        again = number > 1
        box: Json = {
            "type": "plain_text_input",
            "action_id": field.name,
            "multiline": field.long or "\n" in part or len(parts) > 1,
            "max_length": BOX if len(parts) > 1 else min(BOX, max(field.max_length, len(part), 1)),
        }
        label = f"{field.label} ({number})" if again else field.label
        name = f"{field.name}#{number}" if again else field.name
        yield _input(name, label, box | ({"initial_value": part} if part else {}), field.optional or again, field.hint)


def _input(name: str, label: str, element: Json, optional: bool, hint: str = "") -> Json:
    shown: Json = {
        "type": "input",
        "block_id": name,
        "label": words_of(short(clean(label), 2000) or "…"),
        "element": element,
        "optional": optional,
    }
    return shown | ({"hint": words_of(short(clean(hint), 2000))} if hint else {})
