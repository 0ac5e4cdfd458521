"""The cards of what is somebody's own: pages of it, one of it, and who saw what."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.cards import Block, Button, Card, Exact, Form, Label, Quote, Seen, Text, TextField
from bot.flow import Facts
from bot.flows.care.cards import pinned
from bot.flows.drawing import message, rows
from bot.flows.reflection.cards import coach_of
from bot.flows.reflection.keeping import LONGEST
from bot.flows.seeing import name_of, readers
from bot.flows.sharing import Kept, together
from bot.records import NextStep, Own, Reflection, Showing
from bot.reflecting import echo
from bot.spoken import long_date

PER_PAGE, PER_LOG = 5, 10
IN_A_FORM = 3000


def button(
    facts: Facts, verb: str, value: str = "", style: Literal["answer", "confirm", "quiet"] = "answer", **slots: str
) -> Button:
    return Button(verb, facts.say.button(f"mine.{verb}", **slots), style, value)


def listed(facts: Facts, page: int) -> Card:
    say, title = facts.say, facts.say.plain("mine.title")
    pages = max(1, -(-len(facts.own) // PER_PAGE))
    page = min(page, pages - 1)
    here = facts.own[page * PER_PAGE : (page + 1) * PER_PAGE]
    blocks: list[Block] = [Text((title,))] if here else [say("mine.nothing")]
    for number, record in enumerate(here, 1):
        blocks += [
            Label(_about(facts, record)),
            *_of_group(facts, record),
            Quote(Own(echo(record.words.text), record.words.by)),
            _seen(facts, record),
        ]
        blocks += rows((button(facts, "open", record.id, number=str(number)),))
    turns = (("newer", page - 1),) if page else ()
    turns = (*turns, ("older", page + 1)) if page + 1 < pages else turns
    more = tuple(button(facts, verb, str(to)) for verb, to in turns)
    end = ("log", "export", "forget") if here else ("log", "export")
    return Card(
        title=title,
        framed=True,
        blocks=(*pinned(facts), *blocks, *rows(more, tuple(button(facts, v, style="quiet") for v in end))),
    )


def one(facts: Facts, record: Kept, told: Text | None = None) -> Card:
    """All of its words, who has them, and the ways on."""
    title, shared = facts.say.plain("mine.title"), record.visibility != "private"
    coach = coach_of(facts)
    ways = [button(facts, "change", record.id)] if len(record.words.text) <= IN_A_FORM else []
    if shared:
        ways.append(button(facts, "take_back", record.id))
    elif coach is not None:
        ways.append(button(facts, "share", record.id, coach=coach.first))
    also = [name for name in together(facts, record.id) if name != record.id]
    more = (facts.say("mine.on_one_card"),) if shared and also else ()
    end = (button(facts, "delete", record.id, "quiet"), button(facts, "back", style="quiet"))
    return Card(
        title=title, framed=True,
        blocks=(
            *((told,) if told else ()), Label(_about(facts, record)), *_words(facts, record), *more,
            *rows(tuple(ways), end), _seen(facts, record),
        ),
    )  # fmt: skip


def preview(facts: Facts, record: Kept) -> Card:
    coach = coach_of(facts)
    name = coach.first if coach else ""
    foot = facts.say.plain("reflection.exact_foot", first=facts.me.first, day=long_date(facts.here.date(), facts.say))
    ways = (button(facts, "share_this", record.id, "confirm"), button(facts, "keep_private", record.id, "quiet"))
    return Card(
        title=facts.say.plain("reflection.preview_title", coach=name), framed=True,
        blocks=(
            Label(facts.say.plain("reflection.exactly", coach=name)), *_question(record),
            Exact(to_share(record), foot), *rows(ways), Seen(facts.say.plain("reflection.until_share")),
        ),
    )  # fmt: skip


def arrived(facts: Facts, record: Kept) -> Card:
    """What the coach gets: the very words of the preview."""
    key = "reflection.arrived_step" if isinstance(record, NextStep) else "mine.arrived_note"
    return Card(
        title=facts.say.plain("reflection.shared_title", first=facts.me.first), framed=True,
        blocks=(
            Label(facts.say.plain(key, first=facts.me.first)), *_question(record),
            *(Quote(words) for words in to_share(record)),
            Seen(facts.say.plain("reflection.two_paths_undo", other=facts.me.first), 2),
        ),
    )  # fmt: skip


def to_share(record: Kept) -> tuple[Own, ...]:
    """Exactly the words that would go to the coach."""
    if isinstance(record, NextStep) and record.how_we_know is not None:
        return record.words, record.how_we_know
    return (record.words,)


def deleting(facts: Facts, record: Kept) -> Card:
    key = "mine.delete_shared" if record.visibility != "private" else "mine.delete_ask"
    return message(
        facts.say(key), Text((Own(echo(record.words.text), record.words.by),)),
        answers=(button(facts, "keep_it", record.id), button(facts, "delete_it", record.id)),
    )  # fmt: skip


def words_form(facts: Facts, record: Kept) -> Form:
    say, step = facts.say, isinstance(record, NextStep)
    size = LONGEST if step else IN_A_FORM
    fields: tuple[TextField, ...] = (
        TextField("words", say.plain("reflection.words_label"), record.words, long=True, max_length=size),
    )
    if isinstance(record, NextStep):
        how = say.plain("reflection.how_label")
        fields = (*fields, TextField("how", how, record.how_we_know or "", True, long=True, max_length=LONGEST))
    has = readers(facts, record.id)
    return Form(
        verb="change", title=say.plain("mine.change_title"), fields=fields, submit=say.button("reflection.keep_words"),
        cancel=say.button("reflection.close_form"), intro=say.plain("mine.change_shared", reader=has) if has else "",
    )  # fmt: skip


def log(facts: Facts, page: int) -> Card:
    """Each time somebody else was shown or opened something."""
    title = facts.say.plain("mine.log_title")
    pages = max(1, -(-len(facts.showings) // PER_LOG))
    page = min(page, pages - 1)
    here = facts.showings[page * PER_LOG : (page + 1) * PER_LOG]
    lines = tuple(_entry(facts, showing) for showing in here) or (facts.say("mine.log_empty"),)
    turns = (("log_newer", page - 1),) if page else ()
    turns = (*turns, ("log_older", page + 1)) if page + 1 < pages else turns
    more = tuple(button(facts, verb, str(to)) for verb, to in turns)
    blocks: tuple[Block, ...] = (Text((title,)), *lines, *rows(more, (button(facts, "back", style="quiet"),)))
    return Card(title=title, framed=True, blocks=blocks)


def _entry(facts: Facts, showing: Showing) -> Text:
    say, day = facts.say, _day(facts, showing.at)
    if showing.way == "exported":
        return say("mine.log_exported", day=day)
    reader = name_of(facts, showing.reader)
    if showing.way == "sent":
        return say("mine.log_sent", day=day, reader=reader)
    record = next((record for record in facts.own if record.id == showing.record), None)
    what: str | Own = say.plain("mine.since_deleted" if showing.record else "mine.since_changed")
    if record is not None:
        what = Own(echo(record.words.text), record.words.by)
    key = "mine.log_opened" if showing.way == "opened" else "mine.log_shared"
    quoted: tuple[str | Own, ...] = (say.plain(key, day=day, reader=reader), " ", what)
    if showing.until is not None:
        quoted = (*quoted, " ", say.plain("mine.log_until", day=_day(facts, showing.until)))
    return Text(quoted)


def _about(facts: Facts, record: Kept) -> str:
    day = _day(facts, record.at)
    if isinstance(record, NextStep):
        return facts.say.plain("mine.a_step", day=day)
    if not record.question:
        return facts.say.plain("mine.a_note", day=day)
    return facts.say.plain("mine.an_answer", day=day, question=record.question)


def _day(facts: Facts, at: datetime) -> str:
    day = at.astimezone(facts.zone).date()
    told = long_date(day, facts.say)
    return told if day.year == facts.here.year else f"{told} {day.year}"


def _question(record: Kept) -> tuple[Label, ...]:
    return (Label(record.question),) if isinstance(record, Reflection) and record.question else ()


def _words(facts: Facts, record: Kept) -> tuple[Block, ...]:
    how: tuple[Block, ...] = ()
    if isinstance(record, NextStep) and record.how_we_know is not None:
        how = (Label(facts.say.plain("reflection.how_label")), Quote(record.how_we_know))
    return (*_of_group(facts, record), Quote(record.words), *how)


def _of_group(facts: Facts, record: Kept) -> tuple[Text, ...]:
    """What it is about, where that has a name."""
    about = record.about if isinstance(record, Reflection) else None
    return (facts.say("mine.about", name=about),) if about else ()


def _seen(facts: Facts, record: Kept) -> Seen:
    if record.visibility == "partners":
        return Seen(facts.say.plain("mine.partners_see"), 2)
    if names := readers(facts, record.id):
        return Seen(facts.say.plain("reflection.two_paths", other=names), 2)
    return Seen(facts.say.plain("reflection.just_you"))
