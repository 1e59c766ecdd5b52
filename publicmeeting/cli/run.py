"""`run`: the whole service with one command, ready when it says so, gone when it is stopped."""

import argparse
import errno
import http
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

from publicmeeting.cli.build import build_pages
from publicmeeting.cli.environment import server_environment
from publicmeeting.cli.lock import held, server_lock
from publicmeeting.cli.pairing import ADOPT, add_adopt
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT, Settings, child_environment

_READY_WITHIN = 60.0
_WELL_WITHIN = 10.0
_STOPPED_WITHIN = 10.0


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("run", help="start the service")
    parser.add_argument("--port", type=int, help="default 3000")
    parser.add_argument("--host", help="default 127.0.0.1: this machine only")
    add_adopt(parser)
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    wanted = {"PUBLICMEETING_PORT": arguments.port, "PUBLICMEETING_HOST": arguments.host}
    changes = {name: str(value) for name, value in wanted.items() if value is not None}
    settings = Settings.from_environment(child_environment(changes))
    refuse_taken_port(settings.host, settings.port)
    _make_ready(settings, *([ADOPT] if arguments.adopt else []))
    with child("publicmeeting.cli.serve", server_environment(settings)) as server:
        # Found out while the server starts; it takes as long.
        sign_ins = _sign_ins(settings)
        wait_until_it_is_well(settings, server)
        print(f"\nReady: {settings.public_url}   (Ctrl-C stops it)")
        print("\n".join(sign_ins), flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("\nStopping.", flush=True)
            return
    raise StopError("The server has ended by itself; its last words stand above.")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `StopError` unless this machine can listen on `host` and `port` now."""
    if not 0 < port < 2**16:
        raise StopError(f"There is no port {port}: choose one from 1024 to 65535.")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise StopError(_why_not_listening(host, port, error)) from None


def _why_not_listening(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop the program there, or start with --port {port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs root: start with a port from 1024 on, for example --port 3000."
    return f"{host} is not an address of this machine: start with --host 127.0.0.1."


def _make_ready(settings: Settings, *arguments: str) -> None:
    """Prepare database and pages side by side.

    A second server of the same data folder finds the lock taken, and the data ready.
    """
    with held(server_lock(settings), wait=False) as first:
        if not first:
            build_pages(settings.env)
            return
        environment = server_environment(settings)
        with child("publicmeeting.cli.prepare", environment, None, *arguments) as preparing:
            build_pages(settings.env)
            if preparing.wait():
                raise StopError("The database could not be prepared; the reason stands above.")


@contextmanager
def child(
    module: str, environment: Mapping[str, str], output: IO[str] | None = None, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of ours as a process that is gone when the block is left.

    It speaks to `output`, else to this terminal.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        # Ctrl-C reaches us alone, and we end it in order.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOPPED_WITHIN)
        # Whatever it started and left behind goes too.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_it_is_well(settings: Settings, server: subprocess.Popen[bytes]) -> None:
    """Return when the server says it is well, or has answered for a while without that.

    After a pause the worker may have days to catch up on; pages can be read meanwhile.
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
    """Return the status of the health page; None while nobody answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _sign_ins(settings: Settings) -> list[str]:
    """Return what to say about signing in to the demo; a real city's secrets are its own."""
    if not settings.is_demo:
        return []
    from publicmeeting.seeder.fill import sign_ins

    return ["", "Sign-ins of the pretend city:", *(f"  {line}" for line in sign_ins())]
