"""Whether this process can listen on its port."""

import errno
import socket
import time

from publicmeeting.cli.stop import StopError

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
        return (
            f"Port {port} is in use: stop the program there, or choose another one with "
            f"PUBLICMEETING_PORT={port + 1} (run: --port {port + 1})."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs root: choose one from 1024 to 65535."
    return f"{host} is not an address of this machine: set PUBLICMEETING_HOST=127.0.0.1."
