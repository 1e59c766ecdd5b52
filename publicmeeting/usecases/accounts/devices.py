"""The browsers of a person or an account: known from before, signed in now, signed out one by one.

Strangers cannot lock an account or a mobile out of them; a person is not asked there who she is.

The cookie is a random name of the browser and, for each account, mobile or person that signed in
with it, a mark that only our key can make. It gives no access by itself. An official's marks are
bound to his password, so that with another one his browsers are new again; with another master key
all are.
"""

import hmac
import re
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.codes import token
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, usecase

_NAME_BYTES = 12
_MARK_LETTERS = 22
"""Hexadecimal: 88 bits."""
_MARKS_MOST = 8
"""Accounts, mobiles and persons that one shared browser remembers; the oldest is dropped."""
_COOKIE = re.compile(r"([A-Za-z0-9_-]{16})((?:\.[0-9a-f]{22})*)")


def account_owner(uow: UnitOfWork, account: Account | None) -> str:
    """Whose mark an official's browser carries; nobody's for an unknown user name."""
    if account is None:
        return ""
    return f"account\n{account.id}\n{uow.accounts.password_hash(account.id)}"


def mobile_owner(mobile: str) -> str:
    return f"mobile\n{mobile}"


def person_owner(person_id: str) -> str:
    """A mark of its own: the number may be assigned to somebody else, whose browser then has the
    mark of the mobile."""
    return f"person\n{person_id}"


def known_device(uow: UnitOfWork, owner: str) -> str:
    """The name of this browser if the owner has signed in with it before; else empty."""
    name, marks = _parts(uow.origin.device)
    expected = _mark(uow, name, owner)
    is_known = any(hmac.compare_digest(expected, mark) for mark in marks)
    return name if owner and is_known else ""


def device_cookie(uow: UnitOfWork, owner: str) -> str:
    """The value of the device cookie with which this browser is known to the owner from now on."""
    name, marks = _parts(uow.origin.device)
    name = name or token(_NAME_BYTES)
    mark = _mark(uow, name, owner)
    others = [one for one in marks if one != mark]
    return ".".join((name, mark, *others[: _MARKS_MOST - 1]))


def _parts(cookie: str) -> tuple[str, list[str]]:
    found = _COOKIE.fullmatch(cookie)
    return (found[1], found[2].split(".")[1:]) if found else ("", [])


def _mark(uow: UnitOfWork, name: str, owner: str) -> str:
    return uow.vault.lookup("device", f"{name}\n{owner}")[:_MARK_LETTERS]


# Her own sign-ins: on which devices she is signed in, and ending them one by one.


class EndSession(Command):
    """A sign-in by its handle (`OwnSession.handle`)."""

    session: str


@usecase(Role.CITIZEN)
def end_session(uow: UnitOfWork, actor: Actor, command: EndSession, _now: datetime) -> None:
    """End one of her own sign-ins; its open pages close at once.

    Denied("session_gone") where it has ended already, and for everybody else's.
    """
    if not uow.sessions.end_own(actor, command.session):
        raise Denied("session_gone")
    uow.publish(f"person:{actor.person_id}")


@usecase(Role.CITIZEN)
def end_other_sessions(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> int:
    """End all but this one; gives how many."""
    uow.publish(f"person:{actor.person_id}")
    return uow.sessions.end_others(actor)
