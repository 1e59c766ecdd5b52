"""No draw moves, no dice are rolled beside the log, and nobody is barred for silence.

What decides a draw stands in the log alone."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0033"


def upgrade() -> None:
    op.drop_table("dice")
    op.drop_column("draw", "moved_to")
    op.drop_column("witness_commitment", "named_at")


def downgrade() -> None:
    op.add_column("witness_commitment", sa.Column("named_at", sa.DateTime(timezone=True)))
    op.add_column("draw", sa.Column("moved_to", sa.DateTime(timezone=True)))
    op.create_table(
        "dice",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("digits", sa.String, nullable=False),
        sa.Column("party", sa.String, nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=False),
    )
