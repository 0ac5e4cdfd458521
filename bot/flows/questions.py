"""A coach's own questions: written on a form, held to the same rules as ours, and retired without being lost."""

from __future__ import annotations

from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from bot.cards import (
    Block,
    Button,
    Card,
    Form,
    Label,
    OnlyYou,
    Open,
    Option,
    PickField,
    Quote,
    Replace,
    TextField,
    Wrong,
)  # fmt: skip
from bot.effects import Keep, Say
from bot.events import AnyEvent, Commanded, Pressed, Submitted
from bot.flow import Command, Facts, Flow, Turn, does_coach
from bot.flows.drawing import message, rows
from bot.records import Own, Question
from bot.stems import Focus, LessonPart, Stem, near_copies, wrong_with
from bot.stems.own import new_id, question_of, stem_of

SHOWN = 8
# The moments a coach may write for, and who is asked then: a teacher, or both of them together.
_AUDIENCES = {"weekly_reflection": "teacher", "stuck": "teacher", "co_plan": "team", "co_teach_debrief": "team"}
_PHASES = {"weekly_reflection": "notice", "stuck": "wonder", "co_plan": "plan", "co_teach_debrief": "learn"}
_FIELDS = {"follow_ups.0": "first", "follow_ups.1": "second"}


class Listed(Struct, frozen=True, tag="listed"):
    """The list stands there, of those that are asked or of the retired ones."""

    retired: bool = False


State = Listed


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, Commanded():
            return Turn(Listed(), (), OnlyYou(_opened(facts)))
        case None, _:
            return Turn(Listed(), (Say(to=facts.me.id, card=_opened(facts)),))
        case Listed(), _ if not does_coach(facts.me):
            return Turn(state)
        case Listed(), Pressed(verb="add"):
            return Turn(state, (), Open(_form(facts)))
        case Listed(), Submitted(verb="add", fields=fields):
            return _added(state, fields, facts)
        case Listed(), Pressed(verb="retired" | "asked" as verb):
            new = Listed(verb == "retired")
            return Turn(new, (), Replace(_list(new, facts)))
        case Listed(), Pressed(verb="retire" | "ask_again" as verb, value=which):
            return _moved(state, which, "retired" if verb == "retire" else "active", facts)
        case _:
            return Turn(state)


def _opened(facts: Facts) -> Card:
    """Teachers are asked, and write none here."""
    return _list(Listed(), facts) if does_coach(facts.me) else message(facts.say("questions.coaches"))


def _list(state: Listed, facts: Facts) -> Card:
    """Latest first, each with what may be done to it."""
    say, status = facts.say, "retired" if state.retired else "active"
    shown = [one for one in reversed(facts.questions) if one.status == status]
    verb, other = ("ask_again", "asked") if state.retired else ("retire", "retired")
    blocks: list[Block] = [say("questions.retired_head" if state.retired else "questions.head")]
    for one in shown[:SHOWN]:
        stem = stem_of(one)
        blocks += [
            Quote(Own(stem.text, facts.me.organization)),
            Label(say.plain(f"questions.moment_{stem.used_in[0]}")),
            *rows((Button(verb, say.button(f"questions.{verb}"), value=one.id),)),
        ]
    if not shown:
        blocks.append(say("questions.none_retired" if state.retired else "questions.none"))
    if len(shown) > SHOWN:
        blocks.append(say("questions.more"))
    end = rows((_button(facts, "add"),), (_button(facts, other),))
    return Card(title=say.plain("questions.title"), framed=True, blocks=(*blocks, *end))


def _button(facts: Facts, verb: str) -> Button:
    return Button(verb, facts.say.button(f"questions.{verb}"), "answer" if verb == "add" else "quiet")


