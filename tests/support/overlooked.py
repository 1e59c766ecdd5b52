"""A city whose program leaves citizens out of a list, so that it differs from the log's."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from publicmeeting.store.line.line_book import LineBook
from publicmeeting.turns.draw_file import OPEN_KEYS, DrawFile, frozen_file
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.pool import Row
from support.line import Citizen, Line

OTHER_LIST = "its list is not the one that the log makes"
_COUNTED = "is not counted as the log has it"


@contextmanager
def overlooked(line: Line, *citizens: Citizen) -> Iterator[None]:
    """Fix lists without these citizens inside the block; the resulting findings are expected."""
    faults = {Break.LEFT_OUT.value, Break.POOL_ROOT_DIFFERS.value}
    line.overlooked.update({*faults, OTHER_LIST, _COUNTED})
    tickets = {citizen.request.ticket for citizen in citizens}
    first_list = LineBook.first_list

    def without(book: LineBook, draw: str) -> tuple[int, list[Row], DrawFile]:
        closed, rows, file = first_list(book, draw)
        rows = [row for row in rows if row.ticket not in tickets]
        return closed, rows, frozen_file({key: file[key] for key in OPEN_KEYS}, rows)

    with patch.object(LineBook, "first_list", without):
        yield
