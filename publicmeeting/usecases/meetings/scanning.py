"""Whom reception has before it: by the code on her phone, or by the number of her card."""

import re
from datetime import datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.people import IdentityKind, parse_identity
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.base import Query, usecase
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.rate_limits import Limit, take

_AT_THE_END = re.compile(r"(?<![0-9])[0-9]{10}\Z")


@usecase(Role.RECEPTION, Role.DESK, *MEETING)
def may_scan(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> None:
    """Denied `not_your_role`, `session_ended`, or `too_many_requests` above two frames a second."""
    take(uow, Limit.SCAN, actor.account_id or "")


class CardNumber(Query):
    """The number of a document as typed, and the Monday whose list is open (ISO; empty: today)."""

    identity: str
    monday: str = ""


@usecase(Role.RECEPTION, *MEETING)
def find_by_card(uow: UnitOfWork, actor: Actor, query: CardNumber, now: datetime) -> str:
    """The tracking code of whoever shows this document, among the visitors and standbys of the day.

    Denied("not_found") for a number that is no document's and for everybody who is not expected:
    who else has filed is not for the door to learn. Counted like a scan.
    """
    may_scan(uow, actor, Nothing(), now)
    persons = {
        person.id
        for kind in IdentityKind
        if (number := _identity(kind, query.identity))
        and (person := uow.people.by_identity(kind, number))
    }
    board = monday_list(uow, actor, ADay(monday=query.monday), now)
    codes = [one.code for one in board.visitors] + [one.code for one in board.standby]
    for code in codes if persons else ():
        request = uow.requests.find(code)
        if request is not None and request.person_id in persons:
            return code
    raise Denied("not_found")


def _identity(kind: IdentityKind, typed: str) -> str:
    try:
        return parse_identity(kind, typed)
    except Invalid:
        return ""


def code_in(scanned: str) -> str:
    """The tracking code in what the QR of a receipt or pass says; empty when it is none of ours.

    What follows a `#` is for the holder's own browser.
    """
    found = _AT_THE_END.search(scanned.partition("#")[0])
    return found[0] if found and is_tracking_code(found[0]) else ""
