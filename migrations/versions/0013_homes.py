"""who has a home open on a platform and is to see it drawn again, and what a person was shown, by its reader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_showing_reader", "showing", ["reader", "at"])


def downgrade() -> None:
    op.drop_index("ix_showing_reader", table_name="showing")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("home_at")
