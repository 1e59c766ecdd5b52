"""`doctor` names a table in which a new row would get no number, and says what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text
from support.databases import Templates

from publicmeeting.store.database.engine import connect
from publicmeeting.store.database.guards import LARGEST, number_faults
from publicmeeting.store.database.tables import table_faults

WITH_NUMBER = "INSERT INTO place (id, name, kind, districts, source) VALUES ({}, 'x', '', '6', '')"
NEXT = "INSERT INTO place (name, kind, districts, source) VALUES ('y', '', '6', '') RETURNING id"
MOVED = {
    "SELECT setval('place_id_seq', 2147483647)": "place_id_seq', 1)",
    f"{WITH_NUMBER.format(7)}; SELECT setval('place_id_seq', 3)": "place_id_seq', 7)",
    "ALTER SEQUENCE place_id_seq INCREMENT BY -1": "not come from the sequence",
    "ALTER SEQUENCE place_id_seq MAXVALUE 5 CYCLE": "not come from the sequence",
    "ALTER TABLE place ALTER COLUMN id SET DEFAULT 5": "not come from the sequence",
    "ALTER TABLE place ALTER COLUMN id DROP DEFAULT": "not come from the sequence",
}


@contextmanager
def copied(url: str) -> Iterator[Connection]:
    engine = connect(url)
    with engine.connect() as connection, connection.begin() as changed:
        yield connection
        changed.rollback()
    engine.dispose()


def faults(connection: Connection) -> list[tuple[str, str]]:
    found = list(table_faults(connection))
    return [*found, *number_faults(connection, but=[table for table, _ in found])]


def test_a_row_after_which_no_other_gets_a_number_is_named(engine_url: str) -> None:
    with copied(engine_url) as connection:
        assert connection.execute(text(NEXT)).scalar() == 1
        assert faults(connection) == []
        connection.execute(text(WITH_NUMBER.format(LARGEST + 1)))
        assert faults(connection) == [
            ("place", f"delete its row {LARGEST + 1}: no row can have a number after it")
        ]


@pytest.mark.parametrize("statements", MOVED)
def test_a_sequence_that_was_moved_is_named(
    postgresql_templates: Templates, statements: str
) -> None:
    with copied(postgresql_templates.copy("empty")) as connection:
        for one in statements.split("; "):
            connection.execute(text(one))
        found = faults(connection)
    assert [table for table, _ in found] == ["place"], found
    assert MOVED[statements] in found[0][1]
