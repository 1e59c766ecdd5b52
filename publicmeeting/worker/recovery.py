"""What a restored database has lost, done again from the entries that the public log has of it.

The log alone is not enough: rows that lie behind it would have the clock freeze and draw a second
time, and a seat lapse that its holder has confirmed. So each lost entry is made again by the work
that made it, at its own time: the clock's jobs, a citizen's step, a witness's word. A work counts
only where it writes exactly the entries that were signed; of any other nothing stays, and the entry
stands in the log alone, as that of a request whose row is lost. `doctor` names what is left then.
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
from publicmeeting.usecases.line.offers import TakeFree, take_free
from publicmeeting.usecases.meetings.in_hall.standby import take_presence
from publicmeeting.usecases.pressed_again import note_alone
from publicmeeting.worker.jobs import find_jobs

_END_OF_SECOND = timedelta(seconds=1) - timedelta(microseconds=1)
"""An entry's time is cut to the second, and what made it was due within that second."""

Work: TypeAlias = Callable[[UnitOfWork, datetime], object]
Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recovered:
    before: int
    """Entries that the log had."""
    size: int
    """Those it has now."""
    in_log_alone: tuple[int, ...]
    """Numbers of the entries whose work could not be done again."""


def recover(store: Store, lost: Sequence[Entry]) -> Recovered:
    """Fill the log with what it has lost (`lost_entries`), and do again what these entries tell.

    Ended in between, it has come to an entry and goes on from there the next time; until all are
    there nothing else is appended.
    """
    alone, at = list[int](), 0
    while at < len(lost):
        done = _done_again(store, lost[at:])
        if not done:
            with store.unit_of_work(_time_of(lost[at])) as uow:
                uow.log.fill(lost[at : at + 1])
                if lost[at].kind is Kind.AUDITED:
                    uow.log_reports.put_lost(lost[at].body["report"])
                else:
                    alone.append(lost[at].seq)
                    note_alone(uow, lost[at].seq)
        at += done or 1
    with store.unit_of_work(_time_of(lost[-1])) as uow:
        uow.clockwork.mark_done(RUNNING, _time_of(lost[-1]))  # in these hours the city was here
    return Recovered(lost[0].seq - 1, lost[-1].seq, tuple(alone))


def _done_again(store: Store, lost: Sequence[Entry]) -> int:
    """How many of these entries, from the first, were written by the work that makes it."""
    now = _time_of(lost[0])
    works = [*_of_person(lost[0]), *_of_clock(store, lost[0], now)]
    if lost[0].kind is Kind.MONDAY_OPENED:
        works = [partial(open_mondays, sealed=partial(_sealed, lost))]
    return next(filter(None, (_try(store, work, lost, now) for work in works)), 0)


def _sealed(lost: Sequence[Entry], monday: date) -> Sealed:
    """What the city sealed for this Monday: the value went with the database, unless it has been
    shown since."""
    said = {
        entry.kind: entry.body
        for entry in lost
        if entry.body.get("party") == CITY and entry.body["monday"] == iso(monday)
    }
    shown = said.get(Kind.REVEAL, {"value": ""})
    return shown["value"], said[Kind.COMMITMENT]["commitment"]


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


class _Nothing(Exception):  # noqa: N818  (an answer: this work writes no entry)
    """Work that is no part of what was lost."""


def _require_entries(uow: UnitOfWork) -> None:
    if not uow.log.appended:
        raise _Nothing


def _time_of(entry: Entry) -> datetime:
    return instant(entry.at) + _END_OF_SECOND


def _of_clock(store: Store, entry: Entry, now: datetime) -> list[Work]:
    """The clock's jobs that were due when this entry was written, in their order."""
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
    """What a citizen, a witness or the city's administrator did by this entry."""
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
"""The citizen's steps that need no more than the log says, by kind and reason of their entry."""


def _hers(uow: UnitOfWork, body: Body) -> tuple[Actor, Request]:
    """The request of this ticket, and who filed it. `_Nothing` where there is none."""
    found = uow.requests.find_ticket(body["ticket"])
    if found is None:
        raise _Nothing
    request = uow.requests.by_id(found[0])
    return Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),)), request


def _step(action: Action, body: Body, uow: UnitOfWork, now: datetime) -> None:
    hers, request = _hers(uow, body)
    monday = str(body.get("until" if action is Action.MOVE_ONCE else "monday", ""))
    on = from_iso(monday).isoformat() if monday else ""
    take_step(uow, hers, TakeStep(code=request.code, action=action, monday=on), now)


def _take_free(body: Body, uow: UnitOfWork, now: datetime) -> None:
    hers, request = _hers(uow, body)
    take_free(uow, hers, TakeFree(code=request.code, time=body["time"]), now)


def _undo(
    undo: Callable[[UnitOfWork, Actor, OneCase, datetime], object],
    body: Body,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    hers, request = _hers(uow, body)
    undo(uow, hers, OneCase(code=request.code), now)


def _be_present(body: Body, uow: UnitOfWork, now: datetime) -> None:
    hers, request = _hers(uow, body)
    take_presence(uow, hers, request, now)


def _close_monday(body: Body, uow: UnitOfWork, now: datetime) -> None:
    """Its reason went with the database: the plainest stands for it."""
    for day in uow.city.mondays():
        if draw_id(day.district, day.on) == body["draw"]:
            close_day(uow, day, ClosureReason.OFFICIAL, now)


_ACTS: Mapping[tuple[Kind, str], tuple[Callable[[Body, UnitOfWork, datetime], None], ...]] = {
    (Kind.TAKEN_FREE, ""): (_take_free,),
    (Kind.TAKEN_IN, TakenIn.UNDONE): (
        partial(_undo, undo_leaving),
        partial(_undo, take_seat_back),
        partial(_undo, deny_giving_up),
    ),
    (Kind.PRESENT, ""): (_be_present,),
    (Kind.MONDAY_CLOSED, "closure"): (_close_monday,),
}
"""What else may have written an entry, by its kind and reason: the first that writes just that."""


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
"""Who files, that the city was away, and the words about a Monday's draws. What the city opens is a
job of its clock."""
