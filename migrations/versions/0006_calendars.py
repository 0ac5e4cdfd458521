"""calendars: feeds, subscribed calendars and what they take, series of visits, and a school's bells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bells", sa.Text(), server_default="{}", nullable=False))
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeat", sa.Text(), server_default="null", nullable=False))
        batch_op.add_column(sa.Column("apart", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("changed_at", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_slot_coach", ["organization_id", "coach"], unique=False)
        batch_op.create_index("ix_slot_teacher", ["organization_id", "teacher"], unique=False)
    op.create_table(
        "calendar",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("feed", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.LargeBinary(), nullable=True),
        sa.Column("mail_by", sa.Text(), nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_calendar")),
    )
    op.create_index("ix_calendar_secret", "calendar", ["secret_hash"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_by", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("odd_zone", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_person", "subscription", ["organization_id", "person_id"], unique=False)
    op.create_index("ix_subscription_due", "subscription", ["due_at"], unique=False)
    op.create_table(
        "away",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", "starts_at", name=op.f("pk_away")),
    )
    op.create_index("ix_away_person", "away", ["person_id", "ends_at"], unique=False)


def downgrade() -> None:
    for table in ("away", "subscription", "calendar"):
        op.drop_table(table)
    with op.batch_alter_table("slot", schema=None) as batch_op:
        for name in ("ix_slot_teacher", "ix_slot_coach"):
            batch_op.drop_index(name)
        for name in ("changed_at", "apart", "repeat"):
            batch_op.drop_column(name)
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_column("bells")
