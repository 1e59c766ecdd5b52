"""What was asked of the lanes and answered during a day, written into the public log at 24:00.

For the whole city at once and sorted by cases, which are random: an entry beside a filing would
name her, and one beside an answer the officers (docs/turns.md 5). The lane itself is hers from the
entry on that names its two yes.
"""

from datetime import datetime, timedelta

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.line.lanes import UNIT
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.jalali import parts
from publicmeeting.store.line.lanes import Answered
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.lifecycle.effects.entries import log_ticket

_DAY = timedelta(days=1)


def cases_due(uow: UnitOfWork) -> datetime | None:
    """The midnight after the first thing that is not in the log yet; None while all is."""
    first = uow.lanes.first_unlogged()
    return at_tehran(tehran_day(first) + _DAY) if first else None


def log_cases(uow: UnitOfWork, now: datetime) -> None:
    """Asks, answers and lanes of the days before this one."""
    before = at_tehran(tehran_day(now))
    for ask_id, case, lane in sorted(
        uow.lanes.unlogged_asks(before), key=lambda one: (one[1], one[0])
    ):
        uow.log.append(Kind.LANE_ASKED, {"case": case, "lane": lane.value}, now)
        uow.lanes.mark_asked(ask_id, now)
    answers = []
    for one in uow.lanes.unlogged_answers(before):
        with alone(uow, f"the answer to {one.ask_id}"):
            answers.append((_body(uow, one), one))
    for body, one in sorted(answers, key=lambda pair: (pair[0]["case"], pair[0]["officer"])):
        entry = uow.log.append(Kind.LANE_JUDGED, {**body}, now)
        uow.lanes.mark_judged(one.ask_id, one.account_id, entry.seq)
    for ask_id, request_id, lane, causes in uow.lanes.to_grant():
        with alone(uow, f"the lane of {request_id}"):
            _grant(uow, uow.clock_requests.by_id(request_id), lane, causes, now)
            uow.lanes.mark_granted(ask_id, now)


def _grant(uow: UnitOfWork, request: Request, lane: Lane, causes: list[int], now: datetime) -> None:
    """Hers from the next freeze on."""
    uow.requests.line(request, lane=lane.value)
    log_ticket(uow, request, Kind.LANE_GRANTED, now, lane=lane.value, because=sorted(causes))


def _body(uow: UnitOfWork, one: Answered) -> dict[str, str]:
    answer = _answer(uow.clock_requests.by_id(one.request_id), one)
    year, _, _ = parts(tehran_day(one.answered_at))
    officer = uow.officer_marks.mark(str(answer.payload[UNIT]), one.account_id, year)
    return {
        "case": one.case,
        "verdict": Verdict(str(answer.payload["verdict"])),
        "officer": officer,
    }


def _answer(request: Request, one: Answered) -> Event:
    """The judge's step at the time of his answer."""
    return next(
        event
        for event in reversed(request.history)
        if event.action is Action.JUDGE_LANE
        and event.account_id == one.account_id
        and event.at == one.answered_at
    )
