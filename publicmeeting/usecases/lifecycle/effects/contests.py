"""Contests of lost weeks: two officers of two units answer blind, then the clock decides.

They lost them by a no-show, or by giving a seat up so late that it took them. Staff of the hall and
whoever wrote it are excluded. The public log has the contest, both
answers under the officers' marks and, after two yes, the returned weeks (docs/turns.md 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.calendar import deadline_working_days
from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.line.lanes import (
    CONTEST,
    REASONS,
    WEEKS_BACK,
    Contest,
    contests,
    open_contests,
    pick_again,
    waiting_contests,
)
from publicmeeting.domain.records import Event, Request, standing
from publicmeeting.domain.roles import CLOCK, Role
from publicmeeting.domain.stages import CALLS, LIVE, Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import parts
from publicmeeting.store.line.lanes.questions import LaneTask, Unjudged
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import place_of
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.entries import log_ticket, unit_word

JUDGE_WITHIN = 5
"""Working days for the two answers."""


def raise_contest(uow: UnitOfWork, request_id: str, contested: int, now: datetime) -> None:
    """Open the contest that was just recorded; `contested` is the number of its log entry.

    If the district has no two officers who may judge it, the clock picks them later, as soon as it
    has.
    """
    request = uow.requests.by_id(request_id)
    newest = contests(request)[-1]
    ask_id = uow.lanes.open(
        request,
        Lane.GENERAL,
        now,
        deadline_working_days(now, JUDGE_WITHIN),
        contest=newest.number,
        contested_seq=contested,
    )
    appoint_contest(uow, ask_id, request_id, newest.number, now)


def appoint_contest(
    uow: UnitOfWork, ask_id: str, request_id: str, number: int, now: datetime
) -> None:
    """Pick the judges, for the first time or because one can no longer judge."""
    request = uow.clock_requests.by_id(request_id)
    contest = _open(uow, ask_id, request, number)
    judges = _fitting(uow, request, contest) if contest else None
    if contest is None or judges is None or set(judges) == set(contest.judges):
        return
    payload = {CONTEST: number, "judges": list(judges)}
    event = advance(request, Action.PICK_CONTEST, CLOCK, now, payload)
    event_id = uow.requests.record(request, event)
    uow.lanes.appoint(ask_id, judges, request.district, (event_id, event), contest.judges)
    _decide(uow, ask_id, request_id, number, now)


def needs_new_contest_judge(uow: UnitOfWork, unjudged: Unjudged) -> bool:
    """Return whether the clock must pick another judge for a contest, and can."""
    request = uow.clock_requests.by_id(unjudged.request_id)
    contest = _open(uow, unjudged.ask_id, request, unjudged.contest)
    judges = _fitting(uow, request, contest) if contest else None
    return contest is not None and judges is not None and set(judges) != set(contest.judges)


def _open(uow: UnitOfWork, ask_id: str, request: Request, number: int) -> Contest | None:
    """Return an open contest with those judges only whom this program has picked."""
    found = (contest for contest in open_contests(request) if contest.number == number)
    return next((uow.lanes.confirmed(ask_id, contest) for contest in found), None)


def _fitting(uow: UnitOfWork, request: Request, contest: Contest) -> tuple[str, ...] | None:
    """Return the two who should judge: those who still can stay; the no-show's author never may."""
    officers = [
        officer
        for officer in uow.lanes.officers(request)
        if officer.account_id not in contest.missed_by
    ]
    return pick_again(request.person_id, officers, contest)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """What was recorded about her on the day of her seat, without anything that names her."""

    words: str
    """What she wrote in the contest; empty after it has been erased."""
    monday: date
    time: str
    """Start time of her seat."""
    contested_at: datetime
    steps: tuple[Event, ...]
    """The steps about her presence, arrival and calls, in order, and how she lost her weeks."""
    given_up_at: datetime | None = None
    """When she gave the seat up; None if she did not come."""


_OF_THE_DAY = (
    Action.CHANGE_PLACE,
    Action.PRESENT,
    Action.ARRIVE,
    *CALLS,
    Action.RING,
    Action.REACH,
    Action.COMING,
    Action.NO_SHOW,
    Action.COME_LATE,
)


def day_record(uow: UnitOfWork, request: Request, task: LaneTask) -> DayRecord:
    """Return the record of the day that a contest is about, with its seat from the public log."""
    contest = contests(request)[task.contest - 1]
    contested = uow.log.entry(task.contested_seq)
    missed = uow.log.entry(int(contested.body["because"][0]))
    _, monday = place_of(str(missed.body["draw"]))
    is_missed = contest.missed.action is Action.NO_SHOW
    return DayRecord(
        words=contest.event.note or "",
        monday=monday,
        time=str(missed.body["time"]),
        contested_at=contest.event.at,
        steps=tuple(
            event
            for event in standing(request.history)
            if event == contest.missed
            or (event.action in _OF_THE_DAY and tehran_day(event.at) == monday)
        ),
        given_up_at=None if is_missed else contest.missed.at,
    )


