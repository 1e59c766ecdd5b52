"""Sign-in by plain forms: a cookie of the visit holds, sealed, the mobile that awaits its code.

A form cannot store state, and a mobile must not be in an address or in a readable cookie.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.digits import bare
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.credentials import open_of_visit, seal_for_visit
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
"""The cookie with a refused mobile or user name, sealed like the other, to fill its field again."""
_MISTYPED_MOST = 64
"""Maximum characters of a refused mobile or user name."""
STAYS = timedelta(minutes=15)
_PLACE = "visit.mobile"


class Refilled(StrEnum):
    """Which field a `mistyped` cookie fills; a cookie of one field is refused for the other.

    The citizens' and the officials' doors share the cookie's name, and a computer may be shared.
    """

    MOBILE = "visit.mistyped.mobile"
    USERNAME = "visit.mistyped.username"


class Pending(Query):
    """The cookie as the browser sent it."""

    sealed: str


class AskAgain(AskCode):
    """Asks for a code for this mobile or, if empty, again for the mobile in the cookie."""

    sealed: str = ""


class Mistyped(Query):
    """Text typed into the field for a mobile or for a user name."""

    field: Refilled
    typed: str


class Refill(Pending):
    """The `mistyped` cookie as the browser sent it, and the field that it shall fill."""

    field: Refilled


class EnterCode(Pending):
    code: str


@usecase(*ANYONE)
def send_code(uow: UnitOfWork, actor: Actor, command: AskAgain, now: datetime) -> str:
    """Ask for a code; return the `pending` cookie's value. Raises what `ask_code` raises."""
    mobile = command.mobile or open_of_visit(uow, actor, _PLACE, command.sealed) or ""
    mobile = ask_code(uow, actor, command.model_copy(update={"mobile": mobile}), now)
    return seal_for_visit(uow, actor, _PLACE, mobile, STAYS)


class Sent(Pending):
    """The cookie as the browser sent it, and the mobile for which a code was asked again."""

    mobile: str


@usecase(*ANYONE)
def seal_sent(uow: UnitOfWork, actor: Actor, query: Sent, _now: datetime) -> tuple[str, bool]:
    """After `code_too_often`, return the `pending` cookie and whether this browser lacks it.

    A browser that lacks it did not see the answer to the first press and must be shown it now.
    Returns nothing if this visit has asked for no code of the mobile that can still be typed.
    """
    waiting = open_of_visit(uow, actor, _PLACE, query.sealed)
    mobile = parse_mobile(query.mobile) if query.mobile else waiting or ""
    if not mobile or not uow.codes.is_awaited(mobile, actor.visit):
        return "", False
    return seal_for_visit(uow, actor, _PLACE, mobile, STAYS), mobile != waiting


@usecase(*ANYONE)
def seal_mistyped(uow: UnitOfWork, actor: Actor, query: Mistyped, _now: datetime) -> str:
    """Return the value of the `mistyped` cookie; `open_mistyped` opens it."""
    is_mobile = query.field is Refilled.MOBILE
    typed = (bare(query.typed) if is_mobile else query.typed.strip())[:_MISTYPED_MOST]
    # A form may send half a surrogate pair, which cannot be encoded.
    text = typed.encode("utf-8", "ignore").decode("utf-8")
    return seal_for_visit(uow, actor, query.field, text, STAYS)


@usecase(*ANYONE)
def open_mistyped(uow: UnitOfWork, actor: Actor, query: Refill, _now: datetime) -> str:
    """Return the refused text for its own field; empty for another field, as for an old cookie."""
    return open_of_visit(uow, actor, query.field, query.sealed) or ""


@usecase(*ANYONE)
def enter_code(uow: UnitOfWork, actor: Actor, command: EnterCode, now: datetime) -> tuple[str, str]:
    """Return the cookie of a new session, or ("", refusal key), as `confirm_code`.

    The same form sent again within a minute, as by a double tap, returns the same session, because
    the browser has discarded the first answer.
    """
    mobile = open_of_visit(uow, actor, _PLACE, command.sealed)
    if mobile is None:
        return "", "code_expired"
    confirmed = ConfirmCode(mobile=mobile, code=command.code, sealed=command.sealed)
    return confirm_code(uow, actor, confirmed, now)


@usecase(*ANYONE)
def pending_mobile(uow: UnitOfWork, actor: Actor, query: Pending, _now: datetime) -> str | None:
    """Return the mobile (E.164) for which this visit recently asked for a code.

    The page then shows the code's field. The mobile must be masked before it is shown.
    """
    return open_of_visit(uow, actor, _PLACE, query.sealed)
