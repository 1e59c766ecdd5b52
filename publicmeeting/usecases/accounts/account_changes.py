"""Shared by all changes of officials' accounts: one lock, an event, a message to the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.credentials import OBLIGED
from publicmeeting.domain.officials.invitations import (
    TWO_NEEDED,
    TWO_TO_GIVE,
    DecisionKind,
    DecisionState,
)
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor, Grant, Role, Term
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.notices.sms_text import POWER_TAKEN, account_sms

A_DAY = timedelta(days=1)
"""Longer than any session of an official."""
OFFICIALS_TOPIC = "officials"
"""Topic published when an account, an invitation or a proposal has changed."""


def take_turn(uow: UnitOfWork, actor: Actor) -> None:
    """Serialize changes of accounts, so that two administrators cannot end each other.

    Denied("not_your_role") for an actor who is no administrator any more by then.
    """
    uow.advisory_lock(OFFICIALS_TOPIC)
    if actor.account_id and not uow.accounts.has_role_now(actor.account_id, Role.ADMINISTRATOR):
        raise Denied("not_your_role")
    uow.publish(OFFICIALS_TOPIC)


def account_topic(account_id: str) -> str:
    """Return the topic of an account; its open pages check immediately what they may still show."""
    return f"account:{account_id}"


def account_lock(username: str) -> str:
    """Return the name of the lock that sign-ins and changes of one account share."""
    return f"account/{username}"


@contextmanager
def keeping_an_administrator(uow: UnitOfWork) -> Iterator[None]:
    """Raise Denied("last_administrator") if the block leaves no permanent administrator.

    A permanent administrator can sign in and has no last day. The refusal undoes the change.
    """
    before = uow.accounts.lasting(Role.ADMINISTRATOR)
    yield
    if before and not uow.accounts.lasting(Role.ADMINISTRATOR):
        raise Denied("last_administrator")


def working(uow: UnitOfWork, account_id: str) -> Account:
    """Return an account that has not ended; Denied("not_found") otherwise."""
    account = uow.accounts.get(account_id)
    if account is None or account.is_ended:
        raise Denied("not_found")
    return account


def needs_two(account: Account, uow: UnitOfWork) -> bool:
    """Return whether the account has, or will have, a role that takes two to give."""
    return account.is_ever_in(TWO_NEEDED, uow.city_day())


def notify_power_removed(uow: UnitOfWork, actor: Actor, account: Account, *terms: Term) -> None:
    """Notify other administrators and overseers that a role which takes two to give was taken.

    One administrator may take such a role alone and immediately, because a tablet may be stolen.
    """
    today = uow.city_day()
    if not any(term.grant.role in TWO_TO_GIVE and not term.has_ended(today) for term in terms):
        return
    watching = (Role.ADMINISTRATOR, Role.OVERSEER)
    others = {account.id for role in watching for account in uow.accounts.with_role(role)}
    for account_id in sorted(others - {actor.account_id, account.id}):
        send_sms(uow, account_id, POWER_TAKEN)


def end_sessions_without_second_step(
    uow: UnitOfWork, account: Account, grant: Grant, from_on: date | None, until_on: date | None
) -> None:
    """End sessions without a second step if a new role requires one.

    Only a role that takes effect before such a session would end matters.
    """
    today = uow.city_day()
    is_soon = (from_on or today) <= today + A_DAY and (until_on or today) >= today
    if grant.role in OBLIGED and is_soon:
        uow.advisory_lock(account_lock(account.username))  # a sign-in at this moment counts too
        uow.sessions.end_of_account(account.id, by=Door.PASSWORD)


def role_body(
    grant: Grant, from_on: date | None = None, until_on: date | None = None
) -> dict[str, object]:
    """Return a role as an event or a proposal stores it; the days are Gregorian."""
    return {
        "role": grant.role.value,
        "district": grant.district,
        "unit": grant.unit_id,
        "from": from_on.isoformat() if from_on else None,
        "until": until_on.isoformat() if until_on else None,
    }


def write_and_notify(
    uow: UnitOfWork, actor: Actor, account_id: str, kind: AccountEventKind, **body: object
) -> None:
    """Record an event of this account and notify its owner if a mobile is known.

    Open pages of the account read again.
    """
    uow.publish(account_topic(account_id))
    uow.account_events.add(kind, account_id, actor.account_id, body)
    send_sms(uow, account_id, account_sms(kind))


def send_sms(uow: UnitOfWork, account_id: str, text: str) -> None:
    """Send one message after the commit, tried once; `/account/` shows its content too."""
    number = uow.accounts.mobile(account_id)
    if number and text:
        informed = len(uow.account_messages)
        digest = uow.vault.lookup(
            "message", f"account/{account_id}/{uow.machine_now.timestamp()}/{informed}"
        )
        uow.account_messages.append(CodeMessage(number, text, digest))


def stop_resets(uow: UnitOfWork, account_id: str) -> None:
    """Reject open reset proposals; called when the owner opens a session."""
    found = uow.decisions.open(account_id)
    for reset in [decision for decision in found if decision.kind is DecisionKind.NEW_SECOND_STEP]:
        decision = uow.decisions.locked(reset.id)
        if decision is not None and decision.state is DecisionState.PROPOSED:
            uow.decisions.decide(decision.id, account_id, DecisionState.REJECTED)
            body = {"decision": decision.id, "what": decision.kind.value}
            uow.account_events.add(AccountEventKind.REJECTED, account_id, account_id, body)
