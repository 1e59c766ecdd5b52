"""The weekly draw: list on Tuesday noon, second list in the evening, draw on Wednesday.

The second list exists only if an objection was right; the draw runs once the late value stands
(docs/turns.md 2). Each function is one transaction for one district and is idempotent: it leaves a
state alone that has been reached. Only the clock calls them.
"""

from collections.abc import Sequence
from datetime import date, datetime

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.lifecycle.guards import LEAVING, left_by
from publicmeeting.domain.mondays import DrawState, MondayState, SeatState
from publicmeeting.domain.records import Seat, is_stage_changed
from publicmeeting.domain.stages import IN_LINE, Action
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.store.line.draws import Draw, Pending
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.draw_file import DrawFile, drawn_file
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine import tables
from publicmeeting.turns.machine.times import Times
from publicmeeting.turns.pool import Row
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.lifecycle.weeks import (
    UNTIL_THE_DAY_IS_OVER,
    line_closed_at,
    too_late_for,
    week_of,
)
from publicmeeting.usecases.line.ceremony.reveals import logged_week, objections, objections_until
from publicmeeting.usecases.line.displacing import displace_after_draw
from publicmeeting.usecases.line.mondays import cancel_monday, close_line, empty_room, ids_in_room
from publicmeeting.usecases.pressed_again import append_once, is_any_alone


