"""The step after a correct password: authenticator code, recovery code, or enrolment.

A wrong try is counted, so its refusal is returned, not raised. The refusal is the same for wrong
digits, a used code or another account's paper.
"""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.account_events import AccountEventKind
from publicmeeting.domain.credentials import RECOVERY_DIGITS, REMEMBERED, TOTP_DIGITS
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.kit.browsers import browser_and_system
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import stop_resets
from publicmeeting.usecases.accounts.devices import account_owner, device_cookie, known_device
from publicmeeting.usecases.accounts.factors.pending_second import (
    has_second,
    open_pending,
    remembered_mark,
)
from publicmeeting.usecases.accounts.factors.step_codes import (
    counter_of,
    new_recovery_codes,
    recovery_codes_of,
    recovery_hash,
)
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase
from publicmeeting.usecases.rate_limits import Limit, count, forget, is_over, over
from publicmeeting.usecases.security_notes import account_name, note

EXPIRED = "second_expired"
"""Refusal key that leads back to the password."""
WRONG = "second_wrong"


@dataclass(frozen=True, slots=True)
class Entry:
    """Result of a second step: cookies of a new session and device, or a refusal's key.

    `recovery_codes` are a new set, to be shown once. `recovery_left` is how many are left after one
    was used to sign in.
    """

    session: str = ""
    device: str = ""
    refusal: str = ""
    recovery_codes: tuple[str, ...] = ()
    recovery_left: int | None = None


@dataclass(frozen=True, slots=True)
class SecondDue:
    """What the page of the second step shows; a `secret` is to be enrolled."""

    username: str
    name: str
    secret: str


class PendingCookie(Query):
    """The cookie as the browser sent it."""

    sealed: str


@usecase(*ANYONE)
def second_due(
    uow: UnitOfWork, actor: Actor, query: PendingCookie, _now: datetime
) -> SecondDue | None:
    """Return what is due in a browser that recently had the correct password; else None."""
    pending = open_pending(uow, actor, query.sealed)
    if pending is None:
        return None
    account = pending.account
    return SecondDue(account.username, account.name, pending.secret)


class EnterSecond(Command):
    """A second step; `code` is six digits of an authenticator or sixteen from paper."""

    sealed: str
    code: str
    remember: bool = False


@usecase(*ANYONE)
def enter_second(uow: UnitOfWork, actor: Actor, command: EnterSecond, _now: datetime) -> Entry:
    """Check a code and sign in.

    Refusal keys: `second_expired`, `second_short`, `second_wrong`, `second_used_up`.
    """
    pending = open_pending(uow, actor, command.sealed, is_entering=True)  # all tries are counted
    if pending is None or pending.secret:
        return Entry(refusal=EXPIRED)
    account = pending.account
    code = "".join(ascii_digits(command.code).split()).replace("-", "")
    if (
        not code.isdecimal()
        or not code.isascii()
        or len(code) not in {TOTP_DIGITS, RECOVERY_DIGITS}
    ):
        return Entry(refusal="second_short")  # it cannot be a code: it costs no try
    is_paper = len(code) == RECOVERY_DIGITS
    press = uow.sessions.key_of_press(command.sealed, code)
    if uow.sessions.is_just_opened(press):  # tapped twice: only the second answer is shown
        left = uow.second_steps.recovery_codes_left(account.id) if is_paper else None
        return _let_in(uow, account, press, remember=command.remember, left=left)
    device = known_device(uow, account_owner(account))
    limit, key = (
        (Limit.SECOND_DEVICE, (account.username, device))
        if device
        else (Limit.SECOND_ACCOUNT, (account.username,))
    )
    if is_over(uow, limit, *key):
        return Entry(refusal=over(uow, limit, *key).key)
    is_right = _is_unused_paper(uow, account, code) if is_paper else _is_new(uow, account, code)
    if not is_right:
        count(uow, limit, *key)
        note(uow, SecurityKind.SECOND_STEP_WRONG, account_name(account.username))
        return Entry(refusal=WRONG)
    forget(uow, limit, *key)
    left = None
    if is_paper:
        left = uow.second_steps.recovery_codes_left(account.id)
        body = {"left": left}
        uow.account_events.add(AccountEventKind.RECOVERY_CODE_USED, account.id, account.id, body)
    return _let_in(uow, account, press, remember=command.remember, left=left)


