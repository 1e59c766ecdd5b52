"""A fault of the city's, to be put right by an objection."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from publicmeeting.store.rows.cases import RequestRow
from support.line import Citizen, Line


@contextmanager
def overlooked(line: Line, citizen: Citizen) -> Iterator[None]:
    """A fault: while this lasts the city's own query does not find her."""
    filed_at = citizen.request.filed_at

    def put(at: object) -> None:
        with line.city.office.store.work(line.clock()) as work:
            work.session.get(RequestRow, citizen.request.id).filed_at = at

    put(filed_at + timedelta(days=365))
    yield
    put(filed_at)
