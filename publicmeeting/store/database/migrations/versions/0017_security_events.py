"""Security events: attacks, closed doors and commands at the server.

A row's count and its last time may grow; nothing else of it changes, and it goes only when it is
old by the database's own clock.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_FIXED = ("id", "repeats", "kind", "who", "address", "device", "what", "at")
_GROWS = "NEW.count > OLD.count AND NEW.last_at >= OLD.last_at"
_DAYS = 90

_ON_SQLITE = {
    "security_event_grows": (
        "UPDATE ON security_event WHEN NOT ("
        + " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _FIXED)
        + f" AND {_GROWS})"
    ),
    "security_event_stays": (
        "DELETE ON security_event WHEN"
        f" OLD.last_at >= strftime('%Y-%m-%d %H:%M:%S', 'now', '-{_DAYS} days')"
    ),
    "security_event_no_replace": (
        "INSERT ON security_event WHEN EXISTS"
        " (SELECT 1 FROM security_event WHERE id = NEW.id OR repeats = NEW.repeats)"
    ),
}
_SAME = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _FIXED)
_ON_POSTGRESQL = f"""
    CREATE FUNCTION security_event_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND {_SAME} AND {_GROWS} THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' AND OLD.last_at < now() - interval '{_DAYS} days' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'security_event is append-only'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """


def upgrade() -> None:
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
    op.create_index("ix_security_event_last_at", "security_event", ["last_at"])
    op.create_index("ix_security_event_kind_last_at", "security_event", ["kind", "last_at"])
    if op.get_bind().dialect.name == "sqlite":
        for name, when in _ON_SQLITE.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )
        return
    op.execute(_ON_POSTGRESQL)
    op.execute(
        "CREATE TRIGGER security_event_grows BEFORE UPDATE OR DELETE ON security_event"
        " FOR EACH ROW EXECUTE FUNCTION security_event_grows()"
    )
    op.execute(
        "CREATE TRIGGER security_event_never_emptied BEFORE TRUNCATE ON security_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
    )


def downgrade() -> None:
    op.drop_table("security_event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION security_event_grows()")
