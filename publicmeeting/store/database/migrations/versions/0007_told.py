"""Who of the desk has told a citizen what no message could, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("told_by", sa.String))
    op.add_column("outbox", sa.Column("told_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("outbox", "told_at")
    op.drop_column("outbox", "told_by")
