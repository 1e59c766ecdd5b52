"""In the room: what the mayor sees of the visitor's case, and how a meeting ends."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, steps_open_to
from publicmeeting.domain.lifecycle.paper import role_of_paper
from publicmeeting.domain.lifecycle.tables import Step
from publicmeeting.domain.orders.promises import number_prefix
from publicmeeting.domain.records import Event, Image, Monday, Person, Request, is_changed
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.tree.receipt import PaperMark
from publicmeeting.usecases.base import Command, OneCase, checked_note, usecase
from publicmeeting.usecases.estimate import slot, visitor_number
from publicmeeting.usecases.filing.receipts import paper_mark
from publicmeeting.usecases.lifecycle.case_access import (
    note_opening,
    photos_of,
    require_opened,
    steps_refused,
    unit_name,
    visible_person,
)
from publicmeeting.usecases.lifecycle.payloads import pressed_before
from publicmeeting.usecases.lifecycle.refusals import with_officer
from publicmeeting.usecases.lifecycle.steps import record_with_effects
from publicmeeting.usecases.meetings.deputies import holder_of
from publicmeeting.usecases.orders.lists import OrderLine, order_lines
from publicmeeting.usecases.orders.pages import UnitChoice, due_choices, unit_choices
from publicmeeting.usecases.orders.paper.drafts import begun_by_others, check_owner, recorded
from publicmeeting.usecases.orders.steps import follow_request

EARLIER_MOST = 10
ORDERS, REFUSED = "orders", "refused"


class FinishMeeting(Command):
    """The end of a meeting; `outcome` is `orders` (at least one) or `refused` with a note."""

    code: str
    outcome: str = ORDERS
    note: str = ""
    ago: int = 0
    """Seconds since it was pressed on a tablet without network."""
    owner: str = ""
    """Whose page it was pressed on (`drafts.check_owner`)."""


@usecase(*MEETING)
def finish_meeting(uow: UnitOfWork, actor: Actor, command: FinishMeeting, now: datetime) -> Request:
    """End the meeting. A referral is an order with text only.

    Raises Denied `no_outcome` without an order, `need_note` for a refusal without explanation,
    `order_issued` for a refusal after an order, `stage_moved` if nobody is in the room,
    `other_official` on another official's page.
    """
    check_owner(uow, actor, command.owner)
    uow.requests.lock(command.code)  # an order may be issued concurrently
    request = uow.requests.get_visible(command.code, actor)
    if command.outcome not in (ORDERS, REFUSED):
        raise Denied("form_broken")
    action = Action.FINISH_REFUSED if command.outcome == REFUSED else Action.FINISH
    late = pressed_before(request, command.ago, now)
    try:
        event = advance(request, action, actor, now, late, note=checked_note(command.note))
    except Denied as refused:
        raise with_officer(uow, actor, request, refused) from refused
    if action is Action.FINISH_REFUSED and request.outcome_recorded:
        raise Denied("order_issued")
    record_with_effects(uow, request, event, now)
    follow_request(uow, request.id, now)
    return uow.requests.by_id(request.id)


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """An order given to the same person before, in this district."""

    number: str
    unit: str
    issued_at: datetime
    stage: OrderStage
    same_subject: bool
    contested: bool
    """Whether the citizen answered that it was not done."""


@dataclass(frozen=True, slots=True)
class MeetingScreen:
    """Everything beside and around the order sheet."""

    request: Request
    person: Person | None
    day: Monday | None
    number: int
    """Her number of the day, 0 without a seat."""
    in_room_since: datetime | None
    slot: timedelta
    photos: tuple[Image, ...]
    briefs: tuple[Event, ...]
    """What a unit or the desk has answered or offered, newest first."""
    earlier: tuple[EarlierOrder, ...]
    orders: tuple[OrderLine, ...]
    """Orders already issued to this request."""
    units: tuple[UnitChoice, ...]
    due_choices: tuple[tuple[int, date], ...]
    next_number: str
    """The number of the next sheet, if nobody else issues one first."""
    log: PaperMark
    steps: tuple[Step, ...]
    refused: tuple[tuple[Step, str], ...]
    now: datetime
    begun_by: tuple[str, ...] = ()
    """Other officials who wrote something for her that is on no order."""
    from_paper: bool = False
    """Whether it is for orders of a meeting recorded after its day."""
    is_changed: bool = False
    """Whether a step was written, changed or removed in the database past this program."""
    holder: str = ""
    """Who holds the day, if she is in the room and this viewer may not decide."""
    ended_by: str | None = None
    """The other official who has ended the meeting; empty for this viewer, None for nobody."""
    recorded: frozenset[str] = frozenset()
    """What was written at this meeting and stands on an order, or explains the refusal."""


@usecase(*MEETING)
def open_meeting(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> MeetingScreen:
    """Open the visitor's case with her name, and record the opening. Denied("not_found")."""
    request = uow.requests.get_visible(command.code, actor)
    note_opening(uow, actor, request, now)
    return _screen(uow, actor, uow.requests.get_visible(command.code, actor), now)


