"""The pass of a citizen with a seat, and how reception finds a visitor by pass or card."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.districts.texts import DistrictTexts
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.telephone import is_by_telephone
from publicmeeting.domain.people import IdentityKind, masked_identity, parse_identity
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import PRESENT, SEATED
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.codes import district_in, is_tracking_code
from publicmeeting.kit.digits import bare
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.tree.receipt import PaperMark
from publicmeeting.usecases.accounts.signing_in.read_out_codes import (
    count_wrong,
    username_of,
    why_not_tried,
)
from publicmeeting.usecases.base import Command, Nothing, OneCase, usecase
from publicmeeting.usecases.estimate import visitor_number
from publicmeeting.usecases.filing.receipts import paper_mark
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.day_place import texts_of_day
from publicmeeting.usecases.meetings.in_hall.standby import StandbyPerson
from publicmeeting.usecases.rate_limits import Limit, take

CARD_STAYS = timedelta(minutes=15)
"""How long a desk that has seen a card may print the pass."""
_TYPED_MOST = 40
_SCANNED_MOST = 200
REMIND = (timedelta(days=1), timedelta(hours=2))
"""How long before her time her calendar reminds her."""


@dataclass(frozen=True, slots=True)
class SeatPass:
    """A pass; `number` of `seats` is her place in the day, the identity is masked."""

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
    """The district's texts for that Monday."""
    by_telephone: bool
    """She is telephoned at her time and need not come."""
    guest: str
    """Who sits beside the mayor; may be empty."""
    log: PaperMark


@usecase(Role.CITIZEN, Role.DESK)
def seat_pass(uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime) -> SeatPass:
    """Return the pass of a seat to its holder, or to a desk that has just seen her card.

    Denied("not_found") without a seat and for everybody else.
    """
    return pass_of(uow, _whose_pass(uow, actor, command.code))


def _whose_pass(uow: UnitOfWork, actor: Actor, code: str) -> Request:
    if actor.account_id is None:
        return own_request(uow, actor, code)
    request = uow.requests.find(code)
    if request is None or not uow.tracks.granted(_card_of(actor), request.id):
        raise Denied("not_found")
    return request


class ShownCard(Command):
    """A tracking code, and the number on the card shown at the desk."""

    code: str
    identity: str


@usecase(Role.DESK)
def see_card(
    uow: UnitOfWork, actor: Actor, command: ShownCard, now: datetime
) -> tuple[SeatPass | None, str]:
    """Return her pass, printable at any desk of the city, or (None, refusal key).

    Her name is seen, so the opening is recorded for her to read; also without a pass, because the
    answer says whose request it is. Keys: `card_not_hers`,
    `no_pass_yet`, `read_out_wrong_full`. An unknown code counts as a wrong card. A wrong card is
    counted, so its refusal is returned, not raised.
    """
    username = username_of(uow, actor)
    uow.advisory_lock(f"card/{username}")  # simultaneous numbers are counted one after another
    refused = why_not_tried(uow, username)
    if refused:
        return None, refused
    code = bare(command.code[:_TYPED_MOST])
    request = uow.requests.find(code) if is_tracking_code(code) else None
    shown = {_identity(kind, command.identity[:_TYPED_MOST]) for kind in IdentityKind} - {""}
    if request is None or uow.people.get(request.person_id).identity not in shown:
        count_wrong(uow, username)
        return None, "card_not_hers"
    if uow.requests.record_opening(request, actor, Role.DESK.value, now, with_name=True):
        uow.publish(f"request:{request.code}")
    if request.seat is None or request.stage not in SEATED | PRESENT:
        return None, "no_pass_yet"
    uow.tracks.grant(_card_of(actor), request.id, CARD_STAYS)
    return pass_of(uow, request), ""


def _card_of(actor: Actor) -> str:
    """Return the name under which an officer with a card is granted a view, beside visits."""
    return f"card/{actor.account_id}/{actor.visit}"


def pass_of(uow: UnitOfWork, request: Request) -> SeatPass:
    """Return the pass of a request that its reader may see; Denied("not_found") without a seat."""
    seat = request.seat
    if seat is None or request.stage not in SEATED | PRESENT:
        raise Denied("not_found")
    day = uow.city.monday(request.district, seat.monday)
    rules = uow.city.rules_on(seat.monday)
    place = texts_of_day(uow, request.district, seat.monday, request.history)
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
        by_telephone=is_by_telephone(request),
        guest=day.guest,
        log=paper_mark(uow, request.ticket),
    )


_AT_THE_END = re.compile(r"(?<![0-9])[0-9]{10}\Z")


