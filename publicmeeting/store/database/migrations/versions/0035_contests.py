"""Two officers judge contests of a no-show as they judge lanes: an ask names the contest."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column(
        "lane_ask", sa.Column("contest", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.add_column("lane_ask", sa.Column("contested_seq", sa.Integer, nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM lane_judge WHERE ask_id IN (SELECT id FROM lane_ask WHERE contest > 0)")
    op.execute("DELETE FROM lane_ask WHERE contest > 0")
    op.drop_column("lane_ask", "contested_seq")
    op.drop_column("lane_ask", "contest")
