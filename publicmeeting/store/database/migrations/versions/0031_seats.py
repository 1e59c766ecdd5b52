"""What the public log says of seats and Mondays, as an index beside the rows it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("request", sa.Column("missed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("seat", sa.Column("freed_by", sa.Integer(), nullable=True))
    op.add_column("monday", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("monday", "ended_at")
    op.drop_column("seat", "freed_by")
    op.drop_column("request", "missed")
