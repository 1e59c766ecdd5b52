"""All tables of the first release, and the triggers by which some of them only grow.

It is generated from the rows and never edited. Its number follows that of the newest step of the
trials before it. The head of the log is there from the start,
so that the first two who append meet at a lock and not at an insert.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = None

_OF_EVENT = (
    "id, request_id, order_id, action, role, from_stage, to_stage, account_id, person_id, payload,"
    " note_id, due_at, at"
)
_ONLY_GROW: Mapping[str, tuple[str, str]] = {
    "account_event": ("id = NEW.id", ""),
    "cosignature": (
        "size = NEW.size AND name = NEW.name AND key_id = NEW.key_id",
        "size, name, key_id, line",
    ),
    "custody": ("id = NEW.id", ""),
    "event": ("id = NEW.id", _OF_EVENT),
    "log_node": ("level = NEW.level AND number = NEW.number", ""),
    "public_log": ("seq = NEW.seq", ""),
}
"""Table → how to find the row that a new one would replace, and the columns that never change if
not all: another key of the city changes a tag.

SQLite's `INSERT OR REPLACE` deletes without a delete trigger, so a second row of the same key is
refused before it is written.
"""

_FILES = ("web", "thumb", "original_file")
"""Only what a deleted picture has named may leave the files. The database writes it down itself,
whoever deletes the row."""

_FIXED = ("id", "repeats", "kind", "who", "address", "device", "what", "at")
_GROWS = "NEW.count > OLD.count AND NEW.last_at >= OLD.last_at"
"""Count and last time of a security event may grow. It goes only when it is old by the database's
own clock."""


def upgrade() -> None:
    _create_tables()
    head = sa.table("log_head", *map(sa.column, ("id", "seq", "edge", "note", "key", "reserve")))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "edge": b"", "note": "", "key": "", "reserve": ""}])
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()
        # Names that begin alike are found by the index, whatever language the database sorts by.
        op.execute('ALTER TABLE job ALTER COLUMN name TYPE VARCHAR COLLATE "C"')


def _guard_on_sqlite() -> None:
    same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _FIXED)
    old = "OLD.last_at >= strftime('%Y-%m-%d %H:%M:%S', 'now', '-90 days')"
    there = "EXISTS (SELECT 1 FROM security_event WHERE id = NEW.id OR repeats = NEW.repeats)"
    refused = {
        "security_event_grows": f"UPDATE ON security_event WHEN NOT ({same} AND {_GROWS})",
        "security_event_stays": f"DELETE ON security_event WHEN {old}",
        "security_event_no_replace": f"INSERT ON security_event WHEN {there}",
    }
    for table, (replaces, columns) in _ONLY_GROW.items():
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {replaces})"  # noqa: S608
        of = f" OF {columns}" if columns else ""
        refused[f"{table}_no_update"] = f"UPDATE{of} ON {table}"
        refused[f"{table}_no_delete"] = f"DELETE ON {table}"
        refused[f"{table}_no_replace"] = f"INSERT ON {table} WHEN {there}"
    for name, when in refused.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    dropped = " ".join(
        f"INSERT OR IGNORE INTO dropped_file SELECT OLD.{name} WHERE OLD.{name} <> '';"
        for name in _FILES
    )
    op.execute(f"CREATE TRIGGER image_dropped AFTER DELETE ON image BEGIN {dropped} END")


def _guard_on_postgresql() -> None:
    refuse = "USING ERRCODE = 'integrity_constraint_violation';"
    same = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _FIXED)
    dropped = " ".join(
        f"INSERT INTO dropped_file SELECT OLD.{name} WHERE OLD.{name} <> '' ON CONFLICT DO NOTHING;"
        for name in _FILES
    )
    bodies = {
        "only_grows": f"BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME {refuse} END",
        "remember_dropped_files": f"BEGIN {dropped} RETURN NULL; END",
        "security_event_grows": (
            f"BEGIN IF TG_OP = 'UPDATE' AND {same} AND {_GROWS} THEN RETURN NEW; END IF;"
            " IF TG_OP = 'DELETE' AND OLD.last_at < now() - interval '90 days' THEN RETURN OLD;"
            f" END IF; RAISE EXCEPTION 'security_event is append-only' {refuse} END"
        ),
    }
    for name, body in bodies.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    for table, (_, columns) in _ONLY_GROW.items():
        of = f" OF {columns}" if columns else ""
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE{of} OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION only_grows()"
        )
    op.execute(
        "CREATE TRIGGER security_event_grows BEFORE UPDATE OR DELETE ON security_event"
        " FOR EACH ROW EXECUTE FUNCTION security_event_grows()"
    )
    for table in (*_ONLY_GROW, "security_event"):
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        )
    op.execute(
        "CREATE TRIGGER image_dropped AFTER DELETE ON image"
        " FOR EACH ROW EXECUTE FUNCTION remember_dropped_files()"
    )


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    """Create an index of some rows of a table."""
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=rows, sqlite_where=rows)


def _create_tables() -> None:  # noqa: PLR0915  (one statement for each table)
    op.create_table(
        "account",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("username", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("mobile", sa.LargeBinary),
        sa.Column("suspended_at", sa.DateTime(timezone=True)),
        sa.Column("changes_read_at", sa.DateTime(timezone=True)),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
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
    op.create_index("ix_account_event_by_account", "account_event", ["by_account", "at"])
    op.create_table(
        "cosignature",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("key_id", sa.String, primary_key=True),
        sa.Column("line", sa.String, nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "district",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("mayor", sa.String, nullable=False),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("visit", sa.String),
        sa.Column("person_id", sa.String),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("is_asked", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _index("ix_draft_anonymous", "draft", ["signed_in", "updated_at"], "person_id IS NULL")
    op.create_index("ix_draft_person_id", "draft", ["person_id"])
    op.create_index("ix_draft_visit", "draft", ["visit"])
    op.create_table(
        "draw",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True)),
        sa.Column("drawn_at", sa.DateTime(timezone=True)),
        sa.Column("frozen_event", sa.Integer),
        sa.Column("requests", sa.Integer),
        sa.Column("seated", sa.Integer),
        sa.Column("seed", sa.String),
        sa.UniqueConstraint("district", "monday", name="one_draw_per_monday"),
    )
    _index("draw_to_run", "draw", ["monday"], "state != 'drawn'")
    op.create_index("ix_draw_monday", "draw", ["monday"])
    op.create_table(
        "draw_secret",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("commitment", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "dropped_file",
        sa.Column("name", sa.String, primary_key=True),
    )
    op.create_table(
        "fact",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", sa.String),
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("seed", sa.LargeBinary),
        sa.Column("reserve", sa.String, nullable=False),
    )
    op.create_table(
        "log_index",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ticket", sa.String, primary_key=True),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
    )
    op.create_index("ix_log_index_about", "log_index", ["about", "kind", "seq"])
    op.create_index("ix_log_index_ticket", "log_index", ["ticket", "seq"])
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_report",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("text", sa.String, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("text", sa.LargeBinary, nullable=False),
    )
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
        "passkey_challenge",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("visit", sa.String, nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
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
        sa.Column("level", sa.String, nullable=False, server_default="typed"),
        sa.Column("proven_by", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("proven_at", sa.DateTime(timezone=True)),
        sa.Column("displaced_at", sa.DateTime(timezone=True)),
        sa.Column("match_due_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    _index("ix_person_match_due_at", "person", ["match_due_at"], "match_due_at IS NOT NULL")
    op.create_index("ix_person_mobile_hash", "person", ["mobile_hash"])
    op.create_table(
        "place",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("districts", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
    )
    op.create_table(
        "public_log",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_public_log_kind", "public_log", ["kind"])
    op.create_index("public_log_by_kind", "public_log", ["kind", "at"])
    op.create_table(
        "rate",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "rules",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "rules_proposal",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("repeats", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("ix_security_event_kind_last_at", "security_event", ["kind", "last_at"])
    op.create_index("ix_security_event_last_at", "security_event", ["last_at"])
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
    op.create_table(
        "witness_commitment",
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("party", sa.String, primary_key=True),
        sa.Column("commitment", sa.String, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.String),
        sa.Column("shown_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("commitment", name="one_use_of_a_commitment"),
        sa.UniqueConstraint("value", name="one_use_of_a_value"),
    )
    op.create_index("ix_witness_commitment_party", "witness_commitment", ["party"])
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
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "district_text",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_district_text_district", "district_text", ["district", "from_on"])
    _index(
        "one_proposal_per_district",
        "district_text",
        ["district"],
        "state = 'proposed'",
        unique=True,
    )
    op.create_table(
        "hall_clip",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("clip", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("millis", sa.Integer, nullable=False),
        sa.Column("saved_by", sa.String, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("district", "clip", name="one_recording_per_clip"),
    )
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
        "invitation",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("by_account", sa.String, nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"])
    op.create_table(
        "list_objection",
        sa.Column("draw", sa.String, sa.ForeignKey("draw.id"), primary_key=True),
        sa.Column("ticket", sa.String, primary_key=True),
        sa.Column("changed", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "monday",
        sa.Column("district", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("seats", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("rules", sa.Integer, sa.ForeignKey("rules.version"), nullable=False),
        sa.Column("held_by", sa.String),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("place", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("guest", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("ranges_shown", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("ranges_held", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_monday_on", "monday", ["on"])
    op.create_table(
        "order_template",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("title", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_order_template_account_id", "order_template", ["account_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("public_key", sa.String, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "remembered_device",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("device", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_remembered_device_account_id", "remembered_device", ["account_id"])
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
        sa.Column("needs", sa.LargeBinary),
        sa.Column("prefers", sa.String, nullable=False),
        sa.Column("lane", sa.LargeBinary),
        sa.Column("waited", sa.Integer, nullable=False),
        sa.Column("debt", sa.Integer, nullable=False),
        sa.Column("given_up", sa.Integer, nullable=False),
        sa.Column("unanswered", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ticket", sa.String, nullable=False, unique=True),
        sa.Column("filed_by", sa.String),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_request_district_stage", "request", ["district", "stage"])
    op.create_index("ix_request_due_at", "request", ["due_at"])
    op.create_index("ix_request_filed_at", "request", ["filed_at"])
    op.create_index("ix_request_person_id", "request", ["person_id"])
    op.create_index("ix_request_stage", "request", ["stage"])
    op.create_table(
        "session",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("person_id", sa.String, sa.ForeignKey("person.id")),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id")),
        sa.Column("mobile_hash", sa.String),
        sa.Column("mobile", sa.LargeBinary),
        sa.Column("door", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("device", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("proof", sa.LargeBinary),
        sa.Column("district", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_index("ix_session_person_id", "session", ["person_id"])
    op.create_table(
        "signature",
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("ink", sa.LargeBinary, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "totp",
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("last_counter", sa.Integer, nullable=False, server_default=sa.text("-1")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("district", sa.Integer, sa.ForeignKey("district.number"), nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_index("ix_unit_district", "unit", ["district"])
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
    op.create_index("ix_custody_account_at", "custody", ["account_id", "at", "id"])
    op.create_index("ix_custody_at", "custody", ["at", "id"])
    op.create_index("ix_custody_request_id", "custody", ["request_id"])
    op.create_index("ix_custody_sheet", "custody", ["sheet"])
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
        sa.Column("payload", sa.String, nullable=False),
        sa.Column("note_id", sa.String),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    _index("event_by_official", "event", ["account_id", "at", "id"], "account_id IS NOT NULL")
    _index("event_by_officials", "event", ["at", "id"], "account_id IS NOT NULL")
    op.create_index("ix_event_action", "event", ["action", "request_id"])
    op.create_index("ix_event_order_id", "event", ["order_id"])
    op.create_index("ix_event_request_id", "event", ["request_id"])
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
        sa.Column("original_file", sa.String),
        sa.Column("made_from", sa.String),
        sa.Column("size", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_image_draft_id", "image", ["draft_id"])
    op.create_index("ix_image_order_id", "image", ["order_id"])
    op.create_index("ix_image_request_id", "image", ["request_id"])
    op.create_table(
        "lane_ask",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("district", sa.Integer, nullable=False),
        sa.Column("lane", sa.LargeBinary),
        sa.Column("contest", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("contested_seq", sa.Integer),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("verdict", sa.String),
        sa.Column("case_name", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("logged_at", sa.DateTime(timezone=True)),
        sa.Column("granted_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_lane_ask_decided_at", "lane_ask", ["decided_at"])
    op.create_index("ix_lane_ask_district", "lane_ask", ["district"])
    op.create_index("ix_lane_ask_logged_at", "lane_ask", ["logged_at"])
    op.create_index("ix_lane_ask_request_id", "lane_ask", ["request_id"])
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
        sa.Column("promise", sa.LargeBinary),
        sa.Column("priority", sa.String, nullable=False, server_default="normal"),
        sa.Column("image_id", sa.String),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("first_due_on", sa.Date, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("climbs_at", sa.DateTime(timezone=True)),
        sa.Column("on_time", sa.Boolean),
        sa.Column("ended_by", sa.String),
    )
    op.create_index("ix_mayor_order_climbs_at", "mayor_order", ["climbs_at"])
    op.create_index("ix_mayor_order_district", "mayor_order", ["district"])
    op.create_index("ix_mayor_order_due_at", "mayor_order", ["due_at"])
    op.create_index("ix_mayor_order_request_id", "mayor_order", ["request_id"])
    op.create_index("ix_mayor_order_stage", "mayor_order", ["stage"])
    op.create_index("ix_mayor_order_unit_id", "mayor_order", ["unit_id"])
    op.create_table(
        "opening",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("with_name", sa.Boolean, nullable=False),
        sa.Column("case_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_opening_account_at", "opening", ["account_id", "at"])
    op.create_index("ix_opening_at", "opening", ["at"])
    op.create_table(
        "prepared",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "request_mark",
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("marks", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("district", sa.Integer),
        sa.Column("unit_id", sa.String, sa.ForeignKey("unit.id")),
        sa.Column("from_on", sa.Date),
        sa.Column("until_on", sa.Date),
        sa.Column("given_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_role_grant_account_id", "role_grant", ["account_id"])
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
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("freed_by", sa.Integer),
    )
    op.create_index("ix_seat_monday", "seat", ["monday"])
    op.create_index("ix_seat_request_id", "seat", ["request_id"])
    _index(
        "one_holder_per_seat", "seat", ["district", "monday", "time"], "state = 'held'", unique=True
    )
    _index("one_seat_per_request", "seat", ["request_id"], "state = 'held'", unique=True)
    op.create_table(
        "track_grant",
        sa.Column("visit", sa.String, primary_key=True),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "lane_judge",
        sa.Column("ask_id", sa.String, sa.ForeignKey("lane_ask.id"), primary_key=True),
        sa.Column("account_id", sa.String, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("logged_seq", sa.Integer),
        sa.Column("event_id", sa.Integer),
        sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_lane_judge_account_id", "lane_judge", ["account_id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Integer, sa.ForeignKey("event.id"), nullable=False),
        sa.Column("request_id", sa.String, sa.ForeignKey("request.id"), nullable=False),
        sa.Column("order_id", sa.String),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("facts", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("person_id", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("unanswered_at", sa.DateTime(timezone=True)),
        sa.Column("called_by", sa.String),
        sa.Column("called_at", sa.DateTime(timezone=True)),
        sa.Column("without_words", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("true_until", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_outbox_event_id", "outbox", ["event_id"])
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"])
    op.create_index("ix_outbox_request_id", "outbox", ["request_id"])
    _index("outbox_called", "outbox", ["called_at"], "state = 'called'")
    _index("outbox_queue", "outbox", ["person_id", "id"], "state = 'waiting'")
    _index("outbox_to_call", "outbox", ["id"], "state IN ('to_call', 'failed')")
    _index("outbox_to_send", "outbox", ["id"], "state = 'waiting'")
