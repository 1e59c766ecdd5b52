"""A change of the master key that is killed with SIGKILL in the middle.

    main URL FOLDER OLD NEW POINT NUMBER

POINT is what the process is killed before: sealing the NUMBERth `file`, the NUMBERth `statement` or
`commit`, or the `drop` of an old file. `end` lets it live.
"""

import os
import signal
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from publicmeeting.cli.commands.rekey import change_key
from publicmeeting.config import Settings
from publicmeeting.media.files import FolderStore


def main(url: str, folder: str, old: str, new: str, point: str, number: str) -> None:
    left = int(number)

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if point in {"file", "drop"}:
        method = {"file": "write", "drop": "delete"}[point]
        real = getattr(FolderStore, method)

        def counted(files: FolderStore, *what: Any) -> None:
            count()
            real(files, *what)

        setattr(FolderStore, method, counted)
    elif point == "commit":
        event.listen(Engine, "commit", count)
    elif point == "statement":
        event.listen(Engine, "before_cursor_execute", count)
    environ = {
        "DATABASE_URL": url,
        "PUBLICMEETING_DATA": folder,
        "PUBLICMEETING_SECRET": old,
        "PUBLICMEETING_SECRET_NEXT": new,
    }
    change_key(Settings.from_environment(environ), print)
