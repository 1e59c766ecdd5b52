"""The audit and the public log can only grow: the database itself refuses anything else.

SQLite's `INSERT OR REPLACE` deletes without a delete trigger, so a second row of the same key is
refused before it is written.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = ("event", "public_log")

_ON_SQLITE = {
    "event_no_update": "UPDATE ON event",
    "event_no_delete": "DELETE ON event",
    "event_no_replace": "INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)",
    "public_log_no_update": "UPDATE ON public_log",
    "public_log_no_delete": "DELETE ON public_log",
    "public_log_no_replace": (
        "INSERT ON public_log WHEN EXISTS"
        " (SELECT 1 FROM public_log WHERE seq = NEW.seq OR hash = NEW.hash)"
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in _ON_SQLITE.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(
        """
        CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION only_grows()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _ON_SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for table in _TABLES:
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
        op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
    op.execute("DROP FUNCTION only_grows()")
