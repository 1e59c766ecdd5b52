"""Notices for officials wait for nothing; an SMS may have no answer; the log's head has a time."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("UPDATE outbox SET state = 'shown' WHERE state = 'waiting' AND person_id IS NULL")
    op.add_column("outbox", sa.Column("unanswered_at", sa.DateTime(timezone=True)))
    op.add_column("log_head", sa.Column("at", sa.String))
    op.execute(
        "UPDATE log_head SET at = (SELECT at FROM public_log WHERE public_log.seq = log_head.seq)"
    )


def downgrade() -> None:
    op.drop_column("log_head", "at")
    op.drop_column("outbox", "unanswered_at")
    op.execute("UPDATE outbox SET state = 'waiting' WHERE state = 'shown'")
