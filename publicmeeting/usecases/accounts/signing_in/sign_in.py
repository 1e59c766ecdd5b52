"""Sign-in of citizens by a one-time code and of staff by a password; signing out everywhere."""

import functools
from collections.abc import Sequence
from datetime import datetime

from passlib.context import CryptContext

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.officials.credentials import spelled
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, Door, parse_mobile
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.codes import random_digits
from publicmeeting.kit.digits import ascii_digits, typed_code
from publicmeeting.kit.hashing import sha
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.notices.sms_text import code_text
from publicmeeting.usecases.accounts.account_changes import account_lock, stop_resets
from publicmeeting.usecases.accounts.devices import (
    account_owner,
    device_cookie,
    known_device,
    mobile_owner,
)
from publicmeeting.usecases.accounts.factors.second_step import Due, Place, due, seal_pending
from publicmeeting.usecases.accounts.person.recycled import served_here
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose, is_proved
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.identity import has_room
from publicmeeting.usecases.rate_limits import (
    Limit,
    count,
    forget,
    is_over,
    over,
    photo_megabytes,
    spend_code,
    take,
    take_back_code,
)
from publicmeeting.usecases.security_notes import account_name, mobile_mark, note


def sign_in_draft(uow: UnitOfWork, actor: Actor) -> None:
    """Note that a sign-in of this visit has just succeeded, for its drafts.

    If it was for filing, the draft and its photos no longer count as left by nobody at her address.
    Thousands of telephones share one, and those who go on leave nothing.
    """
    is_anonymous = actor.session_id is None and uow.origin.is_filing
    draft = uow.drafts.id(actor) if is_anonymous else None
    if draft is not None:
        address = uow.origin.address
        count(uow, Limit.DRAFT_ADDRESS, address, amount=-1)
        for size in uow.images.sizes(draft):
            count(uow, Limit.PHOTO_ADDRESS, address, amount=-1)
            count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, address, amount=-photo_megabytes(size))
    uow.drafts.sign_in(actor)


HASHES = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19 * 1024,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
"""Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet)."""
NAME_MOST = 64
CODE_DIGITS = 6
PASSWORD_MOST = 256
Counted = tuple[Limit, tuple[str, ...]]
"""A rate limit, and whose it is."""


@functools.cache
def _dummy_hash() -> str:
    """Return a hash to check for unknown names, so that they take as long as known ones."""
    return str(HASHES.hash("nobody"))


class AskCode(Command):
    mobile: str
    host: str = ""
    """The site's host, with which the browser reads the message itself (WebOTP)."""
    proof: str = ""
    """A proof of work (`proof_of_work`), if one was required."""
    budget: int = 0
    """Codes that the whole city may send in a day; 0 for no limit."""


@usecase(*ANYONE)
def ask_code(uow: UnitOfWork, actor: Actor, command: AskCode, _now: datetime) -> str:
    """Send a one-time code; return the mobile in its canonical form.

    Answer and time are the same whether the mobile is known or not. Raises Invalid for a wrong
    mobile; Denied `code_too_often` before a minute has passed; `proof_needed`, `code_day_full`,
    `too_many_requests` above the limits; `sms_budget_spent`; `not_ready` without a visit.
    """
    mobile = parse_mobile(command.mobile)
    if not actor.visit:
        raise Denied("not_ready")
    device = known_device(uow, mobile_owner(mobile))
    take(uow, Limit.CODE_AGAIN, mobile, actor.visit)
    take(uow, Limit.CODE_VISIT, actor.visit)
    if device:
        take(uow, Limit.CODE_DEVICE, mobile, device)
    else:
        _require_proof_of_stranger(uow, actor, mobile, command.proof)
        take(uow, Limit.CODE_MOBILE_DAY, mobile)
        count(uow, Limit.CODE_MOBILE, mobile)
    count(uow, Limit.CODE_ADDRESS, uow.origin.address)
    take(uow, Limit.CODE_ADDRESS_MOST, uow.origin.address)
    code = random_digits()
    key = uow.codes.issue(mobile, actor.visit, code)
    spend_code(uow, command.budget, is_known=bool(device))
    # Those of mobile and visit. The count of the address stays.
    counted: list[Counted] = [
        (Limit.CODE_AGAIN, (mobile, actor.visit)),
        (Limit.CODE_VISIT, (actor.visit,)),
    ]
    if device:
        counted += [(Limit.CODE_DEVICE, (mobile, device))]
    else:
        counted += [(Limit.CODE_MOBILE_DAY, (mobile,)), (Limit.CODE_MOBILE, (mobile,))]
    send_code(uow, mobile, code_text(code, command.host), key, counted)
    return mobile


