"""What an officer reads to a citizen who calls or comes: stages, notices that have not reached her,
and the answers that she gives by him.

He reads what anybody reads who has the code (`by_code`), nothing she wrote; once she has proved
herself, also what she is asked. Each look is written down for her like any opening.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.lifecycle.guards import left_by, no_show_contestable
from publicmeeting.domain.lifecycle.voiding import veiled
from publicmeeting.domain.line.history import let_go
from publicmeeting.domain.notices import BY_TELEPHONE, Delivery
from publicmeeting.domain.people import IdentityKind, parse_identity, parse_mobile
from publicmeeting.domain.records import Case, Order, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.security import SecurityKind
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
from publicmeeting.usecases.base import (
    Command,
    FormValidator,
    Nothing,
    OneCase,
    UseCase,
    usecase,
)
from publicmeeting.usecases.filing.assisting import pictures_of_call
from publicmeeting.usecases.lifecycle.case_access import require_opened
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
    hangs_on,
    is_own_call,
    one_call,
    still_true,
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
"""What she may say to an invitation by an officer's hand."""
TAPS: Mapping[Action, UseCase[OneCase, Request]] = {
    Action.UNDO: undo_leaving,
    Action.UNDO_GIVE_UP: take_seat_back,
    Action.DENY_GIVE_UP: deny_giving_up,
}
"""By which she says that an act in her name was not hers, or takes it back: whoever has no mobile
has no tap, and somebody may have her receipt."""
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
"""What she may answer in words by his hand → what it answers, the newest of these: all that would
end, stand still, or take her weeks by her silence, and that a work called done is not. Nothing that
ends anything for her: her silence does that as well."""
CALL_STAYS = timedelta(minutes=15)
"""How long she counts as the caller once she has proved it."""
_FOUR, _PIN, _MOBILE = 4, 6, 11
_LIMITS = {_FOUR: (Limit.READ_OUT_DIGITS,), _PIN: (Limit.READ_OUT_PIN,)}
"""What wrong ones of a code are counted by; a whole mobile is found by nobody's guessing."""
_LOOKED_THROUGH = 20


class CallersCase(Command):
    """As on the page of tracking: the code, and last four digits, whole mobile or PIN."""

    code: str
    digits: str


class CallersNumber(Command):
    """Without a code: her mobile gets one that she reads out."""

    mobile: str
    budget: int = 0


class CallersWord(Command):
    kind: str = IdentityKind.NATIONAL.value
    identity: str
    mobile: str
    code: str


@dataclass(frozen=True, slots=True)
class Question:
    """What she is asked, and may answer in words; `number` names the order, empty for the request
    itself. `asked` is what was written to her."""

    action: Action | OrderAction
    number: str
    asked: str


@dataclass(frozen=True, slots=True)
class CallersPage:
    """`refused` is the key of a refusal, returned since the try is counted; then all is empty."""

    stages: StagesOnly | None = None
    news: tuple[Call, ...] = ()
    """What no message has brought her."""
    answers: tuple[Action, ...] = ()
    """Of `ANSWERS` and `TAPS`, once she has proved herself by a PIN or a code."""
    questions: tuple[Question, ...] = ()
    """The same of `IN_WORDS`."""
    is_proved: bool = False
    """Whether she has; without it she may have more to answer than is shown."""
    missed_at: datetime | None = None
    """Of a no-show that she may contest still."""
    lane: MyLane | None = None
    """What she may ask for with a document; None unless she has proved herself."""
    refused: str = ""


