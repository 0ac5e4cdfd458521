"""lanes at a pace, and PgQueuer's tables beside ours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_READY = "state = 'ready'"
_BEFORE = "state IN ('ready', 'sending') AND kind <> 'due'"
_PARKED = "state IN ('dead', 'ambiguous', 'late')"
_SCHEMA = "pgqueuer"


def upgrade() -> None:
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gap_ms", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("next_ms", sa.BigInteger(), nullable=True))
    op.drop_index("ix_outbox_ready", "outbox")
    _index("ix_outbox_next", _READY, "lane_id", "priority", "visible_at", "number")
    _index("ix_outbox_before", _BEFORE, "lane_id", "person_id", "number")
    _index("ix_outbox_parked", _PARKED, "number")
    # The clock asks for many people of all organizations at once.
    op.create_index("ix_account_person", "account", ["person_id"])
    # What is due is looked at when nobody's message can go out.
    op.execute("UPDATE outbox SET priority = -1 WHERE kind = 'due'")
    if op.get_bind().dialect.name == "postgresql":
        _pgqueuer()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
    op.drop_index("ix_account_person", "account")
    op.execute("UPDATE outbox SET priority = 0 WHERE kind = 'due'")
    op.execute("UPDATE outbox SET state = 'dead' WHERE state IN ('ambiguous', 'late')")
    for name in ("ix_outbox_parked", "ix_outbox_before", "ix_outbox_next"):
        op.drop_index(name, "outbox")
    _index("ix_outbox_ready", _READY, "lane_id", "visible_at")
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.drop_column("next_ms")
        batch_op.drop_column("gap_ms")


def _index(name: str, rows: str, *columns: str) -> None:
    op.create_index(name, "outbox", list(columns), sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def _pgqueuer() -> None:
    """As the installed PgQueuer declares them, in a schema of their own: they are its tables and not ours."""
    from pgqueuer.adapters.persistence import schema_ddl as ddl
    from pgqueuer.domain.schema.declaration import target
    from pgqueuer.domain.settings import DBSettings

    settings = DBSettings(prefix="", db_schema=_SCHEMA)
    wanted, connection = target(settings), op.get_bind()
    connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
    for statement in (
        *(ddl.render_enum(one, settings) for one in wanted.enums),
        *(ddl.render_table(one, settings) for one in wanted.tables),
        *(ddl.render_index(one, settings) for one in wanted.indexes),
        *(ddl.render_function(one, settings) for one in wanted.functions),
        *(ddl.render_trigger(one, settings) for one in wanted.triggers),
    ):
        connection.exec_driver_sql(statement)
