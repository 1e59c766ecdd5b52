"""The line as the public log says it, read once a process and carried on from there.

A list is fixed from this and nothing else: rows of the database are an index that is compared with
it (docs/turns.md 1).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.public_record import Log
from publicmeeting.turns.machine.draws import voidable
from publicmeeting.turns.machine.replay import read
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.machine.tickets import is_displacing_late, lists_without
from publicmeeting.turns.machine.undoing import is_owed
from publicmeeting.turns.pool import Row

_AT_ONCE = 1000
_COUNTS = ("waited", "debt", "given_up", "unanswered")


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


@dataclass(frozen=True, slots=True)
class Listing:
    """What the log says of one ticket and one list that is fixed.

    `is_listed`: in the list that follows from the log. `is_wrong`: the
    list as announced is another one. `is_missing`: a second list has to take her in. `voidable`:
    the act in her own name that alone keeps her out and may be void still; 0 for none.
    """

    is_listed: bool
    is_wrong: bool
    is_missing: bool
    voidable: int


class LineBook(Repository):
    """The state of the line inside one transaction."""

    def __init__(self, transaction: Transaction, log: Log, shared: SharedBook) -> None:
        super().__init__(transaction)
        self._log = log
        self._shared = shared

    def catch_up(self) -> None:
        """Read what was committed since, so that nobody waits for it while the log is locked."""
        with self._as_committed():
            pass

    def rows(self, draw: str) -> list[Row]:
        """Everybody in the line of a draw now, once the log is locked: nobody can append until this
        transaction ends. KeyError for a draw that the log does not know."""
        with self._at_head() as book:
            one = book.draws[draw]
            return list(book.line(one, book.weeks[one.day].line_closed).values())

    def second_rows(self, draw: str) -> list[Row]:
        """The first list of a draw and those alone whom a second one has to take in."""
        with self._at_head() as book:
            one = book.draws[draw]
            first = one.first_pool.rows if one.first_pool else {}
            return list({**first, **one.missing}.values())

    def list_file(self, draw: str) -> dict[str, Any]:
        """The file of a draw's newest list as it follows from the log, once nothing changes it any
        more. KeyError before there is one."""
        with self._as_committed() as book:
            pool = book.draws[draw].pool
            if pool is None:
                raise KeyError(draw)
            return dict(pool.file)

    def listing(self, draw: str, ticket: str) -> Listing:
        """One ticket and one fixed list, as long as its Monday and the ticket's request are locked.
        A draw that the log does not know lists nobody: `doctor` names it."""
        with self._as_committed() as book:
            one, hers = book.draws.get(draw), book.tickets.get(ticket)
            if one is None:
                return Listing(is_listed=False, is_wrong=False, is_missing=False, voidable=0)
            is_listed = one.pool is not None and ticket in one.pool.rows
            return Listing(
                is_listed=is_listed,
                is_wrong=one.is_list_wrong,
                is_missing=ticket in one.missing and not is_listed,
                voidable=voidable(book, one, hers) if hers else 0,
            )

    def taken_by(self, seq: int) -> dict[str, int]:
        """What a seat that was given up by an entry took of her counts; less than 0: what it added.
        KeyError where it is no such entry, or was undone."""
        with self._as_committed() as book:
            undo = book.undo[seq]
            after = undo.after or undo.ticket
            return {one: getattr(undo.ticket, one) - getattr(after, one) for one in _COUNTS}

    def is_owed(self, ticket: str, seq: int) -> bool:
        """Whether the city owes her a seat if she denies this act of hers now and the seat does not
        come back; as long as its Monday is locked."""
        with self._as_committed() as book:
            undo, hers = book.undo.get(seq), book.tickets.get(ticket)
            return undo is not None and hers is not None and is_owed(book, hers, undo)

    def won_by(self, out: int) -> int:
        """The draw that would have seated whoever left by an entry between its list and it; 0 for
        none."""
        with self._as_committed() as book:
            undo = book.undo.get(out)
            return undo.won_by if undo is not None else 0

    def is_displacing_late(self, ticket: str, now: datetime) -> bool:
        """Whether a ticket whose identity another has proved still waits for a draw, or its Monday,
        before it is taken out of the line."""
        with self._at_head() as book:
            one = book.tickets.get(ticket)
            return one is not None and is_displacing_late(book, one, now)

    def lists_without(self, ticket: str) -> int:
        """How many lists of hers were fixed since a ticket was taken out."""
        with self._at_head() as book:
            one = book.tickets.get(ticket)
            return lists_without(book, one, book.size + 1) if one is not None else 0

    @contextmanager
    def _at_head(self) -> Iterator[Book]:
        """The state at the newest entry, those of this transaction included."""
        self.catch_up()
        size = self._log.lock()
        committed = size - self._log.appended
        with self._shared.reading(self._log, committed) as book:
            if not self._log.appended:
                yield book
                return
            own = deepcopy(book)
        carry_on(own, self._log, size)
        yield own

    @contextmanager
    def _as_committed(self) -> Iterator[Book]:
        """The state without what this transaction appends; locks nothing, so that whoever goes on
        to requests takes their locks before that of the log."""
        size = self._log.head().seq - self._log.appended
        with self._shared.reading(self._log, size) as book:
            yield book
