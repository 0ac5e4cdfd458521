"""A school's bells by form: typed, shown with the visits they touch, and kept after a yes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from bot.cadence import has_bells
from bot.calendars.schedules import Touched, touched
from bot.cards import Card, Form, Open, Replace, Text, TextField, Wrong
from bot.effects import Ring, Say
from bot.events import AnyEvent, Commanded, Pressed, Said, Submitted
from bot.flow import Facts, Turn
from bot.flows.drawing import message
from bot.flows.house.shown import Shown, button, reply
from bot.imports.bells import typed, written
from bot.records import School
from bot.spoken import at_time

LONGEST = 3000
_SHOWN, _TOLD = 8, 3


class Ringing(Struct, frozen=True, tag="ringing"):
    """New bells are typed and read, and nobody has said yes to them. It is the school's time and nobody's words."""

    bells: str


def shown(event: Said | Commanded, facts: Facts) -> Turn:
    return reply(event, facts, card(facts), about="bells")


def card(facts: Facts) -> Card:
    school, say = facts.school, facts.say
    head = say("calendars.bells_now" if has_bells(school.bells) else "calendars.bells_none", school=school.name)
    rows = tuple(Text((line,)) for line in written(school.bells).splitlines())
    return message(head, *rows, answers=(button(facts, "change"),))


def step(state: Shown | Ringing, event: AnyEvent, facts: Facts) -> Turn:
    text = state.bells if isinstance(state, Ringing) else written(facts.school.bells)
    match state, event:
        case _, Pressed(verb="change"):
            return Turn(state, (), Open(_form(text, facts)))
        case _, Submitted(verb="bells", fields=fields):
            return _read(state, fields.get("bells", "").strip(), facts)
        case Ringing(text), Pressed(verb="ring_bells"):
            told = Say(to=facts.me.id, card=message(facts.say("calendars.bells_kept", school=facts.school.name)))
            return Turn(Shown("done"), (Ring(_changed(text, facts)), told))
        case Ringing(), Pressed(verb="leave_bells"):
            return Turn(Shown("done"), (), Replace(message(facts.say("calendars.bells_left"))))
        case _:
            return Turn(state)


def _changed(text: str, facts: Facts) -> School:
    """The days that a calendar named stay as they are."""
    bells, _ = typed(text)
    return replace(facts.school, bells=replace(bells, dated=facts.school.bells.dated))


def _read(state: Shown | Ringing, text: str, facts: Facts) -> Turn:
    _, problems = typed(text)
    if problems or not text:
        lines = [f"{one.line}: {one.what}" if one.line else one.what for one in problems[:_TOLD]]
        return Turn(state, (), Wrong({"bells": " ".join(lines) or facts.say.plain("calendars.bells_empty")}))
    return Turn(Ringing(text), (Say(to=facts.me.id, card=preview(text, facts), name="bells"),))


def preview(text: str, facts: Facts) -> Card:
    """What was understood, and the visits that these times touch; nothing is kept yet."""
    say = facts.say
    after = _changed(text, facts)
    moved = touched(facts.school, after, facts.booked, facts.now)
    lines = [
        say("calendars.bells_read", school=facts.school.name),
        *(Text((row,)) for row in written(after.bells).splitlines()),
    ]
    if moved:
        lines += [say("calendars.bells_touch"), *(Text((_told(one, facts),)) for one in moved[:_SHOWN])]
    if len(moved) > _SHOWN:
        lines.append(say("calendars.bells_more", n=str(len(moved) - _SHOWN)))
    buttons = (button(facts, "ring_bells", "confirm"), button(facts, "change"))
    return message(*lines, answers=buttons, quiet=(button(facts, "leave_bells", "quiet"),))


def _told(one: Touched, facts: Facts) -> str:
    when = at_time(one.start, facts.school.zone, facts.say)
    if one.to is None:
        return facts.say.plain(f"calendars.bells_{one.why}", when=when)
    at = one.to.astimezone(ZoneInfo(facts.school.zone))
    return facts.say.plain("calendars.bells_moved", when=when, block=one.block, at=f"{at:%H:%M}")


def _form(text: str, facts: Facts) -> Form:
    say = facts.say
    hint = say.plain("calendars.bells_hint")
    field = TextField(
        "bells", say.plain("calendars.bells_field"), text[:LONGEST], long=True, hint=hint, max_length=LONGEST
    )
    return Form(
        verb="bells", title=say.plain("calendars.bells_title"), fields=(field,),
        submit=say.button("house.read_bells"), cancel=say.button("house.close_form"),
    )  # fmt: skip
