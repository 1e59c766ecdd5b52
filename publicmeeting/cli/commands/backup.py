"""`backup`: copies the database of the demo or a small city, and records that a copy is complete.

`backup FILE` copies an SQLite database while it is in use. `backup --done` is the last command of
any backup: `/health` shows how old the newest one is.
"""

import argparse
from pathlib import Path

from publicmeeting.cli.opening import opened
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("backup", help="copy the database, or record a complete copy")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", type=Path, nargs="?", metavar="FILE", help="must not exist yet")
    which.add_argument(
        "--done", action="store_true", help="record that database and files are copied"
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    if arguments.done:
        _note(settings())
        return
    size = back_up(settings(), arguments.file)
    print(f"{arguments.file}: {size >> 10} KB. It opens only with the key of this installation,")
    print("which is not in it. Copy the files it names after it, for none is ever changed:")
    if (bucket := settings().s3) is not None:
        print(f"  bucket {bucket.bucket} at {bucket.endpoint}")
        return
    for name in ("images", "originals", "trash", "installation.json"):
        print(f"  {settings().data_dir / name}")


def _note(settings: Settings) -> None:
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.worker.health import note_backup

    with opened(settings) as application:
        note_backup(application.store, utc_now())


def back_up(settings: Settings, file: Path) -> int:
    """Copy the database and return the copy's size in bytes; raises StopError with the reason."""
    from publicmeeting.store.database.engine import copy_sqlite

    if not settings.is_sqlite:
        raise StopError(
            "This database is PostgreSQL: use pg_dump, which copies it whole while it is in use."
        )
    try:
        return copy_sqlite(settings.database_url, file)
    except FileExistsError:
        raise StopError(f"{file} exists already: name a new file.") from None
    except FileNotFoundError as missing:
        what = "There is no database to copy yet" if file.parent.is_dir() else "No such folder"
        raise StopError(f"{what}: {missing.filename or missing}.") from None
