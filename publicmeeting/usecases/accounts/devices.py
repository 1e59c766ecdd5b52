"""Known browsers of a person or an account.

Strangers cannot lock an account or a mobile out of a known browser, and a citizen is not asked
there who she is. The cookie holds a random name of the browser and a keyed hash for each account,
mobile or person that signed in with it. It gives no access by itself. An official's hash depends on
his password, so a new password makes his browsers unknown. A new master key does so for all
browsers.
"""

import hmac
import re

from publicmeeting.kit.codes import token
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork

_NAME_BYTES = 12
_MARK_LETTERS = 22
"""Length of a hash in hexadecimal digits: 88 bits."""
_MARKS_MOST = 8
"""How many accounts, mobiles and persons a shared browser remembers; the oldest is dropped."""
_COOKIE = re.compile(r"([A-Za-z0-9_-]{16})((?:\.[0-9a-f]{22})*)")


def account_owner(account: Account | None) -> str:
    """Return the owner text of an official's browser; empty for an unknown user name."""
    if account is None:
        return ""
    return f"account\n{account.id}\n{account.held.password_hash}"


def mobile_owner(mobile: str) -> str:
    return f"mobile\n{mobile}"


def person_owner(person_id: str) -> str:
    """Return the owner text of a person, separate from her mobile's.

    Her number may be assigned to somebody else, whose browser then has the hash of the mobile.
    """
    return f"person\n{person_id}"


def known_device(uow: UnitOfWork, owner: str) -> str:
    """Return the name of this browser if the owner has signed in with it before, else empty."""
    name, marks = _parts(uow.origin.device)
    expected = _mark(uow, name, owner)
    is_known = any(hmac.compare_digest(expected, mark) for mark in marks)
    return name if owner and is_known else ""


def device_cookie(uow: UnitOfWork, owner: str) -> str:
    """Return the value of the device cookie by which the owner's browser is known from now on."""
    name, marks = _parts(uow.origin.device)
    name = name or token(_NAME_BYTES)
    mark = _mark(uow, name, owner)
    others = [other for other in marks if other != mark]
    return ".".join((name, mark, *others[: _MARKS_MOST - 1]))


def _parts(cookie: str) -> tuple[str, list[str]]:
    found = _COOKIE.fullmatch(cookie)
    return (found[1], found[2].split(".")[1:]) if found else ("", [])


def _mark(uow: UnitOfWork, name: str, owner: str) -> str:
    return uow.vault.lookup("device", f"{name}\n{owner}")[:_MARK_LETTERS]
