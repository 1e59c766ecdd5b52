"""Which notices that wait for a telephone call are still true."""

from datetime import datetime

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import col

from publicmeeting.domain.notice_times import Timely
from publicmeeting.domain.stages import PRESENT, SEATED
from publicmeeting.store.database.rows.cases import OutboxRow, RequestRow
from publicmeeting.store.database.words import word, words

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
