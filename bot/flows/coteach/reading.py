"""What was typed, read: a line or a form becomes a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from bot import when
from bot.cadence import CODES, bells_on, closes_on, has_bells, instant, is_school_day
from bot.flow import Facts
from bot.flows.coteach import serial
from bot.flows.coteach.cards import MODEL, sides
from bot.flows.coteach.states import Draft
from bot.records import CoteachRole, LessonPart, Own, Repeat, School
from bot.ringing import Period
from bot.spoken import clock
from bot.when.spanish import as_typed, in_english

SHORTEST, LONGEST = 5, 240
FARTHEST = timedelta(days=732)
RECENT = timedelta(days=7)
PARTS: dict[str | None, LessonPart] = {
    None: "any", "launch": "launch", "main": "main_lesson", "menu": "menu", "closure": "closure", "whole": "whole",
}  # fmt: skip
MODES: dict[str | None, CoteachRole] = {
    None: "extra_eyes_ears", "eyes_ears": "extra_eyes_ears", "take_turns": "take_turns", "model": "model_a_move",
}  # fmt: skip


def world(facts: Facts) -> when.World:
    people = {p.id: p for p in (facts.me, *facts.partners, *facts.people.values())}
    return when.World(
        people=tuple(
            when.Person(id=p.id, handle=p.handle, name=p.name, mentions=facts.mentions.get(p.id, ()))
            for p in people.values()
        ),
        self=facts.me.id,
        school=school_of(facts.school),
    )


def school_of(school: School) -> when.School:
    return when.School(
        name=school.name,
        weekend=school.weekend,
        hours=(clock(school.opens), clock(school.closes)),
        closed=tuple(when.ClosedDay(date=closed.day.isoformat(), name=closed.name) for closed in school.closed),
        country=school.country or None,
        subdiv=school.subdivision or None,
        bell=Rota(school) if has_bells(school.bells) else None,
    )


def typed(line: str, facts: Facts, here: datetime | None = None) -> when.Result:
    """What a line means; days, hours and parts may stand in the writer's own language. Days are read from `here` on."""
    me = facts.me

    def parsed(text: str) -> when.Result:
        return when.parse(text, now=here or facts.here, tz=me.zone, locale=me.locale, world=world(facts))

    own, plain = parsed(in_english(line)) if me.language.startswith("es") else None, parsed(line)
    if isinstance(own, when.Slot):
        return replace(own, note=as_typed(own.note, line)) if own.note else own
    if isinstance(own, when.Ask) and isinstance(plain, when.Form):
        return own
    return plain


class Rota(Mapping[str, tuple[when.Period, ...]]):
    """A school's bells as a line is read with them: any date is among the keys, and is computed when it is asked for.

    A closed day has the bells of its weekday: that it is closed is a warning, and never a refusal.
    """

    def __init__(self, school: School) -> None:
        self._school = school

    def __getitem__(self, key: str) -> tuple[when.Period, ...]:
        day = date.fromisoformat(key)
        school = self._school
        if not is_school_day(school, day):
            by_weekday = replace(school.bells, rotation=(), dated=())
            school = replace(school, bells=by_weekday, closed=(), terms=(), country="", weekend=())
        return tuple(map(_period, bells_on(school, day)))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and len(key) == 10

    def __iter__(self) -> Iterator[str]:
        return (day.name for day in self._school.bells.days)

    def __len__(self) -> int:
        return len(self._school.bells.days)

    def values(self) -> ValuesView[tuple[when.Period, ...]]:
        """Every block that ever meets: these are the names a line may use."""
        return {day.name: tuple(map(_period, day.periods)) for day in self._school.bells.days}.values()


def _period(one: Period) -> when.Period:
    return when.Period(id=one.id, label=one.label, start=clock(one.start), end=clock(one.end))


def understood(blank: Draft, result: when.Slot | when.Ask | when.Form, facts: Facts) -> Draft:
    offer = Own(result.focus, facts.me.id) if result.focus and facts.me.role == "coach" else None
    return replace(blank, other=result.teacher or "", part=PARTS[result.part], role=MODES[result.mode], offer=offer)


def partly(blank: Draft, result: when.Ask | when.Form, facts: Facts) -> Draft:
    draft = understood(blank, result, facts)
    start = None
    if result.date and result.time:
        start = moment(result.date, result.time, facts)
    length = result.length if isinstance(result, when.Form) else next(iter(result.lengths), None)
    minutes = result.duration_min or length or draft.minutes
    draft = replace(draft, day=result.date or "", time=result.time or "", start=start, minutes=minutes)
    return in_series(draft, result.repeat, facts) if result.repeat else draft


