"""What an officer reads to a citizen who calls or comes, and the answers he takes for her.

He sees stages and undelivered notices. He reads what any holder of the code reads (`by_code`) and
nothing that she wrote. After she has proved herself, he also reads what she is asked. Each time he
opens the page is recorded for her, like any opening.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.guards import answered_by, left_by, no_show_contestable
from publicmeeting.domain.lifecycle.notices import BY_TELEPHONE, Delivery
from publicmeeting.domain.lifecycle.order_guards import veiled
from publicmeeting.domain.line.history import newest_release
from publicmeeting.domain.line.lanes import newest_loss
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import IdentityKind, parse_identity, parse_mobile
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import LIVE, Action, OrderAction
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.read_out_codes import (
    HELPERS,
    Purpose,
    check_read_out,
    count_wrong,
    helper_role,
    send_read_out,
    username_of,
    why_not_tried,
)
from publicmeeting.usecases.alone import readable
from publicmeeting.usecases.base import (
    Command,
    FormValidator,
    Nothing,
    OneCase,
    UseCase,
    parsed,
    usecase,
)
from publicmeeting.usecases.filing.assisting import pictures_of_call
from publicmeeting.usecases.lifecycle.case_access import require_opened
from publicmeeting.usecases.lifecycle.effects.costs import Cost, cost_of_giving_up, silence_costs
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.line.objections.undoing import (
    denial_of,
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.rate_limits import Limit
from publicmeeting.usecases.screening.calls import (
    Call,
    OneCall,
    consequence_of,
    current_calls,
    is_own_call,
    one_call,
)
from publicmeeting.usecases.security_notes import account_name, note
from publicmeeting.usecases.tracking.by_code import (
    TRACKING_DIGITS,
    StagesOnly,
    stages_of,
    typed_answer,
    typed_digits,
)
from publicmeeting.usecases.tracking.turn import MyLane, my_lane

ANSWERS = (Action.CONFIRM, Action.GIVE_UP_SEAT)
"""Answers to an invitation that she may give through an officer."""
TAPS: Mapping[Action, UseCase[OneCase, Request]] = {
    Action.UNDO: undo_leaving,
    Action.UNDO_GIVE_UP: take_seat_back,
    Action.DENY_GIVE_UP: deny_giving_up,
}
"""Steps by which she denies or takes back an act in her name.

A citizen without a mobile has no page of her own for it, and somebody may have her receipt.
"""
IN_WORDS: Mapping[Action | OrderAction, tuple[Action | OrderAction, ...]] = {
    Action.GIVE_INFO: (Action.ASK_INFO,),
    Action.INSIST: (Action.ANSWER,),
    Action.OBJECT: (Action.DECLINE,),
    Action.OBJECT_REDIRECT: (Action.REDIRECT,),
    Action.OBJECT_REFUSAL: (Action.FINISH_REFUSED,),
    Action.CONTEST_NO_SHOW: (Action.NO_SHOW,),
    OrderAction.TELL_UNIT: (OrderAction.ASK_CITIZEN,),
    OrderAction.CONTEST: (OrderAction.REPORT,),
    OrderAction.REOPEN: (OrderAction.UPHOLD, OrderAction.SETTLE, OrderAction.CONFIRM_DONE),
}
"""Steps in words that she may take through him → what they answer, of which the newest counts.

