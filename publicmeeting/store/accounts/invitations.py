"""Links with which officials choose their passwords, and decisions that need two administrators.

Links are stored as hashes. A decision is proposed by one administrator and taken by another.
Timestamps are machine time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from publicmeeting.domain.invitations import (
    PROPOSAL_STAYS,
    DecisionKind,
    DecisionState,
    InvitationKind,
)
from publicmeeting.kit.codes import token
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.doors import AccountDecisionRow, InvitationRow

_BYTES = 16
"""Random bytes of a link: 128 bits cannot be guessed, and the link fits into a message."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link; `is_newest` is False once a later link of the account has replaced it."""

    account_id: str
    kind: InvitationKind
    expires_at: datetime
    is_used: bool
    is_newest: bool


class Invitations(Repository):
    def make(self, account_id: str, kind: InvitationKind, by_account: str, stays: timedelta) -> str:
        """Create a link, expire all older ones, and return its secret, which is not stored."""
        key, now = token(_BYTES), self._transaction.machine_now
        older = select(InvitationRow).where(col(InvitationRow.account_id) == account_id)
        for row in self._session.exec(older.where(col(InvitationRow.expires_at) > now)):
            row.expires_at = now
            self._session.add(row)
        row = InvitationRow(
            id=sha("invitation", key),
            account_id=account_id,
            kind=kind.value,
            by_account=by_account,
            created_at=now,
            expires_at=now + stays,
        )
        row.tag = self._tag(row)
        self._session.add(row)
        self._session.flush()
        return key

    def find(self, key: str) -> Invitation | None:
        """Return the link with this secret, with a row lock until this transaction ends."""
        row = self._locked(InvitationRow, sha("invitation", key)) if "\n" not in key else None
        if row is None or row.tag != self._tag(row):
            return None
        newest = self._newest(row.account_id)
        return _invitation(row, is_newest=newest is None or newest.id == row.id)

    def waiting(self) -> dict[str, datetime]:
        """Return account → until when its newest link can be used."""
        now = self._transaction.machine_now
        query = select(InvitationRow.account_id, InvitationRow.expires_at)
        query = query.where(col(InvitationRow.expires_at) > now)
        return dict(self._session.exec(query.where(col(InvitationRow.used_at).is_(None))).all())

    def mark_used(self, key: str) -> None:
        row = self._session.get(InvitationRow, sha("invitation", key))
        assert row is not None, "found before"
        row.used_at = self._transaction.machine_now
        self._session.add(row)

    def end_of(self, account_id: str) -> None:
        """Expire all links of this account."""
        now = self._transaction.machine_now
        mine = select(InvitationRow).where(col(InvitationRow.account_id) == account_id)
        for row in self._session.exec(mine.where(col(InvitationRow.expires_at) > now)):
            row.expires_at = now
            self._session.add(row)

    def _tag(self, row: InvitationRow) -> str:
        return row_tag(self._vault, "invitation", row.model_dump())

    def _newest(self, account_id: str) -> InvitationRow | None:
        query = select(InvitationRow).where(col(InvitationRow.account_id) == account_id)
        query = query.order_by(
            col(InvitationRow.created_at).desc(), col(InvitationRow.expires_at).desc()
        )
        return self._session.exec(query.limit(1)).first()


def _invitation(row: InvitationRow, *, is_newest: bool) -> Invitation:
    return Invitation(
        account_id=row.account_id,
        kind=InvitationKind(row.kind),
        expires_at=row.expires_at,
        is_used=row.used_at is not None,
        is_newest=is_newest,
    )


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

        Without those that this program did not write so.
        """
        query = select(AccountDecisionRow).where(
            col(AccountDecisionRow.state) == DecisionState.PROPOSED.value,
            col(AccountDecisionRow.proposed_at) > self._transaction.machine_now - PROPOSAL_STAYS,
        )
        if account_id:
            query = query.where(col(AccountDecisionRow.account_id) == account_id)
        rows = self._session.exec(query.order_by(col(AccountDecisionRow.proposed_at)))
        return [_decision(row) for row in rows if row.tag == self._tag(row)]

    def account_of(self, decision_id: str) -> str:
        """Return the account that a decision concerns, which never changes; empty if unknown."""
        query = select(AccountDecisionRow.account_id).where(
            col(AccountDecisionRow.id) == decision_id
        )
        return self._session.exec(query).first() or ""

    def locked(self, decision_id: str) -> Decision | None:
        """Return the decision with a row lock until this transaction ends.

        None if this program did not write it so.
        """
        row = self._locked(AccountDecisionRow, decision_id)
        return _decision(row) if row is not None and row.tag == self._tag(row) else None

    def decide(self, decision_id: str, by_account: str, state: DecisionState) -> None:
        row = self._session.get(AccountDecisionRow, decision_id)
        assert row is not None, "locked before"
        row.state, row.decided_by = state.value, by_account
        row.decided_at = self._transaction.machine_now
        self._session.add(row)

    def _tag(self, row: AccountDecisionRow) -> str:
        return row_tag(self._vault, "account_decision", row.model_dump())


def _decision(row: AccountDecisionRow) -> Decision:
    return Decision(
        id=row.id,
        kind=DecisionKind(row.kind),
        account_id=row.account_id or "",
        body=json.loads(row.body),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        not_before=row.not_before,
        state=DecisionState(row.state),
    )
