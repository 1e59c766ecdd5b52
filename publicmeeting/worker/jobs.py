"""All jobs of the city's clock, each with the instant at which it is due.

A job is one transaction and idempotent: it reads the present state and does what is still to be
done. Due jobs are found in the city's own data, so nothing has to be remembered between two runs,
and a job is due exactly until it is done.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from functools import partial
from itertools import groupby
from typing import TypeAlias

from publicmeeting.domain.lifecycle.advance import firing
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.records import Case, Monday, Order
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.notify.outbox import by_day
from publicmeeting.store.line.draws import Pending
from publicmeeting.store.line.lanes.questions import Unjudged
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.store.worker.clockwork import Deadline
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.usecases.districts import texts
from publicmeeting.usecases.lifecycle import outages, unreached
from publicmeeting.usecases.lifecycle.effects.entries import attended_districts
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.lifecycle.weeks import line_closed_at, line_mark, week_of
from publicmeeting.usecases.line import drawing, lanes, mondays, offers, rules_by_two
from publicmeeting.usecases.line.ceremony import late_value, reveals
from publicmeeting.usecases.meetings.coming import reminders
from publicmeeting.usecases.meetings.in_hall import standby
from publicmeeting.usecases.orders.steps import climb_order, settle_order
from publicmeeting.usecases.public_record import auditing

Do = Callable[[UnitOfWork, datetime], object]


class Rank(IntEnum):
    """The order of jobs at one instant.

    A deadline ends before a pool is frozen, and a seat is released before it is offered.
    """

    OPEN = 0
    LINE = 1
    DEADLINE = 2
    CLIMB = 3
    FREEZE = 4
    REVEAL = 5
    CLOSE = 6
    PRINT = 7
    """Only in the demo: the invented exchange prints its index, and the city enters it."""
    VALUE = 8
    DRAW = 9
    HELD = 10
    OVER = 11
    OFFER = 12
    STAND_IN = 13
    REMIND = 14
    JUDGES = 15
    ANSWER = 16
    """Only in the demo: an invented citizen answers."""
    TEXTS = 17
    CASES = 18
    RULES = 19


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """One transaction of the clock's work, and the city's instant from which it is due.

    `name` is the same at each pass, because a failed job rests under it; an instant in it that
    moves with the time would make another job at each pass. `read_ahead` is for a job that reads so
    much that others could not wait for it: it reads in its own transaction, which blocks nobody,
    and returns the function to run instead.
    """

    at: datetime
    rank: Rank
    name: str
    do: Do = field(compare=False)
    read_ahead: Callable[[UnitOfWork], Do] | None = field(default=None, compare=False)


_Item: TypeAlias = "Job | tuple[str, Iterator[_Item]]"
"""A job, or a named search whose fault does not stop the others."""


def find_jobs(
    uow: UnitOfWork, now: datetime, until: datetime, *, by_rows: bool = False
) -> tuple[list[Job], dict[str, Exception]]:
    """Return the next job of each kind with all jobs due until `until`, and faults by name.

    `now` is the instant that the city has reached. A kind, district or case that cannot be searched
    waits; the jobs found elsewhere do not wait for it. `by_rows` is for whoever does not do the
    jobs: the log, which takes seconds to read, is not read for them.
    """
    faults = dict[str, Exception]()
    return list(_flattened("work", _finders(uow, now, until, by_rows=by_rows), faults)), faults


def _flattened(what: str, items: Iterable[_Item], faults: dict[str, Exception]) -> Iterator[Job]:
    try:
        for item in items:
            if isinstance(item, Job):
                yield item
            else:
                yield from _flattened(*item, faults)
    except Exception as fault:
        if is_part_missing(fault):
            raise
        faults[what] = fault


def next_instant(uow: UnitOfWork, waiting: Iterable[Job]) -> datetime | None:
    """Return the next instant at which the clock must act, given these jobs; it may have passed."""
    ends = (uow.clockwork.next_firing(), uow.clockwork.next_climb())
    instants = [job.at for job in waiting]
    return min([*instants, *(at for at in ends if at is not None)], default=None)


def first_of(waiting: list[Job], until: datetime, leave: Collection[str]) -> list[Job]:
    """Return the jobs of the next instant up to `until`, except those named in `leave`."""
    found = [job for job in waiting if job.at <= until and job.name not in leave]
    return [job for job in found if job.at == found[0].at]


def _finders(uow: UnitOfWork, now: datetime, until: datetime, *, by_rows: bool) -> Iterator[_Item]:
    """Yield searches by name: the next job of each kind, and at least all that are due with it."""
    pending = uow.draws.pending()
    uow.clockwork.read_done([*_marks(pending), reminders.mark_of_next(now)])
    _prefetch(uow)
    yield "the line and its Mondays", _of_line(uow, now, pending, by_rows=by_rows)
    yield "deadlines", _deadlines(uow, until)
    yield "seats of past Mondays", _leftover_checks(uow, now)
    yield "judges", _judges(uow)
    yield "cases of lanes", _cases(uow)
    yield "texts of districts", _texts(uow)
    yield "reminders", _reminders(uow, now)
    yield "proposed rules", _proposed_rules(uow)


def _of_line(
    uow: UnitOfWork, now: datetime, pending: Sequence[Pending], *, by_rows: bool
) -> Iterator[_Item]:
    """Yield what rules and Mondays decide, once this process has read the log: it says them."""
    if not by_rows:
        uow.line_book.await_first_reading()
    yield "openings", _openings(uow, now)
    for monday, draws in groupby(pending, key=lambda draw: draw.monday):
        yield f"draws of {monday}", _rows_and_draws(uow, now, list(draws))
    yield "closing lines", _lines(uow, pending)
    yield "Mondays without a call", _silent(uow)
    yield "ends of Mondays", _ends(uow)
    yield "late Mondays", _late(uow, now)
    yield "standbys", _stand_ins(uow, tehran_day(now))
    yield "offers", _offers(uow, now)


def _prefetch(uow: UnitOfWork) -> None:
    """Prefetch with one statement that most kinds have no job.

    If it fails, each kind is searched separately.
    """
    try:
        uow.clockwork.prefetch()
    except Exception as fault:
        if is_part_missing(fault):
            raise


def _openings(uow: UnitOfWork, now: datetime) -> Iterator[Job]:
    opens_at = mondays.next_opening(uow, now)
    if opens_at is not None:
        yield Job(opens_at, Rank.OPEN, "open", mondays.open_mondays)


def _deadlines(uow: UnitOfWork, until: datetime) -> Iterator[Job]:
    for deadline in uow.clockwork.deadlines(until):
        yield _deadline(deadline)
    for at, order_id in uow.clockwork.climbs(until):
        yield Job(at, Rank.CLIMB, f"climb/{order_id}", _doing(climb_order, order_id))


def _offers(uow: UnitOfWork, now: datetime) -> Iterator[Job]:
    for at, district, monday in offers.offers_due(uow, now):
        name = f"offer/{monday}/{district:02d}"
        yield Job(at, Rank.OFFER, name, _doing(offers.offer_seats, district, monday))


def _judges(uow: UnitOfWork) -> Iterator[_Item]:
    for unjudged in uow.lanes.unjudged():
        yield f"judges of {unjudged.ask_id}", _judges_of(uow, unjudged)


def _judges_of(uow: UnitOfWork, unjudged: Unjudged) -> Iterator[Job]:
    if lanes.needs_new_judge(uow, unjudged):
        appoint = _doing(lanes.appoint_again, unjudged)
        yield Job(unjudged.at, Rank.JUDGES, f"judges/{unjudged.ask_id}", appoint)


def _cases(uow: UnitOfWork) -> Iterator[Job]:
    cases_at = lanes.cases_due(uow)
    if cases_at is not None:
        yield Job(cases_at, Rank.CASES, "cases", lanes.log_cases)


def _texts(uow: UnitOfWork) -> Iterator[Job]:
    begins_on = uow.district_texts.next_day()
    if begins_on is not None:
        yield Job(at_tehran(begins_on), Rank.TEXTS, "texts", texts.begin_texts)


def _proposed_rules(uow: UnitOfWork) -> Iterator[Job]:
    since = uow.rules_proposals.unsent_since()
    if since is not None:
        yield Job(by_day(since), Rank.RULES, "proposed rules", rules_by_two.notify_approvers)


def _reminders(uow: UnitOfWork, now: datetime) -> Iterator[Job]:
    reminder = reminders.next_reminder(uow, now)
    if reminder is not None:
        at, monday = reminder
        yield Job(at, Rank.REMIND, f"remind/{monday}", _doing(reminders.remind, monday))


def _marks(draws: Iterable[Pending]) -> Iterator[str]:
    """Yield the marks that are read for each Monday whose draws have not run."""
    for monday in dict.fromkeys(draw.monday for draw in draws):
        yield reveals.reveal_mark(monday)
        yield reveals.closed_mark(monday)
        yield late_value.value_decided_mark(monday)
        yield line_mark(monday)
        yield auditing.audit_mark(monday)


def _doing(use_case: Callable[..., object], *about: object) -> Do:
    """Return what a job does: `use_case(uow, *about, now)`."""
    return lambda uow, now: use_case(uow, *about, now)


def _deadline(deadline: Deadline) -> Job:
    """Return the job that ends a stage by silence, once the citizen knew and could answer."""
    at, request_id, order_id = deadline.at, deadline.request_id, deadline.order_id
    if request_id is not None:
        return Job(at, Rank.DEADLINE, f"request/{request_id}", _doing(_end_stage, request_id))
    assert order_id is not None
    return Job(at, Rank.DEADLINE, f"order/{order_id}", _doing(_end_order, order_id))


def _is_due(uow: UnitOfWork, case: Case, now: datetime) -> bool:
    """Return whether the newest event's deadline has passed.

    The row only finds the case; a changed deadline or stage of it alone must not end a stage, and
    is put right. Nor must a stage end that the database owner began or changed. An administrator
    reads of both.
    """
    name = f"order {case.number}" if isinstance(case, Order) else f"request {case.code}"
    newest = case.history[-1]
    if newest.due_at is None or newest.due_at > now or firing(case.stage) is None:
        is_row_wrong = (
            uow.orders.put_right(case) if isinstance(case, Order) else uow.requests.put_right(case)
        )
        if is_row_wrong:
            uow.security.report_forged(name)
        return False
    began = max((e.id for e in case.history if e.from_stage != e.to_stage), default=0)
    is_written = all(event.is_genuine for event in case.history if event.id >= began)
    if is_written and newest.to_stage is case.stage:
        return True
    uow.security.report_forged(name)
    return False


def _end_stage(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    request = uow.clock_requests.by_id(request_id)
    if not _is_due(uow, request, now):
        return
    step = firing(request.stage)
    assert step is not None, "it is due"
    if not (outages.is_kept_open(uow, request, now) or unreached.is_kept_open(uow, request, now)):
        assert isinstance(step.action, Action)
        clock_takes(uow, request, step.action, now)


def _end_order(uow: UnitOfWork, order_id: str, now: datetime) -> None:
    # An answer at this moment comes first, and then the stage is over
    uow.orders.lock_by_id(order_id)
    order = uow.orders.by_id(order_id)
    if not _is_due(uow, order, now):
        return
    is_open = outages.is_order_kept_open(uow, order, now)
    if not (is_open or unreached.is_order_kept_open(uow, order, now)):
        settle_order(uow, order_id, now)


def _rows_and_draws(uow: UnitOfWork, now: datetime, draws: list[Pending]) -> Iterator[Job]:
    """Yield which rows are written as the log has them, and what the other draws still need."""
    sound = list[Pending]()
    for draw in draws:
        if not drawing.is_lost(uow, draw):
            sound.append(draw)
            continue
        name = f"row/{draw.monday}/{draw.district:02d}"
        write = _doing(drawing.write_logged, draw.district, draw.monday)
        yield Job(now, Rank.FREEZE, name, write)
    if sound:
        yield from _draws(uow, now, sound)


def _draws(uow: UnitOfWork, now: datetime, draws: list[Pending]) -> Iterator[Job]:
    """Yield what one Monday still needs, in order.

    Its lists and second lists, the reveal of the city's sealed value, the end of the reveals, the
    value that stands, then its draws.
    """
    monday = draws[0].monday
    freeze_at = week_of(uow, monday).freeze_at
    if any(pending.state is DrawState.OPEN for pending in draws) and not auditing.is_audited(
        uow, monday
    ):
        audit_at = freeze_at - auditing.BEFORE_FREEZE
        yield Job(
            audit_at,
            Rank.DEADLINE,
            f"audit/{monday}",
            _doing(auditing.audit_before, monday),
            partial(auditing.read_ahead, monday),
        )
    for draw in draws:
        if draw.state is DrawState.OPEN:
            name = f"freeze/{monday}/{draw.district:02d}"
            yield Job(freeze_at, Rank.FREEZE, name, _doing(drawing.freeze, draw.district, monday))
    if not reveals.is_opened(uow, monday):
        yield from _second_lists(uow, monday, draws)
        at = reveals.reveal_due_at(uow, draws)
        if at is not None:
            name = f"reveal/{monday}"
            yield Job(at, Rank.REVEAL, name, _doing(reveals.reveal, monday))
        return
    at = reveals.close_due_at(uow, monday)
    if at is not None:
        name = f"reveals-closed/{monday}"
        yield Job(at, Rank.CLOSE, name, _doing(reveals.close_reveals, monday))
    at = late_value.value_due_at(uow, monday, now)
    if at is not None:
        name = f"value/{monday}"
        yield Job(at, Rank.VALUE, name, _doing(late_value.write_standing, monday))
    at = late_value.value_decided_at(uow, monday)
    if at is not None:
        for draw in draws:
            name = f"draw/{monday}/{draw.district:02d}"
            yield Job(at, Rank.DRAW, name, _doing(drawing.draw, draw.district, monday))


def _second_lists(uow: UnitOfWork, monday: date, draws: list[Pending]) -> Iterator[Job]:
    if all(pending.state is DrawState.OPEN for pending in draws):
        return
    due = reveals.objections(uow, monday).due
    for draw in draws:
        at = reveals.objections_until(uow, draw)
        if draw.district in due and at is not None:
            name = f"second-list/{monday}/{draw.district:02d}"
            again = _doing(drawing.freeze_again, draw.district, monday)
            yield Job(at, Rank.FREEZE, name, again)


def _lines(uow: UnitOfWork, pending: Iterable[Pending]) -> Iterator[Job]:
    for monday in dict.fromkeys(draw.monday for draw in pending):
        if line_closed_at(uow, monday) is None:
            at = week_of(uow, monday).filing_closes_at
            close = _doing(mondays.close_line, monday)
            yield Job(at, Rank.LINE, f"line/{monday}", close)


def _silent(uow: UnitOfWork) -> Iterator[Job]:
    for day in filter(partial(_is_drawn, uow), uow.city.first_open()):
        name = f"held/{day.on}/{day.district:02d}"
        check = _doing(mondays.check_held, day.district, day.on)
        yield Job(mondays.held_by(day), Rank.HELD, name, check)


def _is_drawn(uow: UnitOfWork, day: Monday) -> bool:
    """Whether the log knows it: an entry about another would be a permanent fault of the city."""
    return uow.line_book.once(Kind.DRAW, draw_id(day.district, day.on)) > 0


def _ends(uow: UnitOfWork) -> Iterator[Job]:
    for day in filter(partial(_is_drawn, uow), uow.city.first_unended()):
        name = f"over/{day.on}/{day.district:02d}"
        end = _doing(mondays.end_day, day.district, day.on)
        yield Job(mondays.day_over_at(uow, day), Rank.OVER, name, end)


def _leftover_checks(uow: UnitOfWork, now: datetime) -> Iterator[Job]:
    for at, district, monday in mondays.leftover_checks_due(uow, tehran_day(now)):
        name = f"left/{monday}/{district:02d}"
        yield Job(at, Rank.OVER, name, _doing(mondays.end_leftover_seats, district, monday))


def _late(uow: UnitOfWork, now: datetime) -> Iterator[_Item]:
    for day in reminders.days_on(uow, now):
        yield f"lateness in district {day.district}", _late_in(uow, day, now)


def _late_in(uow: UnitOfWork, day: Monday, now: datetime) -> Iterator[Job]:
    at = reminders.lateness_due(uow, day, now)
    if at is not None:
        name = f"late/{day.on}/{day.district:02d}"
        yield Job(at, Rank.REMIND, name, _doing(reminders.warn_late, day.district, day.on))


def _stand_ins(uow: UnitOfWork, monday: date) -> Iterator[_Item]:
    for district in sorted(attended_districts(uow, monday)):
        yield f"standbys of district {district}", _stand_ins_in(uow, district, monday)


def _stand_ins_in(uow: UnitOfWork, district: int, monday: date) -> Iterator[Job]:
    at = standby.stand_in_due(uow, district, monday)
    if at is not None:
        name = f"stand-in/{monday}/{district:02d}"
        yield Job(at, Rank.STAND_IN, name, _doing(standby.seat_standbys, district, monday))
