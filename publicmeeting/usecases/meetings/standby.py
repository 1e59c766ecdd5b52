"""On the Monday released seats go to standbys who are present, in the drawn order.

Reception records who has come and shown her card. Ten minutes before it begins a free seat goes to
the first in the drawn order of those recorded until then: whoever is drawn first has had the time
to come, and no officer can favour a friend by pressing early.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of
from publicmeeting.usecases.lifecycle.entries import log_ticket
from publicmeeting.usecases.lifecycle.payloads import match_identity
from publicmeeting.usecases.line.offers import free_times

STAND_IN = "stand_in"
SEATED_BEFORE = timedelta(minutes=10)
"""How long before its beginning a free seat is assigned to whoever is next."""


class Standby(Command):
    """`identity` is the number on the card shown; not needed again once she is noted as present."""

    code: str
    identity: str = ""


class AtTheDoor(Command):
    district: int


@dataclass(frozen=True, slots=True)
class StandbyPerson:
    """One who waits in the drawn line of today.

    `place` is her place in the draw, from 1, as in her notice and in the published file. Places of
    others who have a seat by now or have left are missing.
    """

    code: str
    place: int
    present_at: datetime | None
    may_sit: bool = False
    """A free seat is hers now."""


@usecase(Role.RECEPTION, *MEETING)
def standbys(
    uow: UnitOfWork, actor: Actor, command: AtTheDoor, now: datetime
) -> tuple[StandbyPerson, ...]:
    """Today's drawn line in order, those who are present marked; empty on other days."""
    if command.district not in actor.districts(Role.RECEPTION, *MEETING):
        raise Denied("not_found")
    draw = uow.draws.get(command.district, tehran_day(now))
    if draw is None or draw.state != "drawn":
        return ()
    present, waiting = _present(uow, draw), _waiting(uow, draw)
    codes = uow.lists.codes(list(waiting.values()))
    free = free_times(uow, command.district, draw.monday)
    moment = _moment(draw.monday, free[0]) if free else None
    following = _next(waiting, present, moment) if moment and now >= moment else ""
    return tuple(
        StandbyPerson(codes[waiting[ticket]], place, present.get(ticket), ticket == following)
        for ticket, place in _places(draw)
        if ticket in waiting
    )


def drawn_places(uow: UnitOfWork, district: int, monday: date) -> list[tuple[str, int]]:
    """Request id and drawn place of everybody who still waits in a Monday's drawn line, in order;
    nobody before the draw."""
    draw = uow.draws.get(district, monday)
    if draw is None or draw.state != "drawn":
        return []
    waiting = _waiting(uow, draw)
    return [(waiting[ticket], place) for ticket, place in _places(draw) if ticket in waiting]


@usecase(Role.RECEPTION)
def note_present(uow: UnitOfWork, actor: Actor, command: Standby, now: datetime) -> None:
    """A standby has come and shown her card.

    Denied `not_that_day` without a meeting today, `no_seat` for somebody who is not in today's
    drawn line, `stage_moved` when she no longer waits; Invalid `identity_mismatch`.
    """
    request = uow.requests.get_visible(command.code, actor)
    draw = _draw_of_today(uow, actor, request, now)
    match_identity(uow, request, command.identity)
    job = _mark(draw, request.ticket)
    if uow.clockwork.done_at(job) is None:
        uow.clockwork.mark_done(job, now)
    uow.publish(f"district:{request.district}")


@usecase(Role.RECEPTION)
def stand_in(uow: UnitOfWork, actor: Actor, command: Standby, now: datetime) -> Request:
    """Give the earliest released seat of today to whoever is next when its moment has come.

    It is written through `allot` like every seat: the offer step, made at the door. Raises what
    `note_present` raises, `seats_gone` without a free seat or after the meeting hours,
    `seat_not_yet` before the moment, `not_next` while it is somebody else's.
    """
    request = uow.requests.get_visible(command.code, actor)
    draw = _draw_of_today(uow, actor, request, now)
    present = _present(uow, draw)
    if request.ticket not in present or command.identity:
        match_identity(uow, request, command.identity)
    monday = draw.monday
    day = uow.city.monday(request.district, monday)
    free = free_times(uow, request.district, monday)
    if day is None or not free or now >= week_of(uow, monday).closes_at(day.seats):
        raise Denied("seats_gone")
    moment = _moment(monday, free[0])
    if now < moment:
        raise Denied("seat_not_yet")
    present.setdefault(request.ticket, now)
    if _next(_waiting(uow, draw), present, moment) != request.ticket:
        raise Denied("not_next")
    return _seat(uow, actor, request, monday, free[0], now)


def _seat(
    uow: UnitOfWork, actor: Actor, request: Request, monday: date, time: str, now: datetime
) -> Request:
    payload = {
        "monday": monday.isoformat(),
        "time": time,
        "why": STAND_IN,
        Need.IDENTITY.value: "matched",
    }
    event = advance(request, Action.STAND_IN, actor, now, payload)
    uow.seats.allot(
        district=request.district,
        monday=monday,
        time=time,
        request_id=request.id,
        why=STAND_IN,
        answer_by=now,
        now=now,
    )
    uow.requests.record(request, event)
    draw = draw_id(request.district, monday)
    log_ticket(uow, request, Kind.ARRIVAL, now, draw=draw, time=time, standby=1)
    return uow.requests.by_id(request.id)


def _draw_of_today(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> Draw:
    """Today's draw with her in its standby, while she waits and the Monday is not called off."""
    draw = uow.draws.get(request.district, tehran_day(now))
    day = uow.city.monday(request.district, tehran_day(now))
    if draw is None or day is None or day.state not in {"open", "held"}:
        raise Denied("not_that_day")
    key = why_not(request, STEP_FOR[Action.STAND_IN], actor, now)
    if key:
        raise Denied(key, stage=request.stage.value)
    if request.ticket not in draw.file.get("standby", ()):
        raise Denied("no_seat")
    return draw


def _moment(monday: date, time: str) -> datetime:
    return at_tehran(monday, time) - SEATED_BEFORE


def _next(
    waiting: Mapping[str, str], present: Mapping[str, datetime], moment: datetime
) -> str | None:
    """The ticket whose turn it is: the first in the drawn order of those who were here at the
    moment; where nobody was, of those who have come since."""
    here = [ticket for ticket in waiting if ticket in present]
    in_time = [ticket for ticket in here if present[ticket] <= moment]
    return next(iter(in_time or here), None)


def _places(draw: Draw) -> list[tuple[str, int]]:
    return [(ticket, place) for place, ticket in enumerate(draw.file["standby"], start=1)]


def _waiting(uow: UnitOfWork, draw: Draw) -> dict[str, str]:
    """Ticket → request id of those of the drawn line who still wait, in its order."""
    waiting = uow.draws.waiting(draw.district, draw.monday)
    return {t: waiting[t] for t in draw.file["standby"] if t in waiting}


def _mark(draw: Draw, ticket: str) -> str:
    return f"present/{draw.id}/{ticket}"


def _present(uow: UnitOfWork, draw: Draw) -> dict[str, datetime]:
    """Ticket → since when she has been in the hall."""
    prefix = _mark(draw, "")
    return {job.removeprefix(prefix): at for job, at in uow.clockwork.marks(prefix).items()}
