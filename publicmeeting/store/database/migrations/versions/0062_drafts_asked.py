"""Whether whose a draft is stays to be asked, since somebody else has signed in at its visit."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    op.add_column(
        "draft", sa.Column("is_asked", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("draft", "is_asked")
