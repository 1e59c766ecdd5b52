"""Which notices are sent now, and which that wait for a telephone call are still true."""

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
"""Written out as the partial index has it: by a value passed apart neither engine would see that it
serves."""


def _same_queue(other: type[OutboxRow]) -> ColumnElement[bool]:
    """Of the same person, and both of the minute or neither."""
    of_the_minute = words(OF_THE_MINUTE)
    same_sort = col(other.action).in_(of_the_minute) == col(OutboxRow.action).in_(of_the_minute)
    return sqlalchemy.and_(col(other.person_id) == col(OutboxRow.person_id), same_sort)


def _to_send() -> SelectOfScalar[OutboxRow]:
    """The oldest of each person's queue that is due, or has a due one behind it.

    Asked every second by every process, it is put together once: that costs more than to run it.
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
    # One that is held back, or of which nobody knows whether it reached her, has its time.
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


def _woken() -> sqlalchemy.Select[str | None]:
    """Whoever is notified by night, too, of what becomes of her Monday."""
    urgent = aliased(OutboxRow, name="urgent")
    return (
        sqlalchemy.select(col(urgent.person_id))
        .join(EventRow, col(EventRow.id) == col(urgent.event_id))
        .where(text("urgent.state = 'waiting'"), col(urgent.action).in_(words(EVEN_AT_NIGHT)))
        .where(col(urgent.next_try_at) <= bindparam("now"))
        .where(col(EventRow.payload).contains(bindparam("monday")))
    )


TO_SEND = _to_send()
_AT_NIGHT = TO_SEND.where(col(OutboxRow.person_id).in_(_woken()))
TO_CLAIM, CLAIM_AT_NIGHT = (
    query.with_for_update(skip_locked=True, of=OutboxRow) for query in (TO_SEND, _AT_NIGHT)
)
ANY_TO_SEND, ANY_AT_NIGHT = (
    query.with_only_columns(col(OutboxRow.id)) for query in (TO_SEND, _AT_NIGHT)
)


# Which notices that wait for a telephone call are still true.

_HERS = aliased(RequestRow, name="hers")
_HAS_SEAT = (
    sqlalchemy.exists()
    .where(col(_HERS.id) == col(OutboxRow.request_id))
    .where(col(_HERS.stage).in_(words(sorted(SEATED | PRESENT))))
)


def is_true(now: datetime) -> ColumnElement[bool]:
    """City time. A reminder ends with the seat too: of a Monday that is cancelled nobody is
    reminded."""
    until = col(OutboxRow.true_until)
    in_time = sqlalchemy.or_(until.is_(None), until > now)
    is_reminder = col(OutboxRow.action) == word(Timely.REMINDER)
    return sqlalchemy.and_(in_time, sqlalchemy.or_(~is_reminder, _HAS_SEAT))
