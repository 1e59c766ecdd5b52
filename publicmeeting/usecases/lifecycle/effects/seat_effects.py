"""Effects of a step on a seat and on the day: answers, giving up, arrival, no-show, and slips.

The rules are docs/turns.md 1 (waited, debt) and 2 (seats). A free seat stores the number of the log
entry that freed it, which is the cause of its next use.

Reception takes a slip back within seconds: a mistaken arrival or no-show. The log keeps both
entries. The event of a no-show stores everything it took, so that taking it back loses nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.choices import SkipReason
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.line.lanes import LOST
from publicmeeting.domain.mondays import ON, MondayState, SeatState
from publicmeeting.domain.records import (
    OFFERED,
    PAPER,
    PAPER_UNTIL,
    PRESSED_AT,
    STAND_IN,
    Event,
    Request,
    Seat,
)
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import GivenUp, Kind, MeetingOutcome, RecordedBy
from publicmeeting.turns.log import Entry, instant, moment
from publicmeeting.usecases.lifecycle.effects.costs import (
    Cost,
    cost_of_giving_up,
    is_open_offer,
    silence_costs,
    taken_by,
    weeks_taken,
)
from publicmeeting.usecases.lifecycle.effects.entries import (
    EventHandler,
    attendance,
    clear_debt,
    forget_attendance,
    jalali_monday,
    log_ticket,
    note_attendance,
    officer_mark,
    place_of,
    reset_waited,
    seat_of,
)
from publicmeeting.usecases.pressed_again import append_or_take, is_alone

_PRESENT_AT = "present_at"
"""Payload key of a no-show: the instant since when she was present, if she was."""

_UNDOING: Mapping[Action, Kind] = {
    Action.UNDO_ARRIVAL: Kind.ARRIVAL_UNDONE,
    Action.UNDO_NO_SHOW: Kind.NO_SHOW_UNDONE,
}


def losses_by_no_show(uow: UnitOfWork, request: Request) -> dict[str, object]:
    """Return what a no-show takes: her weeks and counts, and since when she was present.

    The weeks come back if she comes late. The rest comes back only when reception takes the no-show
    back at once. A seat given at the door loses nothing.
    """
    if request.seat is None:
        return {LOST: 0}
    came = attendance(uow, request.district, request.seat.monday).get(request.ticket)
    presence: dict[str, object] = {_PRESENT_AT: came.isoformat()} if came else {}
    if request.seat.why == STAND_IN:
        return {LOST: 0, **presence}
    given_up, unanswered = uow.requests.counts(request)
    counts = {"debt": request.debt, "given_up": given_up, "unanswered": unanswered}
    counted = {name: count for name, count in counts.items() if count}
    return {LOST: request.waited, **counted, **presence}


def log_arrival_undone(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Log that an arrival was a mistake and she has not come; the old entry and receipt stay."""
    _log_slip(uow, request, seat_of(request), event, now)


def undo_missed_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Take a no-show back: the seat and everything that it took are hers again.

    Denied("seat_taken") if somebody else has been given the seat, and Denied("slip_moved") if the
    day is no longer on.
    """
    seat = uow.seats.restore(request.id, now)
    absent = request.last(Action.NO_SHOW)
    assert seat is not None, "a no-show without a seat"
    assert absent is not None, "the guard has looked"
    day = uow.city.monday(request.district, seat.monday)
    if day is None or day.state not in ON:
        raise Denied("slip_moved")
    _log_slip(uow, request, seat, event, now)
    came = absent.payload.get(_PRESENT_AT)
    if came:
        at = datetime.fromisoformat(str(came))
        note_attendance(uow, request.district, seat.monday, request.ticket, at)
    if seat.why == STAND_IN:
        return
    given_up, unanswered = uow.requests.counts(request)
    uow.requests.line(
        request,
        waited=request.waited + weeks_taken(absent),
        debt=max(request.debt, taken_by(absent, "debt")),
        given_up=given_up + taken_by(absent, "given_up"),
        unanswered=unanswered + taken_by(absent, "unanswered"),
        missed=request.missed - 1,
    )


def _log_slip(uow: UnitOfWork, request: Request, seat: Seat, event: Event, now: datetime) -> None:
    kind = _UNDOING[Action(event.action)]
    place = place_of(request, seat)
    slip = uow.line_book.slip(str(place["draw"]), request.ticket)
    assert slip, "a slip the log does not know"
    officer = officer_mark(uow, event, request, now)
    log_ticket(uow, request, kind, now, **place, officer=officer, because=[slip])


# The record of a meeting in the public log: who held it, its hours and its outcome. It names the
# ticket only and follows the `met` entry (docs/turns.md 1). Hours from paper, or from a tablet
# without network, are marked as such, because the entries around them cannot confirm them.


def record_meeting(
    uow: UnitOfWork, request: Request, seat: Seat, finished: Event, met: Entry
) -> None:
    """Log the record of the meeting that `finished` has just ended; `met` is its entry."""
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
    # She must have come, the day must have begun and earlier meetings must be over. An entry that
    # waited for others bears their time, not its own.
    free = uow.line_book.room_free_at(draw_id(request.district, seat.monday), request.ticket)
    return RecordedBy.LIVE, max(called.at, *free), at


BECAUSE = "because"
"""Payload key of the clock's events: the number of the log entry that is the cause."""


