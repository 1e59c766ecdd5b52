"""What every start does to the database, as a process of its own beside the build.

Brings the tables up to date; a demo whose database is empty gets its demo city.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from publicmeeting.cli.machine.lock import tables_lock
from publicmeeting.cli.opening import WRONG_KEY, refuse_old_tables, refuse_wrong_key
from publicmeeting.cli.pairing import ADOPT, make_ready, own_files, place, refuse_strange_files
from publicmeeting.cli.stop import StopError, in_one_sentence
from publicmeeting.config import Settings, settings
from publicmeeting.kit.private import make_private

Show: TypeAlias = Callable[[str], None]
Fill: TypeAlias = Callable[[Settings, Show], None]


def prepare(settings: Settings, *, adopt: bool = False, fill: Fill | None = None) -> None:
    """`fill`: fills a demo's empty database, with the city that is lived through if it is None.

    Raises `StopError` when the database cannot be reached or written, or is not that of the files;
    `adopt` says that it is."""
    with _reachable(), tables_lock(settings):
        if settings.is_demo and _unfinished(settings).exists():
            forget(settings)
        _update(settings, adopt=adopt)
        if settings.is_demo:
            _fill(settings, fill)


def _fill(settings: Settings, fill: Fill | None) -> None:
    from publicmeeting.seeder.fill import fill_if_empty

    def show(progress: str) -> None:
        # The first word comes before the first row, and none when the city is there. A city
        # seeded to the middle looks like a whole one; only this file knows.
        _unfinished(settings).touch()
        print(f"  city: {progress}", flush=True)

    (fill or fill_if_empty)(settings, show)
    _unfinished(settings).unlink(missing_ok=True)


def check(settings: Settings) -> None:
    """Raises `StopError` where this program may not serve from tables and files as they are;
    changes nothing."""
    with _reachable():
        refuse_old_tables(settings)
        refuse_wrong_key(settings)
        refuse_strange_files(settings)


def forget(settings: Settings) -> None:
    """Remove the demo's city, to be seeded anew.

    Raises `StopError` where the files are those of another installation: a demo that was pointed
    at a real city's folder or bucket must not empty it.
    """
    from publicmeeting.seeder import fill

    if not own_files(settings):
        raise StopError(
            f"{place(settings).capitalize()} belong to another installation: nothing was deleted."
        )
    fill.reset(settings)


def _unfinished(settings: Settings) -> Path:
    return settings.data_dir / "city.unfinished"


def update(settings: Settings, *, adopt: bool = False) -> None:
    """Bring the tables up to date, see that key and files fit, and seal what an earlier program
    has left readable; raises as `prepare` does."""
    with _reachable(), tables_lock(settings):
        _update(settings, adopt=adopt)


def _update(settings: Settings, *, adopt: bool) -> None:
    from publicmeeting.store.database.migrate import upgrade
    from publicmeeting.store.database.vault import WrongKey

    make_private(settings.data_dir)
    try:
        with _reachable():
            upgrade(settings)
    except WrongKey:  # a step has to seal what lies there; it has not been taken
        raise StopError(WRONG_KEY) from None
    refuse_wrong_key(settings)
    make_ready(settings, adopt=adopt)


@contextmanager
def _reachable() -> Iterator[None]:
    """A database out of reach is one sentence."""
    try:
        yield
    except Exception as error:
        # Known by name: only the store may know whose error this is.
        if type(error).__name__ != "OperationalError":
            raise
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise StopError(
            f"The database cannot be used ({reason}): check DATABASE_URL and start again."
        ) from None


if __name__ == "__main__":
    sys.exit(in_one_sentence(lambda: prepare(settings(), adopt=ADOPT in sys.argv)))
