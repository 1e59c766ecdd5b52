"""`doctor` names what the database owner has changed in tables, triggers and what acts on them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from publicmeeting.store.database.engine import connect
from publicmeeting.store.database.guards import trigger_faults
from publicmeeting.store.database.migrate import has_newest_tables
from publicmeeting.store.database.tables import table_faults

GONE, OTHER, OWN = "is gone", "does something else", "is not of this program"
Changes = dict[str, tuple[str, str] | None]

ON_BOTH: Changes = {
    "DROP INDEX ix_event_order_id": ("event", "ix_event_order_id is gone"),
    "CREATE UNIQUE INDEX x ON request (subject)": ("request", f"x {OWN}"),
    "CREATE UNIQUE INDEX y ON request (lower(code))": ("request", f"y {OWN}"),
    "ALTER TABLE outbox ADD COLUMN z INTEGER": ("outbox", f"z {OWN}"),
    "DROP INDEX one_holder_per_seat": None,
    "CREATE UNIQUE INDEX one_holder_per_seat ON seat (district, monday, time) WHERE state = 'x'": (
        "seat",
        "one_holder_per_seat is not of the rows",
    ),
}
ON_ONE: dict[str, Changes] = {
    "sqlite": {
        "DROP TRIGGER event_no_update": ("event", f"event_no_update {GONE}"),
        "DROP TRIGGER image_dropped": ("image", f"image_dropped {GONE}"),
        "CREATE TRIGGER x AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END": ("outbox", OWN),
        "DROP TRIGGER custody_no_delete": None,
        "CREATE TRIGGER custody_no_delete BEFORE DELETE ON custody WHEN 0"
        " BEGIN SELECT RAISE(ABORT, 'append-only'); END": ("custody", OTHER),
        "DROP TABLE place": None,
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL UNIQUE ON CONFLICT"
        " REPLACE, kind VARCHAR, districts VARCHAR, source VARCHAR)": ("place", "CONFLICT"),
        "DROP TABLE prepared": ("prepared", GONE),
    },
    "postgresql": {
        "DROP TRIGGER custody_only_grows ON custody": ("custody", f"custody_only_grows {GONE}"),
        "ALTER TABLE image DISABLE TRIGGER USER": ("image", OTHER),
        "CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NEW; END'": ("event", OTHER),
        "CREATE TRIGGER event_only_grows BEFORE INSERT ON seat FOR EACH ROW"
        " EXECUTE FUNCTION only_grows()": ("seat", "event_only_grows acts on it"),
        "CREATE RULE r AS ON INSERT TO outbox DO INSTEAD NOTHING": ("outbox", "rule r acts"),
        "CREATE POLICY p ON outbox USING (false)": ("outbox", "policy p acts"),
        "ALTER TABLE outbox ENABLE ROW LEVEL SECURITY": ("outbox", "row-level security acts"),
        "ALTER TABLE prepared SET UNLOGGED": ("prepared", "UNLOGGED acts"),
        "CREATE TABLE heir () INHERITS (session)": ("session", "table heir acts"),
        "CREATE SCHEMA other CREATE TABLE session (id text)": ("session", "schema other acts"),
        "ALTER TABLE seat ADD CONSTRAINT c CHECK (time <> '09:00')": ("seat", "constraint c acts"),
        "ALTER TABLE seat ALTER COLUMN why TYPE text": ("seat", "why has another type"),
        "ALTER TABLE outbox ALTER COLUMN state SET DEFAULT 'sent'": ("outbox", "another default"),
        "ALTER TABLE request DROP CONSTRAINT request_live_person_key": ("request", "live_person"),
        "ALTER TABLE request DROP CONSTRAINT request_person_id_fkey": ("request", "of person_id"),
        "DROP TABLE place": ("place", GONE),
    },
}


@pytest.fixture
def engine(engine_url: str) -> Iterator[Engine]:
    found = connect(engine_url)
    yield found
    found.dispose()


def faults(connection: Connection) -> list[tuple[str, str]]:
    return [*trigger_faults(connection), *table_faults(connection)]


def test_whatever_is_changed_in_a_table_is_named_and_nothing_else(engine: Engine) -> None:
    changes = ON_BOTH | ON_ONE[engine.dialect.name]
    with engine.connect() as connection, connection.begin() as changed:
        for statement in changes:
            connection.execute(text(statement))
        found = faults(connection)
        changed.rollback()
    for table, what in filter(None, changes.values()):
        assert any(one == table and what in fault for one, fault in found), (table, what, found)
    with engine.connect() as connection:
        assert faults(connection) == []


def test_a_table_or_a_view_beside_those_of_the_program_is_none_of_its_concerns(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE x (a INTEGER UNIQUE)"))
        connection.execute(text("CREATE VIEW y AS SELECT * FROM seat"))
        assert faults(connection) == []


def test_a_second_row_in_the_table_of_steps_stops_no_city(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version (version_num) VALUES ('9999')"))
    assert has_newest_tables(engine)
