"""A notice without words does not hold up the others of its person."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("without_words", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("outbox", "without_words")
