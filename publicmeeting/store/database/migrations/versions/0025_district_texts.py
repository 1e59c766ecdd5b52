"""What a district says of itself is kept with its history: each version proposed by one official
and put in force by another."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "district_text",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_district_text_district", "district_text", ["district", "from_on"])


def downgrade() -> None:
    op.drop_table("district_text")
