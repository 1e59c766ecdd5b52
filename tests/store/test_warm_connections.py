"""A connection of SQLite that was used last still knows what it has read, and is taken first."""

from pathlib import Path

from publicmeeting.store.database.engine import connect


def test_of_free_connections_the_one_used_last_is_taken(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'city.db'}")
    first, last = engine.connect(), engine.connect()
    warm = last.connection.dbapi_connection
    first.close()
    last.close()
    with engine.connect() as taken:
        assert taken.connection.dbapi_connection is warm
    engine.dispose()