def send_code(
    uow: UnitOfWork, mobile: str, text: str, key: str, counted: Sequence[Counted]
) -> None:
    """Send the text of an issued code; `counted` begins with the pause before asking again.

    If the code was certainly not sent, it is dropped and all counts are taken back. If the result
    is unknown, only the pause is lifted, because the code may have cost a message.
    """

    def not_sent(later: UnitOfWork) -> None:
        later.codes.drop(key)
        take_back_code(later)
        for limit, owner in counted:
            count(later, limit, *owner, amount=-1)

    def unanswered(later: UnitOfWork) -> None:
        limit, owner = counted[0]
        count(later, limit, *owner, amount=-1)

    digest = uow.vault.lookup("message", key)
    uow.messages.append(CodeMessage(mobile, text, digest, not_sent, unanswered))


def _require_proof_of_stranger(uow: UnitOfWork, actor: Actor, mobile: str, proof: str) -> None:
    address = uow.origin.address
    is_over_limit = is_over(uow, Limit.CODE_MOBILE, mobile) or is_over(
        uow, Limit.CODE_ADDRESS, address
    )
    if is_over_limit and not is_proved(uow, actor, Purpose.CODE, proof):
        raise Denied(NEEDED)


class ConfirmCode(Command):
    mobile: str
    code: str
    sealed: str = ""
    """The cookie of a plain form, if one was sent; sending it twice signs in twice."""


@usecase(*ANYONE)
def confirm_code(
    uow: UnitOfWork, actor: Actor, command: ConfirmCode, _now: datetime
) -> tuple[str, str]:
    """Return the cookie of a new session, or ("", refusal key).

    A wrong try is counted, so its refusal is returned, not raised. Denied("mobile_full") for a
    person proved without a mobile if this one already serves the maximum; her session stays.
    """
    mobile = parse_mobile(command.mobile)
    key = ""
    if command.sealed and (code := typed_code(command.code, CODE_DIGITS)):
        key = uow.sessions.key_of_press(command.sealed, code)
        uow.advisory_lock(_guesses(mobile))  # the first press has opened it, or has not begun
        if uow.sessions.is_just_opened(key):
            return key, ""
    refusal = wrong_code(uow, actor, mobile, command.code)
    if refusal:
        return "", refusal
    if actor.person_id and uow.sessions.mobile(actor) is None:
        return _reach(uow, actor.person_id, mobile, key), ""
    session = uow.sessions.open_for_mobile(mobile, Door.CODE, key)
    sign_in_draft(uow, actor)
    served = served_here(uow, actor, mobile)
    if len(served.persons) == 1 and not served.asked:
        person = served.persons[0]
        uow.sessions.act_for(Actor(session_id=sha("session", session)), person.id)
        uow.drafts.claim(actor.visit, person.id)
    return session, ""


def _reach(uow: UnitOfWork, person_id: str, mobile: str, key: str) -> str:
    """Connect a mobile to her proven session; return the session's new cookie.

    The mobile becomes hers if she has none; Denied("mobile_full") if it serves too many persons.
    Another one is changed on her own page only.
    """
    is_full = not has_room(uow, mobile)
    uow.people.lock(person_id)
    if uow.people.get(person_id).mobile is None:
        if is_full:
            raise Denied("mobile_full", limit=PERSONS_OF_A_MOBILE)
        uow.people.add_mobile(person_id, mobile)
        uow.outbox.resend_to_mobile(person_id)
    return uow.sessions.open_proved(None, person_id, mobile, Door.SSO, key)


def _guesses(mobile: str) -> str:
    """Return the name of the lock of all guesses at one mobile's codes."""
    return f"guess/{mobile}"


def wrong_code(uow: UnitOfWork, actor: Actor, mobile: str, typed: str) -> str:
    """Check a code sent to this mobile (E.164) for this visit, and count the try.

    Returns the refusal's key, or empty if the code is right.
    """
    code = typed_code(typed, CODE_DIGITS)
    if not code:
        return "code_short"  # it cannot be a code: it costs no try
    device = known_device(uow, mobile_owner(mobile))
    guesses, key = (
        (Limit.GUESS_DEVICE, (mobile, device)) if device else (Limit.GUESS_MOBILE, (mobile,))
    )
    uow.advisory_lock(_guesses(mobile))  # simultaneous guesses are counted one after another
    if is_over(uow, guesses, *key):
        return over(uow, guesses, *key).key
    refusal = uow.codes.check(mobile, actor.visit, code)
    if refusal:
        count(uow, guesses, *key)
        note(uow, SecurityKind.CODE_WRONG, mobile_mark(uow, mobile), refusal)
        return refusal
    for limit in (Limit.CODE_ADDRESS, Limit.CODE_ADDRESS_MOST):
        count(uow, limit, uow.origin.address, amount=-1)
    return ""


class SignIn(Command):
    username: str
    password: str
    proof: str = ""
    """A proof of work (`proof_of_work`), if one was required."""
    requires_two_steps: bool = False
    """Whether this city requires a second step of deciding roles."""


