"""Processes of the city that start at once: forks of a process that has imported the program.

    python -m support.forks MODULE...

Each line of its input is a JSON message. A list `[OUTPUT, ERRORS, MODULE, ARGUMENT...]` starts a
process that runs MODULE's `main` and writes to these two files; the answer is its process id. A
number waits for that process; the answer is its exit code.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

TESTS = Path(__file__).parents[1]
MODULES = ("support.command", "support.dying", "support.dying_rekey", "support.dying_upload")
_SECONDS = 120
"""Seconds after which a process that is still running is killed."""


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    """Exit code as `subprocess` reports it; negative for a signal."""
    out: str
    errors: str


@dataclass(frozen=True, slots=True)
class Fork:
    """A process that has started."""

    number: int
    out: Path
    errors: Path
    ask: Callable[[object], int]

    def wait(self) -> Ended:
        code = self.ask(self.number)
        return Ended(code, *(path.read_text("utf-8") for path in (self.out, self.errors)))


@dataclass(frozen=True, slots=True)
class Forks:
    """Starts processes; fixture `forks`."""

    folder: Path
    ask: Callable[[object], int]
    _numbers: Iterator[int]

    def start(self, module: str, *arguments: str) -> Fork:
        files = [self.folder / f"{next(self._numbers)}.{name}" for name in ("out", "errors")]
        number = self.ask([*map(str, files), module, *arguments])
        return Fork(number, *files, self.ask)

    def run(self, module: str, *arguments: str) -> Ended:
        return self.start(module, *arguments).wait()


@contextmanager
def forks(folder: Path) -> Iterator[Forks]:
    """Run the process to fork from; like a server it knows no setting of this machine."""
    environment = {"PYTHONPATH": f"{TESTS}:{TESTS.parent}", "PATH": ""}
    with subprocess.Popen(
        [sys.executable, "-m", "support.forks", *MODULES],
        cwd=TESTS,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdin
        assert server.stdout
        to, back = server.stdin, server.stdout

        def ask(message: object) -> int:
            to.write(json.dumps(message) + "\n")
            to.flush()
            return int(back.readline())

        yield Forks(folder, ask, count(1))
        to.close()


def main(*modules: str) -> None:
    for module in modules:
        importlib.import_module(module)
    gc.freeze()  # forks share the imported objects; none of them collects or copies them
    for line in sys.stdin:
        message = json.loads(line)
        if isinstance(message, int):
            answer = os.waitstatus_to_exitcode(os.waitpid(message, 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                _run(*message)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _run(out: str, errors: str, module: str, *arguments: str) -> None:
    signal.alarm(_SECONDS)
    for handle, path in ((1, out), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), handle)
    code, broke = 1, True
    try:
        sys.modules[module].main(*arguments)
        code, broke = 0, False
    except SystemExit as end:
        code, broke = int(end.code or 0), False
    finally:
        if broke:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
