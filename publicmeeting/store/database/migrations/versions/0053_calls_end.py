"""What the desk is to tell by telephone leaves its list when it is not true any more."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("true_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("outbox", "true_until")
