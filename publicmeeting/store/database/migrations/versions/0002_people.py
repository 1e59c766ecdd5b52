"""Citizens and accounts, their sign-ins and what they have not finished yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("identity_hash", sa.String, nullable=False, unique=True),
        sa.Column("identity", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("mobile", sa.LargeBinary),
        sa.Column("mobile_hash", sa.String),
        sa.Column("pin_hash", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_person_mobile_hash", "person", ["mobile_hash"])
    op.create_table(
        "account",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("username", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("district", sa.Integer),
        sa.Column("unit_id", sa.String, sa.ForeignKey("unit.id")),
    )
    op.create_index("ix_role_grant_account_id", "role_grant", ["account_id"])
    op.create_table(
        "session",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("person_id", sa.String, sa.ForeignKey("person.id")),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id")),
        sa.Column("mobile_hash", sa.String),
        sa.Column("mobile", sa.LargeBinary),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_session_person_id", "session", ["person_id"])
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "draft",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("visit", sa.String),
        sa.Column("person_id", sa.String),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_draft_visit", "draft", ["visit"])
    op.create_index("ix_draft_person_id", "draft", ["person_id"])
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("mobile_hash", sa.String, nullable=False),
        sa.Column("visit", sa.String, nullable=False),
        sa.Column("code_hash", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
    )
    op.create_index("ix_one_time_code_mobile_hash", "one_time_code", ["mobile_hash"])
    op.create_table(
        "rate",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "rate",
        "one_time_code",
        "draft",
        "session",
        "role_grant",
        "account",
        "person",
    ):
        op.drop_table(table)
