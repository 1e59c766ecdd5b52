"""A PIN belongs to whoever had no mobile; one from before she had hers is nobody's."""

from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    op.execute("UPDATE person SET pin_hash = NULL WHERE mobile IS NOT NULL")


def downgrade() -> None:
    """What was forgotten stays so: it was no answer of hers."""