@usecase(*ANYONE)
def sign_in(uow: UnitOfWork, actor: Actor, command: SignIn, _now: datetime) -> tuple[str, str]:
    """Sign an official in; return (cookie, "") or ("", refusal key). Only wrong tries count.

    If a second step is due, no session is opened: returns the cookie of a pending second step
    and what is due, a `Due`.

    Refusal keys: `password_wrong`, `proof_needed`; `device_unknown` on a new browser while the
    account is being guessed at; `too_many_requests`; `not_ready` without a visit to which a second
    step could be bound. With the correct password: `account_suspended`, `account_no_term` if no
    role holds today, `passkey_needed`.
    """
    name = normalized_username(command.username)[:NAME_MOST]
    uow.advisory_lock(account_lock(name))  # nobody signs in with a password that is being changed
    dummy_hash = _dummy_hash()  # for every name: the first call is slow
    account = uow.accounts.by_username(name)
    device = known_device(uow, account_owner(account))
    refusal = _why_not_tried(uow, actor, name, device, command.proof)
    if refusal:
        return "", refusal
    stored = (account.held.password_hash if account else "") or dummy_hash
    is_right = HASHES.verify(spelled(command.password)[:PASSWORD_MOST], stored)
    if account is None or not is_right or account.is_ended or not account.has_password:
        _count_wrong_password(uow, name, device)
        who = account_name(account.username) if account else ""
        note(uow, SecurityKind.SIGN_IN_FAILED, who)
        return "", "password_wrong"
    if device:
        forget(uow, Limit.PASSWORD_DEVICE, name, device)
    if account.is_changed:
        note(uow, SecurityKind.SIGN_IN_FAILED, account_name(account.username), "account_changed")
    if account.is_suspended or not account.grants:  # who knows the password may learn why
        return "", "account_suspended" if account.is_suspended else "account_no_term"
    follows = due(uow, account, device, is_required=command.requires_two_steps)
    if follows is None:
        stop_resets(uow, account.id)
        return uow.sessions.open_for_account(account, Door.PASSWORD), ""
    if follows is Due.PASSKEY or not actor.visit:
        return "", follows.value if follows is Due.PASSKEY else "not_ready"
    is_enrolling = follows is Due.ENROLMENT
    place = Place.SIGN_IN
    return seal_pending(uow, actor, account, is_enrolling=is_enrolling, place=place), follows.value


def _why_not_tried(uow: UnitOfWork, actor: Actor, name: str, device: str, proof: str) -> str:
    """Return the refusal's key of a try whose password is not even checked, else empty."""
    address = uow.origin.address
    if device:
        own = is_over(uow, Limit.PASSWORD_DEVICE, name, device)
        return over(uow, Limit.PASSWORD_DEVICE, name, device).key if own else ""
    for limit, key in ((Limit.PASSWORD_ACCOUNT_DAY, name), (Limit.PASSWORD_ADDRESS_MOST, address)):
        if is_over(uow, limit, key):
            return over(uow, limit, key).key
    is_over_limit = (
        is_over(uow, Limit.PASSWORD_ACCOUNT_ADDRESS, name, address)
        or is_over(uow, Limit.PASSWORD_ACCOUNT, name)
        or is_over(uow, Limit.PASSWORD_ADDRESS, address)
    )
    return NEEDED if is_over_limit and not is_proved(uow, actor, Purpose.PASSWORD, proof) else ""


def _count_wrong_password(uow: UnitOfWork, name: str, device: str) -> None:
    address = uow.origin.address
    if device:
        count(uow, Limit.PASSWORD_DEVICE, name, device)
        return
    count(uow, Limit.PASSWORD_ACCOUNT_ADDRESS, name, address)
    count(uow, Limit.PASSWORD_ACCOUNT, name)
    count(uow, Limit.PASSWORD_ACCOUNT_DAY, name)
    count(uow, Limit.PASSWORD_ADDRESS, address)
    count(uow, Limit.PASSWORD_ADDRESS_MOST, address)


def normalized_username(username: str) -> str:
    """Return the user name as stored, whatever keyboard typed it: «Desk۶» is `desk6`."""
    return ascii_digits(username).strip().lower()


@usecase(*ANYONE)
def remember_device(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> str:
    """Return the device cookie that recognises this browser at the same person's next sign-in."""
    account = uow.accounts.get(actor.account_id) if actor.account_id else None
    mobile = uow.sessions.mobile(actor)
    if account is None and mobile is None:
        raise Denied("session_ended")
    return device_cookie(uow, account_owner(account) if account else mobile_owner(mobile or ""))


class SignOut(Command):
    session: str


@usecase(*ANYONE)
def sign_out(uow: UnitOfWork, _actor: Actor, command: SignOut, _now: datetime) -> None:
    uow.sessions.end(command.session)


@usecase(*ANYONE)
def sign_out_everywhere(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> int:
    """End every session of this person or account; return how many."""
    if actor.session_id is None:
        raise Denied("session_ended")
    if actor.person_id:
        uow.publish(f"person:{actor.person_id}")
    return uow.sessions.end_everywhere(actor)
