"""Our forms as cards with inputs: pure, and whole, so that what was typed comes back with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from adapters.teams.payloads import About, carried
from adapters.teams.render import Json, action, frame, heading, paragraph, picker, rows
from adapters.teams.words import clean
from bot.cards import DateField, Field, Form, PickField, TextField, TimeField, WhoField, plain
from bot.events import BACK


def form_content(form: Form) -> Json:
    """The form as it stands. Its button carries the form, and the other one asks for the card of now."""
    body = [heading(form.title), *paragraph(form.intro)]
    known = {field.name for field in form.fields}
    for name, note in form.notes.items():
        if name not in known:
            body += _note(note)
    for field in form.fields:
        body += [_field(field), *_note(form.notes.get(field.name, ""))]
    keep = carried(About(form.thread, form.version, form.verb, form=True), form.submit, form)
    back = carried(About(form.thread, form.version, BACK), form.cancel, None)
    body += rows([action(form.submit, keep, confirm=True), action(form.cancel, back, alone=True)])
    return frame(body, plain(form))


def corrected(form: Form, typed: Mapping[str, str], errors: Mapping[str, str]) -> Form:
    """The same form with what was typed, and each sentence at its field."""
    return replace(form, fields=tuple(_filled(field, typed) for field in form.fields), notes=dict(errors))


def _filled(field: Field, typed: Mapping[str, str]) -> Field:
    return replace(field, value=typed[field.name]) if field.name in typed else field


def _note(sentence: str) -> Iterator[Json]:
    yield from paragraph(sentence, weight="Bolder", size="Small")


def _field(field: Field) -> Json:
    """A blank one that is needed is asked for by its own name, before anything is sent."""
    label = clean(field.label) or "…"
    shown: Json = {"id": field.name, "label": label}
    if not field.optional:
        shown |= {"isRequired": True, "errorMessage": f"{label.rstrip('?: ')}?"}
    match field:
        case TextField(_, _, value, _, long, hint, most):
            text = clean(value if isinstance(value, str) else value.text)
            shown |= {"type": "Input.Text", "isMultiline": long or "\n" in text, "maxLength": max(most, len(text), 1)}
            shown |= {"placeholder": clean(hint)} if hint else {}
            return shown | ({"value": text} if text else {})
        case DateField(_, _, value):
            return shown | {"type": "Input.Date"} | ({"value": value} if value else {})
        case TimeField(_, _, value):
            return shown | {"type": "Input.Time"} | ({"value": value} if value else {})
        case WhoField(value=value):
            return shown | {"type": "Input.Text", "maxLength": 1000} | ({"value": clean(value)} if value else {})
        case PickField(name, _, options, value, _, many):
            return picker(name, label, options, value, as_list=many) | shown
