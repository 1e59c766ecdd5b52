"""An idle connection to PostgreSQL may have died and is checked; one just used is not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from support.databases import Templates

from publicmeeting.store.database import engine as engines
from publicmeeting.store.database.engine import (
    LEFT_ANEW_AFTER,
    MAY_HAVE_ENDED_AFTER,
    connect,
    is_unreachable,
)


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