@usecase(*HELPERS)
def case_of_caller(
    uow: UnitOfWork, actor: Actor, command: CallersCase, now: datetime
) -> CallersPage:
    """By tracking code and digits. Keys: `tracking_short`, `tracking_unknown`,
    `read_out_wrong_full`, `read_out_digits_full`, `read_out_pin_full`; unknown codes and wrong
    digits look the same.

    Four digits and PINs of a code are counted apart, and a whole mobile for the officer alone, who
    has few tries: so whoever knows a code closes no more than one way to it.
    """
    code, typed = typed_digits(command.code), typed_answer(command.digits)
    if len(code) != TRACKING_DIGITS or len(typed) not in (_FOUR, _PIN, _MOBILE):
        return CallersPage(refused="tracking_short")
    username = username_of(uow, actor)
    uow.advisory_lock(f"track/{code}")  # guesses that come at once are counted one by one
    limits = tuple((limit, code) for limit in _LIMITS.get(len(typed), ()))
    refused = why_not_tried(uow, username, *limits)
    if refused:
        return CallersPage(refused=refused)
    request_id, person_id = uow.tracks.owner(code) or (None, None)
    is_right = uow.people.is_her_answer(person_id, typed)
    if request_id is None or not is_right:
        count_wrong(uow, username, *limits)
        note(uow, SecurityKind.TRACKING_WRONG, "", f"request {code}" if request_id else "unknown")
        return CallersPage(refused="tracking_unknown")
    # Four digits are read on every notice: they show stages and decide nothing.
    return _page(uow, actor, uow.requests.by_id(request_id), now, proved=len(typed) == _PIN)


@usecase(*HELPERS)
def send_tracking_code(
    uow: UnitOfWork, actor: Actor, command: CallersNumber, _now: datetime
) -> str:
    """Send the code with which she says that it is she; gives her mobile in its canonical form.

    The answer is the same for every mobile. Denied as `send_read_out` says.
    """
    mobile = parse_mobile(command.mobile)
    send_read_out(uow, actor, Purpose.TRACK, mobile, command.budget)
    return mobile


@usecase(*HELPERS)
def case_by_word(uow: UnitOfWork, actor: Actor, command: CallersWord, now: datetime) -> CallersPage:
    """By identity and the code read out: her live request, else her newest.

    Keys: what `check_read_out` gives, `caller_unknown` for an identity that has filed nothing with
    this mobile, whether it is known or not.
    """
    kind = next(
        (identity_kind for identity_kind in IdentityKind if identity_kind.value == command.kind),
        None,
    )
    if kind is None:
        raise Denied("form_broken")
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
    """`note` is what she says in words, `number` the order that it answers."""

    action: str
    note: str = ""
    number: str = ""


@usecase(*HELPERS)
def answer_for_caller(
    uow: UnitOfWork, actor: Actor, command: CallersAnswer, now: datetime
) -> CallersPage:
    """What she says to an invitation or a question, or of what was done in her name: her step,
    taken by the officer's hand.

    Denied("not_found") unless she has proved herself in this very call; `passed_yourself` where
    she denies a giving-up that this officer has passed on; the lifecycle's words; Invalid for a
    text that is too long.
    """
    request, hers = _by_his_hand(uow, actor, command.code)
    if command.action not in {one.value for one in (*ANSWERS, *TAPS, *IN_WORDS)}:
        raise Denied("form_broken")
    action, note = command.action, command.note
    tap = next((one for one in TAPS if one.value == action), None)
    if tap is not None and not command.number:
        gave_up = let_go(request.history) if tap is Action.DENY_GIVE_UP else None
        if gave_up is not None and gave_up.account_id == actor.account_id:
            raise Denied("passed_yourself")
        TAPS[tap](uow, hers, OneCase(code=request.code), now)
    elif command.number:
        if uow.orders.get_visible(command.number, hers).request_id != request.id:
            raise Denied("not_found")
        step = TakeOrderStep(number=command.number, action=action, note=note)
        take_order_step(uow, hers, step, now)
    else:
        take_step(uow, hers, TakeStep(code=request.code, action=action, note=note), now)
    return _page(uow, actor, uow.requests.by_id(request.id), now, proved=True)


class CallersLane(OneCase):
    """`photos` are the pictures that this officer has just taken of her document."""

    lane: str = ""
    photos: tuple[str, ...] = ()


