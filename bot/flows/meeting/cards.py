"""The cards of a first meeting."""

from __future__ import annotations

from bot.cadence import CODES, EARLIEST, LATEST, after_school
from bot.cards import Block, Button, Card, Choices, Exact, Label, Option, Quote, Seen, Text
from bot.flow import Facts, derived
from bot.flows.drawing import message, rows
from bot.flows.meeting.states import Sharing
from bot.records import Person, Reflection
from bot.spoken import clock, long_date, weekdays

# Strengths, experience, preferences, hopes (flows.md, 8); of two the same person always gets the same one.
PARTS = ("strengths", "experience", "preferences", "hopes")
_STEMS = {"strengths": ("fm-01",), "experience": ("fm-02", "fm-07"), "preferences": ("fm-04",), "hopes": ("fm-03",)}
_MIRRORED = {"strengths": "fm-01", "hopes": "fm-03"}


def stem_of(part: str, facts: Facts) -> str:
    choice = _STEMS[part]
    return choice[int(derived(facts.me.id, part)[:2], 16) % len(choice)]


def coach_of(facts: Facts) -> Person | None:
    return next(iter(facts.partners), None)


def coach_name(facts: Facts) -> str:
    coach = coach_of(facts)
    return coach.first if coach else ""


def button(facts: Facts, verb: str, value: str = "", **slots: str) -> Button:
    style = "confirm" if verb in ("keep", "share_all", "share_these") else "answer"
    return Button(verb, facts.say.button(f"meeting.{verb}", **slots), style, value)  # type: ignore[arg-type]  # one of two


def hello(facts: Facts) -> Card:
    say, coach = facts.say, coach_name(facts)
    admin = say.plain(f"care.admin_line_{facts.platform}")
    if coach:
        lines = (
            say("meeting.hello", first=facts.me.first, coach=coach),
            say("meeting.yours", coach=coach, admin_line=admin),
        )
    else:
        lines = say("meeting.hello_alone", first=facts.me.first), say("meeting.yours_alone", admin_line=admin)
    return message(*lines, answers=tuple(button(facts, verb) for verb in ("sounds_fine", "tell_more", "no_thanks")))


def question(part: str, facts: Facts) -> Card:
    """One question, with ways past it; where the coach has answered it too, that can be read."""
    ways = [button(facts, "skip_part")]
    if part != "hopes":
        ways.append(button(facts, "straight"))
    if mirrored(part, facts):
        ways.append(button(facts, "mirror", coach=coach_name(facts)))
    text = facts.library.stem(stem_of(part, facts)).text
    return message(Text((text,)), answers=tuple(ways), hint=facts.say.plain("reflection.hint"))


def mirrored(part: str, facts: Facts) -> tuple[Reflection, ...]:
    """What a coach of theirs wrote to the same question."""
    mine = {partner.id for partner in facts.partners}
    return tuple(r for r in facts.mirrors if r.person in mine and r.stem == _MIRRORED.get(part))


def mirror(records: tuple[Reflection, ...], facts: Facts) -> Card:
    names = {partner.id: partner.first for partner in facts.partners}
    blocks: list[Block] = []
    for record in records:
        label = facts.say.plain("meeting.mirror_of", coach=names.get(record.person, ""))
        blocks += [Label(label), Label(record.question), Quote(record.words)]
    return Card(blocks=tuple(blocks))


def choosing(facts: Facts) -> Card:
    """Thursday, twenty minutes after school, unless they would rather another; and how they like it."""
    say, after, me = facts.say, after_school(facts.school), facts.me
    times = sorted({7 * 60 + 30, 12 * 60, after, 16 * 60 + 30})
    days = tuple(n for n, code in enumerate(CODES) if code not in facts.school.weekend)
    chosen = me.weekday if me.weekday in days else days[-1]
    kinds = (("no", "settings_light_off"), ("yes", "settings_light_on"))
    blocks: tuple[Block, ...] = (
        say("meeting.when"),
        Choices("day", say.plain("meeting.day"), tuple(Option(str(n), weekdays(say)[n]) for n in days), str(chosen)),
        Choices(
            "time",
            say.plain("meeting.time"),
            tuple(
                Option(str(t), say.plain("meeting.after_school", time=clock(t)) if t == after else clock(t))
                for t in times
                if EARLIEST <= t < LATEST
            ),
            str(after),
        ),
        Choices(
            "light", say.plain("house.settings_light"),
            tuple(Option(value, say.plain(f"house.{key}")) for value, key in kinds), "yes" if me.light else "no",
        ),
    )  # fmt: skip
    if coach_of(facts):
        blocks = (*blocks, *_hearing(facts))
    return Card(blocks=(*blocks, *rows((button(facts, "keep"),))))


def _hearing(facts: Facts) -> tuple[Choices, ...]:
    """How they would like to hear what somebody noticed in their lesson."""
    say, me = facts.say, facts.me
    return tuple(
        Choices(
            name, say.plain(f"meeting.{name}"),
            tuple(Option(one, say.plain(f"meeting.{one}")) for one in values), chosen,
        )
        for name, values, chosen in (
            ("noticing_when", ("same_day", "next_day"), me.noticing_when),
            ("noticing_how", ("in_writing", "face_to_face"), me.noticing_how),
        )
    )  # fmt: skip


def sharing(state: Sharing, facts: Facts) -> Card:
    """Exactly the words that the coach would see; nothing is shared by showing them."""
    say, coach, answers = facts.say, coach_name(facts), facts.reflections
    if not state.picking:
        foot = say.plain("reflection.exact_foot", first=facts.me.first, day=long_date(facts.here.date(), say))
        ways = tuple(button(facts, verb) for verb in ("share_all", "choose_which", "keep_them"))
        blocks: list[Block] = [say("meeting.share", coach=coach)]
        for record in answers:
            blocks += [Label(record.question), Exact((record.words,))]
        blocks += [Label(foot), *rows(ways), Seen(say.plain("reflection.until_share"))]
        return Card(title=say.plain("reflection.preview_title", coach=coach), framed=True, blocks=tuple(blocks))
    blocks = [say("meeting.which", coach=coach)]
    for number, record in enumerate(answers, 1):
        left = record.id in state.out
        label = Label(say.plain("meeting.stays") if left else say.plain("meeting.goes", coach=coach))
        way = button(facts, "put_in" if left else "leave_out", record.id, number=str(number))
        blocks += [label, Exact((record.words,)), *rows((way,))]
    some = len(state.out) < len(answers)
    ways = (*((button(facts, "share_these"),) if some else ()), button(facts, "keep_them"))
    blocks += [*rows(ways), Seen(say.plain("reflection.until_share"))]
    return Card(title=say.plain("reflection.preview_title", coach=coach), framed=True, blocks=tuple(blocks))


def arrived(records: tuple[Reflection, ...], facts: Facts) -> Card:
    """What the coach gets: the very words of the preview."""
    say, first = facts.say, facts.me.first
    blocks: list[Block] = [Label(say.plain("meeting.arrived", first=first))]
    for record in records:
        blocks += [Label(record.question), Quote(record.words)]
    blocks.append(Seen(say.plain("reflection.two_paths_undo", other=first), 2))
    return Card(title=say.plain("reflection.shared_title", first=first), framed=True, blocks=tuple(blocks))
