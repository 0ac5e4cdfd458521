"""A page for a human look: who is there, and what each of them sees in their messages, at home, and on top of it."""

import html
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tests.fakes.slack.people import User
from tests.fakes.slack.screen import Control, option_groups
from tests.fakes.slack.shapes import Json, items, obj, objects, text
from tests.fakes.slack.state import Message, View

if TYPE_CHECKING:
    from tests.fakes.slack.server import Slack

_STYLE: Final = """
:root { --ink: #1d1c1d; --soft: #5c5b5c; --line: #d6d6d6; --edge: #868686; --link: #1264a3; --ours: #22403a }
body { font: 15px/1.46 Lato, system-ui, sans-serif; margin: 0; background: #f4f4f4; color: var(--ink) }
header, main { max-width: 44rem; margin: 0 auto; padding: .6rem 1rem }
h1 { font-size: 1.1rem } h2 { font-size: 1.25rem; margin: 1.5rem 0 .3rem } h3 { font-size: 1rem; margin: 0 }
a { color: var(--link) }
section { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1.1rem; margin: .5rem 0 }
section > h3 { border-bottom: 1px solid var(--line); margin: -.1rem 0 .8rem; padding-bottom: .5rem }
dialog { display: block; position: static; width: auto; max-width: 32rem; margin: .8rem auto; padding: 0;
  border: 1px solid var(--edge); border-radius: 10px; box-shadow: 0 6px 24px #0003 }
dialog > h3 { padding: .8rem 1.1rem; border-bottom: 1px solid var(--line) }
dialog > div, dialog > footer { padding: .7rem 1.1rem }
dialog > footer { border-top: 1px solid var(--line); text-align: right }
article { display: grid; grid-template-columns: 2.4rem 1fr; gap: 0 .6rem; margin: .2rem 0 1rem }
article > i { grid-row: span 3; width: 2.3rem; height: 2.3rem; border-radius: 6px; background: var(--ours); color: #fff;
  font: 600 1rem/2.3rem system-ui, sans-serif; text-align: center }
article.mine > i { background: #7a5c3a }
small { color: var(--soft) }
.only { color: var(--soft); font-size: .8rem }
.block { margin: .15rem 0 .45rem; white-space: pre-wrap; overflow-wrap: anywhere }
.head { font-weight: 700; font-size: 1.12rem; margin: .7rem 0 .3rem }
.context { color: var(--soft); font-size: .82rem }
blockquote { margin: .2rem 0 .4rem; padding-left: .8rem; border-left: 4px solid var(--line); white-space: pre-wrap }
button { font: 600 .88rem/1 system-ui, sans-serif; padding: .5rem .8rem; margin: .15rem .35rem .25rem 0;
  background: #fff; color: var(--ink); border: 1px solid var(--edge); border-radius: 5px }
button.primary { background: #00684d; border-color: #00684d; color: #fff }
label, legend { display: block; font-weight: 600; font-size: .9rem; margin: .35rem 0 .15rem; padding: 0 }
fieldset { border: 0; margin: 0; padding: 0 } fieldset label { font-weight: 400 }
input:not([type=radio], [type=checkbox]), select, textarea { font: inherit; box-sizing: border-box; width: 100%;
  padding: .35rem .5rem; border: 1px solid var(--edge); border-radius: 5px; background: #fff; color: inherit }
"""


def page(slack: "Slack", person: str) -> str:
    """Everybody, or one person alone. Nothing can be pressed here: that is what tests do."""
    people = [user for one in slack.workspaces.values() for user in one.people.values()]
    shown = [user for user in people if person in {"", user.name, user.id}]
    names = " · ".join(f'<a href="/people/{_e(one.id)}">{_e(one.profile.real_name)}</a>' for one in people)
    odd = "".join(f"<li>{_e(one)}</li>" for one in slack.state.complaints)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A fake Slack</title>'
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body><header><h1>A fake Slack</h1>'
        f'<p><a href="/">everybody</a> · {names}</p>'
        f"{f'<ul>{odd}</ul>' if odd else ''}</header><main>{''.join(map(_person, shown))}</main></body></html>"
    )


def _person(user: User) -> str:
    here = [one for one in [*user.messages(), *user.ephemerals()] if not one.gone]
    here.sort(key=lambda one: float(one.ts))
    home, top = user.home(), user.view()
    parts = [f"<h2>{_e(user.profile.real_name)} <small>{_e(user.team.name)}</small></h2>"]
    if top is not None:
        parts.append(_dialog(top))
    if home is not None:
        parts.append(f'<section class="home"><h3>Home</h3>{"".join(_blocks(home.blocks, home))}</section>')
    parts.append(f'<section class="messages"><h3>Messages</h3>{"".join(_message(user, one) for one in here)}</section>')
    return f'<div class="person" id="{_e(user.name)}">{"".join(parts)}</div>'


