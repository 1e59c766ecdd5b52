"""Checks that officials' accounts agree with their histories: who may sign in, and as what.

The database owner can also write into a history, but administrators, the overseer and the owner of
the account read it.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_lock, take_turn
from publicmeeting.usecases.accounts.signing_in.sign_in import normalized_username
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.oversight.findings import Finding

_ROLES = frozenset(role.value for role in Role)

_Role = tuple[str | None, str, int | None, str | None, str | None]
"""Account, role, district, unit and first day."""


def roles_given(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that every role is in its account's history, with its last day and its instant.

    The database owner can also write into that history, but administrators and the overseer read
    it.
    """
    granted, held = Counter[_Role](), Counter[_Role]()
    until: dict[_Role, list[str | None]] = {}
    at: dict[_Role, list[datetime]] = {}
    for event in uow.account_events.in_order(K.ADDED, K.ROLES_CHANGED):
        new = [*event.body.get("roles", ()), *event.body.get("added", ())]
        for n, one in enumerate(
            (*new, *event.body.get("removed", ()), *event.body.get("dated", ()))
        ):
            key = event.account_id, one["role"], one["district"], one["unit"], one["from"]
            granted[key] += n < len(new)
            until.setdefault(key, []).append(one["until"])
            at.setdefault(key, []).append(event.at)
    grants = uow.inspection.grants()
    for grant in grants:
        from_on = grant.from_on.isoformat() if grant.from_on else None
        until_on = grant.until_on.isoformat() if grant.until_on else None
        key = grant.account_id, grant.role, grant.district, grant.unit, from_on
        where, what = f"account {grant.username}", f"its role {grant.role}"
        held[key] += 1
        if grant.role not in _ROLES:
            yield Finding(where, f"{what} is none that this release knows: it gives no power")
        if held[key] > granted[key]:
            yield Finding(where, f"{what} was given by nobody")
        elif until_on not in (until[key] if granted[key] > 1 else until[key][-1:]):
            yield Finding(where, f"{what} ends {until_on}, its history says {until[key][-1]}")
        elif grant.given_at not in at[key]:
            yield Finding(where, f"{what} was not given at {grant.given_at}")


def accounts_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that ended and suspended accounts stay so, and that this program set passwords."""
    ended, suspended, marks = set[str | None](), dict[str | None, datetime | None](), {}
    for event in uow.account_events.in_order(*_DECIDING):
        match event.kind:
            case K.ENDED:
                ended.add(event.account_id)
            case K.SUSPENDED:
                suspended[event.account_id] = event.at
            case K.LIFTED:
                suspended[event.account_id] = None
            case _:
                marks[event.account_id] = event.body.get("password_mark")
    for account in uow.inspection.accounts():
        where = f"account {account.username}"
        if account.active == (account.id in ended):
            ending = "ended" if account.id in ended else "never ended"
            yield Finding(
                where, f"is {'on' if account.active else 'off'}, its history says {ending}"
            )
        since = suspended.get(account.id)
        if account.suspended_at != since:
            what = f"is suspended since {account.suspended_at}, its history says {since}"
            yield Finding(where, what)
        mark = marks.get(account.id)
        if account.password and account.password != mark:
            yield Finding(where, "has a password that nobody has chosen for it here")


_DECIDING = (K.ADDED, K.PASSWORD_CHANGED, K.SUSPENDED, K.LIFTED, K.ENDED)


def second_steps_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that every account has an authenticator if, and only if, it has set one up."""
    kinds = (K.SECOND_STEP_ON, K.SECOND_STEP_OFF, K.SECOND_STEP_RESET)
    newest = {event.account_id: event.kind for event in uow.account_events.in_order(*kinds)}
    for account in uow.inspection.accounts():
        was_set_up = newest.get(account.id) is K.SECOND_STEP_ON
        if account.has_app != was_set_up:
            word = "was set up" if was_set_up else "was never set up, or taken away"
            has = "is there" if account.has_app else "is gone"
            what = f"its authenticator {has}, its history says that it {word}"
            yield Finding(f"account {account.username}", what)


def accounts_tagged(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that this program has written the password, state and roles of every account."""
    for account in uow.accounts.all():
        if account.is_changed:
            what = "was changed past this program, and may not act: see admin confirm"
            yield Finding(f"account {account.username}", what)


class ConfirmAccount(Command):
    username: str


@usecase(Role.ADMINISTRATOR)
def confirm_account(
    uow: UnitOfWork, actor: Actor, command: ConfirmAccount, now: datetime
) -> tuple[Finding, ...]:
    """Tag an account that was changed in the database; at the server only.

    Returns the findings that contradict the account's history. If there are any, no tag is written.
    Denied `not_found` for a name that no account has, and for every actor with an account.
    """
    take_turn(uow, actor)
    account = uow.accounts.by_username(normalized_username(command.username))
    if actor.account_id is not None or account is None:
        raise Denied("not_found")
    uow.advisory_lock(account_lock(account.username))
    checks = (accounts_match, second_steps_match, roles_given)
    findings = (finding for check in checks for finding in check(uow, now))
    wrong = tuple(finding for finding in findings if finding.where == f"account {account.username}")
    if not wrong:
        uow.accounts.confirm(account.id)
    return wrong
