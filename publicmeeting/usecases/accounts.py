"""Sign-in: citizens by a one-time code, staff by a password; signing out everywhere."""

import functools
from datetime import datetime, timedelta

from passlib.context import CryptContext

from publicmeeting.domain.districts import district
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.roles import CITY_WIDE, NEVER_GRANTED, Actor, Grant, Role
from publicmeeting.kit.codes import one_time_code
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.accounts import Account
from publicmeeting.store.unit import Work
from publicmeeting.text.sms import code_text
from publicmeeting.turns.formulas import is_witness_name
from publicmeeting.usecases.wish import ANYONE, Wish, usecase

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
PASSWORD_LEAST, PASSWORD_MOST = 10, 256
RESEND = timedelta(seconds=60)


@functools.cache
def _nobodys_hash() -> str:
    """Checked for unknown names, so that an answer takes as long as for a known one."""
    return str(HASHES.hash("nobody"))


class AskCode(Wish):
    mobile: str
    address: str = ""
    """The client's address, for the rate limit."""
    host: str = ""
    """The site's host, for the browser's own reading of the message (WebOTP)."""


@usecase(*ANYONE)
def ask_code(work: Work, actor: Actor, wish: AskCode, now: datetime) -> str:
    """Send a one-time code; gives the mobile in its canonical form.

    The same answer and time whether the mobile is known or not. Raises Invalid for a wrong mobile,
    Denied("code_too_often") before a minute has passed, Denied("too_many_requests") above
    the limits.
    """
    del now
    mobile = parse_mobile(wish.mobile)
    if not actor.visit:
        raise Denied("not_ready")
    try:
        work.codes.allow(f"code-minute/{mobile}", 1, RESEND)
    except Denied as often:
        raise Denied("code_too_often", **often.facts) from often
    work.codes.allow(f"code-hour/{mobile}", 6, timedelta(hours=1))
    if wish.address:
        work.codes.allow(f"code-address/{wish.address}", 60, timedelta(hours=1))
    code = one_time_code()
    work.codes.issue(mobile, actor.visit, code)
    work.messages.append((mobile, code_text(code, wish.host)))
    return mobile


class ConfirmCode(Wish):
    mobile: str
    code: str


@usecase(*ANYONE)
def confirm_code(work: Work, actor: Actor, wish: ConfirmCode, now: datetime) -> tuple[str, str]:
    """The cookie of a new session, or the word why not: ("", word). A wrong try is counted, so the
    refusal is given back, not raised."""
    del now
    mobile = parse_mobile(wish.mobile)
    code = ascii_digits(wish.code).strip()
    if len(code) != CODE_DIGITS or not code.isdecimal():
        return "", "code_short"  # it can be no code at all: no try is lost by it
    word = work.codes.check(mobile, actor.visit, code)
    if word:
        return "", word
    key = work.sessions.open_for_mobile(mobile)
    persons = work.people.served_by(work.vault.lookup("mobile", mobile))
    if len(persons) == 1:
        work.drafts.claim(actor.visit, persons[0].id)
    return key, ""


class SignIn(Wish):
    username: str
    password: str
    address: str = ""


@usecase(*ANYONE)
def sign_in(work: Work, actor: Actor, wish: SignIn, now: datetime) -> tuple[str, str]:
    """Staff: the cookie of a new session, or ("", word); counted tries are kept either way."""
    del actor, now
    name = wish.username.strip().lower()[:NAME_MOST]
    try:
        work.codes.allow(f"password/{name}", 10, timedelta(minutes=15))
        work.codes.allow(f"password-address/{wish.address}", 60, timedelta(minutes=15))
    except Denied:
        return "", "too_many_requests"
    work.hold(_account(name))  # nobody comes in with a password that is being changed
    nobodys = _nobodys_hash()  # made at the first sign-in of all, whoever that is
    account = work.accounts.by_username(name)
    stored = work.accounts.password_hash(account.id) if account else nobodys
    right = HASHES.verify(wish.password[:PASSWORD_MOST], stored)
    if account is None or not right or not account.active:
        return "", "password_wrong"
    return work.sessions.open_for_account(account), ""


