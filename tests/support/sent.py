"""Statements that the program sends to its database while a test watches."""

from collections.abc import Iterator
from contextlib import contextmanager

from publicmeeting.store.unit_of_work import Store
from support.plans import asked


@contextmanager
def statements_sent(store: Store) -> Iterator[list[str]]:
    """Collect the texts of the statements in order; a test may clear the list to count anew."""
    with asked(store.engine) as found:
        yield found.texts
