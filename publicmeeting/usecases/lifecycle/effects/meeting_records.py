"""The day record in the public log: who held a meeting, from when to when, with what it ended.

By ticket only, right behind its `met` (docs/turns.md 1). What a paper or a tablet without network
says of the hours is marked as such: nobody can check it against the entries around it.
"""

from datetime import datetime

from publicmeeting.domain.records import PAPER, PAPER_UNTIL, PRESSED_AT, Event, Request, Seat
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, MeetingOutcome, RecordedBy
from publicmeeting.turns.log import Entry, instant, moment
from publicmeeting.usecases.lifecycle.effects.entries import log_ticket, place_of
from publicmeeting.usecases.lifecycle.effects.officer_marks import officer_mark


def record_meeting(
    uow: UnitOfWork, request: Request, seat: Seat, finished: Event, met: Entry
) -> None:
    """The record of the meeting that `finished` has just ended; `met` is its entry."""
    called = request.last(Action.CALL_IN)
    assert called is not None, "met without having been called in"
    at = instant(met.at)
    source, began, ended = _hours(uow, request, seat, called, finished, at)
    outcome = MeetingOutcome.ORDERS
    if finished.action is Action.FINISH_REFUSED:
        outcome = MeetingOutcome.REFUSED
    log_ticket(
        uow,
        request,
        Kind.MEETING_RECORDED,
        at,
        **place_of(request, seat),
        began=moment(began),
        ended=moment(ended),
        source=source.value,
        outcome=outcome.value,
        officer=officer_mark(uow, finished, request, finished.at),
        because=[met.seq],
    )


def _hours(
    uow: UnitOfWork, request: Request, seat: Seat, called: Event, finished: Event, at: datetime
) -> tuple[RecordedBy, datetime, datetime]:
    if PAPER in called.payload:
        hours = (str(called.payload[key]) for key in (PAPER, PAPER_UNTIL))
        began, ended = (at_tehran(seat.monday, hour) for hour in hours)
        return RecordedBy.PAPER, began, ended
    if PRESSED_AT in called.payload or PRESSED_AT in finished.payload:
        return RecordedBy.TABLET, called.pressed_at, max(finished.pressed_at, called.pressed_at)
    return RecordedBy.LIVE, max(called.at, _room_free_at(uow, request, seat)), at


def _room_free_at(uow: UnitOfWork, request: Request, seat: Seat) -> datetime:
    """When the log says that she had come, the day had begun and the meetings before were over: an
    entry that waited for others bears their time, not its own."""
    draw = str(place_of(request, seat)["draw"])
    came = uow.log_index.last_seq(request.ticket, Kind.ARRIVAL, Kind.CAME_LATE, draw=draw)
    held = uow.log_index.of_subject(draw, Kind.MONDAY_HELD)
    known = [instant(uow.log.entry(seq).at) for seq in (came, *held) if seq is not None]
    before = uow.log_index.of_subject(draw, Kind.MEETING_RECORDED)
    return max([*known, *(instant(str(uow.log.entry(seq).body["ended"])) for seq in before)])
