"""Requests for a lane with a document, and the clock's pick of two judges (docs/turns.md 1).

Asks and answers of a day are logged at 24:00, for the whole city at once, sorted by the random case
number. An entry beside a filing would identify the citizen, and one beside an answer the officers
(docs/turns.md 5). The lane takes effect with the entry that names its two yes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.calendar import deadline_working_days, next_monday, week_began
from publicmeeting.domain.choices import Lane, Original
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.line.lanes import (
    ASKABLE,
    UNIT,
    LaneAsk,
    LaneRate,
    counting_answers,
    open_lane_ask,
    pick_again,
)
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.records import PictureKind, Request
from publicmeeting.domain.roles import CLOCK, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.jalali import parts
from publicmeeting.store.line.lanes.questions import Agreed, Answered, Unjudged
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request_to_change
from publicmeeting.usecases.lifecycle.effects.contests import (
    appoint_contest,
    needs_new_contest_judge,
)
from publicmeeting.usecases.lifecycle.effects.entries import is_of_another, log_ticket, unit_word
from publicmeeting.usecases.security_notes import report_judge

_DAY = timedelta(days=1)


def cases_due(uow: UnitOfWork) -> datetime | None:
    """Return the midnight after the first unlogged ask or answer; None if all are logged."""
    first = uow.lanes.first_unlogged()
    return at_tehran(tehran_day(first) + _DAY) if first else None


def log_cases(uow: UnitOfWork, now: datetime) -> None:
    """Log asks, answers and granted lanes of all earlier days."""
    before = at_tehran(tehran_day(now))
    uow.requests.hold(ids=uow.lanes.unlogged_requests(before))
    for ask_id, case, lane in sorted(
        uow.lanes.unlogged_asks(before), key=lambda ask: (ask[1], ask[0])
    ):
        uow.log.append(Kind.LANE_ASKED, {"case": case, "lane": lane.value}, now)
        uow.lanes.mark_asked(ask_id, now)
    answers = []
    for answer in uow.lanes.unlogged_answers(before):
        judge = answer.judge
        with alone(uow, f"the answer to {judge.ask_id}"):
            counting = counting_answers(uow.clock_requests.by_id(answer.request_id))
            if judge.is_confirmed and judge.event_id in counting:
                answers.append((_body(uow, answer), judge))
            else:
                uow.lanes.refuse(judge.ask_id, judge.account_id)
                report_judge(uow, judge.ask_id)
    for body, judge in sorted(answers, key=lambda pair: (pair[0]["case"], pair[0]["officer"])):
        entry = uow.log.append(Kind.LANE_JUDGED, {**body}, now)
        uow.lanes.mark_judged(judge.ask_id, judge.account_id, entry.seq)
    for agreed in uow.lanes.to_grant(before):
        with alone(uow, f"the lane of {agreed.request_id}"):
            _grant(uow, agreed, now)


def _grant(uow: UnitOfWork, agreed: Agreed, now: datetime) -> None:
    """Grant the lane, effective from the next freeze on.

    The public log does not say to whom a case belongs. So neither a case nor a ticket that was
    moved to another request past this program gets a lane.
    """
    request = uow.clock_requests.by_id(agreed.request_id)
    is_hers = agreed.answers and agreed.answers <= counting_answers(request)
    if not is_hers or is_of_another(uow, request):
        uow.lanes.refuse(agreed.ask_id)
        report_judge(uow, agreed.ask_id)
        return
    because = sorted(agreed.causes)
    uow.requests.line(request, lane=agreed.lane.value)
    log_ticket(uow, request, Kind.LANE_GRANTED, now, lane=agreed.lane.value, because=because)
    uow.lanes.mark_granted(agreed.ask_id, now)


def _body(uow: UnitOfWork, answered: Answered) -> dict[str, str]:
    judge = answered.judge
    assert judge.answered_at is not None
    year, _, _ = parts(tehran_day(judge.answered_at))
    officer = uow.officer_marks.mark(judge.unit, judge.account_id, year)
    return {"case": answered.case, "verdict": judge.verdict, "officer": officer}


JUDGE_WITHIN = 2
"""Working days for the two answers."""


class AskLane(Command):
    """A request for a lane: `lane` is `access` or `urgent`; `photos` show the document."""

    code: str
    lane: str = ""
    photos: tuple[str, ...] = ()


@usecase(Role.CITIZEN)
def ask_lane(uow: UnitOfWork, actor: Actor, command: AskLane, now: datetime) -> Request:
    """Ask for a lane and pick two officers in the same transaction.

    Denied with the lifecycle's keys (`stage_moved` once she has a seat, `lane_asked_already`,
    `lane_held`, `need_lane`, `need_photos`); `line_frozen` from the freeze to the draw;
    `original_first` if she must ask at a desk; `lane_not_offered` for a lane without a quota;
    `no_judges` if the district has no two units with an officer; `no_judges_beside_you` if it has
    them only together with the officer who asks for her; `photos_too_many`, `image_not_yours`,
    `person_displaced`.
    """
    request = own_request_to_change(uow, actor, command.code)
    if command.lane and command.lane not in ASKABLE:
        raise Denied("form_broken")
    if len(command.photos) > PHOTOS_MOST:
        raise Denied("photos_too_many", limit=PHOTOS_MOST)
    payload = {Need.LANE.value: command.lane, Need.PHOTOS.value: len(command.photos) or None}
    event = advance(request, Action.ASK_LANE, actor, now, payload)
    if uow.draws.is_frozen_in(request.district, request.ticket):
        raise Denied("line_frozen")
    if is_original_first(uow, actor, request):
        raise Denied("original_first")
    lane = Lane(command.lane)
    if lane not in lanes_granted(uow, now):
        raise Denied("lane_not_offered")
    event_id = uow.requests.record(request, event)
    uow.images.attach(
        list(command.photos),
        actor,
        request_id=request.id,
        event_id=event_id,
        kind=PictureKind.LANE_DOCUMENT,
    )
    ask_id = uow.lanes.open(request, lane, now, deadline_working_days(now, JUDGE_WITHIN))
    if not appoint(uow, ask_id, request.id, now):
        # An officer who asks in her name cannot judge, which leaves one judge fewer.
        without_her = fitting(uow, request, None)
        raise Denied("no_judges" if without_her is None else "no_judges_beside_you")
    return uow.requests.by_id(request.id)


def is_original_first(uow: UnitOfWork, actor: Actor, request: Request) -> bool:
    """Return whether she must ask at a desk, where an officer holds her card and the paper.

    She must if reception checked her last lane and did not see the original. A check that never
    took place has no effect.
    """
    by_herself = actor.account_id is None
    last = uow.lanes.last_check(request.person_id) if by_herself else None
    return last not in {None, Original.SEEN}


def lanes_granted(uow: UnitOfWork, now: datetime) -> tuple[Lane, ...]:
    """Return the lanes that have a quota on the next Monday to be frozen."""
    open_ = (draw.monday for draw in uow.draws.pending() if draw.state is DrawState.OPEN)
    rules = uow.city.rules_on(next(open_, next_monday(tehran_day(now))))
    return tuple(lane for lane in ASKABLE if rules and rules.lanes.get(lane))


def appoint(uow: UnitOfWork, ask_id: str, request_id: str, now: datetime) -> bool:
    """Pick the judges, for the first time or again; False if there are no two who may judge."""
    request = uow.clock_requests.by_id(request_id)
    ask = _confirmed(uow, ask_id, request)
    judges = fitting(uow, request, ask)
    if judges is None:
        return False
    event = advance(request, Action.PICK_JUDGES, CLOCK, now, {"judges": list(judges)})
    event_id = uow.requests.record(request, event)
    stay = ask.judges if ask else ()
    uow.lanes.appoint(ask_id, judges, request.district, (event_id, event), stay)
    return True


def _confirmed(uow: UnitOfWork, ask_id: str, request: Request) -> LaneAsk | None:
    """Return the open ask with those judges only whom this program has picked."""
    ask = open_lane_ask(request)
    return uow.lanes.confirmed(ask_id, ask) if ask else None


def fitting(uow: UnitOfWork, request: Request, ask: LaneAsk | None) -> tuple[str, ...] | None:
    """Return the two who should judge the open ask; those who still can stay.

    Beside an existing answer, nobody is picked who would answer in the same unit.
    """
    officers = uow.lanes.officers(request)
    units = (
        {str(answer.payload[UNIT]): answer.account_id for answer in ask.answers[:1]} if ask else {}
    )
    able = []
    for officer in officers:
        unit = unit_word(uow, officer.account_id, Role.JUDGE, request.district) if units else ""
        if units.get(unit, officer.account_id) == officer.account_id:
            able.append(officer)
    fresh = [officer for officer in officers if officer.account_id not in units.values()]
    return pick_again(request.person_id, able, ask) or pick_again(request.person_id, fresh, ask)


def appoint_again(uow: UnitOfWork, unjudged: Unjudged, now: datetime) -> None:
    """Pick another judge after one of the two can no longer judge."""
    if uow.lanes.is_forged(unjudged.ask_id):
        report_judge(uow, unjudged.ask_id)
    if unjudged.contest:
        appoint_contest(uow, unjudged.ask_id, unjudged.request_id, unjudged.contest, now)
    else:
        appoint(uow, unjudged.ask_id, unjudged.request_id, now)


def needs_new_judge(uow: UnitOfWork, unjudged: Unjudged) -> bool:
    """Return whether the clock must pick another judge, for a lane or a contest, and can."""
    if unjudged.contest:
        return needs_new_contest_judge(uow, unjudged)
    request = uow.clock_requests.by_id(unjudged.request_id)
    ask = _confirmed(uow, unjudged.ask_id, request)
    judges = fitting(uow, request, ask)
    return ask is not None and judges is not None and set(judges) != set(ask.judges)


@dataclass(frozen=True, slots=True)
class LaneRates:
    """Figures of all lanes. `unread` counts asks that can no longer be decrypted, of any lane."""

    rates: tuple[LaneRate, ...]
    unread: int


@usecase(*ANYONE)
def lane_rates(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> LaneRates:
    """Return the figures of every district and lane that was asked for, up to the last week's end.

    They are sorted by district and lane. A figure that grows beside a filing, a leaving or a seat
    would identify its ticket, so they change only weekly. All years are read, and each open page of
    the rules asks after every draw: computed at most once a second.
    """
    until = week_began(now)
    return uow.recent.get_or_compute(
        ("lane rates", until),
        ("draws",),
        now,
        lambda: LaneRates(tuple(uow.lanes.rates(until)), uow.unread),
    )
