"""Accounts of staff: added singly or for a whole city, renamed, dismissed, new passwords."""

from datetime import datetime

from publicmeeting.domain.districts.city import district
from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.domain.officials.audit import AccountEventKind, PasswordBy
from publicmeeting.domain.officials.credentials import check_password, spelled
from publicmeeting.domain.roles import CITY_WIDE, NEVER_GRANTED, Actor, Grant, Role
from publicmeeting.store.accounts.accounts import Account, password_mark
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import (
    account_lock,
    keeping_an_administrator,
    notify_power_removed,
    role_body,
    take_turn,
    write_and_notify,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    HASHES,
    NAME_MOST,
    PASSWORD_MOST,
    normalized_username,
)
from publicmeeting.usecases.base import Command, parsed, usecase
from publicmeeting.usecases.rate_limits import Limit, forget


def hash_password(password: str, *own: str) -> str:
    """Return the hash to store of a new password; raises what `check_password` raises.

    `own` are the account's user name and name. Hashing is slow on purpose, so it is done before
    anything is written and nobody waits for it.
    """
    check_password(password, own)
    return str(HASHES.hash(spelled(password)[:PASSWORD_MOST]))


class AddAccount(Command):
    username: str
    name: str
    password_hash: str
    """Hash of the password, by `hash_password`."""
    roles: tuple[tuple[str, int | None, str | None], ...]
    """Role, district and unit of each grant."""


@usecase(Role.ADMINISTRATOR)
def add_account(uow: UnitOfWork, actor: Actor, command: AddAccount, _now: datetime) -> Account:
    """Add an account.

    Raises Invalid for an unknown district or unit; Denied `username_taken`; `form_broken` for a
    role that cannot be granted or lacks its district or unit, and for a password that is not
    hashed.
    """
    name, grants = read_account(uow, command)
    account = uow.accounts.add(name, command.name, command.password_hash, grants)
    body = {
        "username": name,
        "roles": [role_body(grant) for grant in grants],
        "password_mark": password_mark(command.password_hash),
    }
    uow.account_events.add(AccountEventKind.ADDED, account.id, actor.account_id, body)
    return account


def read_account(uow: UnitOfWork, command: AddAccount) -> tuple[str, tuple[Grant, ...]]:
    """Return the user name as stored, and the grants, without adding; raises as `add_account`."""
    name = normalized_username(command.username)
    if (
        not name
        or len(name) > NAME_MOST
        or not command.roles
        or not HASHES.identify(command.password_hash)
    ):
        raise Denied("form_broken")
    grants = tuple(dict.fromkeys(grant_of(uow, *role) for role in command.roles))
    return name, grants


class DismissAccount(Command):
    username: str


@usecase(Role.ADMINISTRATOR)
def dismiss_account(
    uow: UnitOfWork, actor: Actor, command: DismissAccount, _now: datetime
) -> Account:
    """Dismiss an official: signed out everywhere immediately, and never signed in again.

    The clock gives his open judgements to somebody else. Denied `not_found` for an unknown or
    dismissed name; `last_administrator` for the only one.
    """
    take_turn(uow, actor)
    account = _working(uow, command.username)
    end_account(uow, actor, account)
    return account


def end_account(uow: UnitOfWork, actor: Actor, account: Account) -> None:
    """End an account permanently: no session, link or role. Denied("last_administrator")."""
    with keeping_an_administrator(uow):
        uow.accounts.dismiss(account.id)
    uow.invitations.end_of(account.id)
    write_and_notify(uow, actor, account.id, AccountEventKind.ENDED)
    notify_power_removed(uow, actor, account, *account.terms)


class ChangePassword(Command):
    username: str
    password_hash: str
    """Hash of the password, by `hash_password`."""


@usecase(Role.ADMINISTRATOR)
def change_password(
    uow: UnitOfWork, actor: Actor, command: ChangePassword, _now: datetime
) -> Account:
    """Set another password; sessions opened with the old one end immediately.

    Denied `not_found` as in `dismiss_account`, `form_broken` for a password that is not hashed.
    """
    if not HASHES.identify(command.password_hash):
        raise Denied("form_broken")
    account = _working(uow, command.username)
    uow.advisory_lock(account_lock(account.username))
    uow.accounts.set_password(account.id, command.password_hash)
    password_chosen(uow, actor, account, PasswordBy.COMMAND_LINE)
    return account


def password_chosen(uow: UnitOfWork, actor: Actor, account: Account, by: PasswordBy) -> None:
    """Record and announce a new password; limits against guessing start again."""
    kind = AccountEventKind.PASSWORD_CHANGED
    mark = password_mark(uow.accounts.password_hash(account.id))
    write_and_notify(uow, actor, account.id, kind, by=by.value, password_mark=mark)
    uow.invitations.end_of(account.id)
    for limit in (Limit.PASSWORD_ACCOUNT, Limit.PASSWORD_ACCOUNT_DAY):
        forget(uow, limit, account.username)


def _working(uow: UnitOfWork, username: str) -> Account:
    account = uow.accounts.by_username(normalized_username(username))
    if account is None or account.is_ended:
        raise Denied("not_found")
    return account


def grant_of(uow: UnitOfWork, role: str, number: int | None, unit_id: str | None) -> Grant:
    """Return the named grant.

    Denied("form_broken") for a role that cannot be granted; Invalid for an unknown district or
    unit.
    """
    kind = parsed(Role, role)
    if kind in NEVER_GRANTED:
        raise Denied("form_broken")
    if kind is Role.UNIT:
        if uow.city.unit(unit_id or "") is None:
            raise Invalid("unit_unknown", field="unit")
        return Grant(kind, None, unit_id)
    return Grant(kind) if kind in CITY_WIDE else Grant(kind, district(number or 0).number)


class ManyAccounts(Command):
    accounts: tuple[AddAccount, ...]


@usecase(Role.ADMINISTRATOR)
def refused_accounts(
    uow: UnitOfWork, _actor: Actor, command: ManyAccounts, _now: datetime
) -> dict[int, Refusal]:
    """Map position in the command to refusal, for accounts that could not be added. Adds none."""
    refused: dict[int, Refusal] = {}
    taken = {account.username for account in uow.accounts.all()}
    for place, one in enumerate(command.accounts):
        try:
            name, _ = read_account(uow, one)
        except Refusal as refusal:
            refused[place] = refusal
            continue
        if name in taken:
            refused[place] = Denied("username_taken")
        taken.add(name)
    return refused


@usecase(Role.ADMINISTRATOR)
def add_accounts(
    uow: UnitOfWork, actor: Actor, command: ManyAccounts, now: datetime
) -> tuple[Account, ...]:
    """Add all accounts in one transaction; raises as `add_account` for the first refused one."""
    return tuple(add_account(uow, actor, account, now) for account in command.accounts)
