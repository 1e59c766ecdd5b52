"""`bench audit`: audit a year's public log of 22 districts with both programs that read one."""

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench.figures import Measured
from bench.verify import STANDALONE
from publicmeeting.config import PROJECT
from publicmeeting.domain.districts.city import DISTRICTS

WEEKS = 52
LIMIT_S, LIMIT_MB = 60, 2000
_SEED, _FILINGS = 7, 12
"""Seed, and requests of a district a week.

They make 183,000 entries a year, half as many again as 22 districts are expected to make.
"""
_KILO = 1024


def measure(weeks: int) -> list[Measured]:
    """Return seconds and memory of each program over the log of this many weeks.

    Making the log is not counted; it takes several times as long as reading it.
    """
    districts = tuple(district.number for district in DISTRICTS)
    sys.path.append(str(PROJECT / "tests" / "turns"))
    city = (
        import_module("small_city")
        .City(_SEED, districts=districts, weeks=weeks, filings=_FILINGS)
        .run()
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "everything.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in city.paths():
                archive.writestr(f"everything/{name}", data)
        megabytes = path.stat().st_size / _KILO**2
        standalone = _run([sys.executable, "-I", str(STANDALONE), str(path)])
        product = _run([sys.executable, "-m", "publicmeeting.cli.app", "verify", str(path)])
    return [
        Measured("weeks of 22 districts", weeks, ""),
        Measured("entries", len(city.entries), ""),
        Measured("signed notes", len(city.notes), ""),
        Measured("draws", len(city.files), ""),
        Measured("archive", megabytes, "MB"),
        Measured("by the downloadable file", standalone[0], "s", LIMIT_S),
        Measured("its memory", standalone[1], "MB", LIMIT_MB),
        Measured("by the product's command", product[0], "s", LIMIT_S),
        Measured("its memory", product[1], "MB", LIMIT_MB),
        Measured("exit codes", standalone[2] + product[2], "", 0),
    ]


def _run(command: Sequence[str]) -> tuple[float, float, int]:
    """Return seconds, peak megabytes, and exit code."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=PROJECT)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, used.ru_maxrss / _KILO, child.returncode
