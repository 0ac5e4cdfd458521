"""Our cards and forms to HTML. Every word from outside is escaped here, once."""

from __future__ import annotations

import re
from hashlib import blake2s
from html import escape
from itertools import groupby

from msgspec import Struct

from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Choices,
    Contact,
    DateField,
    Details,
    Exact,
    Fact,
    Field,
    Form,
    Heading,
    Label,
    Option,
    People,
    PickField,
    Quote,
    Seen,
    Text,
    TextField,
    TimeField,
    WhoField,
)
from bot.platform import Face, Remark
from bot.records import Own
from bot.visible import clean

_SAFE_LINK = re.compile(r"(?:https?://|webcal://|mailto:|tel:|/(?![/\\]))[^\s\x00-\x20\\]*\Z", re.IGNORECASE)
_PHONE_FIRST = re.compile(r"\s*(\+?\(?\d[\d ().\u00a0-]*)")
_PHONE_WITHIN = re.compile(r"\+?\(?\d[\d ().\u00a0-]{5,}\d")


class Look(Struct, frozen=True):
    """Where a block stands: whose pane, under which DOM name, framed or not."""

    role: str
    dom: str
    framed: bool


def attribute(text: str) -> str:
    """A value that must come back as it went out."""
    return escape(text.encode("utf-8", "replace").decode(), quote=True)


def shown(text: str) -> str:
    """Words for reading: what could hide or turn other words is gone."""
    return attribute(clean(text))


def dom_name(key: str) -> str:
    """A short id for elements of one message."""
    return "m" + blake2s(key.encode("utf-8", "replace"), digest_size=6).hexdigest()


def phone(text: str) -> str:
    """The number to call within any text, or nothing where there is none."""
    first = _PHONE_FIRST.match(text)
    for found, least in ((first and first[1], 3), *((run, 7) for run in _PHONE_WITHIN.findall(text))):
        if found and least <= sum(letter.isdecimal() for letter in found) <= 15:
            return ("+" if found.startswith("+") else "") + "".join(re.findall("[0-9]", found))
    return ""


# ── messages ────────────────────────────────────────────────


def message(remark: Remark, face: Face) -> str:
    """One element, which says who speaks; its revision changes with anything inside."""
    if remark.card is None:
        said = remark.words.text if remark.words else ""
        look, verb = {"tap": ("tap", "chose:"), "command": ("cmd", ":")}.get(remark.kind, ("words", ":"))
        speaker = f"{face.first} {verb}" if verb == "chose:" else f"{face.first}:"
        inner = f'<p class="{look}" dir="auto"><span class="unseen">{shown(speaker)} </span>{shown(said)}</p>'
        return _element(remark, inner, "msg mine", f'data-from="{attribute(face.handle)}"')
    inner = '<span class="unseen">Beside: </span>' + card_html(remark.card, face.role, dom_name(remark.key))
    thread = f'data-thread="{attribute(remark.card.thread)}" data-version="{remark.card.version}"'
    return _element(remark, inner, "msg", f'data-from="beside" {thread}')


def revision(html: str) -> str:
    return blake2s(html.encode(), digest_size=6).hexdigest()


def _element(remark: Remark, inner: str, look: str, more: str) -> str:
    key = attribute(remark.key)
    return f'<div class="{look}" data-message="{key}" {more} data-rev="{revision(inner)}">{inner}</div>'


def card_html(card: Card, role: str, dom: str) -> str:
    """A framed card as an article with a name; a plain one as a bubble and its rows."""
    bare = all(isinstance(block, Text | Buttons | Choices | Seen) for block in card.blocks)
    framed = card.framed or card.grave or not bare
    look = Look(role, dom, framed)
    if not framed:
        return "".join(_bubbles(card.blocks, look))
    inner = "".join(_block(block, look) for block in card.blocks)
    name = f' aria-label="{shown(card.title)}"' if card.title else ""
    if card.grave:
        return f'<section class="card grave" role="alert"{name}>{inner}</section>'
    return f'<article class="card"{name}>{inner}</article>'


