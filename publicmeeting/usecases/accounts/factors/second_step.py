"""The step after a correct password: authenticator code, recovery code, or enrolment.

Between the password and this step the account is sealed in a cookie (`PendingSecond`); no session
exists yet. The cookie is valid for this visit, this account and this password, for some minutes.
During enrolment it also holds the new authenticator's secret, so that nothing is written before one
of its codes has been typed.

A wrong try is counted, so its refusal is returned, not raised. The refusal is the same for wrong
digits, a used code or another account's paper. The authenticator's codes are RFC 6238; a recovery
code has sixteen digits, on paper.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from passlib.exc import TokenError
from passlib.totp import TOTP

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind, SecurityKind
from publicmeeting.domain.officials.credentials import (
    RECOVERY_CODES,
    RECOVERY_DIGITS,
    REMEMBERED,
    TOTP_DIGITS,
    is_obliged,
)
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.browsers import browser_and_system
from publicmeeting.kit.codes import random_digits
from publicmeeting.kit.digits import typed_code
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.accounts.row_tags import dated
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import A_DAY, account_lock, stop_resets
from publicmeeting.usecases.accounts.credentials import open_of_visit, seal_for_visit
from publicmeeting.usecases.accounts.devices import account_owner, device_cookie, known_device
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase
from publicmeeting.usecases.rate_limits import Limit, count, forget, is_over, over
from publicmeeting.usecases.security_notes import account_name, note

STEP = 30
"""Seconds of one code; a telephone whose clock is wrong by one code still works."""


def new_secret() -> str:
    """Return a new secret: 160 random bits in base 32."""
    return str(TOTP(new=True).base32_key)


def counter_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the 30-second count of this code, now or one before or after; None if wrong."""
    try:
        return int(TOTP(key=secret).match(code, now, window=STEP).counter)
    except TokenError:
        return None


def secret_uri(secret: str, account: str, issuer: str) -> str:
    """Return the address that an authenticator reads from the QR."""
    return str(TOTP(key=secret).to_uri(label=account, issuer=issuer))


def grouped_secret(secret: str) -> str:
    """Return the secret in groups of four, for typing."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


# Recovery codes: sixteen digits on paper, each usable once. They are hashed without the master key,
# so that papers survive a change of that key. The hash is slow and bound to the account, so that
# the holder of a database cannot try the codes out.

_COST, _BLOCK, _MEMORY = 2**13, 8, 2**25
"""Parameters of scrypt: 8 MiB and some 20 ms for each of 10^16 codes."""


def recovery_codes_of(uow: UnitOfWork, key: str) -> tuple[str, ...]:
    """Derive the set of codes from the key of a press (`Sessions.key_of_press`).

    A double tap shows only the second answer, and nothing is stored to show the set again.
    """
    tags = (uow.vault.tag("recovery code", f"{key}\n{number}") for number in range(RECOVERY_CODES))
    return tuple(f"{int(tag, 16) % 10**RECOVERY_DIGITS:0{RECOVERY_DIGITS}d}" for tag in tags)


def new_recovery_codes(
    uow: UnitOfWork, account_id: str, codes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Store `codes`, or a random set, for this account; they cannot be read again."""
    codes = codes or tuple(random_digits(RECOVERY_DIGITS) for _ in range(RECOVERY_CODES))
    uow.second_steps.put_recovery_codes(
        account_id, [recovery_hash(account_id, code) for code in codes]
    )
    return codes


def recovery_hash(account_id: str, code: str) -> str:
    salt = f"recovery\n{account_id}".encode()
    return hashlib.scrypt(
        code.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=32
    ).hex()


SECOND = "second"
"""The cookie's name."""
STAYS = timedelta(minutes=10)
_MARK = 16


class Due(StrEnum):
    """What follows a correct password; these results of `sign_in` are not all refusals."""

    CODE = "second_step_due"
    ENROLMENT = "enrolment_due"
    PASSKEY = "passkey_needed"
    """Also a refusal: an account with a passkey cannot enrol an authenticator by password."""


class Place(StrEnum):
    """Where a cookie is valid; it opens in its own place only."""

    SIGN_IN = "visit.second"
    KEYS = "visit.keys"
    """Another authenticator for an official who is signed in."""


