"""Opens the city for a command, after checking that tables, key and files belong together."""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, master_key

if TYPE_CHECKING:
    from publicmeeting.application import Application
    from publicmeeting.media.files import Files
    from publicmeeting.store.unit_of_work import Store
    from publicmeeting.usecases.oversight.installation import Pairing

ADOPT = "--adopt"

UNPAIRED = {
    "different": "belong to another installation than this database",
    "unknown_files": "are not known to be those of this database",
    "unknown_database": "belong to an installation, and this database to none; an empty one gets "
    "its dump first",
    "strangers": "do not belong to this database: one of the two is empty",
    "older_database": "are newer than this database, which was restored from before",
}
_WAY_OUT = (
    ": check DATABASE_URL, PUBLICMEETING_DATA and PUBLICMEETING_S3_*. All machines name one place. "
    "If a storage copy was interrupted, run it again. If they do belong together, "
    f"say so once with {ADOPT}. Nothing was changed."
)
_OLDER = (
    "This database is older than {files}: it was restored from before. Nothing is lost, and no "
    f"file is swept until you say once with {ADOPT} that this state is to stay."
)


def add_adopt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        ADOPT, action="store_true", help="say that the files belong to this database as it is now"
    )


def make_ready(settings: Settings, *, adopt: bool) -> None:
    """Pair files and database.

    Raises StopError if they do not belong together, StorageUnavailable (an OSError) if a bucket
    cannot be used.
    """
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.usecases.oversight.installation import Pairing, pair

    with _opened(settings) as (store, files):
        found = pair(store, files, utc_now(), adopt=adopt)
        _refuse_strange(settings, found)
        if found is Pairing.OLDER_DATABASE:
            print(_OLDER.format(files=place(settings)), flush=True)


def refuse_files_of_a_lost_database(settings: Settings) -> None:
    """Raise what `make_ready` raises for an empty database, before it gets tables.

    A dump is restored into an empty one only.
    """
    from publicmeeting.media.files import open_store, read_mark
    from publicmeeting.store.database.migrate import current
    from publicmeeting.usecases.oversight.installation import Pairing

    if current(settings) is None and read_mark(open_store(settings.data_dir, settings.s3)):
        _refuse_strange(settings, Pairing.UNKNOWN_DATABASE)


def refuse_strange_files(settings: Settings) -> None:
    """Raise what `make_ready` raises, without changing anything."""
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.usecases.oversight.installation import pairing

    with _opened(settings) as (store, files):
        _refuse_strange(settings, pairing(store, files, utc_now()))


def own_files(settings: Settings) -> bool:
    """Whether the files belong to this database, or to none yet."""
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.media.files import open_store, read_mark
    from publicmeeting.store.database.migrate import current
    from publicmeeting.usecases.oversight.installation import pairing

    if read_mark(open_store(settings.data_dir, settings.s3)) is None:
        return True
    if current(settings) is None:
        return False
    with _opened(settings) as (store, files):
        return pairing(store, files, utc_now()).may_serve


def _refuse_strange(settings: Settings, found: "Pairing") -> None:
    if not found.may_serve:
        raise StopError(f"{place(settings).capitalize()} {UNPAIRED[found.value]}{_WAY_OUT}")


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple["Store", "Files"]]:
    from publicmeeting.media.files import Files, open_store
    from publicmeeting.store.unit_of_work import Store

    with closing(Store(settings.database_url, master_key(settings))) as store:
        files = Files(open_store(settings.data_dir, settings.s3), store.vault)
        files.objects.refuse_unusable()
        yield store, files


def place(settings: Settings) -> str:
    """Return where the files are, for a sentence."""
    where = f"bucket {settings.s3.bucket}" if settings.s3 else str(settings.data_dir)
    return f"the files in {where}"


WRONG_KEY = (
    "The key is not the one this database was sealed with: set PUBLICMEETING_SECRET, or put "
    "secret.key back, as it was; where rekey was interrupted, run it again. Nothing was changed."
)


@contextmanager
def opened(settings: Settings) -> Iterator["Application"]:
    """Yield the application; raises StopError unless tables and key fit this program.

    Servers must be able to open the accounts, sessions and log entries that a command seals.
    """
    from publicmeeting.application import open_application

    refuse_old_tables(settings)
    refuse_wrong_key(settings)
    application = open_application(settings)
    with closing(application.store):
        yield application


def refuse_old_tables(settings: Settings) -> None:
    """Raise StopError if `migrate` has not brought the tables up to date."""
    from publicmeeting.store.database.migrate import needs_upgrade

    if needs_upgrade(settings):
        raise StopError("The database is not ready: run the migrate command first.")


def refuse_wrong_key(settings: Settings) -> None:
    """Raise StopError if the database was sealed with another master key."""
    from publicmeeting.store.database.vault import WrongKey
    from publicmeeting.store.rekey import check_key
    from publicmeeting.store.unit_of_work import Store

    with closing(Store(settings.database_url, master_key(settings))) as store:
        try:
            check_key(store)
        except WrongKey:
            raise StopError(WRONG_KEY) from None
