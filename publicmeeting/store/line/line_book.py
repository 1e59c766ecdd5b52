"""The line as the public log says it, read once a process and carried on from there.

A list is fixed from this and nothing else: rows of the database are an index that is compared with
it (docs/turns.md 1).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.public_record import Log
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.pool import Row

_AT_ONCE = 1000


class SharedBook:
    """What one process has read of the log; only entries that are committed enter it."""

    def __init__(self) -> None:
        self._book = Book()
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, log: Log, size: int) -> Iterator[Book]:
        """The state after `size` entries, for as long as nobody else carries it on."""
        with self._lock:
            if self._book.size > size:
                self._book = Book()  # another database, or one that has lost entries
            carry_on(self._book, log, size)
            yield self._book


def carry_on(book: Book, log: Log, size: int) -> None:
    """Read what is missing up to an entry; what is wrong with one is the auditor's to say."""
    while book.size < size:
        entries = log.after(book.size, min(_AT_ONCE, size - book.size))
        if not entries:
            return
        for entry in entries:
            for _ in read(book, entry.published):
                pass


class LineBook(Repository):
    """The state of the line inside one transaction."""

    def __init__(self, transaction: Transaction, log: Log, shared: SharedBook) -> None:
        super().__init__(transaction)
        self._log = log
        self._shared = shared

    def rows(self, draw: str) -> list[Row]:
        """Everybody in the line of a draw now, once the log is locked: nobody can append until this
        transaction ends. KeyError for a draw that the log does not know."""
        with self._at_head() as book:
            one = book.draws[draw]
            return list(book.line(one, book.weeks[one.day].line_closed).values())

    @contextmanager
    def _at_head(self) -> Iterator[Book]:
        """The state at the newest entry, those of this transaction included."""
        size = self._log.lock()
        committed = size - self._log.appended
        with self._shared.reading(self._log, committed) as book:
            if not self._log.appended:
                yield book
                return
            own = deepcopy(book)
        carry_on(own, self._log, size)
        yield own
