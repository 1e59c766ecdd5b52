"""Witnesses' commitments and revealed values."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import (
    CommitmentRow,
    DrawRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.database.words import is_instant

_SHOWN_AT = col(CommitmentRow.shown_at)
_WORDS = sqlalchemy.select(
    col(CommitmentRow.monday),
    col(CommitmentRow.party),
    col(CommitmentRow.commitment),
    col(CommitmentRow.value),
    sqlalchemy.case((is_instant(_SHOWN_AT), _SHOWN_AT), else_=None),
).order_by(col(CommitmentRow.party))
"""Without times that no program reads: nobody's draw may wait for them, or miss a witness."""

_FILES = (
    sqlalchemy.select(col(DrawRow.id), col(DrawRow.file))
    .where(col(DrawRow.monday) == bindparam("monday"))
    .order_by(col(DrawRow.district))
    .with_for_update()
)
_WRITE_FILE = (
    sqlalchemy.update(DrawRow)
    .where(col(DrawRow.id) == bindparam("draw"))
    .values(file=bindparam("written"))
)


@dataclass(frozen=True, slots=True)
class Committed:
    """One witness's commitment for one Monday; `value` is None until revealed."""

    party: str
    commitment: str
    value: str | None
    shown_at: datetime | None


class Witnesses(Repository):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._committed: dict[date, list[Committed]] = {}
        """Cache by Monday, for reading transactions."""

    def lock(self, monday: date) -> None:
        """Lock the inputs of a Monday's draws until the transaction ends."""
        self._transaction.advisory_lock(f"draws/{monday}")

    def commit(self, monday: date, party: str, promised: str, now: datetime) -> None:
        """Repeat a commitment for pages, also in the files of all draws of the Monday.

        A file that nobody can read stays so until its list is fixed from the log.
        """
        draws = self._transaction.execute(_FILES, {"monday": monday}).all()
        for draw, stored in draws:
            with suppress(*UNREADABLE):
                file = read_object(stored)
                commitments = dict(sorted({**file["commitments"], party: promised}.items()))
                written = canonical_json({**file, "commitments": commitments})
                self._transaction.execute(_WRITE_FILE, {"draw": draw, "written": written})
        self._session.merge(
            CommitmentRow(monday=monday, party=party, commitment=promised, committed_at=now)
        )
        self._session.flush()

    def of(self, monday: date) -> list[Committed]:
        """Return all commitments beside the city's, by party."""
        if monday in self._committed:
            return list(self._committed[monday])
        rows = self._transaction.execute(_WORDS.where(col(CommitmentRow.monday) == monday))
        return [Committed(*row) for _, *row in rows]

    def read(self, mondays: Collection[date]) -> None:
        """Read ahead the commitments of these Mondays; only a reading transaction caches them."""
        if not mondays or not self._transaction.is_reading:
            return
        self._committed |= {monday: [] for monday in mondays}
        for monday, *row in self._transaction.execute(
            _WORDS.where(col(CommitmentRow.monday).in_(mondays))
        ):
            self._committed[monday].append(Committed(*row))

    def show(self, monday: date, party: str, value: str, now: datetime) -> None:
        """Repeat a value that the log has, for pages."""
        row = self._locked(CommitmentRow, (monday, party))
        if row is not None:
            row.value, row.shown_at = value, now
            self._session.flush()
