"""The cards of care: what they say, who can help, and the few buttons below."""

from __future__ import annotations

from bot.cards import Block, Button, Card, Contact, Exact, People, Seen
from bot.flow import Facts
from bot.flows.drawing import message, rows
from bot.records import Contacts, Own, Person

GRAVE = ("student_safety", "danger")


def coach_of(facts: Facts) -> Person | None:
    return next((person for person in facts.partners if facts.me.role == "teacher"), None)


def _known(facts: Facts) -> Contacts:
    """The school's four contacts; in a school without them, whom to look for."""
    names = ("safeguarding", "support", "emergency", "crisis")
    return facts.school.contacts or Contacts(**{name: facts.say.plain(f"care.{name}_unknown") for name in names})


def people(names: tuple[str, ...], facts: Facts) -> People:
    known = _known(facts)
    return People(tuple(Contact(facts.say.plain(f"care.{name}_label"), getattr(known, name)) for name in names))


def names(kinds: tuple[str, ...]) -> tuple[str, ...]:
    student = ("safeguarding",) if "student_safety" in kinds else ()
    danger = ("emergency", "crisis") if "danger" in kinds else ()
    return (*student, *danger) or ("support", "crisis")


def contacts(kinds: tuple[str, ...], facts: Facts) -> Card:
    text = facts.say("care.support" if "distress" in kinds else "care.contacts_again")
    title = facts.say.plain("care.contacts_title")
    return Card(title=title, framed=True, blocks=(text, people(names(kinds), facts)))


def pinned(facts: Facts) -> tuple[Block, ...]:
    """For a week after a word of danger, who can help stands on top of whatever they open by themselves (1.2)."""
    until = facts.me.contacts_until
    if until is None or facts.here.date() > until:
        return ()
    return facts.say("care.support"), people((*names(("danger",)), "support"), facts)


def preview(words: str, coach: Person, facts: Facts) -> Card:
    say = facts.say
    return Card(
        title=say.plain("care.coach_preview", coach=coach.first),
        framed=True,
        blocks=(
            say("care.coach_preview", coach=coach.first),
            Exact((Own(say.plain(f"care.{words}_words"), facts.me.id),)),
            *rows(_buttons(("send",), facts, style="confirm"), _buttons(("dont_send",), facts)),
            Seen(say.plain("care.coach_seen")),
        ),
    )


def still(kinds: tuple[str, ...], which: int | None, facts: Facts) -> Card:
    """Short: who can help, and a place for words about something else."""
    text = facts.say("care.still_student" if kinds == ("student_safety",) else "care.still")
    keep = () if which is None else (Button("keep_note", facts.say.button("house.keep_note"), value=str(which)),)
    return Card(blocks=(text, people(names(kinds), facts), *rows(keep)))


def card(kinds: tuple[str, ...], facts: Facts) -> Card:
    """The card of what was noticed, with its people at once."""
    if not set(kinds) & set(GRAVE):
        return _heavy(kinds, facts)
    say, known = facts.say, _known(facts)
    danger = {"emergency_number": known.emergency, "crisis_line": known.crisis}
    if "student_safety" not in kinds:
        text, verbs, name = say("care.danger", **danger), ("show_again", "write_trusted", "carry_on"), "danger"
    elif "danger" not in kinds:
        text = say("care.student_safety", safeguarding_contact=known.safeguarding)
        verbs, name = ("delete_words", "show_contact", "meant_else"), "student"
    else:
        text = say("care.both", safeguarding_contact=known.safeguarding, **danger)
        verbs, name = ("delete_words", "write_trusted", "meant_else"), "danger"
    seen: Block = Seen(say.plain(f"care.{name}_seen"))
    blocks = (text, people(names(kinds), facts), *rows(_buttons(verbs, facts)), seen)
    return Card(title=say.plain(f"care.{name}_title"), framed=True, grave=True, blocks=blocks)


def _heavy(kinds: tuple[str, ...], facts: Facts) -> Card:
    coach = coach_of(facts)
    asking = ("ask_talk",) if coach else ()
    hand = ("need_hand",) if coach else ()
    if "distress" in kinds:
        verbs: tuple[str, ...] = (*asking, "show_support", "not_now", "carry_on")
        seen = Seen(facts.say.plain("care.distress_seen"))
        return Card(blocks=(facts.say("care.distress"), *rows(_buttons(verbs, facts)), seen))
    return message(facts.say("care.tired"), answers=_buttons(("leave_week", "keep_going", *hand), facts))


def _buttons(verbs: tuple[str, ...], facts: Facts, style: str = "answer") -> tuple[Button, ...]:
    coach = coach_of(facts)

    def label(verb: str) -> str:
        slots = {"coach": coach.first} if coach and verb in ("ask_talk", "need_hand") else {}
        return facts.say.button(f"care.{verb}", **slots)

    return tuple(Button(verb, label(verb), style) for verb in verbs)  # type: ignore[arg-type]  # one of three