@usecase(Role.DESK)
def ask_lane_for_caller(
    uow: UnitOfWork, actor: Actor, command: CallersLane, now: datetime
) -> CallersPage:
    """At a desk her document is photographed, and the ask of a lane is hers by the officer's hand:
    he is never picked to judge it (`hands`). Each is an event of his for the administrators, and
    one of all desks' in public (`LaneRate.at_desk`).

    Denied("not_found") unless she has proved herself in this very call; `image_not_yours` for a
    picture of no call of his; what `ask_lane` says.
    """
    request, hers = _by_his_hand(uow, actor, command.code)
    photos = tuple(pictures_of_call(uow, actor, command.photos))
    ask_lane(uow, hers, AskLane(code=request.code, lane=command.lane, photos=photos), now)
    note(uow, SecurityKind.LANE_AT_DESK, account_name(username_of(uow, actor)))
    return _page(uow, actor, uow.requests.by_id(request.id), now, proved=True)


def _by_his_hand(uow: UnitOfWork, actor: Actor, code: str) -> tuple[Request, Actor]:
    """Her request and herself, as she acts by this officer; Denied("not_found") unless she has
    proved herself in this very call."""
    request = uow.requests.find(code)
    if request is None or not uow.tracks.granted(_call_of(actor), request.id):
        raise Denied("not_found")
    grants = (Grant(Role.CITIZEN),)
    return request, Actor(
        person_id=request.person_id, account_id=actor.account_id, grants=grants, visit=actor.visit
    )


@usecase(*HELPERS)
def mark_heard(uow: UnitOfWork, actor: Actor, command: OneCall, now: datetime) -> None:
    """She has heard by telephone or at the counter what no message has brought her.

    Denied `not_opened` for a case this officer has not looked up today, `informed_already` when a
    colleague was faster, `not_found`. Where something hangs on it, unless she has proved herself in
    this call by a PIN or a code: `asked_yourself` for whoever has asked or recorded it, else
    `caller_unproved` where he has not opened a number of hers today to ring it.
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
    hangs = hangs_on(case, notice, now) if notice.by_telephone else None
    if hangs and not uow.tracks.granted(_call_of(actor), request.id):
        if is_own_call(actor, case, notice, hangs):
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
    """The next caller is somebody else: what this one has proved is over."""
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
    waiting = uow.outbox.calls_of(request.id)
    titles = uow.lists.headings({request.id})
    hers = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
    open_ = {step.action for step in steps_open_to(hers, request, now)} if proved else set()
    orders = [veiled(o, now) for o in uow.orders.of_request(request.id)] if proved else []
    cases: tuple[Case, ...] = (request, *orders) if proved else ()
    missed = request.last(Action.NO_SHOW)
    return CallersPage(
        stages=stages_of(uow, request, actor, now, is_proved=proved),
        news=still_true(
            (one_call(uow, actor, notice, titles, now) for notice in waiting if notice.person_id),
            now,
        ),
        answers=_answers(uow, request, open_),
        questions=tuple(question for case in cases for question in _questions(hers, case, now)),
        is_proved=proved,
        missed_at=missed.at if missed and not no_show_contestable(request, hers, now) else None,
        lane=my_lane(uow, hers, request, now) if proved else None,
    )


def _answers(
    uow: UnitOfWork, request: Request, open_: Collection[Action | OrderAction]
) -> tuple[Action, ...]:
    """Without what would bring nothing back; of a request that went as another's she proves first,
    by her card, that it is hers."""
    found = [action for action in (*ANSWERS, *TAPS) if action in open_]
    left = left_by(request.history)
    if left is not None and left.action is Action.DISPLACE:
        found = [action for action in found if action is not Action.UNDO]
    if Action.DENY_GIVE_UP in found and denial_of(uow, request) is None:
        found.remove(Action.DENY_GIVE_UP)
    return tuple(found)


def _questions(hers: Actor, case: Case, now: datetime) -> Iterator[Question]:
    number = case.number if isinstance(case, Order) else ""
    for step in steps_open_to(hers, case, now):
        if step.action in IN_WORDS:
            asked = case.last(*IN_WORDS[step.action])
            yield Question(step.action, number, (asked and asked.note) or "")


def _call_of(actor: Actor) -> str:
    """Beside the visits of browsers: an officer with one caller."""
    return f"call/{actor.account_id}/{actor.visit}"
