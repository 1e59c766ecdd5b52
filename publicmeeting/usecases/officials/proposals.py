"""Proposals for what takes two administrators, which end after a week; the form of a role.

They are about a role of administrator, overseer or mayor, and about a link by which somebody could
sign in as one of the first two, or as a mayor without a second step. In a city with a single
administrator these are done at the server (`admin create`, `admin password`).

The holder of such a role signs in by the link that the second administrator reads, and in no other
way. Whatever one administrator could have prepared in the account before (a used link, a passkey, a
mobile, a session) gives no access from then on.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.districts.city import unit_id
from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.credentials import OBLIGED
from publicmeeting.domain.officials.invitations import (
    SECOND_STEP_WAITS,
    DecisionKind,
    DecisionState,
)
from publicmeeting.domain.roles import CITY_WIDE, Actor, Grant, Role
from publicmeeting.kit.digits import ascii_digits, whole_number
from publicmeeting.kit.jalali import from_typed
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.accounts.decisions import Decision
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import (
    account_lock,
    end_sessions_without_second_step,
    keeping_an_administrator,
    needs_two,
    role_body,
    take_turn,
    working,
    write_and_notify,
)
from publicmeeting.usecases.accounts.factors.keys import take_away
from publicmeeting.usecases.accounts.factors.second_step import has_second
from publicmeeting.usecases.accounts.staff_accounts import grant_of
from publicmeeting.usecases.base import Command, FormValidator, usecase
from publicmeeting.usecases.officials.invitations import is_link_newer, make_link

_FARTHEST = timedelta(days=3660)
"""Ten years; a day beyond was mistyped."""


class RoleForm(Command):
    """A role as typed; its days are Jalali such as ۱۴۰۵/۰۹/۱۶, empty for no limit.

    `district` is a number in any digits, `unit` the kind of a unit, such as `technical`.
    """

    role: str = ""
    district: str = ""
    unit: str = ""
    from_on: str = ""
    until_on: str = ""


@dataclass(frozen=True, slots=True)
class RoleAsked:
    grant: Grant
    from_on: date | None
    until_on: date | None


def read_role(uow: UnitOfWork, form: RoleForm, validator: FormValidator) -> RoleAsked | None:
    """Return the role of this form, or None with the refusals of its fields in the validator."""
    grant = _read_grant(uow, form, validator)
    from_on, until_on = _read_days(uow, form.from_on, form.until_on, validator)
    return None if grant is None or validator.errors else RoleAsked(grant, from_on, until_on)


def _read_days(
    uow: UnitOfWork, from_on: str, until_on: str, validator: FormValidator
) -> tuple[date | None, date | None]:
    """Return first and last day; a last day that is past or before the first is refused."""
    first = validator.field("from_on", lambda typed: parse_day(typed, uow.city_day()), from_on)
    last = validator.field("until_on", lambda typed: parse_day(typed, uow.city_day()), until_on)
    if last is not None and last < max(first or last, uow.city_day()):
        validator.refuse("until_on", "until_before_from" if first else "until_over")
    return first, last


def parse_day(typed: str, today: date) -> date | None:
    """Return a Jalali day typed in any digits; None if empty.

    Invalid if it is no day within ten years of today.
    """
    if not typed.strip():
        return None
    try:
        day = from_typed(typed)
    except ValueError:
        raise Invalid("day_unreadable") from None
    if abs(day - today) > _FARTHEST:
        raise Invalid("day_too_far")
    return day


def _read_grant(uow: UnitOfWork, form: RoleForm, validator: FormValidator) -> Grant | None:
    number = whole_number(ascii_digits(form.district).strip(), 2) or 0
    if form.role not in set(Role):
        validator.refuse("role", "role_missing")
        return None
    is_in_unit, is_city_wide = form.role == Role.UNIT, form.role in CITY_WIDE
    unit = unit_id(number, form.unit) if is_in_unit else None
    try:
        return grant_of(uow, form.role, None if is_city_wide else number, unit)
    except Denied:
        validator.refuse("role", "role_missing")
    except Refusal as refusal:
        validator.refuse(getattr(refusal, "field", "role"), refusal.key, **refusal.facts)
    return None


@dataclass(frozen=True, slots=True)
class Changed:
    """Result of a change of an account. `key` is the secret of a link, shown once.

    With `is_proposed` nothing happens before another administrator agrees.
    """

    account_id: str
    key: str = ""
    is_proposed: bool = False


def propose_role(uow: UnitOfWork, actor: Actor, account: Account, asked: RoleAsked) -> Changed:
    """Propose a role; Denied("one_administrator"), Denied("already_proposed")."""
    body = role_body(asked.grant, asked.from_on, asked.until_on)
    return _propose(uow, actor, account, DecisionKind.GIVE_ROLE, body)


def propose_link(uow: UnitOfWork, actor: Actor, account: Account) -> Changed:
    """Propose a new link that would open a role that needs two; Denied as in `propose_role`."""
    return _propose(uow, actor, account, DecisionKind.NEW_LINK, {})


def propose_second_step(uow: UnitOfWork, actor: Actor, account: Account) -> Changed:
    """Propose to remove an official's second step, a day before anybody may agree."""
    kind = DecisionKind.NEW_SECOND_STEP
    return _propose(uow, actor, account, kind, {}, waits=SECOND_STEP_WAITS)


