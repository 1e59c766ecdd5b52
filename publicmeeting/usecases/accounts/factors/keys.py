"""An official's own keys at `/account/keys/`: authenticator, papers, remembered browsers.

A finder of an unattended desk must not be able to take the account over. Keys therefore change only
shortly after signing in, and an official with a second step must have used it: a remembered tablet
and a stolen password are not enough. Forgetting a browser is always allowed.

An official who has lost the authenticator and the papers gets a reset: he then signs in by his
password and enrols again. Anybody able to do this to a colleague could sign in as him with a
learned password, so no single administrator can.
"""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.credentials import FRESH, is_obliged
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import OFFICIALS, Actor, Role
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.accounts.factors import Passkey, RememberedDevice
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_lock
from publicmeeting.usecases.accounts.factors.second_step import (
    EXPIRED,
    Enrol,
    PendingCookie,
    Place,
    SecondDue,
    has_second,
    new_recovery_codes,
    open_pending,
    put_authenticator,
    seal_pending,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import normalized_username
from publicmeeting.usecases.base import Command, Nothing, usecase


@dataclass(frozen=True, slots=True)
class MyKeys:
    """Keys of an account; times are machine time.

    `app_since` is None without an authenticator. `fixed` is the refusal's key if nothing may change
    now, else empty.
    """

    username: str
    name: str
    app_since: datetime | None
    recovery_left: int
    passkeys: tuple[Passkey, ...]
    devices: tuple[RememberedDevice, ...]
    is_obliged: bool
    fixed: str


@usecase(*OFFICIALS)
def my_keys(uow: UnitOfWork, actor: Actor, _query: Nothing, _now: datetime) -> MyKeys:
    account = own_account(uow, actor)
    totp = uow.second_steps.totp(account.id)
    return MyKeys(
        username=account.username,
        name=account.name,
        app_since=totp.since if totp else None,
        recovery_left=uow.second_steps.recovery_codes_left(account.id),
        passkeys=tuple(uow.passkeys.of(account.id)),
        devices=tuple(uow.second_steps.remembered(account.id)),
        is_obliged=is_obliged(account.grants),
        fixed=why_fixed(uow, actor),
    )


@usecase(*OFFICIALS)
def begin_app(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> str:
    """Return the cookie with a new authenticator's secret; a typed code confirms it later.

    Nothing is written before that. Denied("not_fresh").
    """
    require_fresh(uow, actor)
    account = own_account(uow, actor)
    return seal_pending(uow, actor, account, is_enrolling=True, place=Place.KEYS)


@usecase(*OFFICIALS)
def app_due(
    uow: UnitOfWork, actor: Actor, query: PendingCookie, _now: datetime
) -> SecondDue | None:
    """Return what `begin_app` has recently begun in this browser."""
    pending = open_pending(uow, actor, query.sealed, Place.KEYS)
    if pending is None or pending.account.id != actor.account_id:
        return None
    account = pending.account
    return SecondDue(account.username, account.name, pending.secret)


@usecase(*OFFICIALS)
def confirm_app(uow: UnitOfWork, actor: Actor, command: Enrol, _now: datetime) -> tuple[str, ...]:
    """Switch to the new authenticator; return its new recovery codes.

    Denied `not_fresh`, `second_expired`, `second_short`, `enrol_wrong`.
    """
    require_fresh(uow, actor)
    pending = open_pending(uow, actor, command.sealed, Place.KEYS)
    if pending is None or pending.account.id != actor.account_id:
        raise Denied(EXPIRED)
    codes = put_authenticator(uow, pending.account, pending.secret, command.code)
    uow.sessions.take_two_steps(actor)
    return codes


class DropApp(Command):
    requires_two_steps: bool
    """Whether this city requires a second step of deciding roles."""


@usecase(*OFFICIALS)
def drop_app(uow: UnitOfWork, actor: Actor, command: DropApp, _now: datetime) -> None:
    """Remove the authenticator, so that the password suffices again.

    Denied `not_fresh`; `second_obliged` for a role that must have a second step.
    """
    require_fresh(uow, actor)
    account = own_account(uow, actor)
    if command.requires_two_steps and is_obliged(account.grants):
        raise Denied("second_obliged")
    if uow.second_steps.totp(account.id) is None:
        return
    uow.second_steps.drop_codes(account.id)
    uow.account_events.add(AccountEventKind.SECOND_STEP_OFF, account.id, account.id, {})


@usecase(*OFFICIALS)
def renew_codes(
    uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime
) -> tuple[str, ...]:
    """Replace the recovery codes; the new set is shown once. Denied `not_fresh`, `not_found`.

    `not_found` means that there is no authenticator.
    """
    require_fresh(uow, actor)
    account = own_account(uow, actor)
    if uow.second_steps.totp(account.id) is None:
        raise Denied("not_found")
    uow.account_events.add(AccountEventKind.RECOVERY_CODES_MADE, account.id, account.id, {})
    return new_recovery_codes(uow, account.id)


class ForgetDevice(Command):
    mark: str


@usecase(*OFFICIALS)
def forget_device(uow: UnitOfWork, actor: Actor, command: ForgetDevice, _now: datetime) -> None:
    """Forget a remembered browser; it needs a second step again. Denied("not_found") if not his."""
    account = own_account(uow, actor)
    if not uow.second_steps.forget(account.id, command.mark):
        raise Denied("not_found")
    uow.account_events.add(AccountEventKind.DEVICE_FORGOTTEN, account.id, account.id, {})


def own_account(uow: UnitOfWork, actor: Actor) -> Account:
    """Return the actor's account; Denied("session_ended") if there is none."""
    account = uow.accounts.get(actor.account_id) if actor.account_id else None
    if account is None:
        raise Denied("session_ended")
    return account


def why_fixed(uow: UnitOfWork, actor: Actor) -> str:
    """Return why keys may not change now, or empty.

    `not_fresh` some time after signing in; `not_two_steps` if the sign-in left a second step out.
    """
    opened = uow.sessions.opened_at(actor)
    if opened is None or uow.machine_now - opened >= FRESH:
        return "not_fresh"
    account = own_account(uow, actor)
    is_by_password = uow.sessions.door(actor) in (Door.PASSWORD, None)
    return "not_two_steps" if is_by_password and has_second(account) else ""


def require_fresh(uow: UnitOfWork, actor: Actor) -> None:
    """Raise Denied with the key of `why_fixed`, read under the account's lock.

    Nothing changes for an actor who was signed out meanwhile.
    """
    uow.advisory_lock(account_lock(own_account(uow, actor).username))
    refusal = why_fixed(uow, actor)
    if refusal:
        raise Denied(refusal)


class OneOfficial(Command):
    username: str


@usecase(Role.ADMINISTRATOR)
def reset_at_the_server(
    uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime
) -> Account:
    """Reset the last administrator's second step, by a command at the server.

    It is a security event. Denied("not_found") for an unknown name, an ended account, and every
    actor who has an account.
    """
    account = uow.accounts.by_username(normalized_username(command.username))
    if actor.account_id is not None or account is None or not account.active:
        raise Denied("not_found")
    take_away(uow, account, actor)
    return account


def take_away(uow: UnitOfWork, account: Account, actor: Actor) -> None:
    """Remove authenticator, papers, passkeys and remembered browsers, and end all sessions."""
    uow.advisory_lock(account_lock(account.username))
    uow.second_steps.drop_codes(account.id)
    uow.passkeys.remove_all(account.id)
    uow.sessions.end_of_account(account.id)
    kind = AccountEventKind.SECOND_STEP_RESET
    uow.account_events.add(kind, account.id, actor.account_id, {})
