"""The pass: what a citizen with a seat shows at the door."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import masked_identity
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import PRESENT, SEATED
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.meetings.agenda import visitor_number
from publicmeeting.usecases.screening.cases import OneCase
from publicmeeting.usecases.tracking.timeline import own_request

REMIND = (timedelta(days=1), timedelta(hours=2))
"""How long before her time her own calendar speaks up."""


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
    address: str
    hall: str
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
    place = uow.city.district(request.district)
    person = uow.people.get(request.person_id)
    assert day is not None
    assert rules is not None
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
        address=place.address if place else "",
        hall=place.hall if place else "",
        log_hash=uow.log.head()[1],
    )
