"""Who may touch what at the same time, by locks the system drops when a process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings


@contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file at `path`; yields whether it was got.

    Only `wait=False` can yield False: another process holds it then.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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
def no_server(settings: Settings, doing: str) -> Iterator[None]:
    """Keep servers away from the data folder while its data is changed as a whole.

    Raises `StopError` when one is running.
    """
    with held(server_lock(settings), wait=False) as alone:
        if not alone:
            raise StopError(
                f"A server is using {settings.data_dir}: stop it before {doing}, then try again."
            )
        yield


def server_lock(settings: Settings) -> Path:
    """Every serving process holds this one, shared."""
    return settings.data_dir / "server.lock"