def answer_contest(
    uow: UnitOfWork, task: LaneTask, account_id: str, event: Event, now: datetime
) -> None:
    """Record one officer's answer; the second answer decides."""
    event_id = uow.requests.record(uow.requests.by_id(task.request_id), event)
    uow.lanes.record_answer(task.id, account_id, event_id, event)
    _decide(uow, task.id, task.request_id, task.contest, now)


def _decide(uow: UnitOfWork, ask_id: str, request_id: str, number: int, now: datetime) -> None:
    """When both have answered, record the decision, log both answers, and give the weeks back."""
    request = uow.clock_requests.by_id(request_id)
    contest = _open(uow, ask_id, request, number)
    if contest is None or not contest.is_answered:
        return
    units = {e.account_id: _unit(uow, e, request) for e in contest.answers}
    if len(set(units.values())) < len(units) or work_together(uow, request, contest.judges):
        # One of the two has changed units since the pick, so somebody else answers instead.
        appoint_contest(uow, ask_id, request_id, number, now)
        return
    contested = uow.lanes.contested_seq(ask_id)
    is_won = contest.verdict is Verdict.YES and request.stage in LIVE
    weeks = _weeks_lost(uow, request, contested) if is_won else None
    payload: dict[str, object] = {
        CONTEST: number,
        Need.VERDICT.value: contest.verdict.value,
        REASONS: [reason.value for reason in contest.reasons],
        **({} if weeks is None else {WEEKS_BACK: weeks}),
    }
    uow.requests.record(request, advance(request, Action.DECIDE_NO_SHOW, CLOCK, now, payload))
    uow.lanes.record_decision(ask_id, contest.verdict, now)
    answers = sorted(_answers(uow, contest, units, now))
    judged = [
        _log_answer(uow, request, ask_id, account_id, now, {**body, "because": [contested]})
        for _, account_id, body in answers
    ]
    if weeks is not None:
        _give_back(uow, request, contest, weeks, [contested, *judged], now)


def work_together(uow: UnitOfWork, request: Request, judges: Sequence[str]) -> bool:
    """Return whether the two judges now work in one unit."""
    units = {officer.account_id: officer.offices for officer in uow.lanes.officers(request)}
    one, other = (units.get(judge, frozenset()) for judge in judges)
    return bool(one & other)


def _weeks_lost(uow: UnitOfWork, request: Request, contested: int) -> int | None:
    """Return the weeks that were lost by what she contests, by the log.

    None if she has them already: she came late on that very day, or has taken her seat back.
    """
    lost_by = int(uow.log.entry(contested).body["because"][0])
    return uow.line_book.weeks_lost(request.ticket).get(lost_by)


def contests_won_while_out(uow: UnitOfWork, request: Request) -> tuple[Contest, ...]:
    """List the contests decided in her favour while she was out of the line.

    Their weeks come back when she undoes her leaving.
    """
    return tuple(
        contest
        for contest in waiting_contests(request)
        if _weeks_lost(uow, request, uow.line_book.contest(request.ticket, contest.number)[0])
        is not None
    )


def give_back_on_return(
    uow: UnitOfWork, request: Request, found: tuple[Contest, ...], now: datetime
) -> None:
    """Give these weeks back, logged after the entry that returned her to the line."""
    for contest in found:
        because = uow.line_book.contest(request.ticket, contest.number)
        weeks = _weeks_lost(uow, request, because[0])
        assert weeks is not None, "won while out, and given back since"
        _give_back(uow, request, contest, weeks, because, now)


def _give_back(
    uow: UnitOfWork,
    request: Request,
    contest: Contest,
    weeks: int,
    because: list[int],
    now: datetime,
) -> None:
    """Give weeks back on the current row: a draw adds a week without a step on her request."""
    current = uow.clock_requests.by_id(request.id)
    waited = current.waited + weeks
    is_missed = contest.missed.action is Action.NO_SHOW
    uow.requests.line(request, waited=waited, missed=max(0, current.missed - is_missed))
    log_ticket(uow, request, Kind.WEEKS_BACK, now, waited=waited, because=because)


def _log_answer(
    uow: UnitOfWork,
    request: Request,
    ask_id: str,
    account_id: str,
    now: datetime,
    body: dict[str, object],
) -> int:
    entry = log_ticket(uow, request, Kind.CONTEST_JUDGED, now, **body)
    uow.lanes.mark_judged(ask_id, account_id, entry.seq)
    return entry.seq


def _answers(
    uow: UnitOfWork, contest: Contest, units: dict[str | None, str], now: datetime
) -> list[tuple[str, str, dict[str, object]]]:
    """Return mark, account and body of each answer, sorted by mark to hide who was first."""
    year, _, _ = parts(tehran_day(now))
    found = []
    for event in contest.answers:
        account_id = str(event.account_id)
        mark = uow.officer_marks.mark(units[event.account_id], account_id, year)
        body: dict[str, object] = {"verdict": str(event.payload["verdict"]), "officer": mark}
        found.append((mark, account_id, body))
    return found


def _unit(uow: UnitOfWork, event: Event, request: Request) -> str:
    return unit_word(uow, str(event.account_id), Role.JUDGE, request.district)
