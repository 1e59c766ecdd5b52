"""Figures of the promises are counted in the rows of the orders, and draws to come are found alone.

Whether an order was reported in time and what ended it follow from its events, where they can be
read again: `doctor` compares.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_ENDS = ("confirm_done", "settle", "uphold")
_TEHRAN = ZoneInfo("Asia/Tehran")
_AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("mayor_order", sa.Column("on_time", sa.Boolean))
    op.add_column("mayor_order", sa.Column("ended_by", sa.String))
    _fill()
    to_run = sa.text("state != 'drawn'")
    op.create_index("draw_to_run", "draw", ["monday"], sqlite_where=to_run, postgresql_where=to_run)
    op.create_index("ix_monday_on", "monday", ["on"])


def downgrade() -> None:
    op.drop_index("ix_monday_on", "monday")
    op.drop_index("draw_to_run", "draw")
    op.drop_column("mayor_order", "ended_by")
    op.drop_column("mayor_order", "on_time")


def _fill() -> None:
    order = sa.table(
        "mayor_order",
        sa.column("id", sa.String),
        sa.column("first_due_on", sa.Date),
        sa.column("on_time", sa.Boolean),
        sa.column("ended_by", sa.String),
    )
    event = sa.table(
        "event",
        sa.column("id", sa.Integer),
        sa.column("order_id", sa.String),
        sa.column("action", sa.String),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    rows = op.get_bind().execute(
        sa.select(event.c.order_id, event.c.action, event.c.at, order.c.first_due_on)
        .join(order, order.c.id == event.c.order_id)
        .where(event.c.action.in_(("report", *_ENDS)))
        .order_by(event.c.id)
    )
    on_time: dict[str, bool] = {}
    ended_by: dict[str, str] = {}
    for key, action, at, first_due_on in rows:
        if action == "report":
            on_time[key] = _aware(at) < _end_of_day(first_due_on)
        else:
            ended_by[key] = action
    change = (
        order.update()
        .where(order.c.id == sa.bindparam("key"))
        .values(on_time=sa.bindparam("in_time"), ended_by=sa.bindparam("end"))
    )
    found = [
        {"key": key, "in_time": on_time.get(key), "end": ended_by.get(key)}
        for key in on_time.keys() | ended_by.keys()
    ]
    for first in range(0, len(found), _AT_ONCE):
        op.get_bind().execute(change, found[first : first + _AT_ONCE])


def _aware(at: datetime) -> datetime:
    """SQLite gives UTC without saying so."""
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))


def _end_of_day(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), _TEHRAN)
