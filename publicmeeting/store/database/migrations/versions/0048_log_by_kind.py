"""What the log says of a kind since a time is found without what it has said before."""

from alembic import op

revision = "0048"
down_revision = "0043"


def upgrade() -> None:
    op.create_index("public_log_by_kind", "public_log", ["kind", "at"])


def downgrade() -> None:
    op.drop_index("public_log_by_kind", "public_log")
