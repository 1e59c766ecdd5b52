"""Ports for servers that tests start.

Between the moment a free port is found and the moment its server binds it, something else may take
it: the kernel for an outgoing connection, or another test. Therefore these ports lie below the
range from which the kernel chooses, and a process that has one holds a lock on it until it ends.
"""

import fcntl
import os
import secrets
import socket
import tempfile
from pathlib import Path

HOST = "127.0.0.1"
_KERNELS = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST, _LAST, _FEWEST = 20_000, 32_768, 1_000
_LOCKED: list[int] = []
"""Descriptors of the locks, which stay open until the process ends.

File objects would make Python warn that nobody closed them.
"""


def free_port() -> int:
    """Return a port that no other test on this machine gets while this process lives."""
    folder = Path(tempfile.gettempdir()) / f"publicmeeting-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    many = _first_of_kernels() - _FIRST
    begins = secrets.randbelow(many)
    for at in range(many):
        port = _FIRST + (begins + at) % many
        if _locks(folder / str(port)):
            if _is_free(port):
                return port
            os.close(_LOCKED.pop())
    raise AssertionError("every port is taken")


def _first_of_kernels() -> int:
    if not _KERNELS.exists():
        return _LAST
    return max(int(_KERNELS.read_text(encoding="ascii").split()[0]), _FIRST + _FEWEST)


def _locks(file: Path) -> bool:
    opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return False
    _LOCKED.append(opened)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Connections that an ended server has left behind do not hinder a new server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
