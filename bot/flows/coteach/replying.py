"""An invitation answered in words: what a button says, a plain yes or no, or another time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from msgspec.structs import replace

from bot import when
from bot.cards import Card, Replace
from bot.effects import Revise, Say
from bot.events import Pressed, Said
from bot.flow import Facts, Turn
from bot.flows.coteach import cards, inviting
from bot.flows.coteach.reading import moment, typed
from bot.flows.coteach.states import Draft, Offered
from bot.flows.drawing import message
from bot.flows.wording import as_pressed, in_words, pressed

_YES = re.compile(
    r"(?:yes|yep|yeah|ok|okay|sure|deal|perfect|fine|(?:yes )?please"
    r"|(?:yes )?(?:that |this |it )?works?(?: for me| well)?"
    r"|(?:that |this )?(?:sounds|is) (?:good|fine|great)|(?:that'?s|that is) (?:fine|good)|happy to|gladly"
    r"|sí|si|claro|claro que sí|vale|de acuerdo|perfecto|me funciona|me parece bien|está bien|con gusto)"
    r"(?: thanks| thank you| gracias)?"
)
_NO = re.compile(
    r"(?:no|nope|no thanks|no thank you|not (?:now|today|this week|this time)|i can'?t|can'?t|cannot|i can ?not"
    r"|(?:that|this|it) (?:does not|doesn'?t|won'?t) work(?: for me)?|keep (?:it|the time|the booked time)"
    r"|no gracias|no puedo|esta semana no|hoy no|ahora no|no me (?:funciona|viene bien))"
)
_ELSE = re.compile(
    r"(?:another|a different|some other|other) (?:time|day)s?|(?:can|could) we (?:move|change) it"
    r"|otr[oa] (?:hora|día|dia|momento)|(?:podemos|podríamos) (?:moverlo|cambiarlo)"
)
_ASKING = frozenset(
    "can could may might would should we i you it us do make have move try say maybe perhaps how about what let's lets"
    " be is instead rather better best good works work free me possible please thanks thank ok okay yes no sorry then"
    " or so again a the that this there".split()
)
_LONGEST = 200
# A weekday with one of these is of one week alone.
_ANCHORED = re.compile(
    r"\b(?:this|next|last|coming|weeks?|today|tomorrow|in|from|est[ea]|pr[oó]xim[oa]|viene|semanas?)\b"
)


def answered(
    event: Said, state: Offered, step: Callable[[Pressed], Turn], counter: Callable[[Draft], Turn], facts: Facts,
    *, plainly: bool,
) -> Turn:  # fmt: skip
    """The turn that these words mean, told below them; the card they answer keeps no buttons.

    Only a button's own name counts where somebody is asked something else too, and so not `plainly` this.

    Words that mean nothing here are somebody else's: whatever asked before this hears them.
    """
    press = labelled(event, state, facts)
    if press is None and facts.listening == facts.thread and plainly:
        press = _plainly(event, facts, "keep_booked" if state.booked else "not_this_week")
        if press is None:
            meant = _other_time(event, state, counter, facts)
            press, step = (pressed(event, "at", facts), lambda _: meant) if meant else (None, step)
    turn = in_words(press, step, facts)
    told = turn.effects[0] if turn and turn.effects else None
    if turn is None or not (isinstance(told, Say) and told.to == facts.me.id):
        return turn or Turn(state)
    bare = Revise(to=facts.me.id, card=cards.bare(inviting.invitation(state, facts)), name="slot")
    return replace(turn, effects=(bare, replace(told, name="slot"), *turn.effects[1:]))


def labelled(event: Said, state: Offered, facts: Facts) -> Pressed | None:
    """The press that these words name."""
    shown: list[Card] = [inviting.invitation(state, facts)]
    if state.looking:
        shown.append(cards.other_times(state, facts))
    return next((press for card in shown if (press := as_pressed(event, card, facts))), None)


def _plainly(event: Said, facts: Facts, no: str) -> Pressed | None:
    said = " ".join(re.sub(r"[^\w\s']", " ", event.text.replace("’", "'").casefold()).split())
    verb = next((verb for shape, verb in ((_YES, "works"), (_NO, no), (_ELSE, "another")) if shape.fullmatch(said)), "")
    return pressed(event, verb, facts) if verb else None


def _only_asks(note: str) -> bool:
    """Whether what is left beside the time asks for it, and is nothing that somebody tells."""
    return {word.strip(".,!?").casefold() for word in note.replace("’", "'").split()} <= {*_ASKING, ""}


def _other_time(event: Said, state: Offered, counter: Callable[[Draft], Turn], facts: Facts) -> Turn | None:
    """A day and time among few words; a day alone keeps the time, and a time alone the day."""
    if len(event.text) > _LONGEST:
        return None
    draft = state.draft
    _, other = cards.reader(draft, facts, facts.me.id)
    line = f"@{other.handle} {event.text}"
    result = typed(line, facts)
    if (meant := _either_week(line, result, draft, facts)) is not None:
        asked = message(facts.say("coteach.which_date"), answers=cards.moments(meant, facts))
        return counter(replace(draft, start=meant[0])) if len(meant) == 1 else _which(asked, state)
    match result:
        case when.Slot(note=note) | when.Form(note=note) if not (state.looking or _only_asks(note or "")):
            return None
        case when.Slot(start=start, duration_min=minutes, duration_source=source, repeat=None):
            length = minutes if source in ("given", "range") else draft.minutes
            return counter(replace(draft, start=start.astimezone(UTC), minutes=length))
        case when.Ask(field="date" | "time" as field, choices=choices):
            moments = tuple(one.astimezone(UTC) for one in choices if isinstance(one, datetime))
            return _which(message(facts.say(f"coteach.which_{field}"), answers=cards.moments(moments, facts)), state)
        case when.Form(problems=problems) if "past" in problems:
            return Turn(replace(state, looking=True), (), Replace(cards.other_times(state, facts, "gone")))
        case when.Form(date=day, time=at, duration_min=minutes, problems=()) if (day or at) and draft.start:
            wall = draft.start.astimezone(facts.zone)
            wished = moment(day or wall.date().isoformat(), at or f"{wall:%H:%M}", facts)
            return counter(replace(draft, start=wished, minutes=minutes or draft.minutes)) if wished else None
        case _:
            return None


def _which(card: Card, state: Offered) -> Turn:
    return Turn(replace(state, looking=True), (), Replace(card))


def _either_week(line: str, result: when.Result, draft: Draft, facts: Facts) -> tuple[datetime, ...] | None:
    """Where a bare weekday may be that of the invitation's own week: its own day, else both; none where it is clear."""
    if draft.start is None or _ANCHORED.search(line.casefold()):
        return None
    day = draft.start.astimezone(facts.zone).date()
    monday = day - timedelta(days=day.weekday())
    before = datetime.combine(monday - timedelta(days=1), time(23, 59), facts.zone)
    if before <= facts.here:
        return None
    near, there = (_start(one, draft, facts) for one in (result, typed(line, facts, before)))
    if near is None or there is None or near == there or near.weekday() != there.weekday():
        return None
    return (there,) if there.astimezone(facts.zone).date() == day else (near, there)


def _start(result: when.Result, draft: Draft, facts: Facts) -> datetime | None:
    """The one moment that was typed; a day alone keeps the time of the invitation."""
    match result:
        case when.Slot(start=start, repeat=None, duration_source="default", note=note) if _only_asks(note or ""):
            return start.astimezone(UTC)
        case when.Form(date=day, time=None, problems=(), note=note) if day and draft.start and _only_asks(note or ""):
            return moment(day, f"{draft.start.astimezone(facts.zone):%H:%M}", facts)
        case _:
            return None