@dataclass(frozen=True, slots=True)
class PendingSecond:
    """An opened cookie. `secret` belongs to an authenticator being enrolled, or is empty."""

    account: Account
    secret: str


def has_second(account: Account) -> bool:
    """Return whether the account has any factor beside its password."""
    return bool(account.held.app) or account.held.has_passkey


def due(uow: UnitOfWork, account: Account, device: str, *, is_required: bool) -> Due | None:
    """Return what this account must still do after its password; None if nothing.

    `device` is the browser's name if the account has signed in with it before, else empty.
    """
    if account.held.app:
        is_remembered = bool(device) and bool(_remembered(uow, account, device))
        return None if is_remembered else Due.CODE
    today = uow.city_day()
    soon = (term.grant for term in account.terms if term.holds(today) or term.holds(today + A_DAY))
    if not is_required or not is_obliged(soon):  # a session may outlast the day
        return None
    return Due.PASSKEY if account.held.has_passkey else Due.ENROLMENT


def _remembered(uow: UnitOfWork, account: Account, device: str) -> list[str]:
    """Return the marks of a browser that are still valid."""
    return [
        one.id
        for one in uow.second_steps.remembered(account.id)
        if one.id == _remembered_mark(uow, account, device, one.until)
    ]


def _remembered_mark(uow: UnitOfWork, account: Account, device: str, until: datetime) -> str:
    """Return the hash of a browser for one account and password, with the hour of its end.

    A new password invalidates it, and the database owner cannot lengthen it in its row.
    """
    return uow.vault.lookup("remembered", f"{dated(device, until)}\n{account_owner(account)}")


def seal_pending(
    uow: UnitOfWork, actor: Actor, account: Account, *, is_enrolling: bool, place: Place
) -> str:
    """Return the cookie's value for this visit."""
    secret = new_secret() if is_enrolling else ""
    text = f"{account.id} {_password_mark(account)} {secret}"
    return seal_for_visit(uow, actor, place, text, STAYS)


def open_pending(
    uow: UnitOfWork,
    actor: Actor,
    sealed: str,
    place: Place = Place.SIGN_IN,
    *,
    is_entering: bool = False,
) -> PendingSecond | None:
    """Open the cookie; None if it is not valid now.

    It is not valid if it is old, belongs to another visit or place, is for an account that may not
    sign in or a password that was changed, or is no cookie of this installation. With `is_entering`
    the account is locked and its current password checked.
    """
    text = open_of_visit(uow, actor, place, sealed) if actor.visit else None
    if text is None:
        return None
    account_id, mark, secret = text.split(" ")
    account = uow.accounts.get(account_id)
    if account is not None and is_entering:
        uow.advisory_lock(account_lock(account.username))
        account = uow.accounts.get(account_id)
    if account is None or not account.active or not account.grants:
        return None
    return PendingSecond(account, secret) if mark == _password_mark(account) else None


def _password_mark(account: Account) -> str:
    return sha("password", account.held.password_hash)[:_MARK]


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
    code = typed_code(command.code, TOTP_DIGITS) or typed_code(command.code, RECOVERY_DIGITS)
    if not code:
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
    press = uow.sessions.key_of_press(command.sealed, typed_code(command.code, TOTP_DIGITS))
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


def put_authenticator(
    uow: UnitOfWork, account: Account, secret: str, typed: str, codes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Make this secret the account's authenticator; return a new set of recovery codes.

    `codes` is used as the set if given. Denied `second_short`, `enrol_wrong` unless one of the
    secret's codes was typed.
    """
    code = typed_code(typed, TOTP_DIGITS)
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
        browser = device.partition(".")[0]
        for earlier in _remembered(uow, account, browser):
            uow.second_steps.forget(account.id, earlier)
        mark = _remembered_mark(uow, account, browser, until)
        name = browser_and_system(uow.origin.agent)
        uow.second_steps.remember(mark, account.id, name, until)
        body = {"until": until.date().isoformat()}
        uow.account_events.add(AccountEventKind.DEVICE_REMEMBERED, account.id, account.id, body)
    if not uow.sessions.is_just_opened(key):
        stop_resets(uow, account.id)
        uow.sessions.open_for_account(account, Door.TWO_STEPS, key)
    return Entry(key, device, recovery_codes=codes, recovery_left=left)
