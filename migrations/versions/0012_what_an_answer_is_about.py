"""what an answer is about, in the words of whoever named it: a group of student work.

Revision 0010, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reflection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("about_by", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reflection", schema=None) as batch_op:
        for name in ("about_by", "about"):
            batch_op.drop_column(name)
