"""The city as a command opens it: tables of this program, and the key they were sealed with."""

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
    """Raises `StopError` where tables or key are not this program's: what an account, a session or
    an entry of the log is sealed with must be what the servers open it with."""
    from publicmeeting.application import open_application

    refuse_old_tables(settings)
    refuse_wrong_key(settings)
    application = open_application(settings)
    try:
        yield application
    finally:
        application.store.close()


def refuse_old_tables(settings: Settings) -> None:
    """Raises `StopError` before `migrate` has brought the tables up to date."""
    from publicmeeting.store.database.migrate import needs_upgrade

    if needs_upgrade(settings):
        raise StopError("The database is not ready: run the migrate command first.")


def refuse_wrong_key(settings: Settings) -> None:
    """Raises `StopError` when the database was sealed with another master key."""
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
