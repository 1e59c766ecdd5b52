"""Officials are managed in the browser: invitations, terms of office, suspension, two
administrators for what one must not do alone, and a history of every change that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_ON_SQLITE = {
    "account_event_no_update": "UPDATE ON account_event",
    "account_event_no_delete": "DELETE ON account_event",
    "account_event_no_replace": (
        "INSERT ON account_event WHEN EXISTS (SELECT 1 FROM account_event WHERE id = NEW.id)"
    ),
}


def upgrade() -> None:
    op.add_column("account", sa.Column("mobile", sa.LargeBinary))
    op.add_column("account", sa.Column("suspended_at", sa.DateTime(timezone=True)))
    op.add_column("account", sa.Column("changes_read_at", sa.DateTime(timezone=True)))
    op.add_column("role_grant", sa.Column("from_on", sa.Date))
    op.add_column("role_grant", sa.Column("until_on", sa.Date))
    op.create_table(
        "invitation",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("by_account", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"])
    op.create_table(
        "account_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("by_account", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
    )
    op.create_index("ix_account_event_account_id", "account_event", ["account_id"])
    op.create_index("ix_account_event_at", "account_event", ["at"])
    op.create_table(
        "account_decision",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id")),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, when in _ON_SQLITE.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER account_event_only_grows BEFORE UPDATE OR DELETE ON account_event"
        " FOR EACH ROW EXECUTE FUNCTION only_grows()"
    )
    op.execute(
        "CREATE TRIGGER account_event_never_emptied BEFORE TRUNCATE ON account_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
    )


def downgrade() -> None:
    op.drop_table("account_decision")
    op.drop_table("account_event")
    op.drop_table("invitation")
    op.drop_column("role_grant", "until_on")
    op.drop_column("role_grant", "from_on")
    op.drop_column("account", "changes_read_at")
    op.drop_column("account", "suspended_at")
    op.drop_column("account", "mobile")
