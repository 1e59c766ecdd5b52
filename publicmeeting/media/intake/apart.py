"""A decoder in a process of its own: what harms it harms nothing else, and no key is at hand.

Its memory, its time and what it writes are limited by the system, whatever its file says of itself.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from publicmeeting.config import PROJECT

_SECONDS = 30
_PROCESSOR_SECONDS = 8
"""The largest photograph takes less than one."""
_NICER = 10
PROGRAM = 120_000_000
"""Bytes the program itself may take, beside what its picture needs."""


@contextmanager
def read_apart(module: str, *words: str, data: bytes) -> Iterator[IO[bytes]]:
    """The output of the module for this input and these arguments.

    OSError for data it cannot read, or not with the time and the memory it has.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as written:
        file.write(data)
        file.seek(0)
        try:
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
    """From now on this process gets `memory` bytes for its picture and writes `output` at most.

    It steps back behind whatever else wants the processor. A system that has no such limit goes
    without.
    """
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