They cover everything that her silence would end, hold up or cost her weeks, and the claim that a
finished work is not done. No step that ends something for her is included, because her silence does
that as well.
"""
CALL_STAYS = timedelta(minutes=15)
"""How long a citizen counts as the caller after proving herself."""
_FOUR, _PIN, _MOBILE = 4, 6, 11
_LIMITS = {_FOUR: (Limit.READ_OUT_DIGITS,), _PIN: (Limit.READ_OUT_PIN,)}
"""Limits by which wrong ones of a code are counted; a whole mobile cannot be guessed."""
_LOOKED_THROUGH = 20


class CallersCase(Command):
    """The code, and last four digits, whole mobile or PIN, as on the tracking page."""

    code: str
    digits: str


class CallersNumber(Command):
    """A call without a code: her mobile receives one that she reads out."""

    mobile: str
    budget: int = 0


class CallersWord(Command):
    kind: str = IdentityKind.NATIONAL.value
    identity: str
    mobile: str
    code: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that she may answer in words, with the text written to her (`asked`).

    `number` names the order, empty for the request itself. `about` is the event that it answers, by
    its number; empty for a step without one.
    """

    action: Action | OrderAction
    number: str
    asked: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class CallersPage:
    """The officer's page of a caller; with a `refused` key everything else is empty.

    The refusal is returned, because the try is counted.
    """

    stages: StagesOnly | None = None
    news: tuple[Call, ...] = ()
    """Notices that no message has brought her."""
    answers: tuple[Action, ...] = ()
    """Steps of `ANSWERS` and `TAPS` open to her, after she proved herself by PIN or code."""
    questions: tuple[Question, ...] = ()
    """Questions that steps of `IN_WORDS` answer, after the same proof."""
    is_proved: bool = False
    """Whether she has proved herself; otherwise there may be more to answer."""
    cost: Cost | None = None
    """Cost of giving her seat up now; None unless she has proved herself and may."""
    is_owed: bool = False
    silence_costs: bool = False
    lost: Event | None = None
    """The no-show or giving-up that took her weeks, while she may contest it."""
    lane: MyLane | None = None
    """The lanes for which she may ask with a document; None unless she has proved herself."""
    refused: str = ""


@usecase(*HELPERS)
def case_of_caller(
    uow: UnitOfWork, actor: Actor, command: CallersCase, now: datetime
) -> CallersPage:
    """Return the page of a caller by tracking code and digits.

    Keys: `tracking_short`, `tracking_unknown`, `read_out_wrong_full`, `read_out_digits_full`,
    `read_out_pin_full`. Unknown codes and wrong digits look the same. Four digits and PINs are
    counted separately for each code. A whole mobile is counted only for the officer, who has few
    tries. Somebody who knows a code can therefore block one way to it at most.
    """
    code, typed = typed_digits(command.code), typed_answer(command.digits)
    if len(code) != TRACKING_DIGITS or len(typed) not in (_FOUR, _PIN, _MOBILE):
        return CallersPage(refused="tracking_short")
    username = username_of(uow, actor)
    uow.advisory_lock(f"track/{code}")  # simultaneous guesses are counted one after another
    limits = tuple((limit, code) for limit in _LIMITS.get(len(typed), ()))
    refused = why_not_tried(uow, username, *limits)
    if refused:
        return CallersPage(refused=refused)
    request_id, person_id = uow.tracks.owner(code) or (None, None)
    is_right = uow.people.is_right_answer(person_id, typed)
    if request_id is None or not is_right:
        count_wrong(uow, username, *limits)
        note(uow, SecurityKind.TRACKING_WRONG, "", f"request {code}" if request_id else "unknown")
        return CallersPage(refused="tracking_unknown")
    # Four digits are on every notice: they show stages and allow no decision.
    return _page(uow, actor, uow.requests.by_id(request_id), now, proved=len(typed) == _PIN)


@usecase(*HELPERS)
def send_tracking_code(
    uow: UnitOfWork, actor: Actor, command: CallersNumber, _now: datetime
) -> str:
    """Send the code by which she proves herself; return her mobile, canonical.

    The answer is the same for every mobile. Denied as in `send_read_out`.
    """
    mobile = parse_mobile(command.mobile)
    send_read_out(uow, actor, Purpose.TRACK, mobile, command.budget)
    return mobile


@usecase(*HELPERS)
def case_by_word(uow: UnitOfWork, actor: Actor, command: CallersWord, now: datetime) -> CallersPage:
    """Return the page of a caller by identity and the code read out: live request, else newest.

    Keys: those of `check_read_out`, and `caller_unknown` for an identity, known or not, that has
    filed nothing with this mobile.
    """
    kind = parsed(IdentityKind, command.kind)
    checked = FormValidator()
    identity = checked.field("identity", lambda v: parse_identity(kind, v), command.identity)
    mobile = checked.field("mobile", parse_mobile, command.mobile)
    checked.done()
    refused = check_read_out(uow, actor, Purpose.TRACK, mobile or "", command.code)
    if refused:
        return CallersPage(refused=refused)
    known = uow.people.by_identity(kind.value, identity or "")
    if known is None or known.mobile != mobile:
        return CallersPage(refused="caller_unknown")
    lines = uow.lists.requests(Filter(person_id=known.id), limit=_LOOKED_THROUGH, newest=True)
    if not lines:
        return CallersPage(refused="caller_unknown")
    line = next((request_line for request_line in lines if request_line.stage in LIVE), lines[0])
    return _page(uow, actor, uow.requests.by_id(line.id), now, proved=True)


