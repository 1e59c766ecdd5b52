"""PostgreSQL parses and plans the statements of pages once a connection."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from support.clock import FixedClock
from support.databases import Templates

from publicmeeting.store.unit_of_work import Store

ASK = text("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT ''asked often%'")
OFTEN = text("SELECT 'asked often' WHERE pg_backend_pid() > CAST(:least AS integer)")


@pytest.fixture
def store(postgresql_templates: Templates) -> Iterator[Store]:
    url = postgresql_templates.copy("empty")
    store = Store(url, b"k" * 32)
    yield store
    store.close()
    postgresql_templates.drop(url)


def look(store: Store, clock: FixedClock, times: int = 1) -> None:
    for _ in range(times):
        with store.unit_of_work(clock(), reading=True) as uow:
            uow.execute(OFTEN, {"least": 0})


def prepared(store: Store) -> list[str]:
    """Return the names of prepared statements; one prepared again has another name."""
    with store.engine.connect() as connection:
        names = list(connection.execute(ASK).scalars())
        connection.commit()
    return names


def test_pages_prepare_a_statement_once(store: Store, clock: FixedClock) -> None:
    look(store, clock, times=3)
    once = prepared(store)
    assert len(once) == 1
    look(store, clock, times=3)
    assert prepared(store) == once


def test_comparing_the_clocks_throws_nothing_away(store: Store, clock: FixedClock) -> None:
    look(store, clock, times=3)
    once = prepared(store)
    assert len(once) == 1
    store.clock_drift()
    assert prepared(store) == once


def test_what_a_reading_writes_is_still_undone(store: Store, clock: FixedClock) -> None:
    with store.unit_of_work(clock(), reading=True) as uow:
        uow.execute(text("CREATE TABLE written (it integer)"))
    with store.unit_of_work(clock(), reading=True) as uow:
        assert uow.execute(text("SELECT to_regclass('written')")).scalar() is None
