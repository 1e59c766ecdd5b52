"""`backup FILE`: copies the database of the demo or a small city while it is in use."""

import argparse
from pathlib import Path

from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("backup", help="copy the database into a file")
    parser.add_argument("file", type=Path, metavar="FILE", help="must not exist yet")
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    size = back_up(settings(), arguments.file)
    print(f"{arguments.file}: {size >> 10} KB. It opens only with the key of this installation,")
    print("which is not in it. Copy the files it names after it, for none is ever changed:")
    if (bucket := settings().s3) is not None:
        print(f"  bucket {bucket.bucket} at {bucket.endpoint}")
        return
    for name in ("images", "originals", "trash", "installation.json"):
        print(f"  {settings().data_dir / name}")


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
