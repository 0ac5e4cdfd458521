"""On whose wall a time is meant: asked once, where neither a platform, a list nor a school has told it."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import NOTHING, Button, Card, Form, OnlyYou, Open, TextField, Wrong
from bot.effects import Effect, Keep, Redraw, Say
from bot.events import BACK, BESIDE, AnyEvent, Commanded, FromPlatform, Pressed, Said, Submitted
from bot.flow import Facts, Flow, Turn
from bot.flows.drawing import message
from bot.flows.wording import as_pressed
from bot.places import zone_meant
from bot.records import Own
from bot.spoken import place

MOST = 4
PLACE = 4  # words: more of them are said about something else
_LONGEST = 64


class Wish(Struct, frozen=True, kw_only=True):
    """What waits for the answer: a line that was typed after `/coteach`, or a card that would have been answered."""

    line: Own | None = None
    quoted: bool = False
    thread: str = ""


class Asked(Struct, frozen=True, tag="asked"):
    """A zone is awaited, and nothing of the wish was done."""

    wish: Wish


class Ready(Struct, frozen=True, tag="ready"):
    """It was typed. Words open no form, so the way on is a button."""

    wish: Wish


class Known(Struct, frozen=True, tag="known"):
    """The wish is fulfilled now."""

    wish: Wish


State = Asked | Ready | Known


def wished(event: FromPlatform, wish: Wish) -> Commanded | Pressed:
    """What was asked for before, as if it were asked for now. A card is shown first: its hours are others now."""
    key = f"{event.key}/then"
    if wish.line is None:
        return Pressed(key=key, by=event.by, posts=event.posts, thread=wish.thread, version=0, verb=BACK, value=BESIDE)
    return Commanded(
        key=key, by=event.by, posts=event.posts, command="coteach", text=wish.line.text, quoted=wish.quoted
    )


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    me = facts.me
    match state, event:
        case None, Commanded(text=text, quoted=quoted):
            return _begins(Wish(line=Own(text, me.id), quoted=quoted), facts)
        case None, Pressed(thread=thread):
            return _begins(Wish(thread=thread), facts)
        case Asked(wish), Pressed(verb="zone_is", value=value) if value in likely(facts):
            return Turn(Known(wish), _kept(value, wish, facts))
        case Asked(), Pressed(verb="elsewhere"):
            return Turn(state, (), Open(_form(facts)))
        case Asked(wish), Submitted(verb="zone", fields=fields):
            zone = zone_meant(fields.get("zone", ""))
            if not zone:
                return Turn(state, (), Wrong({"zone": facts.say.plain("zone.unknown")}))
            return Turn(Known(wish), _kept(zone, wish, facts))
        case Asked(wish), Said(text=text):
            return _typed(wish, event, text, facts)
        case Ready(wish), Pressed(verb="go_on"):
            return Turn(Known(wish))
        case Ready(wish), Said() if as_pressed(event, _ready(facts), facts):
            return Turn(Known(wish))
        case _:
            return Turn(state)


def settled(facts: Facts) -> bool:
    """A teacher teaches where their school is; a coach may go to several, which settles it where all are in one."""
    return bool(facts.me.school) and (facts.me.role == "teacher" or len(facts.zones) == 1)


def likely(facts: Facts) -> tuple[str, ...]:
    """Where the organization's schools are: first the one that was presumed, then those of most of them."""
    return tuple(sorted(facts.zones, key=lambda zone: zone != facts.me.zone))[:MOST]


def _begins(wish: Wish, facts: Facts) -> Turn:
    if settled(facts):
        return Turn(Known(wish), (Keep(replace(facts.me, zone_by="told")),))
    return Turn(Asked(wish), (), OnlyYou(_card(facts)), (facts.me.id,))


def _typed(wish: Wish, event: Said, text: str, facts: Facts) -> Turn:
    """Words that are no place and are many are for somebody else to hear."""
    me = facts.me
    by_button = as_pressed(event, _card(facts), facts)
    zone = by_button.value if by_button else zone_meant(text)
    if zone:
        now = replace(me, zone=zone, zone_by="self")
        told = Say(to=me.id, card=_ready(replace(facts, me=now)))
        return Turn(Ready(wish), (Keep(now), *_drawn(wish, facts), told), NOTHING, (me.id,))
    if not by_button and len(text.split()) > PLACE:
        return Turn(Asked(wish))
    return Turn(Asked(wish), (Say(to=me.id, card=message(facts.say("zone.unknown"))),), NOTHING, (me.id,))


def _kept(zone: str, wish: Wish, facts: Facts) -> tuple[Effect, ...]:
    now = replace(facts.me, zone=zone, zone_by="self")
    told = Say(to=now.id, card=message(facts.say("zone.kept", place=place(zone, facts.say))))
    return Keep(now), *_drawn(wish, facts), told


def _drawn(wish: Wish, facts: Facts) -> tuple[Effect, ...]:
    """The card that would have been answered shows its hours on their clock where it stands, too."""
    return (Redraw(to=facts.me.id, thread=wish.thread, name="slot"),) if wish.thread else ()


def _card(facts: Facts) -> Card:
    say = facts.say
    near = tuple(Button("zone_is", place(zone, say), value=zone) for zone in likely(facts))
    elsewhere = Button("elsewhere", say.button("zone.elsewhere"), "quiet")
    return message(say("zone.ask"), answers=near, quiet=(elsewhere,))


def _ready(facts: Facts) -> Card:
    say = facts.say
    told = say("zone.kept", place=place(facts.me.zone, say))
    return message(told, answers=(Button("go_on", say.button("zone.go_on")),))


def _form(facts: Facts) -> Form:
    say = facts.say
    return Form(
        verb="zone", title=say.plain("zone.title"),
        fields=(TextField("zone", say.plain("zone.field"), "", max_length=_LONGEST),),
        submit=say.button("zone.keep"), cancel=say.button("zone.close"),
    )  # fmt: skip


def current(state: State, facts: Facts) -> Card | None:
    match state:
        case Asked():
            return _card(facts)
        case Ready():
            return _ready(facts)
        case Known():
            return None


flow = Flow(name="zone", states=State, step=step, current=current, passes_on=True, looks_anew=True, reads=("zones",))
