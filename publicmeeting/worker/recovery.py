"""Recovery of a restored database: work lost from it is done again from the log's entries.

The log alone is not enough. With rows behind the log, the clock would freeze and draw again, and a
seat that its holder has confirmed would lapse. Each lost entry is therefore made again by the work
that made it, at its own time: a job of the clock, a citizen's step, a witness's statement. Work
counts only if it writes exactly the signed entries; otherwise it is rolled back, and the entry
remains in the log alone, like that of a request whose row is lost. `doctor` reports what is left.

Citizens had the messages of these hours already, so they are marked as sent (`_had_messages`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import NOBODY, Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.notify.outbox import by_day
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.turns.formulas import CITY, draw_id
from publicmeeting.turns.kinds import BODIES, Attestation, GivenUp, Kind, TakenIn, TakenOut
from publicmeeting.turns.log import Entry, instant
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.districts.closing import close_day
from publicmeeting.usecases.filing.submitting import stand_in_for_lost
from publicmeeting.usecases.lifecycle.outages import RUNNING, note_outage
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.ceremony import witness_words
from publicmeeting.usecases.line.ceremony.late_value import enter_word
from publicmeeting.usecases.line.mondays import Sealed, open_mondays
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.line.offers import TakeFree, take_free, want_free
from publicmeeting.usecases.meetings.coming import reminders
from publicmeeting.usecases.meetings.in_hall.standby import take_presence
from publicmeeting.usecases.pressed_again import note_alone
from publicmeeting.worker.jobs import find_jobs

_END_OF_SECOND = timedelta(seconds=1) - timedelta(microseconds=1)
"""An entry's time is truncated to the second, and its work was due within that second."""

_SENT_WITHIN = timedelta(minutes=1)
"""A message younger than this at the last entry may not have been sent, so it is sent again."""

Work: TypeAlias = Callable[[UnitOfWork, datetime], object]
Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recovered:
    before: int
    """Number of entries that the log had."""
    size: int
    """Number that it has now."""
    in_log_alone: tuple[int, ...]
    """Numbers of the entries whose work could not be done again."""


SHOWN_EACH = 50
"""Entries between two figures of a recovery's progress: some seconds."""


def recover(
    store: Store, lost: Sequence[Entry], show: Callable[[int], None] = lambda _done: None
) -> Recovered:
    """Fill the log with its lost entries (`lost_entries`), and do again what they record.

    `show` gets the number of entries that are done whenever it passes a multiple of `SHOWN_EACH`.
    If interrupted, it goes on from the entry that it reached; until all entries are there, nothing
    else is appended.
    """
    alone, at = list[int](), 0
    while at < len(lost):
        done = _count_redone(store, lost[at:])
        if not done:
            with store.unit_of_work(_time_of(lost[at])) as uow:
                uow.log.fill(lost[at : at + 1])
                if lost[at].kind is Kind.AUDITED:
                    uow.log_reports.put_lost(lost[at].body["report"])
                else:
                    alone.append(lost[at].seq)
                    note_alone(uow, lost[at].seq)
        before, at = at, at + (done or 1)
        if before // SHOWN_EACH < at // SHOWN_EACH:
            show(at)
    ended_at = _time_of(lost[-1])
    _remind(store, ended_at)
    with store.unit_of_work(ended_at) as uow:
        _had_messages(uow, ended_at)
        uow.clockwork.mark_done(RUNNING, ended_at)  # in these hours the city was running
    return Recovered(lost[0].seq - 1, lost[-1].seq, tuple(alone))


def _remind(store: Store, now: datetime) -> None:
    """Write the reminders of these hours: they have no entry, and the clock would send them."""
    with store.unit_of_work(now, reading=True) as uow:
        due = reminders.next_reminder(uow, now)
    if due is not None and due[0] <= now:
        with store.unit_of_work(due[0], unhurried=True) as uow:
            reminders.remind(uow, due[1], due[0])


def _had_messages(uow: UnitOfWork, ended_at: datetime) -> None:
    """Mark what waits as sent, if it was due before the city stopped; nobody gets it twice.

    That includes what waited when the backup was made. A message that the gateway had refused by
    then is sent: whether it was taken later is unknown.
    """
    uow.outbox.mark_sent_until(ended_at - _SENT_WITHIN, by_day)


