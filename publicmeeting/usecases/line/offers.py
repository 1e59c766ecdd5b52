"""Seats given up go down the drawn line; what the whole line left is free (docs/turns.md 2).

The clock offers, one seat and one person at a time; a citizen may take what nobody in the line
wanted; on the day the clock gives what is free to standbys who are there (`meetings.standby`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.mondays import ON, TAKEN, DrawState, MondayState
from publicmeeting.domain.records import Monday, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import SEATING, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request_to_change
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.lifecycle.effects.seat_effects import STANDBY
from publicmeeting.usecases.lifecycle.weeks import week_of

FREE = "free"


def standby_asked_key(district: int, monday: date) -> str:
    """The key of the permanent mark that every standby of a draw has had an offer."""
    return f"asked/{monday}/{district:02d}"


def ask_again(uow: UnitOfWork, district: int, now: datetime) -> None:
    """Somebody is back in the line: nobody can say any more that all of a standby were asked."""
    for _, monday, _ in uow.draws.drawn_since(tehran_day(now), district):
        uow.clockwork.unmark(standby_asked_key(district, monday))


def offers_due(uow: UnitOfWork, now: datetime) -> list[tuple[datetime, int, date]]:
    """Since when, and where, a seat waits to be offered to the next in the drawn line."""
    due: list[tuple[datetime, int, date]] = []
    drawn = uow.draws.drawn_since(tehran_day(now))
    for monday in dict.fromkeys(on for _, on, _ in drawn):
        until = week_of(uow, monday).standby_until
        if now >= until:
            continue
        days = {day.district: day for day in uow.city.mondays(on=monday)}
        exhausted = uow.clockwork.marks(f"asked/{monday}/")
        taken = uow.seats.taken(monday)
        for district, on, drawn_at in drawn:
            day = days.get(district)
            held, last_ended = taken.get(district, (0, None))
            waits = day is not None and day.state is MondayState.OPEN and held < len(day.seats)
            since = max(drawn_at, last_ended or drawn_at)
            if (
                on == monday
                and waits
                and standby_asked_key(district, on) not in exhausted
                and since < until
            ):
                due.append((since, district, on))
    return due


def offer_seats(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Offer each free seat, the earliest first, to the next who waits and was not asked yet."""
    uow.witnesses.lock(monday)  # two processes, or a closure at this instant
    draw = uow.draws.get(district, monday)
    day = uow.city.monday(district, monday)
    ends = week_of(uow, monday).offer_ends_at(now)
    if draw is None or draw.state is not DrawState.DRAWN or not _is_on(day) or ends <= now:
        return
    places = free_places(uow, draw)
    uow.requests.hold(ids=list(_unasked(uow, draw).values())[: len(places)])
    unasked = _unasked(uow, draw)  # who has left the line until they were held is no more in it
    now = uow.log.dated(now)  # an offer runs from its entry on, and all auditors count it so
    ends = week_of(uow, monday).offer_ends_at(now)
    if ends <= now:
        return
    left = iter(unasked.items())
    for seat in places:
        for ticket, request_id in left:
            if seat_from_line(uow, draw, _OFFERED, ticket, request_id, seat, now, ends=ends):
                break
    if next(left, None) is None:
        uow.clockwork.mark_done(standby_asked_key(district, monday), now)
        uow.publish(f"district:{district}", f"line:{district}")


def _unasked(uow: UnitOfWork, draw: Draw) -> dict[str, str]:
    """Ticket → request id of those of the drawn line who wait and had no offer, in its order."""
    waiting = uow.draws.waiting(draw.district, draw.monday)
    had_offer = uow.seats.offered(draw.district, draw.monday)
    line = [ticket for ticket in draw.file["standby"] if ticket in waiting]
    return {ticket: waiting[ticket] for ticket in line if waiting[ticket] not in had_offer}


@dataclass(frozen=True, slots=True)
class FromLine:
    """How a free seat goes to the next of the drawn line: offered in the days before, hers at once
    on the day."""

    why: str
    action: Action
    kind: Kind


_OFFERED = FromLine(STANDBY, Action.OFFER, Kind.OFFERED)