def _account(username: str) -> str:
    return f"account/{username}"


class Nothing(Wish):
    """A wish that needs no words."""


class SignOut(Wish):
    session: str


@usecase(*ANYONE)
def sign_out(work: Work, actor: Actor, wish: SignOut, now: datetime) -> None:
    del actor, now
    work.sessions.end(wish.session)


@usecase(*ANYONE)
def sign_out_everywhere(work: Work, actor: Actor, wish: Nothing, now: datetime) -> int:
    """End every session of this person or account; gives how many."""
    del wish, now
    if actor.session_id is None:
        raise Denied("session_ended")
    if actor.person_id:
        work.ring(f"person:{actor.person_id}")
    return work.sessions.end_everywhere(actor)


def hashed(password: str) -> str:
    """What is kept of a new password; Invalid for a short one.

    Made before anything is written: it is slow on purpose, and nobody may wait for it.
    """
    if len(password) < PASSWORD_LEAST:
        raise Invalid("password_short", field="password", least=PASSWORD_LEAST)
    return str(HASHES.hash(password[:PASSWORD_MOST]))


class AddAccount(Wish):
    username: str
    name: str
    hashed: str
    """Of the password, by `hashed`."""
    roles: tuple[tuple[str, int | None, str | None], ...]
    """Role, district, unit of each grant."""


@usecase(Role.ADMINISTRATOR)
def add_account(work: Work, actor: Actor, wish: AddAccount, now: datetime) -> Account:
    """A new account.

    Raises Invalid for an unknown district or unit, a witness's name that could not stand in a
    seed; Denied `username_taken`, and `form_broken` for a role nobody can be given, one without
    the limit it needs, or a password that is not hashed.
    """
    del actor, now
    name = wish.username.strip().lower()
    if not name or len(name) > NAME_MOST or not wish.roles or not HASHES.identify(wish.hashed):
        raise Denied("form_broken")
    grants = tuple(dict.fromkeys(_grant(work, *role) for role in wish.roles))
    if any(grant.role is Role.WITNESS for grant in grants) and not is_witness_name(name):
        raise Invalid("party_name", field="username")
    return work.accounts.add(name, wish.name, wish.hashed, grants)


class DismissAccount(Wish):
    username: str


@usecase(Role.ADMINISTRATOR)
def dismiss_account(work: Work, actor: Actor, wish: DismissAccount, now: datetime) -> Account:
    """An official leaves: signed out everywhere at once, and never in again.

    What he was to judge goes to somebody else by the clock. Denied `not_found` for nobody's name,
    or that of somebody dismissed already.
    """
    del actor, now
    account = _active(work, wish.username)
    work.accounts.dismiss(account.id)
    return account


class ChangePassword(Wish):
    username: str
    hashed: str
    """Of the password, by `hashed`."""


@usecase(Role.ADMINISTRATOR)
def change_password(work: Work, actor: Actor, wish: ChangePassword, now: datetime) -> Account:
    """Another password; whoever is signed in with the old one is out at once.

    Denied `not_found` as above, `form_broken` for a password that is not hashed.
    """
    del actor, now
    if not HASHES.identify(wish.hashed):
        raise Denied("form_broken")
    account = _active(work, wish.username)
    work.hold(_account(account.username))
    work.accounts.set_password(account.id, wish.hashed)
    return account


def _active(work: Work, username: str) -> Account:
    account = work.accounts.by_username(username.strip().lower())
    if account is None or not account.active:
        raise Denied("not_found")
    return account


def _grant(work: Work, role: str, number: int | None, unit_id: str | None) -> Grant:
    try:
        kind = Role(role)
    except ValueError:
        raise Denied("form_broken") from None
    if kind in NEVER_GRANTED:
        raise Denied("form_broken")
    if kind is Role.UNIT:
        if work.city.unit(unit_id or "") is None:
            raise Invalid("unit_unknown", field="unit")
        return Grant(kind, None, unit_id)
    return Grant(kind) if kind in CITY_WIDE else Grant(kind, district(number or 0).number)
