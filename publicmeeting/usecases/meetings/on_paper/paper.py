"""A paper Monday: the printed list with which a day goes on without network or power."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.records import PAPER, PAPER_UNTIL, Monday
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.estimate import ENDS
from publicmeeting.usecases.lifecycle.case_access import district_named
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, open_monday
from publicmeeting.usecases.meetings.deputies import Holder, holder_of
from publicmeeting.usecases.meetings.in_hall.standby import StandbyPerson, drawn_places, shown_first

STANDBYS_PRINTED = 96
"""About a page; standbys farther down are written by hand."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One meeting: its hours and the number of orders; without orders it was refused."""

    begun: datetime | None
    ended: datetime
    orders: int


@dataclass(frozen=True, slots=True)
class PaperDay:
    """What is printed, and who printed it."""

    board: DayBoard
    holder: Holder | None
    standbys: tuple[StandbyPerson, ...]
    """Those in the hall and the first of the others, in drawn order; also on the days before."""
    standbys_more: int
    """How many more standbys there are."""
    outcomes: Mapping[str, Outcome]
    """Tracking code → outcome of a visitor who was met."""
    is_over: bool
    """Whether the day's hours are over, so that this is its final sheet."""
    printed_by: str
    role: Role


@usecase(Role.RECEPTION, *MEETING)
def print_day(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> PaperDay:
    """Return a Monday's list with the names this account may see, each recorded as an opening.

    A standby has a place and a code but no name, as on screen. Denied as in `open_monday`, and if
    an actor with several districts names none.
    """
    here = (Role.RECEPTION, *MEETING)
    district_named(actor, command.district, *here)
    board = open_monday(uow, actor, command, now)
    account = uow.accounts.get(actor.account_id) if actor.account_id else None
    week = week_of(uow, board.monday.on)
    is_over = bool(board.monday.seats) and now >= week.closes_at(board.monday.seats)
    drawn = board.standby or _drawn(uow, board, now)
    printed = shown_first(drawn, STANDBYS_PRINTED)
    return PaperDay(
        board=board,
        outcomes={
            visitor.code: _outcome(uow, board.monday, visitor.code)
            for visitor in board.visitors
            if visitor.met
        },
        is_over=is_over,
        holder=holder_of(uow, board.monday),
        standbys=printed,
        standbys_more=len(drawn) - len(printed),
        printed_by=account.name if account else "",
        role=next(role for role in here if board.monday.district in actor.districts(role)),
    )


def _outcome(uow: UnitOfWork, day: Monday, code: str) -> Outcome:
    request = uow.requests.find(code)
    assert request is not None
    ended, entered = request.last(*ENDS), request.last(Action.CALL_IN)
    assert ended is not None
    begun, until = entered.pressed_at if entered else None, ended.pressed_at
    if entered is not None and PAPER in entered.payload:
        begun = at_tehran(day.on, str(entered.payload[PAPER]))
        until = at_tehran(day.on, str(entered.payload[PAPER_UNTIL]))
    orders = [o for o in uow.orders.of_request(request.id) if tehran_day(o.issued_at) == day.on]
    return Outcome(begun, until, len(orders))


def _drawn(uow: UnitOfWork, board: DayBoard, now: datetime) -> tuple[StandbyPerson, ...]:
    """Return the next standbys of a Monday ahead."""
    if board.monday.on <= tehran_day(now):
        return ()
    places = drawn_places(uow, board.monday.district, board.monday.on)
    codes = uow.lists.codes([request for request, _ in places])
    return tuple(StandbyPerson(codes[request], place, None) for request, place in places)
