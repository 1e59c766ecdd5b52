"""Witnesses' commitments and revealed values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy
from sqlmodel import col, select

from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored_json import read_object
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import (
    CommitmentRow,
    DrawRow,
    LogRow,
    SecretRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.words import is_instant
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.kinds import Kind

_SHOWN_AT = col(CommitmentRow.shown_at)
_WORDS = sqlalchemy.select(
    col(CommitmentRow.monday),
    col(CommitmentRow.party),
    col(CommitmentRow.commitment),
    col(CommitmentRow.value),
    sqlalchemy.case((is_instant(_SHOWN_AT), _SHOWN_AT), else_=None),
).order_by(col(CommitmentRow.party))
"""Without times that no program reads: nobody's draw may wait for them, or miss a witness."""


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

    def commit(self, monday: date, party: str, promised: str, now: datetime) -> bool:
        """Store a commitment and add it to the files of all draws of the Monday.

        Returns False, without an effect, if the list of one of them is frozen.
        """
        draws = self._session.exec(
            select(DrawRow)
            .where(DrawRow.monday == monday)
            .order_by(col(DrawRow.district))
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        if not draws or any(row.state is not DrawState.OPEN for row in draws):
            return False
        for row in draws:
            file = read_object(row.file)
            commitments = dict(sorted({**file["commitments"], party: promised}.items()))
            row.file = canonical_json({**file, "commitments": commitments})
            self._session.add(row)
        self._session.merge(
            CommitmentRow(monday=monday, party=party, commitment=promised, committed_at=now)
        )
        self._session.flush()
        return True

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

    def is_used(self, party: str, promised: str) -> bool:
        """Whether this commitment was used before, or commits to a value that is already public."""
        for column in (CommitmentRow.commitment, SecretRow.commitment):
            if self._session.exec(select(column).where(column == promised)).first():
                return True
        return any(commitment(party, value) == promised for value in self.shown_values())

    def shown_values(self) -> set[str]:
        """Return all values ever revealed, including the city's, from the public log."""
        bodies = self._session.exec(select(LogRow).where(LogRow.kind == Kind.REVEAL.value))
        return {str(read_object(row.body)["value"]) for row in bodies}

    def show(self, monday: date, party: str, value: str, now: datetime) -> None:
        """Repeat a value that the log has, for pages."""
        row = self._locked(CommitmentRow, (monday, party))
        if row is not None:
            row.value, row.shown_at = value, now
            self._session.flush()
