"""When a role was given, so that one given this week judges nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.add_column("role_grant", sa.Column("given_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("role_grant", "given_at")
