"""Guards of the lifecycle rows: each returns the key of a refusal, or None.

A guard sees the case with its history, the actor in the one role he would act in, and the city's
time; nothing else. Conditions beyond that (the freeze of a Monday, another request) are checked by
the use case.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.choices import Lane, Verdict, is_fetched
from publicmeeting.domain.lifecycle.notices import INFORMED_IN_TIME
from publicmeeting.domain.lifecycle.outages import prolonged
from publicmeeting.domain.lifecycle.telephone import is_rung
from publicmeeting.domain.line.history import is_offered, newest_release, note_of
from publicmeeting.domain.line.lanes import (
    BlindAsk,
    contest_for,
    newest_loss,
    open_contests,
    open_lane_ask,
)
from publicmeeting.domain.people import ERASABLE_DAYS
from publicmeeting.domain.records import FREE, Case, Event, Request, standing
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import (
    CALLS,
    LETS_GO,
    SEATING,
    SLIPS,
    UNCONFIRMED,
    Action,
    OrderAction,
    Stage,
)
from publicmeeting.kit.clock import at_tehran, tehran_day

Guard = Callable[[Case, Actor, datetime], str | None]

OBJECTION_DAYS = 10
OFFERS_A_DAY = 2
"""An answer, and its correction."""
REDIRECTS_UNASKED = 2
"""Once by a desk, and once by the overseer if that was wrong too."""
CONTEST_WITHIN = timedelta(days=3)
"""Exact to the second, as auditors of the public log count it."""
LATE_AFTER = timedelta(minutes=10)


def _decided_by(case: Case, action: Action | OrderAction) -> str | None:
    event = case.last(action)
    return event.account_id if event else None


def blind(case: Case, actor: Actor, _now: datetime) -> str | None:
    """Refuse officers who know the citizen's name or acted for her, and the citizen herself."""
    if not isinstance(case, Request):
        return None
    knows = actor.account_id is not None and actor.account_id in accounts_knowing_her(case)
    return "name_seen" if knows or actor.person_id == case.person_id else None


def accounts_knowing_her(request: Request) -> frozenset[str]:
    """Return the accounts that know who she is: they saw her name, filed or acted for her."""
    spoke = (event.account_id for event in request.history if event.role is Role.CITIZEN)
    return frozenset(filter(None, (*request.name_seen_by, request.filed_by, *spoke)))


def another_officer(case: Case, actor: Actor, _now: datetime) -> str | None:
    """After an objection the officer who declined may not decide again, in either direction."""
    if case.count(Action.OBJECT) and _decided_by(case, Action.DECLINE) == actor.account_id:
        return "another_officer"
    return None


def info_once(case: Case, actor: Actor, _now: datetime) -> str | None:
    """Only another officer may ask for missing facts a second time."""
    asked = case.count(Action.ASK_INFO)
    if asked > 1:
        return "info_asked_twice"
    if asked == 1 and _decided_by(case, Action.ASK_INFO) == actor.account_id:
        return "another_officer"
    return None


