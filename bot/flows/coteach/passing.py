"""What goes from one to the other after a visit: the answers they share, and something specific from the coach."""

from __future__ import annotations

from msgspec.structs import replace

from bot.cadence import Lately, may_contact
from bot.cards import Replace, Wrong
from bot.effects import Effect, Revise, Say
from bot.events import Due
from bot.flow import Facts, Turn
from bot.flows.coteach import looking, reminding
from bot.flows.coteach.cards import sides
from bot.flows.coteach.looking import hearing, with_look
from bot.flows.coteach.states import Booked, Look, Noticing, Visit
from bot.flows.drawing import message
from bot.flows.sharing import shown, taken_back
from bot.flows.suggesting import suggestion
from bot.records import Own, Person

WORDS = 240


def share(state: Booked, visit: Visit, look: Look, facts: Facts) -> Turn:
    """If both share, both have one card with both, the teacher's on top."""
    coach, teacher = sides(state.draft, facts)
    me = facts.me
    other = teacher if me.id == coach.id else coach
    replies = tuple(reply for reply in facts.reflections if reply.words == look.words)
    told = replace(facts, reflections=tuple(replace(reply, visibility="coach") for reply in replies))
    card = looking.together(visit, teacher, coach, told.read_by(other), other)
    effects = (*shown(facts, replies, other.id, name="arrived"), Say(to=other.id, card=card, name="arrived"))
    if looking.shared_by(other, visit, facts):
        mine = looking.together(visit, teacher, coach, told, me)
        effects = (*effects, Revise(to=me.id, card=mine, name="arrived"))
    return Turn(with_look(state, replace(look, at="done"), facts), effects, Replace(looking.shared(other, facts)))


def unshare(state: Booked, visit: Visit, look: Look, other: Person, facts: Facts) -> Turn:
    """Their card goes whole; what they share stays on mine, alone."""
    coach, teacher = sides(state.draft, facts)
    mine = tuple(reply.id for reply in facts.reflections if reply.words == look.words)
    effects = taken_back(facts, mine, facts.reflections)
    if looking.shared_by(other, visit, facts):
        left = looking.together(visit, teacher, coach, replace(facts, reflections=()), facts.me)
        effects = (*effects, Revise(to=facts.me.id, card=left, name="arrived"))
    return Turn(state, effects, Replace(message(facts.say("coteach.unshared", other=other.first))))


def notice(state: Booked, look: Look, teacher: Person, fields: dict[str, str], facts: Facts) -> Turn:
    """It goes to the teacher when they may be written to; what stands in it is the coach's."""
    wrong = {
        name: facts.say.plain("coteach.notice_empty" if not fields.get(name, "").strip() else "coteach.notice_long")
        for name in ("saw", "students")
        if not 0 < len(fields.get(name, "").strip()) <= WORDS
    }
    question = fields.get("question", "").strip()
    if len(question) > WORDS:
        wrong["question"] = facts.say.plain("coteach.notice_long")
    if wrong:
        return Turn(state, (), Wrong(wrong))
    me = facts.me.id
    made = Noticing(
        saw=Own(fields["saw"].strip(), me),
        students=Own(fields["students"].strip(), me),
        question=Own(question, me) if question else None,
    )
    written = with_look(state, look, facts, noticing=made)
    for words in (made.saw, made.students, *((made.question,) if made.question else ())):
        if thought := suggestion(words, teacher, facts, edit="notice", send="notice_as_it_is"):
            return Turn(written, (Say(to=me, card=thought, name="thought"),))
    return sent(written, look, teacher, facts)


def sent(state: Booked, look: Look, teacher: Person, facts: Facts) -> Turn:
    """As the teacher chose at the first meeting: the same day or the next, or face to face and then not by us.

    Then the coach's own answer, to keep or share.
    """
    made = state.visit.noticing if state.visit else None
    if made is None:
        return Turn(state)
    new = with_look(state, replace(look, at="keeping"), facts)
    school = facts.schools.get(teacher.school, facts.school)
    if teacher.noticing_how == "face_to_face":
        told = facts.say("coteach.noticing_face", other=teacher.first)
        return Turn(new, (Say(to=facts.me.id, card=looking.keeping(new, look, facts, told), name="kept"),))
    open_now = teacher.noticing_when == "same_day" and may_contact(teacher, school, facts.now, Lately())
    there = facts.read_by(teacher)
    said: Effect = Say(to=teacher.id, card=looking.noticing(made, facts.me, there), name="noticing")
    if not open_now:
        said = reminding.later(teacher, reminding.NOTICING, facts, tomorrow=teacher.noticing_when == "next_day")
    told = facts.say("coteach.note_sent" if open_now else "coteach.noticing_later", other=teacher.first)
    return Turn(new, (said, Say(to=facts.me.id, card=looking.keeping(new, look, facts, told), name="kept")))


def pass_on(state: Booked, event: Due, facts: Facts) -> Turn:
    """The noticing that waited for the teacher's hours."""
    made = state.visit.noticing if state.visit else None
    if made is None:
        return Turn(state, hear=hearing(state, facts))
    if (waiting := reminding.waits(event, facts)) is not None:
        return Turn(state, waiting, hear=hearing(state, facts))
    coach, _ = sides(state.draft, facts)
    said = Say(to=facts.me.id, card=looking.noticing(made, coach, facts), name="noticing")
    return Turn(state, (said,), hear=hearing(state, facts))
