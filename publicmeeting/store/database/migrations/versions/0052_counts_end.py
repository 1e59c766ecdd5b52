"""A count knows when it ends: one of a month is not forgotten with those of a day."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"

_LONGEST = timedelta(days=30)
"""Of what is counted from before nobody knows the window; so long none goes on."""


def upgrade() -> None:
    rows = [
        {**row, "ends_at": row["since"] + _LONGEST}
        for row in op.get_bind().execute(_known()).mappings()
    ]
    op.drop_table("rate")
    _write(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False), rows=rows)


def downgrade() -> None:
    rows = [dict(row) for row in op.get_bind().execute(_known()).mappings()]
    op.drop_table("rate")
    _write(rows=rows)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    ]


def _known() -> sa.Select[Any]:
    return sa.select(*sa.Table("rate", sa.MetaData(), *_columns()).columns)


def _write(*more: sa.Column[Any], rows: list[dict[str, object]]) -> None:
    table = op.create_table("rate", *_columns(), *more)
    op.bulk_insert(table, rows)
