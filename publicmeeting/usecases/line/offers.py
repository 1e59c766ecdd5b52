"""Seats given up go to the drawn standbys in order; what they all leave is free (docs/turns.md 2).

The clock offers one seat to one person at a time: to the standbys, then to everybody who wants one.
A citizen may take a seat that nobody in front of her wants. On the day the clock gives free seats
to standbys who are present (`meetings/in_hall/standby.py`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.mondays import ON, DrawState, MondayState, SeatState
from publicmeeting.domain.records import OFFERED, Monday, Request, Seat
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import SEATING, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.base import Command, OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request_to_change
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.lifecycle.weeks import week_of

FREE = "free"


def standby_asked_key(district: int, monday: date) -> str:
    """Return the key of the permanent mark that every standby of a draw has had an offer."""
    return f"asked/{monday}/{district:02d}"


def ask_again(uow: UnitOfWork, district: int, now: datetime) -> None:
    """Remove the marks after somebody came back into the line: she may have to be asked."""
    for _, monday, _ in uow.draws.drawn_since(tehran_day(now), district):
        uow.clockwork.unmark(standby_asked_key(district, monday))


def offers_due(uow: UnitOfWork, now: datetime) -> list[tuple[datetime, int, date]]:
    """Return since when, and where, a free seat waits to be offered to somebody."""
    due: list[tuple[datetime, int, date]] = []
    drawn = uow.draws.drawn_since(tehran_day(now))
    for monday in dict.fromkeys(on for _, on, _ in drawn):
        until = week_of(uow, monday).standby_until
        if now >= until:
            continue
        days = {day.district: day for day in uow.city.mondays(on=monday)}
        marks = uow.clockwork.marks(f"asked/{monday}/")
        taken = uow.seats.held_in(monday)
        for district, on, drawn_at in drawn:
            day = days.get(district)
            held, last_ended = taken.get(district, (0, None))
            waits = day is not None and day.state is MondayState.OPEN and held < len(day.seats)
            if on != monday or not waits:
                continue
            since = min(max(drawn_at, last_ended or drawn_at), now)
            is_asked = standby_asked_key(district, on) in marks
            if not is_asked or _is_wanted(uow, district, on):
                due.append((since, district, on))
    return due


def offer_seats(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Offer each free seat, earliest first, to the next who waits.

    These are the standbys who were not asked, then everybody who wants a free seat. Only seats are
    offered that are free by the log. Raises `Unavailable("log_behind")` if somebody is next by the
    log and her row says that she does not wait: whoever is passed over is so permanently.
    """
    uow.witnesses.lock(monday)  # another process, or a closure at this moment
    draw = uow.draws.get(district, monday)
    day = uow.city.monday(district, monday)
    ends = week_of(uow, monday).offer_ends_at(now)
    if draw is None or draw.state is not DrawState.DRAWN or ends <= now:
        return
    if day is None or day.state not in ON:
        return
    free = uow.line_book.free(draw.id)
    places = [place for place in free_places(uow, draw) if place.time in free]
    uow.requests.hold(ids=list(_next(uow, draw).values())[: len(places)])
    line = uow.line_book.offered_next(draw.id)
    waiting = _next(uow, draw)  # without those who left the line before the lock
    require_rows_of(uow, list(line)[: len(places)], waiting)
    now = uow.log.dated(now)  # an offer runs from its entry; auditors count it so
    ends = week_of(uow, monday).offer_ends_at(now)
    if ends <= now:
        return
    left = iter(waiting.items())
    for seat in places:
        for ticket, request_id in left:
            if seat_from_line(uow, draw, _OFFERED, ticket, request_id, seat, now, ends=ends):
                break
    if not any(line[ticket] for ticket, _ in left):
        uow.clockwork.mark_done(standby_asked_key(district, monday), now)
        uow.publish(f"district:{district}", f"line:{district}")


