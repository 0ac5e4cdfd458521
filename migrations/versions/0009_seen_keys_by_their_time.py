"""keys of what was done, found by their time, so that old ones can go."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_seen_at", "seen", ["at"])


def downgrade() -> None:
    op.drop_index("ix_seen_at", table_name="seen")
