"""What the program sends to its database while a test looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from publicmeeting.store.unit_of_work import Store
from support.plans import asked


@contextmanager
def statements_sent(store: Store) -> Iterator[list[str]]:
    """Their texts in order; cleared, it counts anew."""
    with asked(store.engine) as found:
        yield found.texts
