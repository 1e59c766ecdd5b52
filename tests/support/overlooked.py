"""A fault of the city's, to be put right by an objection."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from publicmeeting.store.database.rows.cases import RequestRow
from support.line import Citizen, Line

LATER = timedelta(days=365)


@contextmanager
def overlooked(line: Line, citizen: Citizen, by: timedelta = LATER) -> Iterator[None]:
    """A fault: while this lasts the city takes her to have filed so much later (or earlier)."""
    filed_at = citizen.request.filed_at
    line.overlooked.add(citizen.request.ticket)

    def put(at: object) -> None:
        with line.city.application.store.unit_of_work(line.clock()) as uow:
            uow.session.get(RequestRow, citizen.request.id).filed_at = at

    put(filed_at + by)
    yield
    put(filed_at)
