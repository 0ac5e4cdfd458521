"""whose words were shown to whom, which message made which record, and links that hand an export over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Until now the coach of the day got a card named `arrived` in the conversation the words came from.
_SHARED = """
    INSERT INTO showing
        (id, organization_id, person, reader, way, kind, record, at, thread, name, until)
    SELECT 'before-' || r.id, r.organization_id, r.person, p.coach, 'shared', '{table}', r.id, r.at, r.thread,
        'arrived', NULL
    FROM {table} r JOIN partnership p
        ON p.organization_id = r.organization_id AND p.teacher = r.person AND p.until IS NULL
    WHERE r.visibility = 'coach' AND p.coach = (
        SELECT min(q.coach) FROM partnership q
        WHERE q.organization_id = r.organization_id AND q.teacher = r.person AND q.until IS NULL
    )
"""


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contacts_until", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("noticing_when", sa.Text(), server_default="same_day", nullable=False))
        batch_op.add_column(sa.Column("noticing_how", sa.Text(), server_default="in_writing", nullable=False))
    op.create_table(
        "showing",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "organization_id", "person", "reader", "way")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "record")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("thread", "name")),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showing")),
    )
    op.create_index("ix_showing_person", "showing", ["person", "at"])
    op.create_table(
        "source",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("organization_id", "message", "person_id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("thread_id", "kind", "record", "part")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "message", "record", "part", name=op.f("pk_source")),
    )
    op.create_index("ix_source_person", "source", ["person_id"])
    op.create_table(
        "handout",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("organization_id", "secret", "person_id")),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "secret", name=op.f("pk_handout")),
    )
    op.create_index("ix_handout_secret", "handout", ["secret"])
    for table in ("reflection", "next_step"):
        op.execute(_SHARED.format(table=table))


def downgrade() -> None:
    for table in ("handout", "source", "showing"):
        op.drop_table(table)
    with op.batch_alter_table("person", schema=None) as batch_op:
        for name in ("noticing_how", "noticing_when", "contacts_until"):
            batch_op.drop_column(name)