def freeze(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Freeze the pool; the clock accepts what no desk has screened in time.

    The list is made from the log. A request that cannot be accepted because of a fault is still in
    it under its ticket. It stays before the desk, which can no longer turn it away.
    """
    uow.witnesses.lock(monday)
    draw = uow.draws.get(district, monday)
    week = week_of(uow, monday)
    if draw is None or draw.state is not DrawState.OPEN or now < week.freeze_at:
        return
    unscreened = uow.draws.unscreened(district, week.filing_closes_at)
    # Row locks come before the log's lock
    uow.requests.hold(ids=[*ids_in_room(uow, district), *unscreened])
    close_line(uow, monday, now)
    if line_closed_at(uow, monday) is None:
        return
    if too_late_for(week, now):
        _close_late(uow, draw, now)
    empty_room(uow, district, now)
    for request_id in uow.draws.unscreened(district, week.filing_closes_at):
        with alone(uow, f"the taking in of {request_id}"):
            take_in(uow, request_id, now)
    closed, rows, file = uow.line_book.first_list(draw.id)
    log_difference(uow, draw, rows, week.filing_closes_at, now)
    uow.draws.freeze(draw, file, uow.log.dated(now))  # auditors go by the log's time
    append_once(uow, Kind.FREEZE, _frozen_body(file, [closed]), now)


def _frozen_body(file: DrawFile, because: list[int]) -> dict[str, object]:
    return {
        "draw": file["draw"],
        "pool_root": file["pool_root"],
        "rows": len(file["pool"]),
        "file": sha(canonical_json(file)),
        "because": because,
    }


def freeze_again(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Write the second list after the objection hours: the first one plus those missing from it."""
    uow.witnesses.lock(monday)
    draw = uow.draws.get(district, monday)
    until = objections_until(uow, draw) if draw else None
    if draw is None or draw.state is not DrawState.FROZEN or until is None or now < until:
        return
    changes = objections(uow, monday).due.get(district)
    if changes is None:
        return
    file = uow.line_book.second_list(draw.id)
    uow.draws.freeze_again(draw, file)
    uow.log.append(Kind.FREEZE, _frozen_body(file, changes), now)


def is_lost(uow: UnitOfWork, pending: Pending) -> bool:
    """Whether only its row has lost the state that the log has of a draw.

    After a restore an entry may stand in the log alone, and its work was not done: it stays so.
    """
    if not uow.draws.is_behind(pending):
        return False
    logged = uow.line_book.logged(draw_id(pending.district, pending.monday))
    return logged.state is not pending.state and not is_any_alone(uow, logged.entries)


def write_logged(uow: UnitOfWork, district: int, monday: date, _now: datetime) -> None:
    """Write a draw's row as the log has it, and report that somebody has changed it.

    Its seats were given when it was drawn. A row that says less would stop this district.
    """
    uow.witnesses.lock(monday)
    draw = draw_id(district, monday)
    uow.draws.write_logged(district, monday, uow.line_book.logged(draw))
    uow.security.report_forged(f"draw {draw}")


def _close_late(uow: UnitOfWork, draw: Draw, now: datetime) -> None:
    day = uow.city.monday(draw.district, draw.monday)
    if day and day.state is MondayState.OPEN:
        why = ClosureReason.LATE.value
        uow.city.set_monday(draw.district, draw.monday, state=MondayState.CLOSED, why=why)
        uow.log.append(Kind.MONDAY_CLOSED, {"draw": draw.id, "why": why}, now)


def take_in(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """Accept a request that nobody screened in time.

    Late screening is the city's fault: a request in a list can no longer be declined.
    """
    clock_takes(uow, uow.clock_requests.by_id(request_id), Action.TAKE_IN, now)


def draw(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Run the draw of one district, once: file, seats, weeks of waiting and log together."""
    uow.witnesses.lock(monday)  # an administrator may close it concurrently
    frozen, week = uow.draws.get(district, monday), logged_week(uow, monday)
    if frozen is None or frozen.state is not DrawState.FROZEN or week is None:
        return
    stands = week.stands
    if stands is None:
        return
    # Use the list that the log makes, whatever the stored file has become.
    fixed = uow.line_book.list_file(frozen.id)
    by_log, closed = uow.line_book.ended_by(frozen.id)
    file = drawn_file(fixed, week.revealed, stands.text("day"), stands.text("value"))
    uow.requests.hold(tickets=[row["ticket"] for row in file["pool"]])
    uow.draws.draw(frozen, file, now)
    body = {
        "draw": frozen.id,
        "seed": file["seed"],
        "seated": len(file["seated"]),
        "standby": len(file["standby"]),
        "file": sha(canonical_json(file)),
        "because": [stands.seq],
    }
    drawn = append_once(uow, Kind.DRAW, body, now)
    uow.draws.add_week(_not_seated(file))
    until = answer_by(week_of(uow, monday), instant(drawn.at))
    for seated in file["seated"]:
        seat = Seat(monday, seated["time"], seated["why"], until)
        _seat(uow, district, seat, seated["ticket"], drawn.seq, now)
    day = uow.city.monday(district, monday)
    if day and by_log is tables.MondayState.CLOSED and closed:
        cancel_monday(uow, district, monday, now, because=closed, why=day.why or "")
    displace_after_draw(uow, district, now)


def answer_by(week: Week, now: datetime) -> datetime:
    """Return until when a seat given now can be confirmed.

    Saturday 20:00. A seat drawn after Saturday noon: Sunday 14:00. A seat drawn on Sunday from
    08:00 on: until the Monday is over, so that the city's lateness costs nobody a seat.
    """
    until = Times(week.monday, week.body).answer_by(now)
    return until or week.standby_until + UNTIL_THE_DAY_IS_OVER


def _not_seated(file: DrawFile) -> list[str]:
    seated = {seat["ticket"] for seat in file["seated"]}
    return [row["ticket"] for row in file["pool"] if row["ticket"] not in seated]


def _seat(
    uow: UnitOfWork, district: int, seat: Seat, ticket: str, drawn: int, now: datetime
) -> None:
    """Give one drawn seat; a seat won by a withdrawn row is freed by the draw itself.

    Her events say whether she has withdrawn, not her row. By the log the seat is hers by now. A
    fault in her case therefore does not pass it on to anybody else.
    """
    found = uow.requests.find_ticket(ticket)
    if found is None:
        return
    request_id, stage = found
    has_left, may_deny = stage not in IN_LINE, False
    with alone(uow, f"the leaving of {request_id}"):
        request = uow.clock_requests.by_id(request_id)
        has_left = request.stage not in IN_LINE and not is_stage_changed(request)
        left = left_by(request.history) if has_left else None
        may_deny = left is not None and left.action in LEAVING
    if has_left and not may_deny:
        return
    with alone(uow, f"the seat of {request_id}"):
        uow.seats.allot(district, request_id, seat, now)
        if has_left:  # it is hers if she denies that
            uow.seats.end(request_id, SeatState.LEFT, now, freed_by=drawn)
    if has_left:
        return
    with alone(uow, f"the seating of {request_id}"):
        request = uow.clock_requests.by_id(request_id)
        payload = {"monday": seat.monday.isoformat(), "time": seat.time, "why": seat.why}
        clock_takes(uow, request, Action.SEAT, now, payload, ends_at=seat.answer_by)


def log_difference(
    uow: UnitOfWork, draw: Draw, rows: Sequence[Row], filed_before: datetime, now: datetime
) -> None:
    """Log `books_differ` with a published report if the tables differ from a list being fixed.

    `rows` are the rows of that list as the log makes them.
    """
    by_log = {row.ticket: row.text for row in rows}
    pool = uow.draws.pool(draw.district, draw.monday, filed_before)
    by_tables = {ticket: text for _, ticket, text in pool}
    if by_log == by_tables:
        return
    tickets = sorted({*by_log} | {*by_tables})
    differing = [
        {"log": by_log.get(ticket, ""), "tables": by_tables.get(ticket, ""), "ticket": ticket}
        for ticket in tickets
        if by_log.get(ticket) != by_tables.get(ticket)
    ]
    report = uow.log_reports.put(canonical_json({"draw": draw.id, "rows": differing}))
    uow.log.append(Kind.BOOKS_DIFFER, {"draw": draw.id, "report": report}, now)
