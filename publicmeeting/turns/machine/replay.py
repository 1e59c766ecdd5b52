"""Replay the log in order: apply one entry at a time to the state, and report its faults."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from publicmeeting.turns.kinds import BODIES, Kind, wrong_keys
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.entries import (
    draws,
    mondays,
    outages,
    rules,
    seats,
    standby,
    tickets,
)
from publicmeeting.turns.machine.state import Book, Entry

Handler = Callable[[Book, Entry], Iterator[Found]]

HANDLERS: Mapping[Kind, Handler] = {
    Kind.LOG_OPENED: mondays.log_opened,
    Kind.RULES_PROPOSED: rules.rules_proposed,
    Kind.RULES_AGREED: rules.rules_agreed,
    Kind.RULES_SIGNED: rules.rules_signed,
    Kind.RULES_ANNOUNCED: rules.rules_announced,
    Kind.MONDAY_OPENED: mondays.monday_opened,
    Kind.MONDAY_CLOSED: mondays.monday_closed,
    Kind.MONDAY_HELD: mondays.monday_held,
    Kind.MONDAY_NOT_HELD: mondays.monday_not_held,
    Kind.MONDAY_ENDED: mondays.monday_ended,
    Kind.LINE_CLOSED: mondays.line_closed,
    Kind.COMMITMENT: draws.commitment,
    Kind.FREEZE: draws.freeze,
    Kind.OBJECTION: draws.objection,
    Kind.REVEAL: draws.reveal,
    Kind.REVEALS_CLOSED: draws.reveals_closed,
    Kind.VALUE: rules.value,
    Kind.VALUE_STANDS: rules.value_stands,
    Kind.DRAW: draws.draw,
    Kind.FILED: tickets.filed,
    Kind.REDIRECTED: tickets.redirected,
    Kind.TAKEN_OUT: tickets.taken_out,
    Kind.TAKEN_IN: tickets.taken_in,
    Kind.MONDAY_EXCLUDED: tickets.monday_chosen,
    Kind.MONDAY_INCLUDED: tickets.monday_chosen,
    Kind.VERIFIED: tickets.verified,
    Kind.LANE_ASKED: tickets.lane_asked,
    Kind.LANE_JUDGED: tickets.lane_judged,
    Kind.LANE_GRANTED: tickets.lane_granted,
    Kind.CONTESTED: tickets.contested,
    Kind.CONTEST_JUDGED: tickets.contest_judged,
    Kind.WEEKS_BACK: tickets.weeks_back,
    Kind.SEAT_CONFIRMED: seats.seat_confirmed,
    Kind.SEAT_GIVEN_UP: seats.seat_given_up,
    Kind.SEAT_LAPSED: seats.seat_lapsed,
    Kind.OFFERED: seats.offered,
    Kind.OFFER_ACCEPTED: seats.seat_confirmed,
    Kind.OFFER_REFUSED: seats.offer_refused,
    Kind.OFFER_UNANSWERED: seats.offer_unanswered,
    Kind.FREE_WANTED: seats.free_wanted,
    Kind.TAKEN_FREE: seats.taken_free,
    Kind.PRESENT: seats.present,
    Kind.ARRIVAL: seats.arrival,
    Kind.ARRIVAL_UNDONE: seats.arrival_undone,
    Kind.STOOD_IN: seats.stood_in,
    Kind.SKIP: mondays.skip,
    Kind.NO_SHOW: seats.no_show,
    Kind.NO_SHOW_UNDONE: seats.no_show_undone,
    Kind.CAME_LATE: seats.came_late,
    Kind.MET: seats.met,
    Kind.MEETING_RECORDED: mondays.meeting_recorded,
    Kind.NOT_RECEIVED: seats.not_received,
    Kind.NOT_CALLED: seats.not_called,
    Kind.OUTAGE: outages.outage,
    Kind.AUDITED: mondays.audited,
    Kind.BOOKS_DIFFER: mondays.books_differ,
    Kind.AUDIENCE_OFF_SYSTEM: mondays.audience_off_system,
}
"""One handler for each kind."""

_CAUSES = frozenset(
    {
        Kind.FILED,
        Kind.REDIRECTED,
        Kind.TAKEN_OUT,
        Kind.MONDAY_EXCLUDED,
        Kind.LANE_JUDGED,
        Kind.CONTESTED,
        Kind.CONTEST_JUDGED,
        Kind.NO_SHOW,
        Kind.SEAT_GIVEN_UP,
        Kind.SEAT_CONFIRMED,
        Kind.OFFER_ACCEPTED,
        Kind.OFFER_REFUSED,
        Kind.TAKEN_FREE,
        Kind.LINE_CLOSED,
        Kind.DRAW,
        Kind.MET,
        Kind.AUDIENCE_OFF_SYSTEM,
    }
)
"""Kinds that later entries name as their cause."""


def read(book: Book, published: Mapping[str, Any]) -> Iterator[Found]:
    """Apply one published entry whose form is already checked; yield its faults.

    An entry of an unknown kind, with other keys, or with a step that the machines do not allow is
    reported and has no effect. An entry that is only early or late, or whose content differs from
    what follows from the log, is reported, and replay goes on with what follows from the log.
    """
    seq = int(published["seq"])
    book.size = seq
    at = instant(str(published["at"]))
    if book.at is not None and at < book.at:
        yield Found(Break.TIME_BACK, seq)
    book.at = max(at, book.at or at)
    try:
        kind = Kind(str(published["kind"]))
        form = BODIES[kind]
    except (ValueError, KeyError):
        yield Found(Break.KIND_UNKNOWN, seq)
        return
    body = published["body"]
    if wrong_keys(kind, body):
        yield Found(Break.KEYS_DIFFER, seq)
        return
    if any(cause >= seq for cause in body.get("because", ())):
        yield Found(Break.CAUSE_MISSING, seq, *_about(body))
        return
    entry = Entry(seq, at, kind, {key: body[key] for key in form.keys})
    standby.note_entry(book, entry)
    try:
        found = list(HANDLERS[kind](book, entry))
    except Refused as refusal:
        yield Found(refusal.code, seq, *_about(body))
        return
    if kind in _CAUSES:
        book.causes[seq] = entry
    yield from found


def _about(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the draw and ticket that an entry names."""
    return str(body.get("draw", "")), str(body.get("ticket", ""))
