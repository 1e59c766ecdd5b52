"""A hall's screen opens by a key of its own; a hall may speak with recordings of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "hall_display",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_hall_display_district", "hall_display", ["district"])
    op.create_table(
        "hall_clip",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("clip", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("millis", sa.Integer, nullable=False),
        sa.Column("kept_by", sa.String, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("district", "clip", name="one_recording_per_clip"),
    )


def downgrade() -> None:
    op.drop_table("hall_clip")
    op.drop_table("hall_display")