def require_rows_of(uow: UnitOfWork, line: Collection[str], waiting: Collection[str]) -> None:
    """Require that whoever is next by the log also waits by her row, if she has one."""
    if uow.draws.has_any({*line} - {*waiting}):
        raise Unavailable("log_behind")


def _is_wanted(uow: UnitOfWork, district: int, monday: date) -> bool:
    """Return whether somebody who waits wants a free seat.

    The log says so and no mark, which the owner of the database could delete.
    """
    wanting = uow.line_book.wanting(draw_id(district, monday))
    return bool(wanting) and not uow.draws.waiting(district, monday).keys().isdisjoint(wanting)


def _next(uow: UnitOfWork, draw: Draw) -> dict[str, str]:
    """Map ticket to request id of those next by the log who also wait by their rows, in order."""
    waiting = uow.draws.waiting(draw.district, draw.monday)
    line = uow.line_book.offered_next(draw.id)
    return {ticket: waiting[ticket] for ticket in line if ticket in waiting}


@dataclass(frozen=True, slots=True)
class FromLine:
    """How a free seat goes to who is next: offered before the day, given at once on it."""

    why: str
    action: Action
    kind: Kind


_OFFERED = FromLine(OFFERED, Action.OFFER, Kind.OFFERED)


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
    """Give or offer a seat; return whether she has it by the log.

    The log decides who is next. A faulty case that can take no step gets its seat like any other.
    `ends` is the end of an offer.
    """
    with alone(uow, f"the seat ({how.action.value}) of {request_id}"):
        allotted = Seat(draw.monday, seat.time, how.why, ends or now)
        uow.seats.allot(draw.district, request_id, allotted, now)
        with alone(uow, f"the step ({how.action.value}) of {request_id}"):
            request = uow.clock_requests.by_id(request_id)
            payload = {"monday": draw.monday.isoformat(), "time": seat.time, "why": how.why}
            clock_takes(uow, request, how.action, now, payload, ends_at=ends)
        body: dict[str, object] = {"ticket": ticket, "draw": draw.id, "time": seat.time}
        if ends is not None:
            body["ends"] = moment(ends)
        because = uow.line_book.freed_by(draw.id, seat.time)
        uow.log.append(how.kind, {**body, "because": [because]}, now)
        return True
    return False


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A start time that nobody holds or has used, and since when."""

    time: str
    freed_at: datetime


def free_places(uow: UnitOfWork, draw: Draw) -> list[FreePlace]:
    """Return the free seats of a drawn Monday, in order.

    The draw freed what it gave to nobody, or to a citizen out of the line by then.
    """
    day = uow.city.monday(draw.district, draw.monday)
    if day is None or draw.drawn_at is None:
        return []
    return [FreePlace(time, at or draw.drawn_at) for time, at in _free(uow, day).items()]


def times_free(uow: UnitOfWork, day: Monday) -> list[str]:
    """Return the free start times of a Monday that has been read."""
    return list(_free(uow, day))


def _free(uow: UnitOfWork, day: Monday) -> dict[str, datetime | None]:
    """Return the free start times, in order, and since when the log has them so.

    A row that calls a seat used keeps nobody from it. One that holds it does, as no second one can;
    `doctor` names it.
    """
    assigned = uow.seats.assigned(day.district, day.on)
    held = {seat.time for seat in assigned if seat.state == SeatState.HELD}
    used = {seat.time for seat in assigned if seat.state == SeatState.USED}
    by_rows = [time for time in day.seats if time not in held | used]
    logged = uow.line_book.free_as_read(day.district, day.on, by_rows)
    if logged is None:
        return dict.fromkeys(by_rows)
    return {time: logged[time] for time in day.seats if time in logged and time not in held}


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """Seats of one Monday that may be taken immediately, until when; `times` may be empty.

    While somebody wants a free seat it is empty, because the clock offers them.
    """

    monday: date
    times: tuple[str, ...]
    until: datetime
    is_wanted: bool = False


def free_seats(uow: UnitOfWork, district: int, now: datetime) -> FreeSeats | None:
    """Return the free seats of the Monday whose standbys were all asked, until standby ends.

    None before that.
    """
    found = _day_of_offers(uow, district, now)
    if found is None:
        return None
    day, until = found
    if uow.clockwork.done_at(standby_asked_key(district, day.on)) is None:
        return None
    is_wanted = bool(uow.line_book.wanting(draw_id(district, day.on)))
    return FreeSeats(day.on, () if is_wanted else tuple(times_free(uow, day)), until, is_wanted)


def _day_of_offers(uow: UnitOfWork, district: int, now: datetime) -> tuple[Monday, datetime] | None:
    """Return the drawn Monday of a district that is open, and until when seats are offered."""
    for _, monday, _ in uow.draws.drawn_since(tehran_day(now), district):
        day, until = uow.city.monday(district, monday), week_of(uow, monday).standby_until
        if day and day.state is MondayState.OPEN and now < until:
            return day, until
    return None


def released_times(request: Request, monday: date) -> frozenset[str]:
    """Return start times of a Monday that she has held or been offered and let go.

    She cannot take any of them again.
    """
    return frozenset(
        str(event.payload["time"])
        for event in request.history
        if event.action in SEATING and event.payload.get("monday") == monday.isoformat()
    )


def _marked_out(request: Request, monday: date) -> bool:
    """Return whether she left out this very Monday and has not taken it in again."""
    choices = [
        event.action
        for event in request.history
        if event.action in (Action.EXCLUDE, Action.INCLUDE)
        and event.payload.get("monday") == monday.isoformat()
    ]
    return choices[-1:] == [Action.EXCLUDE]


class TakeFree(Command):
    """A free seat to take; an empty `time` means the earliest that was not hers before."""

    code: str
    time: str = ""


@usecase(Role.CITIZEN)
def take_free(uow: UnitOfWork, actor: Actor, command: TakeFree, now: datetime) -> Request:
    """Take a seat that nobody in front of her wants; it is confirmed immediately. Idempotent.

    Raises Denied `not_free_yet` while standbys are still being asked; `seats_wanted` while somebody
    wants a free seat, because it is offered to them; `seats_gone` if none is left;
    `seat_taken` if somebody else took this one, even at the same moment; `seat_let_go` for a time
    that was hers before; `monday_not_hers` on a Monday that she has left out, because a seat taken
    by mistake is withheld from others; `proof_first` after two missed meetings;
    `person_displaced`.
    """
    request = own_request_to_change(uow, actor, command.code)
    if _has_taken(request, command.time):
        return request
    _refuse_outside(uow, request)
    _lock_drawn(uow, request.district, now)
    free = free_seats(uow, request.district, now)
    if free is None:
        raise Denied("not_free_yet")
    if _marked_out(request, free.monday):
        raise Denied("monday_not_hers")
    if free.is_wanted:
        raise Denied("seats_wanted")
    if not free.times:
        raise Denied("seats_gone")
    released = released_times(request, free.monday)
    time = command.time or next((one for one in free.times if one not in released), free.times[0])
    if time not in free.times:
        raise Denied("seat_taken")
    if time in released:
        raise Denied("seat_let_go")
    draw = draw_id(request.district, free.monday)
    if time not in uow.line_book.free(draw):
        raise Denied("seat_taken")
    payload = {"monday": free.monday.isoformat(), "time": time, "why": FREE}
    event = advance(request, Action.TAKE_FREE, actor, now, payload)
    seat = Seat(free.monday, time, FREE, week_of(uow, free.monday).answer_by)
    uow.seats.allot(request.district, request.id, seat, now)
    uow.requests.record(request, event)
    body: dict[str, object] = {"ticket": request.ticket, "draw": draw, "time": time}
    uow.log.append(Kind.TAKEN_FREE, body, now)
    if uow.log.dated(now) > free.until:
        raise Denied("seats_gone")  # an earlier entry's time counts, as for all auditors
    return uow.requests.by_id(request.id)


@dataclass(frozen=True, slots=True)
class FreeWant:
    """An offer of a seat that may become free: she has asked for it, or else may ask until then."""

    monday: date
    until: datetime
    is_asked: bool


def free_want(uow: UnitOfWork, request: Request, now: datetime) -> FreeWant | None:
    """Return what her page shows of an offer to ask for; None if she neither may nor did."""
    found = _day_of_offers(uow, request.district, now)
    if found is None:
        return None
    day, until = found
    if _wants(request, day.on):
        return FreeWant(day.on, until, is_asked=True)
    is_open = (
        not is_out(request, day.on)
        and not uow.requests.is_outside(request)
        and why_no_want(uow, request, day) is None
    )
    return FreeWant(day.on, until, is_asked=False) if is_open else None


def why_no_want(uow: UnitOfWork, request: Request, day: Monday) -> str | None:
    """Return the key of the refusal to ask for an offer; None if she may."""
    draw = draw_id(request.district, day.on)
    if uow.line_book.is_standby_unasked(draw):
        return "not_free_yet"
    if not uow.line_book.may_want(draw, request.ticket):
        return "wanted_before"
    is_free = bool(times_free(uow, day)) and not uow.line_book.wanting(draw)
    return "seat_is_free" if is_free else None


def _wants(request: Request, monday: date) -> bool:
    """Return whether she has asked for an offer of this Monday and has had none since."""
    newest = next(
        (
            event.action
            for event in reversed(request.history)
            if event.action in (Action.WANT_FREE, Action.OFFER)
            and event.payload.get("monday") == monday.isoformat()
        ),
        None,
    )
    return newest is Action.WANT_FREE


@usecase(Role.CITIZEN)
def want_free(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> Request:
    """Ask for an offer if a seat of the drawn Monday becomes free. Idempotent.

    Raises Denied `not_free_yet` while standbys are still being asked; `want_closed` if no drawn
    Monday is open, and after the end of offers; `seat_is_free` if she can take one at once;
    `wanted_before` if she has had her offer, or has a seat or an offer; `monday_not_hers` on a
    Monday that she has left out; `proof_first` after two missed meetings; `person_displaced`.
    """
    request = own_request_to_change(uow, actor, command.code)
    _refuse_outside(uow, request)
    _lock_drawn(uow, request.district, now)
    found = _day_of_offers(uow, request.district, now)
    if found is None:
        raise Denied("want_closed")
    day, until = found
    if _wants(request, day.on):
        return request
    if is_out(request, day.on):
        raise Denied("monday_not_hers")
    payload = {"monday": day.on.isoformat()}
    event = advance(request, Action.WANT_FREE, actor, now, payload)
    if why := why_no_want(uow, request, day):
        raise Denied(why)
    uow.requests.record(request, event)
    draw = draw_id(request.district, day.on)
    uow.log.append(Kind.FREE_WANTED, {"ticket": request.ticket, "draw": draw}, now)
    if uow.log.dated(now) > until:
        raise Denied("want_closed")  # an earlier entry's time counts, as for all auditors
    uow.publish(f"line:{request.district}")
    return uow.requests.by_id(request.id)


def _refuse_outside(uow: UnitOfWork, request: Request) -> None:
    """Refuse a seat to whoever is in no list, because it would stay empty a third time."""
    if uow.requests.is_outside(request):
        raise Denied("proof_first")


def _lock_drawn(uow: UnitOfWork, district: int, now: datetime) -> None:
    """Lock drawn Mondays before reading what is free: another citizen or a closure may act now."""
    for _, monday, _ in uow.draws.drawn_since(tehran_day(now), district):
        uow.witnesses.lock(monday)


def _has_taken(request: Request, time: str) -> bool:
    """Return whether she holds this seat by taking it, and nothing has happened since."""
    newest = request.history[-1] if request.history else None
    if newest is None or newest.action is not Action.TAKE_FREE or request.seat is None:
        return False
    return time in ("", request.seat.time)
