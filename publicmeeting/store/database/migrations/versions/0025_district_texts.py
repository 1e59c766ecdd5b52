"""What a district says of itself is stored with its history: each version proposed by one official
and put in force by another. What it says now is the first version."""

import json
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_FIRST_DAY = date(2026, 3, 21)
"""Before the first Monday that any city has received."""
_BRING = "کارت شناسایی و اصل مدارک را بیاورید. ۱۵ دقیقه زودتر بیایید."
_MOVED = ("address", "hall", "seats")


def upgrade() -> None:
    table = op.create_table(
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
    op.create_index(
        "one_proposal_per_district",
        "district_text",
        ["district"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    connection = op.get_bind()
    units: dict[int, list[list[str]]] = {}
    for number, code, name in connection.execute(
        sa.text("SELECT district, code, name FROM unit ORDER BY id")
    ):
        units.setdefault(number, []).append([code, name])
    texts = connection.execute(
        sa.text("SELECT number, address, hall, seats FROM district ORDER BY number")
    )
    rows = [
        {
            "district": number,
            "body": json.dumps(
                {
                    "address": address,
                    "hall": hall,
                    "hours": "",
                    "bring": _BRING,
                    "point": "",
                    "seats": [one for one in seats.split(",") if one],
                    "units": units.get(number, []),
                },
                sort_keys=True,
                separators=(",", ":"),
                ensure_ascii=False,
            ),
            "from_on": _FIRST_DAY,
            "state": "in_force",
            "proposed_by": "",
            "proposed_at": datetime.now(UTC),
        }
        for number, address, hall, seats in texts
    ]
    if rows:
        op.bulk_insert(table, rows)
    for name in _MOVED:
        op.drop_column("district", name)


def downgrade() -> None:
    for name in _MOVED:
        op.add_column(
            "district", sa.Column(name, sa.String, nullable=False, server_default=sa.text("''"))
        )
    connection = op.get_bind()
    bodies = connection.execute(
        sa.text("SELECT district, body FROM district_text WHERE state = 'in_force'")
    )
    for number, body in bodies.all():
        read = json.loads(body)
        connection.execute(
            sa.text(
                "UPDATE district SET address = :address, hall = :hall, seats = :seats"
                " WHERE number = :number"
            ),
            {
                "number": number,
                "address": read["address"],
                "hall": read["hall"],
                "seats": ",".join(read["seats"]),
            },
        )
    op.drop_table("district_text")
