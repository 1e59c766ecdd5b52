"""Rules that one official proposed and another decides; their text is in the public log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlmodel import col, select

from publicmeeting.domain.officials.invitations import DecisionState
from publicmeeting.kit.jalali import from_iso
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import LogRow, RulesProposalRow
from publicmeeting.store.database.words import is_instant, word
from publicmeeting.store.worker.marks import read_mark
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.pool import Rules

WORD_SENT = "rules_proposal_sent"
"""Mark of when others were last notified of a proposal."""
_STATES = frozenset(DecisionState)
_LOGGED = sqlalchemy.select(col(LogRow.seq)).where(col(LogRow.kind) == word(Kind.RULES_PROPOSED))
_OPEN = sqlalchemy.and_(
    col(RulesProposalRow.state) == word(DecisionState.PROPOSED),
    col(RulesProposalRow.seq).in_(_LOGGED),
    is_instant(col(RulesProposalRow.proposed_at)),
)
NEWEST_OPEN = sqlalchemy.select(sqlalchemy.func.max(col(RulesProposalRow.proposed_at))).where(_OPEN)
_OPEN_SINCE = (
    sqlalchemy.select(col(RulesProposalRow.proposed_at))
    .where(_OPEN)
    .order_by(col(RulesProposalRow.proposed_at))
)
_NEWEST = (
    sqlalchemy.select(
        *(col(getattr(RulesProposalRow, name)) for name in ("seq", "proposed_by", "state")),
        *(col(getattr(LogRow, name)) for name in ("body", "at")),
    )
    .join(LogRow, col(LogRow.seq) == col(RulesProposalRow.seq))
    .where(col(LogRow.kind) == Kind.RULES_PROPOSED.value)
    .order_by(col(RulesProposalRow.seq).desc())
    .limit(1)
)
_COUNT = sqlalchemy.select(sqlalchemy.func.count()).where(
    col(RulesProposalRow.proposed_by) == sqlalchemy.bindparam("account"),
    col(RulesProposalRow.proposed_at) >= sqlalchemy.bindparam("since"),
)


@dataclass(frozen=True, slots=True)
class RulesProposal:
    """A proposal; `seq` is its log entry, from which all but `proposed_by` and `state` is read."""

    seq: int
    rules: Rules
    from_on: date
    proposed_by: str
    officer: str
    """The proposer's mark in the log; the row of another account does not fit it."""
    proposed_at: datetime
    state: DecisionState


class RulesProposals(Repository):
    def add(self, seq: int, by_account: str, at: datetime) -> None:
        """Add an undecided proposal, which replaces earlier ones."""
        row = RulesProposalRow(
            seq=seq,
            proposed_by=by_account,
            proposed_at=at,
            state=DecisionState.PROPOSED.value,
        )
        self._session.add(row)
        self._session.flush()

    def newest(self) -> RulesProposal | None:
        """Return the newest proposal of the log that has a row, in any state."""
        row = self._transaction.execute(_NEWEST).first()
        if row is None:
            return None
        body: dict[str, Any] = read_object(row.body)
        return RulesProposal(
            seq=row.seq,
            rules=Rules.from_body(body["rules"]),
            from_on=from_iso(body["from"]),
            proposed_by=row.proposed_by,
            officer=body["officer"],
            proposed_at=instant(row.at),
            state=DecisionState(row.state) if row.state in _STATES else DecisionState.REJECTED,
        )

    def count_since(self, at: datetime, by_account: str) -> int:
        """Count an account's proposals since this city time."""
        values = {"since": at, "account": by_account}
        return int(self._transaction.execute(_COUNT, values).scalar_one())

    def unsent_since(self) -> datetime | None:
        """Return the time of the first open proposal that nobody was notified of."""
        if self._transaction.value(NEWEST_OPEN) is None:
            return None
        sent = read_mark(self._transaction, WORD_SENT)
        times = self._transaction.execute(_OPEN_SINCE).scalars()
        return next((at for at in times if sent is None or at > sent), None)

    def decide(self, seq: int, by_account: str, state: DecisionState, at: datetime) -> None:
        row = self._session.get(RulesProposalRow, seq)
        assert row is not None, "read before"
        row.state, row.decided_by, row.decided_at = state.value, by_account, at
        self._session.add(row)
        self._session.flush()

    def signed_by(self, seq: int) -> dict[str, int]:
        """Return party → entry of the witnesses that signed a proposal."""
        query = select(LogRow.seq, LogRow.body).where(
            LogRow.kind == Kind.RULES_SIGNED.value, col(LogRow.seq) > seq
        )
        found = ((number, read_object(body)) for number, body in self._session.exec(query))
        return {body["party"]: number for number, body in found if body["because"] == [seq]}
