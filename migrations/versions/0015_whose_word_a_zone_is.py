"""whose word somebody's zone is, so that it is asked where nobody has told it.

Who is here already keeps the zone they have; only whom nobody told anything of stands in UTC without a school.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone_by", sa.Text(), server_default="told", nullable=False))
    op.execute("UPDATE person SET zone_by = 'presumed' WHERE school = '' AND zone = 'UTC'")


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("zone_by")
