"""A connection pooler stands between the processes and PostgreSQL."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from parts import runs, until
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from support.ports import HOST, free_port

from publicmeeting.cli.machine.debian import on_path
from publicmeeting.kit.topics import messages
from publicmeeting.store.database.engine import HURRIED, connect
from publicmeeting.store.database.postgres import (
    NAME,
    HandedRoundError,
    Lock,
    PostgresChannel,
    database_lock,
    serving,
)

_TOPIC = "district:6"


@pytest.fixture
def pooled(town, tmp_path_factory) -> Iterator[Callable[[str], str]]:
    """`pooled(mode)` is the URL of the city's database behind pgbouncer in this mode."""
    running = []

    def one(mode: str) -> str:
        folder, port = tmp_path_factory.mktemp(mode), free_port()
        where = town.postgres.folder
        config = folder / "pgbouncer.ini"
        config.write_text(
            f"[databases]\ncity = host={where} user=postgres\n"
            f"[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = any\npool_mode = {mode}\nignore_startup_parameters = options\n"
            + (f"user = {where.owner()}\n" if os.geteuid() == 0 else "")
        )
        running.append(subprocess.Popen([on_path("pgbouncer") or "", "-q", str(config)]))
        return f"postgresql+psycopg://postgres@{HOST}:{port}/city"

    yield one
    for process in running:
        process.kill()  # after SIGTERM it would wait for clients that never leave
        process.wait()


def answers(url: str) -> bool:
    engine = connect(url)
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def test_one_that_hands_connections_round_is_refused_in_one_sentence(town, pooled, tmp_path):
    """Otherwise two machines could migrate at once, and pages would miss other processes' news."""
    url = pooled("transaction")
    until(lambda: answers(url), "pgbouncer")
    with pytest.raises(HandedRoundError), serving(url):
        pass
    settings = {**town.settings, "DATABASE_URL": url, "PUBLICMEETING_DATA": str(tmp_path)}
    with pytest.raises(AssertionError, match="let DATABASE_URL lead to PostgreSQL itself"):
        runs(town.release, settings, "migrate")


def test_one_in_session_mode_loses_neither_time_outs_nor_locks_nor_news(pooled):
    """Even if it drops the parameters of new connections, as poolers are often configured."""
    url = pooled("session")
    until(lambda: answers(url), "pgbouncer")
    engine = connect(url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar() == f"{HURRIED.lock}s"
    with database_lock(url, Lock.TABLES), database_lock(url, Lock.TABLES, wait=False) as second:
        assert not second

    async def news() -> list[frozenset[str]]:
        heard = PostgresChannel(engine, "here").subscribe()
        found = [await anext(heard)]
        with engine.begin() as connection:
            for message in messages("there", [_TOPIC]):
                connection.execute(text("SELECT pg_notify(:n, :m)"), {"n": NAME, "m": message})
        async with asyncio.timeout(30):
            found.append(await anext(heard))
        await heard.aclose()
        return found

    with ThreadPoolExecutor(1) as apart:  # browsers of other tests run a loop in this thread
        heard = apart.submit(lambda: asyncio.run(news())).result()
    assert heard == [frozenset(), frozenset({_TOPIC})]
    engine.dispose()
