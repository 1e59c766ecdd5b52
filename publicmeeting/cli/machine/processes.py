"""Runs a module as a child process, and waits until a server is healthy.

`refuse_taken_port` refuses a port on which this process cannot listen; `only_server` holds it.
"""

import errno
import http
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO, Protocol

from publicmeeting.cli.machine.lock import held
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

    Its output goes to `output`, else to this terminal. A second Ctrl-C ends the patience with it,
    and leaves nothing running.
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
        try:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOPPED_WITHIN)
        finally:
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
        answer = _health(settings)
        if answer is not None and answers_since is None:
            answers_since = time.monotonic()
        if answer is not None and answer[0] == http.HTTPStatus.OK:
            return
        if answers_since is not None and time.monotonic() - answers_since > _WELL_WITHIN:
            print(_what_is_not_well(settings, answer))
            return
        time.sleep(0.1)
    raise StopError("The server did not start; the reason stands above.")


def _what_is_not_well(settings: Settings, answer: tuple[int, bytes] | None) -> str:
    from publicmeeting.web.checkup import Verdict

    ill = (Verdict.FAULT, Verdict.UNKNOWN)
    parts = json.loads(answer[1]) if answer else {}
    named = ", ".join(part for part, verdict in parts.items() if verdict in ill)
    return f"Not well yet: {named or 'the server'}. {settings.public_url}/health says more."


def _health(settings: Settings) -> tuple[int, bytes] | None:
    """Return status and content of the health page; None if nobody answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


_PAUSE = 0.05
"""Seconds between two looks at a port in use."""


def refuse_taken_port(host: str, port: int, *, patience: float = 0) -> None:
    """Raise StopError unless this machine can listen on `host` and `port`.

    A port in use may become free within `patience` seconds: the worker of a killed server ends a
    moment after it.
    """
    if not 0 < port < 2**16:
        raise StopError(f"There is no port {port}: choose one from 1024 to 65535.")
    until = time.monotonic() + patience
    while (error := _fault_of_listening(host, port)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
            raise StopError(_why_not_listening(host, port, error))
        time.sleep(_PAUSE)


def _fault_of_listening(host: str, port: int) -> OSError | None:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def _why_not_listening(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _in_use(port)
    if error.errno == errno.EACCES:
        return f"Port {port} needs root: choose one from 1024 to 65535."
    return f"{host} is not an address of this machine: set PUBLICMEETING_HOST=127.0.0.1."


def _in_use(port: int) -> str:
    return (
        f"Port {port} is in use: stop the program there, or choose another one with "
        f"PUBLICMEETING_PORT={port + 1} (run: --port {port + 1})."
    )


@contextmanager
def only_server(settings: Settings, *, patience: float) -> Iterator[None]:
    """Let one server of this data folder have its port; StopError if it is taken.

    A server listens seconds after it has looked, and the system lets two of them listen beside each
    other, so the second of two starts meets a lock. The worker of a killed server holds it too, and
    leaves within `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        with held(settings.data_dir / f"port-{settings.port}.lock", wait=False) as is_first:
            if is_first:
                left = max(0.0, until - time.monotonic())
                refuse_taken_port(settings.host, settings.port, patience=left)
                yield
                return
        if time.monotonic() >= until:
            raise StopError(_in_use(settings.port))
        time.sleep(_PAUSE)