def _bubbles(blocks: tuple[Block, ...], look: Look) -> list[str]:
    """Paragraphs that follow one another share one bubble."""
    out: list[str] = []
    for is_text, run in groupby(blocks, key=lambda block: isinstance(block, Text)):
        if is_text:
            first, *then = [_parts(block) for block in run if isinstance(block, Text)]
            out.append(f"<p>{first}" + "".join(f'<span class="then">{line}</span>' for line in then) + "</p>")
        else:
            out += [_block(block, look) for block in run]
    return out


def _block(block: Block, look: Look) -> str:
    match block:
        case Text():
            return f"<p>{_parts(block)}</p>"
        case Label(text):
            return f'<p class="label">{shown(text)}</p>'
        case Heading(text):
            return f"<h3>{shown(text)}</h3>"
        case Quote(words):
            return f'<p class="words lead" dir="auto">{shown(words.text)}</p>'
        case Exact(words, foot):
            inner = "".join(f'<p dir="auto">{shown(own.text)}</p>' for own in words)
            return f'<div class="inset exact">{inner}{f"<small>{shown(foot)}</small>" if foot else ""}</div>'
        case Details(facts):
            return f'<dl class="facts">{"".join(_fact(fact) for fact in facts)}</dl>'
        case People(contacts):
            return f'<div class="contacts">{"".join(_contact(contact) for contact in contacts)}</div>'
        case Choices(name, legend, options, chosen):
            group = f"{look.dom}-{name}"
            return _radios(f'data-name="{attribute(name)}"', group, legend, options, chosen)
        case Buttons(row):
            return _rows(row, look)
        case Seen(text, paths):
            sign = "two" if paths == 2 else "one-b" if look.role == "coach" else "one-a"
            tag = "p" if look.framed else "div"
            svg = f'<svg aria-hidden="true" focusable="false"><use href="#{sign}"/></svg>'
            return f'<{tag} class="who">{svg} <span>{shown(text)}</span></{tag}>'


def _parts(text: Text) -> str:
    return "".join(shown(p) if isinstance(p, str) else f'<q dir="auto">{shown(p.text)}</q>' for p in text.parts)


def _fact(fact: Fact) -> str:
    look = ' class="words" dir="auto"' if isinstance(fact.value, Own) else ' class="soft"' if fact.soft else ""
    value = shown(fact.value.text if isinstance(fact.value, Own) else fact.value)
    if fact.was:
        was = f'<del class="was"><span class="unseen">was </span>{shown(fact.was)}</del>'
        value = f'{was}<br><ins><span class="unseen">now </span>{value}</ins>'
    return f"<dt>{shown(fact.label)}</dt><dd{look}>{value}</dd>"


def _contact(contact: Contact) -> str:
    number = phone(contact.number)
    tag, link = ("a", f' href="tel:{number}"') if number else ("p", "")
    return f"<{tag}{link}>{shown(contact.label)} <span>{shown(contact.number)}</span></{tag}>"


def _rows(row: tuple[Button, ...], look: Look) -> str:
    """Answers in one row, quiet ones below; in a card a single quiet one stays beside them."""
    loud = [button for button in row if button.style != "quiet"]
    quiet = [button for button in row if button.style == "quiet"]
    if look.framed and loud and len(quiet) == 1:
        loud, quiet = list(row), []
    out = f'<div class="row">{"".join(map(_button, loud))}</div>' if loud else ""
    return out + (f'<div class="row hush">{"".join(map(_button, quiet))}</div>' if quiet else "")


def _button(button: Button) -> str:
    style = "" if button.style == "answer" else button.style
    if button.url:
        if not _SAFE_LINK.match(button.url):
            return f'<span class="soft">{shown(button.label)}</span>'
        look = f"button {style}".strip()
        return f'<a class="{look}" href="{attribute(button.url)}" rel="noreferrer">{shown(button.label)}</a>'
    look = f' class="{style}"' if style else ""
    act = f'data-verb="{attribute(button.verb)}" data-value="{attribute(button.value)}"'
    return f'<button type="button"{look} {act}>{shown(button.label)}</button>'


