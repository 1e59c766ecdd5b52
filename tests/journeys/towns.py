"""What a journey looks up in the data of its served city, and in the server's log."""

from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from support.served_city import Served

from publicmeeting.application import Application, open_application
from publicmeeting.config import Settings
from publicmeeting.store.database.recent import Recent

T = TypeVar("T")


class Uncached(Recent):
    """Answers of a second ago are out of date in a process that hears of no change."""

    def get(self, key: Hashable, now: datetime) -> None:
        return None

    def get_or_compute(
        self,
        key: Hashable,
        topics: Collection[str],
        now: datetime,
        compute: Callable[[], T],
        since: int | None = None,
    ) -> T:
        return compute()


@contextmanager
def read_anew(settings: Settings) -> Iterator[Application]:
    """Open a served city's data beside its server.

    Pages do not learn of commands that this process executes, nor does it learn of theirs; so it
    reads each thing anew, above all the clock that a press has just moved.
    """
    application = open_application(settings)
    application.store.recent = Uncached()
    yield application
    application.store.close()


def nothing_failed_in(town: Served, before: int = 0) -> None:
    """Check that the server's log has no traceback after its first `before` bytes."""
    log = town.log.read_bytes()[before:].decode()
    assert "Traceback" not in log, log
