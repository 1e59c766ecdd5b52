"""Permissions to see a case have a tag that only the city's key makes.

Those that are in use during the step get none: they last a day at most and are given again. The tag
of a proposal covers its instants from now on, so proposals that wait are made again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    empty = sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    op.add_column("track_grant", empty)
    op.execute("UPDATE account_decision SET tag = ''")


def downgrade() -> None:
    op.execute("UPDATE account_decision SET tag = ''")
    op.drop_column("track_grant", "tag")
