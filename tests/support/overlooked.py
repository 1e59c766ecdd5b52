"""A city whose program leaves somebody out of a list: what the log makes is another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from publicmeeting.store.line.line_book import LineBook
from publicmeeting.turns.machine.breaks import Break
from support.line import Citizen, Line

OTHER_LIST = "its list is not the one that the log makes"


@contextmanager
def overlooked(line: Line, *citizens: Citizen) -> Iterator[None]:
    """While this lasts, lists are fixed without these; their faults are expected."""
    line.overlooked.update({Break.LEFT_OUT.value, Break.POOL_ROOT_DIFFERS.value, OTHER_LIST})
    tickets = {citizen.request.ticket for citizen in citizens}
    rows = LineBook.rows

    def without(book: LineBook, draw: str) -> list[object]:
        return [row for row in rows(book, draw) if row.ticket not in tickets]

    with patch.object(LineBook, "rows", without):
        yield
