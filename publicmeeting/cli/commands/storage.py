"""`storage`: the files beside the database: status, sweep, restore from the trash, copy."""

import argparse
from collections import Counter
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from publicmeeting.cli.machine.lock import no_server
from publicmeeting.cli.opening import opened, place
from publicmeeting.cli.stop import StopError
from publicmeeting.config import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publicmeeting.application import Application

_WORDS = {
    "no_requests": "nothing is swept before the first request",
    "unchecked": "nothing is swept until doctor has found every file in order",
    "no_longer_fine": "nothing is swept: doctor found the files in order once and no longer does",
    "unpaired": "nothing is swept: these files are not known to be this database's",
    "older_database": "nothing is swept: this database was restored from before these files",
    "files_missing": "nothing is swept: {files} files that rows name are missing, see doctor",
    "too_many": (
        "nothing is swept: no row names {files} files, and nobody has dropped them. If that is "
        "right: storage sweep --beyond"
    ),
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("storage", help="the files of pictures and originals")
    doing = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    doing.add_parser("status", help="how many there are, the trash, the last sweep").set_defaults(
        perform=_status
    )
    sweep = doing.add_parser("sweep", help="move what no row names into the trash, now")
    sweep.add_argument("--beyond", action="store_true", help="also more than usual")
    sweep.set_defaults(perform=_sweep)
    restore = doing.add_parser("restore", help="bring files back out of the trash")
    restore.add_argument("--day", type=_day, help="all of that day, YYYY-MM-DD")
    restore.set_defaults(perform=_restore)
    copy = doing.add_parser("copy", help="copy all files between data folder and bucket")
    copy.add_argument("direction", choices=("to-bucket", "to-folder"))
    copy.set_defaults(perform=_copy)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day like 2026-11-30") from None


def _status(_arguments: argparse.Namespace) -> None:
    from publicmeeting.worker.cleanup import SWEEP, files_fine_at, stopped

    with _application() as application:
        for storage in application.files.all:
            print(f"{storage.area}: {len(storage.names())}")
        for day, count in sorted(_trash(application).items()):
            print(f"trash of {day}: {count}")
        fine = files_fine_at(application.store, application.clock())
        print(f"doctor found all in order: {fine.date() if fine else 'not yet'}")
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            stop, swept_at = stopped(uow), uow.clockwork.done_at(SWEEP)
        if stop is not None:
            since = f"{swept_at:%Y-%m-%d %H:%M} UTC" if swept_at else "never"
            print(_WORDS[stop.why.value].format(files=stop.files))
            print(f"last sweep: {since}; storage sweep looks again at once")


def _sweep(arguments: argparse.Namespace) -> None:
    from publicmeeting.worker.cleanup import sweep_files

    with _application() as application:
        result = sweep_files(application, application.clock(), beyond=arguments.beyond)
    print(
        f"{result.discarded} files moved into the trash, {result.brought_back} brought back, "
        f"{result.purged} deleted for good."
    )
    if result.stopped is not None:
        raise StopError(_WORDS[result.stopped.why.value].format(files=result.stopped.files) + ".")


def _restore(arguments: argparse.Namespace) -> None:
    """Restore the files that rows name, or with a day all files of that day."""
    from publicmeeting.worker.cleanup import named_by

    with _application() as application:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            named = named_by(uow)
        back = sum(
            storage.bring_back(discarded)
            for storage, names in zip(application.files.all, named, strict=True)
            for discarded in list(storage.discarded())
            if discarded.on == arguments.day or (arguments.day is None and discarded.name in names)
        )
    print(f"{back} files are back in their place.")


def _copy(arguments: argparse.Namespace) -> None:
    """Copy sealed bytes; existing files are left.

    So it can be repeated, and run while a server still writes to the old place.
    """
    from publicmeeting.media.files import BucketStore, FolderStore, copy_files

    chosen = settings()
    if chosen.s3 is None:
        raise StopError("There is no bucket: name it with PUBLICMEETING_S3_*.")
    folder, bucket = FolderStore(chosen.data_dir), BucketStore(chosen.s3)
    bucket.refuse_unusable()
    ends = (folder, bucket) if arguments.direction == "to-bucket" else (bucket, folder)
    with no_server(chosen, "copying its files"):
        try:
            copied = copy_files(*ends)
        except ValueError:
            raise StopError(
                "One of the two places belongs to another installation, or these files to none "
                "yet: nothing was copied."
            ) from None
    print(f"{copied} files copied. The old ones are where they were.")


@contextmanager
def _application() -> "Iterator[Application]":
    """Yield the application; raises StopError unless the files are known to be this database's."""
    from publicmeeting.usecases.oversight.installation import pairing

    with opened(settings()) as application:
        if not pairing(application.store, application.files, application.clock()).may_serve:
            raise StopError(
                f"This database does not know {place(settings())}: run the migrate command, which "
                "says why."
            )
        yield application


def _trash(application: "Application") -> Counter[date]:
    return Counter(
        discarded.on for storage in application.files.all for discarded in storage.discarded()
    )
