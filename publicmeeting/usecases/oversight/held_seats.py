"""Check that the rows of Mondays, seats, draws and questions to judges say what log and events say.

They find and count; who has a seat, or what was judged, is in the log and in the events of a case.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from publicmeeting.domain.choices import CLOSURES, ClosureReason
from publicmeeting.domain.line.lanes import CONTEST
from publicmeeting.domain.mondays import LET_GO, MondayState, SeatState
from publicmeeting.domain.records import is_drawn
from publicmeeting.domain.stages import SEATING, Action, Need
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.line.logged_days import states_of
from publicmeeting.store.oversight.inspection import Allocation, CaseState
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine import tables
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.machine.state import Draw as LoggedDraw
from publicmeeting.usecases.oversight.findings import Finding, content_of

_LOGGED = tables.SeatState
_LANE = "0"
"""The number of a question about a lane, which is no contest."""
_NEVER: tuple[object, ...] = (None, None, None, None)
"""What a forged step decides that no step has asked."""
HELD = frozenset({_LOGGED.GIVEN, _LOGGED.OFFERED, _LOGGED.CONFIRMED, _LOGGED.ARRIVED})
_HAS: Mapping[SeatState, frozenset[_LOGGED]] = {
    SeatState.HELD: HELD,
    SeatState.USED: frozenset({_LOGGED.MET}),
}
_OF_QUESTIONS = (
    Action.SUBMIT,
    Action.REDIRECT,
    Action.ASK_LANE,
    Action.CONTEST_NO_SHOW,
    Action.PICK_JUDGES,
    Action.PICK_CONTEST,
    Action.DECIDE_LANE,
    Action.DECIDE_NO_SHOW,
)
_ENDED = {
    **dict.fromkeys((Kind.OFFERED, Kind.STOOD_IN, Kind.TAKEN_FREE)),
    Kind.SEAT_GIVEN_UP: SeatState.RELEASED,
    Kind.OFFER_REFUSED: SeatState.REFUSED,
    **dict.fromkeys((Kind.SEAT_LAPSED, Kind.OFFER_UNANSWERED), SeatState.LAPSED),
    Kind.NO_SHOW: SeatState.MISSED,
    Kind.NO_SHOW_UNDONE: None,
    Kind.CAME_LATE: None,
    Kind.NOT_CALLED: SeatState.NOT_CALLED,
    Kind.NOT_RECEIVED: SeatState.CANCELLED,
}
"""Entry of a seat → how its row then ended, of those that figures and her way back depend on."""
_COUNTED = frozenset({SeatState.MISSED, SeatState.NOT_CALLED, SeatState.CANCELLED})
"""States that only such an entry, or the end of a Monday, brings about."""


def seats_follow(uow: UnitOfWork, rows: Sequence[CaseState], book: Book) -> Iterator[Finding]:
    """Check that rows and log name the same holder and the same visitor of each seat."""
    tickets = {row.id: row.ticket for row in rows}
    seats = uow.inspection.seats()
    for state, logged in _HAS.items():
        by_rows = {
            (seat.district, seat.monday, seat.time): tickets.get(seat.request_id, "")
            for seat in seats
            if seat.state is state
        }
        by_log = {
            (draw.district, draw.monday, seat.time): seat.holder
            for draw in book.draws.values()
            for seat in draw.held.values()
            if seat.state in logged
        }
        for place in sorted({*by_rows} | {*by_log}):
            one, other = by_rows.get(place, ""), by_log.get(place, "")
            if one != other:
                what = f"is {state} by {one[:8] or 'nobody'}, by the log by {other[:8] or 'nobody'}"
                yield Finding(_named(*place), what)
    yield from _ended(uow, seats, tickets, book)


def _ended(
    uow: UnitOfWork, seats: Sequence[Allocation], tickets: Mapping[str, str], book: Book
) -> Iterator[Finding]:
    """Check how the seats ended that the figures of a district count."""
    logged = dict[tuple[str, str, str], SeatState | None]()
    for entry in map(content_of, uow.log.data_of(*_ENDED)):
        if isinstance(body := entry.get("body"), dict):
            place = str(body.get("ticket")), str(body.get("draw")), str(body.get("time"))
            logged[place] = _ENDED[Kind(str(entry["kind"]))]
    closed = {draw.name for draw in book.draws.values() if draw.closed_at is not None}
    newest = {(seat.request_id, seat.monday, seat.time): seat for seat in seats}
    for seat in newest.values():
        if seat.state in _HAS:
            continue
        try:
            name = draw_id(seat.district, seat.monday)
        except ValueError:
            continue  # `mondays_follow` reports it
        ticket = tickets.get(seat.request_id, "")
        names = {ticket, *(book.tickets[ticket].names if ticket in book.tickets else ())}
        found = (logged[key] for one in names if (key := (one, name, seat.time)) in logged)
        wanted = next(found, None)
        is_counted = seat.state in _COUNTED
        is_closed = seat.state is SeatState.CANCELLED and name in closed
        is_same = seat.state is wanted or {seat.state, wanted} <= LET_GO
        if not is_same and (wanted or is_counted) and not is_closed:
            what = f"has ended as {seat.state}, by the log {wanted or 'otherwise'}"
            yield Finding(_named(seat.district, seat.monday, seat.time), what)


def seats_given(uow: UnitOfWork) -> Iterator[Finding]:
    """Check that each seat was given by a step of its case, then, for that reason and so long."""
    ways: dict[tuple[str, str, str], dict[str, object]] = {}
    given: dict[tuple[str, str, str], set[object]] = {}
    for key, event in uow.inspection.happened(*SEATING):
        place = key, str(event.payload.get("monday")), str(event.payload.get("time"))
        ways.setdefault(place, {})[str(event.payload.get("why"))] = event.due_at
        given.setdefault(place, set()).add(event.at)
    seats = uow.inspection.seats()
    for seat in seats:
        place = seat.request_id, seat.monday.isoformat(), seat.time
        where = f"seat {seat.monday} {seat.time} of district {seat.district}"
        of_it = ways.get(place, {})
        if not of_it and seat.state is SeatState.LEFT and is_drawn(seat.why):
            continue  # she left in the instant in which it became hers
        if seat.why not in of_it:
            wanted = " or ".join(sorted(of_it)) or "nothing"
            yield Finding(where, f"was given as {seat.why}, its events say {wanted}")
        elif (until := of_it[seat.why]) and until != seat.answer_by:
            yield Finding(where, f"was hers until {seat.answer_by}, its events say {until}")
        elif seat.assigned_at not in given[place]:
            yield Finding(where, f"was given at {seat.assigned_at}, its events say otherwise")
    known = {(seat.request_id, seat.monday.isoformat(), seat.time) for seat in seats}
    codes = {row.id: row.name for row in uow.inspection.requests()}
    for key, day, time in sorted(ways.keys() - known):
        yield Finding(f"request {codes.get(key, key)}", f"its seat of {day}, {time} is gone")


def _named(district: int, monday: date, time: str) -> str:
    return f"seat {draw_id(district, monday)} {time}"


def questions_follow(uow: UnitOfWork) -> Iterator[Finding]:
    """Check that each question to judges was asked and decided as the events of its case say.

    Its district is the one in which its judges were picked last.
    """
    asked: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    contests, lives_in = dict[str, int](), dict[str, object]()
    for key, event in uow.inspection.happened(*_OF_QUESTIONS):
        verdict = event.payload.get(Need.VERDICT.value)
        where = lives_in.setdefault(key, event.payload.get(Need.DISTRICT.value))
        about = key, str(event.payload.get(CONTEST, _LANE))
        match event.action:
            case Action.REDIRECT:
                lives_in[key] = event.payload.get(Need.DISTRICT.value)
            case Action.ASK_LANE:
                asked.setdefault(about, []).append((where, event.at, None, None))
            case Action.CONTEST_NO_SHOW:
                contests[key] = contests.get(key, 0) + 1
                asked[key, str(contests[key])] = [(where, event.at, None, None)]
            case Action.PICK_JUDGES | Action.PICK_CONTEST:
                found = asked.setdefault(about, [_NEVER])
                found[-1] = (where, *found[-1][1:])
            case Action.DECIDE_LANE | Action.DECIDE_NO_SHOW:
                found = asked.setdefault(about, [_NEVER])
                found[-1] = (*found[-1][:2], event.at, verdict)
    codes = {row.id: row.name for row in uow.inspection.requests()}
    rows = {(key, str(of)): cells for (key, of), cells in uow.inspection.questions().items()}
    for about in sorted({*asked} | {*rows}):
        if sorted(map(str, asked.get(about, ()))) != sorted(map(str, rows.get(about, ()))):
            what = "a question of it to judges was not asked or decided as its events say"
            yield Finding(f"request {codes.get(about[0], about[0])}", what)


_REASONS: Mapping[str, AbstractSet[str]] = {
    "": {""},
    "holiday": {ClosureReason.HOLIDAY},
    "late": {ClosureReason.LATE},
    "closure": set(CLOSURES),
}
"""Why the log says that a day is closed → the reasons that its row may have."""
_MOST = 40
"""Letters of a reason that a finding shows."""


def mondays_follow(uow: UnitOfWork, book: Book, now: datetime) -> Iterator[Finding]:
    """Compare state, end, seats and reason of each Monday with the log and its visitors' events."""
    logged, stated = _logged_reasons(uow), _stated_reasons(uow)
    for (district, on), row in sorted(uow.inspection.mondays().items()):
        try:
            name = draw_id(district, on)
        except ValueError:  # a year that no calendar has
            name = f"{on} of district {district}"
        draw = book.draws.get(name)
        if draw is None:
            yield Finding(f"monday {name}", "the log never opened it")
            continue
        is_early = row.state is MondayState.NO_VISITORS and _is_ahead(draw, now)
        if row.state not in states_of(draw) or is_early:
            yield Finding(f"monday {name}", f"is {row.state}, by the log {draw.monday_state}")
        if row.has_ended and draw.monday_state in tables.ON:
            yield Finding(f"monday {name}", "has ended, by the log it has not")
        elif not row.has_ended and draw.monday_state is tables.MondayState.ENDED:
            yield Finding(f"monday {name}", "has not ended, by the log it has")
        if row.seats != ",".join(draw.seats_opened):
            yield Finding(f"monday {name}", "its seats are not those that the log opened it with")
        wanted = stated.get((district, on)) or _REASONS.get(logged.get(name, ""), set())
        if row.why not in wanted:
            reasons = " or ".join(sorted(wanted)) or "nothing"
            yield Finding(f"monday {name}", f"its reason is {row.why[:_MOST]!r}, not {reasons}")


