"""Signing in ends an open proposal to reset the account's second step: its keys are not lost."""

from publicmeeting.domain.account_events import AccountEventKind
from publicmeeting.domain.invitations import DecisionKind, DecisionState
from publicmeeting.store.accounts.decisions import Decision
from publicmeeting.store.unit_of_work import UnitOfWork


def stop_resets(uow: UnitOfWork, account_id: str) -> None:
    """Reject open reset proposals; called when the owner opens a session."""
    for one in uow.decisions.open(account_id):
        decision = uow.decisions.locked(one.id) if _is_reset(one) else None
        if decision is not None and decision.state is DecisionState.PROPOSED:
            uow.decisions.decide(decision.id, account_id, DecisionState.REJECTED)
            body = {"decision": decision.id, "what": decision.kind.value}
            uow.account_events.add(AccountEventKind.REJECTED, account_id, account_id, body)


def _is_reset(decision: Decision) -> bool:
    return decision.kind is DecisionKind.NEW_SECOND_STEP
