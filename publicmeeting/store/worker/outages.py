"""Outages of the city, as recorded by the clock."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy
from sqlmodel import col

from publicmeeting.domain.lifecycle.advance import OPENS
from publicmeeting.domain.lifecycle.outages import TIME_TO_ANSWER, Outage
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Stage
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.rows.city import JobRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.words import word
from publicmeeting.store.worker.marks import MARKS, read_marks

OUTAGE = "city-was-away/"
"""Prefix of a mark, followed by the beginning of the outage; the time of the mark is its end."""

_AFTER = OUTAGE[:-1] + chr(ord(OUTAGE[-1]) + 1)
_OUTAGES = MARKS.where(col(JobRow.name) >= OUTAGE, col(JobRow.name) < _AFTER)

_ENDS = col(RequestRow.due_at)
_ANSWERS = sqlalchemy.select(sqlalchemy.func.count()).where(
    col(RequestRow.stage) == word(Stage.INVITED), _ENDS.is_not(None)
)


def outages(transaction: Transaction) -> tuple[Outage, ...]:
    """Return all recorded outages as (beginning, end), oldest first."""
    marks = read_marks(transaction, _OUTAGES).items()
    found = ((datetime.fromisoformat(name.removeprefix(OUTAGE)), back) for name, back in marks)
    return tuple(sorted(found))


def outage_at(transaction: Transaction, at: datetime) -> Outage | None:
    """Return the outage (beginning, end) that contains an instant, or None."""
    return next((outage for outage in outages(transaction) if outage[0] <= at < outage[1]), None)


def takes_an_answer(transaction: Transaction, outage: Outage) -> bool:
    """Whether the outage includes the moment one hour before the deadline of an answer.

    It then excuses that answer to a seat or an offer (docs/turns.md section 2).
    """
    since, until = (at + TIME_TO_ANSWER for at in outage)
    return bool(transaction.value(_ANSWERS.where(since <= _ENDS, until > _ENDS)))


def outages_for(transaction: Transaction, history: Iterable[Event]) -> tuple[Outage, ...]:
    """Return the outages, cached for a second, if the case has a period for objections.

    Empty for all other cases, without a query.
    """
    if not any(event.action in OPENS for event in history):
        return ()
    now = transaction.machine_now
    return transaction.recent.get_or_compute(OUTAGE, (OUTAGE,), now, lambda: outages(transaction))