class CallersAnswer(OneCase):
    """A caller's answer; `note` is what she says in words, `number` the order that it answers.

    `about` is the event that was read to her, as in `Question`.
    """

    action: str
    note: str = ""
    number: str = ""
    about: str = ""


@usecase(*HELPERS)
def answer_for_caller(
    uow: UnitOfWork, actor: Actor, command: CallersAnswer, now: datetime
) -> CallersPage:
    """Take her step through the officer: an answer, a question in words, or a denial of an act.

    Denied("not_found") unless she has proved herself in this very call; `passed_yourself` if she
    denies a giving-up that this officer has passed on; the lifecycle's keys; Invalid for a text
    that is too long.
    """
    request, citizen = _request_and_citizen(uow, actor, command.code)
    if command.action not in {allowed.value for allowed in (*ANSWERS, *TAPS, *IN_WORDS)}:
        raise Denied("form_broken")
    action, note = command.action, command.note
    tap = next((known for known in TAPS if known.value == action), None)
    if tap is not None and not command.number:
        gave_up = newest_release(request.history) if tap is Action.DENY_GIVE_UP else None
        if gave_up is not None and gave_up.account_id == actor.account_id:
            raise Denied("passed_yourself")
        TAPS[tap](uow, citizen, OneCase(code=request.code), now)
    elif command.number:
        if uow.orders.get_visible(command.number, citizen).request_id != request.id:
            raise Denied("not_found")
        step = TakeOrderStep(number=command.number, action=action, note=note, about=command.about)
        take_order_step(uow, citizen, step, now)
    else:
        take_step(uow, citizen, TakeStep(code=request.code, action=action, note=note), now)
    return _page(uow, actor, uow.requests.by_id(request.id), now, proved=True)


class CallersLane(OneCase):
    """A request for a lane; `photos` show her document, just taken by this officer."""

    lane: str = ""
    photos: tuple[str, ...] = ()


@usecase(Role.DESK)
def ask_lane_for_caller(
    uow: UnitOfWork, actor: Actor, command: CallersLane, now: datetime
) -> CallersPage:
    """Ask for a lane in her name at a desk, where her document is photographed.

    The officer is never picked to judge it (`accounts_knowing_her`). Administrators see each as an
    event of his; the public sees a count of all desks (`LaneRate.at_desk`). Denied("not_found")
    unless she has proved herself in this very call; `image_not_yours` for a picture that belongs to
    no call of his; what `ask_lane` raises.
    """
    request, citizen = _request_and_citizen(uow, actor, command.code)
    photos = tuple(pictures_of_call(uow, actor, command.photos))
    ask_lane(uow, citizen, AskLane(code=request.code, lane=command.lane, photos=photos), now)
    note(uow, SecurityKind.LANE_AT_DESK, account_name(username_of(uow, actor)))
    return _page(uow, actor, uow.requests.by_id(request.id), now, proved=True)


def _request_and_citizen(uow: UnitOfWork, actor: Actor, code: str) -> tuple[Request, Actor]:
    """Return her request, and the actor as which she acts through this officer.

    Denied("not_found") unless she has proved herself in this very call.
    """
    request = uow.requests.find(code)
    if request is None or not uow.tracks.granted(_call_of(actor), request.id):
        raise Denied("not_found")
    grants = (Grant(Role.CITIZEN),)
    return request, Actor(
        person_id=request.person_id, account_id=actor.account_id, grants=grants, visit=actor.visit
    )


