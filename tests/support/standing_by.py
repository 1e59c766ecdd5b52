"""Servers that begin at once: forked from a process that has imported what a server is made of.

    python -m support.standing_by

Each line of its input is a JSON message: the file a server writes to, and its whole environment;
its process's number is answered. What reads our settings while it is imported (`publicmeeting.py`,
`rxconfig.py`) each server imports itself, with its own. A library may read its variables then, so
whoever wants others of a library's is begun as a process of its own.
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
from publicmeeting.cli.stop import in_one_sentence
from publicmeeting.config import PROJECT, settings

_MODULES = (
    "granian.server.mp",
    "publicmeeting.application",
    "publicmeeting.ui.routes",
    "publicmeeting.ui.stories.pages",
    "publicmeeting.web.app",
)
_OWN = ("PUBLICMEETING_", "DATABASE_URL", "REFLEX_API_URL", "REFLEX_DIR", "PYTEST_")
"""How the variables begin that nobody reads before a server has its own."""
_STOPPED_WITHIN = 10.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A server that another process has begun, as `subprocess.Popen` has it."""

    pid: int
    _handle: int = field(repr=False)

    def poll(self) -> int | None:
        """0 once it has ended: how is not known, for it is another's child."""
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
        """Whether what it has imported would be the same with these variables."""
        return _of_libraries(environment) == _of_libraries(self.environment)

    def begin(self, environment: Mapping[str, str], output: IO[str]) -> Forked:
        self.to.write(json.dumps([output.name, dict(environment)]) + "\n")
        self.to.flush()
        pid = int(self.back.readline())
        return Forked(pid, os.pidfd_open(pid))


_READY: list[Ready] = []
"""One, inside `standing_by`."""


def _of_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(_OWN)}


@contextmanager
def standing_by(environment: Mapping[str, str]) -> Iterator[None]:
    """Inside, `server` begins whoever has this environment so, whatever settings of ours it has."""
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
    """A process that serves and is gone when the block is left; it speaks to `output`."""
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
        # Whatever it started and left behind goes too.
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
    gc.freeze()  # what is imported is shared with each server, and looked through by none
    # None of them is waited for here; whoever asked for one watches it.
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
    # What it spawns begins as what a server spawns.
    sys.modules["__main__"] = sys.modules["publicmeeting.cli.serve"]
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for handle in (1, 2):
        os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND), handle)
    try:
        in_one_sentence(serve)
    except BaseException:  # noqa: BLE001 (the log of a journey shows it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # nothing of the process that stands by is ended with it


if __name__ == "__main__":
    main()
