"""Runs a module as a child process, and waits until a server is healthy."""

import http
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Protocol

from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, Settings

_READY_WITHIN = 60.0
_WELL_WITHIN = 10.0
_STOPPED_WITHIN = 10.0


@contextmanager
def child(
    module: str, environment: Mapping[str, str], output: IO[str] | None = None, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of ours as a process that ends with the block.

    Its output goes to `output`, else to this terminal.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        # Ctrl-C reaches only this process, which stops the child in order.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOPPED_WITHIN)
        # Also kill the child processes that it left behind.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Begun(Protocol):
    """A process; `poll` returns None while it runs."""

    def poll(self) -> int | None: ...


def wait_until_healthy(settings: Settings, server: Begun) -> None:
    """Return when the server is healthy, or has answered for a while without being so.

    After a pause the worker may have days of work to catch up with; pages can be read meanwhile.
    """
    deadline = time.monotonic() + _READY_WITHIN
    answers_since = None
    while server.poll() is None and time.monotonic() < deadline:
        status = _health(settings)
        if status is not None and answers_since is None:
            answers_since = time.monotonic()
        if status == http.HTTPStatus.OK:
            return
        if answers_since is not None and time.monotonic() - answers_since > _WELL_WITHIN:
            print(f"The work of the clock is still behind: see {settings.public_url}/health")
            return
        time.sleep(0.1)
    raise StopError("The server did not start; the reason stands above.")


def _health(settings: Settings) -> int | None:
    """Return the status of the health page; None if nobody answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
