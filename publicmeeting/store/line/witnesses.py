"""Commitments of witnesses, what they showed, and objections to a frozen list."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from publicmeeting.domain.mondays import DrawState
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import (
    CommitmentRow,
    DrawRow,
    ListObjectionRow,
    LogRow,
    SecretRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.kinds import Kind


@dataclass(frozen=True, slots=True)
class Committed:
    """One witness's word for one Monday; `value` only once it has been shown."""

    party: str
    commitment: str
    value: str | None
    shown_at: datetime | None


class Witnesses(Repository):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._objections: dict[frozenset[str], Mapping[str, tuple[int, int]]] = {}
        """What a reading has read: in it nothing changes."""
        self._committed: dict[date, list[Committed]] = {}
        """The same by Monday."""

    def lock(self, monday: date) -> None:
        """Whoever changes what a Monday's draws will run on does it one after the other."""
        self._transaction.advisory_lock(f"draws/{monday}")

    def commit(self, monday: date, party: str, promised: str, now: datetime) -> bool:
        """Keep it and put it into the files of all the Monday's draws; False, and nothing done,
        once the list of one of them is frozen."""
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
            file = json.loads(row.file)
            commitments = dict(sorted({**file["commitments"], party: promised}.items()))
            row.file = canonical_json({**file, "commitments": commitments})
            self._session.add(row)
        self._session.add(
            CommitmentRow(monday=monday, party=party, commitment=promised, committed_at=now)
        )
        self._session.flush()
        return True

    def of(self, monday: date) -> list[Committed]:
        """Everybody beside the city who committed, by name."""
        if monday in self._committed:
            return list(self._committed[monday])
        rows = self._session.exec(
            select(CommitmentRow)
            .where(CommitmentRow.monday == monday)
            .order_by(col(CommitmentRow.party))
        )
        return [_committed(row) for row in rows]

    def read(self, mondays: Collection[date]) -> None:
        """Read at once who committed for these Mondays, before each is asked for; only a reading
        keeps it."""
        if not mondays or not self._transaction.is_reading:
            return
        self._committed |= {monday: [] for monday in mondays}
        rows = self._session.exec(
            select(CommitmentRow)
            .where(col(CommitmentRow.monday).in_(mondays))
            .order_by(col(CommitmentRow.party))
        )
        for row in rows:
            self._committed[row.monday].append(_committed(row))

    def word(self, monday: date, party: str) -> Committed | None:
        row = self._session.get(CommitmentRow, (monday, party))
        return _committed(row) if row else None

    def is_used(self, party: str, promised: str) -> bool:
        """Whether this commitment, or one to a value everybody knows already, is recorded."""
        for column in (CommitmentRow.commitment, SecretRow.commitment):
            if self._session.exec(select(column).where(column == promised)).first():
                return True
        return any(commitment(party, value) == promised for value in self.shown_values())

    def shown_values(self) -> set[str]:
        """Every value anybody has ever shown, the city's too: the public log has them all."""
        bodies = self._session.exec(select(LogRow).where(LogRow.kind == Kind.REVEAL.value))
        return {_value(row) for row in bodies}

    def show(self, monday: date, party: str, value: str, now: datetime) -> None:
        row = self._row(monday, party)
        row.value, row.shown_at = value, now
        self._session.flush()

    def object(self, draw: str, ticket: str, now: datetime, *, changed: bool) -> None:
        """Keep that this ticket was asked for; what changed the list counts, whoever had asked
        before."""
        row = self._session.get(ListObjectionRow, (draw, ticket))
        row = row or ListObjectionRow(draw=draw, ticket=ticket, changed=changed, at=now)
        row.changed = row.changed or changed
        self._session.add(row)
        self._session.flush()

    def changed(self, draw: str) -> list[str]:
        """Tickets whose objections changed this list."""
        rows = self._session.exec(
            select(ListObjectionRow.ticket)
            .where(ListObjectionRow.draw == draw)
            .where(col(ListObjectionRow.changed).is_(True))
            .order_by(col(ListObjectionRow.at), col(ListObjectionRow.ticket))
        )
        return list(rows)

    def has_objected(self, draw: str, ticket: str) -> bool:
        return self._session.get(ListObjectionRow, (draw, ticket)) is not None

    def objections(self, draws: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Draw → how many objected, and how many of them changed the list."""
        names = frozenset(draws)
        if names in self._objections:
            return self._objections[names]
        found = dict.fromkeys(draws, (0, 0))
        rows = self._session.exec(
            select(ListObjectionRow).where(col(ListObjectionRow.draw).in_(list(draws)))
        )
        for row in rows:
            raised, right = found[row.draw]
            found[row.draw] = (raised + 1, right + row.changed)
        if self._transaction.is_reading:
            self._objections[names] = found
        return found

    def _row(self, monday: date, party: str) -> CommitmentRow:
        row = self._locked(CommitmentRow, (monday, party))
        if row is None:
            raise KeyError((monday, party))
        self._session.add(row)
        return row


def _committed(row: CommitmentRow) -> Committed:
    return Committed(row.party, row.commitment, row.value, row.shown_at)


def _value(row: LogRow) -> str:
    return str(json.loads(row.body)["value"])
