"""The forms of co-teaching: prefilled with what was understood, with a sentence at what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.cards import DateField, Form, Option, PickField, TextField, TimeField
from bot.flow import Facts
from bot.flows.coteach.cards import PARTS, ROLES, reader, sides
from bot.flows.coteach.states import Draft, Noticing
from bot.records import Own, Person

_FIELD = {
    "teacher": "other", "date": "day", "time": "time", "end": "minutes", "duration": "minutes", "part": "part",
    "repeat": "repeat",
    "unknown_person": "other", "not_a_person": "other", "self": "other", "same_role": "other", "past": "day",
    "bad_date": "day", "bad_time": "time", "bad_duration": "minutes", "end_before_start": "minutes",
    "no_such_period": "time", "no_bell_schedule": "time", "unsupported_repeat": "repeat",
}  # fmt: skip


def choosable(facts: Facts) -> tuple[Person, ...]:
    """Those the person may be beside: their partners, then whom they named; a coach and a teacher."""
    known = {p.id: p for p in (*facts.partners, *facts.people.values())}
    return tuple(p for p in known.values() if fit(facts.me, p))


def fit(me: Person, other: Person) -> bool:
    """A teacher, and a coach who coaches here."""
    return me.id != other.id and me.role != other.role and me.coaching and other.coaching


def notes(facts: Facts, missing: Iterable[str], problems: Iterable[str]) -> dict[str, str]:
    """One sentence for each field: the problem where there is one, else what is missing."""
    said: dict[str, str] = {}
    for name in missing:
        said[_FIELD[name]] = facts.say.plain(f"coteach.missing_{name}")
    for name in problems:
        slots = {"school": facts.school.name} if name == "no_bell_schedule" else {}
        said[_FIELD[name]] = facts.say.plain(f"coteach.{name}", **slots)
    return said


def parts(facts: Facts) -> tuple[Option, ...]:
    return tuple(Option(name, facts.say.button(f"coteach.{'any_part' if name == 'any' else name}")) for name in PARTS)


def roles(facts: Facts) -> tuple[Option, ...]:
    return tuple(Option(name, facts.say.button(f"coteach.role_{name}")) for name in ROLES)


def whole(draft: Draft, facts: Facts, said: dict[str, str]) -> Form:
    """Who, when, how long, which part, which role, and a question to offer."""
    say = facts.say
    there = choosable(facts)
    who = tuple(Option(p.id, p.name) for p in there)
    other = next((p for p in there if p.id == draft.other or len(there) == 1), None)
    hint = say.plain("coteach.field_question_any")
    if other is not None:
        hint = say.plain("coteach.field_question_hint", teacher=other.first)
    offering = (
        TextField("question", say.plain("coteach.field_question"), draft.offer or "", True, long=True,
                  hint=hint, max_length=240),
    ) if facts.me.role == "coach" else ()  # fmt: skip
    known = draft.other and draft.start
    return Form(
        verb="draft",
        title=say.plain("coteach.form_title"),
        fields=(
            PickField("other", say.plain("coteach.field_other"), who, draft.other, many=True),
            *moment(draft, facts),
            PickField("repeat", say.plain("coteach.field_repeat"), _often(facts, draft), often(draft)),
            DateField("until", say.plain("coteach.field_until"), ends(draft), optional=True),
            PickField("part", say.plain("coteach.field_part"), parts(facts), draft.part, many=True),
            PickField("role", _part_of(other, facts), roles(facts), draft.role),
            *offering,
        ),
        submit=say.button("coteach.see_preview"),
        cancel=say.button("coteach.close_form" if known else "coteach.close"),
        notes=said,
    )


OFTEN = {"weekly": 1, "fortnightly": 2}


def often(draft: Draft) -> str:
    """The name by which the form knows how often it takes place."""
    if draft.repeat is None:
        return "once"
    return next((name for name, weeks in OFTEN.items() if weeks == draft.repeat.interval), "as_is")


def ends(draft: Draft) -> str:
    return draft.repeat.until.isoformat() if draft.repeat and draft.repeat.until else ""


def _often(facts: Facts, draft: Draft) -> tuple[Option, ...]:
    names = ("once", *OFTEN, *(("as_is",) if often(draft) == "as_is" else ()))
    return tuple(Option(name, facts.say.button(f"coteach.{name}")) for name in names)


def _part_of(other: Person | None, facts: Facts) -> str:
    """Whose part it is: by name wherever one is known."""
    if facts.me.role == "coach":
        return facts.say.plain("coteach.your_role")
    return facts.say.plain("coteach.their_role", coach=other.first) if other else facts.say.plain("coteach.field_role")


def moment(draft: Draft, facts: Facts) -> tuple[DateField, TimeField, TextField]:
    day, time = draft.day, draft.time
    if draft.start is not None:
        wall = draft.start.astimezone(ZoneInfo(facts.me.zone))
        day, time = wall.date().isoformat(), f"{wall:%H:%M}"
    say = facts.say
    return (
        DateField("day", say.plain("coteach.field_day"), day),
        TimeField("time", say.plain("coteach.field_time"), time),
        TextField("minutes", say.plain("coteach.field_minutes"), str(draft.minutes), max_length=3),
    )


def time_only(draft: Draft, facts: Facts, verb: str) -> Form:
    return Form(
        verb=verb,
        title=facts.say.button("coteach.other_time"),
        fields=moment(draft, facts),
        submit=facts.say.button("coteach.send", other=_beside(draft, facts).first),
        cancel=facts.say.button("coteach.close_unsent"),
    )


def part_and_role(draft: Draft, facts: Facts) -> Form:
    say, other = facts.say, _beside(draft, facts)
    return Form(
        verb="change_part",
        title=say.button("coteach.change_part"),
        fields=(
            PickField("part", say.plain("coteach.field_part"), parts(facts), draft.part, many=True),
            PickField("role", _part_of(other, facts), roles(facts), draft.role),
            TextField(
                "model_minutes", say.plain("coteach.field_model"), str(draft.model_minutes or ""), True, max_length=3
            ),
        ),
        submit=say.button("coteach.send", other=other.first),
        cancel=say.button("coteach.close_unsent"),
    )


def model(draft: Draft, facts: Facts) -> Form:
    say = facts.say
    _, teacher = sides(draft, facts)
    chosen = draft.part if draft.part not in ("any", "whole") else ""
    options = tuple(option for option in parts(facts) if option.value not in ("any", "whole"))
    return Form(
        verb="model",
        title=say.plain("coteach.model_title"),
        intro=say.plain("coteach.model_which", other=teacher.first),
        fields=(
            PickField("part", say.plain("coteach.field_part"), options, chosen, many=True),
            TextField("model_minutes", say.plain("coteach.field_model"), str(draft.model_minutes or 10), max_length=3),
        ),
        submit=say.button("coteach.keep_these"),
        cancel=say.button("coteach.close_form"),
    )


def _beside(draft: Draft, facts: Facts) -> Person:
    _, other = reader(draft, facts, facts.me.id)
    return other


def note(facts: Facts, other: Person, written: Own | None = None) -> Form:
    return Form(
        verb="note",
        title=facts.say.button("coteach.note", other=other.first),
        fields=(TextField("note", facts.say.plain("coteach.field_note"), written or "", long=True, max_length=500),),
        submit=facts.say.button("coteach.send_note"),
        cancel=facts.say.button("coteach.close_unsent"),
    )


def noticing(facts: Facts, teacher: Person, made: Noticing | None = None) -> Form:
    """I saw ..., then students ...; a question where there is one (flows.md, 9.3)."""
    say, asked = facts.say, made.question if made else None
    saw, then = (made.saw, made.students) if made else ("", "")
    return Form(
        verb="notice",
        title=say.plain("coteach.notice_title", other=teacher.first),
        fields=(
            TextField("saw", say.plain("coteach.field_saw"), saw, long=True, max_length=240),
            TextField("students", say.plain("coteach.field_students"), then, long=True, max_length=240),
            TextField("question", say.plain("coteach.field_ask"), asked or "", True, long=True, max_length=240),
        ),
        submit=say.button("coteach.send", other=teacher.first),
        cancel=say.button("coteach.close_unsent"),
    )
