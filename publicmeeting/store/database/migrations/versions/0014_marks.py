"""The search marks of a request lie in one row: 10 bytes each instead of a row of 90.

No mark is lost on the way, up or down.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_AT_ONCE = 2000
_MARK = 10
"""Bytes."""


def upgrade() -> None:
    op.create_table(
        "request_mark",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("marks", sa.LargeBinary, nullable=False),
    )
    old = sa.table("search_mark", sa.column("request_id"), sa.column("mark"))
    rows = _read(sa.select(old.c.request_id, old.c.mark).order_by(old.c.request_id, old.c.mark))
    _write(
        sa.table("request_mark", sa.column("request_id"), sa.column("marks", sa.LargeBinary)),
        (
            {"request_id": key, "marks": b"".join(bytes.fromhex(mark) for _, mark in its)}
            for key, its in groupby(rows, key=itemgetter(0))
        ),
    )
    op.drop_table("search_mark")


def downgrade() -> None:
    op.create_table(
        "search_mark",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("mark", sa.String, primary_key=True),
    )
    op.create_index("ix_search_mark_mark", "search_mark", ["mark"])
    kept = sa.table("request_mark", sa.column("request_id"), sa.column("marks", sa.LargeBinary))
    _write(
        sa.table("search_mark", sa.column("request_id"), sa.column("mark")),
        (
            {"request_id": key, "mark": marks[at : at + _MARK].hex()}
            for key, marks in _read(sa.select(kept.c.request_id, kept.c.marks))
            for at in range(0, len(marks), _MARK)
        ),
    )
    op.drop_table("request_mark")


def _read(query: sa.Select[Any]) -> Iterator[Sequence[Any]]:
    """Row by row: a large city's marks are no load for one answer."""
    yield from op.get_bind().execute(query, execution_options={"yield_per": _AT_ONCE})


def _write(table: sa.TableClause, rows: Iterable[dict[str, object]]) -> None:
    some: list[dict[str, object]] = []
    for row in rows:
        some.append(row)
        if len(some) >= _AT_ONCE:
            op.bulk_insert(table, some)
            some = []
    if some:
        op.bulk_insert(table, some)
