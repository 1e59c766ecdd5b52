"""The promise in one sentence, its priority, when its lateness climbs, and the paper's custody.

`climbs_at` is found by an index once a second, so it is a column and not read from histories.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ON_SQLITE = {
    "custody_no_update": "UPDATE ON custody",
    "custody_no_delete": "DELETE ON custody",
    "custody_no_replace": "INSERT ON custody WHEN EXISTS (SELECT 1 FROM custody WHERE id = NEW.id)",
}


def upgrade() -> None:
    op.add_column("mayor_order", sa.Column("promise", sa.LargeBinary))
    op.add_column(
        "mayor_order", sa.Column("priority", sa.String, nullable=False, server_default="normal")
    )
    op.add_column("mayor_order", sa.Column("climbs_at", sa.DateTime(timezone=True)))
    op.create_index("ix_mayor_order_climbs_at", "mayor_order", ["climbs_at"])
    op.add_column("image", sa.Column("kept", sa.String))
    op.add_column("image", sa.Column("made_from", sa.String))
    _tables()
    _only_grows()


def _tables() -> None:
    op.create_table(
        "custody",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("sheet", sa.String, nullable=False),
        sa.Column("part", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_custody_request_id", "custody", ["request_id"])
    op.create_index("ix_custody_sheet", "custody", ["sheet"])
    op.create_table(
        "signature",
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("ink", sa.LargeBinary, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "order_template",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("title", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_order_template_account_id", "order_template", ["account_id"])


def _only_grows() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in _ON_SQLITE.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER custody_only_grows BEFORE UPDATE OR DELETE ON custody"
        " FOR EACH ROW EXECUTE FUNCTION only_grows()"
    )
    op.execute(
        "CREATE TRIGGER custody_never_emptied BEFORE TRUNCATE ON custody"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
    )


def downgrade() -> None:
    for table in ("order_template", "signature", "custody"):
        op.drop_table(table)  # and the triggers on it
    op.drop_column("image", "made_from")
    op.drop_column("image", "kept")
    op.drop_index("ix_mayor_order_climbs_at", "mayor_order")
    for column in ("climbs_at", "priority", "promise"):
        op.drop_column("mayor_order", column)
