"""Between a correct password and the second step: the account, sealed in a cookie.

No session exists yet. The cookie is valid for this visit, this account and this password, for some
minutes. During enrolment it also holds the new authenticator's secret, so that nothing is written
before one of its codes has been typed.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.credentials import is_obliged
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.database.vault import WrongKey
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import A_DAY, account_lock
from publicmeeting.usecases.accounts.devices import account_owner
from publicmeeting.usecases.accounts.factors.step_codes import new_secret

SECOND = "second"
"""The cookie's name."""
STAYS = timedelta(minutes=10)
_MARK = 16
_PARTS = 4


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
        mark = remembered_mark(uow, account, device) if device else ""
        is_remembered = bool(mark) and uow.second_steps.is_remembered(mark, account.id)
        return None if is_remembered else Due.CODE
    today = uow.city_day()
    soon = (term.grant for term in account.terms if term.holds(today) or term.holds(today + A_DAY))
    if not is_required or not is_obliged(soon):  # a session may outlast the day
        return None
    return Due.PASSKEY if account.held.has_passkey else Due.ENROLMENT


def remembered_mark(uow: UnitOfWork, account: Account, device: str) -> str:
    """Return the hash of a browser for one account and password; a new password invalidates it."""
    return uow.vault.lookup("remembered", f"{device}\n{account_owner(account)}")


def seal_pending(
    uow: UnitOfWork, actor: Actor, account: Account, *, is_enrolling: bool, place: Place
) -> str:
    """Return the cookie's value for this visit."""
    until = int((uow.machine_now + STAYS).timestamp())
    secret = new_secret() if is_enrolling else ""
    text = f"{account.id} {_password_mark(account)} {until} {secret}"
    return base64.urlsafe_b64encode(uow.vault.seal(place, actor.visit, text)).decode()


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
    if not actor.visit or not sealed:
        return None
    try:
        text = uow.vault.open(place, actor.visit, base64.urlsafe_b64decode(sealed))
    except (WrongKey, ValueError, binascii.Error):
        return None
    parts = text.split(" ")
    if len(parts) != _PARTS:
        return None
    account_id, mark, until, secret = parts
    account = uow.accounts.get(account_id)
    if account is not None and is_entering:
        uow.advisory_lock(account_lock(account.username))
        account = uow.accounts.get(account_id)
    if account is None or not account.active or not account.grants:
        return None
    if mark != _password_mark(account):
        return None
    is_live = uow.machine_now < datetime.fromtimestamp(int(until), uow.machine_now.tzinfo)
    return PendingSecond(account, secret) if is_live else None


def _password_mark(account: Account) -> str:
    return sha("password", account.held.password_hash)[:_MARK]
