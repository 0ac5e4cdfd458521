"""The tables. Times are UTC epoch seconds, local dates ISO text, ids text; every row has its organization."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
    true,
)  # fmt: skip

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(column_0_N_label)s",
    }
)


def _table(name: str, *columns: Column[object] | PrimaryKeyConstraint | Index) -> Table:
    return Table(name, metadata, *columns)


def _id() -> Column[object]:
    return Column("id", Text, primary_key=True)


def _of() -> Column[object]:
    return Column("organization_id", Text, nullable=False)


def _text(name: str, **more: object) -> Column[object]:
    return Column(name, Text, nullable=False, **more)  # type: ignore[arg-type]  # passed through to Column


def _when(name: str, nullable: bool = False) -> Column[object]:
    return Column(name, BigInteger, nullable=nullable)


def _number(name: str) -> Column[object]:
    return Column(name, Integer, nullable=False)


def _words(name: str, nullable: bool = False) -> tuple[Column[object], Column[object]]:
    """A person's own words as an envelope, and whose key opens it."""
    return Column(name, LargeBinary, nullable=nullable), Column(f"{name}_by", Text, nullable=nullable)


def _index_where(name: str, rows: str, *columns: str) -> Index:
    """An index of the few rows that are still to be done."""
    return Index(name, *columns, sqlite_where=text(rows), postgresql_where=text(rows))


# The conditions of indexes. A statement repeats them word for word, since no planner looks behind a parameter.
ACTIVE, READY, SENDING = "status = 'active'", "state = 'ready'", "state = 'sending'"
BEFORE = "state IN ('ready', 'sending') AND kind <> 'due'"
PARKED = "state IN ('dead', 'ambiguous', 'late')"