def _count_redone(store: Store, lost: Sequence[Entry]) -> int:
    """Return how many of these entries, from the first, its work has written again."""
    now = _time_of(lost[0])
    works = [*_of_person(lost[0]), *_of_clock(store, lost[0], now)]
    if lost[0].kind is Kind.MONDAY_OPENED:
        works = [partial(open_mondays, sealed=partial(_sealed, lost))]
    return next(filter(None, (_try(store, work, lost, now) for work in works)), 0)


def _sealed(lost: Sequence[Entry], monday: date) -> Sealed:
    """Return the city's sealed value and commitment for this Monday.

    The value was lost with the database, unless it has been revealed since.
    """
    bodies = {
        entry.kind: entry.body
        for entry in lost
        if entry.body.get("party") == CITY and entry.body["monday"] == iso(monday)
    }
    shown = bodies.get(Kind.REVEAL, {"value": ""})
    return shown["value"], bodies[Kind.COMMITMENT]["commitment"]


def _try(store: Store, work: Work, lost: Sequence[Entry], now: datetime) -> int:
    try:
        with store.unit_of_work(now, unhurried=True) as uow:
            uow.log.write_again(lost)
            work(uow, now)
            _require_entries(uow)
            return uow.log.appended
    except Exception as fault:
        if is_part_missing(fault):
            raise
        return 0


class _NoEntry(Exception):  # noqa: N818  (an answer: this work writes no entry)
    """Work that does not belong to what was lost."""


def _require_entries(uow: UnitOfWork) -> None:
    if not uow.log.appended:
        raise _NoEntry


def _time_of(entry: Entry) -> datetime:
    return instant(entry.at) + _END_OF_SECOND


def _of_clock(store: Store, entry: Entry, now: datetime) -> list[Work]:
    """Return the clock's jobs that were due when this entry was written, in order."""
    if entry.kind not in _BY_CLOCK:
        return []
    with store.unit_of_work(now, reading=True) as uow:
        jobs, _ = find_jobs(uow, now, now)
        return [job.do for job in sorted(jobs) if job.at <= now and not job.read_ahead]


_BY_CLOCK = {
    *(kind for kind, form in BODIES.items() if Attestation.COMPUTED in form.attested),
    *(Kind.REVEAL, Kind.MONDAY_CLOSED, Kind.PRESENT, Kind.LANE_ASKED, Kind.LANE_JUDGED),
} - {Kind.AUDITED}


def _of_person(entry: Entry) -> list[Work]:
    """Return what a citizen, a witness or the city's administrator did by this entry."""
    kind, body = entry.kind, entry.body
    if kind in _WORDS:
        return [partial(_WORDS[kind], body)]
    action = _ACTIONS.get((kind, str(body.get("why", "")))) or _ACTIONS.get((kind, ""))
    if action:
        return [partial(_step, action, body)]
    return [partial(act, body) for act in _ACTS.get((kind, str(body.get("why", ""))), ())]


_ACTIONS: Mapping[tuple[Kind, str], Action] = {
    (Kind.SEAT_CONFIRMED, ""): Action.CONFIRM,
    (Kind.OFFER_ACCEPTED, ""): Action.CONFIRM,
    (Kind.SEAT_GIVEN_UP, GivenUp.CITIZEN): Action.GIVE_UP_SEAT,
    (Kind.SEAT_GIVEN_UP, GivenUp.MOVED): Action.MOVE_ONCE,
    (Kind.OFFER_REFUSED, ""): Action.GIVE_UP_SEAT,
    (Kind.TAKEN_OUT, TakenOut.WITHDRAWN): Action.WITHDRAW,
    (Kind.MONDAY_EXCLUDED, ""): Action.EXCLUDE,
    (Kind.MONDAY_INCLUDED, ""): Action.INCLUDE,
}
"""Citizens' steps that need no more than the log records, by kind and reason of the entry."""


