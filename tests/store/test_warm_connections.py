"""The pool hands out the connection used last, whose caches and plans are warm."""

from publicmeeting.store.database.engine import connect


def test_of_free_connections_the_one_used_last_is_taken(engine_url: str) -> None:
    engine = connect(engine_url)
    first, last = engine.connect(), engine.connect()
    warm = last.connection.dbapi_connection
    first.close()
    last.close()
    with engine.connect() as taken:
        assert taken.connection.dbapi_connection is warm
    engine.dispose()
