"""Marks of the clock, each with a tag that needs the city's key; without it a mark is absent.

A mark says that a job is done, since when something is so, or when the city had an outage. The
database owner may invent none, and make none earlier or later. What a deleted mark means is written
where it is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, update

from publicmeeting.domain.lifecycle.advance import OPENS
from publicmeeting.domain.lifecycle.outages import TIME_TO_ANSWER, Outage
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Stage
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.rows.city import JobRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault
from publicmeeting.store.database.words import word

MARKS: sqlalchemy.Select[*tuple[Any, ...]] = sqlalchemy.select(
    col(JobRow.name), col(JobRow.done_at), col(JobRow.tag)
).where(col(JobRow.done_at).is_not(None))
_ONE = MARKS.where(col(JobRow.name) == bindparam("job"))


def mark_columns(vault: Vault, name: str, at: datetime | None) -> dict[str, object]:
    """Return the columns of a mark at an instant; of None, those of no mark."""
    tag = "" if at is None else row_tag(vault, "job", {"name": name, "done_at": at})
    return {"done_at": at, "tag": tag}


def read_marks(
    transaction: Transaction,
    marks: sqlalchemy.Select[*tuple[Any, ...]],
    values: Mapping[str, object] | None = None,
) -> dict[str, datetime]:
    """Return name → time of those rows of `marks` (made of `MARKS`) that this program wrote.

    A time that cannot be read hides no other mark.
    """
    rows = _rows(transaction, marks, values)
    return {name: at for name, at, tag in rows if tag == _tag(transaction.vault, name, at)}


def read_mark(transaction: Transaction, name: str) -> datetime | None:
    """Return the time of one mark."""
    return read_marks(transaction, _ONE, {"job": name}).get(name)


def forged_marks(transaction: Transaction) -> list[str]:
    """Return the names of marks that this program did not write."""
    names = transaction.execute(_names(MARKS)).scalars()
    return sorted(set(map(str, names)) - read_marks(transaction, MARKS).keys())


def retag_marks(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every mark whose tag fits this one's."""
    for name, at in read_marks(transaction, MARKS).items():
        own = update(JobRow).where(col(JobRow.name) == name)
        transaction.connection.execute(own.values(**mark_columns(new, name, at)))


def _rows(
    transaction: Transaction,
    marks: sqlalchemy.Select[*tuple[Any, ...]],
    values: Mapping[str, object] | None,
) -> Sequence[sqlalchemy.Row[*tuple[Any, ...]]]:
    try:
        return transaction.execute(marks, values).all()
    except UNREADABLE:
        names = transaction.execute(_names(marks), values).scalars().all()
    found: list[sqlalchemy.Row[*tuple[Any, ...]]] = []
    for name in names:
        with suppress(*UNREADABLE):
            found += transaction.execute(_ONE, {"job": name}).all()
    return found


def _names(marks: sqlalchemy.Select[*tuple[Any, ...]]) -> sqlalchemy.Select[*tuple[Any, ...]]:
    return marks.with_only_columns(col(JobRow.name))


def _tag(vault: Vault, name: str, at: datetime) -> object:
    return mark_columns(vault, name, at)["tag"]


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
