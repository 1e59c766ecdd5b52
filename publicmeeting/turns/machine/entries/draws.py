"""Handlers of draw entries: commitment, freeze, objection, reveal, closing of reveals, draw."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.turns import formulas
from publicmeeting.turns.draw_file import frozen_file, open_file, run_draw
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind, ObjectionOutcome
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.entries.mondays import is_end_missing
from publicmeeting.turns.machine.entries.tickets import (
    is_lane_missing,
    known,
    leave_offer,
    owed_weeks,
    single_cause,
)
from publicmeeting.turns.machine.entries.undoing import (
    is_displaced,
    note_won,
    seat_back,
    undo_leaving,
)
from publicmeeting.turns.machine.state import (
    Book,
    Draw,
    Entry,
    Pool,
    Seat,
    Ticket,
    Week,
    draw_of,
    is_signed,
    lateness,
    require_party,
    rules_of,
    times_of,
    week_of,
)
from publicmeeting.turns.machine.tables import (
    DRAW,
    DrawState,
    SeatState,
    TicketState,
)
from publicmeeting.turns.machine.times import LEEWAY, Times
from publicmeeting.turns.pool import Row

WRONGED_WITHIN = timedelta(weeks=8)


def commitment(book: Book, entry: Entry) -> Iterator[Found]:
    week, party, word = week_of(book, entry), entry.text("party"), entry.text("commitment")
    require_party(book, week, entry)
    if party in week.commitments or f"{party}:{word}" in book.commitments:
        raise Refused(Break.COMMITMENT_TWICE)
    if any(draw.is_frozen for draw in book.draws_of(week.day)) or (
        party == CITY and week.opened_at is not None and entry.at > week.opened_at + LEEWAY
    ):
        raise Refused(Break.COMMITMENT_LATE)
    if not is_signed(book.origin, entry, rules_of(book, week)):
        raise Refused(Break.SIGNATURE_WRONG)
    week.commitments[party] = word
    book.commitments.add(f"{party}:{word}")
    yield from ()


def freeze(book: Book, entry: Entry) -> Iterator[Found]:
    draw = draw_of(book, entry)
    week = book.weeks[draw.day]
    if draw.state is not DrawState.OPEN:
        yield from _freeze_again(book, entry, draw, week)
        return
    if single_cause(book, entry, Kind.LINE_CLOSED).seq != week.line_closed:
        raise Refused(Break.CAUSE_WRONG)
    due = Times(draw.monday, draw.rules.body).at("freeze")
    if entry.at < due:
        raise Refused(Break.FROZEN_EARLY)
    if entry.at > due + LEEWAY:
        yield Found(Break.LATE, entry.seq, draw=draw.name)
        week.late_by = max(week.late_by, (entry.at - due).total_seconds())
    for other in book.draws_in[draw.district]:
        if is_end_missing(other, entry):
            yield Found(Break.NOT_WRITTEN, entry.seq, draw=other.name)
    for ticket in owed_weeks(book, draw.district, entry.at):
        yield Found(Break.NOT_WRITTEN, entry.seq, draw.name, ticket.name)
    if is_lane_missing(book, entry.at):
        yield Found(Break.NOT_WRITTEN, entry.seq, draw.name)
    yield from _fix(book, entry, draw, week, book.line(draw, week.line_closed))
    draw.first_pool, draw.outside = draw.pool, book.outside(draw)
    draw.state = DrawState.FROZEN


def _freeze_again(book: Book, entry: Entry, draw: Draw, week: Week) -> Iterator[Found]:
    """The second list: the first list plus the tickets whose objection changed it."""
    if (
        draw.state is not DrawState.FROZEN
        or draw.first_pool is None
        or week.revealing
        or not draw.is_second_list_due
    ):
        raise Refused(Break.FROZEN_TWICE)
    if entry.because != draw.changed_by:
        raise Refused(Break.CAUSE_WRONG)
    yield from lateness(entry, book.times(draw, week).moved("objections_until"))
    rows = dict(draw.first_pool.rows)
    rows.update(draw.missing)
    yield from _fix(book, entry, draw, week, rows)


def _fix(book: Book, entry: Entry, draw: Draw, week: Week, rows: dict[str, Row]) -> Iterator[Found]:
    file = listed_file(draw, week, rows)
    root = file["pool_root"]
    draw.pool = Pool(entry.seq, entry.at, rows, root, file)
    draw.is_list_wrong = root != entry.text("pool_root") or len(rows) != entry.body["rows"]
    if draw.is_list_wrong:
        yield from _differing_rows(book.files.get(draw.name), entry, draw, rows)
    elif sha(canonical_json(file)) != entry.text("file"):
        yield Found(Break.FILE_DIFFERS, entry.seq, draw=draw.name)


def listed_file(draw: Draw, week: Week, rows: Mapping[str, Row]) -> dict[str, Any]:
    """Return the file of a draw whose list is fixed with these rows now."""
    opened = open_file(draw.district, draw.monday, draw.rules, draw.seats, week.commitments)
    return frozen_file(opened, rows.values())


_COMPARED = {
    "waited": Break.WAITED_DIFFERS,
    "debt": Break.DEBT_DIFFERS,
    "lane": Break.LANE_DIFFERS,
    "prefers": Break.PREFERS_DIFFERS,
}


def _differing_rows(
    published: Mapping[str, Any] | None, entry: Entry, draw: Draw, rows: Mapping[str, Row]
) -> Iterator[Found]:
    """Yield the differences row by row if the file is available; else report the roots."""
    bodies = published.get("pool") if published else None
    published_rows = {}
    for body in bodies if isinstance(bodies, list) else ():
        try:
            row = Row.from_body(body)
        except ValueError:
            continue
        published_rows[row.ticket] = row
    differing = [
        Found(code, entry.seq, draw.name, name)
        for name in (sorted({*rows} | {*published_rows}) if published_rows else ())
        for code in _differences(rows.get(name), published_rows.get(name))
    ]
    yield from differing or [Found(Break.POOL_ROOT_DIFFERS, entry.seq, draw=draw.name)]


def _differences(own: Row | None, published: Row | None) -> list[Break]:
    if published is None:
        return [Break.LEFT_OUT]
    if own is None:
        return [Break.LET_IN]
    return [code for key, code in _COMPARED.items() if getattr(own, key) != getattr(published, key)]


_KEEPS_OUT = (
    Kind.MONDAY_EXCLUDED,
    Kind.TAKEN_OUT,
    Kind.REDIRECTED,
    Kind.SEAT_GIVEN_UP,
    Kind.FILED,
    Kind.NO_SHOW,
    Kind.MET,
    Kind.DRAW,
    Kind.SEAT_CONFIRMED,
    Kind.OFFER_ACCEPTED,
    Kind.TAKEN_FREE,
)


def objection(book: Book, entry: Entry) -> Iterator[Found]:
    draw, ticket = draw_of(book, entry), known(book, entry.text("ticket"))
    if draw.state not in DRAW[entry.kind].at or draw.pool is None or draw.first_pool is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    if entry.body["number"] != len(draw.objected) + 1:
        raise Refused(Break.OBJECTION_WRONG)
    is_listed = ticket.name in draw.pool.rows or ticket.name in draw.missing
    match ObjectionOutcome(entry.text("outcome")):
        case ObjectionOutcome.LISTED:
            _require(is_listed and entry.because in ([draw.pool.seq], [draw.first_pool.seq]))
        case ObjectionOutcome.AS_LOGGED:
            act = single_cause(book, entry, *_KEEPS_OUT)
            about = {str(act.body.get(key, "")) for key in ("ticket", "old", "new")}
            is_hers = act.kind is Kind.DRAW or any(map(ticket.is_named, about))
            _require(not is_listed and is_hers and act.seq < entry.seq)
        case ObjectionOutcome.WRONGED:
            _require(
                draw.is_list_wrong
                and is_listed
                and entry.because in ([draw.pool.seq], [draw.first_pool.seq])
                and ticket.state is TicketState.IN
                and ticket.name not in draw.cured
                and entry.at - draw.first_pool.at <= WRONGED_WITHIN
            )
            draw.cured.add(ticket.name)
            ticket.owe()
        case ObjectionOutcome.CHANGED:
            _change(book, entry, draw, ticket)
    draw.objected.append(ticket.name)
    yield from ()


def _require(is_right: object) -> None:
    if not is_right:
        raise Refused(Break.OBJECTION_WRONG)


def voidable(book: Book, draw: Draw, ticket: Ticket) -> int:
    """Return the act in her own name that alone excluded her from the first list; 0 for none.

    Only while no sealed value is open and no second list is written.
    """
    week, first = book.weeks[draw.day], draw.first_pool
    if first is None or draw.pool is not first or draw.state is not DrawState.FROZEN:
        return 0
    if week.revealing or ticket.name not in draw.outside or ticket.name in draw.missing:
        return 0
    without = ticket.copied()
    act = without.excluded.pop(draw.day, 0)
    is_own_act = ticket.out in book.undo and not is_displaced(book.undo[ticket.out].entry)
    if not act and ticket.state is TicketState.GONE and is_own_act:
        act, without.state = ticket.out, TicketState.IN
        without.seat = seat_back(book, act)  # with a seat she is in no list
    cause = book.causes.get(act)
    is_own_act = cause is not None and cause.kind in (Kind.MONDAY_EXCLUDED, Kind.TAKEN_OUT)
    belongs = is_own_act and book.in_line(without, draw, week.line_closed)
    return act if belongs and act < first.seq else 0


def _change(book: Book, entry: Entry, draw: Draw, ticket: Ticket) -> None:
    """Void the act in her name that excluded her from the first list."""
    week = book.weeks[draw.day]
    act = single_cause(book, entry, Kind.MONDAY_EXCLUDED, Kind.TAKEN_OUT)
    _require(
        voidable(book, draw, ticket) == act.seq
        and entry.at <= book.times(draw, week).moved("objections_until")
    )
    if act.kind is Kind.MONDAY_EXCLUDED:
        del ticket.excluded[draw.day]
    row = Row(ticket.name, *draw.outside[ticket.name])
    if act.kind is Kind.TAKEN_OUT:
        before = ticket.waited, ticket.debt
        undo_leaving(book, act.seq)
        if (ticket.waited, ticket.debt) != before:  # the seat she left counts as given up
            row = replace(row, waited=ticket.waited, debt=ticket.debt)
    draw.missing[ticket.name] = row
    draw.changed_by.append(entry.seq)


def reveal(book: Book, entry: Entry) -> Iterator[Found]:
    week, party = week_of(book, entry), entry.text("party")
    promised = week.commitments.get(party)
    if promised is None:
        raise Refused(Break.STRANGER)
    draws = book.draws_of(week.day)
    if (
        entry.at < times_of(book, week).moved("reveals_from")
        or any(not draw.is_frozen for draw in draws)
        or any(draw.is_second_list_due for draw in draws)
    ):
        raise Refused(Break.REVEAL_EARLY)
    if week.reveals_closed or entry.at > times_of(book, week).moved("reveals_until") + LEEWAY:
        raise Refused(Break.REVEAL_LATE)
    if formulas.commitment(party, entry.text("value")) != promised:
        raise Refused(Break.REVEAL_DIFFERS)
    if party in week.reveals:
        raise Refused(Break.STEP_NOT_ALLOWED)
    week.reveals[party] = entry.text("value")
    week.revealing = week.revealing or entry.seq
    for draw in draws:
        draw.state, draw.outside = DrawState.REVEALING, {}
    yield from ()


def reveals_closed(book: Book, entry: Entry) -> Iterator[Found]:
    week = week_of(book, entry)
    draws = book.draws_of(week.day)
    if any(draw.state not in DRAW[entry.kind].at for draw in draws):
        raise Refused(Break.STEP_NOT_ALLOWED)
    yield from lateness(entry, times_of(book, week).moved("reveals_until"))
    revealed = sorted(week.reveals)
    silent = sorted({*week.commitments} - {*revealed})
    if entry.body["revealed"] != revealed or entry.body["silent"] != silent:
        yield Found(Break.REVEALS_CLOSED_WRONG, entry.seq)
    elif silent:
        yield Found(Break.SILENT, entry.seq)
    week.reveals_closed, week.reveals_closed_at = entry.seq, entry.at
    week.revealed = tuple(revealed)
    for draw in draws:
        draw.state = DrawState.SEALED


def draw(book: Book, entry: Entry) -> Iterator[Found]:
    drawn = draw_of(book, entry)
    week = book.weeks[drawn.day]
    if drawn.state is DrawState.DRAWN:
        raise Refused(Break.DRAWN_TWICE)
    if drawn.state not in DRAW[entry.kind].at or drawn.pool is None or week.stands is None:
        raise Refused(Break.DRAWN_EARLY)
    if entry.because != [week.stands.seq]:
        raise Refused(Break.CAUSE_WRONG)
    if entry.at > week.stands.at + LEEWAY:
        yield Found(Break.LATE, entry.seq, draw=drawn.name)
    file = drawn_file(drawn, week)
    if file["seed"] != entry.text("seed"):
        yield Found(Break.SEED_DIFFERS, entry.seq, draw=drawn.name)
    elif len(file["seated"]) != entry.body["seated"]:
        yield Found(Break.SEATED_DIFFERS, entry.seq, draw=drawn.name)
    elif len(file["standby"]) != entry.body["standby"]:
        yield Found(Break.STANDBY_DIFFERS, entry.seq, draw=drawn.name)
    elif sha(canonical_json(file)) != entry.text("file"):
        yield Found(Break.FILE_DIFFERS, entry.seq, draw=drawn.name)
    _seat_all(book, entry, drawn, file)


def drawn_file(draw: Draw, week: Week) -> dict[str, Any]:
    """Return the complete file of a draw as it follows from the log."""
    assert draw.pool is not None
    assert week.stands is not None
    reveals = {party: week.reveals[party] for party in week.revealed}
    day, late_value = week.stands.text("day"), week.stands.text("value")
    rows = draw.pool.rows.values()
    return run_draw(draw.pool.file, rows, draw.rules, reveals, day, late_value)


def _seat_all(book: Book, entry: Entry, draw: Draw, file: Mapping[str, Any]) -> None:
    """Apply the draw: seats, standby, and one more week for every listed ticket without a seat."""
    draw.state, draw.drawn, draw.drawn_at = DrawState.DRAWN, entry.seq, entry.at
    del book.undrawn[draw.name]
    draw.standby = tuple(file["standby"])
    draw.held = {
        time: Seat(time, SeatState.FREE, freed=entry.seq, freed_at=entry.at)
        for time in draw.seats_drawn
    }
    ends = Times(draw.monday, draw.rules.body).answer_by(entry.at)
    for one in file["seated"]:
        ticket, seat = book.tickets.get(one["ticket"]), draw.held[one["time"]]
        won = replace(seat, state=SeatState.GIVEN, holder=one["ticket"], ends=ends)
        if ticket is None or ticket.state is not TicketState.IN or book.has_seat(ticket):
            if ticket is not None:
                note_won(book, ticket, draw, won)
            continue  # free at once
        leave_offer(book, ticket, entry)
        seat.state, seat.holder, seat.ends = SeatState.GIVEN, ticket.name, ends
        seat.freed, seat.freed_at = 0, None
        ticket.seat = (draw.name, seat.time)
    draw.seated = frozenset(seat["ticket"] for seat in file["seated"])
    assert draw.pool is not None
    for name in draw.pool.rows:
        if name not in draw.seated and name in book.tickets:
            book.tickets[name].waited += 1
