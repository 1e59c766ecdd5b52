"""Runs a decoder in a process of its own, so that an exploit reaches neither keys nor memory.

The system limits its memory, its time and its output, whatever the file declares.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from publicmeeting.config import PROJECT
from publicmeeting.kit.process.interpreter import on_all

_SECONDS = 30
_PROCESSOR_SECONDS = 8
"""Processor time limit in seconds; the largest photograph takes less than one."""
_NICER = 10
PROGRAM = 120_000_000
"""Bytes for the program itself, beside those for its picture."""


@contextmanager
def read_apart(module: str, *words: str, data: bytes) -> Iterator[IO[bytes]]:
    """Yield the output of the module for this input and these arguments.

    Raises OSError for data that it cannot read within its time and memory.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as written:
        file.write(data)
        file.seek(0)
        try:
            with on_all():
                subprocess.run(  # noqa: S603  (this program itself)
                    [sys.executable, "-m", module, *words],
                    stdin=file,
                    stdout=written,
                    stderr=subprocess.DEVNULL,
                    cwd=PROJECT,
                    env={"PYTHONPATH": str(PROJECT)},
                    timeout=_SECONDS,
                    check=True,
                )
        except subprocess.SubprocessError as fault:
            raise OSError("the picture cannot be read") from fault
        written.seek(0)
        yield written


def limit_self(memory: int, output: int) -> None:
    """Limit this process to `memory` bytes for its picture and `output` bytes of output.

    It also lowers its priority. A system without such limits goes without them.
    """
    with suppress(OSError):  # not allowed by a service manager
        os.nice(_NICER)
    limits = (
        (resource.RLIMIT_DATA, memory + PROGRAM),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CPU, _PROCESSOR_SECONDS),
        (resource.RLIMIT_CORE, 0),
    )
    for which, wanted in limits:
        _, hard = resource.getrlimit(which)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (most, most))
