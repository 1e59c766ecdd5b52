"""The city, its Mondays and the public log: everything a draw needs.

The head of the log is there from the start, so that the first two who append meet at a lock and
not at an insert.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_GENESIS = "0" * 64


def upgrade() -> None:
    op.create_table(
        "district",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("hall", sa.String, nullable=False),
        sa.Column("mayor", sa.String, nullable=False),
        sa.Column("seats", sa.String, nullable=False),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_index("ix_unit_district", "unit", ["district"])
    op.create_table(
        "rules",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "draw_secret",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("commitment", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "monday",
        sa.Column("district", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("seats", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("rules", sa.Integer, sa.ForeignKey("rules.version"), nullable=False),
        sa.Column("held_by", sa.String),
        sa.Column("why", sa.String, nullable=False),
    )
    op.create_table(
        "draw",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True)),
        sa.Column("drawn_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("district", "monday", name="one_draw_per_monday"),
    )
    op.create_index("ix_draw_monday", "draw", ["monday"])
    op.create_table(
        "public_log",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("prev", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False, unique=True),
    )
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": _GENESIS}])
    op.create_table(
        "job",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "fact",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "fact",
        "job",
        "log_head",
        "public_log",
        "draw",
        "monday",
        "draw_secret",
        "rules",
        "unit",
        "district",
    ):
        op.drop_table(table)
