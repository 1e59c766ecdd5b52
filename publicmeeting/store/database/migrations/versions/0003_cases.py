"""Requests and orders, their events, texts, pictures, notices and seats."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_HELD = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("code", sa.String, nullable=False, unique=True),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.String, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("live_person", sa.String, unique=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("title", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("needs", sa.String, nullable=False),
        sa.Column("prefers", sa.String, nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("waited", sa.Integer, nullable=False),
        sa.Column("debt", sa.Integer, nullable=False),
        sa.Column("given_up", sa.Integer, nullable=False),
        sa.Column("unanswered", sa.Integer, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ticket", sa.String, nullable=False, unique=True),
        sa.Column("filed_by", sa.String),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
    )
    for column in ("district", "stage", "person_id", "due_at"):
        op.create_index(f"ix_request_{column}", "request", [column])
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("order_id", sa.String),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("from_stage", sa.String),
        sa.Column("to_stage", sa.String, nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("person_id", sa.String),
        sa.Column("given", sa.String, nullable=False),
        sa.Column("note_id", sa.String),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_event_request_id", "event", ["request_id"])
    op.create_index("ix_event_order_id", "event", ["order_id"])
    op.create_table(
        "note",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("text", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "search_mark",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("mark", sa.String, primary_key=True),
    )
    op.create_index("ix_search_mark_mark", "search_mark", ["mark"])
    op.create_table(
        "opening",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("with_name", sa.Boolean, nullable=False),
    )
    op.create_table(
        "mayor_order",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.String, nullable=False, unique=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.String, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("image_id", sa.String),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("first_due_on", sa.Date, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
    )
    for column in ("request_id", "district", "unit_id", "stage", "due_at"):
        op.create_index(f"ix_mayor_order_{column}", "mayor_order", [column])
    op.create_table(
        "image",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("web", sa.String, nullable=False),
        sa.Column("thumb", sa.String, nullable=False),
        sa.Column("original", sa.String, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.String),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id")),
        sa.Column("order_id", sa.String),
        sa.Column("event_id", sa.Integer),
        sa.Column("by_visit", sa.String),
        sa.Column("by_person", sa.String),
        sa.Column("by_account", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for column in ("draft_id", "request_id", "order_id"):
        op.create_index(f"ix_image_{column}", "image", [column])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Integer, sa.ForeignKey("event.id"), nullable=False),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("order_id", sa.String),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("person_id", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
    )
    for column in ("request_id", "person_id", "state"):
        op.create_index(f"ix_outbox_{column}", "outbox", [column])
    op.create_table(
        "track_grant",
        sa.Column("visit", sa.String, primary_key=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("time", sa.String, nullable=False),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_seat_monday", "seat", ["monday"])
    op.create_index("ix_seat_request_id", "seat", ["request_id"])
    for name, columns in (
        ("one_holder_per_seat", ["district", "monday", "time"]),
        ("one_seat_per_request", ["request_id"]),
    ):
        op.create_index(
            name, "seat", columns, unique=True, sqlite_where=_HELD, postgresql_where=_HELD
        )


def downgrade() -> None:
    for table in (
        "seat",
        "track_grant",
        "outbox",
        "image",
        "mayor_order",
        "opening",
        "search_mark",
        "note",
        "event",
        "request",
    ):
        op.drop_table(table)
