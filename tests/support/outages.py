"""Outages of services that a server process needs, and their end, without stopping the services.

To the process, a service that it cannot reach is like one that was stopped: open connections break
and new ones fail.
"""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url


@contextmanager
def no_database(database_url: str) -> Iterator[None]:
    url = make_url(database_url)
    folder = Path(str(url.query["host"]))
    plain = database_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection, _hidden(folder / ".s.PGSQL.5432"):
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
        )
        yield


@contextmanager
def no_room(process: int) -> Iterator[None]:
    """Let no file of this process and its children grow beyond a kilobyte, like a full disk."""
    with _no_room([process, *_children(process)]):
        yield


@contextmanager
def no_room_in(program: str) -> Iterator[None]:
    """The same for the programs of this name that this process has started."""
    started = _children(os.getpid())
    with _no_room([one for one in started if _name(one) == program]):
        yield


@contextmanager
def _no_room(all_: list[int]) -> Iterator[None]:
    assert all_
    before = [resource.prlimit(one, resource.RLIMIT_FSIZE) for one in all_]
    for one, (_, most) in zip(all_, before, strict=True):
        resource.prlimit(one, resource.RLIMIT_FSIZE, (1024, most))
    yield
    for one, limits in zip(all_, before, strict=True):
        resource.prlimit(one, resource.RLIMIT_FSIZE, limits)


def _name(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()


@contextmanager
def _hidden(socket: Path) -> Iterator[None]:
    hidden = socket.with_name("hidden")
    socket.rename(hidden)
    try:
        yield
    finally:
        hidden.rename(socket)


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [one for child in map(int, found) for one in (child, *_children(child))]
