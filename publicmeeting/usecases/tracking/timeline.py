"""A citizen's view of her requests: the list, the timeline, and who has opened them."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from publicmeeting.domain.districts.city import subject
from publicmeeting.domain.lifecycle.advance import firing, road_ahead, steps_open_to
from publicmeeting.domain.lifecycle.guards import (
    UNDOABLE,
    left_by,
    may_object_to,
    objection_until,
)
from publicmeeting.domain.lifecycle.order_guards import is_order_owed, veiled
from publicmeeting.domain.lifecycle.tables import STEP_FOR, AnyAction, Step
from publicmeeting.domain.lifecycle.timeline import DrawSeen, Mark, MarkState, timeline
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.line.lanes import newest_loss
from publicmeeting.domain.orders.promises import first_sentence
from publicmeeting.domain.records import (
    Case,
    Image,
    Monday,
    Order,
    Request,
    RequestLine,
    is_changed,
)
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import IN_LINE, LETS_GO, OVER, Action, Need, OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.base import OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import (
    answered_events,
    documents_of,
    own_request,
    photos_of,
    signed_in_person,
    steps_refused,
)
from publicmeeting.usecases.lifecycle.effects.costs import Cost
from publicmeeting.usecases.lifecycle.steps import is_to_prove
from publicmeeting.usecases.line.displacing import comes_back_unchanged
from publicmeeting.usecases.line.objections.undoing import Denial, cost_of_undoing, denial_of
from publicmeeting.usecases.meetings.day_place import texts_of_day
from publicmeeting.usecases.orders.lists import OrderLine, order_lines
from publicmeeting.usecases.public_record.cosigning import is_list_signed, read_ceremonies
from publicmeeting.usecases.tracking.orders import CitizenOrder, citizen_order

MOST = 30
_BRINGS_BACK = frozenset({Action.OBJECT, Action.OBJECT_REFUSAL, Action.UNDO})
"""Steps that may still bring a request back that is over."""
QUESTIONS_AFTERWARDS = frozenset({Action.SAY_HEARD, OrderAction.SAY_DONE})
"""Questions after the meeting and after the due date; nothing waits for an answer to them."""
AWAITED_OF_CITIZEN = frozenset(
    {
        Action.GIVE_INFO,
        Action.INSIST,
        Action.CONFIRM,
        OrderAction.TELL_UNIT,
        OrderAction.CONFIRM_DONE,
        *QUESTIONS_AFTERWARDS,
    }
)
"""Steps of which an open one means that something waits for her answer."""


@dataclass(frozen=True, slots=True)
class MyRequest:
    """One of her requests as a row; `waits_for_you` names what she is asked."""

    line: RequestLine
    orders: tuple[OrderLine, ...]
    waits_for_you: tuple[Step, ...]
    assisted: bool
    """Whether an officer filed it in her name."""
    is_unread: bool = False
    """Whether only what is in `line` can still be decrypted."""
    is_displaced: bool = False
    """Whether its identity is proved to be another's; no step is shown but reclaiming it."""
    is_changed: bool = False
    """Whether it or an order was changed in the database past this program."""

    @property
    def is_awaited(self) -> bool:
        """Whether something stands still until she answers."""
        return any(step.action not in QUESTIONS_AFTERWARDS for step in self.waits_for_you)


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """One of her requests, from its filing to the road ahead."""

    request: Request
    marks: tuple[Mark, ...]
    orders: tuple[CitizenOrder, ...]
    photos: tuple[Image, ...]
    documents: Mapping[int, tuple[Image, ...]]
    """Event id → the document with which she asked for a lane."""
    offered_by: str
    """The unit that offered an answer instead of a meeting, if one can be named."""
    day: Monday | None
    """The Monday of the seat she holds."""
    address: str
    hall: str
    openings: int
    steps: tuple[Step, ...]
    refused: tuple[tuple[Step, str], ...]
    now: datetime
    is_outside: bool = False
    """Whether she missed two meetings and is in no list before she has been verified."""
    undo_cost: Cost | None = None
    """What undoing her leaving costs, if her seat does not come back with it."""
    denial: Denial | None = None
    """What denying her giving-up returns, after the seat has gone to another."""
    is_unread: bool = False
    """Whether something here asks for her answer and she had not seen it."""
    refusal: str | None = None
    """The first sentence of the mayor's explanation, if the meeting ended with a refusal."""
    objection_until: datetime | None = None
    """Until when she may object to the decision against her, if there is one."""
    proves_first: bool = False
    """Whether a meeting by telephone is open to her only after somebody has seen her card."""
    answered: Mapping[AnyAction, int] = field(default_factory=dict)
    """Her step → the event that it answers, by its number."""
    is_changed: bool = False
    """Whether a step was written, changed or removed in the database past this program."""
    is_displaced: bool = False
    """Whether it was displaced while she was asked something, so that she reclaims it first."""
    lost: int | None = None
    """Id of the event whose cost a contest could give back."""
    may_file: bool = False
    """Whether this request is over for good, and no other of hers is open."""

    @property
    def dates(self) -> DateWords:
        return DateWords(self.now)

    @property
    def newest(self) -> Mapping[AnyAction, Mark]:
        """Return the newest past or current mark of each action, the newest action first.

        Steps that the database owner wrote are left out.
        """
        found: dict[AnyAction, Mark] = {}
        for mark in reversed(self.marks):
            is_past = mark.state is not MarkState.AHEAD
            if mark.action is not None and is_past and mark.is_genuine:
                found.setdefault(mark.action, mark)
        return found

    def pressed_here(self, event_id: int) -> "TimelinePage":
        """Return the page for whoever took this step on it: she is not asked whether it was her."""
        let_go = next((mark for mark in self.newest.values() if mark.action in LETS_GO), None)
        if self.denial is None or let_go is None or let_go.event_id != event_id:
            return self
        return replace(
            self,
            steps=tuple(step for step in self.steps if step.action is not Action.DENY_GIVE_UP),
            marks=tuple(
                replace(mark, is_undoable=False) if mark is let_go else mark for mark in self.marks
            ),
            denial=None,
        )

    @property
    def list_until(self) -> datetime | None:
        """Return until when her answer or objection leaves her in the list that is fixed next.

        None if that is no time of its own: there is no such list, or her own time ends before.
        """
        line = next(iter(self.request.open_lines), None)
        ends = self.request.due_at or self.objection_until
        if line is None or self.now >= line.freeze_at or (ends and ends <= line.freeze_at):
            return None
        return line.freeze_at

    @property
    def going_on(self) -> tuple[Mark, ...]:
        """Return the current marks: of the request, and of each open order."""
        return tuple(mark for mark in self.marks if mark.state is MarkState.NOW)

    @property
    def units(self) -> Mapping[int, str]:
        """Return event id → the unit that took the step; empty if it cannot be named."""
        units = {event: unit for order in self.orders for event, unit in order.units.items()}
        return {mark.event_id: units.get(mark.event_id, self.offered_by) for mark in self.marks}

    @property
    def units_of_orders(self) -> Mapping[str, str]:
        """Return order number → its unit, if she has several orders."""
        several = self.orders if len(self.orders) > 1 else ()
        return {order.line.number: order.line.unit for order in several}

    @property
    def needs_no_answer(self) -> bool:
        """Return whether the seat is hers without an answer."""
        seat = self.request.seat
        return seat is not None and seat.needs_no_answer(self.request.due_at)

    @property
    def subject(self) -> str:
        """Return the name of its subject."""
        return subject(self.request.subject).name

    @property
    def is_order_owed(self) -> bool:
        """Return whether all orders issued to her have become void."""
        return is_order_owed(self.request)

    @property
    def right_order(self) -> OrderLine | None:
        """Return the void order for which the mayor owes the right one."""
        lines = (order.line for order in self.orders)
        return next((line for line in lines if line.right_order_by is not None), None)

    @property
    def right_order_until(self) -> str:
        """Return until when he owes it, in words; empty if he owes none."""
        owed = self.right_order.right_order_by if self.right_order else None
        return self.dates.until(owed) if owed else ""


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening of the case: in which role, by which office, when."""

    role: Role
    at: datetime
    district: int
    unit: str = ""
    """The unit of a unit's officer, if it is unambiguous."""
    with_name: bool = False
    """Whether her name could be read."""


