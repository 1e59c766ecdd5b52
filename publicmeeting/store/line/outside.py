"""Requests outside the line: two missed meetings and no verification since.

An invented person thus holds two seats at most. A real one shows her card once, and is in the next
list with all her weeks (docs/turns.md section 1).
"""

from collections.abc import Collection

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col, func, select

from publicmeeting.domain.line.history import MISSED_MOST, missed_meetings
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Action
from publicmeeting.store.database.rows.cases import EventRow, RequestRow
from publicmeeting.store.database.rows.city import LogIndexRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Forgiving
from publicmeeting.store.database.words import words
from publicmeeting.store.lifecycle.events import read_events
from publicmeeting.turns.kinds import Kind

_ABOUT_MISSING = (Kind.NO_SHOW, Kind.NO_SHOW_UNDONE, Kind.VERIFIED)
_MISSED = (
    sqlalchemy.select(col(RequestRow.id))
    .join(EventRow, col(EventRow.request_id) == col(RequestRow.id))
    .where(col(RequestRow.person_id) == bindparam("person"))
    .where(col(EventRow.action) == Action.NO_SHOW.value)
    .distinct()
)
_MISSED_OFTEN = (
    sqlalchemy.select(col(EventRow.request_id))
    .where(col(EventRow.request_id).in_(bindparam("requests", expanding=True)))
    .where(col(EventRow.action) == Action.NO_SHOW.value)
    .group_by(col(EventRow.request_id))
    .having(func.count() >= MISSED_MOST)
)


def outside(
    transaction: Transaction, ids: Collection[str], then: ColumnElement[bool] | None = None
) -> set[str]:
    """Return those of these requests that are outside.

    `then` is a condition that restricts the events. A verification counts at any time.
    """
    if not ids:
        return set()
    query = _MISSED_OFTEN if then is None else _MISSED_OFTEN.where(then)
    found = transaction.execute(query, {"requests": list(ids)}).scalars().all()
    return {
        request_id
        for request_id in found
        if _missed(transaction, request_id) >= MISSED_MOST
        and not _is_verified_since(transaction, request_id)
    }


def is_outside_by(transaction: Transaction, request_id: str, history: tuple[Event, ...]) -> bool:
    """Return whether a request is outside, by its whole history, which has been read."""
    return missed_meetings(history) >= MISSED_MOST and not _is_verified_since(
        transaction, request_id
    )


def missed_of(transaction: Transaction, person_id: str) -> int:
    """Return how many meetings a person has missed in all her requests."""
    ids = transaction.execute(_MISSED, {"person": person_id}).scalars().all()
    return sum(_missed(transaction, id_) for id_ in ids)


def _missed(transaction: Transaction, request_id: str) -> int:
    vault = Forgiving(transaction.vault)
    return missed_meetings(read_events(transaction, request_id=request_id, vault=vault))


def _is_verified_since(transaction: Transaction, request_id: str) -> bool:
    """Whether the newest relevant log entry about its ticket is a verification."""
    ticket = select(RequestRow.ticket).where(RequestRow.id == request_id).scalar_subquery()
    newest = (
        sqlalchemy.select(col(LogIndexRow.kind))
        .where(col(LogIndexRow.ticket) == ticket)
        .where(col(LogIndexRow.kind).in_(words(_ABOUT_MISSING)))
        .order_by(col(LogIndexRow.seq).desc())
    )
    taken_back = 0
    for kind in transaction.connection.execute(newest).scalars():
        match Kind(kind):
            case Kind.NO_SHOW_UNDONE:
                taken_back += 1
            case Kind.NO_SHOW if taken_back:
                taken_back -= 1
            case newest_word:
                return newest_word is Kind.VERIFIED
    return False
