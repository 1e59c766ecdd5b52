"""How sure the city is of a person, and by which door and device a session came.

A single sign-on that has been begun is a row of its own, used once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("person", sa.Column("level", sa.String, nullable=False, server_default="typed"))
    op.add_column(
        "person", sa.Column("proven_by", sa.String, nullable=False, server_default=sa.text("''"))
    )
    op.add_column("person", sa.Column("proven_at", sa.DateTime(timezone=True)))
    op.add_column("person", sa.Column("displaced_at", sa.DateTime(timezone=True)))
    op.add_column("person", sa.Column("match_due_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_person_match_due_at",
        "person",
        ["match_due_at"],
        sqlite_where=sa.text("match_due_at IS NOT NULL"),
        postgresql_where=sa.text("match_due_at IS NOT NULL"),
    )
    op.add_column(
        "session", sa.Column("door", sa.String, nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "session", sa.Column("device", sa.String, nullable=False, server_default=sa.text("''"))
    )
    op.add_column("session", sa.Column("proof", sa.LargeBinary))
    op.create_table(
        "sso_attempt",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("visit", sa.String, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("onward", sa.String, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sso_attempt_expires_at", "sso_attempt", ["expires_at"])


def downgrade() -> None:
    op.drop_table("sso_attempt")
    op.drop_column("session", "proof")
    op.drop_column("session", "device")
    op.drop_column("session", "door")
    op.drop_index("ix_person_match_due_at", "person")
    op.drop_column("person", "match_due_at")
    op.drop_column("person", "displaced_at")
    op.drop_column("person", "proven_at")
    op.drop_column("person", "proven_by")
    op.drop_column("person", "level")
