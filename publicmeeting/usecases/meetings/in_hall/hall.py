"""The hall of a Monday: a screen with a changing code, the citizens who type it, and the calls.

The code has five digits, changes every quarter of an hour and is computed from the city's key. It
is stored nowhere, and the previous one is still accepted from slow typists. It proves that somebody
in the hall has read it within half an hour, not that she did: a friend may read it out by
telephone. That takes nothing from others but a seat which she would then miss, and her card is
still checked at arrival.

The screen shows and speaks the day's calls in order. They are computed from the requests' histories
and not stored, so every page and process has the same calls with the same ids.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.line.history import came_by_word_only
from publicmeeting.domain.meetings.estimate import NOT_BEFORE
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import PAPER, Monday, Request, Seat
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import CALLS, SEATED, UNSEATED, Action
from publicmeeting.kit.clock import at_tehran, in_tehran, tehran_day
from publicmeeting.kit.digits import bare, is_code
from publicmeeting.store.districts.halls import HallClip
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.estimate import Seated, seated_on, visitor_number
from publicmeeting.usecases.lifecycle.case_access import own_request, own_request_to_change
from publicmeeting.usecases.lifecycle.effects.entries import attendance
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.meetings.agenda import DayBoard, board_of, coming_monday
from publicmeeting.usecases.meetings.deputies import Holder, holder_of
from publicmeeting.usecases.meetings.in_hall.standby import (
    drawn_places,
    next_moment,
    require_standby,
    take_presence,
)
from publicmeeting.usecases.rate_limits import Limit, forget, take

_ANNOUNCED_WITHIN = timedelta(minutes=1)
"""A press that arrives later from a tablet without a network is no call: it is out of date."""


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of a visitor's number, or her going in."""

    id: int
    """The event's id; a screen that has announced it does not announce it again."""
    number: int
    """Number of her seat; a standby who takes a free seat at the door has that seat's number."""
    at: datetime
    """When it was pressed."""
    nth: int
    """How often she has been called so far, from 1; this call counts if it is announced."""
    is_announced: bool
    """Whether the hall hears it.

    True for every call, and for going in if she was not called before. False for visitors met by
    telephone.
    """


def day_calls(day: Monday, seated: Iterable[Seated]) -> tuple[DayCall, ...]:
    """Return all calls of that day for the holders of its seats, oldest first."""
    calls = [
        call
        for request, time, _ in seated
        for call in calls_of(request, day, visitor_number(day, time))
    ]
    return tuple(sorted(calls, key=lambda call: (call.at, call.id)))


def calls_of(request: Request, day: Monday, number: int) -> list[DayCall]:
    """Return the calls of one visitor, in the order of her history."""
    calls: list[DayCall] = []
    announced_count = 0
    was_called = False
    for event in request.history:
        if tehran_day(event.at) != day.on:
            continue
        if event.action in CALLS:
            is_announced = was_called = True
        elif event.action is Action.CALL_IN:
            # A call entered from paper happened hours ago, so the hall must not announce it.
            is_new = event.at - event.pressed_at < _ANNOUNCED_WITHIN and PAPER not in event.payload
            is_heard = is_new and not is_rung(request)
            is_announced, was_called = is_heard and not was_called, False
        else:
            continue
        announced_count += is_announced
        calls.append(
            DayCall(
                id=event.id,
                number=number,
                at=event.pressed_at,
                nth=announced_count,
                is_announced=is_announced,
            )
        )
    return calls


CODE_DIGITS = 5
CHANGES_EVERY = timedelta(minutes=15)
NOTED_UNTIL = timedelta(minutes=15)
"""How long after her time she may type the code; later reception checks her card."""
_CODES_MOST = 10
_REQUESTS_MOST = 100


@dataclass(frozen=True, slots=True)
class HallScreen:
    """What the hall's screen shows; `code` is empty on a day without a meeting."""

    board: DayBoard
    calls: tuple[DayCall, ...]
    holder: Holder | None
    code: str
    changes_at: datetime
    clips: Mapping[str, HallClip]
    """Clip → the district's own recording."""
    unread: int = 0
    """Number of this day's cases that can no longer be decrypted."""
    is_over: bool = False
    """Whether the last seat of the day has ended; visitors may still be waiting."""


def screen_of(uow: UnitOfWork, district: int, now: datetime) -> HallScreen | None:
    """Return a district's screen for today's Monday or the next; None while none lies ahead."""
    monday = coming_monday(uow, district, now)
    if monday is None:
        return None
    # It reads the hall as reception does, but has opened no case, so it gets no name.
    screen = Actor(grants=(Grant(Role.RECEPTION, district),))
    seated = seated_on(uow, monday)
    is_on = monday.on == tehran_day(now) and monday.state in ON
    return HallScreen(
        board=board_of(uow, screen, monday, seated, now),
        calls=day_calls(monday, seated.seated),
        holder=holder_of(uow, monday),
        code=hall_code(uow, district, now) if is_on else "",
        changes_at=_quarter(now) + CHANGES_EVERY,
        clips=uow.halls.clips(district),
        unread=uow.unread,
        is_over=bool(monday.seats) and now >= week_of(uow, monday.on).closes_at(monday.seats),
    )