organization = _table(
    "organization", _id(), _text("name"), _text("zone_rules", server_default=""), _when("erased_at", nullable=True)
)
# What was done to a whole organization: ids and times, never words. It stays when everything else has gone.
audit = _table(
    "audit", Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _of(), _when("at"), _text("what"), _text("who"), _text("about"), Index("ix_audit_at", "at"),
)  # fmt: skip
installation = _table(
    "installation", _of(), _text("platform"), _text("team"), _text("name"), Column("token", LargeBinary),
    _text("installer", server_default=""), Column("installed_at", BigInteger, nullable=False, server_default="0"),
    _when("gone_at", nullable=True), PrimaryKeyConstraint("platform", "team"),
)  # fmt: skip
data_key = _table(
    "data_key", _of(), _text("owner_id"), _number("generation"), Column("wrapped", LargeBinary),
    PrimaryKeyConstraint("organization_id", "owner_id"),
)  # fmt: skip
school = _table(
    "school", _id(), _of(), _text("name"), _text("zone"), _number("opens"), _number("closes"), _text("weekend"),
    _text("closed"), _text("contacts"), Column("sample", Boolean, nullable=False),
    _text("terms", server_default="[]"), _text("half_days", server_default="[]"), _text("country", server_default=""),
    _text("subdivision", server_default=""), _text("bells", server_default="{}"),
)  # fmt: skip
person = _table(
    "person", _id(), _of(), _text("handle"), _text("name"), _text("role"), _text("school"), _text("zone"),
    _text("language"), _text("locale"), _text("chat"), _number("weekday"), _number("minute"),
    Column("light", Boolean, nullable=False), Column("light_once", Boolean, nullable=False),
    Column("quiet_until", Text), _text("quiet_for"), _text("open_times", server_default="[]"),
    Column("contacts_until", Text), _text("noticing_when", server_default="same_day"),
    _text("noticing_how", server_default="in_writing"), _text("next_day", server_default="[]"),
    _text("zone_by", server_default="told"), Column("coaching", Boolean, nullable=False, server_default=true()),
    Index("uq_person_handle", "organization_id", "handle", unique=True),
)  # fmt: skip
account = _table(
    "account", _of(), _text("person_id"), _text("platform"), _text("team"), _text("user_id"), _text("email"),
    _text("channel"), _text("gone"), _when("used_at"), _when("home_at", nullable=True),
    PrimaryKeyConstraint("organization_id", "person_id", "platform"),
    Index("ix_account_user", "organization_id", "platform", "user_id"), Index("ix_account_person", "person_id"),
    Index("ix_account_email", "organization_id", "platform", "email"),
)  # fmt: skip
link = _table(
    "link", _of(), _text("id"), _text("person_id"), _text("code"), Column("account", LargeBinary), _when("expires_at"),
    PrimaryKeyConstraint("organization_id", "id"), Index("ix_link_code", "organization_id", "code"),
)  # fmt: skip
partnership = _table(
    "partnership", _id(), _of(), _text("coach"), _text("teacher"), _when("since"), _when("until", nullable=True),
    Index("ix_partnership_coach", "coach"), Index("ix_partnership_teacher", "teacher"),
)  # fmt: skip
thread = _table("thread", _id(), _of(), _text("flow"), _text("state"), _number("version"), _text("people"), _when("at"))
listening = _table(
    "listening", _of(), _text("thread_id"), _text("person_id"), _when("since"), _number("turn"),
    PrimaryKeyConstraint("thread_id", "person_id"), Index("ix_listening_person", "person_id", "since", "turn"),
)  # fmt: skip
reflection = _table(
    "reflection", _id(), _of(), _text("person"), _text("thread"), _when("at"), _text("stem"), _text("question"),
    *_words("words"), _text("visibility"), *_words("about", nullable=True),
    Index("ix_reflection_person", "person", "at"), Index("ix_reflection_thread", "thread"),
)  # fmt: skip
next_step = _table(
    "next_step", _id(), _of(), _text("person"), _text("thread"), _when("at"), *_words("words"),
    *_words("how_we_know", nullable=True), Column("check_on", Text), _text("lesson_part"), _text("origin"),
    _text("status"), _text("visibility"), Index("ix_next_step_person", "person", "at"),
)  # fmt: skip
step_event = _table(
    "step_event", _id(), _of(), _text("step"), _text("person"), _when("at"), _number("number"), _text("status"),
    *_words("words", nullable=True), Index("ix_step_event_step", "step", "number"),
    Index("ix_step_event_person", "person"),
)  # fmt: skip
question = _table(
    "question", _id(), _of(), _text("author"), _text("language"), _when("at"), _text("status"), *_words("stem"),
    Index("ix_question_language", "organization_id", "language"),
)  # fmt: skip
showing = _table(
    "showing", _id(), _of(), _text("person"), _text("reader"), _text("way"), _text("kind"), _text("record"),
    _when("at"), _text("thread"), _text("name"), _when("until", nullable=True),
    Index("ix_showing_person", "person", "at"), Index("ix_showing_reader", "reader", "at"),
)  # fmt: skip
source = _table(
    "source", _of(), _text("message"), _text("person_id"), _text("thread_id"), _text("kind"), _text("record"),
    _text("part"), _when("at"), PrimaryKeyConstraint("organization_id", "message", "record", "part"),
    Index("ix_source_person", "person_id"),
)  # fmt: skip
handout = _table(
    "handout", _of(), _text("secret"), _text("person_id"), _when("expires_at"), _text("taken"),
    PrimaryKeyConstraint("organization_id", "secret"), Index("ix_handout_secret", "secret"),
)  # fmt: skip
asked = _table(
    "asked", _id(), _of(), _text("person"), _when("at"), _text("stem"), _text("focus"), _text("line"),
    Index("ix_asked_person", "person", "at"),
)  # fmt: skip
slot = _table(
    "slot", _id(), _of(), _text("thread"), _text("coach"), _text("teacher"), _text("proposer"), _when("start"),
    _number("minutes"), _text("lesson_part"), _text("role"), _number("model_minutes"),
    *_words("focus_question", nullable=True), *_words("listen_to", nullable=True), _text("status"), _number("sequence"),
    _text("repeat", server_default="null"), _text("apart", server_default="[]"), _when("changed_at", nullable=True),
    Index("ix_slot_thread", "thread"), Index("ix_slot_coach", "organization_id", "coach"),
    Index("ix_slot_teacher", "organization_id", "teacher"),
)  # fmt: skip
booking = _table(
    "booking", _of(), _text("slot_id"), _text("person_id"), _when("starts_at"), _when("ends_at"),
    PrimaryKeyConstraint("slot_id", "person_id", "starts_at"), Index("ix_booking_person", "person_id", "ends_at"),
)  # fmt: skip
calendar = _table(
    "calendar", _of(), _text("person_id"), Column("feed", Boolean, nullable=False), _number("turn"),
    Column("question", Boolean, nullable=False), *_words("mail", nullable=True), _text("secret_hash"),
    PrimaryKeyConstraint("organization_id", "person_id"), Index("ix_calendar_secret", "secret_hash"),
)  # fmt: skip
subscription = _table(
    "subscription", _id(), _of(), _text("person_id"), *_words("address"), _text("host"), _text("fault"),
    Column("odd_zone", Boolean, nullable=False), _text("etag"), _when("due_at"),
    Index("ix_subscription_person", "organization_id", "person_id"), Index("ix_subscription_due", "due_at"),
)  # fmt: skip
away = _table(
    "away", _of(), _text("subscription_id"), _text("person_id"), _when("starts_at"), _when("ends_at"),
    PrimaryKeyConstraint("subscription_id", "starts_at"), Index("ix_away_person", "person_id", "ends_at"),
)  # fmt: skip
seen = _table(
    "seen", _of(), _text("key"), _when("at"), Column("answer", Text), _text("person_id"), _text("asked"),
    PrimaryKeyConstraint("organization_id", "key"), Index("ix_seen_asked", "person_id", "asked", "at"),
    Index("ix_seen_at", "at"),
)  # fmt: skip
plan = _table(
    "plan", _id(), _of(), _text("person_id"), _text("topic"), _text("thread_id"), _when("next_due_at"),
    _text("local_date"), _text("status"),
    _index_where("ix_plan_due", ACTIVE, "next_due_at"),
    Index("uq_plan", "organization_id", "person_id", "topic", "thread_id", unique=True),
)  # fmt: skip
outbox = _table(
    "outbox", Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _of(), _text("occurrence_key"), _text("lane_id"), _text("person_id"), _text("kind"), _text("name"),
    _text("thread_id"), _text("topic"), _text("local_date"), Column("card", Text), _text("revises"),
    _when("visible_at"), _when("expires_at", nullable=True), _number("priority"), _text("state"), _number("attempts"),
    _text("last_error"), _number("fence"), _when("started_at", nullable=True), _when("sent_at", nullable=True),
    _text("channel"), _text("message"),
    Index("uq_outbox_key", "organization_id", "occurrence_key", unique=True),
    _index_where("ix_outbox_next", READY, "lane_id", "priority", "visible_at", "number"),
    _index_where("ix_outbox_sending", SENDING, "lane_id"),
    _index_where("ix_outbox_before", BEFORE, "lane_id", "person_id", "number"),
    _index_where("ix_outbox_parked", PARKED, "number"),
    Index("ix_outbox_said", "thread_id", "person_id", "name"),
)  # fmt: skip
contact = _table(
    "contact", _of(), _text("key"), _text("person_id"), _text("kind"), _when("at"),
    Column("answered", Boolean, nullable=False), PrimaryKeyConstraint("organization_id", "key"),
    Index("ix_contact_person", "person_id", "at"),
)  # fmt: skip
lane = _table(
    "lane", _id(), _of(), _when("ready_at", nullable=True), _when("leased_until", nullable=True), _text("owner"),
    _number("fence"), _when("paused_until", nullable=True), Column("gap_ms", Integer), Column("next_ms", BigInteger),
    Index("ix_lane_ready", "ready_at"),
)  # fmt: skip
remark = _table(
    "remark", _of(), _text("key"), _text("person_id"), _when("at"), _text("kind"), Column("body", Text),
    Column("number", BigInteger, nullable=False), PrimaryKeyConstraint("organization_id", "key"),
    Index("ix_remark_person", "person_id", "number"),
)  # fmt: skip
clock = _table("clock", Column("organization_id", Text, primary_key=True), _when("at"))
