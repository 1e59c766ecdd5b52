"""Prepares the database at every start, as a process of its own beside the build.

It brings the tables up to date; a demo with an empty database gets its demo city.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

from publicmeeting.cli.machine.lock import tables_lock
from publicmeeting.cli.opening import (
    ADOPT,
    WRONG_KEY,
    make_ready,
    own_files,
    place,
    refuse_files_of_a_lost_database,
    refuse_old_tables,
    refuse_strange_files,
    refuse_wrong_key,
)
from publicmeeting.cli.stop import StopError, without_traceback
from publicmeeting.config import Settings, master_key, settings
from publicmeeting.kit.process.private import make_private

Show: TypeAlias = Callable[[str], None]
Fill: TypeAlias = Callable[[Settings, Show], None]

_IN_POSTGRESQL = (
    "The demo's city in PostgreSQL is not deleted by this command: drop its database and create it "
    "again, delete {places}, and start again. Nothing was deleted."
)
_OLDER_DEMO = (
    "This demo city was made by an older program, whose log this one does not continue: make a new "
    "one with seed --reset. Nothing was changed."
)
_OLDER_KEY = (
    "The key of the public log is as an older program sealed it, and the log waits: once no older "
    "server runs, name the reserve key from its paper with log set-reserve."
)


def prepare(settings: Settings, *, adopt: bool = False, fill: Fill | None = None) -> None:
    """Prepare the database; `fill` fills an empty demo, by default with the simulated city.

    Raises StopError if the database cannot be reached or written, or does not belong to the files;
    `adopt` declares that it does.
    """
    with _reachable(), tables_lock(settings):
        if settings.is_demo and _unfinished(settings).exists():
            forget(settings)
        _update(settings, adopt=adopt)
        if settings.is_demo:
            _fill(settings, fill)


def _fill(settings: Settings, fill: Fill | None) -> None:
    from publicmeeting.seeder.fill import fill_if_empty

    def show(progress: str) -> None:
        # Called before the first row is written, and not at all if the city exists. A partly seeded
        # city looks complete; only this file shows that it is not.
        _unfinished(settings).touch()
        print(f"  city: {progress}", flush=True)

    (fill or fill_if_empty)(settings, show)
    _unfinished(settings).unlink(missing_ok=True)


def check(settings: Settings) -> None:
    """Raise StopError if this program may not serve from these tables and files.

    Changes nothing.
    """
    with _reachable():
        refuse_old_tables(settings)
        refuse_wrong_key(settings)
        refuse_strange_files(settings)


def forget(settings: Settings) -> None:
    """Delete the demo's city, so that it is seeded again.

    Raises StopError if the files belong to another installation: a demo that points at a real
    city's folder or bucket must not empty it. Raises it also if the city is in PostgreSQL, whose
    tables would remain and then belong to no files.
    """
    from publicmeeting.seeder import fill
    from publicmeeting.store.database.migrate import current

    if current(settings) is not None:
        if not settings.is_sqlite:
            more = f" and {place(settings)}" if settings.s3 else ""
            raise StopError(_IN_POSTGRESQL.format(places=f"{settings.data_dir}{more}"))
        _upgrade(settings)  # whose the files are can be read in this release's tables alone
    if not own_files(settings):
        raise StopError(
            f"{place(settings).capitalize()} belong to another installation: nothing was deleted."
        )
    fill.reset(settings)


def _unfinished(settings: Settings) -> Path:
    return settings.data_dir / "city.unfinished"


def update(settings: Settings, *, adopt: bool = False) -> None:
    """Bring the tables up to date, and check key and files.

    Raises what `prepare` raises.
    """
    with _reachable(), tables_lock(settings):
        _update(settings, adopt=adopt)


def _update(settings: Settings, *, adopt: bool) -> None:
    make_private(settings.data_dir)
    if not adopt:
        refuse_files_of_a_lost_database(settings)
    _upgrade(settings)
    refuse_wrong_key(settings)
    make_ready(settings, adopt=adopt)
    if _has_older_key(settings):
        if settings.is_demo:
            raise StopError(_OLDER_DEMO)
        print(_OLDER_KEY, flush=True)


def _has_older_key(settings: Settings) -> bool:
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.store.unit_of_work import Store

    with (
        closing(Store(settings.database_url, master_key(settings))) as store,
        store.unit_of_work(utc_now(), reading=True) as uow,
    ):
        return uow.log.keys().is_alone


def _upgrade(settings: Settings) -> None:
    from publicmeeting.store.database.migrate import upgrade
    from publicmeeting.store.database.vault import WrongKey

    try:
        with _reachable():
            upgrade(settings, lambda step: print(f"  {step}", flush=True))
    except WrongKey:  # a migration has to seal existing data, and was not run
        raise StopError(WRONG_KEY) from None


@contextmanager
def _reachable() -> Iterator[None]:
    """Turn an unreachable database into one sentence."""
    try:
        yield
    except Exception as error:
        # By name, because only the store may import the database's errors.
        if type(error).__name__ != "OperationalError":
            raise
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise StopError(
            f"The database cannot be used ({reason}): check DATABASE_URL and start again."
        ) from None


if __name__ == "__main__":
    sys.exit(without_traceback(lambda: prepare(settings(), adopt=ADOPT in sys.argv)))