def _is_new(uow: UnitOfWork, account: Account, code: str) -> bool:
    """Return whether the authenticator shows this code and nobody has used it."""
    totp = uow.second_steps.totp(account.id, account.held.app)
    counter = counter_of(totp.secret, code, uow.machine_now) if totp else None
    return counter is not None and uow.second_steps.take_counter(account.id, counter)


def _is_unused_paper(uow: UnitOfWork, account: Account, code: str) -> bool:
    return uow.second_steps.use_recovery_code(account.id, recovery_hash(account.id, code))


class Enrol(Command):
    """An enrolment; `code` is the first one of the new authenticator."""

    sealed: str
    code: str


@usecase(*ANYONE)
def enrol(uow: UnitOfWork, actor: Actor, command: Enrol, _now: datetime) -> Entry:
    """Enrol an account that must have a second step, and sign its owner in.

    Refusal keys: `second_expired`, also if the account got a second step meanwhile; `second_short`,
    `enrol_wrong`.
    """
    pending = open_pending(uow, actor, command.sealed, is_entering=True)
    if pending is None or not pending.secret:
        return Entry(refusal=EXPIRED)
    account = pending.account
    press = uow.sessions.key_of_press(command.sealed, _totp_digits(command.code))
    codes = recovery_codes_of(uow, press)
    if uow.sessions.is_just_opened(press):  # tapped twice: the first answer was not shown
        return _let_in(uow, account, press, codes=codes)
    if has_second(account):  # of two simultaneous enrolments one is refused
        return Entry(refusal=EXPIRED)
    try:
        put_authenticator(uow, account, pending.secret, command.code, codes)
    except Denied as refusal:
        return Entry(refusal=refusal.key)
    return _let_in(uow, account, press, codes=codes)


def _totp_digits(typed: str) -> str:
    """Return the digits of an authenticator's code; empty if it cannot be one."""
    code = "".join(ascii_digits(typed).split())
    is_code = len(code) == TOTP_DIGITS and code.isdecimal() and code.isascii()
    return code if is_code else ""


def put_authenticator(
    uow: UnitOfWork, account: Account, secret: str, typed: str, codes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Make this secret the account's authenticator; return a new set of recovery codes.

    `codes` is used as the set if given. Denied `second_short`, `enrol_wrong` unless one of the
    secret's codes was typed.
    """
    code = _totp_digits(typed)
    if not code:
        raise Denied("second_short")
    counter = counter_of(secret, code, uow.machine_now)
    if counter is None:
        raise Denied("enrol_wrong")
    is_new = uow.second_steps.totp(account.id) is None
    uow.second_steps.put_totp(account.id, secret, counter)
    uow.second_steps.forget_devices(account.id)
    body = {"is_new": is_new}
    uow.account_events.add(AccountEventKind.SECOND_STEP_ON, account.id, account.id, body)
    return new_recovery_codes(uow, account.id, codes)


def _let_in(
    uow: UnitOfWork,
    account: Account,
    key: str,
    *,
    remember: bool = False,
    left: int | None = None,
    codes: tuple[str, ...] = (),
) -> Entry:
    device = device_cookie(uow, account_owner(account))
    if remember:
        until = uow.machine_now + REMEMBERED
        mark = remembered_mark(uow, account, device.partition(".")[0])
        name = browser_and_system(uow.origin.agent)
        uow.second_steps.remember(mark, account.id, name, until)
        body = {"until": until.date().isoformat()}
        uow.account_events.add(AccountEventKind.DEVICE_REMEMBERED, account.id, account.id, body)
    if not uow.sessions.is_just_opened(key):
        stop_resets(uow, account.id)
        uow.sessions.open_for_account(account, Door.TWO_STEPS, key)
    return Entry(key, device, recovery_codes=codes, recovery_left=left)
