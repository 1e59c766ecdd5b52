"""A whole copy of a SQLite database while it is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url


def copy_sqlite(url: str, target: Path) -> int:
    """Copy the database as of now into a new file only its owner can read; gives its bytes.

    Personal fields stay sealed in it, and the key is not in it. Raises FileExistsError when there
    is such a file, FileNotFoundError without a database, ValueError for another kind of database.
    """
    source = make_url(url)
    if source.get_backend_name() != "sqlite" or not source.database:
        raise ValueError(source.get_backend_name())
    if not Path(source.database).exists():
        raise FileNotFoundError(source.database)
    target.touch(mode=0o600, exist_ok=False)
    try:
        with (
            closing(sqlite3.connect(source.database)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
            # One file, complete in itself: nothing waits beside it in a log.
            there.execute("PRAGMA journal_mode=DELETE")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target.stat().st_size
