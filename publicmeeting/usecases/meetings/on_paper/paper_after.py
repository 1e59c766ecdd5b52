"""Meetings on paper, recorded on the days after their Monday, until Thursday.

The mayor, or the deputy who held the day, records them. By then the log has ended the day: nobody
can arrive any more, and a citizen who was not entered waits again, perhaps with a seat that the
city owes her. The later record takes nothing from her. Her page shows it, and only she ends her
waiting by confirming it (`SAY_MET`), which she may deny like any leaving. A standby seated on paper
without a drawn seat is recorded the same way.
"""

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
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, FormValidator, Nothing, usecase
from publicmeeting.usecases.estimate import visitor_number
from publicmeeting.usecases.lifecycle.case_access import district_of
from publicmeeting.usecases.meetings.in_hall.standby import drawn_places
from publicmeeting.usecases.meetings.on_paper.paper import STANDBYS_PRINTED
from publicmeeting.usecases.meetings.on_paper.paper_entry import paper_hours
from publicmeeting.usecases.orders.order_checks import checked_note


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
    if day is None or not _held(actor, day):
        return None
    left, noted = [], []
    whole = _of_the_day(uow, day)
    written = uow.seats.noted_requests(day.district, day.on)
    listed = {key for key, *_ in [one for one in whole if one[3]][:STANDBYS_PRINTED]}
    places = [one for one in whole if not one[3] or one[0] in listed | written]
    requests = uow.requests.by_ids([key for key, *_ in places])
    for request, (_, number, time, place) in zip(requests, places, strict=True):
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
    if not _held(actor, day):
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


def _held(actor: Actor, day: Monday) -> bool:
    is_mayor = day.district in actor.districts(Role.MAYOR)
    return is_mayor or (day.held_by is not None and day.held_by == actor.account_id)


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
        (key, visitor_number(day, time), time, 0)
        for time, key, _, state in uow.seats.assigned(day.district, day.on)
        if state in NOT_RECEIVED
    ]
    known = {key for key, *_ in seats}
    waiting = [
        (key, 0, "", place)
        for key, place in drawn_places(uow, day.district, day.on)
        if key not in known
    ]
    return [*seats, *waiting]
