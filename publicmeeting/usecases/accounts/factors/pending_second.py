"""Between a right password and the second step: who it is, sealed in a cookie of his visit.

No session exists yet. The cookie is good for this browser, this account and this password, and for
some minutes; whoever enrols has the secret of the coming authenticator in it as well, so that
nothing is written before a code of it has been typed.
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
    """What follows a right password; the words of `sign_in` that are no refusals."""

    CODE = "second_step_due"
    ENROLMENT = "enrolment_due"
    PASSKEY = "passkey_needed"
    """A refusal as well: no authenticator is set up by the password of whoever has a passkey."""


class Place(StrEnum):
    """What a cookie is good for; it opens in its own place only."""

    SIGN_IN = "visit.second"
    KEYS = "visit.keys"
    """Another authenticator for somebody who is signed in."""


@dataclass(frozen=True, slots=True)
class PendingSecond:
    """`secret` is that of an authenticator which is being set up, empty where a code is due."""

    account: Account
    secret: str


def has_second(uow: UnitOfWork, account_id: str) -> bool:
    """Whether the account has anything beside its password."""
    return uow.second_steps.has_totp(account_id) or bool(uow.passkeys.of(account_id))


def due(uow: UnitOfWork, account: Account, device: str, *, is_required: bool) -> Due | None:
    """What this account still has to do behind its password; `device` is the name of the browser if
    the account has signed in with it before."""
    if uow.second_steps.has_totp(account.id):
        mark = remembered_mark(uow, account, device) if device else ""
        is_remembered = bool(mark) and uow.second_steps.is_remembered(mark, account.id)
        return None if is_remembered else Due.CODE
    today = uow.city_day()
    soon = (term.grant for term in account.terms if term.holds(today) or term.holds(today + A_DAY))
    if not is_required or not is_obliged(soon):  # a session may outlast the day
        return None
    return Due.PASSKEY if uow.passkeys.of(account.id) else Due.ENROLMENT


def remembered_mark(uow: UnitOfWork, account: Account, device: str) -> str:
    """Names a browser for one account with its present password: another one forgets it."""
    return uow.vault.lookup("remembered", f"{device}\n{account_owner(uow, account)}")


def seal_pending(
    uow: UnitOfWork, actor: Actor, account: Account, *, is_enrolling: bool, place: Place
) -> str:
    """The cookie's value for this visit."""
    until = int((uow.machine_now + STAYS).timestamp())
    secret = new_secret() if is_enrolling else ""
    text = f"{account.id} {_password_mark(uow, account)} {until} {secret}"
    return base64.urlsafe_b64encode(uow.vault.seal(place, actor.visit, text)).decode()


def open_pending(
    uow: UnitOfWork,
    actor: Actor,
    sealed: str,
    place: Place = Place.SIGN_IN,
    *,
    is_entering: bool = False,
) -> PendingSecond | None:
    """None for a cookie that is old, of another visit or place, of an account that may not sign in,
    or of a password that was changed; and for what is no cookie of ours.

    Whoever `is_entering` does so behind the account's lock, with the password it has by then.
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
    if mark != _password_mark(uow, account):
        return None
    is_live = uow.machine_now < datetime.fromtimestamp(int(until), uow.machine_now.tzinfo)
    return PendingSecond(account, secret) if is_live else None


def _password_mark(uow: UnitOfWork, account: Account) -> str:
    return sha("password", uow.accounts.password_hash(account.id))[:_MARK]
