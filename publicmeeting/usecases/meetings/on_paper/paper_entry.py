"""A Monday on paper: the printed list, and entries from it on the same day and on the days after.

With the list a day goes on without network or power.

On the same Monday each entry is a step of its row, at the instant of entering and by its author,
and stores the hour on the paper. No absence is entered from paper: a citizen who is not entered
keeps her weeks (`not_called`), so that no official can invent a no-show.

From the next day until Thursday the mayor, or the deputy who held the day, records meetings. By
then the log has ended the day: nobody can arrive any more, and a citizen who was not entered waits
again, perhaps with a seat that the city owes her. The later record takes nothing from her. Her page
shows it, and only she ends her waiting by confirming it (`SAY_MET`), which she may deny like any
leaving. A standby seated on paper without a drawn seat is recorded the same way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.paper import is_confirmed, is_paper_open
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.history import NOTED_ON, note_of
from publicmeeting.domain.mondays import NOT_RECEIVED
from publicmeeting.domain.records import PAPER, PAPER_UNTIL, Monday, Request
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.digits import without_marks
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.alone import readable_requests
from publicmeeting.usecases.base import Command, FormValidator, Nothing, checked_note, usecase
from publicmeeting.usecases.estimate import ENDS, visitor_number
from publicmeeting.usecases.lifecycle.case_access import district_named, district_of
from publicmeeting.usecases.lifecycle.payloads import (
    StepInput,
    TakeStep,
    match_identity,
    payload_for,
)
from publicmeeting.usecases.lifecycle.steps import record_with_effects
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.meetings.agenda import ADay, DayBoard, day_of, holds, open_monday
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


# The hours of a meeting as read from a paper.

TYPED_MOST = 40
_HOUR = re.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])")


def paper_hour(typed: str, day: Monday, now: datetime) -> str:
    """Return an hour such as «۹:۰۵» as `09:05`; Invalid `paper_time` or `paper_time_ahead`."""
    text = without_marks(typed[:TYPED_MOST]).replace(".", ":")
    found = _HOUR.fullmatch(text)
    if found is None:
        raise Invalid("paper_time")
    hour = f"{int(found[1]):02d}:{found[2]}"
    if at_tehran(day.on, hour) > now:
        raise Invalid("paper_time_ahead")
    return hour


def paper_hours(
    form: FormValidator, typed: tuple[str, str], day: Monday, now: datetime
) -> tuple[str | None, str | None]:
    """Return begin and end from the fields `begun` and `ended`; None for one the form refuses.

    The form also refuses an end that is not after the begin (`paper_times`).
    """
    begun, ended = (
        form.field(name, lambda text: paper_hour(text, day, now), text)
        for name, text in zip(("begun", "ended"), typed, strict=True)
    )
    if begun and ended and begun >= ended:
        form.refuse("ended", "paper_times")
    return begun, ended


ROWS_MOST = 60


class EnterArrivals(Command):
    """Rows of tracking code, hour of coming, card number; one without hour and card is skipped."""

    rows: tuple[tuple[str, str, str], ...] = ()


class EnterMeeting(Command):
    """A meeting held on paper; `begun` and `ended` are hours, `skip` is as for a call."""

    code: str
    begun: str = ""
    ended: str = ""
    skip: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """How many arrivals were recorded."""

    count: int


@usecase(Role.RECEPTION)
def enter_arrivals(uow: UnitOfWork, actor: Actor, command: EnterArrivals, now: datetime) -> Entered:
    """Record all arrivals or none; FormError with `time-CODE` and `card-CODE` for wrong rows.

    Keys: `paper_time`, `paper_time_ahead`, `identity_mismatch`, a guard's. Denied `not_that_day` on
    any other day, `nothing_on_paper` without a row, `form_broken` for too many.
    """
    if len(command.rows) > ROWS_MOST:
        raise Denied("form_broken")
    day = _today(uow, actor, now, Role.RECEPTION)
    uow.requests.hold(ids=uow.seats.held(day.district, day.on).values())
    form, count = FormValidator(), 0
    for code, time, card in command.rows:
        if time.strip() or card.strip():
            _arrive(uow, actor, day, form, (code, time, card), now)
            count += 1
    form.done()
    if not count:
        raise Denied("nothing_on_paper")
    return Entered(count)


@usecase(*MEETING)
def enter_meeting(uow: UnitOfWork, actor: Actor, command: EnterMeeting, now: datetime) -> Request:
    """Record that she was received, by the paper; the outcome follows as for every meeting.

    Invalid `paper_time`, `paper_time_ahead`, `paper_times` with their fields; Denied as a call into
    the room (`need_skip`, `room_taken`, `stage_moved`), `not_that_day`.
    """
    day = _today(uow, actor, now, *MEETING)
    form = FormValidator()
    begun, ended = paper_hours(form, (command.begun, command.ended), day, now)
    form.done()
    assert begun is not None
    assert ended is not None
    # Lock as for a call into the room: who is inside, and whether the day goes on.
    uow.advisory_lock(f"room/{day.district}")
    uow.witnesses.lock(day.on)
    request = _request_of_day(uow, actor, day, command.code)
    taken = TakeStep(code=request.code, action=Action.CALL_IN.value, skip=command.skip)
    step = STEP_FOR[Action.CALL_IN]
    advance(request, Action.CALL_IN, actor, now)  # refused before the reason is asked
    payload = payload_for(StepInput(uow, request, step, taken, now))
    _record(uow, actor, request, Action.CALL_IN, now, {**payload, PAPER: begun, PAPER_UNTIL: ended})
    return uow.requests.by_id(request.id)


def _arrive(
    uow: UnitOfWork,
    actor: Actor,
    day: Monday,
    form: FormValidator,
    row: tuple[str, str, str],
    now: datetime,
) -> None:
    code, time, card = row
    request = _request_of_day(uow, actor, day, code)
    hour = form.field(f"time-{code}", lambda typed: paper_hour(typed, day, now), time)
    try:
        identity = match_identity(uow, request, card[:TYPED_MOST])
    except Invalid as refusal:
        form.refuse(f"card-{code}", refusal.key, **refusal.facts)
        return
    if hour is None:
        return
    if _is_written(request, actor, hour, now):
        return
    payload = {Need.IDENTITY.value: identity, PAPER: hour}
    try:
        _record(uow, actor, request, Action.ARRIVE, now, payload)
    except Denied as refusal:
        form.refuse(f"time-{code}", refusal.key, **refusal.facts)


def _is_written(request: Request, actor: Actor, hour: str, now: datetime) -> bool:
    """Return whether this officer has entered the same row: the sheet was saved twice."""
    came = request.last(Action.ARRIVE)
    return (
        came is not None
        and came.account_id == actor.account_id
        and tehran_day(came.at) == tehran_day(now)
        and came.payload.get(PAPER) == hour
    )


def _record(
    uow: UnitOfWork,
    actor: Actor,
    request: Request,
    action: Action,
    now: datetime,
    payload: Mapping[str, object],
) -> None:
    event = advance(request, action, actor, now, payload)
    record_with_effects(uow, request, event, now)


def _today(uow: UnitOfWork, actor: Actor, now: datetime, *roles: Role) -> Monday:
    day = day_of(uow, actor, ADay(), now, *roles)
    if day.on != tehran_day(now) or day.has_ended:
        raise Denied("not_that_day")
    return day


def _request_of_day(uow: UnitOfWork, actor: Actor, day: Monday, code: str) -> Request:
    """Return the request; Denied("not_found") without a seat on this day."""
    request = uow.requests.get_visible(code, actor)
    if request.district != day.district or not request.seat or request.seat.monday != day.on:
        raise Denied("not_found")
    return request


class NotePaper(Command):
    """A meeting recorded on paper only; `note` is what was promised or explained."""

    code: str
    begun: str = ""
    ended: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A citizen of that Monday whom no entry of the day shows as met.

    Identified by number and time of her seat, or by her place as standby; the other is 0.
    """

    code: str
    number: int
    time: str
    place: int


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A recorded meeting, and whether she has confirmed it."""

    code: str
    begun: str
    ended: str
    at: datetime
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class PaperLeft:
    """The Monday that can still be recorded, and who is left of it."""

    monday: Monday
    left: tuple[LeftOut, ...]
    """Includes as many standbys as the paper list names."""
    more: int
    """How many more standbys there are; each is recorded by her code."""
    noted: tuple[PaperNote, ...]
    now: datetime


@usecase(*MEETING)
def paper_left(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> PaperLeft | None:
    """Return what can still be recorded, without names, because she has no seat now.

    None from Friday on, if that Monday had no seats, and for a deputy who did not hold it.
    """
    day = _monday(uow, actor, now)
    if day is None or not holds(actor, day):
        return None
    left, noted = [], []
    whole = _of_the_day(uow, day)
    written = uow.seats.noted_requests(day.district, day.on)
    listed = {key for key, *_ in [one for one in whole if one[3]][:STANDBYS_PRINTED]}
    places = [one for one in whole if not one[3] or one[0] in listed | written]
    requests = {one.id: one for one in readable_requests(uow, [key for key, *_ in places])}
    for key, number, time, place in places:
        request = requests.get(key)
        if request is None:
            continue
        event = note_of(request, day.on)
        if event is not None:
            begun, ended = (str(event.payload[key]) for key in (PAPER, PAPER_UNTIL))
            has_confirmed = is_confirmed(request, event)
            noted.append(PaperNote(request.code, begun, ended, event.at, has_confirmed))
        elif why_not(_of(request, day), STEP_FOR[Action.NOTE_PAPER], actor, now) is None:
            left.append(LeftOut(request.code, number, time, place))
    return PaperLeft(day, tuple(left), len(whole) - len(places), tuple(noted), now)


@usecase(*MEETING)
def note_paper(uow: UnitOfWork, actor: Actor, command: NotePaper, now: datetime) -> Request:
    """Record that she was met on paper, for her to confirm; nothing of hers changes.

    Raises FormError with `begun`, `ended`, `note`; Denied `paper_late` from Friday on; `not_found`
    for a citizen without a part in that Monday; `not_your_day` for a deputy who did not hold it; a
    guard's key (`paper_noted`); `stage_moved`.
    """
    uow.requests.lock(command.code)
    request = uow.requests.get_visible(command.code, actor)
    day = _monday(uow, actor, now, request.district)
    if day is None:
        raise Denied("paper_late")
    if not holds(actor, day):
        raise Denied("not_your_day")
    if request.id not in {key for key, *_ in _of_the_day(uow, day)}:
        raise Denied("not_found")
    form = FormValidator()
    begun, ended = paper_hours(form, (command.begun, command.ended), day, now)
    note = form.field("note", _promised, command.note)
    form.done()
    payload = {PAPER: begun, PAPER_UNTIL: ended, NOTED_ON: day.on.isoformat()}
    event = advance(_of(request, day), Action.NOTE_PAPER, actor, now, payload, note=note or "")
    uow.requests.record(request, event)
    return uow.requests.by_id(request.id)


def _of(request: Request, day: Monday) -> Request:
    """Return her case as of that day: its seat is gone, and she may have another by now."""
    return replace(request, day_held_by=day.held_by)


def _promised(typed: str) -> str:
    note = checked_note(typed)
    if not note:
        raise Invalid("need_note", field="note")
    return note


def _monday(uow: UnitOfWork, actor: Actor, now: datetime, district: int = 0) -> Monday | None:
    today = tehran_day(now)
    last: date = today - timedelta(days=today.weekday())
    day = uow.city.monday(district_of(actor, district, *MEETING), last)
    return day if day is not None and day.seats and is_paper_open(last, today) else None


def _of_the_day(uow: UnitOfWork, day: Monday) -> list[tuple[str, int, str, int]]:
    """Return request id with number and time of a lost seat, or with the place as standby.

    Standbys may be hundreds, so none of the requests is loaded here.
    """
    seats = [
        (seat.request_id, visitor_number(day, seat.time), seat.time, 0)
        for seat in uow.seats.assigned(day.district, day.on)
        if seat.state in NOT_RECEIVED
    ]
    known = {key for key, *_ in seats}
    waiting = [
        (key, 0, "", place)
        for key, place in drawn_places(uow, day.district, day.on)
        if key not in known
    ]
    return [*seats, *waiting]