@usecase(*HELPERS)
def mark_heard(uow: UnitOfWork, actor: Actor, command: OneCall, now: datetime) -> None:
    """Record that she has heard a notice by telephone or at the counter.

    Denied `not_opened` for a case that this officer has not looked up today; `informed_already` if
    a colleague was faster; `not_found`. If something depends on the notice, and she has not proved
    herself in this call by PIN or code: `asked_yourself` for the officer who asked or recorded it,
    else `caller_unproved` if he has not opened a number of hers today to ring it.
    """
    try:
        notice = uow.outbox.get(command.notice)
    except KeyError:
        raise Denied("not_found") from None
    request = uow.requests.by_id(notice.request_id)
    if notice.person_id is None:
        raise Denied("not_found")
    require_opened(uow, actor, request, now)
    case = uow.orders.by_id(notice.order_id) if notice.order_id else request
    consequence = consequence_of(case, notice, now) if notice.by_telephone else None
    if consequence and not uow.tracks.granted(_call_of(actor), request.id):
        if is_own_call(actor, case, notice, consequence):
            raise Denied("asked_yourself")
        has_number = notice.state != Delivery.TO_CALL
        if not has_number or not uow.requests.named_today({request.id}, actor, now):
            raise Denied("caller_unproved")
    if not uow.outbox.mark_called(notice.id, actor.account_id, now):
        if uow.outbox.get(notice.id).called_by == actor.account_id:
            return  # tapped twice: it is done
        raise Denied("informed_already" if notice.state not in BY_TELEPHONE else "not_found")
    uow.publish(f"district:{request.district}", f"person:{request.person_id}")


@usecase(*HELPERS)
def end_call(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> None:
    """End the call; what this caller has proved does not hold for the next."""
    uow.tracks.forget(_call_of(actor))


def _page(
    uow: UnitOfWork, actor: Actor, request: Request, now: datetime, *, proved: bool
) -> CallersPage:
    role = helper_role(actor)
    if uow.requests.record_opening(request, actor, role.value, now, with_name=False):
        uow.publish(f"request:{request.code}")
    uow.tracks.forget(_call_of(actor))
    if proved:
        uow.tracks.grant(_call_of(actor), request.id, CALL_STAYS)
    waiting = [call for call in uow.outbox.calls_of(request.id) if call.person_id]
    titles = uow.lists.headings({request.id})
    citizen = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
    open_ = {step.action for step in steps_open_to(citizen, request, now)} if proved else set()
    orders = [veiled(o, now) for o in uow.orders.of_request(request.id)] if proved else []
    cases: tuple[Case, ...] = (request, *orders) if proved else ()
    lost = newest_loss(request.history)
    stages = stages_of(uow, request, actor, now, is_proved=proved)
    if stages.is_changed:
        uow.security.report_forged(f"request {request.code}")
    # A notice whose words are not sure is not read out to her, and the others are.
    read_call = partial(one_call, uow, actor, titles=titles, now=now)
    return CallersPage(
        stages=stages,
        news=current_calls(readable(uow, "a call", waiting, read_call), now),
        answers=_answers(uow, request, open_),
        questions=tuple(question for case in cases for question in _questions(citizen, case, now)),
        is_proved=proved,
        cost=cost_of_giving_up(uow, request, now) if Action.GIVE_UP_SEAT in open_ else None,
        is_owed=bool(request.debt),
        silence_costs=Action.CONFIRM in open_ and silence_costs(uow, request),
        lost=None if no_show_contestable(request, citizen, now) else lost,
        lane=my_lane(uow, citizen, request, now) if proved else None,
    )


def _answers(
    uow: UnitOfWork, request: Request, open_: Collection[Action | OrderAction]
) -> tuple[Action, ...]:
    """Return her open answers, without those that would bring nothing back.

    A displaced request needs her card first, so undoing an act is not among its answers.
    """
    found = [action for action in (*ANSWERS, *TAPS) if action in open_]
    left = left_by(request.history)
    if left is not None and left.action is Action.DISPLACE:
        found = [action for action in found if action is not Action.UNDO]
    if Action.DENY_GIVE_UP in found and denial_of(uow, request) is None:
        found.remove(Action.DENY_GIVE_UP)
    return tuple(found)


def _questions(citizen: Actor, case: Case, now: datetime) -> Iterator[Question]:
    number = case.number if isinstance(case, Order) else ""
    for step in steps_open_to(citizen, case, now):
        if step.action in IN_WORDS:
            asked = case.last(*IN_WORDS[step.action])
            answered = answered_by(case, step.action)
            about = str(answered.id) if answered else ""
            yield Question(step.action, number, (asked and asked.note) or "", about)


def _call_of(actor: Actor) -> str:
    """Return the name under which an officer with a caller is granted a view, beside visits."""
    return f"call/{actor.account_id}/{actor.visit}"
