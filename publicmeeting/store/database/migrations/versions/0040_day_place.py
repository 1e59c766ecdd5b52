"""Where a Monday is held, if not in the district's hall, and who sits beside the mayor."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    for name in ("place", "guest"):
        op.add_column(
            "monday", sa.Column(name, sa.String, nullable=False, server_default=sa.text("''"))
        )


def downgrade() -> None:
    for name in ("guest", "place"):
        op.drop_column("monday", name)
