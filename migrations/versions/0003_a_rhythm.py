"""a rhythm: the school calendar, what was sent unasked, and which zone rules plans were computed with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone_rules", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("half_days", sa.Text(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("country", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("subdivision", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "contact",
        sa.Column("organization_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "key", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_person", ["person_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("contact")
    with op.batch_alter_table("school", schema=None) as batch_op:
        for name in ("subdivision", "country", "half_days", "terms"):
            batch_op.drop_column(name)
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_column("zone_rules")
