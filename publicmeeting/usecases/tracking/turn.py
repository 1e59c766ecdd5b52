"""What a citizen's page shows of her turn: pass, free seats, Mondays she may name, expectation."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, mondays
from publicmeeting.domain.lifecycle.advance import road_ahead, steps_open_to
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.my_day import MyDay
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import EXPECTED, PRESENT, SEATED, UNSEATED, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.week import Week
from publicmeeting.usecases.base import OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.lifecycle.effects.costs import Cost, cost_of_giving_up, silence_costs
from publicmeeting.usecases.lifecycle.payloads import MOVE_WITHIN
from publicmeeting.usecases.line.expectation import Outlook, expected
from publicmeeting.usecases.line.offers import FreeSeats, free_seats, times_let_go
from publicmeeting.usecases.meetings.coming.her_day import my_day
from publicmeeting.usecases.meetings.in_hall.hall import MyHall, my_hall
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass, pass_of
from publicmeeting.usecases.tracking.judged import MyContest, MyLane, my_contest, my_lane
from publicmeeting.usecases.tracking.listing import MyList, my_list
from publicmeeting.usecases.tracking.timeline import TimelinePage, page_of

WEEKS = MOVE_WITHIN.days // 7
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ComingMonday:
    """A Monday whose line is still open; `out` when she has said that she cannot come."""

    on: date
    out: bool


@dataclass(frozen=True, slots=True)
class NextDraw:
    """The next one she is in line for, and when it runs."""

    monday: date
    at: datetime


@dataclass(frozen=True, slots=True)
class CalledOff:
    """The Monday of the seat she held, which the city has taken back; `why` of a closure."""

    monday: date
    why: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class MyTurn:
    """Each part is empty where its step is not open to her."""

    seat_pass: SeatPass | None
    """Once she has said that she comes."""
    move_to: tuple[date, ...]
    """The Mondays of which she may name the first she can come."""
    coming: tuple[ComingMonday, ...]
    free: FreeSeats | None
    outlook: Outlook | None
    """While her seat lies ahead."""
    lane: MyLane | None = None
    """While she stands in the line, or is about to."""
    cost: Cost | None = None
    """What giving her seat up now would take from her; None without a seat."""
    silence_costs: bool = False
    """Leaving this invitation without an answer begins her weeks anew."""
    list: MyList | None = None
    """While the list of her next draw can be objected to."""
    next_draw: NextDraw | None = None
    """While she waits, once the Monday has been opened."""
    called_off: CalledOff | None = None
    """Until she has a seat again."""
    contest: MyContest | None = None
    """While two officers judge her contest of a no-show."""
    day: MyDay | None = None
    """On the day itself, for whoever holds, or held until now, a seat of it."""
    hall: MyHall | None = None
    """On the day itself, while she may still be received."""
    by_telephone: bool = False
    """She is rung at her time."""


@usecase(Role.CITIZEN)
def my_turn(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> MyTurn:
    """Denied("not_found") for somebody else's request."""
    return turn_of(uow, actor, own_request(uow, actor, command.code), now)


@usecase(Role.CITIZEN)
def case_page(
    uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime
) -> tuple[TimelinePage, MyTurn]:
    """Her whole page from one reading. Denied("not_found") for somebody else's request."""
    request = own_request(uow, actor, command.code)
    return page_of(uow, actor, request, now), turn_of(uow, actor, request, now)


def turn_of(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> MyTurn:
    """Of a request that is the actor's own."""
    open_ = {step.action for step in steps_open_to(actor, request, now)}
    seat = request.seat
    is_today = seat is not None and seat.monday == tehran_day(now)
    sure = request.stage in (SEATED if is_today else EXPECTED) | PRESENT
    ahead = {step.action for step in road_ahead(request.stage)}
    return MyTurn(
        seat_pass=pass_of(uow, request) if sure and request.seat else None,
        move_to=_move_to(request) if Action.MOVE_ONCE in open_ else (),
        coming=_coming(uow, request, now) if Action.EXCLUDE in open_ else (),
        free=_free(uow, request, now) if Action.TAKE_FREE in open_ else None,
        outlook=_outlook(uow, request, now) if Action.SEAT in ahead else None,
        lane=my_lane(uow, actor, request, now),
        cost=cost_of_giving_up(uow, request, now) if request.seat else None,
        silence_costs=Action.CONFIRM in open_ and silence_costs(uow, request),
        list=my_list(uow, request, now),
        next_draw=_next_draw(uow, request),
        called_off=_called_off(request, now) if Action.SEAT in ahead else None,
        contest=my_contest(uow, request, now),
        day=my_day(uow, request, now),
        hall=my_hall(uow, request, now),
        by_telephone=is_rung(request),
    )


def _free(uow: UnitOfWork, request: Request, now: datetime) -> FreeSeats | None:
    """What is free on a Monday she can come, without the seats she has let go."""
    free = free_seats(uow, request.district, now)
    if free is None or is_out(request, free.monday):
        return None
    let_go = times_let_go(request, free.monday)
    return replace(free, times=tuple(time for time in free.times if time not in let_go))


def _next_draw(uow: UnitOfWork, request: Request) -> NextDraw | None:
    if not _waits(request):
        return None
    for draw in uow.draws.pending():
        rules = uow.city.rules_on(draw.monday)
        if draw.district != request.district or rules is None or is_out(request, draw.monday):
            continue
        week = Week(draw.monday, rules.body)
        if request.filed_at < week.filing_closes_at:
            return NextDraw(draw.monday, week.draw_by)
    return None


def _called_off(request: Request, now: datetime) -> CalledOff | None:
    """While she is owed a seat for it."""
    last = request.last(Action.CANCEL_MONDAY, Action.SEAT, Action.OFFER, Action.TAKE_FREE)
    if last is None or last.action is not Action.CANCEL_MONDAY or not request.debt:
        return None
    monday = date.fromisoformat(str(last.payload["monday"]))
    return CalledOff(monday, str(last.payload.get("why", "")), is_over=tehran_day(now) > monday)


def _waits(request: Request) -> bool:
    return request.stage in UNSEATED


def _move_to(request: Request) -> tuple[date, ...]:
    assert request.seat is not None
    after = mondays(request.seat.monday + _DAY, WEEKS)
    return tuple(day for day in after if is_meeting_monday(day))


def _coming(uow: UnitOfWork, request: Request, now: datetime) -> tuple[ComingMonday, ...]:
    found = []
    for day in mondays(tehran_day(now), WEEKS + 1):
        rules = uow.city.rules_on(day)
        if rules and is_meeting_monday(day) and now < Week(day, rules.body).freeze_at:
            found.append(ComingMonday(day, is_out(request, day)))
    return tuple(found[:WEEKS])


def _outlook(uow: UnitOfWork, request: Request, now: datetime) -> Outlook | None:
    """Her expectation, without the Mondays she has excluded."""
    try:
        found = expected(uow, request.district, now, request)
    except KeyError:  # no rules are announced yet
        return None
    return replace(
        found,
        joins=_first_she_can(request, found.joins),
        earliest=_first_she_can(request, found.earliest) if found.earliest else None,
        likely=_first_she_can(request, found.likely) if found.likely else None,
        latest=_first_she_can(request, found.latest) if found.latest else None,
    )


def _first_she_can(request: Request, monday: date) -> date:
    while is_out(request, monday):
        monday += _WEEK
    return monday
