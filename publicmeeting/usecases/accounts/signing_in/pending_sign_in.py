"""Sign-in by plain forms: the mobile that waits for its code is sealed in a cookie of its visit.

A form cannot keep state, and a mobile must not be in an address or in a readable cookie.
"""

import base64
import binascii
from datetime import datetime, timedelta

from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.digits import bare
from publicmeeting.store.database.vault import WrongKey
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.base import ANYONE, Query, usecase

PENDING = "pending"
"""The cookie's name."""
MISTYPED = "mistyped"
"""The cookie with a mobile that was refused, to fill its field again; sealed as the other."""
_MISTYPED_MOST = 20
"""Characters of it."""
STAYS = timedelta(minutes=15)
_PLACE = "visit.mobile"


class Pending(Query):
    """The cookie as the browser brought it."""

    sealed: str


class AskAgain(AskCode):
    """Ask for a code for this mobile or, without one, for the mobile in the cookie again."""

    sealed: str = ""


class Mistyped(Query):
    """What was typed where a mobile belongs."""

    mobile: str


class EnterCode(Pending):
    code: str


@usecase(*ANYONE)
def send_code(uow: UnitOfWork, actor: Actor, command: AskAgain, now: datetime) -> str:
    """Ask for a code and give the value of the `pending` cookie; raises what `ask_code` raises."""
    mobile = command.mobile or _open(uow, actor, command.sealed) or ""
    mobile = ask_code(uow, actor, command.model_copy(update={"mobile": mobile}), now)
    return _seal(uow, actor, mobile)


class Sent(Pending):
    """The cookie as the browser brought it, and the mobile for which a code was asked again."""

    mobile: str


@usecase(*ANYONE)
def seal_sent(uow: UnitOfWork, actor: Actor, query: Sent, _now: datetime) -> tuple[str, bool]:
    """Behind `code_too_often`: the `pending` cookie for this mobile, and whether this browser has
    none for it: then it was shown no answer of the first press, and has to be shown that one.

    Nothing where no code that this visit has asked for it can still be typed.
    """
    waiting = _open(uow, actor, query.sealed)
    mobile = parse_mobile(query.mobile) if query.mobile else waiting or ""
    if not mobile or not uow.codes.is_awaited(mobile, actor.visit):
        return "", False
    return _seal(uow, actor, mobile), mobile != waiting


@usecase(*ANYONE)
def seal_mistyped(uow: UnitOfWork, actor: Actor, query: Mistyped, _now: datetime) -> str:
    """The value of the `mistyped` cookie; `pending_mobile` opens it."""
    typed = bare(query.mobile)[:_MISTYPED_MOST]
    # Half a letter, which a form may bring in a spelling of its own, has no bytes.
    return _seal(uow, actor, typed.encode("utf-8", "ignore").decode("utf-8"))


@usecase(*ANYONE)
def enter_code(uow: UnitOfWork, actor: Actor, command: EnterCode, now: datetime) -> tuple[str, str]:
    """The cookie of a new session, or ("", word): what `confirm_code` gives.

    The same form sent again within a minute, as by whoever taps twice, gives the same session:
    the browser has thrown the first answer away."""
    mobile = _open(uow, actor, command.sealed)
    if mobile is None:
        return "", "code_expired"
    confirmed = ConfirmCode(mobile=mobile, code=command.code, sealed=command.sealed)
    return confirm_code(uow, actor, confirmed, now)


@usecase(*ANYONE)
def pending_mobile(uow: UnitOfWork, actor: Actor, query: Pending, _now: datetime) -> str | None:
    """The mobile (E.164) this visit has lately asked a code for: the page then shows the code's
    field. Mask it before it is shown."""
    return _open(uow, actor, query.sealed)


def _seal(uow: UnitOfWork, actor: Actor, mobile: str) -> str:
    until = uow.machine_now + STAYS
    sealed = uow.vault.seal(_PLACE, actor.visit, f"{mobile} {until.isoformat()}")
    return base64.urlsafe_b64encode(sealed).decode()


def _open(uow: UnitOfWork, actor: Actor, sealed: str) -> str | None:
    """None for a cookie that is old, another visit's, or no cookie of ours."""
    try:
        text = uow.vault.open(_PLACE, actor.visit, base64.urlsafe_b64decode(sealed))
    except (WrongKey, ValueError, binascii.Error):
        return None
    mobile, _, until = text.partition(" ")
    return mobile if datetime.fromisoformat(until) > uow.machine_now else None
