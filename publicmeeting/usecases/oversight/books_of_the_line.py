"""Whether the public log is whole, and the city's tables are what it makes them.

The log decides (docs/turns.md 1): a row that says something else was changed past it, or a step has
counted wrongly.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from publicmeeting.domain.stages import LIVE, Stage
from publicmeeting.store.oversight import CaseState
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.machine.tables import SeatState, TicketState
from publicmeeting.usecases.public_record.auditing import audited

# What a check has found: plain words for the engineer at a terminal.


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Examined:
    """One check and all it found."""

    check: str
    findings: tuple[Finding, ...]


_READ: WeakKeyDictionary[UnitOfWork, Auditor] = WeakKeyDictionary()
_COUNTED = ("waited", "debt", "given_up", "unanswered", "lane", "prefers", "missed")


def audit_holds(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Every fault an auditor finds in the log and its notes.

    A signature that a witness did not give damages no book: nothing in the city can put it right,
    and a city without witnesses would be told so for ever. It stands on `/verify/` and in `/ready`.
    """
    for one in _audited(uow).found:
        if not one.code.is_note and one.code is not Break.NOT_COSIGNED:
            about = " ".join(part for part in (one.draw, one.ticket[:8]) if part)
            yield Finding(f"public log {one.seq}", f"{one.code.value} {about}".rstrip())


def _audited(uow: UnitOfWork) -> Auditor:
    """What an auditor has read; once, for both checks of one reading."""
    if not uow.is_reading:
        return audited(uow)
    read = _READ.get(uow)
    if read is None:
        read = _READ[uow] = audited(uow)
    return read


def tables_follow(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Rows of requests, lists and seats against the log."""
    book = _audited(uow).book
    rows = uow.inspection.requests()
    yield from _requests(rows, book)
    yield from _seats(uow, rows, book)
    for published in uow.draws.published():
        draw = book.draws.get(published.id)
        root = draw.pool.root if draw and draw.pool else None
        file = json.loads(uow.draws.file_text(published.id))
        if file.get("pool_root") != root:
            yield Finding(f"draw {published.id}", "its list is not the one that the log makes")


def _seats(uow: UnitOfWork, rows: Sequence[CaseState], book: Book) -> Iterator[Finding]:
    """Whoever holds a seat by a row and by the log is the same."""
    tickets = {one.id: one.ticket for one in rows}
    mine = {
        (one.district, one.monday, one.time): tickets[one.request_id]
        for one in uow.inspection.seats()
        if one.state == "held"
    }
    logged = {
        (draw.district, draw.monday, seat.time): seat.holder
        for draw in book.draws.values()
        for seat in draw.held.values()
        if seat.state in _HELD
    }
    for place in sorted({*mine} | {*logged}):
        holder, by_log = mine.get(place, ""), logged.get(place, "")
        if holder != by_log:
            district, monday, time = place
            what = f"is held by {holder[:8] or 'nobody'}, by the log by {by_log[:8] or 'nobody'}"
            yield Finding(f"seat {draw_id(district, monday)} {time}", what)


_HELD = frozenset({SeatState.GIVEN, SeatState.OFFERED, SeatState.CONFIRMED, SeatState.ARRIVED})


def _requests(rows: Sequence[CaseState], book: Book) -> Iterator[Finding]:
    live = {stage.value for stage in LIVE}
    known = {one.ticket for one in rows}
    for name, lost in book.tickets.items():
        if lost.state is not TicketState.GONE and name not in known:
            yield Finding(f"ticket {name[:8]}", f"is {lost.state} by the log, without a request")
    for one in rows:
        ticket = book.tickets.get(one.ticket)
        if ticket is None:
            yield Finding(f"request {one.name}", "the log knows nothing of its ticket")
            continue
        if one.stage not in live:
            continue
        for key in _COUNTED:
            mine, logged = getattr(one, key), getattr(ticket, key)
            if mine != logged:
                what = f"has {key} {mine}, the log says {logged}"
                yield Finding(f"request {one.name}", what)
        is_out = one.stage in _OUT
        if is_out == (ticket.state is TicketState.IN):
            yield Finding(f"request {one.name}", f"is {one.stage}, by the log {ticket.state}")


_OUT = frozenset({Stage.NEEDS_INFO.value, Stage.ANSWERED.value, Stage.DECLINED.value})
