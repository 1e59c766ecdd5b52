"""Asks of a lane stand in the public log by a case of their own, written at night."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"


def upgrade() -> None:
    op.add_column(
        "lane_ask", sa.Column("case_name", sa.String, nullable=False, server_default=sa.text("''"))
    )
    op.add_column("lane_ask", sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lane_ask", sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lane_judge", sa.Column("logged_seq", sa.Integer, nullable=True))
    op.create_index("ix_lane_ask_logged_at", "lane_ask", ["logged_at"])


def downgrade() -> None:
    op.drop_index("ix_lane_ask_logged_at", "lane_ask")
    op.drop_column("lane_judge", "logged_seq")
    for column in ("granted_at", "logged_at", "case_name"):
        op.drop_column("lane_ask", column)
