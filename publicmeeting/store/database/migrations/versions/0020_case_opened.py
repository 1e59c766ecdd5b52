"""When an account last opened a case's own page, beside its first look of the day.

What stands already says nothing of that, and is forgotten after a quarter of an hour anyway.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("opening", sa.Column("case_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("opening", "case_at")
