"""The house: help, settings, who sees what, and being quiet, stopped, back or gone."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.cadence import next_checkin
from bot.cards import Card, Open, Replace, Text
from bot.effects import Effect, Forget, Keep, Plan, Unplan, Wake
from bot.events import AnyEvent, Commanded, Pressed, Said, Submitted
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.care.cards import pinned
from bot.flows.drawing import message
from bot.flows.house import asking, bells, calendars, quiet, settings
from bot.flows.house.shown import Shown, button, reply
from bot.flows.seeing import who_sees, who_sees_lines
from bot.records import Person
from bot.ringing import NextDay
from bot.safety import command as typed
from bot.spoken import clock, long_date, weekday

State = Shown | bells.Ringing


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case ((bells.Ringing() | Shown("bells")), _) if facts.me.role == "coach":
            return bells.step(state, event, facts)
        case None, Said(text=text, files=True) if not text.strip():
            return reply(event, facts, message(facts.say("house.picture")))
        case None, Said(text=text):
            wish = typed(text)
            return _asked(wish.name if wish else "off", wish.rest if wish else "", event, facts)
        case None, Commanded(text=text):
            name, _, rest = text.strip().partition(" ")
            return _asked(name.lower() or "help", rest.strip(), event, facts)
        case Shown("settings"), Pressed(verb="change"):
            return Turn(state, (), Open(settings.form(facts)))
        case Shown("settings"), Pressed(verb="calendars"):
            return Turn(state, (), Open(calendars.form(facts)))
        case Shown("settings"), Submitted(verb="calendars", fields=fields):
            return calendars.keep(fields, facts)
        case Shown("settings"), Submitted(verb="settings", fields=fields):
            return settings.keep(fields, facts)
        case Shown("pause" | "leave" as about), Pressed(verb="one_week" | "two_weeks" | "until_say" as verb):
            until = (
                quiet.FOREVER
                if verb == "until_say"
                else facts.here.date() + timedelta(weeks=1 if verb == "one_week" else 2)
            )
            effects, card = quiet.quiet(until, about, facts)
            return Turn(Shown("quiet"), effects, Replace(card))
        case Shown("pause" | "leave"), Pressed(verb="until_date"):
            return Turn(state, (), Open(quiet.date_form(facts)))
        case Shown("pause" | "leave" as about), Submitted(verb="until", fields=fields):
            return quiet.until_day(about, fields.get("day", ""), state, facts)
        case Shown("delete"), Pressed(verb="delete_all"):
            return Turn(
                Shown("deleted"),
                (Keep(_forgotten(facts.me)), Forget(person=facts.me.id)),
                Replace(message(facts.say("house.deleted"))),
            )
        case Shown("delete"), Pressed(verb="keep_all"):
            return Turn(Shown("kept"), (), Replace(message(facts.say("house.delete_kept"))))
        case _:
            return Turn(state)


def _asked(name: str, rest: str, event: Said | Commanded, facts: Facts) -> Turn:
    me, say = facts.me, facts.say
    coach = me.role == "coach"
    if not coach and me.chat in ("declined", "stopped") and name in ("now", "sort", "resume", "skip"):
        name = "off"
    match name:
        case "stop":
            stopped = (
                Keep(replace(me, chat="stopped")),
                Unplan(person=me.id, topic="checkin"),
                Unplan(person=me.id, topic="meeting"),
            )
            return reply(event, facts, message(say("house.stopped")), stopped)
        case "start" if _goes_on(facts):
            return reply(event, facts, asking.answered("here", facts))
        case "start":
            back = replace(me, chat="on", quiet_until=None, quiet_for="")
            text = (
                say("house.started_coach")
                if coach
                else say("house.started", day=weekday(me.weekday, say), time=clock(me.minute))
            )
            return reply(event, facts, message(text), _again(back, facts))
        case "resume":
            back = replace(me, quiet_until=None, quiet_for="")
            text = say("house.resumed_coach") if coach else say("house.resumed", day=_next_day(back, facts))
            return reply(event, facts, message(text), _again(back, facts))
        case "pause" | "leave":
            return quiet.pause(name, rest, event, facts)
        case "settings":
            return reply(event, facts, settings.card(facts), about="settings")
        case "bells" if coach:
            return bells.shown(event, facts)
        case "who":
            return reply(event, facts, who_sees(facts))
        case "delete" | "unwrite" | "forget":
            buttons = (button(facts, "keep_all"), button(facts, "delete_all"))
            return reply(event, facts, message(*_deletes(facts), answers=buttons), about="delete")
        case "skip":
            return reply(event, facts, message(say("house.nothing_to_skip", day=_next_day(me, facts))))
        case "off":
            return reply(event, facts, message(say("house.off")))
        case "help":
            return reply(event, facts, _help(facts))
        case "bot" | "about":
            return reply(event, facts, message(say("house.about")))
        case "next" | "visit" | "step":
            return reply(event, facts, asking.answered(name, facts))
        case _:
            return reply(event, facts, Card(blocks=(say("house.unknown_command"), *_help(facts).blocks)))


def _help(facts: Facts) -> Card:
    partner = facts.partners[0].handle if facts.partners else "ana"
    name = facts.partners[0].first if facts.partners else "Ana"
    lines = tuple(
        facts.say(
            "house.help_line",
            example=command.example.format(partner=partner),
            explains=command.explained(facts.say, name),
        )
        for command in facts.commands
    )
    more = (facts.say("house.help_coteach"),) if facts.me.role == "coach" else ()
    shown = message(facts.say("house.help_head"), *lines, *more, *who_sees_lines(facts), facts.say("house.help_words"))
    return replace(shown, blocks=(*pinned(facts), *shown.blocks))


def _deletes(facts: Facts) -> tuple[Text, ...]:
    """What deleting takes away, and what the platform may still have."""
    coach = next((partner.first for partner in facts.partners if facts.me.role == "teacher"), "")
    text = facts.say("house.delete_ask", coach=coach) if coach else facts.say("house.delete_ask_alone")
    if facts.platform == "web":
        return (text,)
    return text, facts.say(f"care.admin_line_{facts.platform}")


def _goes_on(facts: Facts) -> bool:
    """Whether there is nothing to come back from."""
    me = facts.me
    quiet = me.quiet_until is not None and me.quiet_until >= facts.here.date()
    if me.role == "coach":
        return me.chat != "stopped" and not quiet
    return me.chat == "on" and not quiet and facts.next_checkin is not None


def _again(me: Person, facts: Facts) -> tuple[Effect, ...]:
    """Back: the rhythm is planned anew and what was held goes out."""
    if me.role == "coach":
        return (Keep(me), Wake(person=me.id, topic="held"))
    at, day = next_checkin(me, facts.school, facts.now, had=facts.had)
    return Keep(me), Plan(person=me.id, topic="checkin", at=at, day=day), Wake(person=me.id, topic="held")


def _next_day(me: Person, facts: Facts) -> str:
    return long_date(next_checkin(me, facts.school, facts.now, had=facts.had)[1], facts.say)


def _forgotten(me: Person) -> Person:
    return replace(
        me, chat="stopped", quiet_until=None, quiet_for="", light=False, light_once=False, contacts_until=None,
        noticing_when="same_day", noticing_how="in_writing", next_day=NextDay(),
    )  # fmt: skip


def current(state: State, facts: Facts) -> Card | None:
    if isinstance(state, bells.Ringing):
        return bells.preview(state.bells, facts)
    match state.about:
        case "settings":
            return settings.card(facts)
        case "bells":
            return bells.card(facts)
        case _:
            return None


flow = Flow(
    name="house",
    states=State,
    step=step,
    current=current,
    commands=(
        Command("beside", "/beside settings", word="settings"),
        Command("beside", "/beside bells", word="bells", roles=("coach",)),
        Command("beside", "/beside pause", word="pause"),
        Command("beside", "/beside help", word="help"),
    ),
    typed=(
        "stop",
        "start",
        "pause",
        "leave",
        "resume",
        "settings",
        "help",
        "who",
        "delete",
        "forget",
        "skip",
        "bot",
        "about",
        "next",
        "visit",
        "step",
    ),
    reads=("asks", "time", "rhythm", "calendars", "bells", "showings", "mirrors"),
)
