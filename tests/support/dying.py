"""A worker in a process of its own that is killed with SIGKILL before one of its statements.

    python -m support.dying URL FOLDER SECONDS STATEMENT

Runs one tick of the clock at that instant (seconds since 1970); STATEMENT 0 lets it live.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event

from support.city import open_office
from support.clock import FixedClock


def main(url: str, folder: str, seconds: str, statement: str) -> None:
    office = open_office(url, Path(folder), FixedClock(datetime.fromtimestamp(int(seconds), UTC)))
    left = int(statement)

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(office.store.engine, "before_cursor_execute", count)
    office.worker.keep_time()


if __name__ == "__main__":
    main(*sys.argv[1:])