def requests_of(uow: UnitOfWork, actor: Actor, now: datetime) -> tuple[MyRequest, ...]:
    """Return all requests of the person for whom this session acts, newest first."""
    lines = uow.lists.requests(Filter(person_id=signed_in_person(actor)), limit=MOST)
    newest = sorted(lines, key=lambda line: line.filed_at, reverse=True)
    ids = [line.id for line in newest]
    if uow.is_reading:
        with suppress(*UNREADABLE):  # if one is unreadable, each is read separately
            uow.requests.read_checked(ids)
            uow.orders.read_of_requests(ids)
    is_displaced = uow.people.is_displaced(signed_in_person(actor))
    return tuple(_mine(uow, actor, line, now, is_displaced=is_displaced) for line in newest)


@usecase(Role.CITIZEN)
def timeline_page(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> TimelinePage:
    """Return everything on the page of one request; Denied("not_found") for somebody else's."""
    return page_of(uow, actor, own_request(uow, actor, command.code), now)


def page_of(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> TimelinePage:
    """Return the page of a request that is known to be the actor's own."""
    orders = [veiled(order, now) for order in uow.orders.of_request(request.id)]
    seat = request.seat
    day = uow.city.monday(request.district, seat.monday) if seat else None
    is_displaced = comes_back_unchanged(uow, request, now)
    of_orders = tuple(citizen_order(uow, actor, order, now) for order in orders)
    if orders and uow.people.is_displaced(request.person_id):  # nobody answers in her name
        of_orders = tuple(replace(order, steps=(), refused=()) for order in of_orders)
    steps = (STEP_FOR[Action.UNDO],) if is_displaced else steps_open_to(actor, request, now)
    open_ = {step.action for step in steps}
    denial = denial_of(uow, request) if Action.DENY_GIVE_UP in open_ else None
    if denial is None:  # denying would bring nothing back
        open_.discard(Action.DENY_GIVE_UP)
    proves_first = Action.ASK_CALL in open_ and is_to_prove(uow, request)
    if proves_first:
        open_.remove(Action.ASK_CALL)
    steps = tuple(step for step in steps if step.action in open_)
    undoable = _undoable(uow, request, open_, now)
    on = seat.monday if seat else tehran_day(now)
    place = texts_of_day(uow, request.district, on, request.history)
    against = may_object_to(request)
    lost = newest_loss(request.history)
    return TimelinePage(
        request=replace(request, name_seen_by=frozenset(), history=()),
        marks=tuple(
            replace(mark, is_undoable=mark.event_id in undoable)
            for mark in timeline(request, orders, actor, now, draws_seen(uow, request))
        ),
        orders=of_orders,
        photos=photos_of(uow, request),
        documents=documents_of(uow, request),
        offered_by=_offered_by(uow, request),
        day=day,
        address=place.address if place else "",
        hall=place.hall if place else "",
        openings=len(uow.requests.openings(request)),
        steps=steps,
        refused=steps_refused(actor, request, now),
        now=now,
        is_outside=request.stage in IN_LINE and uow.requests.is_outside(request),
        undo_cost=cost_of_undoing(uow, request, now)
        if Action.UNDO in open_ and not is_displaced
        else None,
        denial=denial,
        is_unread=_is_asked(request, orders) and uow.asking.is_unread(request.id),
        refusal=_refusal(request),
        objection_until=objection_until(request, against, now) if against else None,
        proves_first=proves_first,
        answered=answered_events(request, steps),
        is_changed=is_changed(request, *orders) or any(order.is_swapped for order in of_orders),
        is_displaced=is_displaced,
        lost=lost.id if lost else None,
        may_file=_may_file(uow, request, open_),
    )


def _may_file(uow: UnitOfWork, request: Request, open_: AbstractSet[AnyAction]) -> bool:
    """Return whether a new request is her next step: nothing brings this one back.

    An objection that waits for its answer has a due date.
    """
    if request.stage not in OVER or request.due_at or not open_.isdisjoint(_BRINGS_BACK):
        return False
    person = request.person_id
    return uow.requests.live_code(person) is None and not uow.people.is_displaced(person)


def _refusal(request: Request) -> str | None:
    end = request.last(Action.FINISH, Action.FINISH_REFUSED)
    if end is None or end.action is not Action.FINISH_REFUSED:
        return None
    return first_sentence(end.note or "")


def _is_asked(request: Request, orders: Sequence[Order]) -> bool:
    """Return whether her silence would end something, or let it stand."""
    if may_object_to(request) is not None:
        return True
    cases: tuple[Case, ...] = (request, *orders)
    return any(firing(case.stage) is not None for case in cases)


@usecase(Role.CITIZEN)
def note_read(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> None:
    """Record that she has this page open, so that its questions have reached her.

    Denied("not_found") for somebody else's request.
    """
    uow.asking.mark_seen(own_request(uow, actor, command.code).id, now)


_LETS_BACK: tuple[tuple[Action, tuple[Action, ...]], ...] = (
    (Action.UNDO, UNDOABLE),
    (Action.UNDO_GIVE_UP, LETS_GO),
    (Action.DENY_GIVE_UP, LETS_GO),
)


def _undoable(
    uow: UnitOfWork, request: Request, open_: Collection[AnyAction], now: datetime
) -> set[int]:
    """Return the events of acts in her name that she can deny now.

    These are what she left by or let a seat go by, and left-out Mondays until the objections to
    their list end.
    """
    found = {
        event.id
        for action, acts in _LETS_BACK
        if action in open_ and (event := request.last(*acts)) is not None
    }
    newest = {
        str(event.payload.get(Need.MONDAY.value)): event.id
        for event in request.history
        if event.action is Action.EXCLUDE
    }
    for day, event_id in newest.items():
        monday = date.fromisoformat(day)
        rules = uow.city.rules_on(monday)
        is_open = rules is not None and now <= Week(monday, rules.body).objections_until
        if is_open and request.stage in IN_LINE and is_out(request, monday):
            found.add(event_id)
    return found


@usecase(Role.CITIZEN)
def openings(
    uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime
) -> tuple[Opening, ...]:
    """Return who has opened her file, by role, newest first."""
    return openings_of(uow, own_request(uow, actor, command.code))


def openings_of(uow: UnitOfWork, request: Request) -> tuple[Opening, ...]:
    """Return the openings of a request, for a caller who may read them."""
    return tuple(
        replace(_opening(uow, request, Role(role), at, account), with_name=with_name)
        for role, at, account, with_name in uow.requests.openings(request)
    )


def draws_seen(uow: UnitOfWork, request: Request) -> tuple[DrawSeen, ...]:
    """Return the draws with her ticket from the published files; none before it was filed."""
    filed_on = tehran_day(request.filed_at)
    found = uow.draws.draws_of_ticket(request.district, request.ticket, filed_on)
    facts = ((monday, _signed_list(monday, at)) for monday, at, *_ in found)
    read_ceremonies(uow, [monday for monday, fact in facts if not uow.recent.knows(fact)])
    newest = max((monday for monday, *_ in found), default=None)
    day = uow.city.monday(request.district, newest) if newest else None
    return tuple(
        DrawSeen(
            monday=monday,
            drawn_at=at,
            seated=request.ticket in drawn.seated,
            witnessed=_was_witnessed(uow, monday, at),
            place=drawn.place(request.ticket),
            standbys=drawn.waiting,
            is_held=not (day and day.is_off and monday == newest),
        )
        for monday, at, drawn in found
    )


def _was_witnessed(uow: UnitOfWork, monday: date, drawn_at: datetime) -> bool:
    """Return whether a quorum had signed the list when it was drawn, or that is undecided.

    A list signed in time stays so, whatever is signed later, so the fact is cached.
    """
    fact = _signed_list(monday, drawn_at)
    if uow.recent.knows(fact):
        return True
    is_signed = is_list_signed(uow, monday, drawn_at)
    if is_signed:
        uow.recent.note(fact)
    return is_signed is not False


def _signed_list(monday: date, drawn_at: datetime) -> tuple[str, date, datetime]:
    """Return the cache key of the fact that the list was signed in time."""
    return "signed list", monday, drawn_at


def _mine(
    uow: UnitOfWork, actor: Actor, line: RequestLine, now: datetime, *, is_displaced: bool
) -> MyRequest:
    try:
        request = uow.requests.by_id(line.id)
        orders = uow.orders.of_request(line.id)
    except UNREADABLE:  # its own page reports that; the others are shown
        uow.leave_out("a request, but for its line")
        return MyRequest(line, (), (), assisted=False, is_unread=True)
    cases: tuple[Case, ...] = (request, *orders)
    taken = () if is_displaced else cases
    open_ = [step for case in taken for step in steps_open_to(actor, case, now)]
    # A closed request asks on its own page, and no longer in the list.
    waits = (
        AWAITED_OF_CITIZEN
        if road_ahead(request.stage)
        else AWAITED_OF_CITIZEN - QUESTIONS_AFTERWARDS
    )
    return MyRequest(
        replace(line, stage=request.stage, due_at=request.due_at),
        order_lines(uow, actor, orders, now),
        tuple(step for step in open_ if step.action in waits),
        request.filed_by is not None,
        is_displaced=is_displaced and _is_displaced(uow, request, now),
        is_changed=is_changed(*cases),
    )


def _is_displaced(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Return whether a displaced person's request is affected; one that ended before is not."""
    left = left_by(request.history)
    if request.stage not in OVER or (left is not None and left.action is Action.DISPLACE):
        return True
    return comes_back_unchanged(uow, request, now)


def _opening(uow: UnitOfWork, request: Request, role: Role, at: datetime, account: str) -> Opening:
    district = _district_then(request, at)
    if role is Role.DESK:
        district = _desk_of(uow, account, district)
    unit = _unit_of(uow, account, request, district) if role is Role.UNIT else ""
    return Opening(role, at, district, unit)


def _desk_of(uow: UnitOfWork, account_id: str, district: int) -> int:
    """Return the district of an officer's desk.

    Any desk may serve her. An officer without a desk in her district is listed under his own.
    """
    account = uow.accounts.get(account_id)
    grants = account.grants if account else ()
    desks = {grant.district for grant in grants if grant.role is Role.DESK and grant.district}
    return district if district in desks or not desks else min(desks)


def _district_then(request: Request, at: datetime) -> int:
    """Return the district in which the request was then; it may have been redirected since."""
    named = (event.payload.get("district") for event in request.history if event.at <= at)
    return next((n for n in reversed([*named]) if isinstance(n, int)), request.district)


def _offered_by(uow: UnitOfWork, request: Request) -> str:
    offered = request.last(Action.ANSWER, Action.OFFER_ANSWER)
    if offered is None or offered.role is not Role.UNIT or offered.account_id is None:
        return ""
    return _unit_of(uow, offered.account_id, request, request.district)


def _unit_of(uow: UnitOfWork, account_id: str, request: Request, district: int) -> str:
    """Return the unit in which an officer deals with this request; empty unless one fits."""
    account = uow.accounts.get(account_id)
    ids = {term.grant.unit_id for term in account.terms if term.grant.unit_id} if account else set()
    own = [unit for unit in uow.city.units(district) if unit.id in ids]
    ordered = {order.unit_id for order in uow.orders.of_request(request.id)} if own[1:] else set()
    codes = subject(request.subject).unit_codes
    fitting = [unit for unit in own if unit.id in ordered or unit.code in codes]
    found = fitting if own[1:] else own
    return found[0].name if len(found) == 1 else ""
