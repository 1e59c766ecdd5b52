"""Columns are called what they hold: the payload of an event, a file as it came, who called."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0048"

_COLUMNS = (
    ("event", "given", "payload"),
    ("image", "kept", "original_file"),
    ("outbox", "told_by", "called_by"),
    ("outbox", "told_at", "called_at"),
    ("seat", "given_at", "assigned_at"),
    ("hall_clip", "kept_by", "saved_by"),
    ("hall_clip", "kept_at", "saved_at"),
)


def upgrade() -> None:
    op.drop_index("outbox_told", "outbox")
    for table, old, new in _COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    op.execute("UPDATE outbox SET state = 'called' WHERE state = 'told'")
    _index("called")
    _remember("original_file")


def downgrade() -> None:
    op.drop_index("outbox_called", "outbox")
    for table, old, new in _COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    op.execute("UPDATE outbox SET state = 'told' WHERE state = 'called'")
    _index("told")
    _remember("kept")


def _index(state: str) -> None:
    """What was done by telephone, found by its time."""
    some = sa.text(f"state = '{state}'")
    op.create_index(
        f"outbox_{state}", "outbox", [f"{state}_at"], sqlite_where=some, postgresql_where=some
    )


def _remember(column: str) -> None:
    """PostgreSQL keeps a trigger's function as a text; SQLite renames in its triggers by itself."""
    if op.get_bind().dialect.name == "sqlite":
        return
    steps = " ".join(
        f"INSERT INTO dropped_file SELECT OLD.{name} WHERE OLD.{name} <> '' ON CONFLICT DO NOTHING;"
        for name in ("web", "thumb", column)
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION remember_dropped_files() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN {steps} RETURN NULL; END $$"
    )
