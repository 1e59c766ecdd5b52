"""What giving a seat up costs (docs/turns.md 1): shown before the step, taken by it."""

from dataclasses import dataclass, replace
from datetime import datetime

from publicmeeting.domain.line.history import is_offered
from publicmeeting.domain.line.lanes import LOST
from publicmeeting.domain.records import FREE, OFFERED, STAND_IN, Event, Request, Seat, standing
from publicmeeting.domain.stages import UNCONFIRMED, Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.machine.times import LEEWAY
from publicmeeting.turns.rules.week import Week

GIVEN_UP_MOST = 3
UNANSWERED_MOST = 2
GIVEN_UP = "given_up"
"""Payload key of an undoing: the seat did not come back and counts as given up."""
OWED = "owed"
"""Payload key beside `GIVEN_UP`: the city owes her another seat."""
LATE, THIRD = "given_up_late", "given_up_third"
"""Why her weeks begin again when she gives a seat up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of giving a seat up.

    `weeks` is the reason why her weeks begin again, or empty. With `debt` she also loses the seat
    that the city owes her. `of_an_offer` marks an offer that she has not accepted, which costs
    nothing. `at_the_door` marks a seat given on the day itself, which is not counted either.
    """

    weeks: str = ""
    debt: bool = False
    of_an_offer: bool = False
    at_the_door: bool = False
    needs_no_answer: bool = False
    """The seat needs no answer because the city was late or away: giving it up is free."""
    owed: bool = False
    """The seat was lost by an act that she denies, so the city owes her another.

    It counts as given up, but no weeks are taken.
    """
    contestable: bool = False
    """A contest can give the weeks back that are lost."""
    keeps_until: datetime | None = None
    """The instant until which giving up keeps her weeks, if she has a seat and it lies ahead."""


def cost_of_giving_up(uow: UnitOfWork, request: Request, now: datetime) -> Cost:
    """Return the cost for a citizen with a seat.

    A debt survives the first seat given up in time since it arose. It is lost with the second, and
    with the weeks.
    """
    assert request.seat is not None
    if is_open_offer(request):
        return Cost(of_an_offer=True)
    rules = uow.city.rules_on(request.seat.monday)
    assert rules is not None
    if request.seat.why == STAND_IN:
        return Cost(at_the_door=True)
    until = Week(request.seat.monday, rules.body).standby_until
    if _needs_no_answer(request, request.seat, until, now):
        return Cost(needs_no_answer=True)
    cost = _cost(uow, request, is_late=now >= until)
    cost = replace(cost, contestable=bool(cost.weeks and request.waited))
    return cost if now >= until else replace(cost, keeps_until=until)


def _needs_no_answer(request: Request, seat: Seat, until: datetime, now: datetime) -> bool:
    """Return whether the seat needs no answer, as every auditor computes it (docs/turns.md 1)."""
    if request.stage not in UNCONFIRMED:
        return False
    keep = request.last(Action.KEEP_SEAT)
    is_kept = keep is not None and keep.payload.get("monday") == seat.monday.isoformat()
    return seat.answer_by > until or (is_kept and now > seat.answer_by + LEEWAY)


def cost_of_a_lost_seat(
    uow: UnitOfWork,
    request: Request,
    seat: Seat,
    act: int,
    let_go: Event,
    given_up: int | None = None,
) -> Cost:
    """Return the cost when she denies an act of hers and the seat that she had does not come back.

    It counts as one seat given up, however late the act was. Once, she is owed another seat
    instead. `act` is the act's log entry and `let_go` its event. `given_up` is the count without
    that act, for callers whose row already counts it.
    """
    if seat.why == STAND_IN:
        return Cost(at_the_door=True)
    if uow.line_book.is_owed(request.ticket, act):
        return Cost(owed=True)
    if seat.why == OFFERED and let_go.from_stage in UNCONFIRMED:
        return Cost(of_an_offer=True)
    return _cost(uow, request, is_late=False, given_up=given_up)


def _cost(uow: UnitOfWork, request: Request, *, is_late: bool, given_up: int | None = None) -> Cost:
    before = uow.requests.counts(request)[0] if given_up is None else given_up
    third = before + 1 >= GIVEN_UP_MOST
    debt = bool(request.debt) and (
        is_late or third or gave_up_since_debt(standing(request.history))
    )
    return Cost(LATE if is_late else THIRD if third else "", debt)


def silence_costs(uow: UnitOfWork, request: Request) -> bool:
    """Return whether another unanswered invitation would reset her weeks: it is the second one."""
    unanswered = uow.requests.counts(request)[1] + 1
    return unanswered >= UNANSWERED_MOST and not is_open_offer(request)


def is_open_offer(request: Request) -> bool:
    """Return whether the request has a standby offer that she has not accepted."""
    return is_offered(event.action for event in request.history)


def gave_up_since_debt(history: tuple[Event, ...]) -> bool:
    """Return whether a seat was given up after the newest event that put the city in her debt."""
    gave_up, refused_offer = False, False
    for event in history:
        match event.action:
            case Action.CANCEL_MONDAY | Action.DAY_OVER | Action.OWE_SEAT:
                gave_up = False
            case Action.SEAT | Action.OFFER | Action.TAKE_FREE | Action.STAND_IN | Action.CONFIRM:
                refused_offer = event.action in (Action.OFFER, Action.STAND_IN)
            case Action.GIVE_UP_SEAT:
                gave_up = gave_up or not (refused_offer or FREE in event.payload)
            case Action.UNDO | Action.DENY_GIVE_UP if {GIVEN_UP, OWED} & event.payload.keys():
                gave_up = OWED not in event.payload
    return gave_up


def weeks_taken(event: Event) -> int:
    """Return the weeks that a no-show or giving a seat up set to 0, as its event records them."""
    return taken_by(event, LOST)


def taken_by(event: Event, count: str) -> int:
    """Return another count that a no-show set to 0: `debt`, `given_up` or `unanswered`."""
    return int(str(event.payload.get(count, 0)))
