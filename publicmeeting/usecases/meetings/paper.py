"""A paper Monday: the day's list for the hand, so that the day goes on without network or power."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, open_monday
from publicmeeting.usecases.meetings.deputies import Holder, day_holder
from publicmeeting.usecases.meetings.standby import StandbyPerson, drawn_places


@dataclass(frozen=True, slots=True)
class PaperDay:
    """What is printed, and whose print it is."""

    board: DayBoard
    holder: Holder | None
    standbys: tuple[StandbyPerson, ...]
    """In the drawn order, on the days before it too."""
    printed_by: str
    role: Role


@usecase(Role.RECEPTION, *MEETING)
def print_day(uow: UnitOfWork, actor: Actor, command: ADay, now: datetime) -> PaperDay:
    """The list of a Monday with every name this account may see; each is recorded as an opening.

    A standby has a place and a code and no name, on paper as on screen. Denied as `open_monday`.
    """
    board = open_monday(uow, actor, command, now)
    account = uow.accounts.get(actor.account_id) if actor.account_id else None
    day = ADay(district=board.monday.district, monday=board.monday.on.isoformat())
    here = (Role.RECEPTION, *MEETING)
    return PaperDay(
        board=board,
        holder=day_holder(uow, actor, day, now),
        standbys=board.standby or _drawn(uow, board, now),
        printed_by=account.name if account else "",
        role=next(role for role in here if board.monday.district in actor.districts(role)),
    )


def _drawn(uow: UnitOfWork, board: DayBoard, now: datetime) -> tuple[StandbyPerson, ...]:
    """Those who are next in the drawn line of a Monday ahead."""
    if board.monday.on <= tehran_day(now):
        return ()
    places = drawn_places(uow, board.monday.district, board.monday.on)
    codes = uow.lists.codes([request for request, _ in places])
    return tuple(StandbyPerson(codes[request], place, None) for request, place in places)
