"""How many visitors of a Monday were shown a range, and how many went in within it."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    for name in ("ranges_shown", "ranges_held"):
        op.add_column(
            "monday", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"))
        )


def downgrade() -> None:
    for name in ("ranges_held", "ranges_shown"):
        op.drop_column("monday", name)
