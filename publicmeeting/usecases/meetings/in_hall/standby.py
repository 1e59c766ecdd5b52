"""Free seats on the Monday, given to standbys who are in the hall, in drawn order.

A standby is present after typing the hall's code (`hall.py`) or showing her card to reception. Ten
minutes before it begins, a free seat goes automatically to the first of those present. A seat that
became free later, or for which nobody was present, goes at the next quarter hour. No officer gives
seats, so nobody can favour a friend by pressing early.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.mondays import ON, DrawState
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import STAND_IN, Request
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.times import next_quarter
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.identity import lock_person, verify_at_the_door
from publicmeeting.usecases.lifecycle.effects.entries import attendance
from publicmeeting.usecases.lifecycle.payloads import MATCHED, match_card
from publicmeeting.usecases.lifecycle.steps import record_with_effects
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.offers import (
    FreePlace,
    FromLine,
    free_places,
    require_rows_of,
    seat_from_line,
)

SEATED_BEFORE = timedelta(minutes=10)
"""How long before its beginning a free seat goes to the next standby."""
_STOOD_IN = FromLine(STAND_IN, Action.STAND_IN, Kind.STOOD_IN)


class Standby(Command):
    """A standby; `identity` is the number on the card shown, or its last four digits."""

    code: str
    identity: str = ""


class AtTheDoor(Command):
    district: int


@dataclass(frozen=True, slots=True)
class StandbyPerson:
    """A citizen in today's standby list.

    `place` is her place in the draw, from 1, as in her notice and the published file. Places of
    others who left or have a seat by now are missing.
    """

    code: str
    place: int
    present_at: datetime | None
    is_unproved: bool = False
    """Whether the whole number of her card must be typed."""


STANDBYS_SHOWN = 24
"""How many absent standbys are shown; nobody could use a list of thousands."""


def shown_first(
    line: Sequence[StandbyPerson], most: int = STANDBYS_SHOWN
) -> tuple[StandbyPerson, ...]:
    """Return those in the hall and the first of the others, in drawn order.

    The rest are found by their pass, code or card.
    """
    first = {person.place for person in islice((o for o in line if o.present_at is None), most)}
    return tuple(
        person for person in line if person.present_at is not None or person.place in first
    )


@usecase(Role.RECEPTION, *MEETING)
def standbys(
    uow: UnitOfWork, actor: Actor, command: AtTheDoor, now: datetime
) -> tuple[StandbyPerson, ...]:
    """Return today's standbys in drawn order, with who is present; empty on other days.

    Denied("not_found") for another district.
    """
    if command.district not in actor.districts(Role.RECEPTION, *MEETING):
        raise Denied("not_found")
    draw = uow.draws.get(command.district, tehran_day(now))
    if draw is None or draw.state is not DrawState.DRAWN:
        return ()
    present, waiting = attendance(uow, draw.district, draw.monday), _waiting(uow, draw)
    cases = uow.lists.codes_and_persons(list(waiting.values()))
    persons = uow.people.several({person for _, person in cases.values()})
    proved = {key for key, person in persons.items() if person.level is not Level.TYPED}
    found = (
        (*cases[waiting[ticket]], place, ticket)
        for ticket, place in _places(draw)
        if ticket in waiting
    )
    return tuple(
        StandbyPerson(code, place, present.get(ticket), is_unproved=person not in proved)
        for code, person, place, ticket in found
    )


def drawn_places(uow: UnitOfWork, district: int, monday: date) -> list[tuple[str, int]]:
    """Return request id and place of everybody still waiting in a Monday's standby list.

    In order; empty before the draw.
    """
    draw = uow.draws.get(district, monday)
    if draw is None or draw.state is not DrawState.DRAWN:
        return []
    waiting = _waiting(uow, draw)
    return [(waiting[ticket], place) for ticket, place in _places(draw) if ticket in waiting]


def likely_to_come(uow: UnitOfWork, district: int, monday: date) -> list[str]:
    """Return request ids of standbys who may come: those in the hall and the first others.

    As many as reception is shown, because nobody knows who else intends to come.
    """
    draw = uow.draws.get(district, monday)
    if draw is None or draw.state is not DrawState.DRAWN:
        return []
    here, waiting = attendance(uow, district, monday), _waiting(uow, draw)
    first = set(islice((ticket for ticket in waiting if ticket not in here), STANDBYS_SHOWN))
    return [key for ticket, key in waiting.items() if ticket in here or ticket in first]


@usecase(Role.RECEPTION)
def note_present(uow: UnitOfWork, actor: Actor, command: Standby, now: datetime) -> None:
    """Record a standby who has come and shown her card.

    Denied `not_that_day` without a meeting today; `hours_over` after it has ended; `no_seat` for a
    citizen who is not in today's standby list; `stage_moved` if she no longer waits; Invalid
    `identity_mismatch`.
    """
    lock_person(uow, uow.requests.get_visible(command.code, actor))
    uow.requests.lock(command.code)  # she may type the hall's code, or another officer press
    request = uow.requests.get_visible(command.code, actor)
    require_standby(uow, actor, request, now)
    matched = match_card(uow, request, command.identity)
    take_presence(uow, actor, request, now, {Need.IDENTITY.value: matched})
    if matched == MATCHED:
        verify_at_the_door(uow, actor, request)


def take_presence(
    uow: UnitOfWork,
    actor: Actor,
    request: Request,
    now: datetime,
    payload: Mapping[str, object] | None = None,
) -> None:
    """Record that she is in the hall; idempotent, whichever officer reports it."""
    here = attendance(uow, request.district, tehran_day(now))
    if request.ticket in here:
        return
    event = advance(request, Action.PRESENT, actor, now, payload)
    record_with_effects(uow, request, event, now)


def require_standby(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> Draw:
    """Return today's draw with her as a waiting standby, if the Monday is on.

    Denied as in `note_present`.
    """
    draw = uow.draws.get(request.district, tehran_day(now))
    day = uow.city.monday(request.district, tehran_day(now))
    if draw is None or day is None or day.state not in ON:
        raise Denied("not_that_day")
    if day.has_ended:
        raise Denied("hours_over")
    key = why_not(request, STEP_FOR[Action.PRESENT], actor, now)
    if key:
        raise Denied(key, stage=request.stage.value)
    if request.seat is not None:
        raise Denied("stage_moved", stage=request.stage.value)
    if request.ticket not in _waiting(uow, draw):
        raise Denied("no_seat")
    return draw


def stand_in_due(uow: UnitOfWork, district: int, monday: date) -> datetime | None:
    """Return when a free seat of today goes to a standby who is in the hall; None if none can."""
    draw = uow.draws.get(district, monday)
    return min((chance.at for chance in _chances(uow, draw)), default=None) if draw else None


def seat_standbys(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Give each free seat whose time has come, earliest first, to the first standby present.

    Who is next and what is free is so by the log, as for an offer (`offer_seats`).
    """
    uow.witnesses.lock(monday)
    draw = uow.draws.get(district, monday)
    if draw is None:
        return
    uow.requests.hold(ids=_present_now(uow, draw).values())
    came, free = attendance(uow, district, monday), uow.line_book.free(draw.id)
    line = [ticket for ticket in uow.line_book.standing_by(draw.id) if ticket in came]
    require_rows_of(uow, line, _present_now(uow, draw))
    asked: set[str] = set()
    while True:
        due = (one for one in _chances(uow, draw) if one.at <= now and one.seat.time in free)
        chance = next(due, None)
        present = _present_at(uow, draw, chance.at) if chance else {}
        ticket = next((name for name in present if name not in asked), None)
        if chance is None or ticket is None:
            return
        asked.add(ticket)
        seat_from_line(uow, draw, _STOOD_IN, ticket, present[ticket], chance.seat, now)


