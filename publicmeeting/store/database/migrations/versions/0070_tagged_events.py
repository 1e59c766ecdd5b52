"""Events have a tag that only the city's key makes, over their columns and their place in a case.

The step believes the events that it finds. It needs the key that the database was sealed with, as
soon as there is an event; with another key it changes nothing. The triggers refuse every change of
an event except of its tag, which a change of the city's key renews.
"""

import json
from collections import Counter
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0070"
down_revision = "0069"

_TAGGED = (
    "request_id",
    "order_id",
    "action",
    "role",
    "from_stage",
    "to_stage",
    "account_id",
    "person_id",
    "payload",
    "note_id",
    "due_at",
    "at",
)
_INSTANTS = {"due_at", "at"}
_event = sa.table(
    "event",
    sa.column("id", sa.Integer),
    *(
        sa.column(name, sa.DateTime(timezone=True) if name in _INSTANTS else sa.String)
        for name in _TAGGED
    ),
    sa.column("tag", sa.String),
)
_CHANGED = (
    _event.update().where(_event.c.id == sa.bindparam("event")).values(tag=sa.bindparam("new"))
)
_CHANGED_TOGETHER = sa.text(
    "UPDATE event SET tag = new.tag FROM unnest(CAST(:events AS integer[]), CAST(:tags AS text[]))"
    " AS new (id, tag) WHERE event.id = new.id"
)
"""PostgreSQL only: one statement for a page takes a fraction of the time of one for each row."""
_INDEXES = sa.text(
    "SELECT indexname, indexdef FROM pg_indexes"
    " WHERE schemaname = current_schema() AND tablename = 'event' AND indexname <> 'event_pkey'"
)
_AT_ONCE = 1000
_BUT_THE_TAG = f"UPDATE OF id, {', '.join(_TAGGED)}"


def upgrade() -> None:
    _guard_nothing()
    empty = sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    op.add_column("event", empty)
    here = op.get_bind()
    indexes = _drop_indexes(here)
    vault: Vault | None = None
    places: Counter[tuple[str, str | None]] = Counter()
    page = sa.select(_event).order_by(_event.c.id).limit(_AT_ONCE)
    after = page
    while rows := here.execute(after).mappings().all():
        vault = vault or _vault()
        changes = []
        for row in rows:
            case = row["request_id"], row["order_id"]
            values = [places[case], *(_plain(row[name]) for name in _TAGGED)]
            places[case] += 1
            tag = vault.lookup("event.tag", json.dumps(values, separators=(",", ":")))
            changes.append({"event": row["id"], "new": tag})
        _write(here, changes)
        after = page.where(_event.c.id > rows[-1]["id"])
    for definition in indexes:
        op.execute(definition)
    _guard(_BUT_THE_TAG)


def _drop_indexes(here: sa.Connection) -> list[str]:
    """Drop the indexes of events on PostgreSQL, and return how to create them again.

    It would write each of them for every row that gets a tag.
    """
    if here.dialect.name == "sqlite":
        return []
    found = here.execute(_INDEXES).all()
    for name, _ in found:
        op.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _write(here: sa.Connection, changes: list[dict[str, object]]) -> None:
    if here.dialect.name == "sqlite":
        here.execute(_CHANGED, changes)
        return
    columns = {name: [change[name] for change in changes] for name in ("event", "new")}
    here.execute(_CHANGED_TOGETHER, {"events": columns["event"], "tags": columns["new"]})


def downgrade() -> None:
    _guard_nothing()
    op.drop_column("event", "tag")
    _guard("UPDATE")


def _guard_nothing() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER event_no_update")
    else:
        op.execute("DROP TRIGGER event_only_grows ON event")


def _guard(update: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER event_no_update BEFORE {update} ON event"
            " BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER event_only_grows BEFORE {update} OR DELETE ON event"
        " FOR EACH ROW EXECUTE FUNCTION only_grows()"
    )


def _plain(value: object) -> object:
    if not isinstance(value, datetime):
        return value
    # SQLite stores instants in UTC, and returns them without a zone.
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
