"""Servers that start at once, forked from a process that has imported what a server needs.

    python -m support.standing_by

Each line of its input is a JSON message: the file a server writes to, and its whole environment;
the answer is the server's process id. Modules that read our settings when they are imported
(`publicmeeting.py`, `rxconfig.py`) are imported by each server itself. Libraries read their
variables at the first import, so a server that needs other ones is started as a process of its own.
"""

import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO

from publicmeeting.cli.machine.processes import child
from publicmeeting.cli.serve import main as serve
from publicmeeting.cli.stop import without_traceback
from publicmeeting.config import PROJECT, settings

_MODULES = (
    "granian.server.mp",
    "publicmeeting.application",
    "publicmeeting.ui.routes",
    "publicmeeting.ui.stories.pages",
    "publicmeeting.web.app",
)
_OWN = ("PUBLICMEETING_", "DATABASE_URL", "REFLEX_API_URL", "REFLEX_DIR", "PYTEST_")
"""Prefixes of variables that nothing reads before the server has its own."""
_STOPPED_WITHIN = 10.0
"""Seconds after which a server that does not stop is killed."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A server forked by another process, with the methods of `subprocess.Popen`."""

    pid: int
    _handle: int = field(repr=False)

    def poll(self) -> int | None:
        """Return 0 once it has ended; the exit code of another process's child is unknown."""
        return 0 if select.select([self._handle], [], [], 0)[0] else None

    def terminate(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGTERM)

    def wait(self, seconds: float | None = None) -> None:
        select.select([self._handle], [], [], seconds)

    def close(self) -> None:
        os.close(self._handle)


@dataclass(frozen=True, slots=True)
class Ready:
    """The process that stands by."""

    to: IO[str]
    back: IO[str]
    environment: Mapping[str, str]

    def may_begin(self, environment: Mapping[str, str]) -> bool:
        """Return whether its imports would be the same with these variables."""
        return _of_libraries(environment) == _of_libraries(self.environment)

    def begin(self, environment: Mapping[str, str], output: IO[str]) -> Forked:
        self.to.write(json.dumps([output.name, dict(environment)]) + "\n")
        self.to.flush()
        pid = int(self.back.readline())
        return Forked(pid, os.pidfd_open(pid))


_READY: list[Ready] = []
"""The one process, inside `standing_by`."""


def _of_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(_OWN)}


@contextmanager
def standing_by(environment: Mapping[str, str]) -> Iterator[None]:
    """Run the process that `server` forks, for servers whose libraries have these variables."""
    paths = f"{PROJECT}:{PROJECT / 'tests'}"
    with subprocess.Popen(
        [sys.executable, "-m", "support.standing_by"],
        cwd=PROJECT,
        env={**environment, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        _READY.append(Ready(process.stdin, process.stdout, environment))
        try:
            yield
        finally:
            _READY.pop()
            process.stdin.close()


@contextmanager
def server(
    environment: Mapping[str, str], output: IO[str]
) -> Iterator["subprocess.Popen[bytes] | Forked"]:
    """Run a server process that writes to `output`, until the block ends."""
    if not (_READY and _READY[-1].may_begin(environment)):
        with child("publicmeeting.cli.serve", environment, output) as begun:
            yield begun
        return
    forked = _READY[-1].begin(environment, output)
    try:
        yield forked
    finally:
        forked.terminate()
        forked.wait(_STOPPED_WITHIN)
        # Processes that it started and left behind are killed too.
        with suppress(ProcessLookupError):
            os.killpg(forked.pid, signal.SIGKILL)
        forked.wait()
        forked.close()


def main() -> None:
    for module in _MODULES:
        importlib.import_module(module)
    assert not settings.cache_info().currsize, "what is imported has read settings"
    assert "rxconfig" not in sys.modules
    gc.collect()
    gc.freeze()  # servers share the imported objects; none of them collects or copies them
    # Nothing waits for the servers here; the process that asked for one watches it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        output, environment = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _serve(output, environment)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _serve(output: str, environment: dict[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Its child processes must start with the module that a real server has as __main__.
    sys.modules["__main__"] = sys.modules["publicmeeting.cli.serve"]
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for handle in (1, 2):
        os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND), handle)
    try:
        without_traceback(serve)
    except BaseException:  # noqa: BLE001 (the log of a journey shows it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # no exit handler of the process that stands by may run here


if __name__ == "__main__":
    main()