@usecase(Role.RECEPTION, Role.DESK, *MEETING)
def may_scan(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> None:
    """Count a frame of the camera.

    Denied `not_your_role`, `session_ended`, or `too_many_requests` above two frames a second.
    """
    take(uow, Limit.SCAN, actor.account_id or "")


class CardNumber(Command):
    """A document's number as typed, and the open list: its Monday (ISO; empty: today), district."""

    identity: str
    district: int = 0
    monday: str = ""


@usecase(Role.RECEPTION, *MEETING)
def find_by_card(uow: UnitOfWork, actor: Actor, command: CardNumber, now: datetime) -> str:
    """Return the tracking code of the day's visitor or standby who shows this document.

    Empty for an invalid number and for everybody who is not expected, because reception must not
    learn who else has filed. Counted like a scan. Whoever is found reads of it: a standby's name is
    not shown, and the number says as much.
    """
    may_scan(uow, actor, Nothing(), now)
    persons = {
        person.id
        for kind in IdentityKind
        if (number := _identity(kind, command.identity))
        and (person := uow.people.by_identity(kind, number))
    }
    day = ADay(district=command.district, monday=command.monday)
    board = monday_list(uow, actor, day, now)
    codes = [visitor.code for visitor in board.visitors] + [person.code for person in board.standby]
    found = uow.lists.codes_of(persons, codes)
    code = next((code for code in codes if code in found), "")
    request = uow.requests.find(code) if code else None
    if request is not None:
        here = board.monday.district
        role = next(role for role in (Role.RECEPTION, *MEETING) if here in actor.districts(role))
        uow.requests.record_opening(request, actor, role.value, now, with_name=True)
    return code


@usecase(Role.RECEPTION)
def one_standby(
    uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime
) -> StandbyPerson | None:
    """Return one of today's standbys, even one too far down to be shown.

    None for everybody else, as for an unknown code. Counted like a scan.
    """
    may_scan(uow, actor, Nothing(), now)
    board = monday_list(uow, actor, ADay(), now)
    return next((person for person in board.standby if person.code == command.code), None)


class PassFault(StrEnum):
    """Why a scanned code is no pass of this list."""

    UNKNOWN = "unknown"
    """No code of ours, or an unknown one."""
    OTHER_DISTRICT = "other_district"
    OTHER_DAY = "other_day"


class ScannedPass(Command):
    """Text read by the camera, and the open list: its Monday (ISO; empty: today), district."""

    text: str
    district: int = 0
    monday: str = ""


@dataclass(frozen=True, slots=True)
class PassSeen:
    """A scanned pass: `code` if it is in the open list, else the reason and what may be shown.

    The district is part of every code. The day is shown only for the reception's own district.
    """

    code: str
    fault: PassFault | None = None
    district: int = 0
    day: date | None = None


@usecase(Role.RECEPTION, *MEETING)
def read_pass(uow: UnitOfWork, actor: Actor, command: ScannedPass, now: datetime) -> PassSeen:
    """Return whose pass this is among the day's visitors and standbys. Counted like a scan.

    Nothing is shown of a citizen without a seat ahead, as for an unknown code, so that trying codes
    does not reveal who has filed.
    """
    may_scan(uow, actor, Nothing(), now)
    code = code_in(command.text[:_SCANNED_MOST])
    if not code:
        return PassSeen("", PassFault.UNKNOWN)
    day = ADay(district=command.district, monday=command.monday)
    board = monday_list(uow, actor, day, now)
    expected = {visitor.code for visitor in board.visitors} | {
        person.code for person in board.standby
    }
    if code in expected:
        return PassSeen(code)
    request, here = uow.requests.find(code), board.monday.district
    seat = request.seat if request and request.stage in SEATED else None
    if request and request.district == here and seat and seat.monday >= tehran_day(now):
        return PassSeen("", PassFault.OTHER_DAY, day=seat.monday)
    if district_in(code) != here:
        return PassSeen("", PassFault.OTHER_DISTRICT, district_in(code))
    return PassSeen("", PassFault.UNKNOWN)


def _identity(kind: IdentityKind, typed: str) -> str:
    try:
        return parse_identity(kind, typed)
    except Invalid:
        return ""


def code_in(scanned: str) -> str:
    """Return the tracking code in the QR of a receipt or pass; empty if it is none of ours.

    Text after a `#` is for the holder's own browser.
    """
    found = _AT_THE_END.search(scanned.partition("#")[0])
    return found[0] if found and is_tracking_code(found[0]) else ""
