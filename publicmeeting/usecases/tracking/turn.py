"""Her turn on a citizen's page: pass, free seats, Mondays, her list, judged questions."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, late_days, mondays
from publicmeeting.domain.choices import Lane, LaneReason, Verdict
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.lifecycle.advance import road_ahead, steps_open_to, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.line.lanes import open_contests, open_lane_ask, reasons_given
from publicmeeting.domain.meetings.estimate import MyDay
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import EXPECTED, IN_LINE, PRESENT, SEATED, UNSEATED, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.line.draws import Pending
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.base import OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.lifecycle.effects.costs import Cost, cost_of_giving_up, silence_costs
from publicmeeting.usecases.lifecycle.payloads import MOVE_WITHIN, is_closed
from publicmeeting.usecases.line.ceremony.reveals import in_window, objections_until
from publicmeeting.usecases.line.expectation import Outlook, expected
from publicmeeting.usecases.line.lanes import is_original_first, lanes_granted
from publicmeeting.usecases.line.objections.list_objections import lists_missed, uncured_lists
from publicmeeting.usecases.line.objections.why_not_listed import Absence, why_not_listed
from publicmeeting.usecases.line.offers import (
    FreeSeats,
    FreeWant,
    free_seats,
    free_want,
    released_times,
)
from publicmeeting.usecases.meetings.coming.her_day import my_day
from publicmeeting.usecases.meetings.in_hall.hall import MyHall, my_hall
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass, pass_of
from publicmeeting.usecases.tracking.timeline import TimelinePage, page_of

# Whether a citizen is in the list of her next draw, while she can object to it. Later it is shown
# only if a list should have had her and did not.


@dataclass(frozen=True, slots=True)
class MyList:
    """Her list; `absence` is why she is not in it, None if nothing keeps her out."""

    draw: str
    district: int
    monday: date
    ticket: str
    until: datetime | None
    """The end of the objection hours; None after them."""
    listed: bool
    absence: Absence | None
    objected: bool
    """Whether she has objected before, and was not in the line then."""
    is_added: bool = False
    """Whether she is in the second list, which is written when the hours end."""
    may_void: bool = False
    """Whether an act in her own name keeps her out, which one tap of hers voids."""


def my_list(uow: UnitOfWork, request: Request, now: datetime) -> MyList | None:
    """Return her list while she is in the line; None if she can do nothing about a list."""
    if request.stage not in IN_LINE:
        return None
    pending = in_window(uow, request.district, now)
    return _now(uow, request, pending) if pending else _late(uow, request, now)


def _now(uow: UnitOfWork, request: Request, pending: Pending) -> MyList:
    key = draw_id(request.district, pending.monday)
    seen = uow.line_book.listing(key, request.ticket)
    listed = seen.is_listed
    if seen.is_wrong:
        listed = uow.draws.is_frozen_in(request.district, request.ticket, pending.monday)
    absence = None
    if not listed and not seen.is_missing:
        draw = uow.draws.get(request.district, pending.monday)
        absence = why_not_listed(uow, request, draw, is_own=True) if draw else None
    return MyList(
        draw=key,
        district=request.district,
        monday=pending.monday,
        ticket=request.ticket,
        until=objections_until(uow, pending),
        listed=listed,
        absence=absence,
        objected=seen.has_objected,
        is_added=seen.is_missing,
        may_void=bool(seen.voidable),
    )


def _late(uow: UnitOfWork, request: Request, now: datetime) -> MyList | None:
    wrong = uncured_lists(uow, request, lists_missed(uow, request, now, is_own=True))
    if not wrong:
        return None
    return MyList(
        draw=wrong[0].id,
        district=request.district,
        monday=wrong[0].monday,
        ticket=request.ticket,
        until=None,
        listed=False,
        absence=None,
        objected=False,
    )


# What two officers judge for a citizen: her request for a lane, and her contest of a no-show.

FROZEN = "line_frozen"
ORIGINAL_FIRST = "original_first"


@dataclass(frozen=True, slots=True)
class MyLane:
    """Her lane: the one asked for or decided last; GENERAL if she never asked.

    `verdict` is None while it is open. One judge's answer is shown only after both have answered.
    """

    may_ask: tuple[Lane, ...]
    """The lanes open to her now; empty while she cannot ask."""
    why: str
    """Key of the reason why she cannot ask now, if she could at another time."""
    lane: Lane = Lane.GENERAL
    verdict: Verdict | None = None
    answered: int = 0
    due_at: datetime | None = None
    late_days: int = 0
    reasons: tuple[tuple[Verdict, LaneReason], ...] = ()


def my_lane(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> MyLane | None:
    """Return her lane; None after screening and line, when a lane no longer matters."""
    if request.stage not in IN_LINE:
        return None
    why = why_not(request, STEP_FOR[Action.ASK_LANE], actor, now) or ""
    if not why and uow.draws.is_frozen_in(request.district, request.ticket):
        why = FROZEN
    if not why and is_original_first(uow, actor, request):
        why = ORIGINAL_FIRST
    may_ask = () if why else lanes_granted(uow, now)
    ask = open_lane_ask(request)
    if ask:
        newest = uow.lanes.newest(request)
        due_at = newest[1] if newest else None
        return MyLane(
            may_ask, why, ask.lane, None, len(ask.answers), due_at, late_days(due_at, now)
        )
    decided = request.last(Action.DECIDE_LANE)
    if decided is None or not decided.is_genuine:
        return MyLane(may_ask, why)
    lane, verdict = Lane(str(decided.payload["lane"])), Verdict(str(decided.payload["verdict"]))
    return MyLane(may_ask, why, lane, verdict, reasons=reasons_given(request))


@dataclass(frozen=True, slots=True)
class MyContest:
    """Her open contest: how many of two have answered, and its lateness in working days."""

    answered: int
    has_judges: bool
    due_at: datetime
    late_days: int


def my_contest(uow: UnitOfWork, request: Request, now: datetime) -> MyContest | None:
    """Return her oldest undecided contest; None without one."""
    contests = open_contests(request)
    if not contests:
        return None
    oldest = contests[0]
    _, due_at = uow.lanes.of_contests(request)[oldest.number]
    late = late_days(due_at, now)
    return MyContest(len(oldest.answers), bool(oldest.judges), due_at, late)


WEEKS = MOVE_WITHIN.days // 7
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ComingMonday:
    """A Monday whose line is still open; `out` if she has left it out."""

    on: date
    out: bool


@dataclass(frozen=True, slots=True)
class NextDraw:
    """The next draw with seats for which she is in line, and when it runs."""

    monday: date
    at: datetime


@dataclass(frozen=True, slots=True)
class CalledOff:
    """The Monday of a seat that the city has taken back; `why` is the closure's reason."""

    monday: date
    why: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class MyTurn:
    """Her turn; each part is empty if its step is not open to her."""

    seat_pass: SeatPass | None
    """Set after she has confirmed that she comes."""
    move_to: tuple[date, ...]
    """The Mondays from which she may name the first that she can attend."""
    coming: tuple[ComingMonday, ...]
    free: FreeSeats | None
    want: FreeWant | None
    """An offer of a seat that may become free, which she has asked for or may ask for."""
    outlook: Outlook | None
    """Set while her seat lies ahead and she is in the lists."""
    lane: MyLane | None = None
    """Set while she is in the line, or about to be."""
    cost: Cost | None = None
    """What giving her seat up now would cost; None without a seat."""
    silence_costs: bool = False
    """Whether leaving this invitation unanswered would reset her weeks."""
    list: MyList | None = None
    """Set while she can object to the list of her next draw."""
    next_draw: NextDraw | None = None
    """Set while she waits, after the Monday has been opened."""
    called_off: CalledOff | None = None
    """Set until she has a seat again."""
    contest: MyContest | None = None
    """Set while two officers judge her contest of a no-show."""
    day: MyDay | None = None
    """Set on the day itself, for present and former holders of its seats."""
    hall: MyHall | None = None
    """Set on the day itself, while she may still be received."""
    by_telephone: bool = False
    """Whether she is rung at her time."""


