"""Streets, squares and stations by the table the city gives."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("districts", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("place")
