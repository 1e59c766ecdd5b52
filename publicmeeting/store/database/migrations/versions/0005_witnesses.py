"""Witnesses of the draw, dice, objections to a frozen list, and a draw that has moved once.

A draw's row also says in figures what its file says at length: a page that shows 22 draws while
they run cannot read 22 files at every ring of the bell.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "witness_commitment",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("commitment", sa.String, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.String),
        sa.Column("shown_at", sa.DateTime(timezone=True)),
        sa.Column("named_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("commitment", name="one_use_of_a_commitment"),
        sa.UniqueConstraint("value", name="one_use_of_a_value"),
    )
    op.create_index("ix_witness_commitment_party", "witness_commitment", ["party"])
    op.create_table(
        "dice",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("digits", sa.String, nullable=False),
        sa.Column("party", sa.String, nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "list_objection",
        sa.Column("draw", sa.String, sa.ForeignKey("draw.id"), primary_key=True),
        sa.Column("ticket", sa.String, primary_key=True),
        sa.Column("changed", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    for column in (
        sa.Column("moved_to", sa.DateTime(timezone=True)),
        sa.Column("frozen_event", sa.Integer),
        sa.Column("requests", sa.Integer),
        sa.Column("seated", sa.Integer),
        sa.Column("seed", sa.String),
    ):
        op.add_column("draw", column)
    _fill()


def _fill() -> None:
    draws = sa.table(
        "draw",
        *(sa.column(name) for name in ("id", "state", "file", "requests", "seated", "seed")),
    )
    connection = op.get_bind()
    asked = sa.select(draws.c.id, draws.c.file).where(draws.c.state != "open")
    for draw_id, text in connection.execute(asked).all():
        file = json.loads(text)
        drawn = {"seated": len(file["seated"]), "seed": file["seed"]} if "seed" in file else {}
        connection.execute(
            draws.update().where(draws.c.id == draw_id).values(requests=len(file["pool"]), **drawn)
        )


def downgrade() -> None:
    for column in ("seed", "seated", "requests", "frozen_event", "moved_to"):
        op.drop_column("draw", column)
    for table in ("list_objection", "dice", "witness_commitment"):
        op.drop_table(table)