@usecase(Role.CITIZEN)
def my_turn(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> MyTurn:
    """Return her turn; Denied("not_found") for somebody else's request."""
    return turn_of(uow, actor, own_request(uow, actor, command.code), now)


@usecase(Role.CITIZEN)
def case_page(
    uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime
) -> tuple[TimelinePage, MyTurn]:
    """Return her whole page from one transaction; Denied("not_found") for somebody else's."""
    request = own_request(uow, actor, command.code)
    return page_of(uow, actor, request, now), turn_of(uow, actor, request, now)


def turn_of(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> MyTurn:
    """Return the turn of a request that is known to be the actor's own."""
    open_ = {step.action for step in steps_open_to(actor, request, now)}
    seat = request.seat
    is_today = seat is not None and seat.monday == tehran_day(now)
    sure = request.stage in (SEATED if is_today else EXPECTED) | PRESENT
    ahead = {step.action for step in road_ahead(request.stage)}
    draws = Action.SEAT in ahead and not uow.requests.is_outside(request)
    return MyTurn(
        seat_pass=pass_of(uow, request) if sure and request.seat else None,
        move_to=_move_to(uow, request) if Action.MOVE_ONCE in open_ else (),
        coming=_coming(uow, request, now) if draws and Action.EXCLUDE in open_ else (),
        free=_free(uow, request, now) if Action.TAKE_FREE in open_ else None,
        want=_want(uow, request, now) if Action.WANT_FREE in open_ else None,
        outlook=_outlook(uow, request, now) if draws else None,
        lane=my_lane(uow, actor, request, now),
        cost=cost_of_giving_up(uow, request, now) if request.seat else None,
        silence_costs=Action.CONFIRM in open_ and silence_costs(uow, request),
        list=my_list(uow, request, now),
        next_draw=_next_draw(uow, request) if draws else None,
        called_off=_called_off(request, now) if Action.SEAT in ahead else None,
        contest=my_contest(uow, request, now),
        day=my_day(uow, request, now),
        hall=my_hall(uow, request, now),
        by_telephone=is_rung(request),
    )


def _want(uow: UnitOfWork, request: Request, now: datetime) -> FreeWant | None:
    """Return the offer that she may ask for; none while the log cannot be read."""
    try:
        return free_want(uow, request, now)
    except Unavailable:
        return None


def _free(uow: UnitOfWork, request: Request, now: datetime) -> FreeSeats | None:
    """Return free seats of a Monday that she has not left out, without those she let go.

    None after two missed meetings, until she is verified, and while the log cannot be read.
    """
    try:
        free = free_seats(uow, request.district, now)
    except Unavailable:
        return None
    if free is None or is_out(request, free.monday) or uow.requests.is_outside(request):
        return None
    let_go = released_times(request, free.monday)
    return replace(free, times=tuple(time for time in free.times if time not in let_go))


def _next_draw(uow: UnitOfWork, request: Request) -> NextDraw | None:
    if request.stage not in UNSEATED:
        return None
    for draw in uow.draws.pending():
        rules = uow.city.rules_on(draw.monday)
        if draw.district != request.district or rules is None or is_out(request, draw.monday):
            continue
        week = Week(draw.monday, rules.body)
        day = uow.city.monday(draw.district, draw.monday)
        if request.filed_at < week.filing_closes_at and not (day and day.is_off):
            return NextDraw(draw.monday, week.draw_by)
    return None


def _called_off(request: Request, now: datetime) -> CalledOff | None:
    """Return the Monday that was called off, while she is owed a seat for it."""
    last = request.last(Action.CANCEL_MONDAY, Action.SEAT, Action.OFFER, Action.TAKE_FREE)
    if last is None or last.action is not Action.CANCEL_MONDAY or not request.debt:
        return None
    monday = date.fromisoformat(str(last.payload["monday"]))
    return CalledOff(monday, str(last.payload.get("why", "")), is_over=tehran_day(now) > monday)


def _move_to(uow: UnitOfWork, request: Request) -> tuple[date, ...]:
    assert request.seat is not None
    after = mondays(request.seat.monday + _DAY, WEEKS)
    return tuple(
        day for day in after if is_meeting_monday(day) and not is_closed(uow, request, day)
    )


def _coming(uow: UnitOfWork, request: Request, now: datetime) -> tuple[ComingMonday, ...]:
    found = []
    for day in mondays(tehran_day(now), WEEKS + 1):
        rules = uow.city.rules_on(day)
        if rules and is_meeting_monday(day) and now < Week(day, rules.body).freeze_at:
            found.append(ComingMonday(day, is_out(request, day)))
    return tuple(found[:WEEKS])


def _outlook(uow: UnitOfWork, request: Request, now: datetime) -> Outlook | None:
    """Return her expectation, without the Mondays she has left out."""
    try:
        found = expected(uow, request.district, now, request)
    except KeyError:  # no rules are announced yet
        return None
    return replace(
        found,
        joins=_first_possible_monday(request, found.joins),
        earliest=_first_possible_monday(request, found.earliest) if found.earliest else None,
        likely=_first_possible_monday(request, found.likely) if found.likely else None,
        latest=_first_possible_monday(request, found.latest) if found.latest else None,
    )


def _first_possible_monday(request: Request, monday: date) -> date:
    while is_out(request, monday):
        monday += _WEEK
    return monday
