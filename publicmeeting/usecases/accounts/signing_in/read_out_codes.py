"""One-time codes that a citizen reads out to an officer to prove her word for one purpose.

Such a code opens no session. A browser's own codes are looked up by its visit, these by purpose,
account and visit of the officer who asked. A sign-in code is therefore useless to an officer, and
an officer's code is useless in any other browser or for any other purpose.
"""

from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.codes import random_digits
from publicmeeting.kit.digits import typed_code
from publicmeeting.store.accounts.sign_ins import READ_OUT_STAYS
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.notices.sms_text import read_out_text
from publicmeeting.usecases.accounts.signing_in.sign_in import CODE_DIGITS, send_code
from publicmeeting.usecases.rate_limits import (
    Limit,
    count,
    is_over,
    over,
    spend_code,
    take,
)
from publicmeeting.usecases.security_notes import mobile_mark, note

HELPERS = (Role.DESK, Role.PHONE)
"""Roles that may act on a citizen's word."""


class Purpose(StrEnum):
    """What a code that is read out is valid for."""

    FILE = "file"
    TRACK = "track"
    CARD = "card"
    """She is reached by this mobile from now on; the officer holds her card."""


def helper_role(actor: Actor) -> Role:
    """Return the role in which an officer helps; PHONE before DESK, because it has no district.

    Denied("not_your_role") for everybody else.
    """
    role = next((held for held in (Role.PHONE, Role.DESK) if actor.has(held)), None)
    if role is None or actor.account_id is None:
        raise Denied("not_your_role")
    return role


def username_of(uow: UnitOfWork, actor: Actor) -> str:
    """Return the user name under which an account's limits are counted."""
    account = uow.accounts.get(actor.account_id or "")
    if account is None:
        raise Denied("session_ended")
    return account.username


def send_read_out(
    uow: UnitOfWork, actor: Actor, purpose: Purpose, mobile: str, budget: int = 0
) -> None:
    """Send a code to this mobile (E.164); the result does not depend on whose it is.

    Denied `read_out_again` before a minute has passed; `read_out_mobile_full`, `read_out_day_full`,
    `read_out_unread` above the limits. It counts towards the city's `budget` but is not refused by
    it, because officers have their own limits and a stranger cannot cause one.
    """
    role, username = helper_role(actor), username_of(uow, actor)
    again = mobile, f"{username}/{purpose.value}"  # after a filing she may ask at once
    counted = (
        (Limit.READ_OUT_AGAIN, again),
        (Limit.READ_OUT_MOBILE, (mobile,)),
        (Limit.READ_OUT_ACCOUNT, (username,)),
        (Limit.READ_OUT_UNREAD, (username,)),
    )
    for limit, key in counted:
        take(uow, limit, *key)
    spend_code(uow, budget, is_known=True)
    code = random_digits()
    issued = uow.codes.issue(mobile, _owner(actor, purpose), code, READ_OUT_STAYS)
    text = read_out_text(code, purpose.value, by_telephone=role is Role.PHONE)
    send_code(uow, mobile, text, issued, counted)


def check_read_out(uow: UnitOfWork, actor: Actor, purpose: Purpose, mobile: str, typed: str) -> str:
    """Check a read-out code; return empty if it is right, else the refusal's key.

    A wrong try is counted, so the key is returned, not raised. Keys: `code_short`,
    `read_out_wrong_full`, `read_out_wrong`, `read_out_expired`, `code_tries`.
    """
    code = typed_code(typed, CODE_DIGITS)
    if not code:
        return "code_short"  # it cannot be a code: it costs no try
    username = username_of(uow, actor)
    uow.advisory_lock(f"read-out/{mobile}")  # simultaneous guesses are counted one after another
    refusal = why_not_tried(uow, username, (Limit.READ_OUT_WRONG_MOBILE, mobile))
    if refusal:
        return refusal
    refusal = uow.codes.check(mobile, _owner(actor, purpose), code) or ""
    if refusal:
        count_wrong(uow, username, (Limit.READ_OUT_WRONG_MOBILE, mobile))
        note(uow, SecurityKind.CODE_WRONG, mobile_mark(uow, mobile), refusal)
        return _TO_OFFICERS.get(refusal, refusal)
    count(uow, Limit.READ_OUT_UNREAD, username, amount=-1)
    return ""


_TO_OFFICERS = {"code_wrong": "read_out_wrong", "code_expired": "read_out_expired"}
"""Refusals in the officer's wording instead of the citizen's."""


def why_not_tried(uow: UnitOfWork, username: str, *limits: tuple[Limit, str]) -> str:
    """Return the refusal's key of a try that is not even checked, else empty."""
    for limit, key in ((Limit.READ_OUT_WRONG, username), *limits):
        if is_over(uow, limit, key):
            return over(uow, limit, key).key
    return ""


def count_wrong(uow: UnitOfWork, username: str, *limits: tuple[Limit, str]) -> None:
    for limit, key in ((Limit.READ_OUT_WRONG, username), *limits):
        count(uow, limit, key)


def _owner(actor: Actor, purpose: Purpose) -> str:
    """Return the code's owner; a visit's hash, which owns a browser's codes, contains no slash."""
    return f"{purpose.value}/{actor.account_id}/{actor.visit}"
