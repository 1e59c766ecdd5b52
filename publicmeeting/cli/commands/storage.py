"""`storage`: the files beside the database: status, sweep, restore from the trash, copy."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from publicmeeting.cli.machine.lock import no_server
from publicmeeting.cli.opening import opened, place
from publicmeeting.cli.stop import StopError
from publicmeeting.config import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publicmeeting.application import Application
    from publicmeeting.media.files import Files
    from publicmeeting.media.objects import ObjectStore

_SHOWN = 20
"""Lost files that are printed."""

_REPORT_SECONDS = 10.0
"""A copy of a year's files takes hours; how often it prints where it is."""

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
    copy = doing.add_parser("copy", help="move all files between data folder and bucket")
    copy.add_argument("direction", choices=("to-bucket", "to-folder"))
    copy.add_argument(
        "--without-lost", action="store_true", help="also if files that rows name are lost"
    )
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
    """Copy sealed bytes while no server runs, then move the mark; safe to repeat.

    Raises StopError before anything is copied if the source is not the place where this database
    has its files, or lacks some that rows name.
    """
    from publicmeeting.media.files import BucketStore, Files, FolderStore, copy_files, move_mark
    from publicmeeting.usecases.oversight.installation import pairing

    chosen = settings()
    if chosen.s3 is None:
        raise StopError("There is no bucket: name it with PUBLICMEETING_S3_*.")
    folder, bucket = FolderStore(chosen.data_dir), BucketStore(chosen.s3)
    bucket.refuse_unusable()
    ends: list[tuple[str, ObjectStore]] = [
        (str(chosen.data_dir), folder),
        (f"bucket {chosen.s3.bucket}", bucket),
    ]
    (old, source), (new, target) = ends if arguments.direction == "to-bucket" else ends[::-1]
    with no_server(chosen, "copying its files"), opened(chosen) as application:
        vault, now = application.store.vault, application.clock()
        sources, targets = Files(source, vault), Files(target, vault)
        was, there = sources.mark(), targets.mark()
        if was is None and there and pairing(application.store, targets, now).may_serve:
            print(f"The files were moved to {new} before. Those in {old} are of no use.")
            return
        if was is None or not pairing(application.store, sources, now).may_serve:
            raise StopError(f"The city's files are not those in {old}: nothing was copied.")
        if there is not None and there.installation != was.installation:
            raise StopError(f"Another city's files are in {new}: nothing was copied.")
        missing = () if arguments.without_lost else _missing(application, sources)
        if missing:
            raise StopError(_words_of_missing(missing, old))
        try:
            copied = copy_files(source, target, _reporter())
        except KeyboardInterrupt:
            print("Interrupted: run it again, it copies the rest.", file=sys.stderr)
            raise
        move_mark(source, target)
    print(f"{copied} files copied. The city's place is {new}: let every machine name it.")
    print(f"Once doctor finds every file there, delete the old ones in {old}.")


def _reporter() -> "Callable[[int, int], None]":
    """Return a function that prints how far a copy is, from time to time."""
    last = time.monotonic()

    def report(done: int, of: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _REPORT_SECONDS:
            last = time.monotonic()
            print(f"  {done} of {of} files", flush=True)

    return report


def _missing(application: "Application", files: "Files") -> tuple[str, ...]:
    """Return the files that rows name and this place lacks, each once with one that names it."""
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.usecases.base import Nothing
    from publicmeeting.usecases.oversight.installation import named_files

    named = application.query_as(COMMAND_LINE, named_files, Nothing())
    pairs = ((named.images, files.images.names()), (named.originals, files.originals.names()))
    lost = {name: who for rows, stored in pairs for who, name in rows if name not in stored}
    return tuple(f"{who}: {name}" for name, who in lost.items())


def _words_of_missing(missing: Sequence[str], place: str) -> str:
    more = f"  and {len(missing) - _SHOWN} more: see doctor\n" if len(missing) > _SHOWN else ""
    return (
        f"{place} lacks {len(missing)} files that rows name:\n"
        + "".join(f"  {one}\n" for one in missing[:_SHOWN])
        + more
        + "Nothing was copied. Put them back from a backup. If they are lost for good, say so with "
        "--without-lost."
    )


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
