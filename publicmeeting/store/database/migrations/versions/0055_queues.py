"""What waits behind a notice is found without reading what waits for everybody else."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "outbox_queue",
        "outbox",
        ["person_id", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_index("outbox_queue", "outbox")