def _citizen_and_request(uow: UnitOfWork, body: Body) -> tuple[Actor, Request]:
    """Return the request of this ticket, and its citizen. `_NoEntry` if there is none."""
    found = uow.requests.find_ticket(body["ticket"])
    if found is None:
        raise _NoEntry
    request = uow.requests.by_id(found[0])
    return Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),)), request


def _step(action: Action, body: Body, uow: UnitOfWork, now: datetime) -> None:
    citizen, request = _citizen_and_request(uow, body)
    monday = str(body.get("until" if action is Action.MOVE_ONCE else "monday", ""))
    on = from_iso(monday).isoformat() if monday else ""
    take_step(uow, citizen, TakeStep(code=request.code, action=action, monday=on), now)


def _take_free(body: Body, uow: UnitOfWork, now: datetime) -> None:
    citizen, request = _citizen_and_request(uow, body)
    take_free(uow, citizen, TakeFree(code=request.code, time=body["time"]), now)


def _want_free(body: Body, uow: UnitOfWork, now: datetime) -> None:
    citizen, request = _citizen_and_request(uow, body)
    want_free(uow, citizen, OneCase(code=request.code), now)


def _undo(
    undo: Callable[[UnitOfWork, Actor, OneCase, datetime], object],
    body: Body,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    citizen, request = _citizen_and_request(uow, body)
    undo(uow, citizen, OneCase(code=request.code), now)


def _take_presence(body: Body, uow: UnitOfWork, now: datetime) -> None:
    citizen, request = _citizen_and_request(uow, body)
    take_presence(uow, citizen, request, now)


def _close_monday(body: Body, uow: UnitOfWork, now: datetime) -> None:
    """Close the Monday; the reason was lost with the database, so the most general one is used."""
    for day in uow.city.mondays():
        if draw_id(day.district, day.on) == body["draw"]:
            close_day(uow, day, ClosureReason.OFFICIAL, now)


_ACTS: Mapping[tuple[Kind, str], tuple[Callable[[Body, UnitOfWork, datetime], None], ...]] = {
    (Kind.FREE_WANTED, ""): (_want_free,),
    (Kind.TAKEN_FREE, ""): (_take_free,),
    (Kind.TAKEN_IN, TakenIn.UNDONE): (
        partial(_undo, undo_leaving),
        partial(_undo, take_seat_back),
        partial(_undo, deny_giving_up),
    ),
    (Kind.PRESENT, ""): (_take_presence,),
    (Kind.MONDAY_CLOSED, "closure"): (_close_monday,),
}
"""Other work that may have written an entry, by kind and reason; the first that fits counts."""


def _note_outage(body: Body, uow: UnitOfWork, now: datetime) -> None:
    note_outage(uow, instant(body["from"]), instant(body["until"]))
    uow.log.append(Kind.OUTAGE, dict(body), now)


def _commit(body: Body, uow: UnitOfWork, now: datetime) -> None:
    witness_words.commit(uow, NOBODY, witness_words.Commit(**body), now)


def _reveal(body: Body, uow: UnitOfWork, now: datetime) -> None:
    if body["party"] != CITY:
        witness_words.reveal(uow, NOBODY, witness_words.Reveal(**body), now)


def _enter_value(body: Body, uow: UnitOfWork, now: datetime) -> None:
    if body["party"] == CITY:
        monday, day = from_iso(body["monday"]), from_iso(body["day"])
        enter_word(uow, monday, day, CITY, body["value"], body["sig"], now)
    else:
        witness_words.enter_value(uow, NOBODY, witness_words.EnterValue(**body), now)


def _file(body: Body, uow: UnitOfWork, now: datetime) -> None:
    stand_in_for_lost(uow, body, now)


_WORDS: Mapping[Kind, Callable[[Body, UnitOfWork, datetime], None]] = {
    Kind.FILED: _file,
    Kind.COMMITMENT: _commit,
    Kind.OUTAGE: _note_outage,
    Kind.REVEAL: _reveal,
    Kind.VALUE: _enter_value,
}
"""Filing, outages, and statements about a Monday's draws.

The city's reveal is a job of its clock.
"""
