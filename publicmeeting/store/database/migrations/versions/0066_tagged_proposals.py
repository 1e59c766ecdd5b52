"""Proposals that need two administrators have a tag that only the city's key makes.

Those that wait during the step get none: they are less than a week old and are proposed again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    empty = sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    op.add_column("account_decision", empty)


def downgrade() -> None:
    op.drop_column("account_decision", "tag")
