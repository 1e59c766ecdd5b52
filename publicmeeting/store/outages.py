"""Outages of the city, as the clock has marked them."""

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

OUTAGE = "city-was-away/"
"""Its beginning follows; the mark's own instant is its end."""

_AFTER = OUTAGE[:-1] + chr(ord(OUTAGE[-1]) + 1)
_OUTAGES = (
    sqlalchemy.select(col(JobRow.name), col(JobRow.done_at))
    .where(col(JobRow.name) >= OUTAGE, col(JobRow.name) < _AFTER)
    .where(col(JobRow.done_at).is_not(None))
)

_ENDS = col(RequestRow.due_at)
_ANSWERS = sqlalchemy.select(sqlalchemy.func.count()).where(
    col(RequestRow.stage) == word(Stage.INVITED), _ENDS.is_not(None)
)


def outages(transaction: Transaction) -> tuple[Outage, ...]:
    """All that are remembered, as this transaction sees them; the oldest first."""
    rows = transaction.execute(_OUTAGES)
    found = ((datetime.fromisoformat(name.removeprefix(OUTAGE)), back) for name, back in rows)
    return tuple(sorted(found))


def outage_at(transaction: Transaction, at: datetime) -> Outage | None:
    """The outage in which an instant lies: its beginning and its end."""
    return next((outage for outage in outages(transaction) if outage[0] <= at < outage[1]), None)


def takes_an_answer(transaction: Transaction, outage: Outage) -> bool:
    """Whether somebody's answer to a seat, or an offer, ends within an hour of a moment in it."""
    since, until = (at + TIME_TO_ANSWER for at in outage)
    return bool(transaction.value(_ANSWERS.where(since <= _ENDS, until > _ENDS)))


def outages_for(transaction: Transaction, history: Iterable[Event]) -> tuple[Outage, ...]:
    """The same as known for a second at most, for a case in which something may be contradicted
    until some day; none for all others, which ask for nothing."""
    if not any(event.action in OPENS for event in history):
        return ()
    now = transaction.machine_now
    return transaction.recent.get_or_compute(OUTAGE, (OUTAGE,), now, lambda: outages(transaction))
