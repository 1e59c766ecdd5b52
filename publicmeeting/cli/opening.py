"""Opens the city for a command, after checking tables and key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, master_key

if TYPE_CHECKING:
    from publicmeeting.application import Application

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
    try:
        yield application
    finally:
        application.store.close()


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

    store = Store(settings.database_url, master_key(settings))
    try:
        check_key(store)
    except WrongKey:
        raise StopError(WRONG_KEY) from None
    finally:
        store.close()
