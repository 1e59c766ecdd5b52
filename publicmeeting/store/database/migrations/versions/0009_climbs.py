"""Orders from before lateness climbed get an instant that has passed.

The clock's first second then reads each history and writes down the right one: when a lateness
climbs follows from holidays and events, which no SQL knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_OWED = ("issued", "in_action", "returned", "contested")


def upgrade() -> None:
    order = sa.table(
        "mayor_order", sa.column("stage", sa.String), sa.column("issued_at"), sa.column("climbs_at")
    )
    op.execute(
        order.update()
        .where(order.c.stage.in_(_OWED), order.c.climbs_at.is_(None))
        .values(climbs_at=order.c.issued_at)
    )


def downgrade() -> None:
    """What an order's history says may stay in its row."""