def leave_seat(uow: UnitOfWork, request: Request, now: datetime, *, freed_by: int) -> None:
    """Free the seat that she held, or was offered, by the entry that took her out of the line."""
    if request.seat:
        state = SeatState.REFUSED if is_open_offer(request) else SeatState.RELEASED
        uow.seats.end(request.id, state, uow.log.dated(now), freed_by=freed_by)


def log_confirmation(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    seat = seat_of(request)
    kind = Kind.OFFER_ACCEPTED if seat.why == OFFERED else Kind.SEAT_CONFIRMED
    log_ticket(uow, request, kind, now, **place_of(request, seat))


def give_up_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Give the seat up; refusing a standby offer costs nothing.

    Denied("version_conflict") if she pressed before the instant until which her weeks are kept, but
    the log dates the step after it. Every auditor would then take more from her than was shown
    above her button.
    """
    cost = cost_of_giving_up(uow, request, now)
    if cost.of_an_offer:
        _end(uow, request, SeatState.REFUSED, Kind.OFFER_REFUSED, now)
        return
    _end(
        uow,
        request,
        SeatState.RELEASED,
        Kind.SEAT_GIVEN_UP,
        now,
        why=GivenUp.CITIZEN.value,
        until="",
    )
    logged_at = uow.log.dated(now)
    if logged_at > now and cost != cost_of_giving_up(uow, request, logged_at):
        raise Denied("version_conflict")
    take_cost(uow, request, cost)


def take_cost(uow: UnitOfWork, request: Request, cost: Cost) -> None:
    """Take what a seat that is given up, or counts as given up, costs her."""
    if cost.at_the_door or cost.of_an_offer or cost.needs_no_answer:
        return
    if cost.owed:
        uow.requests.line(request, debt=1)
    uow.requests.line(request, given_up=uow.requests.counts(request)[0] + 1)
    if cost.debt:
        clear_debt(uow, request)
    if cost.weeks:
        reset_waited(uow, request)


def release_moved_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Free the seat of a citizen who moves once: her weeks stay, and nothing counts as given up.

    The same entry leaves out the Mondays before the one she names.
    """
    moved = {"why": GivenUp.MOVED.value, "until": jalali_monday(event)}
    _end(uow, request, SeatState.RELEASED, Kind.SEAT_GIVEN_UP, now, **moved)


def lapse_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """End a seat that was not answered in time; an unanswered standby offer costs nothing."""
    if seat_of(request).why == OFFERED:
        _end(uow, request, SeatState.LAPSED, Kind.OFFER_UNANSWERED, now)
        return
    is_second = silence_costs(uow, request)
    _end(uow, request, SeatState.LAPSED, Kind.SEAT_LAPSED, now)
    uow.requests.line(request, unanswered=uow.requests.counts(request)[1] + 1)
    clear_debt(uow, request)
    if is_second:
        reset_waited(uow, request)


def end_missed_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """End a missed seat: weeks and debt are reset. A seat given at the door costs only itself."""
    seat = seat_of(request)
    _end(
        uow,
        request,
        SeatState.MISSED,
        Kind.NO_SHOW,
        now,
        officer=officer_mark(uow, event, request, now),
    )
    forget_attendance(uow, request.district, seat.monday, request.ticket)
    if seat.why == STAND_IN:
        return
    uow.requests.line(request, missed=request.missed + 1)
    clear_debt(uow, request)
    reset_waited(uow, request)


def restore_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Give the seat back after a no-show on the same day, with her weeks; she goes in last.

    Denied("seat_taken") if a standby who was present has been given the seat.
    """
    seat = uow.seats.restore(request.id, now)
    absent = request.last(Action.NO_SHOW)
    assert seat is not None, "a no-show without a seat"
    assert absent is not None, "late without a no-show"
    place = place_of(request, seat)
    missed = uow.line_book.freed_by(str(place["draw"]), seat.time)
    assert missed, "a no-show the log does not know"
    log_ticket(
        uow,
        request,
        Kind.CAME_LATE,
        now,
        **place,
        officer=officer_mark(uow, event, request, now),
        because=[missed],
    )
    if seat.why != STAND_IN:
        waited, missed_before = request.waited + weeks_taken(absent), request.missed - 1
        uow.requests.line(request, waited=waited, missed=missed_before)


def log_arrival(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Log that she has come to her seat.

    Denied("no_seat") if the log knows of none: a row alone seats nobody.
    """
    draw = draw_id(request.district, seat_of(request).monday)
    if not uow.line_book.has_seat(draw, request.ticket):
        raise Denied("no_seat", stage=request.stage.value)
    officer = officer_mark(uow, event, request, now)
    place = place_of(request, seat_of(request))
    log_ticket(uow, request, Kind.ARRIVAL, now, **place, officer=officer)


def log_present(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Log that she is in the hall, by her own use of the hall's code or by reception."""
    by = "citizen" if event.role is Role.CITIZEN else "reception"
    monday = tehran_day(now)
    draw = draw_id(request.district, monday)
    entry = log_ticket(uow, request, Kind.PRESENT, now, draw=draw, by=by)
    note_attendance(uow, request.district, monday, request.ticket, instant(entry.at))


def log_skip(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Log the reason of a call that passed over an earlier visitor, for the public counts."""
    if event.payload.get("skip"):
        draw = draw_id(request.district, seat_of(request).monday)
        officer = officer_mark(uow, event, request, now)
        reason = SkipReason(str(event.payload["skip"])).in_public
        log_ticket(uow, request, Kind.SKIP, now, draw=draw, reason=reason, officer=officer)


def hold_monday(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Mark the Monday as held, and by whom, when its first visitor is called in.

    The caller holds the Monday's lock.
    """
    seat = seat_of(request)
    monday = uow.city.monday(request.district, seat.monday)
    draw = draw_id(request.district, seat.monday)
    if monday and (monday.state is MondayState.OPEN or is_alone(uow, Kind.MONDAY_HELD, draw)):
        by_deputy = event.role is Role.DEPUTY or (
            event.role is Role.RECEPTION and uow.city.held_by_deputy(monday)
        )
        uow.city.set_monday(request.district, seat.monday, state=MondayState.HELD)
        append_or_take(
            uow, Kind.MONDAY_HELD, {"draw": draw, "by": "deputy" if by_deputy else "mayor"}, now
        )


def end_used_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """End the seat of a citizen who was received, and record the meeting.

    If nobody recorded the meeting's end on that day, the clock ends it without a record, because
    its length is unknown.
    """
    seat = seat_of(request)
    met = _end(uow, request, SeatState.USED, Kind.MET, now)
    if event.role is not Role.CLOCK:
        record_meeting(uow, request, seat, event, met)
    clear_debt(uow, request)


def owe_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Owe her a seat at the next draw, because the city did not receive her (docs/turns.md 1)."""
    place = place_of(request, seat_of(request))
    draw = str(place["draw"])
    causes = {int(str(event.payload[BECAUSE]))}
    if event.action is Action.DAY_OVER:
        arrived = uow.line_book.came_by(draw, request.ticket)
        assert arrived, "here without an arrival"
        causes.add(arrived)
    _end(uow, request, SeatState.CANCELLED, Kind.NOT_RECEIVED, now, because=sorted(causes))
    uow.requests.line(request, debt=1)


def end_uncalled_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """End the seat of a citizen who never came to reception, when the day is over.

    Her weeks stay, and staying away uncalled earns nothing. A citizen who was in the hall with a
    seat of the draw gets one more week.
    """
    seat = seat_of(request)
    _end(uow, request, SeatState.NOT_CALLED, Kind.NOT_CALLED, now, because=[event.payload[BECAUSE]])
    came = attendance(uow, request.district, seat.monday)
    draw = uow.draws.get(request.district, seat.monday)
    if request.ticket in came and draw is not None and request.ticket in draw.seated:
        uow.requests.line(request, waited=request.waited + 1)


def _end(
    uow: UnitOfWork, request: Request, state: SeatState, kind: Kind, now: datetime, **body: object
) -> Entry:
    """End her seat by a log entry and date it as the log does: quarter hours count from there."""
    entry = log_ticket(uow, request, kind, now, **place_of(request, seat_of(request)), **body)
    uow.seats.end(request.id, state, uow.log.dated(now), freed_by=entry.seq)
    return entry


SEAT_HANDLERS: dict[Action, tuple[EventHandler, ...]] = {
    Action.CONFIRM: (log_confirmation,),
    Action.GIVE_UP_SEAT: (give_up_seat,),
    Action.LAPSE_SEAT: (lapse_seat,),
    Action.MOVE_ONCE: (release_moved_seat,),
    Action.CANCEL_MONDAY: (owe_seat,),
    Action.DAY_OVER: (owe_seat,),
    Action.NOT_CALLED: (end_uncalled_seat,),
    Action.PRESENT: (log_present,),
    Action.ARRIVE: (log_arrival,),
    Action.REACH: (log_arrival,),
    Action.UNDO_ARRIVAL: (log_arrival_undone,),
    Action.NO_SHOW: (end_missed_seat,),
    Action.UNDO_NO_SHOW: (undo_missed_seat,),
    Action.COME_LATE: (restore_seat,),
    # She has not come late, so the no-show takes again what that arrival had given back.
    Action.UNDO_LATE: (end_missed_seat,),
    Action.CALL_IN: (log_skip, hold_monday),
    Action.FINISH: (end_used_seat,),
    Action.FINISH_REFUSED: (end_used_seat,),
}
