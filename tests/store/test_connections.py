"""Connections: an idle one is checked, the one used last is taken, its statements stay prepared."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from support.clock import FixedClock
from support.databases import Templates

from publicmeeting.store.database import engine as engines
from publicmeeting.store.database.engine import (
    LEFT_ANEW_AFTER,
    MAY_HAVE_ENDED_AFTER,
    connect,
    is_unreachable,
)
from publicmeeting.store.unit_of_work import Store, UnitOfWork


@pytest.fixture
def url(postgresql_templates: Templates) -> Iterator[str]:
    url = postgresql_templates.copy("empty")
    yield url
    postgresql_templates.drop(url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    work(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Connections that were checked before use."""
    asked: list[object] = []
    ping = engine.dialect.do_ping
    monkeypatch.setattr(engine.dialect, "do_ping", lambda one: asked.append(one) or ping(one))
    return asked


def work(engine: Engine) -> int:
    """Return the id of the database process that does the work."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def end_all(url: str) -> None:
    """End all connections, as a restart of the database does."""
    other = create_engine(url)
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()


def lie(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time pass after which a connection is checked."""
    now = engines.time.monotonic() + MAY_HAVE_ENDED_AFTER
    monkeypatch.setattr(engines.time, "monotonic", lambda: now)


def test_a_rush_of_steps_asks_nothing_besides(engine: Engine, asked: list[object]) -> None:
    assert len({work(engine) for _ in range(5)}) == 1
    assert asked == []


def test_one_that_has_lain_is_asked_once(
    engine: Engine, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    lie(monkeypatch)
    work(engine)
    work(engine)
    assert len(asked) == 1


def test_nobody_notices_that_one_has_ended_while_it_lay(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = work(engine)
    end_all(url)
    lie(monkeypatch)
    assert work(engine) != before


def test_a_primary_that_only_reads_by_now_is_left_by_all_at_once(engine: Engine) -> None:
    """After a failover, connections to the old primary would be refused for ever."""
    held = [engine.connect() for _ in range(3)]
    for one in held:
        one.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        one.commit()
        one.close()
    with pytest.raises(DBAPIError) as fault, engine.begin() as connection:
        connection.execute(text("CREATE TABLE anything (id int)"))
    assert is_unreachable(fault.value)
    for _ in range(3):
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS anything (id int)"))


def test_what_goes_on_only_reading_is_not_left_at_each_press(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a few refused presses a second would renew the connections of all readers."""
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))

    def presses() -> int:
        with pytest.raises(DBAPIError) as fault, engine.begin() as connection:
            connection.execute(text("CREATE TABLE anything (id int)"))
        assert is_unreachable(fault.value)
        return work(engine)

    before, after = work(engine), presses()
    assert after != before
    assert {presses() for _ in range(5)} == {after}
    now = engines.time.monotonic() + LEFT_ANEW_AFTER
    monkeypatch.setattr(engines.time, "monotonic", lambda: now)
    assert presses() != after


def test_where_it_ended_a_moment_ago_one_step_is_refused_and_the_next_is_not(
    engine: Engine, url: str
) -> None:
    held = [engine.connect() for _ in range(3)]
    for connection in held:
        connection.close()
    end_all(url)
    with pytest.raises(DBAPIError) as fault:
        work(engine)
    assert is_unreachable(fault.value)
    assert work(engine), "the others that ended are not tried one after the other"


def test_of_free_connections_the_one_used_last_is_taken(engine_url: str) -> None:
    engine = connect(engine_url)
    first, last = engine.connect(), engine.connect()
    warm = last.connection.dbapi_connection
    first.close()
    last.close()
    with engine.connect() as taken:
        assert taken.connection.dbapi_connection is warm
    engine.dispose()


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


def is_in_transaction(uow: UnitOfWork) -> bool:
    ours = uow.connection.connection.dbapi_connection
    assert isinstance(ours, psycopg.Connection)
    return ours.info.transaction_status is not TransactionStatus.IDLE


def test_a_brief_reading_sends_only_its_statements(store: Store, clock: FixedClock) -> None:
    for brief in (True, False, True):
        with store.unit_of_work(clock(), reading=True, brief=brief) as uow:
            uow.execute(OFTEN, {"least": 0})
            assert is_in_transaction(uow) is not brief
    with store.unit_of_work(clock()) as uow:
        uow.execute(OFTEN, {"least": 0})
        assert is_in_transaction(uow), "a connection of a brief reading does not stay one"


def test_a_brief_reading_cannot_write(engine_url: str, clock: FixedClock) -> None:
    store = Store(engine_url, b"k" * 32)
    written = text("CREATE TABLE written (it integer)")
    with (
        pytest.raises(AssertionError),
        store.unit_of_work(clock(), reading=True, brief=True) as uow,
    ):
        uow.execute(written)
    with store.unit_of_work(clock()) as uow:
        uow.execute(written)
    store.close()


def test_a_brief_reading_cannot_stream(engine_url: str, clock: FixedClock) -> None:
    store = Store(engine_url, b"k" * 32)
    streamed = text("SELECT 1").execution_options(yield_per=10)
    with (
        pytest.raises(AssertionError),
        store.unit_of_work(clock(), reading=True, brief=True) as uow,
    ):
        uow.execute(streamed)
    with store.unit_of_work(clock(), reading=True) as uow:
        assert uow.execute(streamed).scalars().all() == [1]
    store.close()


def test_what_a_reading_writes_is_still_undone(store: Store, clock: FixedClock) -> None:
    with store.unit_of_work(clock(), reading=True) as uow:
        uow.execute(text("CREATE TABLE written (it integer)"))
        uow.execute(text("INSERT INTO written VALUES (:it)"), [{"it": 1}, {"it": 2}])
    with store.unit_of_work(clock(), reading=True) as uow:
        assert uow.execute(text("SELECT to_regclass('written')")).scalar() is None


def test_the_columns_of_a_result_are_described_when_somebody_looks(engine: Engine) -> None:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT 1 AS one, 'b' AS other"))
        assert found.keys() == ["one", "other"]
        assert found.mappings().all() == [{"one": 1, "other": "b"}]
        cursor = connection.exec_driver_sql("SELECT 1 AS one, 'b' AS other").cursor
        assert cursor is not None
        assert [column[0] for column in cursor.description] == ["one", "other"]
        assert cursor.description[1:][0].name == "other"


def test_a_statement_looks_for_no_listener(store: Store) -> None:
    """One listener of any kind costs every statement of every page."""
    assert not vars(store.engine).get("_has_events"), "SQLAlchemy's own mark"