def give(uow: UnitOfWork, actor: Actor, account: Account, asked: RoleAsked) -> Account:
    """Give the role from its first day on."""
    # It takes the account's lock, which every other change takes before the account's row.
    end_sessions_without_second_step(uow, account, asked.grant, asked.from_on, asked.until_on)
    now_has = uow.accounts.add_term(account.id, asked.grant, asked.from_on, asked.until_on)
    added = [role_body(asked.grant, asked.from_on, asked.until_on)]
    kind = AccountEventKind.ROLES_CHANGED
    write_and_notify(uow, actor, account.id, kind, added=added, removed=[], dated=[])
    return now_has


def renew_link(uow: UnitOfWork, actor: Actor, account: Account, site: str) -> Changed:
    """Remove the password, which others may know, and make a link to choose another."""
    uow.advisory_lock(account_lock(account.username))  # nobody signs in with it meanwhile
    key = make_link(uow, actor, account, site)
    if account.has_password:
        with keeping_an_administrator(uow):
            uow.accounts.set_password(account.id, "")
    _drop_keys_of_the_password(uow, actor, account)
    return Changed(account.id, key)


def _drop_keys_of_the_password(uow: UnitOfWork, actor: Actor, account: Account) -> None:
    """Remove passkeys that the holder of the password could add and that would outlive it.

    Passkeys of an account with an authenticator, or with a required second step, were added after
    that step, and a link alone does not use them.
    """
    is_behind = account.is_ever_in(OBLIGED, uow.city_day())
    if is_behind or uow.second_steps.has_totp(account.id):
        return
    for key in uow.passkeys.of(account.id):
        body = {"name": key.name}
        uow.account_events.add(AccountEventKind.PASSKEY_REMOVED, account.id, actor.account_id, body)
    uow.passkeys.remove_all(account.id)


def hand_over(uow: UnitOfWork, actor: Actor, account: Account) -> Changed:
    """End every earlier way of signing in; the second administrator hands over the new link."""
    uow.advisory_lock(account_lock(account.username))
    if has_second(working(uow, account.id)):  # its step may be taken away already
        take_away(uow, account, actor)
    with keeping_an_administrator(uow):
        uow.accounts.set_password(account.id, "")
    return Changed(account.id, make_link(uow, actor, account, ""))


class OneProposal(Command):
    decision: str