def _radios(more: str, name: str, legend: str, options: tuple[Option, ...], chosen: str) -> str:
    line = " line" if sum(len(option.label) for option in options) <= 48 else ""
    inner = "".join(
        f'<label><input type="radio" name="{attribute(name)}" value="{attribute(option.value)}"'
        f"{' checked' if option.value == chosen else ''}> <span>{shown(option.label)}</span></label>"
        for option in options
    )
    return f'<fieldset class="choices{line}" {more}><legend>{shown(legend)}</legend>{inner}</fieldset>'


# ── forms ───────────────────────────────────────────────────


def form_html(form: Form, dom: str) -> str:
    """A dialog that the page opens in front of the person."""
    parts = [f'<h2 id="{dom}-t">{shown(form.title)}</h2>']
    if form.intro:
        parts.append(f"<p>{shown(form.intro)}</p>")
    parts.append(_note("", form, dom))
    for together, run in groupby(enumerate(form.fields), key=lambda pair: _small(pair[1])):
        inner = [_field(field, form, f"{dom}-{n}") for n, field in run]
        trio = together and len(inner) > 1
        parts.append(f'<div class="trio">{"".join(inner)}</div>' if trio else "".join(inner))
    parts.append(
        f'<div class="end"><button type="button" class="quiet" data-close>{shown(form.cancel)}</button>'
        f'<button class="confirm">{shown(form.submit)}</button></div>'
    )
    data = f'data-verb="{attribute(form.verb)}" data-thread="{attribute(form.thread)}" data-version="{form.version}"'
    return (
        f'<dialog class="ask" aria-labelledby="{dom}-t"><form method="dialog" novalidate {data}>'
        f"{''.join(parts)}</form></dialog>"
    )


def _small(field: Field) -> bool:
    return isinstance(field, DateField | TimeField) or (
        isinstance(field, TextField) and not field.long and field.max_length <= 8
    )


def _note(name: str, form: Form, dom: str) -> str:
    text = form.notes.get(name, "")
    on = " on" if text else ""
    return f'<p class="wrong{on}" id="{dom}-w" data-for="{attribute(name)}" role="status">{shown(text)}</p>'


def _field(field: Field, form: Form, dom: str) -> str:
    """A label above what it names, and room below for the sentence that says what is missing."""
    optional = ' <span class="soft">(optional)</span>' if field.optional else ""
    common = f'id="{dom}" name="{attribute(field.name)}" aria-describedby="{dom}-w'
    note = _note(field.name, form, dom)
    match field:
        case TextField(_, _, value, _, long, hint, most):
            common += f' {dom}-h"' if hint else '"'
            common += f' maxlength="{most}"'
            words, text = (" words", value.text) if isinstance(value, Own) else ("", value)
            if long:
                body = f'<textarea class="words" dir="auto" rows="2" {common}>\n{shown(text)}</textarea>'
            else:
                body = f'<input type="text" class="typed{words}" dir="auto" {common} value="{shown(text)}">'
            if hint:
                body += f'<p class="why" id="{dom}-h">{shown(hint)}</p>'
        case WhoField(_, _, value):
            body = f'<input type="text" class="typed" {common}" value="{attribute(value)}">'
        case DateField(_, _, value):
            body = f'<input type="date" {common}" value="{attribute(value)}">'
        case TimeField(_, _, value):
            body = f'<input type="time" {common}" value="{attribute(value)}">'
        case PickField(name, label, options, value, _, many):
            if not many:
                return _radios(f'aria-describedby="{dom}-w"', name, label, options, value) + note
            blank = "" if value and not field.optional else '<option value=""></option>'
            body = f'<select {common}">{blank}{"".join(_option(option, value) for option in options)}</select>'
    return f'<div class="field"><label for="{dom}">{shown(field.label)}{optional}</label>{body}{note}</div>'


def _option(option: Option, value: str) -> str:
    chosen = " selected" if option.value == value else ""
    return f'<option value="{attribute(option.value)}"{chosen}>{shown(option.label)}</option>'
