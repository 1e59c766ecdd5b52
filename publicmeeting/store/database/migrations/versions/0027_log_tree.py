"""The public log is one tree: an entry keeps its leaf's hash, the head its right edge and the
newest note, and every 256th entry completes a node that tiles are made of.

An entry of the first log cannot be one of the second: a database that has any is not carried over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_GENESIS = "0" * 64
_THERE = {
    "public_log": "EXISTS (SELECT 1 FROM public_log WHERE seq = NEW.seq)",
    "log_node": "EXISTS (SELECT 1 FROM log_node WHERE level = NEW.level AND number = NEW.number)",
    "cosignature": (
        "EXISTS (SELECT 1 FROM cosignature"
        " WHERE size = NEW.size AND name = NEW.name AND key_id = NEW.key_id)"
    ),
}
_THERE_BEFORE = "EXISTS (SELECT 1 FROM public_log WHERE seq = NEW.seq OR hash = NEW.hash)"


def upgrade() -> None:
    _refuse_entries()
    _drop()
    op.create_table(
        "public_log",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_public_log_kind", "public_log", ["kind"])
    head = op.create_table(
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
    row = {"id": 1, "seq": 0, "edge": b"", "note": "", "key": "", "reserve": ""}
    op.bulk_insert(head, [row])
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cosignature",
        sa.Column("size", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("key_id", sa.String, primary_key=True),
        sa.Column("line", sa.String, nullable=False),
    )
    for table, there in _THERE.items():
        _only_grows(table, there)


def downgrade() -> None:
    _refuse_entries()
    for table in ("cosignature", "log_node"):
        op.drop_table(table)
    _drop()
    op.create_table(
        "public_log",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("prev", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False, unique=True),
    )
    op.create_index("ix_public_log_kind", "public_log", ["kind"])
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("at", sa.String),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": _GENESIS}])
    _only_grows("public_log", _THERE_BEFORE)


class OtherFormError(Exception):
    """The log cannot be carried over; its message is one sentence."""


def _refuse_entries() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM public_log")).scalar_one():
        raise OtherFormError(
            "The public log of this database has another form: begin with an empty database."
        )


def _drop() -> None:
    """Triggers go with their tables."""
    op.drop_table("public_log")
    op.drop_table("log_head")


def _only_grows(table: str, there: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        whens = {
            "update": f"UPDATE ON {table}",
            "delete": f"DELETE ON {table}",
            "replace": f"INSERT ON {table} WHEN {there}",
        }
        for name, when in whens.items():
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {when}"
                " BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION only_grows()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
    )
