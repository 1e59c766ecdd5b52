"""An official's own account: her roles, sign-ins, changes, password."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind, PasswordBy
from publicmeeting.domain.officials.credentials import spelled
from publicmeeting.domain.people import masked_mobile
from publicmeeting.domain.roles import OFFICIALS, Actor, Term
from publicmeeting.store.accounts.account_events import AccountEvent
from publicmeeting.store.accounts.sessions import OwnSession
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_lock
from publicmeeting.usecases.accounts.sessions import EndSession
from publicmeeting.usecases.accounts.signing_in.sign_in import HASHES, PASSWORD_MOST
from publicmeeting.usecases.accounts.staff_accounts import password_chosen
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.rate_limits import Limit, count, forget, is_over, over

_HISTORY = 60


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Her account; `new` counts history entries that others wrote since she last read it."""

    id: str
    username: str
    name: str
    mobile: str
    """Masked; empty if none is known."""
    terms: tuple[Term, ...]
    sessions: tuple[OwnSession, ...]
    history: tuple[AccountEvent, ...]
    names: Mapping[str, str]
    """Account id in the history → its owner's name."""
    new: int
    now: datetime
    """City time."""
    machine_now: datetime


@usecase(*OFFICIALS)
def own_account(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> OwnAccount:
    """Return the account of the official whose session this is."""
    account = uow.accounts.get(actor.account_id or "")
    if account is None:
        raise Denied("session_ended")
    history = tuple(uow.account_events.of_account(account.id, most=_HISTORY))
    found = {
        event.by_account: uow.accounts.get(event.by_account)
        for event in history
        if event.by_account
    }
    mobile = uow.accounts.mobile(account.id)
    return OwnAccount(
        id=account.id,
        username=account.username,
        name=account.name,
        mobile=masked_mobile(mobile) if mobile else "",
        terms=tuple(term for term in account.terms if not term.never_holds),
        sessions=tuple(uow.sessions.own(actor)),
        history=history,
        names={id_: one.name for id_, one in found.items() if one is not None},
        new=uow.account_events.count_by_others(
            account.id, uow.accounts.changes_read_at(account.id)
        ),
        now=now,
        machine_now=uow.machine_now,
    )


class MarkRead(Command):
    """Marks changes as read; `until` is the instant of the newest one that her page has shown."""

    until: datetime


@usecase(*OFFICIALS)
def mark_read(uow: UnitOfWork, actor: Actor, command: MarkRead, _now: datetime) -> None:
    """Record that she has read the changes of her account."""
    if actor.account_id:
        uow.accounts.mark_read(actor.account_id, command.until)


class ChangeOwnPassword(Command):
    """A new password; `old` as typed, `password_hash` of the new one by `hash_password`."""

    old: str
    password_hash: str


@usecase(*OFFICIALS)
def change_own_password(
    uow: UnitOfWork, actor: Actor, command: ChangeOwnPassword, _now: datetime
) -> str:
    """Change her password; other sessions end, this one stays.

    Returns empty, or the refusal's key: a wrong try is counted, so it is returned, not raised.
    Keys: `password_old_wrong`, `too_many_requests`. Denied("form_broken") for a password that is
    not hashed.
    """
    account = uow.accounts.get(actor.account_id or "")
    if account is None or not HASHES.identify(command.password_hash):
        raise Denied("form_broken")
    uow.advisory_lock(account_lock(account.username))
    account = uow.accounts.get(account.id) or account  # another may have changed it meanwhile
    tries = account.username, "own"
    if is_over(uow, Limit.PASSWORD_DEVICE, *tries):
        return over(uow, Limit.PASSWORD_DEVICE, *tries).key
    stored = account.held.password_hash
    if not stored or not HASHES.verify(spelled(command.old)[:PASSWORD_MOST], stored):
        count(uow, Limit.PASSWORD_DEVICE, *tries)
        return "password_old_wrong"
    forget(uow, Limit.PASSWORD_DEVICE, *tries)
    uow.accounts.set_password(account.id, command.password_hash, but=actor.session_id)
    password_chosen(uow, actor, account, PasswordBy.OWNER)
    return ""


@usecase(*OFFICIALS)
def end_own_session(uow: UnitOfWork, actor: Actor, command: EndSession, _now: datetime) -> None:
    """End one of her own sign-ins; its open pages close immediately.

    Denied("session_gone") if it has ended already, and for anybody else's.
    """
    if not uow.sessions.end_own(actor, command.session):
        raise Denied("session_gone")
    _write_ended(uow, actor, 1)


@usecase(*OFFICIALS)
def end_own_others(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> int:
    """End all of her sign-ins but this one; return how many."""
    ended = uow.sessions.end_others(actor)
    _write_ended(uow, actor, ended)
    return ended


def _write_ended(uow: UnitOfWork, actor: Actor, number: int) -> None:
    kind = AccountEventKind.SESSIONS_ENDED
    uow.account_events.add(kind, actor.account_id, actor.account_id, {"count": number})
