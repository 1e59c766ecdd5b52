"""What is asked every second costs the same in the tenth year as in the first.

Partial indexes for what waits in the outbox, whole ones for lists and figures.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_INDEXES = (
    ("ix_request_district_stage", "request", ["district", "stage"]),
    ("ix_request_filed_at", "request", ["filed_at"]),
    ("ix_event_action", "event", ["action", "request_id"]),
    ("ix_outbox_event_id", "outbox", ["event_id"]),
)
_PARTIAL = (
    ("outbox_to_send", ["id"], "state = 'waiting'"),
    ("outbox_to_call", ["id"], "state IN ('to_call', 'failed')"),
    ("outbox_told", ["told_at"], "state = 'told'"),
)


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    for name, columns, where in _PARTIAL:
        some = sa.text(where)
        op.create_index(name, "outbox", columns, sqlite_where=some, postgresql_where=some)
    op.drop_index("ix_outbox_state", "outbox")
    op.drop_index("ix_request_district", "request")


def downgrade() -> None:
    op.create_index("ix_request_district", "request", ["district"])
    op.create_index("ix_outbox_state", "outbox", ["state"])
    for name, _, _ in _PARTIAL:
        op.drop_index(name, "outbox")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
