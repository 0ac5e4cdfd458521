"""Which row of a lane comes next, and how it is taken: statements that are made once, as every parcel asks for them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    Update,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from bot.store import tables as t

# A home is drawn once nobody waits for a message any more.
URGENT, USUAL, DUE = 1, 0, -1
HOME = DUE
_NOW = bindparam("now", type_=BigInteger)
_UNTIL = bindparam("until", type_=BigInteger)
_Statement = Update | Select[Any]


def among(sqlite: bool, column: Any, name: str, values: Collection[Any] | None = None) -> ColumnElement[bool]:
    """One parameter however many there are, so that the statement is prepared once; it is given now, or by its name."""
    kind, known = column.type, {} if values is None else {"value": values_of(sqlite, values), "unique": True}
    if sqlite:
        each = func.json_each(bindparam(name, type_=Text, **known)).table_valued("value")
        return type_coerce(column, kind).in_(select(each.c.value))
    return type_coerce(column, kind) == any_(cast(bindparam(name, type_=ARRAY(kind), **known), ARRAY(kind)))


def values_of(sqlite: bool, values: Collection[Any]) -> Any:
    return msgspec.json.encode(list(values)).decode() if sqlite else list(values)


def each(sqlite: bool, name: str) -> Any:
    """The same as a table of its own, with one column `value`."""
    if sqlite:
        return func.json_each(bindparam(name, type_=Text)).table_valued("value", name=name)
    many = cast(bindparam(name, type_=ARRAY(Text)), ARRAY(Text))
    return func.unnest(many).table_valued("value", name=name).render_derived()


@cache
def still_held(sqlite: bool) -> _Statement:
    """Leases are renewed, unless another drainer has the lane by now. Asks for `lanes`, `holder` and `until`."""
    c = t.lane.c
    ready = case((c.ready_at < c.leased_until, c.ready_at), else_=_UNTIL)
    return (
        update(t.lane)
        .where(among(sqlite, c.id, "lanes"), c.owner == bindparam("holder"))
        .values(leased_until=_UNTIL, ready_at=ready)
        .returning(c.id, c.fence)
    )


@cache
def following(sqlite: bool, *, only_due: bool, resting: bool) -> _Statement:
    """The row that comes next in each lane. Asks for `lanes`, `now` and, where somebody rests, `resting`."""
    c = t.lane.c
    left = _left_behind(only_due)
    after = [_next(sqlite, n, resting, only_due) for n in ((DUE,) if only_due else (URGENT, USUAL, DUE))]
    number = func.coalesce(left, *after).label("number")
    return select(c.id, left.label("left"), number).where(among(sqlite, c.id, "lanes"))


@cache
def now_sending(sqlite: bool) -> _Statement:
    """Asks for `numbers` and `now`."""
    c, o = t.lane.c, t.outbox.c
    fence = select(c.fence).where(c.id == o.lane_id).correlate(t.outbox).scalar_subquery()
    return (
        update(t.outbox)
        .where(among(sqlite, o.number, "numbers"))
        .values(state="sending", fence=fence, attempts=o.attempts + 1, started_at=func.coalesce(o.started_at, _NOW))
        .returning(t.outbox)
    )


@cache
def addresses(sqlite: bool) -> _Statement:
    """Where each of `people` can be written to, the place used last first."""
    a = t.account.c
    return (
        select(t.account)
        .where(among(sqlite, a.person_id, "people"), a.gone == "", a.user_id != "")
        .order_by(a.used_at.desc(), a.platform)
    )


@cache
def standing(sqlite: bool) -> _Statement:
    """What `keys` are to revise."""
    o = t.outbox.c
    return select(o.organization_id, o.occurrence_key, o.channel, o.message, o.lane_id).where(
        among(sqlite, o.occurrence_key, "keys"), o.message != ""
    )


def _left_behind(only_due: bool) -> Any:
    """What an earlier drainer had in its hands, or this one put aside to look it up."""
    c, o = t.lane.c, t.outbox.c
    theirs: tuple[Any, ...] = (o.lane_id == c.id, text(t.SENDING), o.fence < c.fence, o.visible_at <= _NOW)
    if only_due:
        theirs = (*theirs, o.kind == "due")
    return select(func.min(o.number)).where(*theirs).correlate(t.lane).scalar_subquery()


def _next(sqlite: bool, priority: int, resting: bool, only_due: bool) -> Any:
    c, o, before = t.lane.c, t.outbox.c, t.outbox.alias("before")
    b = before.c
    # Word for word the condition of the index, in the words of its alias.
    ongoing = text("before.state IN ('ready', 'sending') AND before.kind <> 'due'")
    apart = b.kind.not_in(("unsay", "home"))
    waiting = exists().where(b.lane_id == o.lane_id, b.person_id == o.person_id, b.number < o.number, ongoing, apart)
    may = [or_(o.kind == "due", ~waiting)]
    if resting:
        may.append(or_(o.kind == "due", ~among(sqlite, o.person_id, "resting")))
    ready = (o.lane_id == c.id, text("outbox.state = 'ready'"), o.priority == priority, o.visible_at <= _NOW)
    may += [o.kind == "due"] if only_due else []
    one = select(o.number).where(*ready, *may).order_by(o.visible_at, o.number).limit(1)
    return one.correlate(t.lane).scalar_subquery()
