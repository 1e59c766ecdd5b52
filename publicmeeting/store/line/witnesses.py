"""Witnesses' commitments and revealed values, and objections to a frozen list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, select

from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored_json import read_object
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import (
    CommitmentRow,
    DrawRow,
    ListObjectionRow,
    LogIndexRow,
    LogRow,
    SecretRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.words import is_instant, word
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.kinds import Kind, ObjectionOutcome

_SHOWN_AT = col(CommitmentRow.shown_at)
_WORDS = sqlalchemy.select(
    col(CommitmentRow.monday),
    col(CommitmentRow.party),
    col(CommitmentRow.commitment),
    col(CommitmentRow.value),
    sqlalchemy.case((is_instant(_SHOWN_AT), _SHOWN_AT), else_=None),
).order_by(col(CommitmentRow.party))
"""Without times that no program reads: nobody's draw may wait for them, or miss a witness."""

_OBJECTED = (
    sqlalchemy.select(col(LogIndexRow.about), col(LogIndexRow.ticket), col(LogRow.body))
    .join(LogRow, col(LogRow.seq) == col(LogIndexRow.seq))
    .where(col(LogIndexRow.kind) == word(Kind.OBJECTION))
    .where(col(LogIndexRow.about).in_(bindparam("draws", expanding=True)))
)
"""The rows of `list_objection` only repeat them, and nothing reads those."""


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
        self._objections: dict[frozenset[str], Mapping[str, tuple[int, int]]] = {}
        """Cache for reading transactions."""
        self._committed: dict[date, list[Committed]] = {}
        """The same by Monday."""

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
        self._session.add(
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

    def word(self, monday: date, party: str) -> Committed | None:
        row = self._session.get(CommitmentRow, (monday, party))
        return Committed(row.party, row.commitment, row.value, row.shown_at) if row else None

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
        row = self._locked(CommitmentRow, (monday, party))
        assert row is not None, "only what was committed is shown"
        row.value, row.shown_at = value, now
        self._session.flush()

    def object(self, draw: str, ticket: str, now: datetime, *, changed: bool) -> None:
        """Record an objection; one that changed the list counts, even after others."""
        row = self._session.get(ListObjectionRow, (draw, ticket))
        row = row or ListObjectionRow(draw=draw, ticket=ticket, changed=changed, at=now)
        row.changed = row.changed or changed
        self._session.add(row)
        self._session.flush()

    def has_objected(self, draw: str, ticket: str) -> bool:
        """Whether the log has an objection of this ticket."""
        one = {"draws": [draw]}
        return any(found == ticket for _, found, _ in self._transaction.execute(_OBJECTED, one))

    def objections(self, draws: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Return draw → (objections, objections that changed the list) by the log.

        A forged row would hold up every reveal of its Monday, and a deleted one leave a citizen out
        of the second list.
        """
        names = frozenset(draws)
        if names in self._objections:
            return self._objections[names]
        each: dict[str, dict[str, bool]] = {draw: {} for draw in draws}
        for draw, ticket, body in self._transaction.execute(_OBJECTED, {"draws": list(draws)}):
            is_right = read_object(body).get("outcome") == ObjectionOutcome.CHANGED
            each[draw][ticket] = each[draw].get(ticket, False) or is_right
        found = {draw: (len(one), sum(one.values())) for draw, one in each.items()}
        if self._transaction.is_reading:
            self._objections[names] = found
        return found
