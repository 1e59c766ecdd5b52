"""Asks of a lane and the officers who judge them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "lane_ask",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("verdict", sa.String),
    )
    for column in ("request_id", "district", "decided_at"):
        op.create_index(f"ix_lane_ask_{column}", "lane_ask", [column])
    op.create_table(
        "lane_judge",
        sa.Column("ask_id", sa.String, sa.ForeignKey("lane_ask.id"), primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_lane_judge_account_id", "lane_judge", ["account_id"])


def downgrade() -> None:
    op.drop_table("lane_judge")
    op.drop_table("lane_ask")
