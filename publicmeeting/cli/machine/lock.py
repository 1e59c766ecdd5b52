"""Locks between processes, which the system releases when a process dies."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings
from publicmeeting.kit.process.private import make_folder


@contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file at `path`; yields whether the lock was acquired.

    It yields False only with `wait=False`, when another process holds it.
    """
    make_folder(path.parent)
    path.touch(mode=0o600)
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("a") as file:
        try:
            fcntl.flock(file, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def no_server(settings: Settings, doing: str, *, here_only: bool = False) -> Iterator[None]:
    """Prevent servers from running while the data are changed as a whole.

    Servers of this data folder, and unless `here_only` those of other machines with the same
    PostgreSQL. Raises StopError if one is running.
    """
    with held(server_lock(settings), wait=False) as alone:
        if not alone:
            raise StopError(_lock_holder(settings, doing))
        if here_only or settings.is_sqlite:
            yield
            return
        from publicmeeting.store.database.postgres import Lock, database_lock

        with database_lock(settings.database_url, Lock.SERVING, wait=False) as everywhere:
            if not everywhere:
                raise StopError(
                    f"A server of another machine is using this database: stop it before {doing}, "
                    "then try again."
                )
            yield


def _lock_holder(settings: Settings, doing: str) -> str:
    """Return the sentence: servers share the lock, a command holds it exclusively."""
    with held(server_lock(settings), shared=True, wait=False) as is_shared:
        if is_shared:
            return f"A server is using {settings.data_dir}: stop it before {doing}, then try again."
    return f"Another command is changing {settings.data_dir}: let it end, then try again."


@contextmanager
def tables_lock(settings: Settings) -> Iterator[None]:
    """Wait until no process on any machine changes tables, key or city as a whole."""
    if settings.is_sqlite:
        from publicmeeting.store.database.engine import sqlite_files

        database = sqlite_files(settings.database_url)[0]
        with held(database.with_name(f"{database.name}.lock")):
            yield
        return
    from publicmeeting.store.database.postgres import Lock, database_lock

    with database_lock(settings.database_url, Lock.TABLES):
        yield


def wait_for_changes(settings: Settings, show: Callable[[str], object]) -> None:
    """Wait until no command changes this data folder as a whole; `show` gets a line if one does."""
    with held(server_lock(settings), shared=True, wait=False) as is_shared:
        if is_shared:
            return
    show(f"Another command is changing {settings.data_dir}: this start waits until it ends.")
    with held(server_lock(settings), shared=True):
        return


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """Mark this process as serving, for commands that change the data as a whole.

    Raises StopError if such a command is running.
    """
    with held(server_lock(settings), shared=True):
        if settings.is_sqlite:
            yield
            return
        from publicmeeting.store.database import postgres

        with postgres.serving(settings.database_url) as may:
            if not may:
                raise StopError("The data is being changed as a whole: start when that is done.")
            yield


def server_lock(settings: Settings) -> Path:
    """Return the path of the lock that every serving process shares."""
    return settings.data_dir / "server.lock"