def _present_at(uow: UnitOfWork, draw: Draw, moment: datetime) -> dict[str, str]:
    """Map ticket to request id for those present by then, in drawn order."""
    came = attendance(uow, draw.district, draw.monday)
    return {
        ticket: key for ticket, key in _present_now(uow, draw).items() if came[ticket] <= moment
    }


def next_moment(uow: UnitOfWork, draw: Draw, now: datetime) -> datetime | None:
    """Return when the next free seat goes to a standby present since `now`; None without one."""
    return min((moment.at for moment in _moments(uow, draw, now)), default=None)


@dataclass(frozen=True, slots=True)
class _Chance:
    """A free seat, and when it is given."""

    seat: FreePlace
    at: datetime


def _chances(uow: UnitOfWork, draw: Draw) -> list[_Chance]:
    """Return free seats in order for those in the hall; empty while nobody is there."""
    came = attendance(uow, draw.district, draw.monday)
    first = min((came[ticket] for ticket in _present_now(uow, draw)), default=None)
    return _moments(uow, draw, first) if first else []


def _moments(uow: UnitOfWork, draw: Draw, came_at: datetime) -> list[_Chance]:
    """Return free seats in order, with the time at which each goes to a standby present since then.

    Empty when the Monday is off or its hours are over. The end must be checked: a citizen who was
    not received waits again and is still marked as present, and a seat of that morning may be free.
    """
    day = uow.city.monday(draw.district, draw.monday)
    if draw.state is not DrawState.DRAWN or day is None or day.state not in ON or not day.seats:
        return []
    if day.has_ended:
        return []
    closes_at = week_of(uow, draw.monday).closes_at(day.seats)
    found = [
        _Chance(seat, _assigned_at(draw.monday, seat, came_at)) for seat in free_places(uow, draw)
    ]
    return [chance for chance in found if chance.at < closes_at]


def _assigned_at(monday: date, seat: FreePlace, came_at: datetime) -> datetime:
    moment = at_tehran(monday, seat.time) - SEATED_BEFORE
    if seat.freed_at > moment:
        moment = next_quarter(seat.freed_at)
    while moment < came_at:
        moment = next_quarter(moment)
    return moment


def _places(draw: Draw) -> list[tuple[str, int]]:
    return [(ticket, place) for place, ticket in enumerate(draw.standby, start=1)]


def _waiting(uow: UnitOfWork, draw: Draw) -> dict[str, str]:
    """Map ticket to request id for standbys who still wait, in drawn order.

    Without those who gave up a seat that they had stood in, which the log knows. Otherwise such a
    seat, and every other of that day, would come back to her each quarter of an hour, before others
    in the hall. While the log cannot be read, nobody is given a seat, and all are shown.
    """
    waiting = uow.draws.waiting(draw.district, draw.monday)
    line: Sequence[str] = draw.standby
    with suppress(Unavailable):
        line = uow.line_book.standing_by(draw.id)
    return {ticket: waiting[ticket] for ticket in line if ticket in waiting}


def _present_now(uow: UnitOfWork, draw: Draw) -> dict[str, str]:
    """Map ticket to request id for waiting standbys who are in the hall."""
    came = attendance(uow, draw.district, draw.monday)
    waiting = _waiting(uow, draw) if came else {}
    return {ticket: key for ticket, key in waiting.items() if ticket in came}
