"""A page for a human look: who is there, and what each of them sees."""

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.fakes.slack.shapes import Json, items, obj, objects, text
from tests.fakes.teams import screen
from tests.fakes.teams.people import User
from tests.fakes.teams.state import Message

if TYPE_CHECKING:
    from tests.fakes.teams.server import Teams

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; background: #f5f5f5; color: #242424 }
header, main { max-width: 44rem; margin: 0 auto; padding: 1rem }
article { background: #fff; border-radius: 6px; padding: .6rem .9rem; margin: .5rem 4rem .5rem 0 }
article.mine { background: #e8ebfa; margin: .5rem 0 .5rem 4rem }
article.gone { opacity: .5; text-decoration: line-through }
section { border: 1px solid #d1d1d1; border-radius: 6px; padding: .6rem .9rem; margin: .4rem 0 }
small { color: #616161 }
button, input, select, textarea { font: inherit; margin: .15rem .3rem .15rem 0 }
label { display: block }
"""


def page(teams: "Teams", person: str) -> str:
    """Everybody side by side, or one person alone. Nothing can be pressed here: that is what tests do."""
    people = [user for team in teams.workspaces.values() for user in team.people.values()]
    shown = [user for user in people if person in {"", user.name, user.id}]
    names = " · ".join(f'<a href="/people/{_e(one.name)}">{_e(one.name)}</a>' for one in people)
    odd = "".join(f"<li>{_e(one)}</li>" for one in teams.state.complaints)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A fake Teams</title>'
        f'<style>{_STYLE}</style></head><body><header><h1>A fake Teams</h1><p><a href="/">everybody</a> · {names}</p>'
        f"{f'<ul>{odd}</ul>' if odd else ''}</header><main>{''.join(map(_person, shown))}</main></body></html>"
    )


def _person(user: User) -> str:
    places = [one for one in user.tenant.conversations.values() if user.id in one.members]
    found = []
    for place in places:
        title = place.name or ("Beside" if place.kind == "personal" else place.kind)
        seen = [one for one in place.messages if not one.gone and one.only_for in {"", user.id}]
        found.append(f"<h3>{_e(title)}</h3>{''.join(_message(user, one) for one in seen)}")
    return f"<h2>{_e(user.profile.real_name)} <small>{_e(user.tenant.name)}</small></h2>{''.join(found)}"


def _message(user: User, message: Message) -> str:
    mine = ' class="mine"' if message.sender == user.id else ""
    who = user.tenant.profiles.get(message.sender)
    name = who.real_name if who else "Beside"
    edited = " · edited" if message.edits else ""
    said = f"<p>{_e(message.words)}</p>" if message.text else ""
    drawn = "".join(f"<section>{''.join(_card(card))}</section>" for card in message.cards(user.id))
    return f"<article{mine}><small>{_e(name)}{edited}</small>{said}{drawn}</article>"


def _card(card: Json) -> Iterator[str]:
    for element in objects(card.get("body")):
        yield from _element(element)
    yield from _buttons(card)


def _buttons(holder: Json) -> Iterator[str]:
    yield from (f"<button>{_e(text(one.get('title')))}</button>" for one in objects(holder.get("actions")))


def _element(element: Json) -> Iterator[str]:
    if element.get("isVisible") is False:
        return
    match element.get("type"):
        case "TextBlock":
            words = _e(screen.marked(text(element.get("text"))))
            strong = text(element.get("weight")).lower() == "bolder"
            yield f"<p>{f'<strong>{words}</strong>' if strong else words}</p>"
        case "RichTextBlock":
            runs = items(element.get("inlines"))
            yield f"<p>{_e(''.join(one if isinstance(one, str) else text(obj(one).get('text')) for one in runs))}</p>"
        case "FactSet":
            for fact in objects(element.get("facts")):
                yield f"<p><strong>{_e(text(fact.get('title')))}</strong> {_e(text(fact.get('value')))}</p>"
        case "Image":
            yield f"<p>[{_e(text(element.get('altText')))}]</p>"
        case "ActionSet":
            yield from _buttons(element)
        case kind if kind in screen.INPUTS:
            yield _input(screen.Input(element))
        case _:
            for child in screen.inside(element):
                yield from _element(child)


def _input(field: screen.Input) -> str:
    if field.choices:
        options = "".join(
            f"<option{' selected' if value == field.initial else ''}>{_e(title)}</option>"
            for title, value in field.choices
        )
        return f"<label>{_e(field.label)} <select>{options}</select></label>"
    if field.element.get("isMultiline") is True:
        return f"<label>{_e(field.label)} <textarea>{_e(field.initial)}</textarea></label>"
    kind = {"Input.Date": "date", "Input.Time": "time", "Input.Number": "number", "Input.Toggle": "checkbox"}
    return f'<label>{_e(field.label)} <input type="{kind.get(field.kind, "text")}" value="{_e(field.initial)}"></label>'


def _e(words: str) -> str:
    return html.escape(words)