def _form(facts: Facts) -> Form:
    say = facts.say

    moments = tuple(Option(moment, say.plain(f"questions.moment_{moment}")) for moment in _AUDIENCES)
    focuses = tuple(Option(focus, say.plain(f"questions.focus_{focus}")) for focus in get_args(Focus))
    parts = tuple(Option(part, say.plain(f"questions.part_{part}")) for part in get_args(LessonPart))
    return Form(
        verb="add",
        title=say.plain("questions.form_title"),
        fields=(
            TextField("text", say.plain("questions.field_text"), long=True, max_length=160,
                      hint=say.plain("questions.hint_text")),
            TextField("first", say.plain("questions.field_first"), max_length=120,
                      hint=say.plain("questions.hint_first")),
            TextField("second", say.plain("questions.field_second"), max_length=120),
            PickField("moment", say.plain("questions.field_moment"), moments, "weekly_reflection"),
            PickField("focus", say.plain("questions.field_focus"), focuses, "pedagogy"),
            PickField("part", say.plain("questions.field_part"), parts, "any"),
        ),
        submit=say.button("questions.keep"),
        cancel=say.button("questions.close_form"),
    )  # fmt: skip


def _added(state: Listed, fields: dict[str, str], facts: Facts) -> Turn:
    stem = _written(fields, facts)
    if stem is None:
        return Turn(state, (), Wrong({"moment": facts.say.plain("questions.wrong_choice")}))
    if wrong := _wrong(stem, facts):
        return Turn(state, (), Wrong(wrong))
    organization = facts.me.organization
    kept = question_of(
        stem, organization=organization, by=facts.me.id, language=facts.library.language, at=facts.now
    )  # fmt: skip
    new = Listed()
    card = _list(new, replace(facts, questions=(*facts.questions, kept)))
    return Turn(new, (Keep(kept), Say(to=facts.me.id, card=card, name="questions")))


def _written(fields: dict[str, str], facts: Facts) -> Stem | None:
    """The stem that these fields make; None where a choice is none of ours."""
    text, first, second = (" ".join(fields.get(name, "").split()) for name in ("text", "first", "second"))
    moment, focus, part = fields.get("moment", ""), fields.get("focus", ""), fields.get("part", "")
    if moment not in _AUDIENCES or focus not in get_args(Focus) or part not in get_args(LessonPart):
        return None
    return Stem(
        id=new_id(facts.me.organization, facts.me.id, facts.key),
        text=text,
        audience=_AUDIENCES[moment],  # type: ignore[arg-type]  # one of ours
        focus=focus,  # type: ignore[arg-type]  # looked at above
        phase=_PHASES[moment],  # type: ignore[arg-type]  # one of ours
        lesson_part=part,  # type: ignore[arg-type]  # looked at above
        depth=1,
        used_in=(moment,),  # type: ignore[arg-type]  # looked at above
        follow_ups=(first, second),
        strength="curious",
        tags=("own",),
        status="active",
    )


def _wrong(stem: Stem, facts: Facts) -> dict[str, str]:
    """What is to be mended, one thing for each field."""
    told: dict[str, str] = {}
    for wrong in wrong_with(stem, facts.library.language, ours=False):
        field = _FIELDS.get(wrong.field, wrong.field)
        # The guard says in the reader's language what it caught, and what could be asked instead.
        own = f"{wrong.reason} {wrong.mend}" if wrong.rule == "guard" else ""
        told.setdefault(field, own or facts.say.plain(f"questions.wrong_{wrong.rule}"))
    near = next(near_copies((stem,), facts.library.stems), None)
    if near is not None:
        told.setdefault("text", facts.say.plain("questions.wrong_near", words=near[1].text))
    return told


def _moved(state: Listed, which: str, status: str, facts: Facts) -> Turn:
    old = next((one for one in facts.questions if one.id == which), None)
    if old is None or old.status == status:
        return Turn(state)
    new: Question = replace(old, status=status)
    facts = replace(facts, questions=tuple(new if one.id == which else one for one in facts.questions))
    return Turn(state, (Keep(new),), Replace(_list(state, facts)))


def current(state: State, facts: Facts) -> Card | None:
    return _list(state, facts) if does_coach(facts.me) else None


flow = Flow(
    name="questions",
    states=State,
    step=step,
    current=current,
    commands=(Command("beside", "/beside questions", word="questions", roles=("coach",)),),
    reads=("questions",),
)
