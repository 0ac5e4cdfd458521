"""A person's settings: day, hour, zone, and the light version."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args

from msgspec.structs import replace

from bot.cadence import CODES, EARLIEST, LATEST, next_checkin
from bot.cards import Card, Details, Fact, Form, Option, PickField, Text, TextField, TimeField, Wrong
from bot.effects import Keep, Plan, Say
from bot.flow import Facts, Turn
from bot.flows.care.cards import pinned
from bot.flows.drawing import message, rows
from bot.flows.house import calendars
from bot.flows.house.quiet import FOREVER
from bot.flows.house.shown import Shown, button
from bot.places import zone_meant
from bot.records import Person
from bot.ringing import NextDay, Which
from bot.spoken import clock, long_date, spoken_names, weekday, weekdays

_ASK = "ask"


def card(facts: Facts) -> Card:
    me, say = facts.me, facts.say
    language = Fact(say.plain("house.settings_language"), spoken_names().get(me.language, me.language))
    details: tuple[Fact, ...] = (Fact(say.plain("house.settings_zone"), me.zone), language)
    if me.role == "teacher":
        around = say.plain("house.settings_around", time=clock(me.minute))
        kind = say.plain("house.settings_light_on" if me.light else "house.settings_light_off")
        details = (
            Fact(say.plain("house.settings_day"), weekdays(say)[me.weekday]),
            Fact(say.plain("house.settings_time"), around),
            *details,
            Fact(say.plain("house.settings_light"), kind),
        )
    if me.quiet_until and me.quiet_until >= facts.here.date():
        until = me.quiet_until + timedelta(days=1) if me.quiet_until < FOREVER - timedelta(days=1) else None
        details = (
            *details,
            Fact(say.plain("house.settings_quiet"), long_date(until, say) if until else say.button("house.until_say")),
        )
    if me.next_day.means:
        meant = say.plain(f"house.settings_next_{me.next_day.means}")
        details = (*details, Fact(say.plain("house.settings_next"), meant))
    title = say.plain("house.settings_title")
    details = (*details, *calendars.summary(facts))
    buttons = rows((button(facts, "change"), button(facts, "calendars")))
    return Card(title=title, framed=True, blocks=(*pinned(facts), Text((title,)), Details(details), *buttons))


def form(facts: Facts) -> Form:
    me, say = facts.me, facts.say
    zone = TextField("zone", say.plain("house.settings_zone"), me.zone, max_length=64)
    language = PickField(
        "language",
        say.plain("house.settings_language"),
        tuple(Option(code, name) for code, name in spoken_names().items()),
        me.language if me.language in spoken_names() else "en",
    )
    next_day = PickField(
        "next_day",
        say.plain("house.settings_next"),
        tuple(Option(name or _ASK, say.plain(f"house.settings_next_{name or _ASK}")) for name in get_args(Which)),
        me.next_day.means or _ASK,
    )
    teacher = (
        PickField(
            "day",
            say.plain("house.settings_day"),
            tuple(Option(str(n), weekdays(say)[n]) for n in _days(facts)),
            str(me.weekday if me.weekday in _days(facts) else _days(facts)[-1]),
            many=True,
        ),
        TimeField("time", say.plain("house.settings_time"), clock(me.minute)),
        zone,
        language,
        PickField(
            "light",
            say.plain("house.settings_light"),
            (Option("no", say.plain("house.settings_light_off")), Option("yes", say.plain("house.settings_light_on"))),
            "yes" if me.light else "no",
        ),
        next_day,
    )
    return Form(
        verb="settings",
        title=say.plain("house.settings_title"),
        fields=teacher if me.role == "teacher" else (zone, language, next_day),
        submit=say.button("house.keep_settings"),
        cancel=say.button("house.close_form"),
    )


def keep(fields: dict[str, str], facts: Facts) -> Turn:
    me, say, wrong = facts.me, facts.say, {}
    zone = zone_meant(fields.get("zone", ""))
    if not zone:
        wrong["zone"] = say.plain("house.bad_zone")
    language = fields.get("language", me.language)
    if language not in spoken_names():
        wrong["language"] = say.plain("house.bad_language")
    if me.role == "coach":
        if wrong:
            return Turn(Shown("settings"), (), Wrong(wrong))
        new = replace(_in_zone(me, zone), language=language, next_day=_next_day(fields, me))
        kept = Say(to=me.id, card=message(facts.read_by(new).say("house.settings_kept_coach")))
        return Turn(Shown("settings"), (Keep(new), kept))
    day = fields.get("day", "")
    clocked = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", fields.get("time", ""))
    minute = int(clocked[1]) * 60 + int(clocked[2]) if clocked else -1
    if not EARLIEST <= minute <= LATEST - 10:
        wrong["time"] = say.plain("house.bad_time")
    days = _days(facts)
    if day not in {str(n) for n in days}:
        wrong["day"] = say.plain("house.bad_day", first=weekday(days[0], say), last=weekday(days[-1], say))
    if wrong:
        return Turn(Shown("settings"), (), Wrong(wrong))
    new = replace(
        _in_zone(me, zone), weekday=int(day), minute=minute, language=language, light=fields.get("light") == "yes",
        next_day=_next_day(fields, me),
    )  # fmt: skip
    say = facts.read_by(new).say
    at, local = next_checkin(new, facts.school, facts.now, had=facts.had)
    plan = (Plan(person=me.id, topic="checkin", at=at, day=local),) if new.chat == "on" else ()
    text = say("house.settings_kept", day=long_date(local, say)) if plan else say("house.settings_kept_coach")
    kept = Say(to=me.id, card=message(text))
    return Turn(Shown("settings"), (Keep(new), *plan, kept))


def _in_zone(me: Person, zone: str) -> Person:
    """Another zone than they had is their own word; the one that stood there may be kept without a look at it."""
    return me if zone == me.zone and me.zone_by != "presumed" else replace(me, zone=zone, zone_by="self")


def _next_day(fields: dict[str, str], me: Person) -> NextDay:
    """What “next Tuesday” is to them, or that they are asked again; as it was where that was left as it is."""
    wished = fields.get("next_day", me.next_day.means or _ASK)
    names: tuple[Which, ...] = get_args(Which)
    means: Which = next((name for name in names if name == wished), "")
    return me.next_day if means == me.next_day.means else NextDay(means, means)


def _days(facts: Facts) -> tuple[int, ...]:
    """The weekdays of this school: on no other would a question come."""
    open_days = tuple(n for n, code in enumerate(CODES) if code not in facts.school.weekend)
    return open_days or tuple(range(7))