def _is_ahead(draw: LoggedDraw, now: datetime) -> bool:
    """Whether its day goes on by the log, and its last seat has not begun."""
    if draw.monday_state not in tables.ON or not draw.seats_opened:
        return False
    return now < at_tehran(draw.monday, draw.seats_opened[-1])


def _logged_reasons(uow: UnitOfWork) -> dict[str, str]:
    """Return draw → why its day is closed by the log, "" for one that is not."""
    found = dict[str, str]()
    for entry in map(content_of, uow.log.data_of(Kind.MONDAY_OPENED, Kind.MONDAY_CLOSED)):
        if isinstance(body := entry.get("body"), dict):
            found[str(body.get("draw"))] = str(body.get("why"))
    return found


def _stated_reasons(uow: UnitOfWork) -> dict[tuple[int, date], set[str]]:
    """Return (district, day) → the reasons in the messages to its visitors."""
    districts = {(seat.request_id, seat.monday): seat.district for seat in uow.inspection.seats()}
    found = dict[tuple[int, date], set[str]]()
    for key, event in uow.inspection.happened(Action.CANCEL_MONDAY):
        day = date.fromisoformat(str(event.payload["monday"]))
        if (why := event.payload.get("why")) and (key, day) in districts:
            found.setdefault((districts[key, day], day), set()).add(str(why))
    return found