@usecase(Role.ADMINISTRATOR)
def agree(uow: UnitOfWork, actor: Actor, command: OneProposal, _now: datetime) -> Changed:
    """Agree as the second administrator, and carry the proposal out.

    Denied `own_proposal`; `same_person` if both have one name or mobile; `own_account` for one
    about himself; `decision_over` for one that is decided, a week old, or by somebody who is no
    administrator any more; `decision_too_soon` while its official may still stop it; `not_found`.
    """
    take_turn(uow, actor)
    about = uow.accounts.get(uow.decisions.account_of(command.decision))
    if about is not None:  # in the order of a sign-in, which stops a reset under this lock
        uow.advisory_lock(account_lock(about.username))
    decision = _waiting(uow, command.decision)
    if uow.machine_now < decision.not_before:
        raise Denied("decision_too_soon")
    if decision.proposed_by == actor.account_id or actor.account_id is None:
        raise Denied("own_proposal")
    if uow.accounts.are_one_person(decision.proposed_by, actor.account_id):
        raise Denied("same_person")
    if decision.account_id == actor.account_id:
        raise Denied("own_account")
    if not uow.accounts.has_role_now(decision.proposed_by, Role.ADMINISTRATOR):
        raise Denied("decision_over")
    account = working(uow, decision.account_id)
    uow.decisions.decide(decision.id, actor.account_id, DecisionState.AGREED)
    _write(uow, actor, decision, AccountEventKind.AGREED)
    hands_over = is_handed_over(uow, decision, account)
    if decision.kind is DecisionKind.NEW_SECOND_STEP:
        take_away(uow, account, actor)
        return hand_over(uow, actor, account) if hands_over else Changed(account.id)
    if decision.kind is DecisionKind.NEW_LINK:
        return renew_link(uow, actor, account, "")
    account = give(uow, actor, account, _role_in(decision))
    if hands_over:
        return hand_over(uow, actor, account)
    return Changed(account.id, "" if account.has_password else make_link(uow, actor, account, ""))


def is_handed_over(uow: UnitOfWork, decision: Decision, account: Account) -> bool:
    """Return whether agreeing removes every way of signing in, and makes a link.

    It does for a role that needs two, unless the account already has one, so that no link of it was
    made by one administrator. It also does for the removal of a second step if a link was made
    since its owner last used that step, because then only the user of the link would be left.
    """
    if decision.kind is DecisionKind.GIVE_ROLE:
        return not needs_two(account, uow)
    return decision.kind is DecisionKind.NEW_SECOND_STEP and is_link_newer(uow, account)


@usecase(Role.ADMINISTRATOR)
def reject(uow: UnitOfWork, actor: Actor, command: OneProposal, _now: datetime) -> Changed:
    """Reject a proposal; its proposer withdraws it this way. Denied as in `agree`."""
    take_turn(uow, actor)
    decision = _waiting(uow, command.decision)
    uow.decisions.decide(decision.id, actor.account_id or "", DecisionState.REJECTED)
    _write(uow, actor, decision, AccountEventKind.REJECTED)
    return Changed(decision.account_id)


def _waiting(uow: UnitOfWork, decision_id: str) -> Decision:
    decision = uow.decisions.locked(decision_id)
    if decision is None:
        raise Denied("not_found")
    now = uow.machine_now
    is_open = decision.state is DecisionState.PROPOSED
    if not is_open or now >= decision.until:
        raise Denied("decision_over")
    return decision


def _propose(
    uow: UnitOfWork,
    actor: Actor,
    account: Account,
    kind: DecisionKind,
    body: dict[str, object],
    waits: timedelta = timedelta(0),
) -> Changed:
    assert actor.account_id is not None, "the command line asks nobody"
    refuse_alone(uow, actor, account.id)
    if any(one.kind is kind and one.body == body for one in uow.decisions.open(account.id)):
        raise Denied("already_proposed")
    decision = uow.decisions.propose(
        kind, account.id, actor.account_id, body, uow.machine_now + waits
    )
    _write(uow, actor, decision, AccountEventKind.PROPOSED)
    return Changed(account.id, is_proposed=True)


def refuse_alone(uow: UnitOfWork, actor: Actor, about: str = "") -> None:
    """Raise Denied("one_administrator") if nobody beside these two accounts could agree."""
    by = actor.account_id or ""
    if not any(
        account.has_password
        and account.id != about
        and not uow.accounts.are_one_person(account.id, by)
        for account in uow.accounts.with_role(Role.ADMINISTRATOR)
    ):
        raise Denied("one_administrator")


def _write(uow: UnitOfWork, actor: Actor, decision: Decision, kind: AccountEventKind) -> None:
    body = {"decision": decision.id, "what": decision.kind.value}
    uow.account_events.add(kind, decision.account_id, actor.account_id, body)


def _role_in(decision: Decision) -> RoleAsked:
    body = decision.body
    grant = Grant(Role(body["role"]), body["district"], body["unit"])
    return RoleAsked(grant, _day(body["from"]), _day(body["until"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
