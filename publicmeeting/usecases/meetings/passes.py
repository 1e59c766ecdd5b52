"""The pass of a citizen with a seat, and whom reception finds by a pass or a card."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from publicmeeting.domain.district_texts import DistrictTexts
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.people import IdentityKind, masked_identity, parse_identity
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import PRESENT, SEATED
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Nothing, OneCase, Query, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.meetings.agenda import ADay, monday_list, visitor_number
from publicmeeting.usecases.rate_limits import Limit, take

REMIND = (timedelta(days=1), timedelta(hours=2))
"""How long before her time her calendar reminds her."""


@dataclass(frozen=True, slots=True)
class SeatPass:
    """`number` of `seats` is her place in the day; the identity is masked."""

    code: str
    district: int
    monday: date
    time: str
    begins_at: datetime
    ends_at: datetime
    number: int
    seats: int
    kind: str
    name: str = field(repr=False)
    identity: str = field(repr=False)
    needs: tuple[str, ...]
    place: DistrictTexts
    """What the district says of that Monday."""
    log_hash: str


@usecase(Role.CITIZEN)
def seat_pass(uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime) -> SeatPass:
    """Her pass while she holds a seat. Denied("not_found") without one and for everybody else."""
    request = own_request(uow, actor, command.code)
    seat = request.seat
    if seat is None or request.stage not in SEATED | PRESENT:
        raise Denied("not_found")
    day = uow.city.monday(request.district, seat.monday)
    rules = uow.city.rules_on(seat.monday)
    place = uow.district_texts.on(request.district, seat.monday)
    person = uow.people.get(request.person_id)
    assert day is not None
    assert rules is not None
    assert place is not None
    begins_at = at_tehran(seat.monday, seat.time)
    return SeatPass(
        code=request.code,
        district=request.district,
        monday=seat.monday,
        time=seat.time,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(minutes=rules.body["slot_minutes"]),
        number=visitor_number(day, seat.time),
        seats=len(day.seats),
        kind=person.kind,
        name=person.name,
        identity=masked_identity(person.identity),
        needs=request.needs,
        place=place,
        log_hash=uow.log.head()[1],
    )


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
    reception must not learn who else has filed. Counted like a scan.
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
