"""What nearly every event asks and writes, as statements that are made once."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Executable,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from bot.store import tables as t
from bot.store.made import OF, Made, insert_of, scanning
from bot.store.taking import among, each

ANY_TEAM = "*"
RHYTHM = ("nudge", "goodbye")
_PERSON, _THREAD, _KEY = (
    bindparam("who", type_=Text),
    bindparam("conversation", type_=Text),
    bindparam("its_key", type_=Text),
)
_SINCE = bindparam("since_then", type_=BigInteger)
# In so many words: as a value SQLite would look each time whether it is that of the partial index, and plan anew.
_ACTIVE = text(t.ACTIVE)


# ── the event ──


@Made
def answer_to(_: bool) -> Executable:
    s = t.seen.c
    return select(s.answer).where(s.organization_id == OF, s.key == _KEY)


@Made
def answered(_: bool) -> Executable:
    s = t.seen.c
    return update(t.seen).where(s.organization_id == OF, s.key == _KEY).values(answer=bindparam("sealed"))


@Made
def same_command(_: bool) -> Executable:
    s = t.seen.c
    mine = (s.organization_id == OF, s.person_id == _PERSON, s.asked == bindparam("words"), s.at >= _SINCE)
    return select(s.key).where(*mine).order_by(s.at.desc()).limit(1)


@Made
def commanded(_: bool) -> Executable:
    s = t.seen.c
    values = {"person_id": _PERSON, "asked": bindparam("words")}
    return update(t.seen).where(s.organization_id == OF, s.key == _KEY).values(values)


# ── who ──


@Made
def known_as(_: bool) -> Executable:
    """Whose account this is; one of that very team goes before one of any team."""
    a, p = t.account.c, t.person.c
    there = (a.organization_id == OF, a.platform == bindparam("platform"), a.user_id == bindparam("user"))
    team = or_(a.team == bindparam("team"), a.team == ANY_TEAM)
    theirs = and_(p.id == a.person_id, p.organization_id == a.organization_id)
    found = select(t.person).join_from(t.account, t.person, theirs)
    return found.where(*there, team).order_by(a.team == ANY_TEAM, a.person_id)


@Made
def people(sqlite: bool) -> Executable:
    p = t.person.c
    return select(t.person).where(p.organization_id == OF, among(sqlite, p.id, "ids"))


@Made
def locked(sqlite: bool) -> Executable:
    p = t.person.c
    return select(p.id).where(p.organization_id == OF, among(sqlite, p.id, "ids")).order_by(p.id).with_for_update()


@Made
def mentioned(sqlite: bool) -> Executable:
    a = t.account.c
    team = or_(a.team == bindparam("team"), a.team == ANY_TEAM)
    mine = (a.organization_id == OF, a.platform == bindparam("platform"), team)
    return select(a.person_id).where(*mine, among(sqlite, a.user_id, "users"))


@scanning
def named(sqlite: bool) -> Executable:
    """Whose handle, or a word of whose name, is like one of `likes`."""
    p, words = t.person.c, each(sqlite, "likes")
    handle = func.lower(p.handle).like(words.c.value, escape="\\")
    name = func.lower(" " + p.name + " ").like("% " + words.c.value + " %", escape="\\")
    one = exists().select_from(words).where(or_(handle, name))
    return select(t.person).where(p.organization_id == OF, or_(among(sqlite, p.id, "ids"), one)).order_by(p.name, p.id)


@Made
def users(sqlite: bool) -> Executable:
    """The ids of these people on one platform."""
    a = t.account.c
    there = (a.organization_id == OF, a.platform == bindparam("platform"), a.user_id != "")
    return select(a.person_id, a.user_id).where(*there, among(sqlite, a.person_id, "ids"))


def _partners(mine: str, other: str) -> Made:
    def build(_: bool) -> Executable:
        p, q = t.person.c, t.partnership.c
        both = and_(q[other] == p.id, q.organization_id == OF, p.organization_id == OF)
        return (
            select(t.person)
            .join(t.partnership, both)
            .where(q[mine] == _PERSON, q.until.is_(None))
            .order_by(p.name, p.id)
        )  # fmt: skip

    return Made(build)


teachers_of, coaches_of = _partners("coach", "teacher"), _partners("teacher", "coach")


@Made
def schools(sqlite: bool) -> Executable:
    s = t.school.c
    return select(t.school).where(s.organization_id == OF, among(sqlite, s.id, "ids"))


@Made
def data_keys(sqlite: bool) -> Executable:
    k = t.data_key.c
    mine = (k.organization_id == OF, among(sqlite, k.owner_id, "owners"))
    return select(k.owner_id, k.generation, k.wrapped).where(*mine)


@Made
def accounts(_: bool) -> Executable:
    a = t.account.c
    return select(t.account).where(a.organization_id == OF, a.person_id == _PERSON)


@Made
def reachable(_: bool) -> Executable:
    """Where this person can be written to, the one used last first."""
    a = t.account.c
    there = (a.organization_id == OF, a.person_id == _PERSON, a.gone == "", a.user_id != "")
    return select(t.account).where(*there).order_by(a.used_at.desc(), a.platform)


@Made
def open_homes(sqlite: bool) -> Executable:
    """Where these people have a home open."""
    a = t.account.c
    there = (a.home_at.is_not(None), a.gone == "", a.user_id != "")
    mine = (a.organization_id == OF, among(sqlite, a.person_id, "ids"))
    return select(a.person_id, a.platform, a.team).where(*mine, *there).order_by(a.person_id, a.platform)


@Made
def here_now(_: bool) -> Executable:
    a = t.account.c
    mine = (a.organization_id == OF, a.person_id == _PERSON, a.platform == bindparam("there"))
    return (
        update(t.account)
        .where(*mine)
        .values(gone="", used_at=bindparam("now"), channel=bindparam("place"), team=bindparam("at_team"))
    )


@Made
def silent(sqlite: bool) -> Executable:
    c = t.contact.c
    mine = (c.organization_id == OF, c.person_id == _PERSON, ~c.answered, among(sqlite, c.kind, "kinds", RHYTHM))
    return select(c.key).where(*mine).limit(1)


# ── conversations ──


@Made
def thread(_: bool) -> Executable:
    c = t.thread.c
    return select(t.thread).where(c.organization_id == OF, c.id == _THREAD)


@Made
def next_version(_: bool) -> Executable:
    c = t.thread.c
    changed = ("flow", "state", "version", "people", "at")
    mine = (c.organization_id == OF, c.id == _THREAD, c.version == bindparam("expected"))
    return update(t.thread).where(*mine).values({name: bindparam(f"new_{name}") for name in changed})


@Made
def hears(_: bool) -> Executable:
    c = t.listening.c
    return select(c.thread_id).where(c.organization_id == OF, c.person_id == _PERSON).order_by(c.turn.desc()).limit(5)


@Made
def last_turn(_: bool) -> Executable:
    c = t.listening.c
    return select(func.max(c.turn)).where(c.organization_id == OF, c.person_id == _PERSON)


@Made
def hears_no_more(_: bool) -> Executable:
    c = t.listening.c
    return delete(t.listening).where(c.organization_id == OF, c.thread_id == _THREAD)


@Made
def said(_: bool) -> Executable:
    """The parcels that brought this person, in this conversation, what is known under that name."""
    o = t.outbox.c
    mine = (o.organization_id == OF, o.thread_id == _THREAD, o.person_id == _PERSON, o.name == bindparam("called"))
    return select(o.occurrence_key, o.lane_id).where(*mine, o.kind == "say").order_by(o.number)


@Made
def unplanned(_: bool) -> Executable:
    p = t.plan.c
    mine = (p.organization_id == OF, p.person_id == _PERSON, p.topic == bindparam("about"), p.thread_id == _THREAD)
    return update(t.plan).where(*mine, _ACTIVE).values(status="cancelled")


def planning(sqlite: bool) -> Executable:
    """One row for each person, topic and thread."""
    new = insert_of(sqlite)(t.plan)
    moved = {name: new.excluded[name] for name in ("id", "next_due_at", "local_date", "status")}
    unique = ["organization_id", "person_id", "topic", "thread_id"]
    written: Executable = new.on_conflict_do_update(index_elements=unique, set_=moved)
    return written


planned_again = Made(planning)


# ── their time ──


@Made
def planned(_: bool) -> Executable:
    p = t.plan.c
    mine = (p.organization_id == OF, p.person_id == _PERSON, p.topic == bindparam("topic"), p.thread_id == _THREAD)
    return select(p.next_due_at).where(*mine, _ACTIVE)


@Made
def busy(sqlite: bool) -> Executable:
    b = t.booking.c
    mine = (b.organization_id == OF, among(sqlite, b.person_id, "ids"), b.ends_at > _SINCE)
    return select(t.booking).where(*mine).order_by(b.starts_at)


@Made
def away(sqlite: bool) -> Executable:
    a = t.away.c
    mine = (a.organization_id == OF, among(sqlite, a.person_id, "ids"), a.ends_at > _SINCE)
    return select(a.person_id, a.starts_at, a.ends_at).where(*mine).order_by(a.starts_at)


@Made
def slots(_: bool) -> Executable:
    s = t.slot.c
    return select(t.slot).where(s.organization_id == OF, s.thread == _THREAD).order_by(s.id)


@Made
def lately(sqlite: bool) -> Executable:
    """What was sent unasked, and what became of it."""
    c, o = t.contact.c, t.outbox.c
    parcel: Select[tuple[str, str, int, bool, str]] = select(c.person_id, c.kind, c.at, c.answered, o.state)
    same = and_(o.organization_id == c.organization_id, o.occurrence_key == c.key)
    mine = (c.organization_id == OF, among(sqlite, c.person_id, "ids"))
    counts = or_(c.at > _SINCE, and_(~c.answered, among(sqlite, c.kind, "kinds", RHYTHM)))
    return parcel.outerjoin_from(t.contact, t.outbox, same).where(*mine, counts).order_by(c.at)
