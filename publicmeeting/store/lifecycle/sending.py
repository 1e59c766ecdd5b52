"""SQL conditions: which notices are sent now, and which pending calls are still valid."""

from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.notices import EVEN_AT_NIGHT, OF_THE_MINUTE, Timely
from publicmeeting.domain.stages import PRESENT, SEATED
from publicmeeting.store.database.rows.cases import EventRow, OutboxRow, RequestRow
from publicmeeting.store.database.words import word, words

WAITING = text("outbox.state = 'waiting'")
"""Literal SQL that matches the partial index; with bound parameters it would not be used."""


def _same_queue(other: type[OutboxRow]) -> ColumnElement[bool]:
    """Condition: the same person, and both expire in minutes or neither does."""
    of_the_minute = words(OF_THE_MINUTE)
    same_sort = col(other.action).in_(of_the_minute) == col(OutboxRow.action).in_(of_the_minute)
    return sqlalchemy.and_(col(other.person_id) == col(OutboxRow.person_id), same_sort)


def _to_send() -> SelectOfScalar[OutboxRow]:
    """Return a query for the oldest notice of each person's queue that may be sent.

    It is due, or a later one is due. The query runs every second in every process, so it is built
    once.
    """
    now: sqlalchemy.BindParameter[Any] = bindparam("now")
    ready, older, newer = (aliased(OutboxRow, name=name) for name in ("ready", "older", "newer"))
    someone_due = select(ready.person_id).where(
        text("ready.state = 'waiting'"), col(ready.next_try_at) <= now
    )
    has_older = (
        select(older.id)
        .where(text("older.state = 'waiting'"), _same_queue(older))
        .where(col(older.id) < col(OutboxRow.id), ~col(older.without_words))
    )
    has_newer_due = (
        select(newer.id)
        .where(text("newer.state = 'waiting'"), _same_queue(newer))
        .where(col(newer.id) > col(OutboxRow.id), col(newer.next_try_at) <= now)
    )
    claimed, unanswered = col(OutboxRow.claimed_until), col(OutboxRow.unanswered_at)
    # A notice that is delayed, or whose delivery is unknown, is not tried before its time.
    may_be_early = sqlalchemy.and_(
        col(OutboxRow.tries) > 0,
        ~col(OutboxRow.without_words),
        sqlalchemy.or_(unanswered.is_(None), unanswered <= bindparam("unanswered_before")),
        has_newer_due.exists(),
    )
    return (
        select(OutboxRow)
        .where(WAITING, col(OutboxRow.person_id).in_(someone_due))
        .where(sqlalchemy.or_(claimed.is_(None), claimed <= now))
        .where(~has_older.exists())
        .where(sqlalchemy.or_(col(OutboxRow.next_try_at) <= now, may_be_early))
        .order_by(col(OutboxRow.id))
        .limit(bindparam("limit"))
    )


def _recipients_at_night() -> sqlalchemy.Select[str | None]:
    """Return a query for the persons who must learn at night what happens to their Monday."""
    urgent = aliased(OutboxRow, name="urgent")
    return (
        sqlalchemy.select(col(urgent.person_id))
        .join(EventRow, col(EventRow.id) == col(urgent.event_id))
        .where(text("urgent.state = 'waiting'"), col(urgent.action).in_(words(EVEN_AT_NIGHT)))
        .where(col(urgent.next_try_at) <= bindparam("now"))
        .where(col(EventRow.payload).contains(bindparam("monday")))
    )


TO_SEND = _to_send()
_AT_NIGHT = TO_SEND.where(col(OutboxRow.person_id).in_(_recipients_at_night()))
TO_CLAIM, CLAIM_AT_NIGHT = (
    query.with_for_update(skip_locked=True, of=OutboxRow) for query in (TO_SEND, _AT_NIGHT)
)
ANY_TO_SEND, ANY_AT_NIGHT = (
    query.with_only_columns(col(OutboxRow.id)) for query in (TO_SEND, _AT_NIGHT)
)


# Which pending calls are still valid.

_HERS = aliased(RequestRow, name="hers")
_HAS_SEAT = (
    sqlalchemy.exists()
    .where(col(_HERS.id) == col(OutboxRow.request_id))
    .where(col(_HERS.stage).in_(words(sorted(SEATED | PRESENT))))
)


def is_true(now: datetime) -> ColumnElement[bool]:
    """Condition: a call has not expired by this city time.

    A reminder also expires with its seat: nobody is reminded of a cancelled Monday.
    """
    until = col(OutboxRow.true_until)
    in_time = sqlalchemy.or_(until.is_(None), until > now)
    is_reminder = col(OutboxRow.action) == word(Timely.REMINDER)
    return sqlalchemy.and_(in_time, sqlalchemy.or_(~is_reminder, _HAS_SEAT))