def _dialog(view: View) -> str:
    ends = [("", view.asked.get("close")), ("primary", view.asked.get("submit"))]
    buttons = [
        f'<button class="{kind}">{_e(text(obj(label).get("text")) or "Close")}</button>'
        for kind, label in ends
        if label or not kind
    ]
    inside = "".join(_blocks(view.blocks, view))
    return f"<dialog open><h3>{_e(view.title)}</h3><div>{inside}</div><footer>{''.join(buttons)}</footer></dialog>"


def _message(user: User, message: Message) -> str:
    mine = not message.from_bot
    name = user.profile.real_name if mine else "Beside"
    only = '<span class="only">Only visible to you</span>' if message.only_for else ""
    drawn = _blocks(message.blocks, message) if message.blocks else [f'<p class="block">{_e(message.text)}</p>']
    return (
        f"<article{' class=mine' if mine else ''}><i>{_e(name[:1])}</i><b>{_e(name)} "
        f"<small>{'edited' if message.edits else ''}</small></b><div>{only}{''.join(drawn)}</div></article>"
    )


def _blocks(blocks: Sequence[object], where: Message | View) -> Iterator[str]:
    for block in objects(blocks):
        match block.get("type"):
            case "header":
                yield f'<p class="block head">{_text(block)}</p>'
            case "section":
                yield f'<p class="block">{_text(block)}</p>' if block.get("text") else ""
                if accessory := obj(block.get("accessory")):
                    yield _element(Control(block, accessory), where)
            case "context":
                yield "".join(f'<p class="block context">{_said(obj(one))}</p>' for one in items(block.get("elements")))
            case "divider":
                yield "<hr>"
            case "actions":
                inside = (_element(Control(block, one), where) for one in objects(block.get("elements")))
                yield f'<div class="block">{"".join(inside)}</div>'
            case "input":
                control = Control(block, obj(block.get("element")))
                optional = " <small>(optional)</small>" if block.get("optional") else ""
                hint = text(obj(block.get("hint")).get("text"))
                yield f"<label>{_e(control.label)}{optional}</label>{_element(control, where)}"
                yield f'<p class="block context">{_e(hint)}</p>' if hint else ""
            case "rich_text":
                yield from (_rich(one) for one in objects(block.get("elements")))
            case _:
                yield f'<p class="block">[{_e(text(block.get("type")))}]</p>'


def _text(block: Json) -> str:
    return _said(obj(block.get("text")))


def _said(words: Json) -> str:
    return _e(text(words.get("text")))


def _rich(element: Json) -> str:
    inside = "".join(
        _rich(one) if "elements" in one else _run(one) for one in objects(element.get("elements"))
    )  # fmt: skip
    match element.get("type"):
        case "rich_text_quote":
            return f"<blockquote>{inside}</blockquote>"
        case "rich_text_list":
            return f"<ul>{inside}</ul>"
        case _:
            return f'<p class="block">{inside}</p>'


def _run(run: Json) -> str:
    names = ("text", "url", "user_id", "channel_id", "name", "range", "fallback")
    words = _e(next((text(run[name]) for name in names if run.get(name)), ""))
    for style, tag in (("bold", "b"), ("italic", "em"), ("strike", "s"), ("code", "code")):
        words = f"<{tag}>{words}</{tag}>" if obj(run.get("style")).get(style) else words
    return words


def _element(control: Control, where: Message | View) -> str:
    """As it stands now: what was chosen or typed, else what it began with."""
    element, kind, draft = control.element, control.kind, where.draft.get(control.key, {})
    if kind == "button":
        primary = ' class="primary"' if element.get("style") == "primary" else ""
        return f"<button{primary}>{_e(control.label)}</button>"
    began = next((element[name] for name in element if name.startswith("initial_")), "")
    now = next((draft[name] for name in draft if name.startswith("selected_") or name == "value"), began)
    if options := [option for group in option_groups(element) for option in group]:
        chosen = {text(obj(one).get("value")) for one in (now if isinstance(now, list) else [now])}
        return _choice(kind, options, chosen, control)
    if element.get("multiline") is True:
        return f'<textarea rows="2">{_e(str(now or ""))}</textarea>'
    kinds = {"datepicker": "date", "timepicker": "time", "number_input": "number"}
    return f'<input type="{kinds.get(kind, "text")}" value="{_e(str(now or ""))}">'


def _choice(kind: str, options: list[Json], chosen: set[str], control: Control) -> str:
    if kind in {"radio_buttons", "checkboxes"}:
        sign = "radio" if kind == "radio_buttons" else "checkbox"
        name = _e(f"{control.block_id}-{control.action_id}")
        marks = "".join(
            f'<label><input type="{sign}" name="{name}"{" checked" if text(one.get("value")) in chosen else ""}> '
            f"{_text(one)}</label>"
            for one in options
        )
        return f"<fieldset>{marks}</fieldset>"
    several = "".join(
        f"<option{' selected' if text(one.get('value')) in chosen else ''}>{_text(one)}</option>" for one in options
    )
    return f"<select>{'' if chosen - {''} else '<option></option>'}{several}</select>"


def _e(words: str) -> str:
    return html.escape(words)
