"""Nothing waits for ever for a lock; everybody who waits gets an answer."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import QueuePool
from support.citizens import a_form, citizen, own_visit, someone
from support.city import City

from publicmeeting.application import AT_ONCE, READERS, REREADING_AT_ONCE, WRITERS, Application
from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.kit.process import threads
from publicmeeting.kit.process.figures import FIGURES
from publicmeeting.store import unit_of_work
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database import engine as engines
from publicmeeting.store.database.engine import HURRIED, POOL_SECONDS, UNHURRIED, connect
from publicmeeting.store.unit_of_work import Store
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import ROLES, Nothing
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft, submit
from publicmeeting.worker.health import health

PATIENCE = 40
"""Seconds; only something that never comes takes so long."""
MORE_THAN_ALL_THREADS = WRITERS + READERS + 1


@pytest.fixture
def shorter_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wait for a lock takes two seconds. Name it before the application."""
    for module in (engines, unit_of_work):
        monkeypatch.setattr(module, "HURRIED", replace(HURRIED, lock=2))


@contextmanager
def log_head_held(url: str) -> Iterator[None]:
    """Hold the log's head, as a person at the database's prompt may do."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT * FROM log_head FOR UPDATE"))
        yield
        connection.rollback()
    engine.dispose()


async def file(application: Application, number: int, keys: Keys) -> str:
    try:
        request = await application.execute(submit, keys, a_form(someone(number)))
    except TooBusy as word:
        return word.key
    return request.code


def _refused_as_too_busy() -> float:
    return FIGURES.get_sample_value("publicmeeting_refusals_total", {"key": "too_busy"}) or 0


def test_filings_behind_a_held_row_are_refused_and_keep_nobody_from_reading(
    shorter_waits: None, application: Application, city: City, database_url: str
) -> None:
    numbers = range(1, MORE_THAN_ALL_THREADS + 1)
    keys = {number: citizen(application, someone(number).mobile) for number in numbers}

    async def scene() -> list[str]:
        filings = [
            asyncio.create_task(file(application, number, keys[number])) for number in numbers
        ]
        await asyncio.sleep(0)
        for query in (viewer, health):
            async with asyncio.timeout(PATIENCE):
                await application.query(query, keys[1], Nothing())
        assert not any(filing.done() for filing in filings)
        async with asyncio.timeout(PATIENCE):
            return await asyncio.gather(*filings)

    before = _refused_as_too_busy()
    with log_head_held(database_url):
        assert asyncio.run(scene()) == ["too_busy"] * MORE_THAN_ALL_THREADS
    assert _refused_as_too_busy() - before == MORE_THAN_ALL_THREADS
    assert "شلوغ" in refusal("too_busy")
    filed = application.execute_now(submit, keys[1], a_form(someone(1)))
    assert filed.code


def test_filings_behind_a_held_row_keep_nobody_from_typing(
    shorter_waits: None, application: Application, city: City, database_url: str
) -> None:
    numbers = range(1, WRITERS)
    keys = {number: citizen(application, someone(number).mobile) for number in numbers}
    another = Keys(visit=own_visit(application, "another"))
    has_one_writer = application.store.engine.dialect.name == "sqlite"

    async def scene() -> None:
        filings = [
            asyncio.create_task(file(application, number, keys[number])) for number in numbers
        ]
        typed = SaveDraft(fields={"title": "چاله"})
        with pytest.raises(TooBusy) if has_one_writer else nullcontext():
            await application.execute(save_draft, another, typed)
        assert has_one_writer or not any(filing.done() for filing in filings)
        await asyncio.gather(*filings)

    with log_head_held(database_url):
        asyncio.run(scene())


def test_few_threads_and_few_connections_serve_a_rush(
    application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "HELD_UP", PATIENCE)
    counting, together = threading.Lock(), threading.Barrier(AT_ONCE)
    inside = most = 0

    def look(*_: object) -> None:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        together.wait(PATIENCE)
        with counting:
            inside -= 1

    monkeypatch.setitem(ROLES, look, ())

    async def scene() -> None:
        calls = (application.query(look, Keys(), Nothing()) for _ in range(4 * AT_ONCE))
        await asyncio.gather(*calls)

    asyncio.run(scene())
    assert most == AT_ONCE


def test_a_caller_who_gives_up_waits_no_more(application: Application, city: City) -> None:
    def awaited() -> float | None:
        return FIGURES.get_sample_value("publicmeeting_threads_awaited", {"pool": "write"})

    async def scene() -> None:
        may_end = threading.Event()
        for executor in application._writers.executors:
            for _ in range(WRITERS):
                executor.submit(may_end.wait, PATIENCE)
        typed = application.execute(save_draft, Keys(), SaveDraft(fields={}))
        typing = asyncio.create_task(typed)
        await asyncio.sleep(0)
        assert awaited() != before
        typing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await typing
        may_end.set()

    before = awaited()
    asyncio.run(scene())
    assert awaited() == before


def test_a_fresh_server_has_opened_the_connections_of_a_rush(
    application: Application, city: City
) -> None:
    engine = application.store.engine
    engine.dispose()
    application.warm_up()
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedin() == 2 * AT_ONCE + REREADING_AT_ONCE


def test_a_server_starts_without_its_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Store(f"sqlite:///{tmp_path}/none/city.sqlite3", bytes(32)).warm_up(2)
    assert "no connections were opened ahead" in caplog.text


def test_a_pool_that_is_used_up_is_the_same_refusal(application: Application, city: City) -> None:
    pool = application.store.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.timeout() == POOL_SECONDS
    pool._timeout = 0
    held = [application.store.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    with pytest.raises(TooBusy):
        application.query_now(viewer, Keys(), Nothing())
    for connection in held:
        connection.close()
    application.query_now(viewer, Keys(), Nothing())


@pytest.fixture
def engine(engine_url: str) -> Iterator[Engine]:
    engine = connect(engine_url)
    yield engine
    engine.dispose()


def lock_seconds(engine: Engine) -> int:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return int(connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()) // 1000
        timeout = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
        return {"5s": 5, "1min": 60}[timeout]


def test_what_nobody_waits_for_has_more_patience_and_leaves_none_behind(engine: Engine) -> None:
    for _ in range(2):
        assert lock_seconds(engine) == HURRIED.lock
        assert lock_seconds(engine.execution_options(unhurried=True)) == UNHURRIED.lock


def test_the_clock_and_the_command_line_are_in_no_hurry(
    application: Application, city: City
) -> None:
    seen = []

    def look(uow, actor, command, now):
        seen.append(uow.connection.get_execution_options()["unhurried"])

    ROLES[look] = ()
    try:
        application.query_as(COMMAND_LINE, look, Nothing())
        application.execute_as(COMMAND_LINE, look, Nothing())
        application.query_now(look, Keys(), Nothing())
    finally:
        del ROLES[look]
    assert seen == [True, True, False]
