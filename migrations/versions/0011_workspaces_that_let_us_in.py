"""since when a workspace has let us in, who let us in, and since when we are out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("installer", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("installed_at", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("gone_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("installation", schema=None) as batch_op:
        for name in ("gone_at", "installed_at", "installer"):
            batch_op.drop_column(name)