def not_taken_in(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """What the clock took in at a freeze can no longer be refused (docs/turns.md section 2)."""
    return "already_in_line" if case.count(Action.TAKE_IN) else None


def line_open(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Refuse questions from the closing of a line until its freeze, if the request is in that line.

    A request with an open question is outside the pool (docs/turns.md section 2), so a desk could
    exclude somebody by asking. Late screening is the city's fault: the clock takes the request in.
    """
    closed = isinstance(case, Request) and any(now >= line.closes_at for line in case.open_lines)
    return "line_closed" if closed else None


def line_not_closed(case: Case, _actor: Actor, now: datetime) -> str | None:
    """The desk takes nobody out of a line after its close, lest it shorten a list that it sees."""
    until = case.desk_until if isinstance(case, Request) else None
    return "line_closed" if until is not None and now >= until else None


LEAVING = (Action.WITHDRAW, Action.ACCEPT_ANSWER, Action.SAY_MET)
"""Acts by which she leaves for good, and which only she can undo."""


UNDOABLE = (*LEAVING, Action.DISPLACE)
"""The same, and a displacement, which she undoes by proving her identity with her card."""
RECLAIMED_WITHIN = timedelta(weeks=8)
_OF_ORDERS = frozenset({Action.CONCLUDE, Action.RESUME})


def left_by(history: Sequence[Event]) -> Event | None:
    """Return the act by which she left, if at most paper orders have moved the case since."""
    moves = (event for event in reversed(history) if event.from_stage != event.to_stage)
    last = next((move for move in moves if move.action not in _OF_ORDERS), None)
    return last if last is not None and last.action in UNDOABLE else None


def undoable(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Her leaving, or what was logged as such, can be undone until the next list is final."""
    last = left_by(case.history)
    if not isinstance(case, Request) or last is None:
        return "nothing_to_undo"
    if case.count(Action.ERASE):
        return "erased_already"
    if last.action is Action.DISPLACE:
        return "undo_late" if now - last.at > RECLAIMED_WITHIN else None
    return "undo_late" if case.undo_until is not None and now > case.undo_until else None


def redirected_once(case: Case, actor: Actor, _now: datetime) -> str | None:
    """The desk may redirect a request once; the second time only the overseer may."""
    if not case.count(Action.REDIRECT):
        return None if actor.has(Role.DESK) else "desk_decides"
    return None if actor.has(Role.OVERSEER) else "redirected_once"


def accepted_only_if_objected(case: Case, actor: Actor, now: datetime) -> str | None:
    """Only after the citizen's objection is a request redirected a third time, or once accepted.

    The desk answers no objection, so it reads that the request is accepted: by a colleague who was
    faster, or by the clock.
    """
    if case.stage is not Stage.SUBMITTED and actor.has(Role.DESK):
        return "redirect_accepted"
    may_move = case.stage is Stage.SUBMITTED and case.count(Action.REDIRECT) < REDIRECTS_UNASKED
    return None if may_move else redirect_objected(case, actor, now)


def redirect_objection_open(case: Case, _actor: Actor, now: datetime) -> str | None:
    """The citizen may object to a redirect once, within ten days; then the overseer may move it."""
    redirected = case.last(Action.REDIRECT)
    if redirected is None:
        return "nothing_redirected"
    if case.count(Action.OBJECT_REDIRECT):
        return "objected_once"
    return _late_to_object(case, redirected, now)


def redirect_objected(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """The overseer answers an objection to a redirect, unless the request was moved since."""
    last = case.last(Action.OBJECT_REDIRECT, Action.REDIRECT, Action.KEEP_DISTRICT)
    waits = last is not None and last.action is Action.OBJECT_REDIRECT
    return None if waits else "no_objection"


def objection_open(case: Case, _actor: Actor, now: datetime) -> str | None:
    """One objection to a decline, within ten days."""
    if case.count(Action.OBJECT):
        return "objected_once"
    declined = case.last(Action.DECLINE)
    return _late_to_object(case, declined, now) if declined else None


def refusal_objection_open(case: Case, _actor: Actor, now: datetime) -> str | None:
    """One objection to an explained refusal, within ten days."""
    refused = case.last(Action.FINISH_REFUSED)
    if refused is None:
        return "nothing_refused"
    if case.count(Action.OBJECT_REFUSAL):
        return "objected_once"
    return _late_to_object(case, refused, now)


def _late_to_object(case: Case, decided: Event, now: datetime) -> str | None:
    if case.count(Action.ERASE):
        return "erased_already"
    return "objection_late" if now >= objection_until(case, decided, now) else None


def objection_until(case: Case, decided: Event, now: datetime) -> datetime:
    """Return the end of the period in which she may object to a decision."""
    return objection_ends_at(case, decided, OBJECTION_DAYS, now)


def objection_ends_at(case: Case, event: Event, days: int, now: datetime) -> datetime:
    """Return the end of the days in which she may object to an event.

    The period begins on the day of the event if she was notified in time, else when she was
    notified; until then it has not begun. Outages prolong it.
    """
    at, informed = event.at, dict(case.informed)
    if event.id in informed:
        heard = informed[event.id] or now
        at = heard if tehran_day(heard) > tehran_day(at) + INFORMED_IN_TIME else at
    return prolonged(at, deadline_days(at, days), case.outages)


def may_object_to(case: Case) -> Event | None:
    """Return the decision against her that is in force and was not objected to, in time or not."""
    return decision_against(case.stage, case.history) if isinstance(case, Request) else None


def decision_against(stage: Stage, history: Sequence[Event]) -> Event | None:
    """Return the same from stage and history, before a request is loaded; None once objected."""
    against, objection = _OBJECTED_IN.get(stage, (None, None))
    if any(event.action is objection for event in history):
        return None
    ends = (Action.FINISH, against) if against is Action.FINISH_REFUSED else (against,)
    for event in reversed(standing(tuple(history))):
        if event.action in ends:
            return event if event.action is against else None
    return None


_REDIRECTED = (Action.REDIRECT, Action.OBJECT_REDIRECT)
_OBJECTED_IN: Mapping[Stage, tuple[Action, Action]] = {
    Stage.DECLINED: (Action.DECLINE, Action.OBJECT),
    Stage.SUBMITTED: _REDIRECTED,
    Stage.WAITING: _REDIRECTED,
    Stage.CLOSED: (Action.FINISH_REFUSED, Action.OBJECT_REFUSAL),
}

OBJECTION_TO: Mapping[Action | OrderAction, Action] = dict(_OBJECTED_IN.values())
"""Decision against her → her objection to it."""


def is_final(decided: Event, history: Sequence[Event]) -> bool:
    """Whether the decision followed her one objection of its kind, so that it is final."""
    objection = OBJECTION_TO.get(decided.action)
    return any(event.action is objection and event.id < decided.id for event in history)


def objection_waits(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """An objection waits for the overseer's answer."""
    waiting = case.count(Action.OBJECT_REFUSAL) > case.count(Action.ANSWER_OBJECTION)
    return None if waiting else "no_objection"


def answer_is_open(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """There is an answer to accept, and she has not insisted on the meeting since."""
    last = case.last(Action.ANSWER, Action.OFFER_ANSWER, Action.INSIST)
    return None if last and last.action is not Action.INSIST else "no_answer"


_ANSWERS: Mapping[Action | OrderAction, tuple[Action | OrderAction, ...]] = {
    Action.ACCEPT_ANSWER: (Action.ANSWER, Action.OFFER_ANSWER),
    Action.CONFIRM: SEATING,
    Action.GIVE_UP_SEAT: SEATING,
    OrderAction.CONFIRM_DONE: (OrderAction.REPORT,),
    OrderAction.CONTEST: (OrderAction.REPORT,),
}
"""Her step that ends the case or commits her → actions it answers; a newer one may have arrived."""


def answered_by(case: Case, action: Action | OrderAction) -> Event | None:
    """Return the event that this step would answer now; None for a step without such an event."""
    return case.last(*_ANSWERS[action]) if action in _ANSWERS else None


def offered_seldom(case: Case, actor: Actor, now: datetime) -> str | None:
    """One officer may offer her at most two answers a day: each is a message to her phone."""
    today = tehran_day(now)
    same = [e for e in case.history if e.action is Action.OFFER_ANSWER]
    his = [e for e in same if e.account_id == actor.account_id and tehran_day(e.at) == today]
    return "offered_often" if len(his) >= OFFERS_A_DAY else None


def in_time(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Before the deadline of this stage; a seat also before its original one (docs/turns.md 2)."""
    ends = case.due_at
    if ends is not None and isinstance(case, Request) and case.seat is not None:
        ends = min(ends, case.seat.answer_by)
    return "too_late" if ends is not None and now > ends else None


def before_answer_by(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Until Saturday 20:00 before the Monday, however the seat was assigned."""
    until = case.moves_until if isinstance(case, Request) else None
    return "too_late_to_move" if until is not None and now > until else None


def seat_accepted(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """An offer can only be accepted or refused; a seat must be hers before it can be moved."""
    return "offer_not_moved" if is_offered(event.action for event in case.history) else None


def seat_comes_back(case: Case, _actor: Actor, now: datetime) -> str | None:
    """A seat she gave up comes back while nobody was asked for it and she can still come in time.

    If it needed an answer, she must also be in time for that.
    """
    gave_up = case.last(*LETS_GO)
    if not isinstance(case, Request) or case.seat_back is None or gave_up is None:
        return "seat_gone"
    if now >= at_tehran(case.seat_back.monday, case.seat_back.time) + LATE_AFTER:
        return "seat_gone"
    has_to_answer = gave_up.from_stage in UNCONFIRMED and FREE not in gave_up.payload
    is_late = has_to_answer and now > case.seat_back.answer_by
    return "too_late" if is_late else None


def seat_went_on(case: Case, _actor: Actor, now: datetime) -> str | None:
    """She gave up a seat or refused an offer for good, and the next list is not final."""
    if not isinstance(case, Request) or newest_release(case.history) is None:
        return "nothing_to_deny"
    seat = case.seat_back
    if seat is not None and now < at_tehran(seat.monday, seat.time) + LATE_AFTER:
        return "nothing_to_deny"
    return "deny_late" if case.undo_until is not None and now > case.undo_until else None


def moved_not_yet(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A seat is moved once per request."""
    return "moved_once" if case.count(Action.MOVE_ONCE) else None


def no_lane_yet(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """One open lane request at a time, and none if she already has a lane."""
    decided = case.last(Action.DECIDE_LANE)
    is_granted = decided is not None and decided.payload["verdict"] == Verdict.YES
    if isinstance(case, Request) and (is_granted or case.lane != Lane.GENERAL):
        return "lane_held"
    return "lane_asked_already" if isinstance(case, Request) and open_lane_ask(case) else None


def came_by_a_lane(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Her seat came from a lane; a seat by her weeks needs no proof, nor does one by telephone."""
    seat = case.seat if isinstance(case, Request) else None
    is_by_lane = seat is not None and seat.lane is not None and not is_rung(case)
    return None if is_by_lane else "no_lane_seat"


def lane_asked(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A lane request is open."""
    return None if isinstance(case, Request) and open_lane_ask(case) else "no_lane_asked"


def judged_not_yet(case: Case, actor: Actor, _now: datetime) -> str | None:
    """Each of the two judges answers once."""
    ask = open_lane_ask(case) if isinstance(case, Request) else None
    return _judged_by(ask, actor)


def _judged_by(ask: BlindAsk | None, actor: Actor) -> str | None:
    """The judge of another question of this case is not a judge of this one."""
    if ask is None or actor.account_id not in ask.judges:
        return "not_your_role"
    answered = {answer.account_id for answer in ask.answers}
    return "judged_already" if actor.account_id in answered else None


def on_the_day(case: Case, actor: Actor, now: datetime) -> str | None:
    """Reception works on the Monday itself; only the clock may be late."""
    if actor.has(Role.CLOCK):
        return None
    if isinstance(case, Request) and case.seat and tehran_day(now) != case.seat.monday:
        return "not_that_day"
    return None


def time_remains(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Nobody is received after the hours, or a debt and her lateness would be indistinguishable.

    The first ten minutes from her seat's time are always hers.
    """
    ends = case.hours_end_at if isinstance(case, Request) else None
    seat = case.seat if isinstance(case, Request) else None
    if ends is not None and seat is not None:
        ends = max(ends, at_tehran(seat.monday, seat.time) + LATE_AFTER)
    return "hours_over" if ends is not None and now >= ends else None


def hears_the_call(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A citizen who cannot hear or see a call is not called, or an unnoticed call would count."""
    return "fetch_instead" if isinstance(case, Request) and is_fetched(case.needs) else None


def is_to_be_fetched(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Reception fetches citizens who cannot hear or see the call; everybody else is called."""
    return None if isinstance(case, Request) and is_fetched(case.needs) else "call_instead"


def called_today(case: Case, _actor: Actor, now: datetime) -> str | None:
    """There is a call of today to answer, and she has not been inside since."""
    last = case.last(*CALLS, Action.CALL_IN, Action.SEND_BACK)
    is_called = last and last.action in CALLS and tehran_day(last.at) == tehran_day(now)
    return None if is_called else "not_called_yet"


def coming_unanswered(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Her ten minutes of waiting are granted once a day: others wait meanwhile."""
    word = case.last(Action.COMING)
    return "is_expected" if word and tehran_day(word.at) == tehran_day(now) else None


TAKEN_BACK_WITHIN = timedelta(seconds=10)
"""City time in which reception may undo a press on the wrong name."""


def just_arrived(case: Case, _actor: Actor, now: datetime) -> str | None:
    """An arrival pressed by mistake can be undone at once, before anything follows from it."""
    return _not_just(case, SLIPS[Action.UNDO_ARRIVAL], now)


def just_missed(case: Case, _actor: Actor, now: datetime) -> str | None:
    """The same for a no-show."""
    return _not_just(case, SLIPS[Action.UNDO_NO_SHOW], now)


def just_came_late(case: Case, _actor: Actor, now: datetime) -> str | None:
    """The same for a late arrival, unless the no-show that it reversed is contested."""
    if isinstance(case, Request) and open_contests(case):
        return "slip_moved"
    return _not_just(case, SLIPS[Action.UNDO_LATE], now)


def _not_just(case: Case, slip: Action, now: datetime) -> str | None:
    newest = case.history[-1]
    if newest.action is not slip:
        return "slip_moved"
    return "slip_late" if now - newest.at > TAKEN_BACK_WITHIN else None


def no_show_today(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Coming late needs a no-show on the same day."""
    missed = case.last(Action.NO_SHOW)
    is_today = missed is not None and tehran_day(missed.at) == tehran_day(now)
    return None if is_today else "no_no_show_today"


def no_show_contestable(case: Case, _actor: Actor, now: datetime) -> str | None:
    """What took her weeks, a no-show or giving up late, may be contested once within three days."""
    lost = newest_loss(case.history)
    if lost is None:  # reception may have just taken it back
        return "nothing_lost" if case.last(Action.NO_SHOW) else "nothing_missed"
    if now > lost.at + CONTEST_WITHIN:
        return "contest_late"
    contested = case.last(Action.CONTEST_NO_SHOW)
    return "contested_once" if contested and contested.at >= lost.at else None


def no_show_contested(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A contest is open."""
    return None if isinstance(case, Request) and open_contests(case) else "no_contest"


def contest_judged_not_yet(case: Case, actor: Actor, _now: datetime) -> str | None:
    """Each of the two judges answers once; an officer who wrote the no-show is never a judge."""
    contest = contest_for(case, actor.account_id) if isinstance(case, Request) else None
    if contest is not None and actor.account_id in contest.missed_by:
        return "not_your_role"
    return _judged_by(contest, actor)


def paper_not_noted(case: Case, _actor: Actor, now: datetime) -> str | None:
    """She is asked once per Monday, in the week of that Monday, whether she was met on paper."""
    today = tehran_day(now)
    monday = today - timedelta(days=today.weekday())
    return "paper_noted" if note_of(case, monday) else None


def paper_noted(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """The mayor noted a meeting on paper; she cannot end her waiting by an unrecorded one."""
    return None if case.count(Action.NOTE_PAPER) else "paper_not_noted"


def room_free(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Nobody else is in the room."""
    return "room_taken" if isinstance(case, Request) and case.room_taken else None


def out_of_the_room(case: Case, actor: Actor, now: datetime) -> str | None:
    """A visitor in the room may be met until the end of that day; then the clock ends it."""
    if not actor.has(Role.CLOCK) or not isinstance(case, Request) or case.seat is None:
        return None
    is_inside = case.stage is Stage.IN_ROOM and tehran_day(now) <= case.seat.monday
    return "in_the_room" if is_inside else None


def outcome(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A meeting is finished with at least one order."""
    return None if isinstance(case, Request) and case.outcome_recorded else "no_outcome"


def nothing_ordered(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """With an order she was received, and is not sent back to be owed a seat beside it."""
    return "order_issued" if isinstance(case, Request) and case.outcome_recorded else None


def met(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She was in the mayor's room, or has confirmed a meeting on paper and not undone that."""
    left = left_by(case.history)
    on_paper = left is not None and left.action is Action.SAY_MET
    return None if on_paper or case.count(Action.FINISH, Action.FINISH_REFUSED) else "not_met"


def heard_unanswered(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She is asked once whether she was heard: a figure that can change later is worthless."""
    return "heard_answered" if case.count(Action.SAY_HEARD) else None


def time_to_insist(case: Case, _actor: Actor, now: datetime) -> str | None:
    """No answer instead of a meeting once she could no longer insist before the freeze.

    A decision minutes before the freeze would cost her a draw even if it were reversed later, and
    weeks follow only from the published lists, so none can be given back. The decision must
    therefore leave her time to object; a citizen who insists is in the list.
    """
    late = isinstance(case, Request) and any(now >= line.screened_by for line in case.open_lines)
    return "list_near" if late else None


def time_to_object(case: Case, actor: Actor, now: datetime) -> str | None:
    """The same for a refusal. The second refusal is final anyway, so it may come late."""
    return None if case.count(Action.OBJECT) else time_to_insist(case, actor, now)


def erasable(case: Case, _actor: Actor, now: datetime) -> str | None:
    """A case is erased once, some weeks after its end, when no decision on it is pending."""
    if not isinstance(case, Request) or case.count(Action.ERASE):
        return "erased_already"
    objected = case.count(Action.OBJECT_REFUSAL) > case.count(Action.ANSWER_OBJECTION)
    if objected or open_contests(case):
        return "erase_undecided"
    return None if now >= erasable_from(case, now) else "erase_later"


def erasable_from(request: Request, now: datetime) -> datetime:
    """Return when the texts and images of a closed request may be erased.

    Not while she may still object, because somebody must be able to read them to decide. A
    displaced request waits until its owner can no longer reclaim it, because another may have its
    phone.
    """
    over, left = deadline_days(request.stage_at, ERASABLE_DAYS), left_by(request.history)
    if against := may_object_to(request):
        over = max(over, objection_until(request, against, now))
    if left is None or left.action is not Action.DISPLACE:
        return over
    return max(over, deadline_days(left.at, RECLAIMED_WITHIN.days))
