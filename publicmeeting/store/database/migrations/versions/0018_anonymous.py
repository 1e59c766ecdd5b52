"""What nobody signed in has left can be counted, and goes sooner.

Drafts say whether a mobile was confirmed at their visit, pictures how many bytes they take.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_NOBODYS = sa.text("person_id IS NULL")


def upgrade() -> None:
    op.add_column(
        "draft", sa.Column("signed_in", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("image", sa.Column("size", sa.Integer, nullable=False, server_default="0"))
    op.create_index(
        "ix_draft_anonymous",
        "draft",
        ["signed_in", "updated_at"],
        sqlite_where=_NOBODYS,
        postgresql_where=_NOBODYS,
    )


def downgrade() -> None:
    op.drop_index("ix_draft_anonymous", "draft")
    op.drop_column("image", "size")
    op.drop_column("draft", "signed_in")