def seat_from_line(
    uow: UnitOfWork,
    draw: Draw,
    how: FromLine,
    ticket: str,
    request_id: str,
    seat: "FreePlace",
    now: datetime,
    *,
    ends: datetime | None = None,
) -> bool:
    """Whether she has it by the log, which decides who is next: a case that can take no step any
    more has its seat like all others. `ends` is until when an offer can be answered."""
    with alone(uow, f"the seat ({how.action.value}) of {request_id}"):
        uow.seats.allot(
            district=draw.district,
            monday=draw.monday,
            time=seat.time,
            request_id=request_id,
            why=how.why,
            answer_by=ends or now,
            now=now,
        )
        with alone(uow, f"the step ({how.action.value}) of {request_id}"):
            request = uow.clock_requests.by_id(request_id)
            payload = {"monday": draw.monday.isoformat(), "time": seat.time, "why": how.why}
            clock_takes(uow, request, how.action, now, payload, ends_at=ends)
        body: dict[str, object] = {"ticket": ticket, "draw": draw.id, "time": seat.time}
        if ends is not None:
            body["ends"] = moment(ends)
        uow.log.append(how.kind, {**body, "because": [seat.freed_by]}, now)
        return True
    return False


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A start time nobody holds and nobody has used; by which entry of the log, and since when."""

    time: str
    freed_by: int
    freed_at: datetime


def free_places(uow: UnitOfWork, draw: Draw) -> list[FreePlace]:
    """The free seats of a drawn Monday, in order.

    What the draw gave to nobody, or to one who is out of the line by then, is free by the draw.
    """
    day = uow.city.monday(draw.district, draw.monday)
    drawn = uow.log_index.seq_of(Kind.DRAW, draw.id)
    if day is None or drawn is None or draw.drawn_at is None:
        return []
    freed = uow.seats.freed(draw.district, draw.monday)
    found = []
    for time in times_free(uow, day):
        freed_by, freed_at = freed.get(time, (None, draw.drawn_at))
        found.append(FreePlace(time, freed_by or drawn, freed_at.replace(microsecond=0)))
    return found


def free_times(uow: UnitOfWork, district: int, monday: date) -> list[str]:
    """Start times nobody holds and nobody has used, in order."""
    day = uow.city.monday(district, monday)
    return times_free(uow, day) if day else []


def times_free(uow: UnitOfWork, day: Monday) -> list[str]:
    """The same of a Monday that was read."""
    assigned = uow.seats.assigned(day.district, day.on)
    taken = {time for time, _, _, state in assigned if state in TAKEN}
    return [time for time in day.seats if time not in taken]


def _is_on(day: Monday | None) -> bool:
    return day is not None and day.state in ON


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """What may be taken at once on one Monday, until when; `times` may be empty."""

    monday: date
    times: tuple[str, ...]
    until: datetime


def free_seats(uow: UnitOfWork, district: int, now: datetime) -> FreeSeats | None:
    """The Monday whose whole standby has been asked, until the standby ends; None before."""
    for _, monday, _ in uow.draws.drawn_since(tehran_day(now), district):
        day = uow.city.monday(district, monday)
        is_exhausted = uow.clockwork.done_at(standby_asked_key(district, monday)) is not None
        until = week_of(uow, monday).standby_until
        if is_exhausted and day and day.state is MondayState.OPEN and now < until:
            return FreeSeats(monday, tuple(free_times(uow, district, monday)), until)
    return None


def times_let_go(request: Request, monday: date) -> frozenset[str]:
    """Start times of a Monday that she has held or been offered and let go; none of them is offered
    to her a second time."""
    return frozenset(
        str(event.payload["time"])
        for event in request.history
        if event.action in SEATING and event.payload.get("monday") == monday.isoformat()
    )


def _marked_out(request: Request, monday: date) -> bool:
    """Whether she has excluded this very Monday and not included it again."""
    choices = [
        event.action
        for event in request.history
        if event.action in (Action.EXCLUDE, Action.INCLUDE)
        and event.payload.get("monday") == monday.isoformat()
    ]
    return choices[-1:] == [Action.EXCLUDE]


class TakeFree(Command):
    """`time` empty: the earliest that was not hers before."""

    code: str
    time: str = ""


@usecase(Role.CITIZEN)
def take_free(uow: UnitOfWork, actor: Actor, command: TakeFree, now: datetime) -> Request:
    """Take a seat that the whole drawn line has left, at once confirmed; once more by the same
    person it is done already.

    Raises Denied `not_free_yet` while the line is still being asked, `seats_gone` when none is
    left, `seat_taken` when somebody else took this one, be it at the same moment, and
    `seat_let_go` for one that was hers before; `monday_not_hers` on a Monday she has stated she
    cannot come: a seat taken by mistake is kept from others; `person_displaced`.
    """
    request = own_request_to_change(uow, actor, command.code)
    if _has_taken(request, command.time):
        return request
    _lock_drawn(uow, request.district, now)
    free = free_seats(uow, request.district, now)
    if free is None:
        raise Denied("not_free_yet")
    if _marked_out(request, free.monday):
        raise Denied("monday_not_hers")
    if not free.times:
        raise Denied("seats_gone")
    let_go = times_let_go(request, free.monday)
    time = command.time or next((one for one in free.times if one not in let_go), free.times[0])
    if time not in free.times:
        raise Denied("seat_taken")
    if time in let_go:
        raise Denied("seat_let_go")
    payload = {"monday": free.monday.isoformat(), "time": time, "why": FREE}
    event = advance(request, Action.TAKE_FREE, actor, now, payload)
    uow.seats.allot(
        district=request.district,
        monday=free.monday,
        time=time,
        request_id=request.id,
        why=FREE,
        answer_by=week_of(uow, free.monday).answer_by,
        now=now,
    )
    uow.requests.record(request, event)
    body: dict[str, object] = {
        "ticket": request.ticket,
        "draw": draw_id(request.district, free.monday),
        "time": time,
    }
    uow.log.append(Kind.TAKEN_FREE, body, now)
    if uow.log.dated(now) > free.until:
        raise Denied("seats_gone")  # by the time of whoever wrote before: all auditors go by it
    return uow.requests.by_id(request.id)


def _lock_drawn(uow: UnitOfWork, district: int, now: datetime) -> None:
    """Before what is free is read: another citizen, or a closure, at this instant."""
    for _, monday, _ in uow.draws.drawn_since(tehran_day(now), district):
        uow.witnesses.lock(monday)


def _has_taken(request: Request, time: str) -> bool:
    """She holds this seat because she took it, and nothing has happened to her since."""
    newest = request.history[-1] if request.history else None
    if newest is None or newest.action is not Action.TAKE_FREE or request.seat is None:
        return False
    return time in ("", request.seat.time)
