"""What officials did is found by its instant and by who did it, for the city's audit."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_BY_OFFICIALS = sa.text("account_id IS NOT NULL")
_EVENTS = {
    "event_by_officials": ["at", "id"],
    "event_by_official": ["account_id", "at", "id"],
}
_OTHERS = {
    "ix_opening_at": ("opening", ["at"]),
    "ix_opening_account_at": ("opening", ["account_id", "at"]),
    "ix_custody_at": ("custody", ["at", "id"]),
    "ix_custody_account_at": ("custody", ["account_id", "at", "id"]),
    "ix_account_event_by_account": ("account_event", ["by_account", "at"]),
}


def upgrade() -> None:
    for name, columns in _EVENTS.items():
        op.create_index(
            name,
            "event",
            columns,
            sqlite_where=_BY_OFFICIALS,
            postgresql_where=_BY_OFFICIALS,
        )
    for name, (table, columns) in _OTHERS.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in _OTHERS.items():
        op.drop_index(name, table)
    for name in _EVENTS:
        op.drop_index(name, "event")
