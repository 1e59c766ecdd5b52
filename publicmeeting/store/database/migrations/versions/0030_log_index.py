"""Which entries of the public log speak of a ticket, a draw, a Monday or a case."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "log_index",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ticket", sa.String, primary_key=True),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
    )
    op.create_index("ix_log_index_ticket", "log_index", ["ticket", "seq"])
    op.create_index("ix_log_index_about", "log_index", ["about", "kind", "seq"])


def downgrade() -> None:
    op.drop_table("log_index")
