"""What a notice says that no event says: how late a Monday runs."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("facts", sa.String, nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("outbox", "facts")
