"""What giving a seat up costs (docs/turns.md 1): shown before, and taken when she does."""

from dataclasses import dataclass, replace
from datetime import datetime

from publicmeeting.domain.line.history import is_offered
from publicmeeting.domain.records import FREE, OFFERED, STAND_IN, Event, Request, Seat, standing
from publicmeeting.domain.stages import UNCONFIRMED, Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.machine.times import LEEWAY
from publicmeeting.turns.week import Week

GIVEN_UP_MOST = 3
UNANSWERED_MOST = 2
GIVEN_UP = "given_up"
"""Key of an undoing: the seat she left did not come back, and counts as given up."""
OWED = "owed"
"""Key beside it: the city owes her another."""
LATE, THIRD = "given_up_late", "given_up_third"
"""Why her weeks begin anew when she gives a seat up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`weeks`: the reason why her weeks begin anew, or empty; `debt`: she also loses the seat that
    the city owes her; `of_an_offer`: an offer she has not accepted, which costs nothing;
    `at_the_door`: a seat given on the day itself, which is not counted either."""

    weeks: str = ""
    debt: bool = False
    of_an_offer: bool = False
    at_the_door: bool = False
    needs_no_answer: bool = False
    """Hers without an answer, since the city was late or away: giving it up costs as little as
    silence."""
    owed: bool = False
    """Nothing is taken: the city owes her another for what has gone on by an act she denies."""
    keeps_until: datetime | None = None
    """Until when giving it up keeps her weeks, where she has a seat and that still lies ahead."""


def cost_of_giving_up(uow: UnitOfWork, request: Request, now: datetime) -> Cost:
    """For somebody who has a seat. A debt stays when the first seat since it arose is given up in
    time; it is lost with the second, and with the weeks."""
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
    return cost if now >= until else replace(cost, keeps_until=until)


def _needs_no_answer(request: Request, seat: Seat, until: datetime, now: datetime) -> bool:
    """As every auditor counts it (docs/turns.md 1)."""
    if request.stage not in UNCONFIRMED:
        return False
    kept = request.last(Action.KEEP_SEAT)
    is_kept = kept is not None and kept.payload.get("monday") == seat.monday.isoformat()
    return seat.answer_by > until or (is_kept and now > seat.answer_by + LEEWAY)


def cost_of_a_lost_seat(
    uow: UnitOfWork,
    request: Request,
    seat: Seat,
    act: int,
    let_go: Event,
    given_up: int | None = None,
) -> Cost:
    """For somebody who denies an act of hers, by its entry and event, and does not get the seat
    back that she had: it is one seat given up, however late that was. Once she is owed another.
    `given_up`: how many there were without it, where the rows count it."""
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
    """Whether an invitation left without an answer would begin her weeks anew: the second one."""
    unanswered = uow.requests.counts(request)[1] + 1
    return unanswered >= UNANSWERED_MOST and not is_open_offer(request)


def is_open_offer(request: Request) -> bool:
    """A standby offer she has not accepted."""
    return is_offered(event.action for event in request.history)


def gave_up_since_debt(history: tuple[Event, ...]) -> bool:
    """Whether a seat was given up after the newest event that the city owes her for."""
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
    """The weeks that a no-show set to 0, as its event records them."""
    return taken_by(event, "waited")


def taken_by(event: Event, count: str) -> int:
    """What else of hers a no-show set to 0: `debt`, `given_up`, `unanswered`."""
    return int(str(event.payload.get(count, 0)))