@usecase(*MEETING)
def meeting_screen(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> MeetingScreen:
    """Return the screen again for a live update; Denied("not_opened") unless opened today."""
    request = uow.requests.get_visible(command.code, actor)
    require_opened(uow, actor, request, now)
    return _screen(uow, actor, request, now)


def _screen(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> MeetingScreen:
    seat = request.seat or uow.seats.last(request.id)
    day = uow.city.monday(request.district, seat.monday) if seat else None
    today = tehran_day(now)
    inside = request.last(Action.CALL_IN, Action.SEND_BACK)
    called_in = inside if inside and inside.action is Action.CALL_IN else None
    orders = uow.orders.of_request(request.id)
    steps = steps_open_to(actor, request, now)
    ended = request.last(Action.FINISH, Action.FINISH_REFUSED)
    is_watching = ended is None and Action.FINISH_REFUSED not in {step.action for step in steps}
    holder = holder_of(uow, day) if day and called_in and is_watching else None
    return MeetingScreen(
        request=request,
        person=visible_person(uow, actor, request),
        day=day,
        number=visitor_number(day, seat.time) if day and seat else 0,
        in_room_since=called_in.pressed_at if called_in else None,
        slot=slot(uow, day) if day else timedelta(),
        photos=photos_of(uow, request),
        briefs=_briefs(request),
        earlier=earlier_orders(uow, request),
        orders=order_lines(uow, actor, orders, now),
        units=unit_choices(uow, request),
        due_choices=due_choices(today),
        next_number=uow.orders.next_number(number_prefix(today, request.district)),
        log=paper_mark(uow, request.ticket),
        steps=steps,
        refused=steps_refused(actor, request, now),
        now=now,
        begun_by=begun_by_others(uow, actor, request),
        from_paper=role_of_paper(request, orders, actor, today) is not None,
        is_changed=is_changed(request, *orders),
        holder=holder.name if holder else "",
        ended_by=_by(uow, actor, ended),
        recorded=recorded(uow, request),
    )


def _by(uow: UnitOfWork, actor: Actor, event: Event | None) -> str | None:
    if event is None or event.account_id is None:
        return None
    if event.account_id == actor.account_id:
        return ""
    return uow.accounts.names({event.account_id}).get(event.account_id) or None


def _briefs(request: Request) -> tuple[Event, ...]:
    answers = (e for e in reversed(request.history) if e.action in _ANSWERS)
    return tuple(replace(event, account_id=None) for event in answers)


_ANSWERS = frozenset({Action.ANSWER, Action.OFFER_ANSWER})


def earlier_orders(uow: UnitOfWork, request: Request) -> tuple[EarlierOrder, ...]:
    """Return orders of the person's other requests in this district, the same subject first."""
    what = Filter(person_id=request.person_id, districts=frozenset({request.district}))
    found = [
        EarlierOrder(
            number=order.number,
            unit=unit_name(uow, order),
            issued_at=order.issued_at,
            stage=order.stage,
            same_subject=line.subject == request.subject,
            contested=order.count(OrderAction.CONTEST, OrderAction.REOPEN) > 0,
        )
        for line in uow.lists.requests(what, limit=EARLIER_MOST + 1)
        if line.id != request.id
        for order in uow.orders.of_request(line.id)
    ]
    found.sort(key=lambda order: order.issued_at, reverse=True)
    found.sort(key=lambda order: not order.same_subject)
    return tuple(found[:EARLIER_MOST])
