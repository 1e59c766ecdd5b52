"""Decisions about officials, each proposed by one administrator and taken by another.

Timestamps are machine time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from publicmeeting.domain.officials.invitations import (
    PROPOSAL_STAYS,
    DecisionKind,
    DecisionState,
)
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository, new_id, readable_rows
from publicmeeting.store.database.rows.doors import AccountDecisionRow


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposed decision.

    `body` describes the change in ids, enums and dates. Nobody can agree before `not_before`.
    """

    id: str
    kind: DecisionKind
    account_id: str
    body: Mapping[str, Any]
    proposed_by: str
    proposed_at: datetime
    not_before: datetime
    state: DecisionState

    @property
    def until(self) -> datetime:
        """When the proposal expires."""
        return self.proposed_at + PROPOSAL_STAYS


def is_open(state: str, proposed_at: datetime, machine_now: datetime) -> bool:
    """Return whether another administrator can still decide this proposal."""
    return state == DecisionState.PROPOSED and proposed_at > machine_now - PROPOSAL_STAYS


class Decisions(Repository):
    def propose(
        self,
        kind: DecisionKind,
        account_id: str,
        by_account: str,
        body: Mapping[str, object],
        not_before: datetime | None = None,
    ) -> Decision:
        now = self._transaction.machine_now
        row = AccountDecisionRow(
            id=new_id(),
            kind=kind.value,
            account_id=account_id,
            body=canonical_json(dict(body)),
            proposed_by=by_account,
            proposed_at=now,
            not_before=not_before or now,
            state=DecisionState.PROPOSED.value,
        )
        row.tag = self._tag(row)
        self._session.add(row)
        self._session.flush()
        return _decision(row)

    def open(self, account_id: str = "") -> list[Decision]:
        """Return the open proposals of all accounts or of one, oldest first.

        Without those that this program did not write so, or of a kind that only a newer release
        knows.
        """
        query = select(AccountDecisionRow).where(
            col(AccountDecisionRow.state) == DecisionState.PROPOSED.value,
            col(AccountDecisionRow.proposed_at) > self._transaction.machine_now - PROPOSAL_STAYS,
        )
        if account_id:
            query = query.where(col(AccountDecisionRow.account_id) == account_id)
        ordered = query.order_by(col(AccountDecisionRow.proposed_at))
        rows = readable_rows(self._transaction, ordered, "a proposal", as_objects=True)
        return [_decision(row) for (row,) in rows if self._is_own(row)]

    def account_of(self, decision_id: str) -> str:
        """Return the account that a decision concerns, which never changes; empty if unknown."""
        query = select(AccountDecisionRow.account_id).where(
            col(AccountDecisionRow.id) == decision_id
        )
        return self._session.exec(query).first() or ""

    def locked(self, decision_id: str) -> Decision | None:
        """Return the decision with a row lock until this transaction ends.

        None if this program did not write it so, or does not know its kind.
        """
        row = self._locked(AccountDecisionRow, decision_id)
        return _decision(row) if row is not None and self._is_own(row) else None

    def decide(self, decision_id: str, by_account: str, state: DecisionState) -> None:
        row = self._session.get(AccountDecisionRow, decision_id)
        assert row is not None, "locked before"
        row.state, row.decided_by = state.value, by_account
        row.decided_at = self._transaction.machine_now
        self._session.add(row)

    def _is_own(self, row: AccountDecisionRow) -> bool:
        return row.tag == self._tag(row) and row.kind in set(DecisionKind)

    def _tag(self, row: AccountDecisionRow) -> str:
        return row_tag(self._vault, "account_decision", row.model_dump())


def _decision(row: AccountDecisionRow) -> Decision:
    return Decision(
        id=row.id,
        kind=DecisionKind(row.kind),
        account_id=row.account_id or "",
        body=read_object(row.body),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        not_before=row.not_before,
        state=DecisionState(row.state),
    )