def in_series(draft: Draft, repeat: when.Repeat, facts: Facts) -> Draft:
    """With the rule that was typed; before its first visit is known, that is all there is."""
    until = date.fromisoformat(repeat.until) if repeat.until else None
    rule = Repeat(
        zone=facts.me.zone, minute=0, interval=repeat.interval, byday=repeat.byday, times=repeat.count, until=until
    )
    return serial.begun(replace(draft, repeat=rule), facts)


def moment(day: str, at: str, facts: Facts) -> datetime | None:
    local, minute = _day(day, facts), minute_of(at)
    return None if local is None or minute is None else instant(local, minute, facts.me.zone)


def _day(typed: str, facts: Facts) -> date | None:
    """A day within reach of anybody's plans."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if abs(day - facts.here.date()) <= FARTHEST else None


def minute_of(typed: str) -> int | None:
    try:
        wall = time.fromisoformat(typed)
    except ValueError:
        return None
    return wall.hour * 60 + wall.minute


def chosen_moment(value: str, facts: Facts) -> datetime | None:
    """The instant that a button carries."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None and abs(at - facts.now) < FARTHEST else None


def timed(start: datetime, minutes: int) -> str:
    """A start and its length, as a button carries them."""
    return f"{start.astimezone(UTC).isoformat()} {minutes}"


def chosen_time(value: str, draft: Draft, facts: Facts) -> tuple[datetime | None, int]:
    """The start that a button carries, and the length beside it; without one, the draft's."""
    at, _, minutes = value.partition(" ")
    return chosen_moment(at, facts), counted(minutes) or draft.minutes


def counted(value: str, most: int = LONGEST, least: int = SHORTEST) -> int | None:
    """A number of minutes in digits, within its limits."""
    value = value.strip()
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        return None
    return int(value) if least <= int(value) <= most else None


def read_moment(draft: Draft, fields: dict[str, str], facts: Facts) -> tuple[Draft, dict[str, str]]:
    """Day, time and minutes of a form, with a sentence for each that is unusable."""
    wrong: dict[str, str] = {}
    day, at = fields.get("day", ""), fields.get("time", "")
    start = moment(day, at, facts)
    if _day(day, facts) is None:
        wrong["day"] = facts.say.plain("coteach.bad_date" if day else "coteach.missing_date")
    if minute_of(at) is None:
        wrong["time"] = facts.say.plain("coteach.bad_time" if at else "coteach.missing_time")
    if start is not None and start <= facts.now:
        wrong["day"] = facts.say.plain("coteach.past")
    minutes = counted(fields.get("minutes", ""))
    if minutes is None:
        wrong["minutes"] = facts.say.plain("coteach.bad_duration")
        return replace(draft, start=start), wrong
    return replace(draft, start=start, minutes=minutes), wrong


def moved_moment(draft: Draft, fields: dict[str, str], facts: Facts) -> tuple[Draft, dict[str, str]]:
    """When a visit was held instead: up to a week behind, or ahead."""
    moved, wrong = read_moment(draft, fields, facts)
    behind = moved.start is not None and facts.now - RECENT <= moved.start <= facts.now
    return moved, {name: text for name, text in wrong.items() if not (behind and name == "day")}


def read_model(draft: Draft, fields: dict[str, str], facts: Facts) -> tuple[int, dict[str, str]]:
    """Minutes of a modelled move in a form, with a sentence where they or its part are unusable."""
    if draft.part in ("any", "whole"):
        return 0, {"part": facts.say.plain("coteach.model_part")}
    most = min(MODEL, draft.minutes)
    typed = fields.get("model_minutes", "").strip()
    if (minutes := counted(typed, most, 1)) is not None:
        return minutes, {}
    if counted(typed, 999, 1) is None:
        return 0, {"model_minutes": facts.say.plain("coteach.model_missing", most=str(most))}
    if facts.me.role == "teacher":
        return 0, {"model_minutes": facts.say.plain("coteach.model_most_yours")}
    _, teacher = sides(draft, facts)
    return 0, {"model_minutes": facts.say.plain("coteach.model_most", other=teacher.first)}


def warnings_of(draft: Draft, facts: Facts) -> tuple[str, ...]:
    """Said, never a refusal: a weekend, a closed day, outside school hours."""
    first = (draft.start or facts.now).astimezone(facts.zone)
    last = first + timedelta(minutes=draft.minutes)
    school = facts.school
    found = []
    if CODES[first.weekday()] in school.weekend:
        found.append("weekend")
    elif not is_school_day(school, first.date()):
        found.append("holiday")
    early = first.hour * 60 + first.minute < school.opens
    if early or last.date() != first.date() or last.hour * 60 + last.minute > closes_on(school, last.date()):
        found.append("outside_hours")
    return tuple(found)
