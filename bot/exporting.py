"""All that is kept of a person, as a page to read and as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from bot.events import Account
from bot.records import (
    Asked,
    Calendar,
    NextStep,
    Partnership,
    Person,
    Reflection,
    Showing,
    Slot,
    StepEvent,
    Subscription,
)
from bot.spoken import long_date
from bot.visible import isolated
from bot.words import Lines


class Export(Struct, frozen=True, kw_only=True):
    """What there is of one person; `names` are those of the people they work with or showed something to."""

    made_at: datetime
    person: Person
    accounts: tuple[Account, ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    what_became: tuple[StepEvent, ...] = ()
    visits: tuple[Slot, ...] = ()
    questions: tuple[Asked, ...] = ()
    showings: tuple[Showing, ...] = ()
    calendar: Calendar | None = None
    subscriptions: tuple[Subscription, ...] = ()
    names: dict[str, str] = {}


def as_json(export: Export) -> bytes:
    """Every field of every record that is theirs; of what is shared with others only their own words."""
    me = export.person.id
    whole = msgspec.to_builtins(export)
    for visit in whole["visits"]:
        for words in ("focus_question", "listen_to"):
            if visit[words] is not None and visit[words]["by"] != me:
                visit[words] = None
    for note in whole["reflections"]:
        if note["about"] is not None and note["about"]["by"] != me:
            note["about"] = None
    return msgspec.json.format(msgspec.json.encode(_plain(whole)), indent=2)


def as_html(export: Export, say: Lines) -> bytes:
    """One page that needs nothing else, in the order in which it was written."""
    me, zone = export.person, ZoneInfo(export.person.zone)

    def day(at: datetime | date) -> str:
        local = at.astimezone(zone).date() if isinstance(at, datetime) else at
        return f"{long_date(local, say)} {local.year}"

    def seen(record: Reflection | NextStep) -> str:
        readers = [
            export.names.get(one.reader, "")
            for one in export.showings
            if one.record == record.id and one.way == "shared" and one.until is None
        ]
        there = say.plain("reflection.two_paths", other=", ".join(readers)) if readers else ""
        return there or say.plain("mine.partners_see" if record.visibility == "partners" else "reflection.just_you")

    parts = [
        f"<h1>{escape(say.plain('mine.title'))}</h1>",
        f"<p><bdi>{escape(me.name)}</bdi>, {escape(day(export.made_at))}</p>",
    ]
    parts.append(f"<h2>{escape(say.plain('mine.export_steps'))}</h2>")
    for step in export.next_steps:
        label = f"<p>{escape(say.plain('reflection.how_label'))}</p>"
        how = label + _quote(step.how_we_know.text) if step.how_we_know else ""
        about = f"{say.plain('mine.a_step', day=day(step.at))} · {seen(step)}"
        parts.append(f"<section><h3>{escape(about)}</h3>{_quote(step.words.text)}{how}</section>")
    parts.append(f"<h2>{escape(say.plain('mine.export_notes'))}</h2>")
    for note in export.reflections:
        asked = f"<p>{escape(note.question)}</p>" if note.question else ""
        mine = note.about is not None and note.about.by == me.id
        group = f"<p>{escape(say.plain('mine.about', name=note.about))}</p>" if note.about and mine else ""
        about = f"{day(note.at)} · {seen(note)}"
        parts.append(f"<section><h3>{escape(about)}</h3>{asked}{group}{_quote(note.words.text)}</section>")
    if export.visits:
        parts.append(f"<h2>{escape(say.plain('mine.export_visits'))}</h2>")
    for visit in export.visits:
        other = export.names.get(visit.teacher if visit.coach == me.id else visit.coach, "")
        words = (visit.focus_question, visit.listen_to)
        own = "".join(_quote(one.text) for one in words if one is not None and one.by == me.id)
        about = f"{day(visit.start)} · {other}"
        parts.append(f"<section><h3>{escape(about)}</h3>{own}</section>")
    parts.append(f"<h2>{escape(say.plain('mine.log_title'))}</h2><ul>")
    parts += [f"<li>{escape(_entry(one, export, say, day))}</li>" for one in export.showings]
    parts.append("</ul>" if export.showings else f"</ul><p>{escape(say.plain('mine.log_empty'))}</p>")
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>{escape(say.plain("mine.title"))}</title><style>{_STYLE}</style>'
    page = f'<!doctype html>\n<html lang="{escape(me.language)}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'
    return page.encode("utf-8", "replace")


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}"
    "blockquote{margin:.5rem 0;white-space:pre-wrap;overflow-wrap:anywhere}h3{font-size:1rem}"
)


def _entry(one: Showing, export: Export, say: Lines, day: Callable[[datetime], str]) -> str:
    reader = export.names.get(one.reader, "")
    match one.way:
        case "exported":
            return say.plain("mine.log_exported", day=day(one.at))
        case "sent":
            return say.plain("mine.log_sent", day=day(one.at), reader=reader)
        case _:
            words = {note.id: note.words.text for note in export.reflections}
            words |= {step.id: step.words.text for step in export.next_steps}
            gone = say.plain("mine.since_deleted" if one.record else "mine.since_changed")
            what = f"“{isolated(words[one.record])}”" if one.record in words else gone
            until = f" {say.plain('mine.log_until', day=day(one.until))}" if one.until else ""
            key = "mine.log_opened" if one.way == "opened" else "mine.log_shared"
            return f"{say.plain(key, day=day(one.at), reader=reader)} {what}{until}"


def _quote(text: str) -> str:
    return f'<blockquote dir="auto">{escape(text)}</blockquote>'


def _plain(value: object) -> object:
    """Words as text: whose they are is said once, by whose file this is."""
    if isinstance(value, dict):
        if value.get("type") == "own":
            return value["text"]
        return {name: _plain(inner) for name, inner in value.items() if name != "type"}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
