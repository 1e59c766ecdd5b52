"""What an administrator does with officials: invite, give and end roles, suspend, end."""

import re
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.invitations import TWO_TO_GIVE
from publicmeeting.domain.people import parse_mobile, parse_name
from publicmeeting.domain.roles import Actor, Role, Term
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.notices.sms_text import SECOND_STEP_ASKED
from publicmeeting.usecases.accounts.account_changes import (
    A_DAY,
    end_sessions_without_second_step,
    keeping_an_administrator,
    needs_two,
    notify_power_removed,
    role_body,
    send_sms,
    take_turn,
    working,
    write_and_notify,
)
from publicmeeting.usecases.accounts.factors.second_step import has_second
from publicmeeting.usecases.accounts.signing_in.sign_in import normalized_username
from publicmeeting.usecases.accounts.staff_accounts import end_account
from publicmeeting.usecases.base import Command, FormValidator, usecase
from publicmeeting.usecases.officials.invitations import is_link_all, is_reset_near, make_link
from publicmeeting.usecases.officials.proposals import (
    Changed,
    RoleForm,
    give,
    parse_day,
    propose_link,
    propose_role,
    propose_second_step,
    read_role,
    renew_link,
)

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


class Invite(RoleForm):
    """A new official; `mobile` may be empty, `site` is the public address for the link."""

    username: str
    name: str
    mobile: str = ""
    site: str = ""


@usecase(Role.ADMINISTRATOR)
def invite(uow: UnitOfWork, actor: Actor, command: Invite, _now: datetime) -> Changed:
    """Add an account without a password, and the link by which its owner chooses one.

    FormError names every wrong field. For a role that needs two administrators, the account has no
    role and no link before another one agrees; Denied("one_administrator") if there is none.
    """
    take_turn(uow, actor)
    validator = FormValidator()
    username = validator.field("username", read_username, command.username)
    name = validator.field("name", parse_name, command.name)
    mobile = validator.field("mobile", _read_mobile, command.mobile)
    asked = read_role(uow, command, validator)
    if username and uow.accounts.by_username(username):
        validator.refuse("username", "username_taken")
    validator.done()
    assert username
    assert name
    assert asked
    account = uow.accounts.add(username, name, "")
    if mobile:
        uow.accounts.set_mobile(account.id, mobile)
    is_for_two = asked.grant.role in TWO_TO_GIVE and actor.account_id is not None
    if not is_for_two:
        account = uow.accounts.add_term(account.id, asked.grant, asked.from_on, asked.until_on)
    roles = [role_body(term.grant, term.from_on, term.until_on) for term in account.terms]
    body = {"username": username, "roles": roles, "password_mark": ""}
    uow.account_events.add(AccountEventKind.ADDED, account.id, actor.account_id, body)
    if is_for_two:
        return propose_role(uow, actor, account, asked)
    return Changed(account.id, make_link(uow, actor, account, command.site))


class GiveRole(RoleForm):
    account: str


@usecase(Role.ADMINISTRATOR)
def give_role(uow: UnitOfWork, actor: Actor, command: GiveRole, _now: datetime) -> Changed:
    """Give another role, immediately or, if it needs two, after another administrator agrees.

    Raises FormError; Denied("already_so") if she has it on its first day anyway.
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    validator = FormValidator()
    asked = read_role(uow, command, validator)
    validator.done()
    assert asked
    first = asked.from_on or uow.city_day()
    if any(term.grant == asked.grant and term.holds(first) for term in account.terms):
        raise Denied("already_so")
    if asked.grant.role in TWO_TO_GIVE and actor.account_id is not None:
        return propose_role(uow, actor, account, asked)
    give(uow, actor, account, asked)
    return Changed(account.id)


class DateRole(Command):
    """Ends a role of this account with the Jalali day `last_on`; empty for no last day.

    `term` is the role's `Term.key`.
    """

    account: str
    term: str
    last_on: str = ""


@usecase(Role.ADMINISTRATOR)
def date_role(uow: UnitOfWork, actor: Actor, command: DateRole, _now: datetime) -> Changed:
    """Set another last day for one of her roles.

    Denied `role_needs_two` if a role that needs two would last longer, `last_administrator`.
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    term = _term(account, command.term)
    validator = FormValidator()
    today = uow.city_day()
    until_on = validator.field("last_on", lambda typed: parse_day(typed, today), command.last_on)
    if until_on is not None and until_on < max(term.from_on or today, today):
        key = "until_over" if until_on < today else "until_before_from"
        validator.refuse("last_on", key)
    validator.done()
    is_longer = until_on is None or (term.until_on is not None and until_on > term.until_on)
    if is_longer and term.grant.role in TWO_TO_GIVE and actor.account_id is not None:
        raise Denied("role_needs_two")
    _set_last_day(uow, actor, account, term, until_on)
    return Changed(account.id)


class EndRole(Command):
    account: str
    term: str


@usecase(Role.ADMINISTRATOR)
def end_role(uow: UnitOfWork, actor: Actor, command: EndRole, _now: datetime) -> Changed:
    """End a role immediately. Denied("last_administrator")."""
    take_turn(uow, actor)
    account = working(uow, command.account)
    term = _term(account, command.term)
    _set_last_day(uow, actor, account, term, uow.city_day() - A_DAY)
    return Changed(account.id)


class OneOfficial(Command):
    """An official; `site` is the service's public address, for a link."""

    account: str
    site: str = ""