def hall_code(uow: UnitOfWork, district: int, at: datetime) -> str:
    """Return the digits that the hall of a district shows at an instant."""
    mark = uow.vault.tag("hall", f"{district}/{_quarter(at):%Y-%m-%dT%H:%M}")
    return str(int(mark, 16) % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def _quarter(at: datetime) -> datetime:
    """Return the start of the quarter hour of an instant; Tehran's are the same as UTC's."""
    return at - timedelta(seconds=at.timestamp() % CHANGES_EVERY.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class MyHall:
    """Her place in the hall, on the Monday of her seat or of a draw in which she is standby."""

    present_at: datetime | None
    """Since when she is recorded as present, by anybody."""
    place: int = 0
    """Her place in the standby list, as shown to her; 0 if she holds a seat."""
    next_at: datetime | None = None
    """When the next free seat goes to a standby who is present by then."""
    hours_end_at: datetime | None = None
    """Until when seats are given at the door."""
    from_at: datetime | None = None
    until_at: datetime | None = None
    """From `from_at` until this she may type the code; None for a standby, who has no own time."""
    asks_card: bool = False
    """Whether only reception records her, by her card (`is_code_used_up`)."""


def my_hall(uow: UnitOfWork, request: Request, now: datetime) -> MyHall | None:
    """Return her place in the hall; None on other days, after the hours, and if not expected there.

    A citizen met by telephone stays at home. On the day itself an invited citizen needs no
    confirmation.
    """
    monday = tehran_day(now)
    is_by_telephone = request.seat is not None and is_rung(request)
    if request.stage not in SEATED | UNSEATED or is_by_telephone:
        return None
    day = uow.city.monday(request.district, monday)
    if day is None or day.state not in ON or not day.seats:
        return None
    ends_at = week_of(uow, monday).closes_at(day.seats)
    if now >= ends_at:
        return None
    present_at = attendance(uow, request.district, monday).get(request.ticket)
    asks_card = present_at is None and is_code_used_up(uow, request)
    if request.seat is not None:
        return _of_seat(
            request.seat,
            monday,
            MyHall(present_at=present_at, hours_end_at=ends_at, asks_card=asks_card),
        )
    place = dict(drawn_places(uow, request.district, monday)).get(request.id)
    draw = uow.draws.get(request.district, monday)
    if place is None or draw is None:
        return None
    next_at = next_moment(uow, draw, present_at or now)
    return MyHall(
        present_at=present_at,
        place=place,
        next_at=next_at,
        hours_end_at=ends_at,
        asks_card=asks_card,
    )


def is_code_used_up(uow: UnitOfWork, request: Request) -> bool:
    """Return whether the hall's code no longer proves presence, because her card was never seen.

    A citizen whose identity was only typed has held a seat by the code and has not shown her card
    on that day. The code may have been read to her by telephone. Otherwise an invented person
    could hold a seat of each Monday: she is no no-show, so her weeks grow and she is never outside
    the line (docs/turns.md 2).
    """
    if uow.people.get(request.person_id).level is not Level.TYPED:
        return False
    lines = uow.lists.requests(Filter(person_id=request.person_id), limit=_REQUESTS_MOST)
    return any(came_by_word_only(uow.requests.by_id(line.id).history) for line in lines)


def _of_seat(seat: Seat, monday: date, found: MyHall) -> MyHall | None:
    opens_at, closes_at = _window(seat)
    return replace(found, from_at=opens_at, until_at=closes_at) if seat.monday == monday else None


def _window(seat: Seat) -> tuple[datetime, datetime]:
    begins_at = at_tehran(seat.monday, seat.time)
    return begins_at - NOT_BEFORE, begins_at + NOTED_UNTIL


@usecase(Role.CITIZEN)
def my_door(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> str:
    """Return the code of her request that can use the hall's code today; empty without one."""
    own = Filter(person_id=actor.person_id, stages=tuple(SEATED | UNSEATED))
    codes = [line.code for line in uow.lists.requests(own, limit=_CODES_MOST)]
    return next((code for code in codes if my_hall(uow, own_request(uow, actor, code), now)), "")


class CheckIn(Command):
    """A check-in; `hall` are the digits of the hall's screen, as she typed them."""

    code: str
    hall: str = ""


@usecase(Role.CITIZEN)
def check_in(uow: UnitOfWork, actor: Actor, command: CheckIn, now: datetime) -> str:
    """Check in with the hall's code, for a seat of today or as today's standby. Idempotent.

    Returns the key of what is wrong with the code, or empty. A wrong code is counted, so the key is
    returned, not raised. Denied `present_early` and `present_late` outside the window of a seat;
    `present_unproved` if only her card proves that she is there (`is_code_used_up`);
    `not_that_day`, `no_seat`, `stage_moved` if there is nothing to be present for;
    `hall_code_often` after too many tries; `person_displaced`.
    """
    own_request_to_change(uow, actor, command.code)
    uow.requests.lock(command.code)  # reception may record her concurrently
    request = own_request(uow, actor, command.code)
    if request.seat is None or request.seat.monday != tehran_day(now):
        require_standby(uow, actor, request, now)
    if request.ticket in attendance(uow, request.district, tehran_day(now)):
        return ""
    if request.seat is not None and request.seat.monday == tehran_day(now):
        _refuse_out_of_window(request.seat, now)
    if is_code_used_up(uow, request):
        raise Denied("present_unproved")
    typed = bare(command.hall[: CODE_DIGITS * 4])
    if not typed:
        return "need_hall_code"
    if not is_code(typed, CODE_DIGITS):
        return "hall_code_form"
    take(uow, Limit.HALL_CODE, request.code)
    now_shown = [hall_code(uow, request.district, at) for at in (now, now - CHANGES_EVERY)]
    if typed not in now_shown:
        return "hall_code_wrong"
    forget(uow, Limit.HALL_CODE, request.code)
    take_presence(uow, actor, request, now)
    return ""


def _refuse_out_of_window(seat: Seat, now: datetime) -> None:
    opens_at, closes_at = _window(seat)
    if now < opens_at:
        raise Denied("present_early", time=f"{in_tehran(opens_at):%H:%M}")
    if now > closes_at:
        raise Denied("present_late")
