"""What the program sends to its database while a test looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from publicmeeting.store.unit_of_work import Store


@contextmanager
def statements_sent(store: Store) -> Iterator[list[str]]:
    """Their texts in order; cleared, it counts anew."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)
