"""Entries of one kind are found without reading the whole public log."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_public_log_kind", "public_log", ["kind"])


def downgrade() -> None:
    op.drop_index("ix_public_log_kind", "public_log")