@usecase(Role.ADMINISTRATOR)
def suspend(uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime) -> Changed:
    """Suspend an official: signed out on every device, and not in again until it is lifted.

    Denied("last_administrator"), Denied("already_so").
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    if account.is_suspended:
        raise Denied("already_so")
    with keeping_an_administrator(uow):
        uow.accounts.suspend(account.id)
    write_and_notify(uow, actor, account.id, AccountEventKind.SUSPENDED)
    notify_power_removed(uow, actor, account, *account.terms)
    return Changed(account.id)


@usecase(Role.ADMINISTRATOR)
def lift(uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime) -> Changed:
    """Lift a suspension, so that she can sign in as before.

    Denied `already_so`; `account_changed` if its row was changed without this program.
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    if account.is_changed:
        raise Denied("account_changed")
    if not account.is_suspended:
        raise Denied("already_so")
    uow.accounts.lift(account.id)
    write_and_notify(uow, actor, account.id, AccountEventKind.LIFTED)
    return Changed(account.id)


@usecase(Role.ADMINISTRATOR)
def end(uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime) -> Changed:
    """End an account permanently. Denied("last_administrator")."""
    take_turn(uow, actor)
    account = working(uow, command.account)
    end_account(uow, actor, account)
    return Changed(account.id)


@usecase(Role.ADMINISTRATOR)
def new_link(uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime) -> Changed:
    """Make a new link; the old password and her sessions end immediately.

    It serves an official who has not used her link, or has forgotten her password. Another
    administrator must agree first if her role needs two, if two have given it and she has no second
    step yet, and while that step is being removed. Denied `last_administrator`; `no_role_yet`
    for an account without any role.
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    if not account.terms:
        raise Denied("no_role_yet")
    if _link_needs_two(uow, account) and actor.account_id is not None:
        return propose_link(uow, actor, account)
    return renew_link(uow, actor, account, command.site)


def _link_needs_two(uow: UnitOfWork, account: Account) -> bool:
    return needs_two(account, uow) or is_link_all(uow, account) or is_reset_near(uow, account)


class SetMobile(Command):
    """A mobile, which may be empty; `site` is the service's public address, for a link."""

    account: str
    mobile: str = ""
    site: str = ""


@usecase(Role.ADMINISTRATOR)
def set_mobile(uow: UnitOfWork, actor: Actor, command: SetMobile, _now: datetime) -> Changed:
    """Set where she is notified of changes, and notify the old mobile. Denied("already_so").

    An open link that was sent to the old mobile, which may be a stranger's, ends. She gets another
    one unless a link needs two administrators.
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    mobile, before = _read_mobile(command.mobile), uow.accounts.mobile(account.id)
    if mobile == before:
        raise Denied("already_so")
    write_and_notify(uow, actor, account.id, AccountEventKind.MOBILE_CHANGED)
    uow.accounts.set_mobile(account.id, mobile)
    if not before or account.id not in uow.invitations.waiting():
        return Changed(account.id)
    uow.invitations.end_of(account.id)
    if not account.terms or _link_needs_two(uow, account):
        return Changed(account.id)
    return Changed(account.id, make_link(uow, actor, account, command.site))


def _set_last_day(
    uow: UnitOfWork, actor: Actor, account: Account, term: Term, until_on: date | None
) -> None:
    end_sessions_without_second_step(uow, account, term.grant, term.from_on, until_on)
    with keeping_an_administrator(uow):
        uow.accounts.date_term(account.id, term, until_on)
    changed = [role_body(term.grant, term.from_on, until_on)]
    is_over = until_on is not None and until_on < uow.city_day()
    removed, dated = (changed, []) if is_over else ([], changed)
    kind = AccountEventKind.ROLES_CHANGED
    write_and_notify(uow, actor, account.id, kind, added=[], removed=removed, dated=dated)
    if until_on is not None and (term.until_on is None or until_on < term.until_on):
        notify_power_removed(uow, actor, account, term)


def _term(account: Account, key: str) -> Term:
    found = next((term for term in account.terms if term.key == key), None)
    if found is None:
        raise Denied("not_found")
    return found


def read_username(typed: str) -> str:
    """Return the user name as stored; Invalid if empty, or not typable on every keyboard."""
    name = normalized_username(typed)
    if not name:
        raise Invalid("username_missing")
    if _USERNAME.fullmatch(name) is None:
        raise Invalid("username_form")
    return name


def _read_mobile(typed: str) -> str:
    return parse_mobile(typed) if typed.strip() else ""


# Reset of a second step after an official has lost authenticator and papers. One administrator
# proposes it, and a second one agrees, not before a day has passed. She is notified immediately. A
# helper of an administrator who learned her password therefore cannot sign in as her by the
# evening. Her own sign-in stops the reset.


@usecase(Role.ADMINISTRATOR)
def new_second_step(uow: UnitOfWork, actor: Actor, command: OneOfficial, _now: datetime) -> Changed:
    """Ask another administrator to agree, a day from now.

    Denied `second_none` if there is no second step, `one_administrator`, `already_proposed`,
    `not_found`.
    """
    take_turn(uow, actor)
    account = working(uow, command.account)
    if actor.account_id is None:
        raise Denied("not_found")
    if not has_second(account):
        raise Denied("second_none")
    made = propose_second_step(uow, actor, account)
    send_sms(uow, account.id, SECOND_STEP_ASKED)
    return made
